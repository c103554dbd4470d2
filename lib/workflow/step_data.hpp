// Data between steps: variables, inputs into parameters, the condition.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include <oam/step_program.hpp>

namespace oam::detail {

// 5.0 as 5, and so on below: the order of fields stays, unlike template_data().
boost::json::value whole_numbers(boost::json::value value);

// What a path like o.x or list[0] leads to; null if nowhere.
const boost::json::value* at_path(const boost::json::value& root, std::string_view path);

// Both at once: objects come together, all else must be equal. False: they contradict.
bool merge_into(boost::json::value& into, const boost::json::value& from);

// Puts a value where `path` (of a parameter) leads, in the place of what is there; objects
// and elements on the way are made. False: a scalar stands in the way.
bool put_at(boost::json::value& root, std::string_view path, const boost::json::value& value);

// A variable, or a part of context and parameter; null: there is none.
const boost::json::value* source_of(const Input& input, const boost::json::value& variables, const boost::json::value& basic);

// `if` of a step, asked with inputs, status, context and parameter. Nothing, and why, if
// it is no condition.
std::optional<bool> decide(const ProgramInput& input, const boost::json::value& variables, const boost::json::value& basic, std::string& why);

}  // namespace oam::detail
