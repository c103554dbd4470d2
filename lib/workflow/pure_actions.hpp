// Actions that are plain functions of their parameters.
#pragma once

#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include <oam/action.hpp>
#include <oam/cue/instance.hpp>
#include <oam/fwd.hpp>

namespace oam::detail {

// Bytes to text, dates and timestamps. Nothing, and why, if the parameters do not do.
std::optional<boost::json::value> pure_answer(Action action, const boost::json::value& params, std::string& why);

// What `patch` makes of an object, as it would of a component's; markers above its fields
// count. Nothing, and why, where both contradict.
std::optional<boost::json::value> patched_object(const boost::json::value& object, const cue::View& patch, std::string& why);

// 1h30m, 90s, 1ns: in milliseconds, rounded up. Nothing, and why, if it is no duration.
std::optional<Time> duration_of(std::string_view text, std::string& why);

}  // namespace oam::detail
