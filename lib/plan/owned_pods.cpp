#include "plan/owned_pods.hpp"

#include <set>

#include <oam/json.hpp>

#include "support/json.hpp"

namespace oam::detail {

namespace {

std::string name_key(std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string key(kind);
  return key.append("/").append(namespace_).append("/").append(name);
}

}  // namespace

OwnedPods::OwnedPods(const Observed& here) {
  for (const Value& object : here.objects()) {
    const boost::json::value* owners = member(*object, "metadata", "ownerReferences");
    if (!owners || !owners->is_array()) continue;
    for (const boost::json::value& owner : owners->get_array()) {
      const std::string_view uid = text_at(owner, "uid");
      owned_by_.emplace(uid.empty() ? name_key(text_at(owner, "kind"), text_at(*object, "metadata", "namespace"), text_at(owner, "name")) : std::string(uid), object);
    }
  }
}

std::vector<Value> OwnedPods::of(const Value& object) const {
  std::vector<Value> pods;
  if (!object || owned_by_.empty()) return pods;
  std::set<const boost::json::value*> seen{object.get()};
  std::vector<Value> open{object};
  while (!open.empty()) {
    const Value at = std::move(open.back());
    open.pop_back();
    for (const std::string& key : {std::string(text_at(*at, "metadata", "uid")), name_key(text_at(*at, "kind"), text_at(*at, "metadata", "namespace"), text_at(*at, "metadata", "name"))})
      for (auto [child, end] = owned_by_.equal_range(key); !key.empty() && child != end; ++child) {
        if (!seen.insert(child->second.get()).second) continue;
        if (text_at(*child->second, "kind") == "Pod") pods.push_back(child->second);
        open.push_back(child->second);
      }
  }
  return pods;
}

}  // namespace oam::detail
