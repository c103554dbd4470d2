// RFC 6902 patches.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace oam::detail {

// False: an operation cannot be done, and `why` says it. A `replace` of what is not
// there adds it, as the library that Kubernetes uses does.
bool json_patch(boost::json::value& target, const boost::json::value& operations, std::string& why);

}  // namespace oam::detail
