// Succession: an object whose place another takes.
#pragma once

#include <span>
#include <vector>

#include "graph_data.hpp"

namespace oam::detail {

struct Succession {
  std::uint32_t old = 0, heir = 0;   // nodes: the delete of the one, the apply of the other
  bool goes_first = true;            // the old one, before the heir comes
};

// What each heir waits for, and its old one then has to wait for too: all of it if that goes
// first, else only the conditions of the workflow. Without what would close a circle: the heir
// waits for something that the old one is in the way of.
std::vector<Edge> taken_over(const Graph::Data& graph, std::span<const Succession> all);

}  // namespace oam::detail
