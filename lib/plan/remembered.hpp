// The order in which objects were applied, where no inventory remembers it.
#pragma once

#include <oam/graph.hpp>

#include "plan/changes.hpp"

namespace oam::detail {

// Of an application that is deleted: what the inventory does not remember is deleted in the
// reverse of the order in which it would be applied.
void remember_order(const Graph& graph, const Model& model, Changes& changes);

}  // namespace oam::detail
