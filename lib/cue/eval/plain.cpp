// Short ways. Most fields of data and of templates are one literal, and most
// disjunctions are of literals and types: their results need no tasks. Each function
// here gives what the long way would give, or says that it does not apply.
#include <algorithm>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static bool is_type(const Value& v) { return v.tag == Tag::type && v.kind != kTop; }

// The literal or type that an expression is; null: it is something else.
static const Value* plain_value(const ir::Expr& x) {
  if (x.kind != ir::ExprKind::value) return nullptr;
  const Value* v = ir::as<ir::ValueExpr>(x).value;
  if (const Vertex* leaf = to_vertex(v); leaf && leaf->status == Status::finalized && leaf->arcs.empty() && leaf->conjuncts.empty()) v = leaf->value;
  return v && (is_scalar(*v) || is_type(*v)) ? v : nullptr;
}

// Might a definition or close() demand that fields of this vertex be allowed?
bool Evaluator::is_closed_around(const Vertex* v) const {
  for (; v && v->node; v = v->parent) {
    if (std::ranges::any_of(v->node->groups, [](const Group& g) { return !g.ignore; })) return true;
    if (v->node->drop_parent_requirements) return false;
  }
  return false;
}

// A field with one conjunct that is a literal or type, when no more can come.
bool Evaluator::settle_plain(Vertex* v) {
  if (v->status != Status::unprocessed || v->conjuncts.size() != 1 || v->arc != ArcType::member) return false;
  if (v->is_disjunct || v->multi_let || !v->parent || v->label.is_let() || v->value) return false;
  const Conjunct& c = v->conjuncts[0];
  const Value* value = plain_value(*c.expr);
  if (!value || c.origin.is_cyclic() || origin_.is_cyclic()) return false;
  if (v->node && (v->node->initialized || !v->node->parent_tasks.empty() || !v->node->notify.empty())) return false;
  const Node* parent = v->parent->node;
  if (!parent || !parent->initialized || !(parent->kind & kStruct)) return false;
  if (!meets(*parent, known::field_conjuncts | known::ancestors) || is_closed_around(v->parent)) return false;
  step();
  v->value = value;
  v->kind = value->kind;
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
  return done && std::ranges::all_of(holes[0].alternatives, [](const auto& each) { return plain_value(*each.expr) != nullptr; });
}

// The node's value with the alternative; null: they contradict each other.
const Value* Evaluator::with_plain(const Node& n, const Value* alternative) {
  if (!(n.kind & alternative->kind)) return nullptr;
  if (n.scalar && is_scalar(*alternative)) return operate_true(ir::Op::eq, n.scalar, alternative) ? n.scalar : nullptr;
  if (n.scalar) return n.scalar->kind & alternative->kind ? n.scalar : nullptr;
  if (is_scalar(*alternative) || (n.kind & alternative->kind) == alternative->kind) return alternative;
  return make_type(n.kind & alternative->kind);
}

// REQUIRES: is_plain(). A finished disjunct, null where the alternative fails.
Node* Evaluator::plain_disjunct(Node& n, const Hole& hole, std::size_t alternative) {
  const Value* value = with_plain(n, plain_value(*hole.alternatives[alternative].expr));
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
