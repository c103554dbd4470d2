// What stands behind a Plan.
#pragma once

#include <mutex>
#include <set>

#include <oam/plan.hpp>

namespace oam {

struct Plan::Data {
  std::string application;
  std::vector<Step> steps;
  std::vector<LaneJoin> lanes;
  Graph graph;

  // Of a plan that was read from JSON, which has no graph: what the needs are for.
  std::vector<Reason> reasons;
  std::vector<Span> places;        // of each reason
  std::set<std::string, std::less<>> rules;   // texts that reasons point to

  // A cache: writing and digesting every object is the greater part of a plan.
  mutable std::once_flag hashed;
  mutable std::string hash;
};

}  // namespace oam
