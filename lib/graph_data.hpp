// What stands behind a Graph: compressed sparse rows, both ways.
#pragma once

#include <oam/graph.hpp>

namespace oam {

// An object that the application names and does not make: the node that waits for it.
struct AssumedNode {
  std::uint32_t node = 0;
  std::string kind, namespace_, name;   // of v1
};

struct Graph::Data {
  Documents documents;                        // where the places of reasons lead
  std::vector<Node> nodes;
  std::vector<Edge> edges;                    // sorted by from, to
  std::vector<Reason> reasons;
  std::vector<Name> components;               // of the Application, as ids begin
  std::vector<Name> objects;                  // by resource of the Model: KIND[.GROUP]/NAME
  std::vector<std::uint32_t> first_edge;      // nodes + 1
  std::vector<std::uint32_t> first_user;      // nodes + 1
  std::vector<std::uint32_t> users;           // indices of edges, by `to`
  std::vector<NodeId> order;
  std::vector<InstanceLimit> limits;
  std::vector<AssumedNode> assumed;
  std::vector<std::shared_ptr<const Pace>> paces;   // by placement, then resource; empty: nobody says any
  std::vector<std::vector<std::uint32_t>> pooled;   // by pool: the same, as indices
};

}  // namespace oam
