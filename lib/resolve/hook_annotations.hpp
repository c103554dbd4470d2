// Objects that say in an annotation that they are hooks, as Helm and Argo CD read it.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Appends a Hook for each point that an object names, and to `skipped` those that
// are applied at none that a plan has: tests, rollbacks.
void add_annotated_hooks(Resolution& shared);

}  // namespace oam::detail
