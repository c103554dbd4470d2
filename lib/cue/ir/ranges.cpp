#include "cue/ir/ranges.hpp"

#include <optional>

namespace oam::cue::ir {

Decimal decimal_of(const Number& n) { return n.big ? *n.big : Decimal(Decimal::Integer(n.small), 0); }

const Number* numeric_limit(const Value* v) {
  if (v->tag != Tag::bound || as<Bound>(*v).limit->tag != Tag::number) return nullptr;
  return &as<Number>(*as<Bound>(*v).limit);
}

std::string_view range_name(const Conjunction& v) {
  bool is_int = false;
  std::optional<Decimal> low, high;
  for (const Value* each : v.members) {
    if (each->tag == Tag::type && each->kind == kInt && !is_int) {
      is_int = true;
      continue;
    }
    const Number* limit = numeric_limit(each);
    if (!limit) return {};
    std::optional<Decimal>& side = as<Bound>(*each).op == BoundOp::ge ? low : high;
    if (side || (as<Bound>(*each).op != BoundOp::ge && as<Bound>(*each).op != BoundOp::le)) return {};
    side = decimal_of(*limit);
  }
  const auto is = [](const std::optional<Decimal>& side, std::string_view text) {
    return text.empty() ? !side : side && compare(*side, *Decimal::parse(text)) == 0;
  };
  for (const ir::NumberRange& each : kNumberRanges)
    if (each.name != "rune" && each.name.starts_with('f') != is_int && is(low, each.low) && is(high, each.high)) return each.name;
  return {};
}

}  // namespace oam::cue::ir
