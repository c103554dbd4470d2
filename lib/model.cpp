#include <oam/model.hpp>

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/application_policies.hpp"
#include "resolve/component_rendering.hpp"
#include "resolve/deployments.hpp"
#include "resolve/flow.hpp"
#include "resolve/lifecycle.hpp"
#include "resolve/placements.hpp"
#include "resolve/policy_rendering.hpp"
#include "resolve/policy_uses.hpp"
#include "resolve/provenance.hpp"
#include "resolve/rules.hpp"
#include "resolve/scopes.hpp"
#include "resolve/treatments.hpp"
#include "resolve/unused_answers.hpp"
#include "resolve/v1alpha2_rendering.hpp"
#include "resolve/wiring.hpp"
#include "resolve/workflow.hpp"

namespace oam {

const Application& Model::application() const noexcept { return data->application; }
std::span<const Resource> Model::resources() const noexcept { return data->resources; }
std::span<const std::uint32_t> Model::resources_of(std::size_t component) const noexcept { return data->of_component[component]; }
std::span<const Requirement> Model::requirements() const noexcept { return data->requirements; }
std::span<const ScopeMembers> Model::scopes() const noexcept { return data->scopes; }
std::span<const std::uint32_t> Model::unowned() const noexcept { return data->unowned; }
std::span<const Placement> Model::placements() const noexcept { return data->placements; }
const Lifecycle& Model::lifecycle() const noexcept { return data->lifecycle; }
std::span<const FlowStep> Model::flow() const noexcept { return data->flow; }
std::span<const LateRendering> Model::late() const noexcept { return data->late; }
const Housekeeping& Model::housekeeping() const noexcept { return data->housekeeping; }
Value Model::workflow() const noexcept { return data->workflow; }
std::string_view text(Provenance::By by) noexcept {
  constexpr std::string_view kNames[] = {"component", "trait", "policy", "parameter", "override",
                                         "default",   "context", "input", "application", "oam"};
  return kNames[static_cast<std::size_t>(by)];
}

const ResolveOptions& Model::options() const noexcept { return data->options; }

namespace detail {

namespace {

// The place of a component of a deployment among the application's.
std::uint32_t index_of(const Resolution& shared, const Deployment& d, const Component& c) {
  const auto& all = shared.app.components;
  const auto same = static_cast<std::size_t>(&c - d.components.data());   // of several with one name each stands for itself
  if (same < all.size() && all[same].name == c.name) return static_cast<std::uint32_t>(same);
  const auto own = std::ranges::find(all, c.name, &Component::name);
  return own == all.end() ? Resolution::kAdded : static_cast<std::uint32_t>(own - all.begin());
}

void run(Resolution& shared) {
  shared.model->workflow = share(boost::json::value(effective_workflow(shared)));
  shared.step_values = StepValues(shared.app);
  const std::vector<Deployment> all = deployments(shared);
  check_policy_uses(shared);
  for (const Deployment& d : all) {
    add_placements(shared, d.placement);
    const DescribedComponents components(d.components);
    for (const Component& c : d.components) {
      const std::uint32_t index = index_of(shared, d, c);
      if (index != Resolution::kAdded) shared.deployed.emplace(d.step, index);
      if (shared.spoilt.contains(c.name)) continue;
      if (c.workload) V1alpha2Rendering(shared, c, index).run();
      else ComponentRendering(shared, d, c, index, components).run();
    }
  }
  if (shared.model->placements.empty()) add_placements(shared, "");
  render_policies(shared, DescribedComponents(all.empty() ? shared.app.components : all.back().components));
  resolve_lifecycle(shared);
  resolve_requirements(shared);
  resolve_flow(shared);
  Wiring(shared).run();
  resolve_scopes(shared);
  check_duplicates(shared);
  check_exclusive_keys(shared);
  resolve_treatments(shared);
  check_answers(shared);
  if (shared.model->options.provenance) finish_provenance(shared);
}

}  // namespace

// What is left to do once policies have changed the application.
std::optional<Model> resolve_changed(const Application& application, Resolution& before, bool wrong, Diagnostics& problems) {
  const ResolveOptions& options = before.model->options;
  const bool failed_before = wrong || before.problems.has_errors();
  before.problems.flush();
  Problems found(application.documents(), problems);
  Resolution shared(application, before.catalog, options, found);
  shared.custom = std::move(before.custom);
  shared.spoilt = std::move(before.spoilt);
  run(shared);
  const bool failed = (failed_before || found.has_errors()) && !options.partial;
  found.flush();
  if (failed) return std::nullopt;
  return Model{std::move(shared.model)};
}

}  // namespace detail

std::optional<Model> resolve(const Application& application, const Catalog& catalog, const ResolveOptions& options, Diagnostics& problems) {
  detail::Problems found(application.documents(), problems);
  detail::Resolution shared(application, catalog, options, found);
  detail::Transformed changed = detail::transformed(shared, problems);
  shared.custom = std::move(changed.custom);
  shared.spoilt = std::move(changed.spoilt);
  if (changed.application) return detail::resolve_changed(*changed.application, shared, changed.wrong, problems);
  detail::run(shared);
  const bool failed = found.has_errors() && !options.partial;
  found.flush();
  if (failed) return std::nullopt;
  return Model{std::move(shared.model)};
}

}  // namespace oam
