// What becomes of each object, decided one by one.
#include "plan/changes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "graph/ordinals.hpp"
#include "graph/select.hpp"
#include "plan/change_checks.hpp"
#include "plan/change_text.hpp"
#include "plan/claims.hpp"
#include "plan/delete_hooks.hpp"
#include "plan/immutable.hpp"
#include "plan/live_fields.hpp"
#include "plan/owned_pods.hpp"
#include "plan/partition.hpp"
#include "plan/policy_rules.hpp"
#include "resolve/exclusive_keys.hpp"
#include "support/comparable.hpp"
#include "support/field_path.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/unset.hpp"

namespace oam::detail {

namespace {

namespace json = boost::json;
using Action = Step::Action;
using Replace = StepChange::Replace;

constexpr std::string_view kSharedBy = "app.oam.dev/shared-by";

std::string title(const Resource& r) { return r.kind + ' ' + r.name; }

// What of it must still hold when the step is done.
std::shared_ptr<StepChange> found(const Value& observed) {
  auto change = std::make_shared<StepChange>();
  if (!observed) return change;
  change->exists = true;
  change->uid = text_at(*observed, "metadata", "uid");
  change->revision = text_at(*observed, "metadata", "resourceVersion");
  change->digest = comparable_digest(observed);
  return change;
}

// That, and how it was.
std::shared_ptr<StepChange> found_as(const Value& observed, const Value& applied) {
  auto change = found(observed);
  if (observed) change->before = share(comparable(applied ? applied : observed));
  return change;
}

Value named(const InventoryEntry& entry) {
  json::object metadata{{"name", entry.name}};
  if (!entry.namespace_.empty()) metadata["namespace"] = entry.namespace_;
  return share(json::object{{"apiVersion", entry.api_version}, {"kind", entry.kind}, {"metadata", std::move(metadata)}});
}

// Who set the field, or the first one below it.
void attribute(const Resource& r, FieldChange& change) {
  const std::string& pointer = change.difference.pointer;
  for (const Provenance& p : r.provenance) {
    if (!p.pointer.starts_with(pointer) || (p.pointer.size() > pointer.size() && p.pointer[pointer.size()] != '/')) continue;
    change.by = text(p.by);
    if (!p.name.empty()) change.by += ' ' + p.name;
    change.where = p.where;
    return;
  }
}

class Decider {
 public:
  Decider(const Model& model, const Observed& observed, const PlanOptions& options, Problems& problems)
      : model_(model), observed_(observed), here_(observed), options_(options), problems_(problems), policies_(model.application().policies()), renewed_(model.resources().size()) {
    if (!observed.clusters().empty())
      for (const Placement& each : model.placements()) clusters_.push_back(observed.in(each.cluster));
    for (const Hook& hook : model.lifecycle().hooks)
      if (hook.resource != Hook::kNone && hook.retention.before) renewed_[hook.resource] = true;
  }

  Changes decide() {
    place();
    for (std::uint32_t i = 0; i < all_.wanted.size(); ++i) {
      const Resource* r = all_.wanted[i];
      stand_at(i);
      all_.fates.emplace_back();
      if (!r) {
        all_.fates.back().action = Action::keep;
        continue;
      }
      renews_ = renewed_[i % renewed_.size()];
      all_.fates.back() = fate(*r);
      all_.fates.back().stored = stored(*r);
    }
    follow_values();
    what_is_left();
    if (all_.removing) farewell();
    pair_renamed();
    for (std::uint32_t i = 0; i < all_.fates.size(); ++i)
      if (all_.fates[i].deletes_first()) all_.removals.push_back(old_of(i));
    all_.patient = policies_.set_by("garbage-collect", "continueOnFailure");
    return std::move(all_);
  }

  // Of one resource, whatever becomes of the others.
  Fate alone(const Resource& r) {
    renews_ = renewed_[static_cast<std::size_t>(&r - model_.resources().data())];
    return fate(r);
  }

 private:
  // In the cluster of this one is looked from here on.
  void stand_at(std::uint32_t wanted) {
    const std::size_t placement = wanted / std::max<std::size_t>(1, model_.resources().size());
    if (all_.wanted[wanted] && !clusters_.empty()) here_ = all_.wanted[wanted]->control_plane ? observed_ : clusters_[placement];
  }

  void what_is_left() {
    const std::vector<std::string> names = places_of(observed_);
    for (const std::string& name : names) {
      here_ = observed_.in(name);
      std::set<std::string> wanted;
      for (std::uint32_t i = 0; i < all_.wanted.size(); ++i)
        if (all_.wanted[i] && (names.size() == 1 || all_.cluster_of(i, model_) == name)) wanted.insert(key_of(*all_.wanted[i]));
      for (Leftover& left : leftovers(model_.application(), wanted, here_, name)) all_.removals.push_back(removal(std::move(left)));
    }
  }

  // What is wanted where: of an application that is deleted, nothing.
  void place() {
    const Place& document = model_.application().data->place;
    if (document.document < model_.application().documents().size())
      all_.removing = member(*model_.application().documents()[document.document], "metadata", "deletionTimestamp") != nullptr;
    const auto count = static_cast<std::uint32_t>(model_.placements().size() * model_.resources().size());
    all_.wanted.resize(count);
    for (std::uint32_t i = 0; i < count && !all_.removing; ++i) all_.wanted[i] = wanted_at(i);
  }

  // A resource in a placement; null: it is not there.
  const Resource* wanted_at(std::uint32_t i) {
    const auto count = static_cast<std::uint32_t>(model_.resources().size());
    const std::uint32_t p = i / count;
    const Resource& r = model_.resources()[i % count];
    if (r.placement != model_.placements()[p].policy && !(r.placement.empty() && p == 0)) return nullptr;
    const std::string& space = namespace_in(model_, p, r);
    if (space == r.namespace_) return &r;
    auto moved = std::make_unique<Resource>(r);
    moved->object = object_in(r, space);
    moved->namespace_ = space;
    all_.moved.push_back(std::move(moved));
    return all_.moved.back().get();
  }

  // When the application goes, the objects that are hooks at a delete are wanted, if something is deleted.
  void farewell() {
    std::set<std::uint32_t> made;
    for (const Hook& hook : model_.lifecycle().hooks)
      for (std::uint32_t i = hook.resource; hook.resource != Hook::kNone && i < all_.wanted.size(); i += static_cast<std::uint32_t>(model_.resources().size())) {
        const Resource* r = is_at_delete(hook) ? wanted_at(i) : nullptr;
        if (!r || !made.insert(i).second) continue;
        all_.wanted[i] = r;
        if (deletes_around(hook, i, model_, all_).empty()) {
          all_.wanted[i] = nullptr;
          made.erase(i);
          continue;
        }
        stand_at(i);
        renews_ = renewed_[hook.resource];
        all_.fates[i] = fate(*r);
        all_.fates[i].stored = stored(*r);
      }
    const auto is_made = [&](const Removal& gone) { return std::ranges::any_of(made, [&](std::uint32_t i) { return is_of(gone, i, model_, all_); }); };
    std::erase_if(all_.removals, is_made);
  }

  Fate fate(const Resource& r) {
    const Value there = here_.find(r.api_version, r.kind, r.namespace_, r.name);
    if (!there) return missing(r);
    const Owner owner = owner_of(*there);
    if (const PolicyRule rule = policies_.find("read-only", *r.object))
      return kept(r, there, "policy " + std::string(rule.policy) + " says read-only");
    if (!owner.name.empty() && !owner.is(model_.application())) return of_another(r, there, owner);
    if (owner.name.empty() && !stored(r)) return adopted(r, there);
    return renews_ ? renewed(r, there) : compared(r, there);
  }

  // A hook runs anew: what its last run left goes first.
  Fate renewed(const Resource& r, const Value& there) const {
    auto change = found_as(there, applied(r));
    change->replace = Replace::delete_first;
    change->why = "it is a hook: what its last run left is deleted before the next";
    return {Action::replace, nullptr, std::move(change), nullptr};
  }

  Fate missing(const Resource& r) {
    if (const PolicyRule rule = policies_.find("read-only", *r.object))
      problems_.error("read-only-missing", r.place, title(r) + " is not there, and policy \"" + std::string(rule.policy) + "\" says that it is only read");
    auto change = found_as(nullptr, nullptr);
    if (stored(r)) change->why = "it was applied before and is gone";
    return {Action::create, nullptr, std::move(change), nullptr};
  }

  Fate kept(const Resource& r, const Value& there, std::string why) const {
    auto change = found_as(there, applied(r));
    change->why = std::move(why);
    return {Action::keep, nullptr, std::move(change), nullptr};
  }

  // Only its owner writes a shared object; the others stand in its list of sharers.
  Fate of_another(const Resource& r, const Value& there, const Owner& owner) {
    const std::string other = (owner.namespace_.empty() ? "" : std::string(owner.namespace_) + '/') + std::string(owner.name);
    if (policies_.find("take-over", *r.object)) {
      Fate taken = compared(r, there);
      return with_action(r, std::move(taken), Action::adopt, "it is taken over from application " + other);
    }
    const std::string_view sharers = text_at(*there, "metadata", "annotations", kSharedBy);
    const std::string me = std::string(model_.application().namespace_()) + '/' + std::string(model_.application().name());
    const PolicyRule shared = policies_.find("shared-resource", *r.object);
    if (shared && !sharers.empty()) {
      if (std::string(',' + std::string(sharers) + ',').find(',' + me + ',') != std::string::npos) return kept(r, there, "it is shared: application " + other + " keeps it");
      return shared_with(r, there, std::string(sharers) + ',' + me);
    }
    problems_.error("owned-elsewhere", r.place, title(r) + " belongs to application \"" + other + "\"" + (shared ? ", which does not share it" : ""))
        .hint("a policy of type take-over makes it this application's; shared-resource, in both, lets them have it in common");
    return kept(r, there, "");
  }

  Fate shared_with(const Resource& r, const Value& there, const std::string& sharers) const {
    Fate fate = kept(r, there, "it is shared: this application joins " + sharers);
    json::value object = *named({r.api_version, r.kind, r.namespace_, r.name, {}, {}, {}});
    object.at("metadata").as_object()["annotations"] = {{kSharedBy, sharers}};
    fate.action = Action::update;
    fate.object = share(std::move(object));
    return fate;
  }

  Fate adopted(const Resource& r, const Value& there) {
    Fate fate = compared(r, there);
    if (!policies_.find("take-over", *r.object))
      problems_.warning("adopted", r.place, title(r) + " is there already and belongs to no application: it becomes this one's")
          .hint("a policy of type take-over says that this is meant");
    return with_action(r, std::move(fate), Action::adopt, "it is there already and belongs to no application");
  }

  // What must be made anew stays so.
  Fate with_action(const Resource& r, Fate fate, Action action, std::string why) const {
    auto change = std::make_shared<StepChange>(*fate.change);
    change->why = change->why.empty() ? std::move(why) : why + "; " + change->why;
    if (fate.action != Action::replace) fate.action = action;
    if (!change->before) change->before = before(r);
    fate.change = std::move(change);
    return fate;
  }

  Value before(const Resource& r) const {
    const Value was = applied(r);
    return share(comparable(was ? was : here_.find(r.api_version, r.kind, r.namespace_, r.name)));
  }

  Fate compared(const Resource& r, const Value& there) {
    const std::vector<IgnoreRule> alone = left_alone(r, there);
    std::vector<IgnoreRule> ignore = alone;
    ignore_fills(r, ignore);
    const Value was = applied(r);
    auto change = found(there);
    const std::vector<Difference> differing = differences(r.object, there, was, ignore);
    for (const Difference& d : differing) attribute(r, change->fields.emplace_back(FieldChange{d, {}, {}}));
    if (!text_at(*there, "metadata", "deletionTimestamp").empty()) {
      change->why = "the one that is there is being deleted";
      change->replace = Replace::delete_first;
    } else if (!differing.empty()) {
      choose(r, there, differing, *change);
    }
    Fate fate{Action::keep, with_live(r, there, alone, change->replace == Replace::delete_first), nullptr, nullptr};
    fate.action = change->replace != Replace::none ? Action::replace : differing.empty() ? Action::keep : Action::update;
    if (fate.action != Action::keep) change->before = share(comparable(was ? was : there));   // what is not touched needs no undoing
    fate.change = std::move(change);
    return fate;
  }

  // Changed, written anew, or made anew?
  void choose(const Resource& r, const Value& there, std::span<const Difference> found, StepChange& change) {
    if (const Difference* less = smaller_claim(*there, found))
      problems_.error("claim-shrinks", r.place, title(r) + " asks for less than it has: " + arrow(*less))
          .hint("a claim can only grow; to have a smaller one, make one of another name and move the data");
    if (const std::string path = fixed_field(*there, found); !path.empty()) {
      change.replace = Replace::delete_first;
      change.why = path + " cannot be changed once it is made";
      return;
    }
    const PolicyRule rule = policies_.find("resource-update", *r.object);
    const json::value* strategy = rule ? member(*rule.rule, "strategy") : nullptr;
    if (!strategy) return;
    if (const std::string path = recreated(*strategy, found); !path.empty()) {
      change.replace = Replace::delete_first;
      change.why = "policy " + std::string(rule.policy) + " makes it anew when " + path + " changes";
    } else if (text_at(*strategy, "op") == "replace") {
      change.replace = Replace::in_place;
      change.why = "policy " + std::string(rule.policy) + " says replace";
    }
  }

  static std::string recreated(const json::value& strategy, std::span<const Difference> found) {
    const json::value* fields = member(strategy, "recreateFields");
    if (!fields || !fields->is_array()) return {};
    for (const json::value& field : fields->get_array()) {
      const auto pointer = field.is_string() ? to_pointer(std::string_view(field.get_string())) : std::nullopt;
      for (const Difference& d : found)
        if (pointer && (d.pointer == *pointer || d.pointer.starts_with(*pointer + '/') || pointer->starts_with(d.pointer + '/'))) return d.path;
    }
    return {};
  }

  // Fields that are not to be put right: by the call, or by a policy of type apply-once.
  std::vector<IgnoreRule> left_alone(const Resource& r, const Value& there) const {
    std::vector<IgnoreRule> rules = options_.ignore;
    if (policies_.set_by("apply-once", "enable").empty()) return rules;   // else its rules say nothing
    const PolicyRule once = policies_.find("apply-once", *r.object);
    const json::value* strategy = once ? member(*once.rule, "strategy") : nullptr;
    const json::value* paths = strategy ? member(*strategy, "path") : nullptr;
    if (!paths || !paths->is_array() || text_at(*strategy, "affect") == "onStateKeep") return rules;
    for (const json::value& path : paths->get_array()) {
      if (!path.is_string()) continue;
      if (path.get_string() == "*") {
        for (const Value& side : {r.object, there})
          for (const auto& field : side->as_object())
            if (field.key() != "metadata") rules.push_back({.pointer = join_pointer("", std::string_view(field.key().data(), field.key().size()))});
      } else if (const auto pointer = to_pointer(std::string_view(path.get_string()))) {
        rules.push_back({.pointer = *pointer});
      }
    }
    return rules;
  }

  // The wanted object with the live values of the fields that are left alone, so that applying
  // it does not put them right after all. What is made anew chooses anew. Null: it is the wanted one.
  static Value with_live(const Resource& r, const Value& there, std::span<const IgnoreRule> rules, bool anew) {
    std::vector<std::string> pointers = anew ? std::vector<std::string>() : left_to_cluster(*r.object);
    for (const IgnoreRule& rule : rules)
      if (!rule.pointer.empty() && rule.fits(*r.object)) pointers.push_back(rule.pointer);
    return pointers.empty() ? nullptr : with_live_fields(r, there, pointers);
  }

  // What reads a value of something that changes may change with it.
  void follow_values() {
    std::multimap<std::uint32_t, std::uint32_t> readers;
    for (std::uint32_t i = 0; i < all_.fates.size(); ++i) {
      if (!all_.wanted[i]) continue;
      for (const Fill& fill : all_.wanted[i]->fills)
        if (fill.from != Fill::kLiteral) readers.emplace(source_of(fill.from, i), i);
    }
    std::vector<std::uint32_t> open;
    for (const auto& [from, reader] : readers)
      if (all_.fates[from].action != Action::keep) open.push_back(from);
    while (!open.empty()) {
      const std::uint32_t from = open.back();
      open.pop_back();
      for (auto [at, end] = readers.equal_range(from); at != end; ++at) {
        Fate& fate = all_.fates[at->second];
        if (fate.action != Action::keep || !is_written(at->second)) continue;
        stand_at(at->second);
        fate = with_action(*all_.wanted[at->second], std::move(fate), Action::update, "a value of " + title(*all_.wanted[from]) + " may change");
        open.push_back(at->second);
      }
    }
  }

  // In the same placement, else in the first that has it.
  std::uint32_t source_of(std::uint32_t resource, std::uint32_t reader) const {
    const auto count = static_cast<std::uint32_t>(model_.resources().size());
    const std::uint32_t beside = reader / count * count + resource;
    if (all_.wanted[beside]) return beside;
    for (std::uint32_t i = resource; i < all_.wanted.size(); i += count)
      if (all_.wanted[i]) return i;
    return resource;
  }

  // Does this application write it at all?
  bool is_written(std::uint32_t i) {
    stand_at(i);
    const Resource& r = *all_.wanted[i];
    const Value there = here_.find(r.api_version, r.kind, r.namespace_, r.name);
    const Owner owner = there ? owner_of(*there) : Owner();
    return !policies_.find("read-only", *r.object) && (owner.name.empty() || owner.is(model_.application()));
  }

  Removal removal(Leftover left) const {
    Removal gone;
    gone.entry = std::move(left.entry);
    gone.observed = left.observed;
    gone.object = named(gone.entry);
    const Value before = here_.applied(gone.entry.api_version, gone.entry.kind, gone.entry.namespace_, gone.entry.name);
    auto change = found_as(gone.observed, before);
    gone.action = gone.observed ? what_becomes(gone, change->why) : Action::forget;
    if (!gone.observed) change->why = "it was applied before, is wanted no more, and is gone";
    gone.change = std::move(change);
    return gone;
  }

  // As the policies say, and what Helm's, Argo CD's and kapp's users have written on the object.
  Action what_becomes(Removal& gone, std::string& why) const {
    const json::value& object = *gone.observed;
    const std::string me = std::string(model_.application().namespace_()) + '/' + std::string(model_.application().name());
    const Owner owner = owner_of(object);
    if (!owner.name.empty() && !owner.is(model_.application())) return why = "it belongs to application " + std::string(owner.name) + " now", Action::forget;
    if (const std::string_view sharers = text_at(object, "metadata", "annotations", kSharedBy); !sharers.empty() && sharers != me)
      return why = "it is shared: it goes over to the others", Action::orphan;
    const std::string_view helm = text_at(object, "metadata", "annotations", "helm.sh/resource-policy");
    if (helm == "keep") return why = "its annotation helm.sh/resource-policy says keep", Action::orphan;
    if (text_at(object, "metadata", "annotations", "argocd.argoproj.io/sync-options").find("Prune=false") != std::string_view::npos)
      return why = "its annotation argocd.argoproj.io/sync-options says Prune=false", Action::orphan;
    if (text_at(object, "metadata", "annotations", "kapp.k14s.io/delete-strategy") == "orphan")
      return why = "its annotation kapp.k14s.io/delete-strategy says orphan", Action::orphan;
    if (const std::string_view legacy = policies_.set_by("garbage-collect", "keepLegacyResource"); !legacy.empty() && !all_.removing)
      return why = "policy " + std::string(legacy) + " keeps legacy resources", Action::keep;
    const PolicyRule rule = policies_.find("garbage-collect", object);
    const std::string unwanted = all_.removing ? "the application is deleted" : "it is wanted no more";
    const std::string_view strategy = rule ? text_at(*rule.rule, "strategy") : std::string_view();
    const bool said = !strategy.empty() || (rule && text_at(*rule.rule, "propagation") == "orphan");
    if (is_claim(object) && !said && !all_.removing && is_of_instance(model_, gone.entry, gone.observed))
      return gone.keeps_data = true, why = "it holds the data of an instance, and no policy says that it may go", Action::keep;
    if (!rule) return why = unwanted, Action::delete_;
    const std::string by = "policy " + std::string(rule.policy) + " says ";
    if (strategy == "never") return why = by + "never", Action::orphan;
    if (strategy == "onAppDelete" && !all_.removing) return why = by + "onAppDelete", Action::keep;
    if (text_at(*rule.rule, "propagation") == "orphan") return why = by + "orphan", Action::orphan;
    return why = unwanted + (is_claim(object) && !strategy.empty() ? ", and " + by + std::string(strategy) : ""), Action::delete_;
  }

  // One object of a kind goes and one comes, in one place of one component: that is a
  // new name, and the new one takes the place of the old.
  void pair_renamed() {
    const auto place = [](std::string_view cluster, const std::string& component, const std::string& kind, std::string_view trait) {
      return std::string(cluster) + ':' + component + '/' + kind + '/' + std::string(trait);
    };
    std::map<std::string, std::vector<std::size_t>> gone, made;
    for (std::size_t i = 0; i < all_.removals.size(); ++i) {
      const Removal& r = all_.removals[i];
      if (r.deletes()) gone[place(r.entry.cluster, r.entry.component, full_kind(r.entry.kind, r.entry.api_version), text_at(*r.observed, "metadata", "labels", "trait.oam.dev/type"))].push_back(i);
    }
    for (std::uint32_t i = 0; i < all_.fates.size(); ++i) {
      if (!all_.wanted[i]) continue;
      const Resource& r = *all_.wanted[i];
      if (all_.fates[i].action == Action::create) made[place(clusters_.empty() ? "" : all_.cluster_of(i, model_), r.component, full_kind(r.kind, r.api_version), text_at(*r.object, "metadata", "labels", "trait.oam.dev/type"))].push_back(i);
    }
    for (const auto& [where, old] : gone) {
      const auto found = made.find(where);
      if (old.size() == 1 && found != made.end() && found->second.size() == 1) pair(all_.removals[old[0]], static_cast<std::uint32_t>(found->second[0]));
    }
  }

  // The new one first, unless both need what only one can have.
  void pair(Removal& old, std::uint32_t index) {
    const Resource& r = *all_.wanted[index];
    Fate& fate = all_.fates[index];
    const auto before = exclusive_keys(*old.observed), now = exclusive_keys(*r.object);
    std::vector<std::string> both;
    std::ranges::set_intersection(before, now, std::back_inserter(both));
    const bool asked = text_at(*r.object, "metadata", "annotations", "app.oam.dev/replace") == "delete-first";
    auto change = std::make_shared<StepChange>(*fate.change);
    change->replace = both.empty() && !asked ? Replace::create_first : Replace::delete_first;
    change->why = "it takes the place of " + old.entry.kind + ' ' + old.entry.name;
    fate.change = change;
    old.replaced_by = index;
    auto gone = std::make_shared<StepChange>(*old.change);
    gone->replace = change->replace;
    gone->why = title(r) + " takes its place";
    old.change = std::move(gone);
  }

  Removal old_of(std::uint32_t i) {
    stand_at(i);
    const Resource& r = *all_.wanted[i];
    Removal old;
    old.entry = {r.api_version, r.kind, r.namespace_, r.name, r.component, {}, {}, clusters_.empty() ? "" : std::string(all_.cluster_of(i, model_))};
    old.observed = here_.find(r.api_version, r.kind, r.namespace_, r.name);
    old.object = named(old.entry);
    auto change = found_as(old.observed, applied(r));
    change->replace = Replace::delete_first;
    change->why = all_.fates[i].change->why;
    old.change = std::move(change);
    old.wanted = i;
    return old;
  }

  Value applied(const Resource& r) const { return here_.applied(r.api_version, r.kind, r.namespace_, r.name); }
  const InventoryEntry* stored(const Resource& r) const { return here_.entry(r.api_version, r.kind, r.namespace_, r.name); }

  const Model& model_;
  const Observed& observed_;
  Observed here_;                    // of the cluster that is looked at
  std::vector<Observed> clusters_;   // by placement, of an observation that names some
  const PlanOptions& options_;
  Problems& problems_;
  PolicyRules policies_;
  std::vector<bool> renewed_;        // by resource: a hook of which the last run goes before the next
  bool renews_ = false;              // the one that is looked at
  Changes all_;
};

}  // namespace

namespace {

// Of instances that go: their pods may tell who leads.
void find_pods(const Model& model, const Observed& observed, Changes& all) {
  if (std::ranges::all_of(model.lifecycle().ordinals, [](const Ordinals& rule) { return rule.leader_label.first.empty(); })) return;
  std::map<std::string_view, OwnedPods> pods;   // by cluster
  for (Removal& r : all.removals)
    if (numbered(r.entry.name)) r.pods = pods.try_emplace(r.entry.cluster, observed.in(r.entry.cluster)).first->second.of(r.observed);
}

}  // namespace

Changes changes_of(const Model& model, const Observed& observed, const PlanOptions& options, Diagnostics& sink) {
  Problems problems(model.application().documents(), sink);
  Changes all = Decider(model, observed, options, problems).decide();
  find_pods(model, observed, all);
  keep_below_partition(model, all);
  check_changes(model, observed, options, all, problems);
  check_claims(model, observed, all, problems);
  return all;
}

Fate fate_of(const Model& model, const Observed& observed, const PlanOptions& options, const Resource& resource, Diagnostics& sink) {
  Problems problems(model.application().documents(), sink);
  return Decider(model, observed, options, problems).alone(resource);
}

}  // namespace oam::detail
