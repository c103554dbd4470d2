// A plan against what was observed, for people: what is made, changed and deleted,
// field by field, and after what.
#pragma once

#include <string>

#include <oam/plan.hpp>

namespace oam::detail {

std::string change_text(const Plan& plan, bool colour);

// spec.replicas: 2 -> 3
std::string arrow(const Difference& difference);

}  // namespace oam::detail
