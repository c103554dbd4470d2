// Cycles.
//
// A reference cycle (a: b, b: a) is no error: the reference adds nothing. A
// structural cycle (a: b: a) would be infinite and is one, unless the ring goes
// through something optional that need not be there. Each conjunct carries the
// references that led to it (Trace); meeting one again makes the conjunct cyclic,
// and a node that has only cyclic conjuncts is a structural cycle. Cyclic conjuncts
// wait until something not cyclic shows that the node is finite.
#include "cue/eval/evaluator.hpp"

namespace oam::cue {

// Disjuncts are made anew for each alternative: they count as the vertex they are for.
const Vertex* Evaluator::identity(const Vertex* v) {
  v = deref(const_cast<Vertex*>(v));
  return v->origin ? v->origin : v;
}

// A vertex that is being worked out further up, at a lesser depth.
bool Evaluator::has_depth_cycle(const Vertex* v) {
  const Node* n = v->node;
  return n && v->status != Status::finalized && n->eval_depth > 0 && n->eval_depth < eval_depth_;
}

bool Evaluator::has_ancestor(Node& n, const Vertex* arc) {
  if (has_depth_cycle(arc)) return true;
  const Vertex* wanted = identity(arc);
  for (const Vertex* p = n.vertex->parent; p; p = p->parent)
    if (identity(p) == wanted) return true;
  return false;
}

bool Evaluator::only_cyclic(const Node& n) const {
  return (n.has_ancestor_cycle && !n.has_non_cycle) || (n.has_cyclic_conjunct && !n.has_non_cyclic);
}

// Proof that the node is not only cyclic: those that waited for it go in.
void Evaluator::note_field_value(Node& n, const Origin& origin) {
  n.has_field_value = true;
  if (origin.is_cyclic()) return;
  n.has_non_cycle = true;
  for (std::size_t i = 0; i < n.cyclic_conjuncts.size(); ++i) {
    const auto each = n.cyclic_conjuncts[i];
    if (each.target) schedule_vertex(n, each.conjunct, each.target, each.conjunct.origin);
    else schedule(n, each.conjunct, each.conjunct.origin);
  }
  n.cyclic_conjuncts.clear();
}

bool Evaluator::mark_cyclic(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin) {
  origin.cycle = CycleKind::cyclic;
  n.has_cyclic_conjunct = n.has_ancestor_cycle = true;
  if (n.has_non_cycle || !env) return false;
  n.cyclic_conjuncts.in(arena_).push_back({{env, &x, nullptr, origin}, arc});
  return true;
}

bool Evaluator::mark_cyclic_path(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin) {
  origin.cycle = CycleKind::cyclic;
  n.has_cyclic_conjunct = true;
  if (n.has_non_cyclic || n.has_non_cycle || !env) return false;
  n.cyclic_conjuncts.in(arena_).push_back({{env, &x, nullptr, origin}, arc});
  return true;
}

static bool has_disjunction(const Vertex& v) {
  for (const Conjunct& c : v.conjuncts)
    if (c.expr->kind == ir::ExprKind::disjunction) return true;
  return false;
}

// True: the reference adds nothing, or must wait. `env` is null where x is only read.
bool Evaluator::detect_cycle(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin) {
  if (has_ancestor(n, arc)) return mark_cyclic(n, arc, env, x, origin);
  if (n.has_non_cyclic && origin.cycle == CycleKind::maybe) return false;
  const Vertex* target = identity(arc);
  const Vertex* here = identity(n.vertex);
  bool chain_step = false;
  for (const Trace* t = origin.trace; t; t = t->next) {
    step();   // a trace may grow with each turn of a ring
    if (same(t->target, arc)) {
      if (same(t->node, n.vertex)) return true;   // a reference cycle
      if (origin.cycle == CycleKind::optional && n.has_non_cyclic) {
        origin.cycle = CycleKind::maybe;          // once more round, if that is all
        if (t->depth == n.depth) return true;     // a pattern that applies to itself
        origin.trace = nullptr;
        return false;
      }
      const bool feeds_itself = n.vertex->is_dynamic && deref(arc)->status != Status::finalized && has_disjunction(*arc);
      if (t->reference != &x && n.has_non_cycle && n.has_non_cyclic && !feeds_itself) continue;
      return mark_cyclic_path(n, arc, env, x, origin);
    }
    if (t->reference != &x || !arc->non_rooted) continue;
    if (same(t->node, n.vertex)) {
      if (chain_step) continue;
      const Vertex* from = env ? env->vertex : nullptr;
      if (from && (same(from, n.vertex) || (t->target->parent && same(from, t->target->parent)))) {
        chain_step = true;   // one level along a finite chain of bindings
        continue;
      }
      return mark_cyclic_path(n, arc, env, x, origin);
    }
    const Vertex* p = arc->parent;
    if (t->target->non_rooted && p && p->is_dynamic && !p->parent && p->node && p->node->has_ancestor_cycle)
      return mark_cyclic(n, arc, env, x, origin);
  }
  origin.trace = arena_.make<Trace>(Trace{target, &x, here, origin.trace, n.depth});
  return false;
}

// Would working on a vertex come back to one that is being worked out? Then what stands
// for it is in a cycle; it itself may be fine once the other one is done.
bool Evaluator::leads_back(const Vertex& v) {
  for (std::size_t i = 0; v.node && i < v.node->tasks.size(); ++i) {
    const Task& t = *v.node->tasks[i];
    if (t.state != TaskState::ready || t.kind != TaskKind::resolver) continue;
    Place place(*this);
    env_ = t.conjunct.env;
    origin_ = t.conjunct.origin;
    errs_ = nullptr;
    Vertex* arc = resolve(*t.conjunct.expr, {.needs = known::field_set, .mode = Mode::ignore});
    if (arc && arc != empty_ && has_depth_cycle(deref_non_disjunct(arc))) return true;
  }
  return false;
}

bool Evaluator::report_structural_cycle(Node& n) {
  n.cyclic_conjuncts.clear();
  if (!only_cyclic(n)) return false;
  cycle_error(n);
  return true;
}

void Evaluator::cycle_error(Node& n) {
  Scoped<Vertex*> at(vertex_, n.vertex);
  const Bottom* b = make_error(ErrorCode::structural_cycle, pos_, "structural cycle");
  set_value(n, combine(base_value(*n.vertex), b));
  n.vertex->clear_arcs();
}

// A call that waited for proof, but cannot lead back here, goes in all the same.
static bool cannot_lead_back(const ir::Expr& x) {
  const auto all = [](auto span) {
    for (const ir::Expr* each : span)
      if (!cannot_lead_back(*each)) return false;
    return true;
  };
  switch (x.kind) {
    case ir::ExprKind::label_ref: case ir::ExprKind::value: return true;
    case ir::ExprKind::binary: return cannot_lead_back(*ir::as<ir::Binary>(x).x) && cannot_lead_back(*ir::as<ir::Binary>(x).y);
    case ir::ExprKind::unary: return cannot_lead_back(*ir::as<ir::Unary>(x).x);
    case ir::ExprKind::call: return all(ir::as<ir::Call>(x).args);
    case ir::ExprKind::list: return all(ir::as<ir::List>(x).elements);
    case ir::ExprKind::interpolation: return all(ir::as<ir::Interpolation>(x).parts);
    default: return false;
  }
}

void Evaluator::flush_cyclic(Node& n) {
  if (!n.tasks.empty()) return;
  n.has_non_cyclic = true;
  ArenaVector<Node::CyclicConjunct> waiting = n.cyclic_conjuncts.take(arena_);
  for (auto& each : waiting) {
    if (!cannot_lead_back(*each.conjunct.expr)) {
      n.cyclic_conjuncts.in(arena_).push_back(each);
      continue;
    }
    each.conjunct.origin.cycle = CycleKind::none;
    schedule(n, each.conjunct, each.conjunct.origin);
  }
}

}  // namespace oam::cue
