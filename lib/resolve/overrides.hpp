// Policies of type override: changes to components before they are rendered.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Changes those that the policy names, adds new ones, keeps those it selects.
void apply_override(const Resolution& shared, const Policy& p, std::vector<Component>& all);

}  // namespace oam::detail
