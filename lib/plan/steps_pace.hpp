// What the application says of the pace, put into a plan.
#pragma once

#include <memory>

#include <oam/plan.hpp>

#include "plan_data.hpp"

namespace oam::detail {

// Places that steps share, by name. REQUIRES: the plan has all its steps, and `apply_of`
std::vector<Pool> pools_of(const Plan::Data& plan, const Graph& graph, const Lifecycle& lifecycle);

// Of the step of an object: what is said of it beside how long its gate may take.
void set_pace(const std::shared_ptr<const Pace>& said, Step& step);

}  // namespace oam::detail
