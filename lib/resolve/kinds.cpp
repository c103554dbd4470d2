#include "resolve/kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "catalog_data.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {
namespace {

constexpr auto kCoreKinds = std::to_array<CoreKind>({
    {"containerizedworkloads.core.oam.dev", "core.oam.dev/v1alpha2", "ContainerizedWorkload", Definition::Kind::workload, ""},
    {"manualscalertraits.core.oam.dev", "core.oam.dev/v1alpha2", "ManualScalerTrait", Definition::Kind::trait, "spec.workloadRef"},
    {"healthscopes.core.oam.dev", "core.oam.dev/v1alpha2", "HealthScope", Definition::Kind::scope, "spec.workloadRefs"},
});

}  // namespace

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == api_version.npos ? std::string_view() : api_version.substr(0, slash);
}

const CoreKind* find_core_kind(std::string_view api_version, std::string_view kind) {
  const auto found = std::ranges::find_if(kCoreKinds, [&](const CoreKind& k) { return k.api_version == api_version && k.kind == kind; });
  return found == kCoreKinds.end() ? nullptr : &*found;
}

const CoreKind* find_core_kind(std::string_view plural_group) {
  const auto found = std::ranges::find(kCoreKinds, plural_group, &CoreKind::plural_group);
  return found == kCoreKinds.end() ? nullptr : &*found;
}

std::vector<std::string> plural_groups(std::string_view api_version, std::string_view kind) {
  std::string name(kind);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::vector<std::string> all{name + "s", name + "es", name};
  if (name.ends_with('y')) all.push_back(name.substr(0, name.size() - 1) + "ies");
  const std::string_view group = group_of(api_version);
  if (!group.empty())
    for (std::string& plural : all) plural.append(".").append(group);
  return all;
}

bool is_namespaced(const Catalog& catalog, std::string_view api_version, std::string_view kind) {
  if (const CustomKind* crd = find_custom_kind(catalog, group_of(api_version), kind)) return crd->namespaced;
  return !is_cluster_scoped(api_version, kind);
}

const Definition* definition_for(const Catalog& catalog, Definition::Kind kind, const boost::json::value& object) {
  const std::string_view api_version = text_at(object, "apiVersion"), name = text_at(object, "kind");
  std::vector<std::string> candidates = plural_groups(api_version, name);
  if (const CustomKind* crd = find_custom_kind(catalog, group_of(api_version), name))
    candidates.insert(candidates.begin(), crd->plural + '.' + crd->group);
  for (const std::string& candidate : candidates) {
    if (const Definition* d = catalog.find(kind, candidate)) return d;
    for (const Definition& d : catalog.definitions())
      if (d.kind == kind && d.definition_ref == candidate) return &d;
  }
  return nullptr;
}

}  // namespace oam::detail
