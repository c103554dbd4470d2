// Policies of which nothing comes: those that no step names, those that are not worked out
// here.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// The Model's workflow is set.
void check_policy_uses(const Resolution& shared);

}  // namespace oam::detail
