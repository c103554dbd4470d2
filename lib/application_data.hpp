// What stands behind an Application.
#pragma once

#include <oam/application.hpp>
#include <oam/catalog.hpp>

namespace oam {

struct Application::Data {
  std::string name, namespace_, api_version;
  Pairs labels, annotations;
  std::vector<Component> components;
  std::vector<Policy> policies;
  std::optional<Workflow> workflow;
  Place place;                        // of the application's document
  Place metadata_place;
  bool lenient = false;

  Documents documents;
  std::vector<std::uint32_t> others;  // documents that are no OAM kind: references, CRDs
  Catalog definitions;                // those that stood beside; they win over the catalogue
  std::vector<std::string> lost;
};

}  // namespace oam
