// Which field goes before which, as a graph that may have cycles.
#pragma once

#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_set.h>
#include <absl/container/inlined_vector.h>

namespace oam::cue {

class FieldGraph {
 public:
  explicit FieldGraph(std::size_t nodes) : nodes_(nodes), before_(nodes <= kFew ? nodes : 0), out_(nodes <= kFew ? 0 : nodes) {}

  void add_edge(std::uint32_t from, std::uint32_t to);

  // All nodes, each behind those that lead to it. What is in one cycle stays together;
  // there, and wherever there is a choice, the lower rank goes first. Ranks are distinct.
  std::vector<std::uint32_t> sorted(const std::vector<std::uint32_t>& rank) const;

 private:
  static constexpr std::size_t kFew = 64;   // those that lead to a node fit into a word
  using Edges = std::vector<std::vector<std::uint32_t>>;
  std::vector<std::uint32_t> by_rank(const std::vector<std::uint32_t>& rank) const;
  Edges edges_of_few() const;

  std::size_t nodes_;
  absl::InlinedVector<std::uint64_t, 16> before_;   // of few nodes, by node: a bit for each that leads to it
  Edges out_;                                       // of many
  absl::flat_hash_set<std::uint64_t> edges_;
};

}  // namespace oam::cue
