// Opt-in: a Graph as a Boost.Graph graph (VertexListGraph, IncidenceGraph), so
// that its algorithms run on our arrays as they are. An edge leads from a node to
// what it needs.
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/property_map/property_map.hpp>

#include <utility>

#include <oam/graph.hpp>

namespace boost {

template <>
struct graph_traits<oam::Graph> {
  using vertex_descriptor = std::size_t;
  using edge_descriptor = const oam::Edge*;
  using directed_category = directed_tag;
  using edge_parallel_category = allow_parallel_edge_tag;
  struct traversal_category : vertex_list_graph_tag, incidence_graph_tag {};
  using vertex_iterator = counting_iterator<std::size_t>;
  using out_edge_iterator = counting_iterator<const oam::Edge*>;
  using vertices_size_type = std::size_t;
  using edges_size_type = std::size_t;
  using degree_size_type = std::size_t;
  static vertex_descriptor null_vertex() { return static_cast<std::size_t>(-1); }
};

template <>
struct property_map<oam::Graph, vertex_index_t> {
  using type = typed_identity_property_map<std::size_t>;
  using const_type = type;
};

}  // namespace boost

namespace oam {

using GraphTraits = boost::graph_traits<Graph>;

inline std::pair<GraphTraits::vertex_iterator, GraphTraits::vertex_iterator> vertices(const Graph& g) {
  return {GraphTraits::vertex_iterator(0), GraphTraits::vertex_iterator(g.nodes().size())};
}
inline std::size_t num_vertices(const Graph& g) { return g.nodes().size(); }
inline std::pair<GraphTraits::out_edge_iterator, GraphTraits::out_edge_iterator> out_edges(std::size_t v, const Graph& g) {
  const std::span<const Edge> needs = g.needs(static_cast<NodeId>(v));
  return {GraphTraits::out_edge_iterator(needs.data()), GraphTraits::out_edge_iterator(needs.data() + needs.size())};
}
inline std::size_t out_degree(std::size_t v, const Graph& g) { return g.needs(static_cast<NodeId>(v)).size(); }
inline std::size_t source(const Edge* e, const Graph&) { return static_cast<std::size_t>(e->from); }
inline std::size_t target(const Edge* e, const Graph&) { return static_cast<std::size_t>(e->to); }
inline boost::typed_identity_property_map<std::size_t> get(boost::vertex_index_t, const Graph&) { return {}; }
inline std::size_t get(boost::vertex_index_t, const Graph&, std::size_t v) { return v; }

}  // namespace oam
