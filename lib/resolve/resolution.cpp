#include "resolve/resolution.hpp"

#include <oam/json.hpp>

namespace oam::detail {

Resolution::Resolution(const Application& application, const Catalog& given, const ResolveOptions& options, Problems& found)
    : app(*application.data),
      catalog(given.with(application.data->definitions)),
      lenient(options.lenient || application.lenient()),
      problems(found),
      model(std::make_shared<Model::Data>()),
      trait_resources(app.components.size()) {
  model->application = application;
  model->options = options;
  model->catalog = catalog;
  model->resources.reserve(app.components.size());
  model->of_component.resize(app.components.size());
}

std::uint32_t Resolution::add(Resource resource, boost::json::value object) {
  resource.object = share(std::move(object));
  model->resources.push_back(std::move(resource));
  return static_cast<std::uint32_t>(model->resources.size() - 1);
}

std::uint32_t Resolution::add_to(std::uint32_t component, Resource resource, boost::json::value object) {
  const std::uint32_t index = add(std::move(resource), std::move(object));
  (component == kAdded ? model->unowned : model->of_component[component]).push_back(index);
  return index;
}

}  // namespace oam::detail
