// Policies of type lifecycle, and spec.extension.lifecycle of definitions.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Fills the Model's Lifecycle. The resources are made.
void resolve_lifecycle(Resolution& shared);

}  // namespace oam::detail
