// What stands behind a Plan.
#pragma once

#include <oam/plan.hpp>

namespace oam {

struct Plan::Data {
  std::string application;
  std::vector<Step> steps;
  Graph graph;
  std::string hash;
};

}  // namespace oam
