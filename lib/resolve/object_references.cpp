#include "resolve/object_references.hpp"

#include <algorithm>
#include <array>

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

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
    {"PersistentVolumeClaim", "spec/dataSource/name", "", ""},
    {"PersistentVolumeClaim", "spec/dataSourceRef/name", "", ""},
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
    {"VolumeSnapshot.snapshot.storage.k8s.io", "spec/source/persistentVolumeClaimName", "", "PersistentVolumeClaim"},
    {"VolumeSnapshot.snapshot.storage.k8s.io", "spec/volumeSnapshotClassName", "snapshot.storage.k8s.io", "VolumeSnapshotClass", true},
    {"ValidatingWebhookConfiguration.admissionregistration.k8s.io", "webhooks/*/clientConfig/service/name", "", "Service"},
});

// The paths of some rows as a tree: what they have in common is walked once.
struct Branch {
  std::string_view name;              // of a field; * is each element
  const Row* row = nullptr;           // whose path ends here
  std::vector<Branch> below = {};

  void grow(std::string_view path, const Row& to) {
    const auto slash = path.find('/');
    const std::string_view first = path.substr(0, slash);
    auto next = std::ranges::find(below, first, &Branch::name);
    if (next == below.end()) next = below.insert(next, Branch{first});
    if (slash == path.npos) next->row = &to;
    else next->grow(path.substr(slash + 1), to);
  }
};

const Branch& pod_branch() {
  static const Branch all = [] {
    Branch made;
    for (const Row& row : kPod) made.grow(row.path, row);
    return made;
  }();
  return all;
}

// Null if nothing is known of the kind.
const Branch* branch_of(std::string_view kind, std::string_view group) {
  using Kind = std::pair<std::string_view, std::string_view>;
  static const absl::flat_hash_map<Kind, Branch> all = [] {
    absl::flat_hash_map<Kind, Branch> made;
    for (const Row& row : kOthers) {
      const std::size_t dot = std::min(row.of.find('.'), row.of.size());
      made[{row.of.substr(0, dot), row.of.substr(std::min(dot + 1, row.of.size()))}].grow(row.path, row);
    }
    return made;
  }();
  const auto found = all.find(Kind(kind, group));
  return found == all.end() ? nullptr : &found->second;
}

// A value on the way to a name, and the one around it.
struct Level {
  const value& at;
  const Level* around = nullptr;

  bool is_optional() const {
    const value* says = member(at, "optional");
    return (says && says->is_bool() && says->get_bool()) || (around && around->is_optional());
  }
};

// The pod that a workload starts; null if it starts none that is known.
const value* pod_spec(const Resource& r) {
  const value* spec = member(*r.object, "spec");
  if (!spec || r.kind == "Pod") return spec;
  if (const value* pod = member(*spec, "template", "spec")) return pod;
  return member(*spec, "jobTemplate", "spec", "template", "spec");
}

class Reader {
 public:
  explicit Reader(const Resource& r) : r_(r) {}

  std::vector<ObjectReference> read() {
    if (const value* pod = pod_spec(r_)) read(pod_branch(), *pod, true);
    if (const Branch* own = branch_of(r_.kind, group_of(r_.api_version))) read(*own, *r_.object, false);
    return std::move(all_);
  }

 private:
  struct Found {
    const Row* row;
    const value* where;       // what has the name as its field
    std::string_view name;
    bool optional;
  };

  // As the rows are listed.
  void read(const Branch& branch, const value& at, bool of_pod) {
    found_.clear();
    walk(branch, {at});
    if (!std::ranges::is_sorted(found_, {}, &Found::row)) std::ranges::stable_sort(found_, {}, &Found::row);
    all_.reserve(all_.size() + found_.size());
    for (const Found& each : found_) add(each, of_pod);
  }

  void walk(const Branch& branch, const Level& here) {
    for (const Branch& next : branch.below) {
      if (next.name == "*") {
        if (!here.at.is_array()) continue;
        for (const value& element : here.at.get_array()) walk(next, {element, &here});
      } else if (const value* field = member(here.at, next.name); field && !next.row) {
        walk(next, {*field, &here});
      } else if (field && field->is_string() && !field->get_string().empty()) {
        found_.push_back({next.row, &here.at, field->get_string(), here.is_optional()});
      }
    }
  }

  void add(const Found& found, bool of_pod) {
    const Row& row = *found.row;
    ObjectReference made{row.group, row.kind, {}, found.name, found.optional, of_pod};
    if (row.kind.empty()) made.kind = text_at(*found.where, "kind");
    if (made.kind.empty()) return;
    if (made.kind != "ClusterRole" && (!row.cluster || made.kind == "Role")) {
      made.namespace_ = text_at(*found.where, "namespace");
      if (made.namespace_.empty()) made.namespace_ = r_.namespace_;
    }
    all_.push_back(made);
  }

  const Resource& r_;
  absl::InlinedVector<Found, 8> found_;
  std::vector<ObjectReference> all_;
};

}  // namespace

std::vector<ObjectReference> object_references(const Resource& r) { return Reader(r).read(); }

}  // namespace oam::detail
