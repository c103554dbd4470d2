// The fields of a step of a saved plan: what kind of value each of them has.
#pragma once

#include "plan/pace_json.hpp"

namespace oam::detail {

// Tells what is something else.
void check_step_fields(const boost::json::value& step, const BadField& bad);

}  // namespace oam::detail
