#include "assess/assumed.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <boost/json/value.hpp>

#include "support/json.hpp"

namespace oam::detail {

namespace {

using boost::json::value;
using Key = std::tuple<std::string, std::string, std::string>;   // kind, namespace, name

// Where a pod names what it needs; * stands for each element. Optional references are
// none: without their object the pod starts as well.
struct Place {
  std::string_view path, kind;
};

constexpr auto kPlaces = std::to_array<Place>({
    {"volumes/*/configMap/name", "ConfigMap"},
    {"volumes/*/secret/secretName", "Secret"},
    {"volumes/*/persistentVolumeClaim/claimName", "PersistentVolumeClaim"},
    {"containers/*/env/*/valueFrom/configMapKeyRef/name", "ConfigMap"},
    {"containers/*/env/*/valueFrom/secretKeyRef/name", "Secret"},
    {"containers/*/envFrom/*/configMapRef/name", "ConfigMap"},
    {"containers/*/envFrom/*/secretRef/name", "Secret"},
    {"initContainers/*/env/*/valueFrom/configMapKeyRef/name", "ConfigMap"},
    {"initContainers/*/env/*/valueFrom/secretKeyRef/name", "Secret"},
    {"initContainers/*/envFrom/*/configMapRef/name", "ConfigMap"},
    {"initContainers/*/envFrom/*/secretRef/name", "Secret"},
    {"imagePullSecrets/*/name", "Secret"},
    {"serviceAccountName", "ServiceAccount"},
});

// Calls `take` with each text that stands at the path.
template <class Take>
void each_at(const value& at, std::string_view path, const Take& take) {
  const auto slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  const value* optional = member(at, "optional");
  if (optional && optional->is_bool() && optional->get_bool()) return;
  if (name == "*") {
    if (at.is_array())
      for (const value& element : at.get_array()) each_at(element, path.substr(slash + 1), take);
  } else if (slash != path.npos) {
    if (const value* next = member(at, name)) each_at(*next, path.substr(slash + 1), take);
  } else if (const std::string_view text = text_at(at, name); !text.empty()) {
    take(text);
  }
}

// The pod that a workload starts; null if it starts none that is known.
const value* pod_spec(const Resource& r) {
  if (r.kind == "Pod") return member(*r.object, "spec");
  if (const value* pod = member(*r.object, "spec", "template", "spec")) return pod;
  const value* job = member(*r.object, "spec", "jobTemplate");
  return job ? member(*job, "spec", "template", "spec") : nullptr;
}

}  // namespace

std::vector<AssumedObject> assumed_objects(const Model& model, const Observed& observed) {
  std::set<Key> own;
  for (const Resource& r : model.resources()) own.insert({r.kind, r.namespace_, r.name});
  std::map<Key, std::set<std::string>> used;
  for (const Resource& r : model.resources()) {
    const value* pod = pod_spec(r);
    if (!pod) continue;
    for (const Place& place : kPlaces)
      each_at(*pod, place.path, [&](std::string_view name) {
        Key key{place.kind, r.namespace_, name};
        const bool always_there = place.kind == "ServiceAccount" && name == "default";
        if (!own.contains(key) && !always_there) used[std::move(key)].insert(r.component);
      });
  }
  std::vector<AssumedObject> all;
  for (const auto& [key, components] : used) {
    const auto& [kind, namespace_, name] = key;
    const bool there = observed.find("v1", kind, namespace_, name) != nullptr;
    all.push_back({kind, namespace_, name, there ? Health::healthy : Health::missing, {components.begin(), components.end()}});
  }
  return all;
}

}  // namespace oam::detail
