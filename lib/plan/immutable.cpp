#include "plan/immutable.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

#include <oam/json.hpp>

#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

using boost::json::value;

// A field that is fixed, with all below it, of a kind of a group.
struct Fixed {
  std::string_view group, kind, path;
};

constexpr auto kFixed = std::to_array<Fixed>({
    {"apps", "Deployment", "spec.selector"},
    {"apps", "ReplicaSet", "spec.selector"},
    {"apps", "DaemonSet", "spec.selector"},
    {"apps", "StatefulSet", "spec.selector"},
    {"apps", "StatefulSet", "spec.serviceName"},
    {"apps", "StatefulSet", "spec.podManagementPolicy"},
    {"apps", "StatefulSet", "spec.volumeClaimTemplates"},
    {"batch", "Job", "spec.selector"},
    {"batch", "Job", "spec.template"},
    {"batch", "Job", "spec.completionMode"},
    {"batch", "Job", "spec.podFailurePolicy"},
    {"", "PersistentVolumeClaim", "spec.accessModes"},
    {"", "PersistentVolumeClaim", "spec.dataSource"},
    {"", "PersistentVolumeClaim", "spec.dataSourceRef"},
    {"", "PersistentVolumeClaim", "spec.selector"},
    {"", "PersistentVolumeClaim", "spec.storageClassName"},
    {"", "PersistentVolumeClaim", "spec.volumeMode"},
    {"", "PersistentVolumeClaim", "spec.volumeName"},
    {"", "Secret", "type"},
    {"", "Service", "spec.clusterIP"},
    {"", "Service", "spec.clusterIPs"},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", "roleRef"},
    {"rbac.authorization.k8s.io", "RoleBinding", "roleRef"},
    {"storage.k8s.io", "StorageClass", "mountOptions"},
    {"storage.k8s.io", "StorageClass", "parameters"},
    {"storage.k8s.io", "StorageClass", "provisioner"},
    {"storage.k8s.io", "StorageClass", "reclaimPolicy"},
    {"storage.k8s.io", "StorageClass", "volumeBindingMode"},
    {"scheduling.k8s.io", "PriorityClass", "preemptionPolicy"},
    {"scheduling.k8s.io", "PriorityClass", "value"},
    {"networking.k8s.io", "IngressClass", "spec.controller"},
    {"node.k8s.io", "RuntimeClass", "handler"},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "spec.group"},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "spec.scope"},
    {"discovery.k8s.io", "EndpointSlice", "addressType"},
});

// Of a pod only these can be changed.
constexpr std::array<std::string_view, 5> kOfPods = {"spec.containers.image", "spec.initContainers.image", "spec.activeDeadlineSeconds",
                                                     "spec.tolerations", "spec.terminationGracePeriodSeconds"};

bool is_below(std::string_view path, std::string_view parent) {
  return path.starts_with(parent) && (path.size() == parent.size() || path[parent.size()] == '.');
}

// spec.containers.image of /spec/containers/0/image
std::string plain_path(std::string_view pointer) {
  std::string path;
  for (const std::string& token : split_pointer(pointer)) {
    if (!token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; })) continue;
    path += (path.empty() ? "" : ".") + token;
  }
  return path;
}

bool is_frozen(const value& observed) {
  const value* frozen = member(observed, "immutable");
  return frozen && frozen->is_bool() && frozen->get_bool();
}

bool is_fixed(std::string_view group, std::string_view kind, bool frozen, std::string_view path) {
  if (frozen && (is_below(path, "data") || is_below(path, "binaryData") || is_below(path, "immutable"))) return true;
  if (group.empty() && kind == "Pod" && is_below(path, "spec"))
    return std::ranges::none_of(kOfPods, [&](std::string_view free) { return is_below(path, free); });
  return std::ranges::any_of(kFixed, [&](const Fixed& row) { return row.group == group && row.kind == kind && is_below(path, row.path); });
}

}  // namespace

std::string fixed_field(const value& observed, std::span<const Difference> differences) {
  const std::string_view kind = text_at(observed, "kind"), group = group_part(text_at(observed, "apiVersion"));
  const bool frozen = group.empty() && (kind == "ConfigMap" || kind == "Secret") && is_frozen(observed);
  for (const Difference& d : differences)
    if (is_fixed(group, kind, frozen, plain_path(d.pointer))) return d.path;
  return {};
}

}  // namespace oam::detail
