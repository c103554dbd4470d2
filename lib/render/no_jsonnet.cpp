// Where the library is built without libjsonnet.
#include "render/jsonnet.hpp"

namespace oam::detail {

bool has_jsonnet() { return false; }

std::optional<boost::json::value> evaluate_jsonnet(const std::string&, const std::string&, const boost::json::value&,
                                                   const boost::json::value&, std::string& error) {
  error = "this build has no Jsonnet";
  return std::nullopt;
}

}  // namespace oam::detail
