// What Kubernetes lets nobody change once an object is made. From the validation of its API server.
#pragma once

#include <boost/json/value.hpp>

#include <string>

#include <oam/difference.hpp>

namespace oam::detail {

// The path of the first difference that is fixed; empty if all can be changed.
std::string fixed_field(const boost::json::value& observed, std::span<const Difference> differences);

// That a PersistentVolumeClaim asks for less than it has, which can only grow; null if it does not.
const Difference* smaller_claim(const boost::json::value& observed, std::span<const Difference> differences);

}  // namespace oam::detail
