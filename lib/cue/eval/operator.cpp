// Operators on concrete values.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

using ir::Op;

// Repetition makes at most this many copies.
static constexpr std::int64_t kMaxRepeat = 1'000'000;

Decimal Evaluator::decimal(const Value& v) const {
  const auto& number = as<Number>(v);
  return number.big ? *number.big : Decimal::from_int64(number.small);
}

static bool both(const Value* a, const Value* b, Kind kind) { return (a->kind & kind) && (b->kind & kind); }

static int order_of(const Value* a, const Value* b) {
  if (a->kind & kNumber) {
    const auto& x = as<Number>(*a);
    const auto& y = as<Number>(*b);
    if (!x.big && !y.big) return x.small < y.small ? -1 : x.small > y.small;
    return compare(x.big ? *x.big : Decimal::from_int64(x.small), y.big ? *y.big : Decimal::from_int64(y.small));
  }
  const int order = as<Text>(*a).text.compare(as<Text>(*b).text);
  return order < 0 ? -1 : order > 0;
}

const Value* Evaluator::compare_result(Op op, int order) {
  switch (op) {
    case Op::lt: return make_bool(order < 0);
    case Op::le: return make_bool(order <= 0);
    case Op::eq: return make_bool(order == 0);
    case Op::ne: return make_bool(order != 0);
    case Op::ge: return make_bool(order >= 0);
    default: return make_bool(order > 0);
  }
}

bool Evaluator::operate_true(Op op, const Value* a, const Value* b) {
  Scoped<const Bottom*> errors(errs_, nullptr);
  const Value* v = operate(op, a, b, false);
  return v && v->tag == Tag::boolean && as<Boolean>(*v).value;
}

// Null where such operands are not compared.
const Value* Evaluator::equality(Op op, const Value* a, const Value* b, bool compare_structs) {
  const Kind ka = kind_of(a), kb = kind_of(b);
  if ((ka & kNumber) && (kb & kNumber)) return compare_result(op, order_of(a, b));
  if (ka != kb) return compare_structs || ka == kNull || kb == kNull ? make_bool(op == Op::ne) : nullptr;
  if (ka == kStruct && !compare_structs) return nullptr;
  if (ka == kNull) return make_bool(op == Op::eq);
  if (ka == kBool) return make_bool((as<Boolean>(*a).value == as<Boolean>(*b).value) == (op == Op::eq));
  if (ka & (kString | kBytes)) return compare_result(op, order_of(a, b));
  if (ka & (kList | kStruct)) return make_bool(equal(a, b, false, true) == (op == Op::eq));
  return nullptr;
}

const Value* Evaluator::operate(Op op, const Value* a, const Value* b, bool compare_structs) {
  const Kind ka = kind_of(a), kb = kind_of(b);
  for (const Value* each : {a, b}) {
    Vertex* v = to_vertex(each);
    if (!v) continue;
    finalize(v);
    if (const Bottom* error = validate(v, {.concrete = true}))
      return wrap(error, error->code, pos_, each == a ? "invalid left-hand value to '{}' (type {})" : "invalid right-hand value to '{}' (type {})",
                  {arg(op_text(op)), arg_kind(ka)});
  }
  const Value* result = nullptr;   // there is none: such operands are not taken
  switch (op) {
    case Op::eq: case Op::ne: result = equality(op, a, b, compare_structs); break;
    case Op::lt: case Op::le: case Op::gt: case Op::ge:
      if (both(a, b, kNumber) || both(a, b, kString) || both(a, b, kBytes)) result = compare_result(op, order_of(a, b));
      break;
    case Op::land: case Op::lor: {
      const bool x = truth(a, op_text(op)), y = truth(b, op_text(op));
      return errs_ ? static_cast<const Value*>(take_error()) : make_bool(op == Op::land ? x && y : x || y);
    }
    case Op::match: case Op::not_match: {
      const std::string_view text = text_of(a, op_text(op));
      bool ok = true;
      if (errs_) return take_error();
      const bool found = regexp_matches(*b, text, ok);
      return ok ? make_bool(found == (op == Op::match)) : static_cast<const Value*>(take_error());
    }
    default: result = arithmetic(op, a, b); break;
  }
  if (result) return result;
  return make_error(ErrorCode::eval, pos_, "invalid operands {} and {} to '{}' (type {} and {})",
                    {arg(a), arg(b), arg(op_text(op)), arg_kind(ka), arg_kind(kb)});
}

// Null where the operator does not take such operands.
const Value* Evaluator::arithmetic(Op op, const Value* a, const Value* b) {
  if (both(a, b, kNumber)) {
    const auto& x = as<Number>(*a);
    const auto& y = as<Number>(*b);
    std::int64_t small = 0;
    if (!x.big && !y.big && op != Op::div) {
      const bool over = op == Op::add   ? __builtin_add_overflow(x.small, y.small, &small)
                        : op == Op::sub ? __builtin_sub_overflow(x.small, y.small, &small)
                                        : __builtin_mul_overflow(x.small, y.small, &small);
      if (!over) return make_int(small, pos_);
    }
    const Kind kind = op == Op::div ? kFloat : a->kind == kInt && b->kind == kInt ? kInt : kFloat;
    const Computed result = op == Op::add   ? add(decimal(*a), decimal(*b))
                            : op == Op::sub ? subtract(decimal(*a), decimal(*b))
                            : op == Op::mul ? multiply(decimal(*a), decimal(*b))
                                            : divide(decimal(*a), decimal(*b));
    if (!result.ok()) return make_error(ErrorCode::eval, pos_, "failed arithmetic: {}", {arg(result.error)});
    return make_number(result.value, kind);
  }
  if (op == Op::add && (both(a, b, kString) || both(a, b, kBytes))) {
    const std::string_view first = as<Text>(*a).text, second = as<Text>(*b).text;
    take_room(2 * (first.size() + second.size()));   // once more while it is put together
    return make_text(std::string(first).append(second), a->kind == kBytes);
  }
  if (op == Op::mul && (a->kind & (kString | kBytes)) && b->kind == kInt) return repeat(*a, *b);
  if (op == Op::mul && (b->kind & (kString | kBytes)) && a->kind == kInt) return repeat(*b, *a);
  if (op == Op::sub) {
    for (const Value* each : {a, b})
      if (!(each->kind & kNumber)) type_error(each, kNumber, op_text(op));
    return take_error();
  }
  return list_arithmetic(op, a, b);
}

const Value* Evaluator::repeat(const Value& text, const Value& count) {
  const auto& n = as<Number>(count);
  const std::string_view one = as<Text>(text).text;
  const std::string_view as = text.kind == kBytes ? "bytes multiplication" : "string multiplication";
  if (n.big ? n.big->is_negative() : n.small < 0)
    return make_error(ErrorCode::eval, pos_, "cannot convert negative number to uint64");
  if (n.big) return make_error(ErrorCode::eval, pos_, "cannot convert number {} to uint64", {arg(arena_.text(n.big->text()))});
  if (n.small > kMaxRepeat)
    return make_error(ErrorCode::eval, pos_, "{} count {} exceeds limit of {}", {arg(as), arg(&count), arg_number(kMaxRepeat)});
  if (one.size() * static_cast<std::size_t>(n.small) > limits_.memory / 4) throw LimitReached{"memory"};
  std::string all;
  all.reserve(one.size() * static_cast<std::size_t>(n.small));
  for (std::int64_t i = 0; i < n.small; ++i) all += one;
  return make_text(all, text.kind == kBytes);
}

// `[1] + [2]` and `2 * [1]`: gone from the language, still in use.
const Value* Evaluator::list_arithmetic(Op op, const Value* a, const Value* b) {
  Vertex* x = to_vertex(a);
  Vertex* y = to_vertex(b);
  if (x && !is_list(*x)) x = nullptr;
  if (y && !is_list(*y)) y = nullptr;
  std::vector<const Value*> all;
  if (op == Op::add && x && y) {
    for (Vertex* list : {x, y})
      for (Vertex* each : elements(list)) all.push_back(each);
    return make_list(all);
  }
  if (op != Op::mul || !!x == !!y) return nullptr;
  const Value* count = x ? b : a;
  if (count->kind != kInt || as<Number>(*count).big || as<Number>(*count).small < 0) return nullptr;
  const std::vector<Vertex*> once = elements(x ? x : y);
  if (as<Number>(*count).small * static_cast<std::int64_t>(once.size() + 1) > kMaxRepeat) throw LimitReached{"list length"};
  for (std::int64_t i = 0; i < as<Number>(*count).small; ++i) all.insert(all.end(), once.begin(), once.end());
  return make_list(all);
}

bool Evaluator::truth(const Value* v, std::string_view as_operand) {
  if (v && v->tag == Tag::boolean) return as<Boolean>(*v).value;
  type_error(v, kBool, as_operand);
  return false;
}

std::string_view Evaluator::text_of(const Value* v, std::string_view as_operand) {
  if (v && (v->tag == Tag::string || v->tag == Tag::bytes)) return as<Text>(*v).text;
  type_error(v, kString, as_operand);
  return {};
}

void Evaluator::type_error(const Value* v, Kind kind, std::string_view as_operand) {
  if (!v || is_bottom(v)) {
    if (v && !errs_) fail(static_cast<const Bottom*>(v));
    else if (!errs_) fail(ErrorCode::incomplete, pos_, "incomplete {}", {arg_kind(kind)});
    return;
  }
  const Vertex* x = to_vertex(v);
  const bool open = (!is_concrete(v) && (kind_of(v) & kind)) || (x && x->node && only_cyclic(*x->node));
  if (open) return fail(ErrorCode::incomplete, v->pos, "incomplete {}: {}", {arg_kind(kind), arg(v)});
  if (as_operand.empty())
    return fail(ErrorCode::eval, pos_, "cannot use {} (type {}) as type {}", {arg(v), arg_kind(kind_of(v)), arg_kind(kind)});
  fail(ErrorCode::eval, pos_, "cannot use {} (type {}) as type {} in {}", {arg(v), arg_kind(kind_of(v)), arg_kind(kind), arg(as_operand)});
}

// A scalar as it stands in an interpolation.
std::string Evaluator::interpolated(const Value* v) {
  constexpr Kind kind = kString | kNumber | kBytes | kBool;
  if (!v || is_bottom(v) || !(v->kind & kind) || !is_concrete(v)) {
    const bool open = v && !is_bottom(v) && !is_vertex(v) && (v->kind & kind);
    if (open) fail(ErrorCode::incomplete, v->pos, "non-concrete value {} (type {})", {arg(v), arg_kind(v->kind)});
    else type_error(v, kind, {});
    return {};
  }
  switch (v->tag) {
    case Tag::string: case Tag::bytes: return std::string(as<Text>(*v).text);
    case Tag::boolean: return as<Boolean>(*v).value ? "true" : "false";
    case Tag::number: return as<Number>(*v).big ? as<Number>(*v).big->text() : std::to_string(as<Number>(*v).small);
    default: return {};
  }
}

bool Evaluator::regexp_matches(const Value& pattern, std::string_view text, bool& ok) {
  ok = false;
  if (pattern.tag != Tag::string && pattern.tag != Tag::bytes) {
    type_error(&pattern, kString, "regexp");
    return false;
  }
  std::string problem;
  const auto result = regexps_.search(as<Text>(pattern).text, text, problem);
  if (!result) {
    fail(ErrorCode::eval, pos_, "invalid regexp: {}", {arg(arena_.text(problem))});
    return false;
  }
  ok = true;
  return *result;
}

}  // namespace oam::cue
