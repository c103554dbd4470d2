// What a step found and makes of it, as JSON.
#pragma once

#include <boost/json/object.hpp>

#include <memory>

#include <oam/plan.hpp>

namespace oam::detail {

// Fields of the step: "why", "replace", "precondition", "changes", "before".
void add_change(const StepChange& change, boost::json::object& step);
std::shared_ptr<const StepChange> read_change(const boost::json::value& step);

// Of a precondition what has meaning: a revision that only a status moved has none.
boost::json::object canonical_precondition(const StepChange& change);

boost::json::object difference_json(const Difference& difference);

}  // namespace oam::detail
