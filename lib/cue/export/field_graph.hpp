// Which field goes before which, as a graph that may have cycles.
#pragma once

#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_set.h>

namespace oam::cue {

class FieldGraph {
 public:
  explicit FieldGraph(std::size_t nodes) : out_(nodes) {}

  void add_edge(std::uint32_t from, std::uint32_t to);

  // All nodes, each behind those that lead to it. What is in one cycle stays together;
  // there, and wherever there is a choice, the lower rank goes first. Ranks are distinct.
  std::vector<std::uint32_t> sorted(const std::vector<std::uint32_t>& rank) const;

 private:
  std::vector<std::vector<std::uint32_t>> out_;
  absl::flat_hash_set<std::uint64_t> edges_;
};

}  // namespace oam::cue
