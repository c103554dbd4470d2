// A plan against what was observed, for people: what is made, changed and deleted,
// field by field, and after what.
#pragma once

#include <string>
#include <string_view>

#include <oam/plan.hpp>

namespace oam::detail {

// `hint` stands below it: how to see why.
std::string change_text(const Plan& plan, bool colour, std::string_view hint = "To see why one comes after another: oam explain STEP STEP -f FILE --observed FILE");

// spec.replicas: 2 -> 3
std::string arrow(const Difference& difference);

}  // namespace oam::detail
