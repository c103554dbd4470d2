// What ends the application, come what may or because something failed, comes behind what is
// deleted too: a graph knows nothing of that.
#pragma once

#include <cstdint>
#include <span>

#include "graph_data.hpp"
#include "plan/changes.hpp"

namespace oam::detail {

// Puts the hooks at on-failure and finally whose scope is the application behind the deletes and
// the hooks around them; those that only a delete concerns are added. `removals`: the node of each.
void add_last_hooks(Graph::Data& graph, const Model& model, const Changes& changes, std::span<const std::uint32_t> removals);

}  // namespace oam::detail
