// From checked documents to the parts of an Application.
#pragma once

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>

#include "application_data.hpp"
#include "support/problems.hpp"

namespace oam::detail {

// A value inside a document, which it keeps alive; null for a null pointer.
Value inside(const Value& document, const boost::json::value* value);

// The spec of a v1beta1 Application.
void read_application(const Value& document, std::uint32_t index, Application::Data& data, Problems& problems);

// The spec of an ApplicationConfiguration; `components` are the Component
// documents by name.
void read_configuration(const Value& document, std::uint32_t index,
                        const std::map<std::string, std::uint32_t, std::less<>>& components, Application::Data& data,
                        Problems& problems);

// The document of a Policy or Workflow object that stands beside, in the namespace of the application.
std::optional<std::uint32_t> object_beside(const Application::Data& app, std::string_view kind, std::string_view name);
std::optional<Workflow> workflow_beside(const Application::Data& app, std::string_view name);

// Names, duplicates, references, timeouts: what needs no types.
void check_application(const Application::Data& data, Problems& problems);

// The application that `document` makes of `before`, with all that stands beside. What was
// wrong with it before is not told again.
Application changed_application(const Application::Data& before, boost::json::value document, bool lenient, Diagnostics& problems);

}  // namespace oam::detail
