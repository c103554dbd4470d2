// Making a Graph: nodes from resources, edges from rules, order and cycles.
#pragma once

#include <functional>
#include <vector>

#include "graph_data.hpp"
#include "support/problems.hpp"

namespace oam::detail {

// Nodes and edges of a model, in the author's order; not yet checked for cycles.
Graph::Data build_graph(const Model& model, const GraphOptions& options, Problems& problems);

// The graph of a model with what `more` adds to it before its order is found; null, and why
// in `problems`, if there is none.
std::shared_ptr<Graph::Data> graph_with(const Model& model, Diagnostics& problems, const GraphOptions& options,
                                        const std::function<void(Graph::Data&, Problems&)>& more);

// Sorts edges both ways.
void sort_edges(Graph::Data& data);

// Fills Graph::order(); false if there is a cycle.
bool sort_nodes(Graph::Data& data);

// A circle of edges, one for each set of nodes that wait for each other.
struct EdgeCycle {
  std::vector<const Edge*> edges;
  std::size_t cheapest = 0;   // index of the edge that costs least to drop
};
std::vector<EdgeCycle> cycles_of(const Graph& graph);

// A diagnostic for each set of nodes that wait for each other.
void report_cycles(const Graph& graph, Problems& problems);

// An edge by which the core would wait for a lane.
void report_isolation(const Graph::Data& data, std::span<const Lane> lanes, const Edge& edge, Problems& problems);

// Sets of nodes that wait for each other: for each node the number of its set.
std::vector<std::size_t> strong_sets(const Graph& graph);

// A shortest way from `from` to `to` along needs, as indices of edges; empty if
// there is none. Of at least one edge even where they are the same node.
std::vector<std::uint32_t> shortest_path(const Graph& graph, NodeId from, NodeId to);

std::string_view words_of(Reason::Says says);   // " depends on ", between two names

// Lines and columns of reasons, by one scan.
std::vector<Span> places_of(const Documents& documents, std::span<const Reason> reasons);

std::string_view name_of(Edge::Kind kind);

}  // namespace oam::detail
