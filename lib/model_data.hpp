// What stands behind a Model.
#pragma once

#include <oam/model.hpp>

namespace oam {

struct Model::Data {
  Application application;
  ResolveOptions options;
  Catalog catalog;           // what stands beside the application wins: for what is no longer wanted
  std::vector<Resource> resources;
  std::vector<std::vector<std::uint32_t>> of_component;   // indices of resources
  std::vector<Requirement> requirements;
  std::vector<ScopeMembers> scopes;
  std::vector<std::uint32_t> unowned;
  std::vector<Placement> placements;
  Lifecycle lifecycle;
  std::vector<LateRendering> late;
  Housekeeping housekeeping;
  Value workflow;
  std::vector<FlowStep> flow;
};

}  // namespace oam
