#include "resolve/references.hpp"

#include "resolve/kinds.hpp"
#include "support/field_path.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// PLURAL.GROUP of what a definition without a template renders; of a component
// definition it may stand in the workload definition that it names.
std::string_view rendered_kind(const Catalog& catalog, const Definition& d) {
  if (!d.definition_ref.empty()) return d.definition_ref;
  if (d.workload_type.empty()) return d.name;
  const Definition* workload = catalog.find(Definition::Kind::workload, d.workload_type);
  return workload && !workload->definition_ref.empty() ? workload->definition_ref : d.workload_type;
}

}  // namespace

bool set_kind(const Resolution& shared, const Definition& d, json::value& object, const Place& place) {
  if (!object.is_object()) object = json::object();
  if (object.get_object().contains("kind") && object.get_object().contains("apiVersion")) return true;
  const std::string_view ref = rendered_kind(shared.catalog, d);
  std::string api_version, kind;
  if (const CustomKind* crd = find_custom_kind(shared.catalog, ref)) {
    api_version = crd->group + '/' + (crd->versions.empty() ? "v1" : crd->versions.front());
    kind = crd->kind;
  } else if (!d.workload_kind.empty()) {
    api_version = d.workload_api_version;
    kind = d.workload_kind;
  } else if (const CoreKind* core = find_core_kind(ref)) {
    api_version = core->api_version;
    kind = core->kind;
  } else {
    shared.problems.error("missing-kind", place, "nothing says which kind " + std::string(ref) + " is")
        .hint("write apiVersion and kind, or give its CustomResourceDefinition beside");
    return false;
  }
  json::object made{{"apiVersion", api_version}, {"kind", kind}};
  for (auto& field : object.get_object())
    if (field.key() != "apiVersion" && field.key() != "kind") made.emplace(field.key(), std::move(field.value()));
  object = std::move(made);
  return true;
}

void refer_to_workload(Problems& problems, const Definition* d, const Place& place, const Resource& workload, json::value& object) {
  const CoreKind* core = find_core_kind(text_at(object, "apiVersion"), text_at(object, "kind"));
  std::string path = core ? std::string(core->workload_ref_path) : "";
  if (d && !d->workload_ref_path.empty()) path = d->workload_ref_path;
  const auto pointer = path.empty() ? std::nullopt : to_pointer(path);
  if (!pointer) return;
  make_room(object, *pointer);
  const json::value* there = find_pointer(object, *pointer);
  if (!there) return void(problems.error("invalid-field-path", place, "workloadRefPath \"" + path + "\" goes through a value that has no fields"));
  *const_cast<json::value*>(there) = {{"apiVersion", workload.api_version}, {"kind", workload.kind}, {"name", workload.name}};   // within a value of ours
}

}  // namespace oam::detail
