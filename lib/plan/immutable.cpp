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

// A field that is fixed, with all below it but some fields, of a kind of a group.
struct Fixed {
  std::string_view group, kind, path;
  std::string_view but = {};   // names, with blanks between
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
    {"batch", "Job", "spec.completions"},   // unless they are indexed
    {"", "PersistentVolumeClaim", "spec.accessModes"},
    {"", "PersistentVolumeClaim", "spec.dataSource"},
    {"", "PersistentVolumeClaim", "spec.dataSourceRef"},
    {"", "PersistentVolumeClaim", "spec.selector"},
    {"", "PersistentVolumeClaim", "spec.storageClassName"},
    {"", "PersistentVolumeClaim", "spec.volumeMode"},
    {"", "PersistentVolumeClaim", "spec.volumeName"},
    {"", "PersistentVolume", "spec", "accessModes capacity claimRef mountOptions nodeAffinity persistentVolumeReclaimPolicy storageClassName volumeAttributesClassName"},
    {"", "Secret", "type"},
    {"", "Service", "spec.clusterIP"},
    {"", "Service", "spec.clusterIPs"},
    {"", "Service", "spec.loadBalancerClass"},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", "roleRef"},
    {"rbac.authorization.k8s.io", "RoleBinding", "roleRef"},
    {"storage.k8s.io", "CSIDriver", "spec.attachRequired"},
    {"storage.k8s.io", "CSIDriver", "spec.volumeLifecycleModes"},
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

// Is the path below one of the fields that a row leaves free?
bool is_free(const Fixed& row, std::string_view path) {
  if (row.but.empty() || path.size() <= row.path.size()) return false;
  const std::string field(path.substr(row.path.size() + 1, path.find('.', row.path.size() + 1) - row.path.size() - 1));
  return (' ' + std::string(row.but) + ' ').find(' ' + field + ' ') != std::string::npos;
}

bool is_indexed(const value& job) { return text_at(job, "spec", "completionMode") == "Indexed"; }

bool is_fixed(std::string_view group, std::string_view kind, bool frozen, std::string_view path) {
  if (frozen && (is_below(path, "data") || is_below(path, "binaryData") || is_below(path, "immutable"))) return true;
  if (group.empty() && kind == "Pod" && is_below(path, "spec"))
    return std::ranges::none_of(kOfPods, [&](std::string_view free) { return is_below(path, free); });
  return std::ranges::any_of(kFixed, [&](const Fixed& row) { return row.group == group && row.kind == kind && is_below(path, row.path) && !is_free(row, path); });
}

}  // namespace

std::string fixed_field(const value& observed, std::span<const Difference> differences) {
  const std::string_view kind = text_at(observed, "kind"), group = group_part(text_at(observed, "apiVersion"));
  const bool frozen = group.empty() && (kind == "ConfigMap" || kind == "Secret") && is_frozen(observed);
  for (const Difference& d : differences) {
    const std::string path = plain_path(d.pointer);
    if (is_fixed(group, kind, frozen, path) && !(path == "spec.completions" && is_indexed(observed))) return d.path;
  }
  return {};
}

const Difference* smaller_claim(const value& observed, std::span<const Difference> differences) {
  if (text_at(observed, "kind") != "PersistentVolumeClaim" || !group_part(text_at(observed, "apiVersion")).empty()) return nullptr;
  const auto found = std::ranges::find_if(differences, [](const Difference& d) {
    return plain_path(d.pointer) == "spec.resources.requests.storage" && d.desired && d.observed && is_smaller_amount(*d.desired, *d.observed);
  });
  return found == differences.end() ? nullptr : &*found;
}

}  // namespace oam::detail
