// Which keys an object needs that only one object can hold at a time.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace oam::detail {

// Such as "node port 30080/TCP" or "host shop.example.com/ of ingress class nginx";
// those of the annotation app.oam.dev/exclusive-keys (a, b) too.
std::vector<std::string> exclusive_keys(const boost::json::value& object);

}  // namespace oam::detail
