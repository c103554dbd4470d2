// What the deploy steps of a workflow render: components, changed by override policies,
// once for each topology.
#pragma once

#include <optional>

#include "resolve/overrides.hpp"
#include "resolve/resolution.hpp"

namespace oam::detail {

struct Deployment {
  std::string step;        // of the workflow, which deploys them
  std::string placement;   // the topology policy's name; empty: the application's own cluster
  std::vector<Component> components;
  std::vector<OverrideChange> changes;   // what made them so
};

// One of all components as they are where no step deploys. The Model's workflow is set.
std::vector<Deployment> deployments(const Resolution& shared);

// Policy objects in the namespace of the application, which its workflow may name.
std::vector<Policy> policies_beside(const Application::Data& app);

// Of the application, or a Policy object that stands beside it.
std::optional<Policy> find_policy(const Application::Data& app, std::string_view name);

}  // namespace oam::detail
