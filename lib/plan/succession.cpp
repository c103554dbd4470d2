#include "plan/succession.hpp"

#include <memory>

#include <absl/container/flat_hash_map.h>

#include "graph/builder.hpp"

namespace oam::detail {

std::vector<Edge> taken_over(const Graph::Data& graph, std::span<const Succession> all) {
  absl::flat_hash_map<NodeId, const Succession*> by_heir;
  for (const Succession& each : all) by_heir.emplace(static_cast<NodeId>(each.heir), &each);
  std::vector<Edge> taken;
  for (const Edge& e : graph.edges) {
    const auto found = by_heir.find(e.from);
    if (found == by_heir.end() || static_cast<std::uint32_t>(e.to) == found->second->old) continue;
    if (!found->second->goes_first && graph.reasons[e.reason].rule != "workflow-if") continue;
    taken.push_back({static_cast<NodeId>(found->second->old), e.to, e.kind == Edge::Kind::data ? Edge::Kind::requires_ : e.kind, e.reason});
  }
  if (taken.empty()) return taken;
  auto with = std::make_shared<Graph::Data>();
  with->nodes.resize(graph.nodes.size());
  with->edges = graph.edges;
  with->edges.insert(with->edges.end(), taken.begin(), taken.end());
  sort_edges(*with);
  const std::vector<std::size_t> set = strong_sets(Graph{with});
  std::erase_if(taken, [&](const Edge& e) { return set[static_cast<std::size_t>(e.from)] == set[static_cast<std::size_t>(e.to)]; });
  return taken;
}

}  // namespace oam::detail
