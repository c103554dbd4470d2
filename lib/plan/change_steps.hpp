// The order of what is deleted: nodes and edges beside those that the model has.
#pragma once

#include <vector>

#include "graph_data.hpp"
#include "plan/changes.hpp"

namespace oam::detail {

// What the graph has no step for: hooks that nothing calls for are neither wanted nor in the way; what the workflow does
// not apply is left alone.
void leave_out(const Graph::Data& graph, const Model& model, Changes& changes);

// Adds a node for each removal and returns them; the edges are in order again afterwards.
std::vector<std::uint32_t> add_removals(Graph::Data& graph, const Model& model, const Changes& changes, Problems& problems);

}  // namespace oam::detail
