// A plan as JSON, for others: with places and reasons.
#pragma once

#include <boost/json/value.hpp>

#include <span>

#include "plan_data.hpp"

namespace oam::detail {

// Of one step: the shape of the contract and what a restored plan needs.
boost::json::object step_json(const Plan& plan, const Step& step, std::span<const Span> places);

// The object with `(known after STEP)` where values are not known yet.
boost::json::value shown_object(const Plan::Data& plan, const Step& step);

}  // namespace oam::detail
