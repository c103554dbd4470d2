// An object without what a cluster adds to it: what can be compared, and digested.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <string>
#include <string_view>

#include <oam/document.hpp>

namespace oam::detail {

// What was applied last, as annotations tell it; they are no fields of their own.
inline constexpr std::array<std::string_view, 2> kLastApplied = {"app.oam.dev/last-applied-configuration",
                                                                 "kubectl.kubernetes.io/last-applied-configuration"};

// Without status, without what a cluster writes into metadata, without labels that
// number revisions; a Secret's stringData as data. Null of null.
boost::json::value comparable(const Value& object);
boost::json::value comparable(const Value& object, boost::json::monotonic_resource& memory);   // for a while

// A Secret with its stringData as data; what else it is given as it is.
boost::json::value with_data(boost::json::value object);
std::string as_data(std::string_view pointer);   // /data/a of /stringData/a

// SHA-256 of that, hex.
std::string comparable_digest(const Value& object);

// Of a kind that stands in none: nothing keeps the one that is written.
Value without_namespace(const Value& object);

}  // namespace oam::detail
