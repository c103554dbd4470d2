// Values that come late: does a condition hold, is a value there, and how it gets
// into an object. Pure functions; paths are JSON pointers.
#pragma once

#include <boost/json/value.hpp>

#include <span>
#include <string_view>

#include <oam/model.hpp>

namespace oam::detail {

// Writes to `pointer`, making the maps on the way; behind the end of a list it
// appends. False if something in the way is neither map nor list.
bool write_at(boost::json::value& object, std::string_view pointer, boost::json::value value);

// `value` is what stands at the path itself, null if nothing does.
bool condition_holds(const Condition& condition, const boost::json::value& object, const boost::json::value* value);

// Does what a Fill says. `input` is the value that came; null for a literal.
// False if it cannot be done.
bool apply_fill(boost::json::value& object, const Fill& fill, const boost::json::value* input);

}  // namespace oam::detail
