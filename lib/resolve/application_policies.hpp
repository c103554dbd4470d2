// Policies of scope Application: they change the application before it is resolved.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

struct Transformed {
  std::optional<Application> application;   // nothing: no policy changed it
  boost::json::value custom = {};           // what templates read as context.custom
  std::set<std::string> spoilt = {};        // components that one which is wrong would have changed
  bool wrong = false;                       // the one that they made is, and that is told
};

// `shared` is of the application as it was written.
Transformed transformed(const Resolution& shared, Diagnostics& problems);

}  // namespace oam::detail
