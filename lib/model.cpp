#include <oam/model.hpp>

#include <oam/json.hpp>

#include "resolve/resolver.hpp"

namespace oam {

const Application& Model::application() const noexcept { return data->application; }
std::span<const Resource> Model::resources() const noexcept { return data->resources; }
std::span<const std::uint32_t> Model::resources_of(std::size_t component) const noexcept { return data->of_component[component]; }
std::span<const Requirement> Model::requirements() const noexcept { return data->requirements; }
std::span<const ScopeMembers> Model::scopes() const noexcept { return data->scopes; }
std::span<const std::uint32_t> Model::unowned() const noexcept { return data->unowned; }
Value Model::workflow() const noexcept { return data->workflow; }
const ResolveOptions& Model::options() const noexcept { return data->options; }

namespace detail {

Resolver::Resolver(const Application& application, const Catalog& catalog, const ResolveOptions& options, Problems& problems)
    : app_(*application.data),
      catalog_(catalog.with(application.data->definitions)),
      lenient_(options.lenient || application.lenient()),
      problems_(problems),
      model_(std::make_shared<Model::Data>()) {
  model_->application = application;
  model_->options = options;
}

void Resolver::run() {
  const auto count = static_cast<std::uint32_t>(app_.components.size());
  model_->resources.reserve(count);
  model_->of_component.resize(count);
  trait_resources_.resize(count);
  model_->workflow = share(boost::json::value(effective_workflow()));
  for (const Deployment& each : deployments()) deployment(each);
  policy_objects();
  requirements();
  for (std::uint32_t i = 0; i < count; ++i) outputs(i);
  for (std::uint32_t i = 0; i < count; ++i) inputs(i);
  scopes();
  duplicates();
}

}  // namespace detail

std::optional<Model> resolve(const Application& application, const Catalog& catalog, const ResolveOptions& options, Diagnostics& problems) {
  detail::Problems found(application.documents(), problems);
  detail::Resolver resolver(application, catalog, options, found);
  resolver.run();
  const bool failed = found.has_errors() && !options.partial;
  found.flush();
  if (failed) return std::nullopt;
  return Model{resolver.take()};
}

}  // namespace oam
