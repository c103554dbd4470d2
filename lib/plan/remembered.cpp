#include "plan/remembered.hpp"

#include <map>
#include <set>

#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

std::string key_at(const Model& model, const Node& node) {
  Resource r = model.resources()[node.resource];
  r.namespace_ = namespace_in(model, node.placement, r);
  return key_of(r);
}

// The objects that a node comes after, straight or through renders and hooks.
std::vector<std::string> needs_of(const Graph& graph, const Model& model, NodeId node) {
  std::vector<std::string> keys;
  std::vector<NodeId> open{node};
  std::set<NodeId> seen{node};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    for (const Edge& e : graph.needs(at)) {
      if (!seen.insert(e.to).second) continue;
      const Node& need = graph.node(e.to);
      if (need.kind == Node::Kind::apply && need.resource != Node::kNone) keys.push_back(key_at(model, need));
      else open.push_back(e.to);
    }
  }
  return keys;
}

}  // namespace

void remember_order(const Graph& graph, const Model& model, Changes& changes) {
  std::map<std::string, Removal*> forgotten;
  for (Removal& r : changes.removals)
    if (r.entry.needs.empty()) forgotten.emplace(r.entry.key(), &r);
  for (std::uint32_t n = 0; n < graph.nodes().size(); ++n) {
    const Node& node = graph.nodes()[n];
    if (node.kind != Node::Kind::apply || node.resource == Node::kNone) continue;
    const auto found = forgotten.find(key_at(model, node));
    if (found != forgotten.end()) found->second->entry.needs = needs_of(graph, model, static_cast<NodeId>(n));
  }
}

}  // namespace oam::detail
