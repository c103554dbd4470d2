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

}  // namespace oam::detail
