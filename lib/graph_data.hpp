// What stands behind a Graph: compressed sparse rows, both ways.
#pragma once

#include <oam/graph.hpp>

namespace oam {

struct Graph::Data {
  Documents documents;                        // where the places of reasons lead
  std::vector<Node> nodes;
  std::vector<Edge> edges;                    // sorted by from, to
  std::vector<Reason> reasons;
  std::vector<std::uint32_t> first_edge;      // nodes + 1
  std::vector<std::uint32_t> first_user;      // nodes + 1
  std::vector<std::uint32_t> users;           // indices of edges, by `to`
  std::vector<NodeId> order;
};

}  // namespace oam
