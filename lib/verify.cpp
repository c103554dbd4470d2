#include <oam/verify.hpp>

#include <algorithm>
#include <map>

#include <oam/json.hpp>

#include "resolve/object_references.hpp"
#include "support/json.hpp"

namespace oam {
namespace {

using Index = std::uint32_t;

bool is_delete(const Step& s) { return s.action == Step::Action::delete_; }

// Kind and name; the version of its API does not make it another object.
std::string key_of(const Step& s) { return s.target.cluster + '/' + s.target.namespace_ + '/' + s.resource; }

class Checks {
 public:
  explicit Checks(const Plan& plan) : plan_(plan), steps_(plan.steps()) {}

  std::vector<Property> run() {
    deletes();
    writes();
    core();
    hooks();
    ordinals();
    return std::move(all_);
  }

 private:
  void begin(std::string_view id, std::string_view summary) { all_.push_back({id, summary, true, {}, {}}); }

  // The first counter-example is enough.
  void fail(std::string text, std::vector<Index> steps) {
    Property& p = all_.back();
    if (!std::exchange(p.holds, false)) return;
    p.text = std::move(text);
    for (const Index i : steps) p.counter_example.push_back(steps_[i].id);
  }

  // Does `after` come after `before`, along needs? Steps stand behind what they need.
  bool comes_after(Index after, Index before) const {
    if (after <= before) return false;
    std::vector<bool> seen(after - before + 1, false);
    std::vector<Index> open{after};
    while (!open.empty()) {
      const Index at = open.back();
      open.pop_back();
      for (const Need& n : steps_[at].needs) {
        if (n.step == before) return true;
        if (n.step < before || seen[n.step - before]) continue;
        seen[n.step - before] = true;
        open.push_back(n.step);
      }
    }
    return false;
  }

  static Resource resource_of(const Step& s, const Value& object) {
    Resource r;
    r.api_version = detail::text_at(*object, "apiVersion");
    r.kind = detail::text_at(*object, "kind");
    r.namespace_ = s.target.namespace_;
    r.object = object;
    return r;
  }

  // What the last run of a hook left, before the next makes it anew.
  static bool clears(const Step& s) { return s.more->hook && s.more->hook->cleans.empty(); }

  using Deleted = std::map<std::string, Index>;   // by KIND/NAMESPACE/NAME in a cluster

  void deletes() {
    begin("delete-after-users", "nothing is deleted that another step still uses");
    Deleted deleted;
    for (Index i = 0; i < steps_.size(); ++i)
      if (is_delete(steps_[i]) && !clears(steps_[i])) deleted.emplace(name_of(steps_[i].target, steps_[i].resource.view().substr(0, steps_[i].resource.view().find_first_of("./")), steps_[i].resource.view().substr(steps_[i].resource.view().rfind('/') + 1)), i);
    if (deleted.empty()) return;
    for (Index i = 0; i < steps_.size(); ++i) {
      const Step& s = steps_[i];
      if (s.kind != Step::Kind::apply) continue;
      each_deleted(deleted, i, s.object, [&](Index gone) {
        if (s.more->hook && steps_[gone].more->hook && comes_after(gone, i)) return;   // a hook that is over
        if (!is_delete(s)) fail(s.id + " still names what " + steps_[gone].id + " deletes", {i, gone});
        else if (!comes_after(gone, i)) fail(steps_[gone].id + " does not wait until " + s.id + " is done, which names it", {gone, i});
      });
      if (s.action != Step::Action::update || !s.change) continue;
      each_deleted(deleted, i, s.change->before, [&](Index gone) {   // what it used until then
        if (!comes_after(gone, i)) fail(steps_[gone].id + " does not wait until " + s.id + " is done, which named it before", {gone, i});
      });
    }
  }

  // Calls take(step) for each step that deletes what the object cannot do without.
  template <class Take>
  void each_deleted(const Deleted& deleted, Index user, const Value& object, const Take& take) const {
    if (!object || !object->is_object()) return;
    const Resource r = resource_of(steps_[user], object);
    for (const detail::ObjectReference& to : detail::object_references(r)) {
      const auto found = deleted.find(name_of({steps_[user].target.cluster, Name(to.namespace_)}, to.kind, to.name));
      if (found != deleted.end() && found->second != user && !to.optional) take(found->second);
    }
  }

  static std::string name_of(const Target& at, std::string_view kind, std::string_view name) {
    return at.cluster + '/' + std::string(kind) + '/' + at.namespace_ + '/' + std::string(name);
  }

  void writes() {
    begin("writes-ordered", "two steps that write one object are ordered");
    std::map<std::string, std::vector<Index>> writers;
    for (Index i = 0; i < steps_.size(); ++i)
      if (steps_[i].kind == Step::Kind::apply && steps_[i].action != Step::Action::keep) writers[key_of(steps_[i])].push_back(i);
    for (const auto& [key, all] : writers)
      for (std::size_t k = 1; k < all.size(); ++k)
        if (!comes_after(all[k], all[k - 1])) fail(steps_[all[k - 1]].id + " and " + steps_[all[k]].id + " write one object, in either order", {all[k - 1], all[k]});
  }

  void core() {
    begin("core-alone", "no step of the core requires one that is not");
    for (Index i = 0; i < steps_.size(); ++i)
      for (const Need& n : steps_[i].needs)
        if (is_hard(n.kind) && steps_[i].lane == "core" && steps_[n.step].lane != "core")
          fail(steps_[i].id + " is of the core and requires " + steps_[n.step].id + " of lane " + steps_[n.step].lane, {i, n.step});
  }

  // A hook of the life cycle has a rule of its own. A step of the workflow fails the workflow, a
  // call what reads its answer, and one that looks fails what waits for it, if it does not look for ever.
  static bool has_exit(const Step& s) {
    if (s.more->hook || s.more->flow || !s.more->outputs.empty()) return true;
    return s.more->does == "observe" && s.gate != Step::Gate::none && s.settle_timeout > 0;
  }

  void hooks() {
    begin("hook-exit", "every hook says what its failure means, and nothing requires one that may fail");
    for (Index i = 0; i < steps_.size(); ++i) {
      const Step& s = steps_[i];
      if (s.kind == Step::Kind::hook && !s.more->does.empty() && !has_exit(s)) fail(s.id + " does not say what its failure means", {i});
      for (const Need& n : s.needs) {
        const Step& need = steps_[n.step];
        if (need.more->hook && need.more->hook->on_failure == FailureRule::ignore && is_hard(n.kind)) fail(need.id + " may fail, and " + s.id + " requires it", {n.step, i});
      }
    }
  }

  void ordinals() {
    begin("ordinals", "no more instances of a group are down at once than its limit says");
    for (const InstanceLimit& limit : plan_.limits()) {
      std::vector<Index> down;
      for (const Index i : limit.steps)
        if (is_delete(steps_[i]) || steps_[i].action == Step::Action::update || steps_[i].action == Step::Action::replace) down.push_back(i);
      std::ranges::sort(down);
      const std::size_t most = Width(*this, down).antichain();
      if (most > limit.at_once)
        fail(std::to_string(most) + " instances of " + limit.name + " may be down at once, " + std::to_string(limit.at_once) + " at most should", down);
    }
  }

  // Of a set of steps: how many may be under way at once. By Dilworth that is the
  // number of chains that cover them; each step that follows another in a chain saves one.
  class Width {
   public:
    Width(const Checks& checks, const std::vector<Index>& steps) : before_(steps.size()), follower_(steps.size(), kFree) {
      for (std::size_t k = 0; k < steps.size(); ++k)
        for (std::size_t j = 0; j < k; ++j)
          if (checks.comes_after(steps[k], steps[j])) before_[k].push_back(j);
    }

    std::size_t antichain() {
      std::size_t chains = before_.size();
      for (std::size_t k = 0; k < before_.size(); ++k) {
        std::vector<bool> tried(before_.size(), false);
        chains -= joins(k, tried);
      }
      return chains;
    }

   private:
    static constexpr std::size_t kFree = SIZE_MAX;

    bool joins(std::size_t k, std::vector<bool>& tried) {
      for (const std::size_t j : before_[k]) {
        if (tried[j]) continue;
        tried[j] = true;
        if (follower_[j] == kFree || joins(follower_[j], tried)) {
          follower_[j] = k;
          return true;
        }
      }
      return false;
    }

    std::vector<std::vector<std::size_t>> before_;
    std::vector<std::size_t> follower_;
  };

  const Plan& plan_;
  std::span<const Step> steps_;
  std::vector<Property> all_;
};

}  // namespace

std::vector<Property> verify(const Plan& plan) { return Checks(plan).run(); }

}  // namespace oam
