// Where topology policies put components.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Appends the placements of the topology policy `name` to the Model; of no policy
// the application's own cluster. Once for each policy.
void add_placements(Resolution& shared, const std::string& name);

// What templates see of the place: of one that a topology policy puts elsewhere its namespace and,
// if it is only one, its cluster.
struct Seen {
  std::string namespace_, cluster;
};
Seen seen_from(const Resolution& shared, std::string_view placement);

}  // namespace oam::detail
