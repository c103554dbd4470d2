#include "resolve/kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "catalog_data.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

constexpr auto kCoreKinds = std::to_array<CoreKind>({
    {"containerizedworkloads.core.oam.dev", "core.oam.dev/v1alpha2", "ContainerizedWorkload", Definition::Kind::workload, ""},
    {"manualscalertraits.core.oam.dev", "core.oam.dev/v1alpha2", "ManualScalerTrait", Definition::Kind::trait, "spec.workloadRef"},
    {"healthscopes.core.oam.dev", "core.oam.dev/v1alpha2", "HealthScope", Definition::Kind::scope, "spec.workloadRefs"},
});

// GROUP/KIND, sorted.
constexpr auto kClusterScoped = std::to_array<std::string_view>({
    "/ComponentStatus", "/Namespace", "/Node", "/PersistentVolume",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/CustomResourceDefinition", "apiregistration.k8s.io/APIService",
    "certificates.k8s.io/CertificateSigningRequest", "flowcontrol.apiserver.k8s.io/FlowSchema",
    "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
    "gateway.networking.k8s.io/GatewayClass", "networking.k8s.io/IngressClass",
    "node.k8s.io/RuntimeClass", "policy/PodSecurityPolicy", "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding", "scheduling.k8s.io/PriorityClass",
    "snapshot.storage.k8s.io/VolumeSnapshotClass", "snapshot.storage.k8s.io/VolumeSnapshotContent", "storage.k8s.io/CSIDriver",
    "storage.k8s.io/CSINode", "storage.k8s.io/StorageClass", "storage.k8s.io/VolumeAttachment",
});
static_assert(std::ranges::is_sorted(kClusterScoped));

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

bool is_cluster_scoped(std::string_view api_version, std::string_view kind) {
  const std::string id = std::string(group_of(api_version)) + '/' + std::string(kind);
  return std::ranges::binary_search(kClusterScoped, std::string_view(id));
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
