// What `oam def step` is given: that it says nothing which nobody reads.
#pragma once

#include <span>
#include <string>

#include <boost/json/value.hpp>

#include "support/problems.hpp"

namespace oam::detail {

// Tells fields that a case does not have. `given` is document 0 of `problems`.
// REQUIRES: it is an object
void check_step_case(const boost::json::value& given, Problems& problems);

// Tells answers of its scripts that were never taken: of `made`, which run_script() made of it.
void check_answers_taken(const boost::json::value& given, const boost::json::value& made, std::span<const std::string> untaken, Problems& problems);

}  // namespace oam::detail
