// Names: what an identifier stands for.
#include <algorithm>
#include <utility>

#include "cue/builtin/builtin.hpp"
#include "cue/ir/compiler.hpp"
#include "cue/ir/ranges.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue::ir {

std::optional<Label> Compiler::label(const ast::Expr& x) {
  if (x.kind == ast::ExprKind::ident) {
    const std::string_view name = static_cast<const ast::Ident&>(x).name;
    return around_.labels.identifier(name, around_.package);
  }
  if (x.kind != ast::ExprKind::string) {
    const bool word = x.kind == ast::ExprKind::null || x.kind == ast::ExprKind::boolean;
    if (word) return around_.labels.string(static_cast<const ast::Literal&>(x).text);
    return std::nullopt;
  }
  const Unquoted read = unquote(static_cast<const ast::Literal&>(x).text);
  if (!read.ok()) {
    error(x.begin, "invalid string label: " + read.error);
    return std::nullopt;
  }
  return around_.labels.string(read.value);
}

const Expr* Compiler::ident(const ast::Ident& x) {
  if (x.name == "_") return type(kTop, &x);
  refuse_beside(x);
  check_optional(x, x.optional);
  if (const auto in_scope = scopes_.find(x.name)) return found(x, *in_scope);
  return unresolved(x);
}

// The filter of a pattern may not name what is declared beside the pattern, not even behind a dot.
void Compiler::refuse_beside(const ast::Ident& x) {
  for (std::size_t i = std::min(filter_scopes_, scopes_.size()); i-- > 0 && !scopes_.at(i).in_field;)
    if (scopes_.at(i).names.contains(x.name))
      errors_.push_back({x.begin, {}, "reference \"" + std::string(x.name) + "\" in label expression refers to field against which it would be matched", {}});
}

void Compiler::check_optional(const ast::Expr& x, bool optional) {
  if (optional && !experiments_.try_) error(x.begin, "optional marker (?) requires the try experiment (language version v0.16.0 or later)");
  else if (optional && !in_try_) error(x.begin, "optional marker (?) is only valid within a try clause");
}

const Expr* Compiler::found(const ast::Ident& x, const Found& found) {
  Entry& entry = *found.entry;
  entry.used = true;
  if (entry.what != Entry::What::import) reach_ = std::min(reach_, found.depth);
  auto* made = make<Reference>(ExprKind::field_ref, &x);
  made->up = found.up;
  made->label = entry.label;
  made->optional = x.optional;
  if (scopes_.at(found.depth).is_variable && entry.what == Entry::What::variable) refers_to_variable_ = true;
  switch (entry.what) {
    case Entry::What::field: case Entry::What::variable: return made;
    case Entry::What::let: return let_reference(x, *made);
    case Entry::What::dynamic:
      if (!entry.key) return error(x.begin, "cyclic reference in field alias");
      made->kind = ExprKind::dynamic_ref;
      made->key = entry.key;
      return made;
    case Entry::What::pattern: {
      auto* label = make<Reference>(ExprKind::label_ref, &x);
      made->kind = ExprKind::dynamic_ref;
      made->key = label;
      return made;
    }
    case Entry::What::label_alias: return label_alias(x, found);
    case Entry::What::value_alias:
      made->kind = ExprKind::value_ref;
      made->label = around_.labels.string(x.name);
      return made;
    case Entry::What::import: {
      auto* import = make<ImportRef>(ExprKind::import_ref, &x);
      import->path = entry.text;
      return import;
    }
  }
  return made;
}

// A let's name is not there in its own value.
const Expr* Compiler::let_reference(const ast::Ident& x, Reference& made) {
  if (std::ranges::find(open_lets_, made.label) != open_lets_.end()) return error(x.begin, "reference \"" + std::string(x.name) + "\" not found");
  if (!open_lets_.empty()) let_uses_[open_lets_.back().bits()].push_back({made.label.bits(), x.begin, path()});
  made.kind = ExprKind::let_ref;
  return &made;
}

// The name of a field with a fixed label is known; that of others comes with the
// environment.
const Expr* Compiler::label_alias(const ast::Ident& x, const Found& found) {
  const Label fixed = found.entry->label;
  if (fixed.is_definition() || fixed.is_hidden())
    return error(x.begin, "label alias cannot reference definition or hidden field");
  if (fixed) {
    auto* text = make_value<Text>(Tag::string, kString, x.begin);
    text->text = arena_.text(around_.labels.text(fixed));
    return value(text, &x);
  }
  auto* made = make<Reference>(ExprKind::label_ref, &x);
  made->up = found.up;
  return made;
}

const Expr* Compiler::unresolved(const ast::Ident& x) {
  if (package_fields_.contains(x.name)) {
    reach_ = 0;
    auto* made = make<Reference>(ExprKind::field_ref, &x);
    made->up = scopes_.total_up();
    made->label = *label(x);
    return made;
  }
  if (const Expr* known = predeclared(x)) return known;
  if (const Package* package = is_lone_ ? find_package_named(x.name) : nullptr) {
    auto* import = make<ImportRef>(ExprKind::import_ref, &x);
    import->path = package->path;
    return import;
  }
  return error(x.begin, "reference \"" + std::string(x.name) + "\" not found");
}

namespace {
struct NamedKind {
  std::string_view name;
  Kind kind;
};
constexpr NamedKind kTypes[] = {{"string", kString}, {"bytes", kBytes}, {"bool", kBool},
                                {"int", kInt},       {"float", kFloat}, {"number", kNumber}};
}  // namespace

// Names that are there without being declared; `__int` is `int` where that is hidden.
const Expr* Compiler::predeclared(const ast::Ident& x) {
  const std::string_view name = x.name.starts_with("__") ? x.name.substr(2) : x.name;
  for (const NamedKind& each : kTypes)
    if (each.name == name) return type(each.kind, &x);
  if (name == "self" && (experiments_.aliasv2 || x.name != name)) {
    auto* made = make<Reference>(ExprKind::value_ref, &x);
    made->up = 1;
    made->label = around_.labels.string(name);
    reach_ = 0;
    return made;
  }
  if (name == "self") return error(x.begin, "predeclared identifier \"self\" requires @experiment(aliasv2)");
  if (x.name == "__no_sharing") return value(make_value<Conjunction>(Tag::conjunction, kTop, x.begin), &x);
  if (const Builtin* builtin = find_language_builtin(name, x.name != name)) {
    auto* made = make_value<FunctionValue>(Tag::function, kFunc, x.begin);
    made->builtin = builtin;
    return value(made, &x);
  }
  return range(name, x);
}

// Has no place of its own, as nobody wrote its bounds.
const Expr* Compiler::range(std::string_view name, const ast::Ident& x) {
  for (const NumberRange& each : kNumberRanges) {
    if (each.name != name) continue;
    const bool is_float = name.starts_with('f');
    std::vector<const Value*> members;
    if (!is_float) members.push_back(make_value<Value>(Tag::type, kInt, kNoPos));
    const auto bound = [&](BoundOp op, std::string_view text) {
      if (text.empty()) return;
      const Decimal limit = *Decimal::parse(text);
      auto* number = make_value<Number>(Tag::number, is_float ? kFloat : kInt, kNoPos);
      if (const auto small = is_float ? std::nullopt : limit.to_int64()) number->small = *small;
      else number->big = arena_.make<Decimal>(limit);
      auto* made = make_value<Bound>(Tag::bound, kNumber, kNoPos);
      made->op = op;
      made->limit = number;
      members.push_back(made);
    };
    bound(BoundOp::ge, each.low);
    bound(BoundOp::le, each.high);
    auto* made = make_value<Conjunction>(Tag::conjunction, is_float ? kNumber : kInt, kNoPos);
    made->members = arena_.copy(members);
    return value(made, &x);
  }
  return nullptr;
}

}  // namespace oam::cue::ir
