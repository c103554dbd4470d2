// What stands behind a Plan.
#pragma once

#include <mutex>

#include <oam/plan.hpp>

namespace oam {

// Steps whose objects go through the states of a machine that a definition declares.
struct StepLife {
  StateMachine machine;
  std::vector<std::string> steps;   // ids, sorted
};

// All of a plan but what is made of it on demand.
struct PlanParts {
  std::string application;
  std::vector<Step> steps;
  std::vector<LaneJoin> lanes;
  std::vector<InstanceLimit> limits;
  std::vector<Pool> pools;
  RunPace pace;
  std::vector<StepLife> lives;     // by name
  Documents documents;             // where the places of reasons lead
  std::vector<Reason> reasons;
  bool compared = false;           // against what was observed
  std::size_t kept = 0;            // objects that are as they should be
  std::string incomplete;          // why this is a part of a plan alone

  // Of a plan that was not made by plan(): it has no documents.
  std::vector<Span> places;        // of each reason

  // Of a plan that plan() made: the step that applies each resource, by placement, then
  // resource; kNone: it is not there. And the place of each step among the nodes of its graph.
  std::vector<std::uint32_t> apply_of;
  std::uint32_t resources = 0;             // of the model
  std::vector<NodeId> nodes;
  std::vector<std::uint64_t> signatures;   // of each component, see plan/neutral.hpp
};

struct Plan::Data : PlanParts {
  // Caches: writing and digesting every object is the greater part of a plan, and few ask for its graph.
  mutable std::once_flag hashed, drawn;
  mutable std::string hash;
  mutable Graph graph;
};

}  // namespace oam
