#include "resolve/object_references.hpp"

#include <array>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

using boost::json::value;

// Where a name stands; * is each element. `space` is the field beside the name
// that says the namespace, `kind` empty where a field beside it says the kind.
struct Row {
  std::string_view of;             // KIND.GROUP of what refers; empty: a pod
  std::string_view path;
  std::string_view group, kind;
  bool cluster = false;            // what is named stands outside namespaces
};

// With respect to a pod's spec.
constexpr auto kPod = std::to_array<Row>({
    {"", "volumes/*/configMap/name", "", "ConfigMap"},
    {"", "volumes/*/secret/secretName", "", "Secret"},
    {"", "volumes/*/persistentVolumeClaim/claimName", "", "PersistentVolumeClaim"},
    {"", "volumes/*/projected/sources/*/configMap/name", "", "ConfigMap"},
    {"", "volumes/*/projected/sources/*/secret/name", "", "Secret"},
    {"", "volumes/*/csi/nodePublishSecretRef/name", "", "Secret"},
    {"", "containers/*/env/*/valueFrom/configMapKeyRef/name", "", "ConfigMap"},
    {"", "containers/*/env/*/valueFrom/secretKeyRef/name", "", "Secret"},
    {"", "containers/*/envFrom/*/configMapRef/name", "", "ConfigMap"},
    {"", "containers/*/envFrom/*/secretRef/name", "", "Secret"},
    {"", "initContainers/*/env/*/valueFrom/configMapKeyRef/name", "", "ConfigMap"},
    {"", "initContainers/*/env/*/valueFrom/secretKeyRef/name", "", "Secret"},
    {"", "initContainers/*/envFrom/*/configMapRef/name", "", "ConfigMap"},
    {"", "initContainers/*/envFrom/*/secretRef/name", "", "Secret"},
    {"", "imagePullSecrets/*/name", "", "Secret"},
    {"", "serviceAccountName", "", "ServiceAccount"},
    {"", "priorityClassName", "scheduling.k8s.io", "PriorityClass", true},
    {"", "runtimeClassName", "node.k8s.io", "RuntimeClass", true},
});

// With respect to the object.
constexpr auto kOthers = std::to_array<Row>({
    {"APIService.apiregistration.k8s.io", "spec/service/name", "", "Service"},
    {"ClusterRoleBinding.rbac.authorization.k8s.io", "roleRef/name", "rbac.authorization.k8s.io", "", true},
    {"ClusterRoleBinding.rbac.authorization.k8s.io", "subjects/*/name", "", ""},
    {"Gateway.gateway.networking.k8s.io", "spec/gatewayClassName", "gateway.networking.k8s.io", "GatewayClass", true},
    {"Gateway.gateway.networking.k8s.io", "spec/listeners/*/tls/certificateRefs/*/name", "", "Secret"},
    {"GRPCRoute.gateway.networking.k8s.io", "spec/parentRefs/*/name", "gateway.networking.k8s.io", "Gateway"},
    {"GRPCRoute.gateway.networking.k8s.io", "spec/rules/*/backendRefs/*/name", "", "Service"},
    {"HTTPRoute.gateway.networking.k8s.io", "spec/parentRefs/*/name", "gateway.networking.k8s.io", "Gateway"},
    {"HTTPRoute.gateway.networking.k8s.io", "spec/rules/*/backendRefs/*/name", "", "Service"},
    {"HorizontalPodAutoscaler.autoscaling", "spec/scaleTargetRef/name", "", ""},
    {"Ingress.networking.k8s.io", "spec/defaultBackend/service/name", "", "Service"},
    {"Ingress.networking.k8s.io", "spec/ingressClassName", "networking.k8s.io", "IngressClass", true},
    {"Ingress.networking.k8s.io", "spec/rules/*/http/paths/*/backend/service/name", "", "Service"},
    {"Ingress.networking.k8s.io", "spec/tls/*/secretName", "", "Secret"},
    {"MutatingWebhookConfiguration.admissionregistration.k8s.io", "webhooks/*/clientConfig/service/name", "", "Service"},
    {"PersistentVolume", "spec/storageClassName", "storage.k8s.io", "StorageClass", true},
    {"PersistentVolumeClaim", "spec/storageClassName", "storage.k8s.io", "StorageClass", true},
    {"PersistentVolumeClaim", "spec/volumeName", "", "PersistentVolume", true},
    {"RoleBinding.rbac.authorization.k8s.io", "roleRef/name", "rbac.authorization.k8s.io", ""},
    {"RoleBinding.rbac.authorization.k8s.io", "subjects/*/name", "", ""},
    {"ScaledObject.keda.sh", "spec/scaleTargetRef/name", "", ""},
    {"ServiceAccount", "imagePullSecrets/*/name", "", "Secret"},
    {"ServiceAccount", "secrets/*/name", "", "Secret"},
    {"StatefulSet.apps", "spec/serviceName", "", "Service"},
    {"StatefulSet.apps", "spec/volumeClaimTemplates/*/spec/storageClassName", "storage.k8s.io", "StorageClass", true},
    {"TCPRoute.gateway.networking.k8s.io", "spec/parentRefs/*/name", "gateway.networking.k8s.io", "Gateway"},
    {"TLSRoute.gateway.networking.k8s.io", "spec/parentRefs/*/name", "gateway.networking.k8s.io", "Gateway"},
    {"ValidatingWebhookConfiguration.admissionregistration.k8s.io", "webhooks/*/clientConfig/service/name", "", "Service"},
});

// Calls take(where, name) with each text at the path; `where` holds it.
template <class Take>
void each_at(const value& at, std::string_view path, bool optional, const Take& take) {
  const auto slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  if (const value* says = member(at, "optional"); says && says->is_bool()) optional |= says->get_bool();
  if (name == "*") {
    if (at.is_array())
      for (const value& element : at.get_array()) each_at(element, path.substr(slash + 1), optional, take);
  } else if (slash != path.npos) {
    if (const value* next = member(at, name)) each_at(*next, path.substr(slash + 1), optional, take);
  } else if (const std::string_view text = text_at(at, name); !text.empty()) {
    take(at, text, optional);
  }
}

// The pod that a workload starts; null if it starts none that is known.
const value* pod_spec(const Resource& r) {
  if (r.kind == "Pod") return member(*r.object, "spec");
  if (const value* pod = member(*r.object, "spec", "template", "spec")) return pod;
  const value* job = member(*r.object, "spec", "jobTemplate");
  return job ? member(*job, "spec", "template", "spec") : nullptr;
}

class Reader {
 public:
  explicit Reader(const Resource& r) : r_(r) {}

  std::vector<ObjectReference> read() {
    if (const value* pod = pod_spec(r_))
      for (const Row& row : kPod) each(*pod, row, true);
    std::string own = r_.kind;
    if (const std::string_view group = group_of(r_.api_version); !group.empty()) own.append(".").append(group);
    for (const Row& row : kOthers)
      if (row.of == own) each(*r_.object, row, false);
    return std::move(all_);
  }

 private:
  void each(const value& at, const Row& row, bool of_pod) {
    each_at(at, row.path, false, [&](const value& where, std::string_view name, bool optional) {
      ObjectReference made{row.group, row.kind, {}, {}, std::string(name), optional, of_pod};
      if (row.kind.empty()) made.kind_there = text_at(where, "kind");
      if (made.kind_name() == "ClusterRole") return add(std::move(made));
      if (!row.cluster || made.kind_name() == "Role") {
        const std::string_view space = text_at(where, "namespace");
        made.namespace_ = space.empty() ? r_.namespace_ : space;
      }
      add(std::move(made));
    });
  }

  void add(ObjectReference made) {
    if (!made.kind_name().empty()) all_.push_back(std::move(made));
  }

  const Resource& r_;
  std::vector<ObjectReference> all_;
};

}  // namespace

std::vector<ObjectReference> object_references(const Resource& r) { return Reader(r).read(); }

}  // namespace oam::detail
