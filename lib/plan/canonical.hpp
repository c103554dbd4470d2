// The canonical bytes of a plan: steps by id, keys sorted, no places. Nothing but meaning
// changes them, so that their hash is that of what the plan means.
#pragma once

#include <string>

#include "plan_data.hpp"

namespace oam::detail {

std::string step_meaning(const Plan::Data& plan, const Step& step);   // of one step
std::string canonical_bytes(const Plan::Data& plan);
std::string canonical_hash(const Plan::Data& plan);   // their SHA-256, without holding them

}  // namespace oam::detail
