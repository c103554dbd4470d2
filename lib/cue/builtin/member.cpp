// Members of packages as values.
#include "cue/builtin/builtin.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

// Null: it is an expression, for the compiler.
static const Value* constant(const Constant& c, Arena& arena) {
  if (c.literal.starts_with('"')) {
    auto* made = arena.make<Text>();
    made->tag = Tag::string;
    made->kind = kString;
    made->text = arena.text(unquote(c.literal).value);
    return made;
  }
  const NumberText read = read_number(c.literal);
  if (!read.ok()) return nullptr;
  const Decimal decimal(*parse_digits(read.digits, 10), static_cast<std::int32_t>(read.exponent));
  auto* made = arena.make<Number>();
  made->tag = Tag::number;
  made->kind = read.is_float ? kFloat : kInt;
  if (const auto small = read.is_float ? std::nullopt : decimal.to_int64()) made->small = *small;
  else made->big = arena.make<Decimal>(decimal);
  return made;
}

const Value* package_member(const Package& package, std::string_view name, Arena& arena) {
  for (const Constant& each : package.constants)
    if (each.name == name) return constant(each, arena);
  const Builtin* builtin = find_builtin(package, name);
  if (!builtin) return nullptr;
  auto* made = arena.make<FunctionValue>();
  made->tag = Tag::function;
  made->kind = kFunc;
  made->builtin = builtin;
  return made;
}

}  // namespace oam::cue
