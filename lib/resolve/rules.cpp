#include "resolve/rules.hpp"

#include <algorithm>

#include <absl/container/flat_hash_map.h>

#include "resolve/exclusive_keys.hpp"
#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// labelSelector:KEY=VALUE against the labels of a definition.
bool selects(std::string_view rule, const Definition& d) {
  constexpr std::string_view kPrefix = "labelSelector:";
  rule.remove_prefix(kPrefix.size());
  const std::size_t equals = rule.find('=');
  const json::value* labels = d.document ? member(*d.document, "metadata", "labels") : nullptr;
  const json::value* label = labels && equals != rule.npos ? member(*labels, rule.substr(0, equals)) : nullptr;
  return label && label->is_string() && std::string_view(label->get_string()) == rule.substr(equals + 1);
}

// What appliesToWorkloads is compared with: a workload and the definitions it has.
struct Workload {
  const Component& component;
  const Resource& resource;
  std::vector<std::string> plurals;
  std::vector<const Definition*> definitions;
};

bool applies(const std::string& entry, const Workload& w) {
  if (entry.starts_with("labelSelector:"))
    return std::ranges::any_of(w.definitions, [&](const Definition* d) { return selects(entry, *d); });
  if (entry == "*" || entry == w.component.type || entry == w.resource.kind) return true;
  if (entry.starts_with("*.")) return std::string_view(entry).substr(2) == group_of(w.resource.api_version);
  return entry == w.resource.api_version + '.' + w.resource.kind || std::ranges::find(w.plurals, entry) != w.plurals.end();
}

}  // namespace

void check_applies(const Resolution& shared, const Definition& d, const Component& c, const Trait& t, const Resource& workload) {
  if (d.applies_to_workloads.empty()) return;
  Workload w{c, workload, plural_groups(workload.api_version, workload.kind), {}};
  const Definition* component = c.workload ? nullptr : shared.catalog.find(Definition::Kind::component, c.type, shared.app.namespace_);
  if (component) w.definitions.push_back(component);
  if (const Definition* own = definition_for(shared.catalog, Definition::Kind::workload, *workload.object)) {
    w.plurals.push_back(own->name);
    w.definitions.push_back(own);
  }
  const auto fits = [&](const std::string& entry) { return applies(entry, w); };
  if (std::ranges::any_of(d.applies_to_workloads, fits)) return;
  std::string allowed;
  for (const std::string& entry : d.applies_to_workloads) allowed += (allowed.empty() ? "" : ", ") + entry;
  shared.problems
      .strict(shared.lenient, "trait-not-applicable", t.place,
              "trait \"" + t.type + "\" does not apply to " + workload.kind + " of component \"" + c.name + '"')
      .expected(allowed);
}

void check_conflicts(const Resolution& shared, const Component& c, const std::vector<const Definition*>& definitions) {
  const auto meets = [](const std::string& rule, const Definition& d) {
    if (rule.starts_with("labelSelector:")) return selects(rule, d);
    if (rule.starts_with("*.")) return d.definition_ref.ends_with(rule.substr(1));
    return rule == d.name || rule == d.definition_ref;
  };
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    for (std::size_t j = 0; definitions[i] && j < definitions.size(); ++j) {
      if (i == j || !definitions[j] || definitions[i] == definitions[j]) continue;
      const auto hits = [&](const std::string& rule) { return meets(rule, *definitions[j]); };
      if (!std::ranges::any_of(definitions[i]->conflicts_with, hits)) continue;
      shared.problems
          .strict(shared.lenient, "trait-conflict", c.traits[i].place,
                  "trait \"" + c.traits[i].type + "\" conflicts with trait \"" + c.traits[j].type + '"')
          .related(c.traits[j].place, "the other one");
    }
  }
}

namespace {

// Where an object will stand: each cluster and namespace that its placement names.
std::vector<std::string> addresses(const Model::Data& model, const std::string& home, const Resource& r) {
  std::vector<std::string> all;
  for (const Placement& at : model.placements) {
    if (at.policy != r.placement && !r.placement.empty()) continue;
    const bool moved = !r.placement.empty() && !at.namespace_.empty() && r.namespace_ == home;
    std::string id = r.placement.empty() ? model.options.cluster : at.cluster;
    id.append("/").append(group_of(r.api_version)).append("/").append(r.kind).append("/").append(moved ? at.namespace_ : r.namespace_);
    all.push_back(std::move(id.append("/").append(r.name)));
    if (r.placement.empty()) break;
  }
  return all;
}

}  // namespace

// Two objects of one cluster that need one key: whoever comes second is refused there.
void check_exclusive_keys(const Resolution& shared) {
  const Model::Data& model = *shared.model;
  absl::flat_hash_map<std::string, std::uint32_t> held;
  for (std::uint32_t i = 0; i < model.resources.size(); ++i) {
    const Resource& r = model.resources[i];
    for (const std::string& key : exclusive_keys(*r.object))
      for (const Placement& at : model.placements) {
        if (at.policy != r.placement) continue;
        const auto [first, is_new] = held.emplace((r.placement.empty() ? model.options.cluster : at.cluster) + '\n' + key, i);
        if (is_new || first->second == i) continue;
        const Resource& other = model.resources[first->second];
        shared.problems.warning("exclusive-key", r.place, r.kind + ' ' + r.name + " and " + other.kind + ' ' + other.name + " both need " + key + ", which only one can have")
            .related(other.place, other.kind + ' ' + other.name);
      }
  }
}

void check_duplicates(const Resolution& shared) {
  absl::flat_hash_map<std::string, std::uint32_t> seen;
  for (std::uint32_t i = 0; i < shared.model->resources.size(); ++i) {
    const Resource& r = shared.model->resources[i];
    for (std::string& id : addresses(*shared.model, shared.app.namespace_, r)) {
      const auto [found, added] = seen.emplace(std::move(id), i);
      if (added || r.name.empty()) continue;
      const Resource& first = shared.model->resources[found->second];
      shared.problems.strict(shared.lenient, "duplicate-resource", r.place, r.kind + " \"" + r.name + "\" is rendered twice")
          .related(first.place, "first here, by component " + first.component);
      break;
    }
  }
}

}  // namespace oam::detail
