// The order of what is deleted: nodes and edges beside those that the model has.
#pragma once

#include <vector>

#include "graph_data.hpp"
#include "plan/changes.hpp"

namespace oam::detail {

// A hook at a delete that is an object of the application.
bool is_at_delete(const Hook& hook);

// Does the removal concern that object of Changes::wanted?
bool is_of(const Removal& removal, std::uint32_t wanted, const Model& model, const Changes& changes);

// The removals, for good and of no hook, that such a hook comes before or after; `wanted`: its object.
std::vector<std::uint32_t> deletes_around(const Hook& hook, std::uint32_t wanted, const Model& model, const Changes& changes);

// What the graph has no step for: hooks that nothing calls for are neither wanted nor in the way; what the workflow does
// not apply is left alone.
void leave_out(const Graph::Data& graph, const Model& model, Changes& changes);

// Adds a node for each removal and returns them; the edges are in order again afterwards.
std::vector<std::uint32_t> add_removals(Graph::Data& graph, const Model& model, const Changes& changes, Problems& problems);

// Of an application that is deleted: what the inventory does not remember is deleted in the
// reverse of the order in which it would be applied.
void remember_order(const Graph& graph, const Model& model, Changes& changes);

}  // namespace oam::detail
