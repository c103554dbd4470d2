// The effective workflow: the steps as written, or those that stand for none.
#pragma once

#include <boost/json/array.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

boost::json::array effective_workflow(const Resolution& shared);

// What the author wrote: `workflow` of the application, or a Workflow object beside it.
struct WrittenWorkflow {
  const boost::json::value* whole = nullptr;
  const boost::json::array* steps = nullptr;   // null: they are generated
  Place place;                                 // of the steps, or of the application
};
WrittenWorkflow written_workflow(const Application::Data& app);

// The document of a Policy or Workflow object that stands beside, in the namespace of the application.
std::optional<std::uint32_t> object_beside(const Application::Data& app, std::string_view kind, std::string_view name);

}  // namespace oam::detail
