// Where topology policies put components.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Appends the placements of the topology policy `name` to the Model; of no policy
// the application's own cluster. Once for each policy.
void add_placements(Resolution& shared, const std::string& name);

}  // namespace oam::detail
