// The `if` of a step of the workflow, looked at when the plan is made.
#pragma once

#include <string>

#include <oam/workflow.hpp>

#include "render/uses.hpp"

namespace oam::detail {

// Why it cannot be decided, whatever becomes of the steps whose `status` it asks for; empty if it may be.
std::string why_undecided(const FlowStep& step, const Uses& status);

}  // namespace oam::detail
