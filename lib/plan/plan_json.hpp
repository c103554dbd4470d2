// A plan as JSON: for others (with places and reasons) and as canonical bytes.
#pragma once

#include <boost/json/value.hpp>

#include <string>

#include "plan_data.hpp"

namespace oam::detail {

// Of one step: the shape of the contract and what a restored plan needs.
boost::json::object step_json(const Plan& plan, const Step& step, std::span<const Span> places);

// Of one step, as the canonical bytes have it.
std::string step_meaning(const Plan::Data& plan, const Step& step);

// Steps by id, keys sorted, no places: nothing but meaning changes them.
std::string canonical_bytes(const Plan::Data& plan);
std::string canonical_hash(const Plan::Data& plan);   // their SHA-256, without holding them

// The object with `(known after STEP)` where values are not known yet.
boost::json::value shown_object(const Plan::Data& plan, const Step& step);

}  // namespace oam::detail
