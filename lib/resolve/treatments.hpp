// Policies that say how objects are applied, kept and taken away: apply-once,
// garbage-collect, read-only, shared-resource, take-over, resource-update, health.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// What is wrong with the properties of each policy of a known type, at its place.
void check_policy_properties(const Resolution& shared, const Policy& p, const Definition& d);

// Writes Resource::treatment and the Housekeeping of the model.
void resolve_treatments(Resolution& shared);

}  // namespace oam::detail
