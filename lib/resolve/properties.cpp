#include "resolve/properties.hpp"

#include <algorithm>

#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// image, ports, env and 12 more
std::string listed(std::span<const std::string_view> names) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (const std::string_view each : names.first(std::min(names.size(), kShown))) text.append(text.empty() ? "" : ", ").append(each);
  return names.size() > kShown ? text + " and " + std::to_string(names.size() - kShown) + " more" : text;
}

class UnknownParameters {
 public:
  UnknownParameters(const std::string& type, bool lenient, Problems& problems) : type_(type), lenient_(lenient), problems_(problems) {}

  // `path` is that of `given` among the parameters: volumes[0].
  void look(const cue::View& schema, const json::value& given, const Place& place, const std::string& path) {
    if (given.is_array()) return look_at_elements(schema, given.get_array(), place, path);
    if (!given.is_object() || (schema.kind() != "struct" && !schema.error())) return;
    if (schema.error() && !schema.declares_fields()) return;   // it is no object
    for (const auto& [key, value] : given.get_object()) {
      const auto found = schema.find(key, false);
      if (!found || (found->declared && !value.is_structured())) continue;
      const Place at{place.document, join_pointer(place.pointer, std::string_view(key))};
      const std::string name = path + (path.empty() ? "" : ".") + std::string(key);
      if (found->declared) look(found->value, value, at, name);
      if (found->declared || schema.extensible()) continue;   // else nothing says what it is
      if (!found->value.error()) tell(schema.fields(false), name, key, at);   // else that it may not be there is told
    }
  }

 private:
  void look_at_elements(const cue::View& schema, const json::array& given, const Place& place, const std::string& path) {
    const auto elements = schema.kind() == "list" ? schema.fields(false) : std::vector<cue::Field>();
    for (std::size_t i = 0; i < elements.size() && i < given.size(); ++i)
      look(elements[i].value, given[i], {place.document, join_pointer(place.pointer, i)}, path + '[' + std::to_string(i) + ']');
  }

  void tell(const std::vector<cue::Field>& fields, const std::string& name, std::string_view key, const Place& at) {
    std::vector<std::string_view> known;
    for (const cue::Field& each : fields)
      if (each.declared) known.push_back(each.name);
    const std::string near = did_you_mean(key, known);
    problems_.strict(lenient_, "unknown-parameter", at, "type \"" + type_ + "\" has no parameter \"" + name + '"')
        .key().hint(near.empty() && !known.empty() ? "it has " + listed(known) : near);
  }

  const std::string& type_;
  bool lenient_;
  Problems& problems_;
};

}  // namespace

void unknown_parameters(const cue::View& schema, const json::value& given, const std::string& type, const Place& place,
                        bool lenient, Problems& problems) {
  UnknownParameters(type, lenient, problems).look(schema, given, place, {});
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
