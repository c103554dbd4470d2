// The pieces of a plan as JSON that both its JSON and its canonical bytes have.
#pragma once

#include <array>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "plan_data.hpp"

namespace oam::detail {

inline constexpr std::int64_t kPlanVersion = 1;   // of the JSON of a plan

// The words of Fill::op and Condition::op.
inline constexpr std::array<std::string_view, 3> kFillOps{"add", "remove", "replace"};
inline constexpr std::array<std::string_view, 3> kConditionOps{"eq", "notEq", "notEmpty"};

boost::json::value input_json(const Plan::Data& plan, const StepInput& input);
boost::json::value output_json(const StepOutput& output);
boost::json::object hook_json(const HookRules& rules);
boost::json::array lanes_json(const Plan::Data& plan);
boost::json::array limits_json(const Plan::Data& plan);

// What a hook is asked for stands where others have their action.
std::string_view action_of(const Step& step);

}  // namespace oam::detail
