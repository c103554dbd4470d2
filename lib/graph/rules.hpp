// Rules of order that an application may switch off by their ids.
#pragma once

#include <string>
#include <string_view>

namespace oam::detail {

// All others hold always.
bool may_be_off(std::string_view rule);
std::string rules_that_may_be_off();   // class-first, config-first, …

}  // namespace oam::detail
