// What the passes of resolve() share: what was asked, where problems go, the Model so far.
#pragma once

#include <boost/json/value.hpp>

#include <set>

#include "application_data.hpp"
#include "catalog_data.hpp"
#include "model_data.hpp"
#include "resolve/field_origin.hpp"
#include "resolve/step_values.hpp"
#include "support/problems.hpp"

namespace oam::detail {

struct Resolution {
  static constexpr std::uint32_t kAdded = 0xffffffff;   // by an override: no component of the application

  Resolution(const Application& application, const Catalog& catalog, const ResolveOptions& options, Problems& problems);

  // Appends a resource of no component; its index.
  std::uint32_t add(Resource resource, boost::json::value object);
  // One of component `component` of the application, or of one that was added.
  std::uint32_t add_to(std::uint32_t component, Resource resource, boost::json::value object);

  const Application::Data& app;
  const Catalog catalog;   // what stands beside the application wins
  const bool lenient;
  Problems& problems;
  std::shared_ptr<Model::Data> model;
  StepValues step_values = {};
  std::set<std::pair<std::string, std::uint32_t>> deployed = {};   // by deploy step: the components that its override policies select
  boost::json::value live = {};     // of a rendering that ends later: the workload as it runs
  boost::json::value custom = {};   // context.custom: of policies of scope Application
  std::set<std::string> spoilt = {};  // components that are not rendered: a policy that is wrong would have changed them
  std::set<std::pair<std::string, std::string>> calls = {};  // of providers, which answers may be for: by component, TYPE.PATH
  std::vector<std::vector<FieldOrigin>> origins;             // by resource, if they are asked for
  std::vector<std::vector<std::uint32_t>> trait_resources;   // 0.2: by component, then trait
};

}  // namespace oam::detail
