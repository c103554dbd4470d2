// The life cycles of a plan: which objects follow which, and as JSON both ways.
#pragma once

#include <boost/json/value.hpp>

#include "plan/pace_json.hpp"
#include "plan_data.hpp"

namespace oam::detail {

// Of the steps that apply objects whose definition declares states, and of those that delete such as nobody
// wants any more: an inverse plan makes them again.
std::vector<StepLife> lives_of(const PlanParts& plan, const Model& model);

boost::json::array lives_json(std::span<const StepLife> lives);

// What is wrong is told to `bad` by the name of its field; nothing then.
std::optional<StepLife> read_plan_life(const boost::json::value& value, const BadField& bad);

}  // namespace oam::detail
