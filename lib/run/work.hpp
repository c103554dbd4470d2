// The work of a render task as JSON, see Task::object in run.hpp.
#pragma once

#include <oam/run.hpp>

#include <boost/json/value.hpp>

namespace oam::detail {

boost::json::value to_work(const Fill& fill, const Value& given);

// One element of "objects"; nothing and a `problem` if it cannot be done.
std::optional<boost::json::value> do_work(const boost::json::value& work, std::string& problem);

// The object of the step that the work is for, or those of the steps that it is rendered for.
bool add_objects(const boost::json::value& work, boost::json::value object, boost::json::object& made, std::string& problem);
bool is_rendered_late(const Step& step);   // does it need a template?

// Null while the output is not there, or its conditions do not hold.
const boost::json::value* read_output(const StepOutput& output, const boost::json::value& object);

}  // namespace oam::detail
