// Bounds: two of them made one where that is possible, and asked of a value.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

// Lower bounds are 1, upper ones -1; those that compare for something else stand apart.
static int side(BoundOp op) {
  switch (op) {
    case BoundOp::gt: case BoundOp::ge: return 1;
    case BoundOp::lt: case BoundOp::le: return -1;
    case BoundOp::match: return 2;
    case BoundOp::not_match: return 3;
    case BoundOp::eq: return 4;
    case BoundOp::ne: return 0;
  }
  return 0;
}

// The comparison of limits that makes the first of two bounds of one side the stricter.
static ir::Op stricter(BoundOp op) {
  switch (op) {
    case BoundOp::gt: return ir::Op::ge;
    case BoundOp::ge: return ir::Op::gt;
    case BoundOp::lt: return ir::Op::le;
    default: return ir::Op::lt;
  }
}

static std::string_view kind_word(Kind kind) {
  if (kind == kString) return "string";
  if (kind == kBytes) return "bytes";
  return kind == kInt ? "integer" : "number";
}

// Lower and upper numbers with nothing, or one integer, between them.
const Value* Evaluator::simplify_numbers(Kind kind, const Bound& low, const Bound& high) {
  const bool integers = !(kind & kFloat);
  Decimal lo = decimal(*low.limit), hi = decimal(*high.limit);
  if (!lo.is_finite() || !hi.is_finite()) return nullptr;
  const Decimal one = Decimal::from_int64(1);
  if (integers) {   // the nearest integers inside
    const auto floor = [&](const Decimal& d) {
      const Decimal t = d.truncated();
      return d.is_negative() && compare(t, d) != 0 ? subtract(t, one).value : t;
    };
    const auto ceil = [&](const Decimal& d) {
      const Decimal t = d.truncated();
      return !d.is_negative() && compare(t, d) != 0 ? add(t, one).value : t;
    };
    lo = low.op == BoundOp::ge ? ceil(lo) : floor(lo);
    hi = high.op == BoundOp::le ? floor(hi) : ceil(hi);
  }
  const auto incompatible = [&]() -> const Value* {
    return make_error(ErrorCode::eval, pos_, "incompatible {} bounds {} and {}", {arg(kind_word(kind)), arg(&high), arg(&low)});
  };
  const int order = compare(lo, hi);
  if (order > 0) return incompatible();
  if (order == 0) return low.op == BoundOp::ge && high.op == BoundOp::le ? nullptr : incompatible();
  if (integers && low.op == BoundOp::gt && high.op == BoundOp::lt && compare(add(lo, one).value, hi) == 0)
    return make_error(ErrorCode::eval, pos_, "incompatible integer bounds {} and {}", {arg(&low), arg(&high)});
  return nullptr;
}

const Value* Evaluator::simplify(Kind kind, const Bound& x, const Bound& y) {
  const int sx = side(x.op), sy = side(y.op);
  if (sx == sy) {
    if (sx == 0 || sx > 1) return operate_true(ir::Op::eq, x.limit, y.limit) ? &x : nullptr;
    return operate_true(stricter(x.op), x.limit, y.limit) ? &x : &y;
  }
  if (sx == -sy && sx != 0) {
    const Bound& low = sx == 1 ? x : y;
    const Bound& high = sx == 1 ? y : x;
    const Kind limits = low.limit->kind & high.limit->kind & (kString | kBytes);
    if (limits) {
      const int order = as<Text>(*low.limit).text.compare(as<Text>(*high.limit).text);
      if (order < 0 || (order == 0 && low.op == BoundOp::ge && high.op == BoundOp::le)) return nullptr;
      return make_error(ErrorCode::eval, pos_, "incompatible {} bounds {} and {}", {arg(kind_word(limits)), arg(&high), arg(&low)});
    }
    const bool numbers = (low.limit->kind & kNumber) && (high.limit->kind & kNumber);
    return numbers ? simplify_numbers(kind, low, high) : nullptr;
  }
  if (x.op == BoundOp::eq) return operate_true(op_of(y.op), x.limit, y.limit) ? &x : nullptr;
  if (y.op == BoundOp::eq) return operate_true(op_of(x.op), y.limit, x.limit) ? &y : nullptr;
  if (x.op == BoundOp::ne) return excludes(y, x.limit) ? &y : nullptr;
  if (y.op == BoundOp::ne) return excludes(x, y.limit) ? &x : nullptr;
  return nullptr;
}

// Does the bound keep the value out by itself?
bool Evaluator::excludes(const Bound& b, const Value* v) { return !operate_true(op_of(b.op), v, b.limit); }

bool Evaluator::bound_holds(const Bound& b, const Value* v) { return operate_true(op_of(b.op), v, b.limit); }

const Bottom* Evaluator::check_bound(const Bound& b, const Value* v) {
  Scoped<const Bottom*> errors(errs_, nullptr);
  Scoped<Pos> at_bound(pos_, pos_ == kNoPos ? b.pos : pos_);
  const Value* result = operate(op_of(b.op), unwrap(v), b.limit, true);
  if (is_bottom(result)) return static_cast<const Bottom*>(result);
  if (as<Boolean>(*result).value) return nullptr;
  std::vector<Pos> at;
  positions_of(v, at);
  Bottom* error = make_error(ErrorCode::eval, b.pos, "invalid value {} (out of bound {})", {arg(v), arg(&b)}, {b.pos});
  at.insert(at.begin(), b.pos);
  error->positions = arena_.copy(at);
  return error;
}

}  // namespace oam::cue
