#include <oam/assess.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <boost/json/value.hpp>

#include <oam/definition.hpp>
#include <oam/json.hpp>

#include "application_data.hpp"
#include "assess/among.hpp"
#include "assess/assumed.hpp"
#include "assess/titles.hpp"
#include "plan/changes.hpp"
#include "plan/leftovers.hpp"
#include "render/status.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/ready.hpp"

namespace oam {
namespace {
namespace json = boost::json;
using detail::full_kind;

Health health_of(detail::Readiness::Status status) {
  switch (status) {
    case detail::Readiness::Status::ready: return Health::healthy;
    case detail::Readiness::Status::suspended: return Health::suspended;
    case detail::Readiness::Status::progressing: return Health::progressing;
    case detail::Readiness::Status::troubled:
    case detail::Readiness::Status::failed: return Health::degraded;
    case detail::Readiness::Status::unknown: return Health::unknown;
  }
  return Health::unknown;
}

std::string product_of(const Application& application) {
  const auto label = std::ranges::find(application.labels(), "app.kubernetes.io/part-of", &std::pair<std::string, std::string>::first);
  return label == application.labels().end() ? std::string() : label->second;
}

class Assessor {
 public:
  Assessor(const Model& model, const Observed& observed, const Observed& left, const AssessOptions& options, Diagnostics& problems)
      : model_(model), observed_(observed), left_(left), options_(options), problems_(problems),
        catalog_(options.catalog.with(model.application().data->definitions)) {
    for (const Hook& hook : model.lifecycle().hooks)
      if (hook.resource != Hook::kNone) passing_.insert(hook.resource);
    passing_.insert(model.lifecycle().skipped.begin(), model.lifecycle().skipped.end());
  }

  Assessment assess() {
    all_.application = model_.application().name();
    all_.namespace_ = model_.application().namespace_();
    all_.product = product_of(model_.application());
    std::map<std::string_view, std::size_t> places;
    for (const Component& c : model_.application().components()) {
      places.emplace(c.name, all_.components.size());
      all_.components.push_back({c.name, Health::healthy, {}, {}});
    }
    places.emplace("*", all_.components.size());
    all_.components.push_back({"*", Health::healthy, {}, {}});   // what belongs to the application itself
    for (std::uint32_t i = 0; i < model_.resources().size(); ++i) {
      const auto place = places.find(model_.resources()[i].component);
      auto& judged = all_.components[place == places.end() ? places.at("*") : place->second].resources;
      for (ResourceAssessment& each : judge(i)) judged.push_back(std::move(each));
    }
    if (all_.components.back().resources.empty()) all_.components.pop_back();
    for (ComponentAssessment& c : all_.components) ask_definitions(c);
    roll_up();
    extra();
    all_.assumed = detail::assumed_objects(model_, observed_);
    std::erase_if(all_.assumed, [&](const AssumedObject& o) { return is_extra(o); });
    return std::move(all_);
  }

 private:
  // In each cluster that it belongs into; where the observation names none, once.
  std::vector<ResourceAssessment> judge(std::uint32_t index) const {
    const Resource& r = model_.resources()[index];
    const bool one = observed_.clusters().empty();
    std::vector<ResourceAssessment> all;
    for (std::uint32_t p = 0; p < model_.placements().size() && !(one && !all.empty()); ++p) {
      if (r.placement.empty() ? p > 0 : r.placement != model_.placements()[p].policy) continue;
      const bool home = one || r.control_plane;
      ResourceAssessment made = judge(index, home ? std::string() : model_.placements()[p].cluster, detail::namespace_in(model_, p, r));
      if (made.health != Health::missing || !passing_.contains(index)) all.push_back(std::move(made));
    }
    return all;
  }

  ResourceAssessment judge(std::uint32_t index, std::string cluster, const std::string& space) const {
    const Resource& r = model_.resources()[index];
    ResourceAssessment a;
    a.resource = index;
    a.kind = full_kind(r.kind, r.api_version);
    a.name = r.name;
    a.namespace_ = space;
    a.trait = r.trait;
    a.cluster = std::move(cluster);
    const Observed here = observed_.in(a.cluster);
    const Value found = here.find(r.api_version, r.kind, space, r.name);
    if (!found) {
      a.health = Health::missing;
      a.message = "not found";
      return a;
    }
    detail::Readiness readiness = detail::readiness(*found);
    a.health = health_of(readiness.status);
    a.message = std::move(readiness.message);
    in_its_life(*found, a);
    std::vector<IgnoreRule> ignore = options_.ignore;
    detail::ignore_fills(r, ignore);
    a.differences = differences(r.object, found, here.applied(r.api_version, r.kind, space, r.name), ignore);
    a.drifted = !a.differences.empty();
    return a;
  }

  // A state that a definition declares says how well the object is, unless it is that of what was before.
  void in_its_life(const json::value& object, ResourceAssessment& a) const {
    const StateMachine machine = model_.lifecycle().machine(a.resource);
    const auto state = machine.state_of(object);
    if (state) a.state = machine.states()[*state].name;
    if (a.resource >= model_.lifecycle().machine_of.size() || model_.lifecycle().machine_of[a.resource] == 0) return;
    a.health = state ? machine.states()[*state].health : Health::unknown;
    a.message = state ? a.state : "in no state of its life cycle";
    if (auto unseen = state ? detail::unseen_generation(object) : std::nullopt) a.health = Health::progressing, a.message = std::move(*unseen);
  }

  const Component* component_named(std::string_view name) const {
    const auto all = model_.application().components();
    const auto found = std::ranges::find(all, name, &Component::name);
    return found == all.end() ? nullptr : &*found;
  }

  // What a definition's programs say of the objects it made, by its workload or trait.
  void ask_definitions(ComponentAssessment& c) {
    const Component* component = component_named(c.name);
    if (!component || options_.catalog.size() == 0) return;
    std::set<std::string> clusters;
    for (const ResourceAssessment& each : c.resources) clusters.insert(each.cluster);
    for (const std::string& cluster : clusters) {
      if (const Definition* definition = catalog_.find(Definition::Kind::component, component->type))
        apply(*definition, component->properties, cluster, "", c);
      for (const Trait& trait : component->traits)
        if (const Definition* definition = catalog_.find(Definition::Kind::trait, trait.type)) apply(*definition, trait.properties, cluster, trait.type, c);
    }
  }

  void apply(const Definition& definition, const Value& properties, const std::string& cluster, std::string_view trait, ComponentAssessment& c) {
    if (!definition.status || (definition.status->health.blank() && definition.status->message.blank())) return;
    ObservedOutputs asked;
    std::vector<ResourceAssessment*> judged;
    json::object outputs;
    for (ResourceAssessment& a : c.resources) {
      const Resource& r = model_.resources()[a.resource];
      const bool auxiliary = r.role == Resource::Role::auxiliary || r.trait == "AuxiliaryWorkload";
      const bool mine = trait.empty() ? r.role == Resource::Role::workload || auxiliary : r.trait == trait;
      if (!mine || a.cluster != cluster) continue;
      if (a.health == Health::missing) return;   // there is no verdict without its objects
      const Value found = observed_.in(cluster).find(r.api_version, r.kind, a.namespace_, r.name);
      if (trait.empty() && r.role == Resource::Role::workload) asked.output = found;
      else if (!r.output.empty()) outputs[r.output] = *found;
      if (!trait.empty() || r.role == Resource::Role::workload) judged.push_back(&a);
    }
    if (judged.empty()) return;
    asked.parameter = properties;
    asked.context = share(json::object{{"name", c.name}, {"appName", model_.application().name()}, {"appRevision", ""}});
    asked.outputs = share(json::value(std::move(outputs)));
    const auto status = assess_definition(definition, asked, problems_);
    if (status) take(*status, !definition.status->health.blank(), trait.empty(), judged, c);
  }

  // A verdict is about the whole: what is unhealthy by it is not yet, or no longer, as it
  // should be; the kind's own rule says which.
  static void take(const DefinitionStatus& status, bool decides, bool of_component, const std::vector<ResourceAssessment*>& judged, ComponentAssessment& c) {
    if (of_component) c.message = status.message;
    for (ResourceAssessment* a : judged) {
      if (decides) a->health = status.healthy ? Health::healthy : std::max(a->health, Health::progressing);
      if (!of_component && !status.message.empty()) a->message = status.message;
    }
  }

  void roll_up() {
    all_.health = Health::healthy;
    for (ComponentAssessment& c : all_.components) {
      for (const ResourceAssessment& r : c.resources) {
        c.health = std::max(c.health, r.health);
        all_.present += r.health != Health::missing;
        ++all_.expected;
      }
      all_.health = std::max(all_.health, c.health);
    }
  }

  // By its labels: plans leave it alone too.
  bool is_anothers(const detail::Leftover& left) const {
    const detail::Owner owner = detail::owner_of(*left.observed);
    return !owner.name.empty() && !owner.is(model_.application());
  }

  void extra() {
    const std::vector<std::string> places = detail::places_of(observed_);
    const bool one = places.size() == 1;
    for (const std::string& cluster : places) {
      std::set<std::string> wanted;
      for (const ComponentAssessment& c : all_.components)
        for (const ResourceAssessment& each : c.resources) {
          const Resource& r = model_.resources()[each.resource];
          if (one || each.cluster == cluster) wanted.insert(InventoryEntry{r.api_version, r.kind, each.namespace_, r.name, {}, {}, {}}.key());
        }
      for (const detail::Leftover& left : detail::leftovers(model_.application(), wanted, left_.in(cluster), cluster)) {
        const InventoryEntry& e = left.entry;
        if (left.observed && !is_anothers(left)) all_.extra.push_back(detail::object_title(cluster, full_kind(e.kind, e.api_version), e.namespace_, e.name));
      }
    }
    std::ranges::sort(all_.extra);
  }

  // What it has made before is its own to let go, even where a component uses it still.
  bool is_extra(const AssumedObject& o) const { return std::ranges::find(all_.extra, detail::object_title("", o.kind, o.namespace_, o.name)) != all_.extra.end(); }

  const Model& model_;
  const Observed& observed_;
  const Observed& left_;   // where extras are looked for
  const AssessOptions& options_;
  Diagnostics& problems_;
  Catalog catalog_;
  std::set<std::uint32_t> passing_;   // objects that are hooks: they come and go
  Assessment all_;
};

}  // namespace

Assessment detail::assess_among(const Model& model, const Observed& observed, const Observed& share, const AssessOptions& options, Diagnostics& problems) {
  return Assessor(model, observed, share, options, problems).assess();
}

Assessment assess(const Model& model, const Observed& observed, const AssessOptions& options, Diagnostics& problems) {
  return Assessor(model, observed, observed, options, problems).assess();
}

Assessment assess(const Model& model, const Observed& observed) {
  Diagnostics none;   // kinds alone are judged: no program can fail
  return assess(model, observed, {}, none);
}

}  // namespace oam
