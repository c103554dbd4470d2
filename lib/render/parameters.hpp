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

// Names that it does not declare too, as `labels` does or `parameter: {}` that is used as a whole?
bool takes_anything(const Definition& definition, const cue::View& parameters);

std::vector<ParameterRow> parameter_rows(const cue::View& parameters, bool anything = false);

// What may stand beside the fields that are declared: `any` at the top, `none` where nothing
// says that more may, `unsaid` leaves it to whoever checks.
enum class Beside : std::uint8_t { unsaid, none, any };
boost::json::value json_schema(const cue::View& value, Beside beside = Beside::unsaid);

// The fields that must be given and no others. Nothing: no value was found that fits.
std::optional<boost::json::value> smallest_value(const cue::View& value);

}  // namespace oam::detail
