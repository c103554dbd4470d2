// Lanes of what is deleted.
#pragma once

#include <cstdint>
#include <functional>

#include "graph_data.hpp"
#include "support/problems.hpp"

namespace oam::detail {

// The core waits for nothing else: what is deleted behind something of a lane, and the hooks around it, are
// in that lane too. What may not be (`may_move` of a node) is told, if a reason from `first` on asks for it.
void settle_lanes(Graph::Data& graph, const Lifecycle& life, const std::function<bool(std::uint32_t)>& may_move, std::uint32_t first, Problems& problems);

}  // namespace oam::detail
