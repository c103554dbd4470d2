// Expressions to values. A null result: nothing is known yet, and that is no error.
#include <algorithm>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

const Value* Evaluator::eval(const ir::Expr& x, Flags flags, Origin* origin) {
  step();
  const Bottom* before = take_error();
  Scoped<Pos> at(pos_, x.pos != kNoPos ? x.pos : pos_);
  Scoped<Origin> from(origin_, origin_);
  const Value* result = eval_inner(x, flags);
  if (origin) *origin = origin_;
  errs_ = combine(errs_, before);
  if (const Vertex* v = to_vertex(result))
    if (const Bottom* b = bottom_of(v); b && b->code < ErrorCode::incomplete) result = b;
  if (is_bottom(result)) {
    if (result == cycle_ && x.pos != kNoPos) result = make_error(ErrorCode::cycle, x.pos, "cycle error");
    if (errs_ != result) errs_ = combine(errs_, result);
  }
  return errs_ ? errs_ : result;
}

const Value* Evaluator::eval_inner(const ir::Expr& x, Flags flags) {
  using K = ir::ExprKind;
  switch (x.kind) {
    case K::value: return ir::as<ir::ValueExpr>(x).value;
    case K::open: {
      const Value* v = eval(*ir::as<ir::Unary>(x).x, flags, &origin_);
      origin_.opened = true;
      return v;
    }
    case K::structure: case K::list: {
      Vertex* v = inline_vertex({{env_, &x, nullptr, origin_}});
      complete_arcs_only(v);
      return v;
    }
    case K::disjunction: {
      Vertex* v = inline_vertex({{env_, &x, nullptr, origin_}});
      finalize(v);
      return v;
    }
    case K::unify: return eval_unify(ir::as<ir::Binary>(x));
    case K::label_ref: {
      const Environment* e = up(ir::as<ir::Reference>(x).up);
      return e && e->dynamic_label ? label_value(e->dynamic_label) : make_type(kString);
    }
    case K::bound: return eval_bound(ir::as<ir::Unary>(x));
    case K::unary: return eval_unary(ir::as<ir::Unary>(x));
    case K::binary: return eval_binary(ir::as<ir::Binary>(x));
    case K::interpolation: return eval_interpolation(ir::as<ir::Interpolation>(x));
    case K::slice: return eval_slice(ir::as<ir::Slice>(x));
    case K::call: return call(ir::as<ir::Call>(x), flags);
    case K::comprehension: return make_error(ErrorCode::eval, x.pos, "a comprehension is not allowed in this position");
    default: return eval_reference(x, flags);
  }
}

static Vertex* deref_non_shared(Vertex* v) { return v->node && v->node->shared ? v : deref(v); }

const Value* Evaluator::eval_reference(const ir::Expr& x, Flags flags) {
  if (const Settled place = settled(x, env_); place.at) return read(deref(place.at), x, flags);
  Vertex* original = resolve(x, flags);
  if (errs_ || !original) return nullptr;
  Vertex* arc = deref_non_shared(original);
  if (Node* n = node(arc)) {
    detect_cycle(*n, arc, nullptr, x, origin_);
    const Condition needs = flags.needs | known::arc_type;
    const Flags attempt{.needs = needs, .mode = Mode::attempt, .check_typos = true};
    if (flags.mode == Mode::yield) return eval_yielding(x, flags, original, arc, *n);
    if (flags.mode != Mode::ignore) unify(arc, attempt);
    if (flags.mode == Mode::finalize) freeze(*n, needs);
  }
  return read(deref(arc), x, flags);
}

const Value* Evaluator::eval_yielding(const ir::Expr& x, Flags flags, Vertex* original, Vertex* arc, Node& n) {
  const Condition needs = flags.needs | known::arc_type;
  unify(arc, {.needs = needs, .mode = Mode::yield, .check_typos = true});
  bool evaluating = arc->status == Status::evaluating;
  const bool scalar_there = original->node && meets(*original->node, known::scalar);
  if (flags.concrete && original != arc && scalar_there && is_final_concrete(arc)) evaluating = false;
  if (evaluating && original != arc && arc->is_disjunct) {   // its default may still change
    if (flags.needs == known::scalar && !scalar_there && original->node && current()) {
      original->node->default_attempt = current()->node->vertex;
      block(*current(), *original->node, needs);
      throw Yield{};
    }
    return make_error(ErrorCode::cycle, x.pos, "unresolved disjunction: {}", {arg(x)});
  }
  bool breaks_cycle = n.has_field_value || bottom_of(arc->value) != cycle_;
  if (evaluating && !breaks_cycle && (n.frozen & known::scalar) && all_tasks_finished(n)) {
    finalize(arc);
    breaks_cycle = bottom_of(arc->value) != cycle_;
  }
  if (evaluating && !breaks_cycle) {
    fail(ErrorCode::cycle, x.pos, "cycle with field: {}", {arg(x)});
    return read(deref(arc), x, flags);
  }
  const Value* v = read(arc, x, flags);
  if (arc->non_rooted && !all_tasks_finished(n) && current()) current()->node->deferred.in(arena_).push_back(&n);
  return v;
}

bool Evaluator::is_final_concrete(Vertex* v) {
  v = deref(v);
  if (!v->value || !is_concrete(v)) return false;
  return std::ranges::all_of(v->arcs, [&](Vertex* arc) {
    return !arc->label.is_regular() || arc->arc != ArcType::member || is_final_concrete(arc);
  });
}

// The value of a vertex as far as it is there.
const Value* Evaluator::read(Vertex* v, const ir::Expr& x, Flags flags) {
  if (v->arc != ArcType::member || !v->value || v->value == cycle_) {
    unify(v, flags);
    if (v->arc == ArcType::pending) {
      if (v->status == Status::evaluating) {
        while (v->parent && v->arc == ArcType::pending) v = v->parent;
        Bottom* b = make_error(ErrorCode::cycle, x.pos, "cycle with field {}", {arg(x)});
        b->node = v;
        v->value = b;
        return b;
      }
      fail(ErrorCode::incomplete, pos_, "undefined field: {}", {arg(v->label)});
      return nullptr;
    }
  }
  if (const Node* n = v->node) {
    if (n->errors && n->errors->code < ErrorCode::incomplete) return n->errors;
    if (n->scalar && v->value == cycle_) return n->scalar;
  }
  if (!v->value) return v->node ? remaining(*v->node) : nullptr;
  if (const Bottom* b = is_bottom(v->value) ? static_cast<const Bottom*>(v->value) : nullptr) {
    if (b->code < ErrorCode::incomplete) return b;
    fail(b);
    return nullptr;
  }
  return v;
}

const Value* Evaluator::take_default(const Value* v, bool& ok) {
  ok = true;
  const Disjunction* d = nullptr;
  if (Vertex* x = to_vertex(v)) {
    if (is_vertex(x->value)) return take_default(x->value, ok);
    if (!x->value || x->value->tag != Tag::disjunction) return x;
    d = static_cast<const Disjunction*>(x->value);
  } else if (v && v->tag == Tag::disjunction) {
    d = static_cast<const Disjunction*>(v);
  } else {
    return v;
  }
  if (d->defaults == 1) return take_default(d->members[0], ok);
  fail(ErrorCode::incomplete, pos_, "unresolved disjunction {} (type {})", {arg(d), arg_kind(kind_of(d))});
  ok = false;
  return nullptr;
}

// Out of its vertex; a struct or list stays one.
const Value* Evaluator::unwrap(const Value* value) {
  Vertex* v = to_vertex(value);
  if (!v) return value;
  v = deref(v);
  if (const Node* n = v->node; n && v->value == cycle_) {
    if (n->errors && n->errors->code < ErrorCode::incomplete) return n->errors;
    if (n->scalar) return n->scalar;
  }
  return base_value(*v);
}

const Value* Evaluator::plain(const ir::Expr& x, Flags flags) {
  flags.concrete = true;
  bool ok = true;
  const Value* v = take_default(eval(x, flags), ok);
  if (!ok) return errs_;
  return unwrap(v);
}

const Value* Evaluator::concrete(const ir::Expr& x, ir::Op op) {
  const Bottom* before = take_error();
  const Value* w = eval(x, {.needs = known::scalar, .mode = Mode::yield});
  errs_ = nullptr;   // it is in the result
  bool ok = true;
  w = take_default(w, ok);
  errs_ = combine(errs_, before);
  if (!ok) return nullptr;
  const Value* v = unwrap(w);
  if (v && is_concrete(v)) return v;
  if (is_bottom(v)) return v;
  return make_error(ErrorCode::incomplete, x.pos, "non-concrete value {} in operand to {}", {v ? arg(w) : arg(x), arg(op_text(op))});
}

bool Evaluator::is_presence_test(const ir::Binary& x) const {
  if (x.op != ir::Op::eq && x.op != ir::Op::ne) return false;
  return is_literal_bottom(*x.x) || is_literal_bottom(*x.y);
}

const Value* Evaluator::eval_binary(const ir::Binary& x) {
  if (is_presence_test(x)) return eval_presence(is_literal_bottom(*x.x) ? *x.y : *x.x, x.op);
  if (!v0_14_ && (x.op == ir::Op::land || x.op == ir::Op::lor)) {   // the left side alone may decide
    const Value* left = concrete(*x.x, x.op);
    if (left && left->tag == Tag::boolean && as<Boolean>(*left).value == (x.op == ir::Op::lor)) return left;
  }
  const Value* left = concrete(*x.x, x.op);
  const Value* right = concrete(*x.y, x.op);
  if (const Bottom* b = combine(is_bottom(left) ? left : nullptr, is_bottom(right) ? right : nullptr)) return b;
  if (errs_ || !left || !right) return take_error();
  return operate(x.op, left, right, x.compare_structs && !v0_14_);
}

const Value* Evaluator::eval_unify(const ir::Binary& x) {
  Origin origin;
  origin.trace = origin_.trace;
  Vertex* v = inline_vertex({{env_, &x, nullptr, origin}});
  const bool dynamic = in_detached_ == 0 && env_->vertex && env_->vertex->is_dynamic;
  if (dynamic || in_validator_ > 0) finalize(v);
  else complete_arcs_only(v);
  return v;
}

bool Evaluator::is_final_error(Vertex* v) {
  const Value* value = unwrap(deref(v));
  return is_bottom(value) && as<Bottom>(*value).code < ErrorCode::incomplete;
}

// Is x a field or element of what comes later?
bool Evaluator::is_below_later(const ir::Expr& x) {
  const ir::Expr* of = x.kind == ir::ExprKind::selector ? ir::as<ir::Selector>(x).x : x.kind == ir::ExprKind::index ? ir::as<ir::Index>(x).x : nullptr;
  if (!of) return false;
  Scoped<const Bottom*> errors(errs_, nullptr);
  const Value* v = unwrap(eval(*of, {.needs = known::need_tasks, .mode = Mode::finalize}));
  return is_bottom(v) && is_later(as<Bottom>(*v));
}

void Evaluator::check_again(const ir::Expr& x, bool expect_error) {
  if (env_->vertex && env_->vertex->node) env_->vertex->node->post_checks.in(arena_).push_back({env_, &x, expect_error});
}

// Is x there, where it is an error or waits for something?
const Value* Evaluator::presence_of_error(const ir::Expr& x, const Bottom& b, bool equal, const Bottom* before) {
  const bool later = is_later(b);
  if (later && ir::is_resolver(x) && !is_below_later(x)) return errs_ = before, make_bool(!equal);   // what comes later is there
  if (later || b.code == ErrorCode::cycle) {
    errs_ = combine(before, &b);
    return nullptr;
  }
  if (b.code == ErrorCode::incomplete) {
    if (current() && b.node && b.node != current()->node->vertex && b.node->node && b.node->node->started && b.node->status != Status::finalized &&
        !meets(*b.node->node, known::value) && (b.node->node->provided & known::value)) {
      block(*current(), *b.node->node, known::value);
      throw Yield{};
    }
    if (!b.node || !b.missing || b.node->status != Status::finalized) check_again(x, true);
  }
  errs_ = before;
  return make_bool(equal);
}

// `x == _|_` and `x != _|_`: is there a value without error?
const Value* Evaluator::eval_presence(const ir::Expr& x, ir::Op op) {
  const bool equal = op == ir::Op::eq;
  if (const auto there = settled_presence(x, env_)) return make_bool(*there != equal);
  bool match = !equal;
  const Bottom* before = take_error();
  Scoped<int> validating(in_validator_, in_validator_ + 1);
  const Value* v = eval(x, {.needs = known::need_tasks, .mode = Mode::finalize});
  bool ok = true;
  const Value* u = unwrap(take_default(v, ok));
  if (u && (kind_of(u) & (kStruct | kList)) && !is_bottom(u)) u = v;
  if (is_bottom(u)) return presence_of_error(x, as<Bottom>(*u), equal, before);
  if (Vertex* vertex = to_vertex(u)) {
    if (has_depth_cycle(vertex)) {
      check_again(x, true);
      match = equal;
    } else {
      finalize(vertex);
      if (is_final_error(vertex)) match = equal;
    }
  } else if (u) {
    if ((u->kind & (kStruct | kList)) && !is_concrete(u)) {
      errs_ = combine(before, cycle_);
      return nullptr;
    }
    if (!is_concrete(u)) match = equal;
    errs_ = before;
    const Vertex* settled = to_vertex(v);
    if (settled && settled->status == Status::finalized) return make_bool(match);
    check_again(x, false);
    errs_ = nullptr;
    eval(x, {.needs = known::need_tasks, .mode = Mode::yield});
  }
  errs_ = before;
  return make_bool(match);
}

static bool is_operand_error(const Value* v) { return !v || v->tag == Tag::bottom; }

const Value* Evaluator::eval_bound(const ir::Unary& x) {
  static constexpr std::pair<ir::Op, BoundOp> kOps[] = {
      {ir::Op::eq, BoundOp::eq}, {ir::Op::ne, BoundOp::ne}, {ir::Op::lt, BoundOp::lt}, {ir::Op::le, BoundOp::le},
      {ir::Op::gt, BoundOp::gt}, {ir::Op::ge, BoundOp::ge}, {ir::Op::match, BoundOp::match}, {ir::Op::not_match, BoundOp::not_match}};
  const Value* v = plain(*x.x, {.needs = known::scalar, .mode = Mode::yield});
  if (is_operand_error(v)) return v;
  const Kind kind = kind_of(v);
  const bool equality = x.op == ir::Op::ne || x.op == ir::Op::eq;
  constexpr Kind kOrdered = kNumber | kString | kBytes;
  const bool composite = kind == kNull || kind == kStruct || kind == kList;
  if (composite && !equality)
    return make_error(ErrorCode::eval, x.x->pos, "cannot use {} for bound {}", {arg_kind(kind), arg(op_text(x.op))});
  if (!composite && !(kind == kNumber || is_one_kind(kind & kOrdered && !(kind & ~kOrdered) ? kind : 0) || (kind == kBool && equality))) {
    const Kind mask = equality ? kOrdered | kNull | kStruct | kList | kBool : kOrdered;
    if (!(kind & mask))
      return make_error(ErrorCode::eval, x.x->pos, "invalid value {} (type {}) for bound {}", {arg(v), arg_kind(kind), arg(op_text(x.op))});
  }
  if (!is_concrete(v))
    return make_error(ErrorCode::incomplete, x.x->pos, "non-concrete value {} for bound {}", {arg(*x.x), arg(op_text(x.op))});
  auto* made = arena_.make<Bound>();
  made->tag = Tag::bound;
  made->op = std::ranges::find(kOps, x.op, &std::pair<ir::Op, BoundOp>::first)->second;
  made->limit = v;
  made->pos = x.pos;
  made->kind = kind & kNumber ? kNumber : kind == kNull && made->op == BoundOp::ne ? Kind(kTop & ~kNull) : kind;
  return made;
}

const Value* Evaluator::eval_unary(const ir::Unary& x) {
  const Value* v = plain(*x.x, {.needs = known::scalar, .mode = Mode::yield});
  if (is_operand_error(v)) return v ? v : make_error(ErrorCode::incomplete, x.x->pos, "operand {} of '{}' not concrete", {arg(*x.x), arg(op_text(x.op))});
  Kind expected = kNumber;
  switch (x.op) {
    case ir::Op::logical_not:
      if (v->tag == Tag::boolean) return make_bool(!as<Boolean>(*v).value);
      expected = kBool;
      break;
    case ir::Op::sub:
      if (v->tag == Tag::number) return make_number(decimal(*v).negated(), v->kind);
      break;
    default:
      if (v->tag == Tag::number) return v;
      break;
  }
  const Kind kind = kind_of(v);
  if (kind & expected)
    return make_error(ErrorCode::incomplete, x.x->pos, "operand {} of '{}' not concrete (was {})", {arg(*x.x), arg(op_text(x.op)), arg_kind(kind)});
  return make_error(ErrorCode::eval, x.pos, "invalid operation {} ({} {})", {arg(x), arg(op_text(x.op)), arg_kind(kind)});
}

const Value* Evaluator::eval_interpolation(const ir::Interpolation& x) {
  std::string text;
  for (const ir::Expr* each : x.parts) {
    const Value* v = plain(*each, {.needs = known::scalar, .mode = Mode::yield});
    if (!v && !errs_) fail(ErrorCode::incomplete, each->pos, "incomplete value {} in interpolation", {arg(*each)});
    if (errs_) continue;
    if (v && (v->tag == Tag::string || v->tag == Tag::bytes)) take_room(text.size() + as<Text>(*v).text.size());
    text += interpolated(v);
  }
  take_room(text.size());
  if (const Bottom* error = take_error()) return wrap(error, error->code, x.pos, "invalid interpolation");
  auto* made = const_cast<Value*>(make_text(text, x.bytes));
  made->pos = x.pos;
  return made;
}

std::optional<std::uint64_t> Evaluator::slice_index(const ir::Expr& x) {
  const Value* v = plain(x, {.needs = known::scalar, .mode = Mode::yield});
  if (v && v->tag == Tag::number && v->kind == kInt && !as<Number>(*v).big && as<Number>(*v).small >= 0)
    return static_cast<std::uint64_t>(as<Number>(*v).small);
  if (errs_ || is_bottom(v)) return std::nullopt;
  if (!v || (!is_concrete(v) && (v->kind & kInt)))
    fail(ErrorCode::incomplete, x.pos, "non-concrete slice index {}", {arg(x)});
  else
    fail(ErrorCode::eval, x.pos, "cannot use {} (type {}) as slice index", {arg(v), arg_kind(kind_of(v))});
  return std::nullopt;
}

const Value* Evaluator::eval_slice(const ir::Slice& x) {
  const Value* v = plain(*x.x, {.needs = known::field_set, .mode = Mode::yield});
  if (!v) return make_error(ErrorCode::incomplete, pos_, "non-concrete slice subject {}", {arg(*x.x)});
  if (is_bottom(v)) return v;
  Vertex* list = to_vertex(v);
  if (list && !is_list(*list)) list = nullptr;
  if (!list && v->tag != Tag::bytes)
    return make_error(!is_concrete(v) && (kind_of(v) & (kList | kBytes)) ? ErrorCode::incomplete : ErrorCode::eval,
                      x.pos, "cannot slice {} (type {})", {arg(v), arg_kind(kind_of(v))});
  const std::vector<Vertex*> all = list ? elements(list) : std::vector<Vertex*>();
  const std::uint64_t size = list ? all.size() : as<Text>(*v).text.size();
  const auto low = x.low ? slice_index(*x.low) : 0;
  const auto high = x.high ? slice_index(*x.high) : size;
  if (!low || !high) return take_error();
  if (*high > size) return make_error(ErrorCode::eval, x.pos, "index {} out of range", {arg_number(static_cast<std::int64_t>(*high))});
  if (*low > *high)
    return make_error(ErrorCode::eval, x.pos, "invalid slice index: {} > {}", {arg_number(static_cast<std::int64_t>(*low)), arg_number(static_cast<std::int64_t>(*high))});
  if (!list) return make_text(as<Text>(*v).text.substr(*low, *high - *low), true);
  std::vector<const Value*> part(all.begin() + static_cast<std::ptrdiff_t>(*low), all.begin() + static_cast<std::ptrdiff_t>(*high));
  return make_list(part);
}

// A vertex that no path leads to: of an operand.
Vertex* Evaluator::inline_vertex(std::initializer_list<Conjunct> conjuncts) {
  Vertex* v = make_vertex(nullptr, {});
  v->is_dynamic = true;
  v->anonymous = in_detached_ > 0;
  v->conjuncts.assign(conjuncts);
  return v;
}

}  // namespace oam::cue
