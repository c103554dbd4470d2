#include "resolve/properties.hpp"

#include <algorithm>

#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

void unknown_parameters(const cue::View& schema, const json::value& given, const std::string& type, const Place& place,
                        bool lenient, Problems& problems) {
  if (given.is_array()) {
    const auto elements = schema.kind() == "list" ? schema.fields(false) : std::vector<cue::Field>();
    for (std::size_t i = 0; i < elements.size() && i < given.get_array().size(); ++i) {
      const Place at{place.document, join_pointer(place.pointer, i)};
      unknown_parameters(elements[i].value, given.get_array()[i], type, at, lenient, problems);
    }
    return;
  }
  if (!given.is_object() || (schema.kind() != "struct" && !schema.error())) return;
  const std::vector<cue::Field> fields = schema.fields(false);
  if (schema.error() && std::ranges::none_of(fields, &cue::Field::declared)) return;   // it is no object
  for (const auto& [key, value] : given.get_object()) {
    const Place at{place.document, join_pointer(place.pointer, std::string_view(key))};
    const auto found = std::ranges::find(fields, std::string_view(key), &cue::Field::name);
    if (found == fields.end()) continue;
    if (!found->declared && schema.extensible()) continue;   // nothing says what it is
    if (!found->declared && found->value.error()) continue;  // that it may not be there is told
    if (found->declared) {
      if (value.is_structured()) unknown_parameters(found->value, value, type, at, lenient, problems);
      continue;
    }
    std::vector<std::string_view> known;
    for (const cue::Field& each : fields)
      if (each.declared) known.push_back(each.name);
    problems.strict(lenient, "unknown-parameter", at, "type \"" + type + "\" has no parameter \"" + std::string(key) + '"')
        .key().hint(did_you_mean(std::string(key), known));
  }
}

void MissingParameters::collect(const cue::View& schema, const std::string& path) {
  if (schema.kind() != "struct" && schema.kind() != "list") return;
  for (const cue::Field& each : schema.fields(false)) {
    if (each.optional || each.hidden || each.definition) continue;
    const std::string here = path + (path.empty() ? "" : ".") + each.label;
    if (!each.value.awaits().empty()) continue;
    if (!each.value.concrete()) names_.push_back(here + " (" + each.value.kind() + ')');
    else collect(each.value, here);
  }
}

void MissingParameters::tell(Problems& problems) {
  if (std::exchange(told_, true)) return;
  for (const std::string& each : names_) problems.error("missing-parameter", place_, "parameter " + each + " is not given");
}

}  // namespace oam::detail
