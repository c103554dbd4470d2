#include "support/kubernetes.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace oam::detail {

namespace {

using boost::json::value;

// Defaults of kinds, "*" for any, by the end of a path. Init containers count as
// containers, and the three probes as `probe`.
struct Default {
  std::string_view kind, path, json;
};

constexpr auto kDefaults = std::to_array<Default>({
    {"*", "containers.imagePullPolicy", "\"IfNotPresent\""},
    {"*", "containers.terminationMessagePath", "\"/dev/termination-log\""},
    {"*", "containers.terminationMessagePolicy", "\"File\""},
    {"*", "containers.ports.protocol", "\"TCP\""},
    {"*", "containers.env.valueFrom.fieldRef.apiVersion", "\"v1\""},
    {"*", "containers.probe.timeoutSeconds", "1"},
    {"*", "containers.probe.periodSeconds", "10"},
    {"*", "containers.probe.successThreshold", "1"},
    {"*", "containers.probe.failureThreshold", "3"},
    {"*", "containers.probe.initialDelaySeconds", "0"},
    {"*", "containers.probe.httpGet.path", "\"/\""},
    {"*", "containers.probe.httpGet.scheme", "\"HTTP\""},
    {"*", "spec.restartPolicy", "\"Always\""},
    {"*", "spec.dnsPolicy", "\"ClusterFirst\""},
    {"*", "spec.schedulerName", "\"default-scheduler\""},
    {"*", "spec.terminationGracePeriodSeconds", "30"},
    {"*", "spec.enableServiceLinks", "true"},
    {"*", "spec.hostNetwork", "false"},
    {"*", "volumes.configMap.defaultMode", "420"},
    {"*", "volumes.secret.defaultMode", "420"},
    {"*", "volumes.projected.defaultMode", "420"},
    {"*", "volumes.downwardAPI.defaultMode", "420"},
    {"*", "volumes.hostPath.type", "\"\""},
    {"Deployment", "spec.replicas", "1"},
    {"Deployment", "spec.revisionHistoryLimit", "10"},
    {"Deployment", "spec.progressDeadlineSeconds", "600"},
    {"Deployment", "spec.paused", "false"},
    {"Deployment", "spec.strategy.type", "\"RollingUpdate\""},
    {"Deployment", "spec.strategy.rollingUpdate.maxSurge", "\"25%\""},
    {"Deployment", "spec.strategy.rollingUpdate.maxUnavailable", "\"25%\""},
    {"ReplicaSet", "spec.replicas", "1"},
    {"StatefulSet", "spec.replicas", "1"},
    {"StatefulSet", "spec.revisionHistoryLimit", "10"},
    {"StatefulSet", "spec.podManagementPolicy", "\"OrderedReady\""},
    {"StatefulSet", "spec.updateStrategy.type", "\"RollingUpdate\""},
    {"StatefulSet", "spec.updateStrategy.rollingUpdate.partition", "0"},
    {"StatefulSet", "volumeClaimTemplates.spec.volumeMode", "\"Filesystem\""},
    {"DaemonSet", "spec.revisionHistoryLimit", "10"},
    {"DaemonSet", "spec.updateStrategy.type", "\"RollingUpdate\""},
    {"DaemonSet", "spec.updateStrategy.rollingUpdate.maxUnavailable", "1"},
    {"DaemonSet", "spec.updateStrategy.rollingUpdate.maxSurge", "0"},
    {"Job", "spec.completions", "1"},
    {"Job", "spec.parallelism", "1"},
    {"Job", "spec.backoffLimit", "6"},
    {"Job", "spec.completionMode", "\"NonIndexed\""},
    {"Job", "spec.suspend", "false"},
    {"CronJob", "spec.concurrencyPolicy", "\"Allow\""},
    {"CronJob", "spec.suspend", "false"},
    {"CronJob", "spec.successfulJobsHistoryLimit", "3"},
    {"CronJob", "spec.failedJobsHistoryLimit", "1"},
    {"Service", "spec.type", "\"ClusterIP\""},
    {"Service", "spec.sessionAffinity", "\"None\""},
    {"Service", "spec.internalTrafficPolicy", "\"Cluster\""},
    {"Service", "spec.ipFamilyPolicy", "\"SingleStack\""},
    {"Service", "spec.ports.protocol", "\"TCP\""},
    {"Secret", "type", "\"Opaque\""},
    {"PersistentVolumeClaim", "spec.volumeMode", "\"Filesystem\""},
    {"PersistentVolume", "spec.volumeMode", "\"Filesystem\""},
    {"PersistentVolume", "spec.persistentVolumeReclaimPolicy", "\"Retain\""},
    {"HorizontalPodAutoscaler", "spec.minReplicas", "1"},
    {"StorageClass", "reclaimPolicy", "\"Delete\""},
    {"StorageClass", "volumeBindingMode", "\"Immediate\""},
    {"*", "metadata.namespace", "\"default\""},
});

std::string plain(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('.', at), path.size());
    std::string_view name = path.substr(at, end - at);
    if (name == "initContainers" || name == "ephemeralContainers") name = "containers";
    if (name == "livenessProbe" || name == "readinessProbe" || name == "startupProbe") name = "probe";
    out.append(out.empty() ? "" : ".").append(name);
    at = end + 1;
  }
  return out;
}

// A kind's own paths begin at the top; those of "*" end the path, since pods stand at many depths.
bool fits(const Default& row, std::string_view kind, std::string_view path) {
  if (row.kind != "*") return row.kind == kind && row.path == path;
  if (!path.ends_with(row.path)) return false;
  return path.size() == row.path.size() || path[path.size() - row.path.size() - 1] == '.';
}

// 1.5Gi: the number, and what it is multiplied with: 1024^3.
std::optional<long double> factor(std::string_view suffix) {
  constexpr std::string_view kDecimal = "num kMGTPE";   // from 10^-9 in steps of 1000
  if (suffix.empty()) return 1.0L;
  if (suffix.size() == 2 && suffix[1] == 'i') {
    const auto at = std::string_view("KMGTPE").find(suffix[0]);
    if (at == std::string_view::npos) return std::nullopt;
    return std::pow(1024.0L, static_cast<long double>(at + 1));
  }
  if (suffix.size() != 1 || suffix[0] == ' ') return std::nullopt;
  const auto at = kDecimal.find(suffix[0]);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pow(1000.0L, static_cast<long double>(at) - 3);
}

std::optional<long double> amount(const value& from) {
  if (from.is_int64()) return static_cast<long double>(from.get_int64());
  if (from.is_uint64()) return static_cast<long double>(from.get_uint64());
  if (from.is_double()) return static_cast<long double>(from.get_double());
  if (!from.is_string()) return std::nullopt;
  const std::string_view text(from.get_string().data(), from.get_string().size());
  long double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const auto by = factor({end, static_cast<std::size_t>(text.data() + text.size() - end)});
  return by ? std::optional(number * *by) : std::nullopt;
}

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

std::string_view group_part(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

std::string full_kind(std::string_view kind, std::string_view api_version) {
  std::string all(kind);
  if (const std::string_view group = group_part(api_version); !group.empty()) all.append(".").append(group);
  return all;
}

bool is_cluster_scoped(std::string_view api_version, std::string_view kind) {
  const std::string id = std::string(group_part(api_version)) + '/' + std::string(kind);
  return std::ranges::binary_search(kClusterScoped, std::string_view(id));
}

std::string normal_path(std::string_view kind, std::string_view path) {
  std::string normal = plain(path);
  return kind == "Pod" && normal.starts_with("spec") ? "template." + normal : normal;
}

std::optional<value> default_of(std::string_view kind, std::string_view path) {
  const std::string wanted = plain(path);
  for (const Default& row : kDefaults)
    if (fits(row, kind, wanted)) return boost::json::parse({row.json.data(), row.json.size()});
  return std::nullopt;
}

bool is_amount(std::string_view path) {
  for (const std::string_view parent : {"limits.", "requests.", "capacity.", "hard.", "default.", "defaultRequest.", "min.", "max.", "overhead.podFixed."}) {
    const auto at = path.rfind(parent);
    if (at != std::string_view::npos && (at == 0 || path[at - 1] == '.')) return true;
  }
  return path.ends_with(".sizeLimit") || path.ends_with(".averageValue") || path.ends_with(".divisor");
}

bool same_amount(const value& a, const value& b) {
  const auto left = amount(a), right = amount(b);
  if (!left || !right) return false;
  return std::abs(*left - *right) <= 1e-15L * std::max(std::abs(*left), std::abs(*right));
}

bool is_smaller_amount(const value& a, const value& b) {
  const auto left = amount(a), right = amount(b);
  return left && right && *left < *right && !same_amount(a, b);
}

}  // namespace oam::detail
