#include "resolve/v1alpha2_rendering.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "resolve/naming.hpp"
#include "resolve/references.hpp"
#include "resolve/rules.hpp"
#include "support/field_path.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// OAM 0.2 values are text or integers; a field that holds a number keeps its kind.
json::value fitted(const json::value& value, const json::value& target) {
  if (target.is_string() && !value.is_string()) return json::value(to_json(value));
  if (!target.is_number() && !target.is_bool()) return value;
  if (!value.is_string()) return value;
  Diagnostics ignored;
  const auto parsed = parse_json(std::string(value.get_string()), ignored);
  const bool fits = parsed && (target.is_bool() ? parsed->is_bool() : parsed->is_number());
  return fits ? *parsed : value;
}

const Definition* definition_of(const Resolution& shared, Definition::Kind kind, const json::value& object, const Place& place) {
  const Definition* d = definition_for(shared.catalog, kind, object);
  const std::string_view api_version = text_at(object, "apiVersion"), name = text_at(object, "kind");
  if (d || name.empty() || find_core_kind(api_version, name)) return d;
  const bool of_trait = kind == Definition::Kind::trait;
  const std::string what = of_trait ? "trait" : "workload", wanted = of_trait ? "TraitDefinition" : "WorkloadDefinition";
  shared.problems
      .strict(shared.lenient, "missing-definition", place,
              "there is no definition for the " + what + " kind " + std::string(name) + " of " + std::string(api_version))
      .hint("give a " + wanted + " named " + plural_groups(api_version, name).front());
  return nullptr;
}

}  // namespace

void V1alpha2Rendering::run() {
  const std::uint32_t first = workload();
  std::vector<const Definition*> definitions;
  for (const Trait& t : c_.traits) definitions.push_back(t.object ? trait(t, shared_.model->resources[first]) : nullptr);
  check_conflicts(shared_, c_, definitions, first);
}

// The index of its resource.
std::uint32_t V1alpha2Rendering::workload() {
  Resource r;
  r.place = c_.workload_place;
  json::value object = with_parameters();
  definition_of(shared_, Definition::Kind::workload, object, c_.workload_place);
  const bool revised = std::ranges::any_of(c_.traits, [&](const Trait& t) {
    const Definition* d = t.object ? definition_for(shared_.catalog, Definition::Kind::trait, *t.object) : nullptr;
    return d && d->revision_enabled;
  });
  if (revised && text_at(object, "metadata", "name").empty())
    map_at(object.get_object(), "metadata")["name"] = c_.revision.empty() ? c_.name + "-v1" : c_.revision;
  name_and_label(shared_, c_, r, object, text_at(object, "kind"));
  return shared_.add_to(index_, std::move(r), std::move(object));
}

json::value V1alpha2Rendering::with_parameters() {
  json::value object = *c_.workload;
  for (const Parameter& p : c_.parameters) write_parameter(p, object);
  return object;
}

void V1alpha2Rendering::write_parameter(const Parameter& p, json::value& object) {
  std::string_view first;
  for (std::size_t i = 0; i < p.field_paths.size(); ++i) {
    const Place here{p.place.document, p.place.pointer + "/fieldPaths/" + std::to_string(i)};
    const auto pointer = to_pointer(p.field_paths[i]);
    if (!pointer) {
      shared_.problems.error("invalid-field-path", here, "\"" + p.field_paths[i] + "\" is no field path")
          .expected("spec.containers[0].image");
      continue;
    }
    const json::value* target = find_pointer(*c_.workload, *pointer);
    if (target && target->is_structured())
      shared_.problems
          .error("parameter-type", here,
                 "\"" + p.field_paths[i] + "\" leads to " + std::string(kind_of(*target)) + ", not to a value")
          .related(c_.workload_place, "in this workload");
    else if (target && !first.empty() && kind_of(*target) != first)
      shared_.problems.strict(
          shared_.lenient, "parameter-type", here,
          "parameter \"" + p.name + "\" is written to " + std::string(first) + " and to " + std::string(kind_of(*target)));
    if (target && first.empty()) first = kind_of(*target);
    if (!p.value || (target && target->is_structured())) continue;
    if (!write_at(object, *pointer, target ? fitted(*p.value, *target) : *p.value))
      shared_.problems.error("invalid-field-path", here, "\"" + p.field_paths[i] + "\" goes through a value that has no fields");
  }
}

const Definition* V1alpha2Rendering::trait(const Trait& t, const Resource& workload) {
  json::value object = *t.object;
  const Definition* d = definition_of(shared_, Definition::Kind::trait, object, t.place);
  if (d) check_applies(shared_, *d, c_, t, workload);
  Resource r;
  r.role = Resource::Role::trait;
  r.trait = t.type;
  r.place = t.place;
  refer_to_workload(shared_.problems, d, t.place, workload, object);
  name_and_label(shared_, c_, r, object, t.type);
  shared_.trait_resources[index_].push_back(shared_.add_to(index_, std::move(r), std::move(object)));
  return definition_for(shared_.catalog, Definition::Kind::trait, *t.object);
}

}  // namespace oam::detail
