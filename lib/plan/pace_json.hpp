// The pace of a plan as JSON both ways, and in words.
#pragma once

#include <functional>

#include <boost/json/value.hpp>

#include <oam/plan.hpp>

namespace oam::detail {

boost::json::object pace_json(const Pace& pace);
boost::json::object pace_json(const RunPace& pace);
boost::json::array pools_json(std::span<const Pool> pools);

// What is wrong is told to `bad` by the name of its field; the rest is read.
using BadField = std::function<void(std::string_view field, std::string why)>;
Pace read_plan_pace(const boost::json::value& value, const BadField& bad);
RunPace read_plan_run_pace(const boost::json::value& value, const BadField& bad);
Pool read_plan_pool(const boost::json::value& value, const BadField& bad);

// Lines that say what the application says of its pace; nothing if it says none.
std::string pace_text(const Plan& plan);
std::string pace_text(const RunPace& pace);
std::string pace_text(const Step& step);   // with how long its gate may take

}  // namespace oam::detail
