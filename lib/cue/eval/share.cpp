// Sharing: a vertex whose only conjunct is a reference is the vertex that it names.
// If another conjunct arrives, the reference is put in after all.
#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static bool is_detached(const Vertex* v) {
  while (v) {
    if (!v->non_rooted && !v->label.is_let() && !v->is_dynamic) return false;
    v = v->node && v->node->attached ? v->node->attached : v->parent;
  }
  return true;
}

bool Evaluator::share(Node& n, const Conjunct& c, Vertex* arc, const Origin& origin) {
  Vertex& v = *n.vertex;
  if (!v.arcs.empty() || arc->non_rooted || arc->is_dynamic || arc->label.is_let()) return false;
  if (origin.is_cyclic() && (v.non_rooted || v.is_dynamic)) return false;
  if (n.no_sharing || n.shared || errs_) return false;
  if (v.closed_recursive && !arc->closed_recursive) return false;
  n.unshared_value = v.value;
  v.value = arc;
  v.is_shared = true;
  n.shared = true;
  n.shared_conjunct = arena_.make<Conjunct>(c);
  add_shared(n, origin);
  v.opened_shared = origin.opened || origin.conjunct_opened;
  if (is_detached(arc) && !arc->label.is_let() && !arc->anonymous)
    if (Node* state = node(arc)) state->attached = &v;
  return true;
}

void Evaluator::add_shared(Node& n, const Origin& origin) {
  if (n.shared_origins.empty() || n.share_cycle < origin.cycle) n.share_cycle = origin.cycle;
  n.shared_origins.in(arena_).push_back(origin);
}

// What was shared goes in like any other conjunct.
void Evaluator::put_in(Node& n) {
  Vertex& v = *n.vertex;
  n.shared = v.is_shared = v.opened_shared = false;
  Vertex* arc = to_vertex(v.value);
  v.value = n.unshared_value;
  for (std::size_t i = 0; i < n.shared_origins.size(); ++i) {
    const Origin origin = n.shared_origins[i];
    schedule_vertex(n, *n.shared_conjunct, arc, origin);
  }
  count_shared(n);
}

void Evaluator::count_shared(Node& n) {
  if (std::exchange(n.shared_counted, true) || n.shared_origins.empty()) return;
  for (const Origin& each : n.shared_origins) add_evidence(n, kind_of(n.vertex), each, 0);
}

void Evaluator::finalize_sharing(Node& n) {
  count_shared(n);
  if (!n.shared) return;
  Vertex* to = to_vertex(n.vertex->value);
  if (!to) return;
  if (n.share_cycle == CycleKind::none) finalize(to);
  if (to->node && to->node->attached) to->parent = to->node->attached;
}

}  // namespace oam::cue
