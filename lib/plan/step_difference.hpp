// How a step of one plan differs from the same step of another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <oam/review.hpp>

namespace oam::detail {

// In words, and of its object field by field.
StepDifference step_difference(const Plan& before, const Step& old, const Plan& after, const Step& now);

// WHAT: AFTER, was BEFORE. Nothing if they are the same.
void tell_change(std::string_view what, std::string_view before, std::string_view after, std::vector<std::string>& out);

}  // namespace oam::detail
