// What Kubernetes lets nobody change once an object is made, and which keys only one
// object can hold at a time. From the validation of its API server.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <oam/difference.hpp>

namespace oam::detail {

// The path of the first difference that is fixed; empty if all can be changed.
std::string fixed_field(const boost::json::value& observed, std::span<const Difference> differences);

// Such as "node port 30080/TCP" or "host shop.example.com/ of ingress class nginx";
// those of the annotation app.oam.dev/exclusive-keys (a, b) too.
std::vector<std::string> exclusive_keys(const boost::json::value& object);

}  // namespace oam::detail
