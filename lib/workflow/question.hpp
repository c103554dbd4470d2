// Small questions in CUE about data: conditions of steps, dates, durations.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <oam/cue/error.hpp>

namespace oam::detail {

// The value of the expression; each field of `data` is a name in it. Nothing, and why
// added, if it does not compile or is not known.
std::optional<boost::json::value> ask(std::string_view expression, const boost::json::object& data, cue::Errors& errors);

// The same with packages of CUE's standard library: `import "time"`.
std::optional<boost::json::value> ask(std::string_view imports, std::string_view expression, const boost::json::object& data, cue::Errors& errors);

std::string first_message(const cue::Errors& errors);

}  // namespace oam::detail
