// From checked documents to the parts of an Application.
#pragma once

#include <boost/json/value.hpp>

#include <map>
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

// Names, duplicates, references, timeouts: what needs no types.
void check_application(const Application::Data& data, Problems& problems);

// The application that `document` makes of `before`, with all that stands beside. What was
// wrong with it before is not told again.
Application changed_application(const Application::Data& before, boost::json::value document, bool lenient, Diagnostics& problems);

}  // namespace oam::detail
