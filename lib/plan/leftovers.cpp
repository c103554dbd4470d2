#include "plan/leftovers.hpp"

#include <map>

#include <oam/json.hpp>

#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

using boost::json::value;

bool is_part_of_a_part(const value& object) {
  const value* owners = member(object, "metadata", "ownerReferences");
  return owners && owners->is_array() && !owners->get_array().empty();
}

InventoryEntry entry_of(const value& object) {
  InventoryEntry entry;
  entry.api_version = text_at(object, "apiVersion");
  entry.kind = text_at(object, "kind");
  entry.namespace_ = text_at(object, "metadata", "namespace");
  entry.name = text_at(object, "metadata", "name");
  entry.component = text_at(object, "metadata", "labels", "app.oam.dev/component");
  return entry;
}

// What names no namespace may stand in "default".
std::string in_default(InventoryEntry entry) {
  if (entry.namespace_.empty()) entry.namespace_ = "default";
  return entry.key();
}

}  // namespace

std::vector<std::string> places_of(const Observed& observed) {
  std::vector<std::string> names = observed.clusters();
  names.insert(names.begin(), "");
  return names;
}

Resource resource_of(const InventoryEntry& entry, const Value& object) {
  Resource r;
  r.component = entry.component;
  r.trait = text_at(*object, "metadata", "labels", "trait.oam.dev/type");
  r.api_version = entry.api_version;
  r.kind = entry.kind;
  r.namespace_ = entry.namespace_;
  r.name = entry.name;
  r.object = object;
  return r;
}

std::string full_name(const Resource& r) {
  const std::string_view group = group_part(r.api_version);
  std::string all;
  all.reserve(r.kind.size() + group.size() + r.name.size() + 2);
  all += r.kind;
  if (!group.empty()) all.append(1, '.').append(group);
  return std::move(all.append(1, '/').append(r.name));
}

std::string key_of(const Resource& r) { return InventoryEntry{r.api_version, r.kind, r.namespace_, r.name, {}, {}, {}}.key(); }

bool Owner::is(const Application& application) const {
  return name == application.name() && (namespace_.empty() || namespace_ == application.namespace_());
}

Owner owner_of(const value& object) {
  return {text_at(object, "metadata", "labels", "app.oam.dev/name"), text_at(object, "metadata", "labels", "app.oam.dev/namespace")};
}

std::vector<Leftover> leftovers(const Application& application, const std::set<std::string>& wanted, const Observed& observed,
                                const std::string& cluster) {
  std::map<std::string, Leftover> found;
  const auto take = [&](InventoryEntry entry) {
    entry.cluster.clear();   // all are of this one
    std::string key = entry.key();
    if (wanted.contains(key) || wanted.contains(in_default(entry)) || found.contains(key)) return;
    Value there = observed.find(entry.api_version, entry.kind, entry.namespace_, entry.name);
    if (entry.component.empty() && there) entry.component = text_at(*there, "metadata", "labels", "app.oam.dev/component");
    found.emplace(std::move(key), Leftover{std::move(entry), std::move(there)});
  };
  for (const InventoryEntry& entry : observed.inventory()) take(entry);
  for (const Value& object : observed.objects())
    if (owner_of(*object).is(application) && !is_part_of_a_part(*object)) take(entry_of(*object));
  std::vector<Leftover> all;
  for (auto& [key, leftover] : found) {
    all.push_back(std::move(leftover));
    all.back().entry.cluster = cluster;
  }
  return all;
}

}  // namespace oam::detail
