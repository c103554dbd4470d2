#include "plan/delete_lanes.hpp"

#include <vector>

#include "graph/builder.hpp"

namespace oam::detail {

void settle_lanes(Graph::Data& graph, const Lifecycle& life, const std::function<bool(std::uint32_t)>& may_move, std::uint32_t first, Problems& problems) {
  if (life.lanes.empty()) return;
  std::vector<std::uint32_t> open;
  for (std::uint32_t n = 0; n < graph.nodes.size(); ++n)
    if (graph.nodes[n].more->lane != Node::kNone) open.push_back(n);
  std::vector<bool> told(graph.reasons.size());
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (std::uint32_t u = graph.first_user[at]; u < graph.first_user[at + 1]; ++u) {
      const Edge& e = graph.edges[graph.users[u]];
      const auto user = static_cast<std::uint32_t>(e.from);
      if (!is_hard(e.kind) || graph.nodes[user].more->lane != Node::kNone) continue;
      if (may_move(user)) {
        graph.nodes[user].more.edit().lane = graph.nodes[at].more->lane;
        open.push_back(user);
      } else if (e.reason >= first && !told[e.reason]) {
        told[e.reason] = true;
        report_isolation(graph, life.lanes, e, problems);
      }
    }
  }
}

}  // namespace oam::detail
