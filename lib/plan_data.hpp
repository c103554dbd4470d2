// What stands behind a Plan.
#pragma once

#include <mutex>
#include <set>

#include <oam/plan.hpp>

namespace oam {

// Steps whose objects go through the states of a machine that a definition declares.
struct StepLife {
  StateMachine machine;
  std::vector<std::string> steps;   // ids, sorted
};

// All of a plan but its hash.
struct PlanParts {
  std::string application;
  std::vector<Step> steps;
  std::vector<LaneJoin> lanes;
  std::vector<InstanceLimit> limits;
  std::vector<Pool> pools;
  RunPace pace;
  std::vector<StepLife> lives;     // by name
  Graph graph;
  bool compared = false;           // against what was observed
  std::size_t kept = 0;            // objects that are as they should be
  std::string incomplete;          // why this is a part of a plan alone

  // Of a plan that was read from JSON, which has no graph: what the needs are for.
  std::vector<Reason> reasons;
  std::vector<Span> places;        // of each reason
  std::set<std::string, std::less<>> rules;   // texts that reasons point to

  // Of a plan that was made here: the step that applies each resource, by placement, then
  // resource; kNone: it is not there.
  std::vector<std::uint32_t> apply_of;
  std::vector<std::uint64_t> signatures;   // of each component, see plan/neutral.hpp
};

struct Plan::Data : PlanParts {
  // A cache: writing and digesting every object is the greater part of a plan.
  mutable std::once_flag hashed;
  mutable std::string hash;
};

}  // namespace oam
