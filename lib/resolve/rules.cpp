#include "resolve/rules.hpp"

#include <algorithm>
#include <initializer_list>

#include <absl/container/flat_hash_map.h>

#include "resolve/exclusive_keys.hpp"
#include "resolve/kinds.hpp"
#include "resolve/label_selector.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kLabels = "labelSelector:";

// A kind in the ways that definitions name one: Deployment, deployments.apps,
// deployments.apps/v1, Deployment.apps, apps/v1.Deployment, *.apps.
bool names_kind(std::string_view entry, std::string_view api_version, std::string_view kind) {
  const std::string_view group = group_of(api_version);
  if (entry.starts_with("*.")) return entry.substr(2) == group;
  if (entry == kind || entry == std::string(api_version) + '.' + std::string(kind)) return true;
  const std::size_t slash = entry.rfind('/');
  if (slash != entry.npos && entry.substr(slash + 1) != api_version.substr(group.empty() ? 0 : group.size() + 1)) return false;
  entry = entry.substr(0, slash);
  const auto plurals = plural_groups(api_version, kind);
  return entry == std::string(kind) + '.' + std::string(group) || std::ranges::find(plurals, entry) != plurals.end();
}

// Of definitions and of an object that they make, together.
json::value labels_of(std::initializer_list<const json::value*> all) {
  json::object made;
  for (const json::value* each : all)
    if (const json::value* labels = each ? member(*each, "metadata", "labels") : nullptr; labels && labels->is_object())
      for (const auto& [key, value] : labels->get_object()) made[key] = value;
  return made;
}

// What appliesToWorkloads is compared with: a workload and the definitions it has.
struct Workload {
  const Component& component;
  const Resource& resource;
  std::vector<const Definition*> definitions;
};

bool applies(std::string_view entry, const Workload& w) {
  const auto document = [&](std::size_t i) { return i < w.definitions.size() ? w.definitions[i]->document.get() : nullptr; };
  if (entry.starts_with(kLabels)) return fits_labels(entry.substr(kLabels.size()), labels_of({w.resource.object.get(), document(0), document(1)}));
  const auto is_own = [&](const Definition* d) { return d->kind == Definition::Kind::workload && d->name == entry; };
  return entry == "*" || entry == w.component.type || names_kind(entry, w.resource.api_version, w.resource.kind) || std::ranges::any_of(w.definitions, is_own);
}

// What conflictsWith is compared with: a trait, its definition and the objects that it made.
struct AppliedTrait {
  const Trait& trait;
  const Definition& definition;
  std::span<const Resource> objects;   // of the component
};

bool meets(std::string_view rule, const AppliedTrait& with) {
  const Definition& d = with.definition;
  const auto of_object = [&](const auto& is) { return std::ranges::any_of(with.objects, [&](const Resource& r) { return r.trait == with.trait.type && is(r); }); };
  if (rule.starts_with(kLabels)) {
    const auto fits = [&](const json::value* object) { return fits_labels(rule.substr(kLabels.size()), labels_of({object, d.document.get()})); };
    return fits(nullptr) || of_object([&](const Resource& r) { return fits(r.object.get()); });
  }
  if (rule.starts_with("*.") && d.definition_ref.ends_with(rule.substr(1))) return true;
  return rule == d.name || rule == d.definition_ref || of_object([&](const Resource& r) { return names_kind(rule, r.api_version, r.kind); });
}

}  // namespace

void check_applies(const Resolution& shared, const Definition& d, const Component& c, const Trait& t, const Resource& workload) {
  if (d.applies_to_workloads.empty()) return;
  Workload w{c, workload, {}};
  const Definition* component = c.workload ? nullptr : shared.catalog.find(Definition::Kind::component, c.type, shared.app.namespace_);
  if (component) w.definitions.push_back(component);
  if (const Definition* own = definition_for(shared.catalog, Definition::Kind::workload, *workload.object)) w.definitions.push_back(own);
  const auto fits = [&](const std::string& entry) { return applies(entry, w); };
  if (std::ranges::any_of(d.applies_to_workloads, fits)) return;
  std::string allowed;
  for (const std::string& entry : d.applies_to_workloads) allowed += (allowed.empty() ? "" : ", ") + entry;
  shared.problems
      .strict(shared.lenient, "trait-not-applicable", t.place,
              "trait \"" + t.type + "\" does not apply to " + workload.kind + " of component \"" + c.name + '"')
      .expected(allowed);
}

void check_conflicts(const Resolution& shared, const Component& c, const std::vector<const Definition*>& definitions, std::size_t first) {
  const std::span<const Resource> objects = std::span<const Resource>(shared.model->resources).subspan(first);
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    for (std::size_t j = 0; definitions[i] && j < definitions.size(); ++j) {
      if (i == j || !definitions[j] || definitions[i] == definitions[j]) continue;
      const AppliedTrait other{c.traits[j], *definitions[j], objects};
      if (!std::ranges::any_of(definitions[i]->conflicts_with, [&](const std::string& rule) { return meets(rule, other); })) continue;
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

namespace {

std::string maker_of(const Resource& r) {
  return !r.policy.empty() ? ", by policy " + r.policy : r.component.empty() ? std::string() : ", by component " + r.component;
}

void tell_duplicate(const Resolution& shared, const Resource& r, const Resource& first) {
  const std::string what = r.kind + " \"" + r.name + '"';
  if (r.component == first.component && r.replica != first.replica && !r.replica.empty() && !first.replica.empty()) {
    shared.problems.strict(shared.lenient, "duplicate-resource", r.place, what + " is rendered by the copies " + first.replica + " and " + r.replica + " of component \"" + r.component + '"')
        .hint("copies are told apart by context.replicaKey, which has to be in the name");
    return;
  }
  shared.problems.strict(shared.lenient, "duplicate-resource", r.place, what + " is rendered twice").related(first.place, "first here" + maker_of(first));
}

}  // namespace

void check_duplicates(const Resolution& shared) {
  absl::flat_hash_map<std::string, std::uint32_t> seen;
  for (std::uint32_t i = 0; i < shared.model->resources.size(); ++i) {
    const Resource& r = shared.model->resources[i];
    for (std::string& id : addresses(*shared.model, shared.app.namespace_, r)) {
      const auto [found, added] = seen.emplace(std::move(id), i);
      if (added || r.name.empty()) continue;
      tell_duplicate(shared, r, shared.model->resources[found->second]);
      break;
    }
  }
}

}  // namespace oam::detail
