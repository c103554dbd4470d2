// The graph of a plan, from its steps: few ask for it.
#pragma once

#include "plan_data.hpp"

namespace oam::detail {

// Its nodes know their ids, kinds and objects. REQUIRES: plan() made the plan.
Graph graph_of(const PlanParts& plan);

}  // namespace oam::detail
