// Templates in Jsonnet (jsonnet.org), by libjsonnet: `parameter` and `context` are
// external variables, nothing can be imported. Jsonnet bounds the depth of calls
// alone, neither steps nor memory: it is for definitions that one trusts.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace oam::detail {

bool has_jsonnet();   // was the library built with it?

// What the template makes. Nothing, and why in `error`, if it fails. REQUIRES: has_jsonnet()
std::optional<boost::json::value> evaluate_jsonnet(const std::string& name, const std::string& text,
                                                   const boost::json::value& parameter,
                                                   const boost::json::value& context, std::string& error);

}  // namespace oam::detail
