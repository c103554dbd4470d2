// What a step found and makes of it, as JSON.
#pragma once

#include <boost/json/object.hpp>

#include <memory>

#include "plan/pace_json.hpp"

namespace oam::detail {

// Fields of the step: "why", "replace", "precondition", "changes", "before".
void add_change(const StepChange& change, boost::json::object& step);
std::shared_ptr<const StepChange> read_change(const boost::json::value& step, const BadField& bad);

// Of a precondition what has meaning: a revision that only a status moved has none.
boost::json::object canonical_precondition(const StepChange& change);

// SHA-256 over what the hash leaves out of what the steps found: "why", "revision", "changes"
// and "before". Empty: the plan was compared with nothing.
std::string checksum(const Plan::Data& plan);

// What is wrong with the checksum of a plan that was read from `saved`; empty: nothing. That there
// is none, as older programs wrote it, is a warning.
std::string wrong_checksum(const boost::json::value& saved, const Plan& plan, Diagnostics& problems, std::string_view name);

boost::json::object difference_json(const Difference& difference);

}  // namespace oam::detail
