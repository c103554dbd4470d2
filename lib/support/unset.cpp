#include "support/unset.hpp"

#include <algorithm>
#include <array>

#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

using boost::json::value;

constexpr auto kOwnGroups = std::to_array<std::string_view>({
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io",
    "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "extensions", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
    "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
});

// Of a kind of Kubernetes; "k8s": of all of them; "*": of others too, which hold pods and
// metadata as well. A path that begins with a dot is the end of one. Init containers count
// as containers, the three probes as `probe`, and a pod as what is made of a template.
struct FieldOf {
  std::string_view kind, path;
};

// Maps, and structs that are no pointers or that the server fills in.
constexpr auto kEmptyIsNone = std::to_array<FieldOf>({
    {"*", ".metadata.labels"},
    {"*", ".metadata.annotations"},
    {"*", ".matchLabels"},
    {"*", ".nodeSelector"},
    {"*", ".template.metadata"},
    {"*", ".template.spec.securityContext"},
    {"*", ".template.spec.overhead"},
    {"*", ".containers.resources"},
    {"*", ".containers.resources.limits"},
    {"*", ".containers.resources.requests"},
    {"k8s", ".metadata"},
    {"k8s", "spec"},
    {"k8s", ".template"},
    {"k8s", ".template.spec"},
    {"k8s", ".jobTemplate"},
    {"k8s", ".jobTemplate.spec"},
    {"k8s", ".volumeClaimTemplates.spec"},
    {"k8s", ".volumeClaimTemplate.spec"},
    {"k8s", ".spec.resources"},
    {"k8s", ".spec.resources.limits"},
    {"k8s", ".spec.resources.requests"},
    {"k8s", ".csi.volumeAttributes"},
    {"k8s", ".flexVolume.options"},
    {"Deployment", "spec.strategy"},
    {"Deployment", "spec.strategy.rollingUpdate"},
    {"StatefulSet", "spec.updateStrategy"},
    {"StatefulSet", "spec.updateStrategy.rollingUpdate"},
    {"StatefulSet", "spec.persistentVolumeClaimRetentionPolicy"},
    {"DaemonSet", "spec.updateStrategy"},
    {"DaemonSet", "spec.updateStrategy.rollingUpdate"},
    {"ReplicationController", "spec.selector"},
    {"Service", "spec.selector"},
    {"Service", "spec.sessionAffinityConfig"},
    {"NetworkPolicy", "spec.podSelector"},
    {"ConfigMap", "data"},
    {"ConfigMap", "binaryData"},
    {"Secret", "data"},
    {"Secret", "stringData"},
    {"StorageClass", "parameters"},
    {"VolumeAttributesClass", "parameters"},
    {"PersistentVolume", "spec.capacity"},
    {"ResourceQuota", "spec.hard"},
    {"LimitRange", "spec.limits.default"},
    {"LimitRange", "spec.limits.defaultRequest"},
    {"LimitRange", "spec.limits.max"},
    {"LimitRange", "spec.limits.maxLimitRequestRatio"},
    {"LimitRange", "spec.limits.min"},
    {"RuntimeClass", "overhead.podFixed"},
    {"EndpointSlice", "endpoints.conditions"},
    {"EndpointSlice", "endpoints.deprecatedTopology"},
    {"ResourceClaim", "spec.devices"},
    {"ResourceClaimTemplate", "spec.spec"},
    {"ResourceClaimTemplate", "spec.spec.devices"},
    {"MutatingWebhookConfiguration", "webhooks.namespaceSelector"},
    {"MutatingWebhookConfiguration", "webhooks.objectSelector"},
    {"ValidatingWebhookConfiguration", "webhooks.namespaceSelector"},
    {"ValidatingWebhookConfiguration", "webhooks.objectSelector"},
    {"ValidatingAdmissionPolicy", "spec.matchConstraints.namespaceSelector"},
    {"ValidatingAdmissionPolicy", "spec.matchConstraints.objectSelector"},
    {"ValidatingAdmissionPolicyBinding", "spec.matchResources.namespaceSelector"},
    {"ValidatingAdmissionPolicyBinding", "spec.matchResources.objectSelector"},
});

// Texts, numbers and truth values that are no pointers, and are left out where they are empty.
constexpr auto kZeroIsNone = std::to_array<FieldOf>({
    {"*", ".containers.workingDir"},
    {"*", ".containers.stdin"},
    {"*", ".containers.stdinOnce"},
    {"*", ".containers.tty"},
    {"*", ".containers.imagePullPolicy"},
    {"*", ".containers.terminationMessagePath"},
    {"*", ".containers.terminationMessagePolicy"},
    {"*", ".containers.env.value"},
    {"*", ".containers.env.valueFrom.fieldRef.apiVersion"},
    {"*", ".containers.env.valueFrom.resourceFieldRef.containerName"},
    {"*", ".containers.envFrom.prefix"},
    {"*", ".containers.ports.name"},
    {"*", ".containers.ports.protocol"},
    {"*", ".containers.ports.hostPort"},
    {"*", ".containers.ports.hostIP"},
    {"*", ".containers.volumeMounts.readOnly"},
    {"*", ".containers.volumeMounts.subPath"},
    {"*", ".containers.volumeMounts.subPathExpr"},
    {"*", ".containers.probe.initialDelaySeconds"},
    {"*", ".containers.probe.timeoutSeconds"},
    {"*", ".containers.probe.periodSeconds"},
    {"*", ".containers.probe.successThreshold"},
    {"*", ".containers.probe.failureThreshold"},
    {"*", ".httpGet.host"},
    {"*", ".httpGet.path"},
    {"*", ".httpGet.scheme"},
    {"*", ".tcpSocket.host"},
    {"*", ".seLinuxOptions.user"},
    {"*", ".seLinuxOptions.role"},
    {"*", ".seLinuxOptions.type"},
    {"*", ".seLinuxOptions.level"},
    {"*", ".template.spec.nodeName"},
    {"*", ".template.spec.hostname"},
    {"*", ".template.spec.subdomain"},
    {"*", ".template.spec.hostNetwork"},
    {"*", ".template.spec.hostPID"},
    {"*", ".template.spec.hostIPC"},
    {"*", ".template.spec.priorityClassName"},
    {"*", ".template.spec.serviceAccountName"},
    {"*", ".template.spec.serviceAccount"},
    {"*", ".template.spec.schedulerName"},
    {"*", ".template.spec.restartPolicy"},
    {"*", ".template.spec.dnsPolicy"},
    {"*", ".tolerations.key"},
    {"*", ".tolerations.operator"},
    {"*", ".tolerations.value"},
    {"*", ".tolerations.effect"},
    {"*", ".volumes.emptyDir.medium"},
    {"*", ".volumes.secret.secretName"},
    {"*", ".volumes.persistentVolumeClaim.readOnly"},
    {"*", ".volumes.projected.sources.serviceAccountToken.audience"},
    {"k8s", ".nfs.readOnly"},
    {"k8s", ".iscsi.readOnly"},
    {"k8s", ".iscsi.fsType"},
    {"k8s", ".fc.readOnly"},
    {"k8s", ".fc.fsType"},
    {"k8s", ".flexVolume.readOnly"},
    {"k8s", ".flexVolume.fsType"},
    {"k8s", ".cephfs.readOnly"},
    {"k8s", ".glusterfs.readOnly"},
    {"k8s", ".rbd.readOnly"},
    {"k8s", ".rbd.fsType"},
    {"k8s", ".azureFile.readOnly"},
    {"k8s", ".cinder.readOnly"},
    {"k8s", ".cinder.fsType"},
    {"k8s", ".awsElasticBlockStore.readOnly"},
    {"k8s", ".awsElasticBlockStore.fsType"},
    {"k8s", ".awsElasticBlockStore.partition"},
    {"k8s", ".gcePersistentDisk.readOnly"},
    {"k8s", ".gcePersistentDisk.fsType"},
    {"k8s", ".gcePersistentDisk.partition"},
    {"k8s", ".vsphereVolume.fsType"},
    {"k8s", "spec.minReadySeconds"},
    {"Deployment", "spec.paused"},
    {"Deployment", "spec.strategy.type"},
    {"StatefulSet", "spec.serviceName"},
    {"StatefulSet", "spec.podManagementPolicy"},
    {"StatefulSet", "spec.updateStrategy.type"},
    {"StatefulSet", "spec.volumeClaimTemplates.spec.volumeName"},
    {"StatefulSet", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"},
    {"StatefulSet", "spec.persistentVolumeClaimRetentionPolicy.whenScaled"},
    {"DaemonSet", "spec.updateStrategy.type"},
    {"CronJob", "spec.concurrencyPolicy"},
    {"HorizontalPodAutoscaler", "spec.scaleTargetRef.apiVersion"},
    {"Service", "spec.type"},
    {"Service", "spec.clusterIP"},
    {"Service", "spec.externalName"},
    {"Service", "spec.externalTrafficPolicy"},
    {"Service", "spec.healthCheckNodePort"},
    {"Service", "spec.loadBalancerIP"},
    {"Service", "spec.publishNotReadyAddresses"},
    {"Service", "spec.sessionAffinity"},
    {"Service", "spec.ports.name"},
    {"Service", "spec.ports.nodePort"},
    {"Service", "spec.ports.protocol"},
    {"Secret", "type"},
    {"PersistentVolumeClaim", "spec.volumeName"},
    {"PersistentVolume", "spec.storageClassName"},
    {"PersistentVolume", "spec.persistentVolumeReclaimPolicy"},
    {"PersistentVolume", "spec.csi.readOnly"},
    {"PersistentVolume", "spec.csi.fsType"},
    {"Node", "spec.unschedulable"},
    {"Ingress", "spec.rules.host"},
    {"Ingress", "spec.rules.http.paths.path"},
    {"Ingress", "spec.rules.http.paths.backend.service.port.name"},
    {"Ingress", "spec.rules.http.paths.backend.service.port.number"},
    {"Ingress", "spec.defaultBackend.service.port.name"},
    {"Ingress", "spec.defaultBackend.service.port.number"},
    {"Ingress", "spec.tls.secretName"},
    {"IngressClass", "spec.controller"},
    {"RoleBinding", "subjects.apiGroup"},
    {"RoleBinding", "subjects.namespace"},
    {"ClusterRoleBinding", "subjects.apiGroup"},
    {"ClusterRoleBinding", "subjects.namespace"},
    {"PriorityClass", "globalDefault"},
    {"PriorityClass", "description"},
    {"MutatingWebhookConfiguration", "webhooks.clientConfig.caBundle"},
    {"ValidatingWebhookConfiguration", "webhooks.clientConfig.caBundle"},
    {"APIService", "spec.insecureSkipTLSVerify"},
    {"APIService", "spec.caBundle"},
    {"CustomResourceDefinition", "spec.preserveUnknownFields"},
    {"CustomResourceDefinition", "spec.names.singular"},
    {"CustomResourceDefinition", "spec.names.listKind"},
    {"CustomResourceDefinition", "spec.versions.deprecated"},
    {"CustomResourceDefinition", "spec.versions.additionalPrinterColumns.description"},
    {"CustomResourceDefinition", "spec.versions.additionalPrinterColumns.format"},
    {"CustomResourceDefinition", "spec.versions.additionalPrinterColumns.priority"},
    {"CustomResourceDefinition", ".description"},
    {"CustomResourceDefinition", ".nullable"},
    {"CustomResourceDefinition", ".uniqueItems"},
    {"CustomResourceDefinition", ".exclusiveMaximum"},
    {"CustomResourceDefinition", ".exclusiveMinimum"},
    {"CustomResourceDefinition", ".x-kubernetes-int-or-string"},
    {"CustomResourceDefinition", ".x-kubernetes-embedded-resource"},
});

// What the cluster chooses where nothing is written, and keeps from then on.
struct LeftField {
  std::string_view kind, path;
  bool can_be_given_back;   // to take away what was applied before is a wish, too
};

constexpr auto kLeft = std::to_array<LeftField>({
    {"Service", "spec.clusterIP", false},
    {"Service", "spec.clusterIPs", false},
    {"Service", "spec.ipFamilies", false},
    {"Service", "spec.ports.nodePort", false},
    {"Service", "spec.healthCheckNodePort", false},
    {"Service", "spec.externalTrafficPolicy", true},
    {"Service", "spec.loadBalancerIP", true},
    {"PersistentVolumeClaim", "spec.volumeName", false},
    {"Pod", "spec.nodeName", false},
    {"Pod", "spec.serviceAccountName", true},
});

// Below this a field is one of another object, which the definition describes.
constexpr std::string_view kSchema = "openAPIV3Schema.";

bool fits(const FieldOf& row, std::string_view kind, bool own, std::string_view path) {
  const bool schema = kind == "CustomResourceDefinition" && path.find(kSchema) != std::string_view::npos;
  if (row.kind == "*" ? schema : row.kind == "k8s" ? !own || schema : !own || row.kind != kind) return false;
  if (!row.path.starts_with('.')) return path == row.path;
  return path.ends_with(row.path) || path == row.path.substr(1);
}

bool is_zero(const value& of) {
  if (of.is_string()) return of.get_string().empty();
  if (of.is_bool()) return !of.get_bool();
  return of.is_number() && of.to_number<double>() == 0;
}

// "", 0, [], [""]
bool is_blank(const value& of) {
  return of.is_null() || is_zero(of) || (of.is_array() && std::ranges::all_of(of.get_array(), is_blank));
}

// Pointers to what stands at a path, in each element of the lists on the way.
void find_all(const value& from, std::string_view path, const std::string& at, std::vector<std::string>& found) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const value* field = member(from, path.substr(0, dot));
  if (!field) return;
  const std::string here = join_pointer(at, path.substr(0, dot));
  if (dot == path.size()) {
    if (is_blank(*field)) found.push_back(here);
  } else if (field->is_array()) {
    for (std::size_t i = 0; i < field->get_array().size(); ++i) find_all(field->get_array()[i], path.substr(dot + 1), join_pointer(here, i), found);
  } else {
    find_all(*field, path.substr(dot + 1), here, found);
  }
}

}  // namespace

Unset::Unset(const value& object) : kind_(text_at(object, "kind")), own_(std::ranges::binary_search(kOwnGroups, group_part(text_at(object, "apiVersion")))) {
  static_assert(std::ranges::is_sorted(kOwnGroups));
}

bool Unset::is_empty_none(std::string_view path) const {
  const std::string normal = normal_path(kind_, path);
  return path.empty() || std::ranges::any_of(kEmptyIsNone, [&](const FieldOf& row) { return fits(row, kind_, own_, normal); });
}

bool Unset::operator()(std::string_view path, const value& value) const {
  if (value.is_null() || (value.is_array() && value.get_array().empty())) return true;
  if (value.is_object()) return value.get_object().empty() && is_empty_none(path);
  if (!is_zero(value)) return false;
  const std::string normal = normal_path(kind_, path);
  return std::ranges::any_of(kZeroIsNone, [&](const FieldOf& row) { return fits(row, kind_, own_, normal); });
}

bool Unset::is_left(std::string_view path, const value* wanted, const value* applied) const {
  if (!own_ || (wanted && !is_blank(*wanted))) return false;
  const auto row = std::ranges::find_if(kLeft, [&](const LeftField& each) { return each.kind == kind_ && each.path == path; });
  return row != kLeft.end() && !(row->can_be_given_back && applied && !is_blank(*applied));
}

std::vector<std::string> left_to_cluster(const value& wanted) {
  std::vector<std::string> found;
  const std::string_view kind = text_at(wanted, "kind");
  if (!Unset(wanted).is_own()) return found;
  for (const LeftField& row : kLeft)
    if (row.kind == kind && !row.can_be_given_back) find_all(wanted, row.path, "", found);
  return found;
}

}  // namespace oam::detail
