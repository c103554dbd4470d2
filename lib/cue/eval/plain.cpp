// Short ways. Most fields of data and of templates are one literal, and most
// disjunctions are of literals and types: their results need no tasks. Each function
// here gives what the long way would give, or says that it does not apply.
#include <algorithm>

#include <absl/container/inlined_vector.h>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static bool is_type(const Value& v) { return v.tag == Tag::type && v.kind != kTop; }

// The literal or type that an expression is, or the scalar of a settled field that it
// names; null: it is something else.
const Value* Evaluator::plain_value(const ir::Expr& x, const Environment* env) const {
  if (ir::is_resolver(x)) {
    const Settled place = settled(x, env);
    const Vertex* at = place.at ? deref(place.at) : nullptr;
    return at && at->arcs.empty() && !at->patterns && at->value && is_scalar(*at->value) ? at->value : nullptr;   // {1, #x: 2} is more
  }
  if (x.kind != ir::ExprKind::value) return nullptr;
  const Value* v = ir::as<ir::ValueExpr>(x).value;
  if (const Vertex* leaf = to_vertex(v); leaf && leaf->status == Status::finalized && leaf->arcs.empty() && leaf->conjuncts.empty()) v = leaf->value;
  return v && (is_scalar(*v) || is_type(*v)) ? v : nullptr;
}

// Might a definition or close() demand that fields of this vertex be allowed?
bool Evaluator::is_closed_around(const Vertex* v) const {
  for (; v && v->node; v = v->parent) {
    if (v->node->closes) return true;
    if (v->node->drop_parent_requirements) return false;
  }
  return false;
}

// What all conjuncts give together; null: they are not all literals and types, but for
// one disjunction of such, or contradict each other.
const Value* Evaluator::plain_sum(const Vertex& v) {
  const Value* sum = nullptr;
  const Conjunct* open = nullptr;
  for (const Conjunct& c : v.conjuncts) {
    if (c.origin.is_cyclic()) return nullptr;
    if (c.expr->kind == ir::ExprKind::disjunction && !open) {
      open = &c;
      continue;
    }
    const Value* each = plain_value(*c.expr, c.env);
    if (each && sum) each = meet(sum, each);
    if (!each) return nullptr;
    sum = each;
  }
  if (!open) return sum;
  return v.choices.empty() ? plain_choice(ir::as<ir::Disjunction>(*open->expr), open->env, sum) : nullptr;
}

// The alternatives that agree with `sum`, if they are all literals and types; null: they
// are not, or none agrees.
const Value* Evaluator::plain_choice(const ir::Disjunction& x, const Environment* env, const Value* sum) {
  absl::InlinedVector<Alternative, 8> all;
  for (const ir::Alternative& each : x.alternatives) {
    const Value* value = plain_value(*each.expr, env);
    if (!value) return nullptr;
    all.push_back({value, each.marked});
  }
  return choose(all, sum);
}

// Those that agree with `sum`; null: none does. Once all defaults are gone none of the
// others is set apart.
const Value* Evaluator::choose(std::span<const Alternative> all, const Value* sum) {
  absl::InlinedVector<const Value*, 8> members;
  std::uint32_t defaults = 0;
  for (const Alternative& alternative : all) {
    const Value* each = sum ? meet(sum, alternative.value) : alternative.value;
    if (!each) continue;
    const auto same = std::ranges::find_if(members, [&](const Value* m) { return equal(m, each, true, false); });
    const bool known = same != members.end();
    const bool known_default = known && same - members.begin() < static_cast<std::ptrdiff_t>(defaults);
    if (known_default || (known && !alternative.marked)) continue;
    if (known) members.erase(same);
    members.insert(alternative.marked ? members.begin() + defaults++ : members.end(), each);
  }
  if (members.size() <= 1) return members.empty() ? nullptr : members[0];
  auto* made = arena_.make<Disjunction>();
  made->tag = Tag::disjunction;
  for (const Value* each : members) made->kind |= each->kind;
  made->members = arena_.copy(std::span<const Value* const>(members));
  made->defaults = defaults;
  made->has_defaults = defaults > 0;
  return made;
}

// Two literals or types; null: they contradict each other.
const Value* Evaluator::meet(const Value* a, const Value* b) {
  if (!(a->kind & b->kind)) return nullptr;
  if (is_scalar(*a) && is_scalar(*b)) return operate_true(ir::Op::eq, a, b) ? a : nullptr;
  if (is_scalar(*a) || is_scalar(*b)) return is_scalar(*a) ? a : b;
  const Kind both = a->kind & b->kind;
  return both == a->kind ? a : both == b->kind ? b : make_type(both);
}

// A field whose only conjunct names a settled vertex is that vertex, unless it stands in it.
bool Evaluator::settle_shared(Vertex* v, const Conjunct& c) {
  if (c.origin.opened || c.origin.conjunct_opened || v->non_rooted || v->is_dynamic || v->closed_recursive) return false;
  Vertex* to = settled(*c.expr, c.env).at;
  if (to) to = deref_non_disjunct(to);
  if (!to || to->non_rooted || to->is_dynamic || to->anonymous || to->child_errors) return false;
  if (to->is_shared || !to->value || is_bottom(to->value) || is_vertex(to->value)) return false;
  for (const Vertex* p = v->parent; p && !is_scalar(*to->value); p = p->parent)
    if (same(p, to)) return false;
  v->value = to;
  v->is_shared = true;
  v->closed_recursive = to->closed_recursive;
  v->has_ellipsis = to->has_ellipsis;
  v->kind = kind_of(to);
  return true;
}

// The evidence that the conjuncts would give on the long way: what has no fields is not
// asked for more.
void Evaluator::vouch(Vertex& v) {
  Node& n = *bare_node(&v);
  for (const Conjunct& c : v.conjuncts) add_evidence(n, kTop, c.origin, 0);
}

// A field or element that is a literal, a type, a disjunction of such or the name of a
// settled field, when no more can come.
bool Evaluator::settle_plain(Vertex* v) {
  if (v->status != Status::unprocessed || v->conjuncts.empty() || v->arc != ArcType::member) return false;
  if (v->is_disjunct || v->multi_let || !v->parent || v->label.is_let() || v->value || origin_.is_cyclic()) return false;
  if (v->node && (v->node->initialized || !v->node->parent_tasks.empty() || !v->node->notify.empty())) return false;
  const Conjunct& first = v->conjuncts[0];
  const bool named = v->conjuncts.size() == 1 && !first.origin.is_cyclic() && ir::is_resolver(*first.expr);
  if (first.expr->kind != ir::ExprKind::value && first.expr->kind != ir::ExprKind::disjunction && !ir::is_resolver(*first.expr)) return false;
  const Node* parent = v->parent->node;
  if (!parent || !parent->initialized || !(parent->kind & (v->label.is_integer() ? kList : kStruct))) return false;
  if (!meets(*parent, known::field_conjuncts | known::ancestors)) return false;
  const bool closed = is_closed_around(v->parent);
  if (named) {
    if (closed || !settle_shared(v, first)) return false;
  } else {
    const Value* value = plain_sum(*v);
    if (!value) return false;
    if (closed) vouch(*v);
    v->value = value;
    v->kind = value->kind;
  }
  step();
  v->status = Status::finalized;
  return true;
}

// Nothing but kinds and one scalar is known of the node, and nothing is left to do but
// the disjunction itself.
bool Evaluator::is_plain(const Node& n, const ArenaVector<Hole>& holes) const {
  if (holes.size() != 1 || !n.vertex->choices.empty() || !n.vertex->arcs.empty() || n.vertex->patterns) return false;
  if (n.lower || n.upper || !n.checks.empty() || n.errors || n.is_struct || n.has_struct || n.shared || n.has_top) return false;
  if ((n.kind == kStruct || n.kind == kList) || !n.cyclic_conjuncts.empty() || n.try_skip || n.is_disjunct) return false;
  const bool done = std::ranges::all_of(n.tasks, [](const Task* t) {
    return t->state == TaskState::succeeded || t->kind == TaskKind::disjunctions;
  });
  return done && std::ranges::all_of(holes[0].alternatives, [&](const auto& each) { return plain_value(*each.expr, holes[0].env) != nullptr; });
}

// REQUIRES: is_plain(). A finished disjunct, null where the alternative fails.
Node* Evaluator::plain_disjunct(Node& n, const Hole& hole, std::size_t alternative) {
  const Value* value = plain_value(*hole.alternatives[alternative].expr, hole.env);
  if (n.scalar) value = meet(n.scalar, value);
  else if (n.kind != kTop && !(is_scalar(*value) && (value->kind & n.kind))) value = meet(make_type(n.kind), value);
  if (!value) return nullptr;
  step();
  Vertex* d = make_vertex(n.vertex->parent, n.vertex->label);
  d->arc = n.vertex->arc;
  d->is_disjunct = true;
  d->conjuncts = n.vertex->conjuncts;
  d->origin = n.vertex->origin ? n.vertex->origin : n.vertex;
  Node* made = bare_node(d);
  made->is_disjunct = made->initialized = made->started = true;
  made->completed = known::all;
  made->kind = value->kind;
  made->scalar = is_scalar(*value) ? value : nullptr;
  made->default_mode = n.default_mode;
  made->original_mode = hole.alternatives[alternative].mode;
  made->evidence = n.evidence;
  d->value = value;
  d->kind = value->kind;
  d->status = Status::finalized;
  return made;
}

}  // namespace oam::cue
