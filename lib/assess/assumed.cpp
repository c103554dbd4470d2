#include "assess/assumed.hpp"

#include <map>
#include <set>
#include <tuple>

#include "resolve/object_references.hpp"

namespace oam::detail {

namespace {

using Key = std::tuple<std::string, std::string, std::string>;   // kind, namespace, name

}  // namespace

std::vector<AssumedObject> assumed_objects(const Model& model, const Observed& observed) {
  std::set<Key> own;
  for (const Resource& r : model.resources()) own.insert({r.kind, r.namespace_, r.name});
  std::map<Key, std::set<std::string>> used;
  for (const Resource& r : model.resources())
    for (const ObjectReference& to : object_references(r)) {
      if (!to.of_pod || to.optional || !to.group.empty()) continue;
      Key key{to.kind, to.namespace_, to.name};
      const bool always_there = to.kind == "ServiceAccount" && to.name == "default";
      if (!own.contains(key) && !always_there) used[std::move(key)].insert(r.component);
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
