#include "plan/changes.hpp"

#include <algorithm>
#include <map>

#include <oam/json.hpp>

#include "graph/ordinals.hpp"
#include "graph/select.hpp"
#include "plan/owned_pods.hpp"
#include "support/json.hpp"

namespace oam::detail {

namespace json = boost::json;

std::string_view Changes::cluster_of(std::uint32_t index, const Model& model) const {
  if (wanted[index]->control_plane) return "";
  return model.placements()[index / model.resources().size()].cluster;
}

bool Changes::nothing_to_do() const {
  return std::ranges::all_of(fates, [](const Fate& f) { return f.action == Step::Action::keep; }) &&
         std::ranges::all_of(removals, [](const Removal& r) { return r.action == Step::Action::keep; });
}

std::size_t Changes::kept() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < fates.size(); ++i) count += wanted[i] && fates[i].action == Step::Action::keep;
  return count + static_cast<std::size_t>(std::ranges::count(removals, Step::Action::keep, &Removal::action));
}

std::vector<Change> Changes::kinds() const {
  std::vector<Change> all;
  for (const Fate& f : fates) all.push_back(f.action == Step::Action::create ? Change::create : f.action == Step::Action::keep ? Change::keep : Change::update);
  return all;
}

std::vector<std::uint32_t> Changes::leaders(const Model& model, const Observed& observed) const {
  std::vector<std::uint32_t> all;
  for (const Ordinals& rule : model.lifecycle().ordinals) {
    if (rule.leader_label.first.empty()) continue;
    std::map<std::string_view, OwnedPods> pods;   // by cluster
    for (std::uint32_t i = 0; i < wanted.size(); ++i) {
      const Resource* r = wanted[i];
      if (!r || !selects(rule.selector, *r)) continue;
      const std::string_view cluster = cluster_of(i, model);
      const Observed here = observed.in(cluster);
      const Value there = here.find(r->api_version, r->kind, r->namespace_, r->name);
      if (is_leader(rule, 0, there, pods.try_emplace(cluster, here).first->second.of(there))) all.push_back(i);
    }
  }
  return all;
}

const std::string& namespace_in(const Model& model, std::uint32_t placement, const Resource& r) {
  const std::string& space = model.placements()[placement].namespace_;
  return space.empty() || r.namespace_ != model.application().namespace_() ? r.namespace_ : space;
}

Value object_in(const Resource& r, const std::string& namespace_) {
  json::value object = *r.object;
  json::value* metadata = object.is_object() ? object.get_object().if_contains("metadata") : nullptr;
  if (metadata && metadata->is_object()) metadata->get_object()["namespace"] = namespace_;
  return share(std::move(object));
}

void ignore_fills(const Resource& r, std::vector<IgnoreRule>& rules) {
  for (const Fill& fill : r.fills) {
    const std::string parent = fill.to.substr(0, fill.to.rfind('/'));
    const json::value* list = find_pointer(*r.object, parent);
    rules.push_back({.pointer = list && list->is_array() ? parent : fill.to});
  }
  for (const UnknownField& field : r.unknown) rules.push_back({.pointer = field.pointer});
}

}  // namespace oam::detail
