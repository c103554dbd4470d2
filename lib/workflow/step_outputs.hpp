// What a finished step gives to others: `outputs`, each the value of a path or of an
// expression over the step.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include <oam/application.hpp>
#include <oam/cue/instance.hpp>

namespace oam::detail {

// By name; what is not there is null, and told in `missing`. Without `$returns` in it a path is
// looked for in the answers too: output.status is output.$returns.status.
boost::json::object step_outputs(const std::vector<Output>& outputs, cue::Instance* step, std::string& missing);

}  // namespace oam::detail
