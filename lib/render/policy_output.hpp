// What a policy of scope Application may put out.
#pragma once

#include <string_view>

namespace oam::detail {

inline constexpr std::string_view kPolicyOutput[] = {"labels", "annotations", "ctx", "components", "workflow", "policies"};

}  // namespace oam::detail
