// Properties that a plan has, whoever made it: checked on the plan alone, each with
// a counter-example where it does not hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <oam/plan.hpp>

namespace oam {

struct Property {
  std::string_view id;
  std::string_view summary;                  // what holds
  bool holds = true;
  std::string text;                          // why not
  std::vector<std::string> counter_example;  // the steps that show it
};

// delete-after-users: nothing is deleted that another step still uses.
// writes-ordered: two steps that write one object are ordered.
// core-alone: no step of the core requires one that is not.
// hook-exit: every hook says what its failure means, and nothing requires one that may fail.
// ordinals: no more instances of a group are down at once than its limit says.
OAM_API std::vector<Property> verify(const Plan& plan);

}  // namespace oam
