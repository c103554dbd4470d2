#include "plan/change_checks.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "plan/claims.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

using boost::json::value;
using Action = Step::Action;

std::string title(const value& object) { return std::string(text_at(object, "kind")) + ' ' + std::string(text_at(object, "metadata", "name")); }

class Checker {
 public:
  Checker(const Model& model, const Observed& observed, const Changes& changes, Problems& problems)
      : model_(model), observed_(observed), changes_(changes), problems_(problems), home_(model.application().data->place) {}

  void check(const PlanOptions& options) {
    cascades();
    users();
    limits(options);
  }

 private:
  Place place(const Removal& r) const { return r.wanted == Node::kNone ? home_ : changes_.wanted[r.wanted]->place; }

  // All that is deleted, and all that goes with it.
  void cascades() {
    index();
    std::map<const value*, const Removal*> cause;
    std::vector<const value*> open;
    for (const Removal& r : changes_.removals) {
      if (!r.deletes() || !r.observed) continue;
      cause.emplace(r.observed.get(), &r);
      open.push_back(r.observed.get());
      const bool wanted_so = r.wanted != Node::kNone && is_protected(*changes_.wanted[r.wanted]->object);
      if (is_protected(*r.observed) || wanted_so)
        problems_.error("protected-object", place(r), title(*r.observed) + " is protected, and this plan would delete it: " + r.change->why)
            .hint(std::string(kUnprotect));
    }
    while (!open.empty()) {
      const value* at = open.back();
      open.pop_back();
      const Removal* why = cause.at(at);
      for (const value* child : go_with(*at)) {
        if (!cause.emplace(child, why).second) continue;
        open.push_back(child);
        goes_along(*child, *why);
      }
    }
  }

  void goes_along(const value& child, const Removal& why) {
    const std::string what = title(child) + " goes with " + title(*why.observed);
    if (is_protected(child)) problems_.error("protected-object", place(why), what + ", which this plan deletes, and is protected");
    else if (is_claim(child)) problems_.warning("data-deleted", place(why), what + ", which this plan deletes, and what is in it with it");
    const auto wanted = wanted_.find(&child);
    if (wanted != wanted_.end())
      problems_.error("wanted-goes-along", changes_.wanted[wanted->second]->place, what + ", which this plan deletes, and is wanted").related(place(why), why.change->why);
  }

  void index() {
    index(observed_, "");
    for (const std::string& name : observed_.clusters()) index(observed_.in(name), name + ':');
    for (std::uint32_t i = 0; i < changes_.wanted.size(); ++i) {
      if (!changes_.wanted[i]) continue;
      const Resource& r = *changes_.wanted[i];
      const Observed here = observed_.in(changes_.cluster_of(i, model_));
      if (const Value there = here.find(r.api_version, r.kind, r.namespace_, r.name)) wanted_.emplace(there.get(), i);
    }
  }

  void index(const Observed& there, const std::string& cluster) {
    for (const Value& object : there.objects()) {
      cluster_of_.emplace(object.get(), cluster);
      in_namespace_[cluster + std::string(text_at(*object, "metadata", "namespace"))].push_back(object.get());
      of_kind_[cluster + full_kind(text_at(*object, "kind"), text_at(*object, "apiVersion"))].push_back(object.get());
      const value* owners = member(*object, "metadata", "ownerReferences");
      if (!owners || !owners->is_array()) continue;
      for (const value& owner : owners->get_array())
        if (const std::string_view uid = text_at(owner, "uid"); !uid.empty()) owned_by_[cluster + std::string(uid)].push_back(object.get());
    }
  }

  std::vector<const value*> go_with(const value& object) const {
    std::vector<const value*> all;
    const std::string& cluster = cluster_of_.at(&object);
    const auto take = [&](const auto& map, const std::string& key) {
      if (const auto found = map.find(cluster + key); found != map.end() && !key.empty()) all.insert(all.end(), found->second.begin(), found->second.end());
    };
    const std::string kind = full_kind(text_at(object, "kind"), text_at(object, "apiVersion"));
    if (kind == "Namespace") take(in_namespace_, std::string(text_at(object, "metadata", "name")));
    if (kind == "CustomResourceDefinition.apiextensions.k8s.io")
      take(of_kind_, std::string(text_at(object, "spec", "names", "kind")) + '.' + std::string(text_at(object, "spec", "group")));
    take(owned_by_, std::string(text_at(object, "metadata", "uid")));
    return all;
  }

  // Those that stay and were applied after what goes.
  void users() {
    std::map<std::string, const Removal*> gone;
    for (const Removal& r : changes_.removals)
      if (r.deletes() && r.wanted == Node::kNone) gone.emplace(r.entry.key(), &r);
    for (const Removal& r : changes_.removals) {
      if (r.deletes() || r.action == Action::forget) continue;
      for (const std::string& need : r.entry.needs)
        if (const auto found = gone.find(need); found != gone.end())
          problems_.warning("deleted-under-user", place(*found->second), found->second->entry.kind + ' ' + found->second->entry.name + " is deleted, and " +
                                                     r.entry.kind + ' ' + r.entry.name + ", which was applied after it, stays: " + r.change->why);
    }
  }

  void limits(const PlanOptions& options) {
    std::set<std::string> touched;   // what is deleted and made anew is one object
    std::size_t deleted = 0, all = 0;
    std::vector<bool> hooks(model_.resources().size());   // what comes and goes with a hook is no object of the application
    for (const Hook& h : model_.lifecycle().hooks)
      if (h.resource != Hook::kNone) hooks[h.resource] = true;
    const auto is_hook = [&](std::size_t wanted) { return hooks[wanted % hooks.size()]; };
    for (std::size_t i = 0; i < changes_.fates.size(); ++i) {
      if (!changes_.wanted[i] || is_hook(i)) continue;
      ++all;
      if (changes_.fates[i].action != Action::keep) touched.insert(std::to_string(i / model_.resources().size()) + ' ' + key_of(*changes_.wanted[i]));
    }
    for (const Removal& r : changes_.removals) {
      all += r.wanted == Node::kNone && r.observed;
      deleted += r.deletes() && !(r.wanted != Node::kNone && is_hook(r.wanted));
      if (r.wanted == Node::kNone && r.action != Action::keep && r.action != Action::forget) touched.insert(r.entry.key());
    }
    limit("changes", touched.size(), all, options.changes);
    limit("deletes", deleted, all, options.deletes);
  }

  void limit(std::string_view does, std::size_t count, std::size_t all, const ChangeLimit& limit) {
    const bool over = limit.percent ? count * 100 > std::size_t{limit.most} * all : count > limit.most;
    if (!over) return;
    problems_.error("change-limit", home_, "this plan " + std::string(does) + ' ' + std::to_string(count) + " of " + std::to_string(all) + " objects, more than the limit of " +
                                               std::to_string(limit.most) + (limit.percent ? "%" : ""))
        .hint("make the change in smaller parts, or raise the limit if it is meant");
  }

  const Model& model_;
  const Observed& observed_;
  const Changes& changes_;
  Problems& problems_;
  Place home_;
  std::map<std::string, std::vector<const value*>> in_namespace_, of_kind_, owned_by_;   // keys begin with the cluster
  std::map<const value*, std::string> cluster_of_;
  std::map<const value*, std::uint32_t> wanted_;
};

}  // namespace

bool is_protected(const value& object) { return text_at(object, "metadata", "annotations", "app.oam.dev/protect") == "true"; }

void check_changes(const Model& model, const Observed& observed, const PlanOptions& options, const Changes& changes, Problems& problems) {
  Checker(model, observed, changes, problems).check(options);
}

}  // namespace oam::detail
