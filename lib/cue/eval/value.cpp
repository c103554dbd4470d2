// Values into a node: scalars, kinds, bounds and checks come together here.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

void Evaluator::add_error(Node& n, const Bottom* error) { n.errors = combine(n.errors, error); }

const Bottom* Evaluator::take_errors(Node& n) { return n.errors = combine(n.errors, take_error()); }

void Evaluator::insert_value(Node& n, Environment* env, const Value* v, const Origin& origin) {
  switch (v->tag) {
    case Tag::vertex: return insert_vertex(n, env, to_vertex(v), origin);
    case Tag::bottom:
      unshare(n);
      return add_error(n, static_cast<const Bottom*>(v));
    case Tag::conjunction:
      if (!as<Conjunction>(*v).members.empty()) break;
      return unshare(n);   // __no_sharing: says no more than that
    case Tag::function: {
      unshare(n);
      const Builtin& b = *as<FunctionValue>(*v).builtin;
      if (b.params.size() != 1 || (b.result != kBool && b.result != kBottom)) break;
      return insert_value(n, env, make_validator(b, v->pos), origin);   // `strings.IsUpper` alone restricts
    }
    default: break;
  }
  if (!update_kind(n, v->kind, v, nullptr, origin)) return;
  switch (v->tag) {
    case Tag::disjunction: return insert_disjunction(n, env, as<Disjunction>(*v), origin);
    case Tag::conjunction:
      for (const Value* each : as<Conjunction>(*v).members) insert_value(n, env, each, origin);
      return;
    case Tag::type:
      note_field_value(n, origin);
      if (v->kind == kTop) n.has_top = true;
      else unshare(n);
      add_evidence(n, kTop, origin, flag::top);
      break;
    case Tag::bound: return insert_bound(n, env, as<Bound>(*v), origin);
    case Tag::validator: insert_validator(n, env, as<Validator>(*v), origin); break;
    default: insert_scalar(n, *v, origin); break;
  }
  merge_bounds(n, env, origin);
}

void Evaluator::insert_disjunction(Node& n, Environment* env, const Disjunction& d, const Origin& origin) {
  note_field_value(n, origin);
  unshare(n);
  // A value that was computed is made anew in each disjunct; its expression stays.
  const bool computed = current() && current()->node == &n && current()->kind == TaskKind::expression;
  Hole hole{.key = computed ? static_cast<const void*>(current()->conjunct.expr) : &d, .env = env, .origin = origin, .pos = d.pos};
  if (hole.origin.cycle == CycleKind::none) hole.origin.cycle = CycleKind::optional;
  hole.alternatives = arena_.array<Hole::Alternative>(d.members.size());
  for (std::size_t i = 0; i < d.members.size(); ++i) {
    const DefaultMode marked = i < d.defaults ? DefaultMode::is_default : DefaultMode::not_default;
    hole.alternatives[i] = {as_expr(d.members[i]), d.has_defaults ? marked : DefaultMode::maybe, nullptr};
  }
  schedule_disjunction(n, std::move(hole));
}

void Evaluator::insert_vertex(Node& n, Environment* env, Vertex* x, Origin origin) {
  const bool from_disjunction = [&] {
    if (x->value && x->value->tag == Tag::disjunction) return true;
    for (const Vertex* v = x; v; v = to_vertex(v->value))
      if (v->is_disjunct) return true;
    return false;
  }();
  n.vertex->said_closed |= x->said_closed;
  if (x->closed_once) n.vertex->closed_once = true;
  else if (x->closed_recursive) n.vertex->closed_recursive = true;
  if ((x->closed_once || x->closed_recursive) && !from_disjunction) origin = add_reference_group(n, x, origin, false);
  if (x->value && x->value->tag == Tag::struct_marker) {
    n.is_struct = true;
    update_kind(n, kStruct, x, nullptr, origin);
  }
  if (!x->is_data && !x->conjuncts.empty()) {
    note_field_value(n, origin);
    return schedule_vertex(n, {env, as_expr(x), nullptr, origin}, x, origin);
  }
  if (!x->value) return;
  switch (x->value->tag) {
    case Tag::list_marker: {
      note_field_value(n, origin);
      Task& t = add_task(n, TaskKind::list_vertex, {env, nullptr, nullptr, origin});
      t.list = x;
      return;
    }
    case Tag::struct_marker:
      for (Vertex* arc : x->arcs)
        if (arc->arc == ArcType::member)
          insert_arc(n, arc->label, arc->arc, {nullptr, as_expr(arc), nullptr, origin}, origin, true);
      n.vertex->structs.insert(n.vertex->structs.end(), x->structs.begin(), x->structs.end());
      if (x->structs.empty()) n.vertex->structs.push_back({.structure = nullptr, .turn = 0, .data = x});
      return;
    default: return insert_value(n, env, x->value, origin);
  }
}

void Evaluator::insert_bound(Node& n, Environment* env, const Bound& x, const Origin& origin) {
  unshare(n);
  note_field_value(n, origin);
  switch (x.op) {
    case BoundOp::lt: case BoundOp::le: case BoundOp::gt: case BoundOp::ge: {
      const Bound*& side = x.op == BoundOp::gt || x.op == BoundOp::ge ? n.lower : n.upper;
      if (side) {
        if (const Value* one = simplify(n.kind, x, *side)) {
          side = nullptr;
          return insert_value(n, env, one, origin);
        }
      }
      side = &x;
      return merge_bounds(n, env, origin);
    }
    case BoundOp::eq: case BoundOp::ne:
      add_evidence(n, kTop, origin, flag::open_validator | flag::top);
      if (x.kind & (kStruct | kList)) n.has_top = true;
      break;
    case BoundOp::match: case BoundOp::not_match: break;
  }
  bool covered = false;   // by a check that is there; those that x covers go
  ArenaVector<Check> kept(arena_);
  const ArenaVector<Check> before = n.checks.take(arena_);
  for (const Check& each : before) {
    const Value* one = each.value->tag == Tag::bound ? simplify(n.kind, x, as<Bound>(*each.value)) : nullptr;
    covered |= one == each.value;
    if (one != &x) kept.push_back(each);
  }
  n.checks.in(arena_) = std::move(kept);
  if (!covered) n.checks.in(arena_).push_back({&x, origin, env});
}

void Evaluator::insert_validator(Node& n, Environment* env, const Validator& x, const Origin& origin) {
  unshare(n);
  if (x.kind & (kList | kStruct))
    add_evidence(n, kTop, origin, x.builtin->raw ? flag::open_validator | flag::top : flag::top);
  const auto settle = [&](const Validator& v) {
    for (const Value* arg : v.args)
      if (Vertex* vertex = to_vertex(arg)) finalize(vertex);
  };
  // Settling arguments may run checks of this very node: look anew each time.
  for (std::size_t i = 0; i < n.checks.size(); ++i) {
    if (n.checks[i].value->tag != Tag::validator) continue;
    const auto& y = as<Validator>(*n.checks[i].value);
    settle(x);
    settle(y);
    if (&x != &y && !equal(&x, &y, true, false)) continue;
    if (i < n.checks.size()) n.checks[i] = {&x, origin, env};
    return;
  }
  n.checks.in(arena_).push_back({&x, origin, env});
  if (x.kind == kTop) n.has_top = true;
  update_kind(n, x.kind, &x, nullptr, origin);
}

void Evaluator::insert_scalar(Node& n, const Value& x, const Origin& origin) {
  unshare(n);
  note_field_value(n, origin);
  if (n.scalar) {
    if (!operate_true(ir::Op::eq, &x, n.scalar)) conflict_of_scalars(n, x, origin);
    return;
  }
  n.scalar = &x;
  n.scalar_group = origin.group;
  n.scalar_chosen = origin.chosen;
  signal(n, known::scalar);
}

void Evaluator::merge_bounds(Node& n, Environment* env, const Origin& origin) {
  if (!n.lower || !n.upper) return;
  const Value* one = simplify(n.kind, *n.lower, *n.upper);
  if (!one) return;
  n.lower = n.upper = nullptr;
  insert_value(n, env, one, origin);
}

bool Evaluator::update_kind(Node& n, Kind kind, const Value* v, const ir::Expr* expr, const Origin& origin) {
  add_evidence(n, kind, origin, 0);
  const Kind both = n.kind & kind;
  if (n.kind == kBottom || kind == kBottom) return false;
  if (both == kBottom) {
    if (n.kind_value || n.kind_expr) conflict_of_kinds(n, kind, v, expr, origin);
    else add_error(n, make_error(ErrorCode::eval, v ? v->pos : expr->pos, "conflicting value {} (mismatched types {} and {})",
                                 {v ? arg(v) : arg(*expr), arg_kind(n.kind), arg_kind(kind)}));
  }
  if (n.kind != both || (!n.kind_value && !n.kind_expr)) {
    n.kind_value = v;
    n.kind_expr = expr;
  }
  n.kind = both;
  n.kind_group = origin.group;
  n.kind_chosen = origin.chosen;
  return both != kBottom;
}

// What is known of a node that is not concrete, as one value.
const Value* Evaluator::remaining(Node& n) {
  std::vector<const Value*> all;
  Kind kind = kTop;
  const auto add = [&](const Value* v) {
    all.push_back(v);
    kind &= v->kind;
  };
  if (n.lower) add(n.lower);
  if (n.upper) add(n.upper);
  for (const Check& each : n.checks) {
    if (each.value->tag == Tag::bound && as<Bound>(*each.value).op == BoundOp::ne) {
      const auto& ne = as<Bound>(*each.value);
      if (n.upper && simplify(n.kind, *n.upper, ne)) continue;
      if (n.lower && simplify(n.kind, *n.lower, ne)) continue;
    }
    add(each.value);
  }
  if (all.empty()) {
    const bool same_kind = n.kind_value && n.kind_value->tag == Tag::type && n.kind_value->kind == n.kind;
    return same_kind ? n.kind_value : make_type(n.kind);
  }
  if (kind & ~n.kind) all.push_back(make_type(n.kind));
  if (all.size() == 1) return all[0];
  auto* made = arena_.make<Conjunction>();
  made->tag = Tag::conjunction;
  made->kind = n.kind & kind;
  made->members = arena_.copy(all);
  return made;
}

}  // namespace oam::cue
