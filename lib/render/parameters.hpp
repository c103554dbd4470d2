// What the `parameter` of a definition's template accepts: as a table for people, as
// JSON Schema, and as the smallest value that fits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include <oam/catalog.hpp>
#include <oam/cue/instance.hpp>

namespace oam::detail {

struct ParameterRow {
  std::string name;          // ports[].port, labels.*
  std::string type;          // string, int | string, []object, "TCP" | "UDP"
  bool required = false;     // it must be given, and has no default
  std::string fallback;      // its default as JSON; empty: none
  std::string description;   // what `// +usage=` says
};

// `parameter` of the template; nothing, and why added, if it does not compile. One that
// is not there accepts nothing in particular.
std::optional<cue::View> parameters_of(const Definition& definition, cue::Errors& errors);

std::vector<ParameterRow> parameter_rows(const cue::View& parameters);
boost::json::value json_schema(const cue::View& value);

// The fields that must be given and no others. Nothing: no value was found that fits.
std::optional<boost::json::value> smallest_value(const cue::View& value);

}  // namespace oam::detail
