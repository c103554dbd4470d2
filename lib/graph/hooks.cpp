// Hooks: steps before and after what they select. A hook takes over what the steps it
// goes before wait for, and what waits for the steps it follows waits for it; nothing else changes.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "graph/draft.hpp"
#include "graph/select.hpp"
#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

using Nodes = std::vector<std::uint32_t>;

bool is_last(HookPoint p) { return p == HookPoint::on_failure || p == HookPoint::finally; }
bool is_awaited(HookPoint p) { return p != HookPoint::after_healthy; }   // by what waits for the steps it follows

std::string phrase(HookPoint point) {
  if (point == HookPoint::on_failure) return "runs if one of them fails";
  if (point == HookPoint::finally) return "runs at the end, come what may";
  if (point == HookPoint::before_healthy) return "runs once its gate is met, before others count on it: after";
  return "runs " + std::string(is_before(point) ? "before" : "after");
}

// What a hook takes over yields as readily as what it is taken from: a reason for each.
class Taken {
 public:
  Taken(Draft& draft, std::string text, const Place& place) : d_(draft), text_(std::move(text)), place_(place) {}

  std::uint8_t level(const Edge& e) const { return d_.drop[e.reason]; }
  std::uint32_t reason(std::uint8_t level) {
    if (made_[level] == kNone) made_[level] = d_.reason("hook", text_, place_);
    return made_[level];
  }

 private:
  Draft& d_;
  std::string text_;
  const Place& place_;
  std::array<std::uint32_t, 4> made_{kNone, kNone, kNone, kNone};   // by Draft::drop
};

class Hooks {
 public:
  explicit Hooks(Draft& draft) : d_(draft), all_(draft.model().lifecycle().hooks), gone_(draft.left_out.begin(), draft.left_out.end()) {}

  void run() {
    for (const std::uint32_t h : in_order()) hook(h);
    for (const Run& run : runs_) clean_up(run);
    for (const Item& item : d_.items)
      if (item.apart && !placed_.contains(item.node)) d_.left_out.push_back(item.node);
  }

 private:
  struct Run {
    std::uint32_t hook, node, part;   // part: kNone, of the application
  };

  // Outer scopes enclose inner ones; the last hooks come last, and of them all at a failure before all at the end.
  Nodes in_order() const {
    Nodes order;
    for (std::uint32_t h = 0; h < all_.size(); ++h) order.push_back(h);
    const auto key = [&](std::uint32_t h) {
      const Hook& hook = all_[h];
      const int scope = static_cast<int>(hook.scope), point = static_cast<int>(hook.point);
      if (is_before(hook.point)) return std::tuple(0, scope, 0, hook.weight);
      return is_last(hook.point) ? std::tuple(2, point, -scope, hook.weight) : std::tuple(1, -scope, point, hook.weight);
    };
    std::ranges::stable_sort(order, {}, key);
    return order;
  }

  void hook(std::uint32_t h) {
    const Hook& hook = all_[h];
    const std::string what = "hook \"" + hook.name + '"';
    // What is deleted is no part of the application any more.
    const bool may_be_gone = !d_.options.changes.empty() && (hook.point == HookPoint::before_delete || hook.point == HookPoint::after_delete);
    if (hook.resource == kNone && !may_be_gone && !check_selector(d_, hook.selector, hook.place, what)) return;
    const Nodes chosen = selected(d_, hook.selector);
    const bool any = std::ranges::any_of(chosen, [&](std::uint32_t i) { return !keys_of(hook, i).empty(); });
    if (!any && hook.resource == kNone && !may_be_gone) {
      d_.problems.error("hook-selects-nothing", {hook.place.document, hook.place.pointer + (hook.selector.empty() ? "" : "/selector")},
                        what + (chosen.empty() ? " selects nothing: no object fits all that its selector says" : " is of the scope trait, and what it selects has no trait"));
      return;
    }
    if (chosen.empty() && hook.resource != kNone && hook.scope == Hook::Scope::component) return alone(h);
    if (std::ranges::none_of(chosen, [&](std::uint32_t i) { return concerns(hook.point, i); })) return;
    std::map<Key, Nodes> groups;
    for (const std::uint32_t i : chosen) {
      if (gone_.contains(d_.items[i].node) || !concerns(hook, i)) continue;
      for (const Key& key : keys_of(hook, i)) {
        Nodes& steps = groups[key];
        if (steps.empty() || steps.back() != d_.items[i].node) steps.push_back(d_.items[i].node);   // one step may stand for all of a component
      }
    }
    for (const auto& [key, steps] : groups) place(h, key.first, key.second, steps);
  }

  // Of a component that has hooks alone: they run behind its render, as the application is created or updated.
  void alone(std::uint32_t h) {
    const Hook& hook = all_[h];
    const bool is_new = std::ranges::all_of(d_.items, [&](const Item& each) { return d_.change(each) == Change::create; });
    const bool is_same = std::ranges::all_of(d_.items, [&](const Item& each) { return each.apart || d_.change(each) == Change::keep; }) && !is_new;
    const auto fits = [&](const Hook& each) { return is_at(each.point, is_new ? Change::create : is_same ? Change::keep : Change::update); };
    if (std::ranges::none_of(all_, [&](const Hook& each) { return each.resource == hook.resource && side(each.point) == side(hook.point) && fits(each); })) return;
    for (std::uint32_t p = 0; p < d_.parts.size(); ++p) {
      const std::uint32_t item = d_.item_of(hook.resource, d_.parts[p].placement);
      if (item != kNone && d_.items[item].part == p && !gone_.contains(d_.parts[p].start)) place(h, p, "", {d_.parts[p].start});
    }
  }

  // A hook is no user of the render that it stands for.
  bool is_rendered_by(std::uint32_t n, std::uint32_t render) const {
    const Node &own = d_.data.nodes[n], &other = d_.data.nodes[render];
    return other.kind == Node::Kind::render && own.component == other.component && own.placement == other.placement;
  }

  bool is_render(const Nodes& steps) const { return d_.data.nodes[steps.front()].kind == Node::Kind::render; }

  // An object that is a hook at several points of one side, as at a create and at an update, has one step for all.
  bool concerns(const Hook& hook, std::uint32_t i) const {
    if (hook.resource == kNone) return concerns(hook.point, i);
    return std::ranges::any_of(all_, [&](const Hook& each) { return each.resource == hook.resource && side(each.point) == side(hook.point) && concerns(each.point, i); });
  }

  // Its steps at other points than that it has already.
  void once(const Hook& hook, std::uint32_t own) const {
    const Hook& first = all_[d_.data.nodes[own].more->hook];
    if (side(first.point) != side(hook.point))
      d_.problems.warning("hook-runs-once", hook.place, "hook " + hook.name + " does not run at " + std::string(name_of(hook.point)) + ": its object is applied once, at " + std::string(name_of(first.point)));
  }

  bool concerns(HookPoint point, std::uint32_t i) const { return is_at(point, d_.change(d_.items[i])); }

  static bool is_at(HookPoint point, Change change) {
    switch (point) {
      case HookPoint::before_create:
      case HookPoint::after_create: return change == Change::create;
      case HookPoint::before_update:
      case HookPoint::after_update: return change == Change::update;
      case HookPoint::before_delete:
      case HookPoint::after_delete: return change == Change::delete_;
      default: return change != Change::keep;
    }
  }

  using Key = std::pair<std::uint32_t, std::string>;   // part, and what the id says beyond the name

  // One step for each application, component, trait or resource; of the last three, and of what is an object, in each placement.
  std::vector<Key> keys_of(const Hook& hook, std::uint32_t i) const {
    const Item& item = d_.items[i];
    const Resource& r = d_.resource(item);
    switch (hook.scope) {
      case Hook::Scope::application: return {{kNone, hook.resource == kNone ? "" : std::to_string(d_.parts[item.part].placement)}};
      case Hook::Scope::component: return {{item.part, ""}};
      case Hook::Scope::trait: return keys_of_traits(hook, item);
      case Hook::Scope::resource: return {{item.part, '/' + r.kind + '/' + r.name}};
    }
    return {};
  }

  // Of an object that a trait makes, that trait; of a workload those that act on it.
  std::vector<Key> keys_of_traits(const Hook& hook, const Item& item) const {
    if (const std::string& own = d_.resource(item).trait; !own.empty()) return {{item.part, '/' + own}};
    std::vector<Key> all;
    for (const std::string_view each : acting_traits(d_, hook.selector, item)) all.emplace_back(item.part, '/' + std::string(each));
    return all;
  }

  std::uint32_t lane_of(const Hook& hook, const Nodes& steps) const {
    const auto& lanes = d_.model().lifecycle().lanes;
    if (!hook.lane.empty()) {
      const auto named = std::ranges::find(lanes, hook.lane, &Lane::name);
      return named == lanes.end() ? kNone : static_cast<std::uint32_t>(named - lanes.begin());
    }
    const std::uint32_t first = d_.data.nodes[steps.front()].more->lane;
    return std::ranges::all_of(steps, [&](std::uint32_t n) { return d_.data.nodes[n].more->lane == first; }) ? first : kNone;
  }

  void place(std::uint32_t h, std::uint32_t part, const std::string& suffix, const Nodes& steps) {
    const Hook& hook = all_[h];
    static const Part everywhere{"*", kNone, 0, kNone, {}};
    const Part& owner = part == kNone ? everywhere : d_.parts[part];
    const std::string id = owner.name + "/hook/" + hook.name + suffix;
    const Nodes early = hook.resource == kNone && hook.retention.before ? deletes_of(h, id, "/clear", owner) : Nodes();
    const std::uint32_t own = hook.resource == kNone ? d_.node(id, Node::Kind::hook, owner) : object_of(hook, d_.data.nodes[steps.front()].placement);
    if (own == kNone) return;
    if (!placed_.insert(own).second) return once(hook, own);
    runs_.push_back({h, own, part});
    d_.data.nodes[own].more.edit().hook = h;
    d_.data.nodes[own].more.edit().lane = lane_of(hook, steps);
    const std::string whose = steps.size() == 1 ? d_.data.nodes[steps.front()].id : part == kNone ? "the application" : owner.name;
    const bool is_alone = is_render(steps);
    const std::string text = "hook " + hook.name + ' ' + (is_alone ? "is what there is in " + owner.name + ": it runs after" : phrase(hook.point)) + (is_last(hook.point) ? ": " : " ") + whose;
    const std::uint32_t why = d_.reason("hook", text, hook.place);
    const absl::flat_hash_set<std::uint32_t> inside(steps.begin(), steps.end());
    if (is_before(hook.point) && !is_alone) before(hook, own, steps, inside, why);
    else after(hook, own, steps, inside, why);
    if (!d_.model().flow().empty()) guard(hook, own, steps);
    clear(early, own, hook);
    if (is_before(hook.point) && !is_alone) return;
    auto& behind = is_last(hook.point) ? ended_ : attached_;
    for (const std::uint32_t s : steps) behind[s] = {own};   // it follows those that stood there
  }

  // What a condition of the workflow skips is skipped with its hooks.
  void guard(const Hook& hook, std::uint32_t own, const Nodes& steps) {
    std::map<std::uint32_t, std::pair<std::size_t, std::uint32_t>> gates;   // by node: of how many steps, and why
    for (const std::uint32_t s : steps) {
      absl::flat_hash_set<std::uint32_t> seen;
      for (const Edge& e : needs_of(s))
        if (is_condition(e) && seen.insert(index(e.to)).second) ++gates[index(e.to)].first, gates[index(e.to)].second = e.reason;
      if (const std::uint32_t flow = d_.data.nodes[s].more->flow; !is_before(hook.point) && flow != kNone && d_.data.nodes[s].kind == Node::Kind::hook && !d_.model().flow()[flow].condition.empty())
        gates[s] = {steps.size(), d_.reason("workflow-if", "step " + d_.model().flow()[flow].name + " has a condition", d_.model().flow()[flow].place)};
    }
    for (const auto& [gate, found] : gates)
      if (found.first == steps.size()) add(own, gate, is_last(hook.point) || (d_.is_core(own) && !d_.is_core(gate)) ? Edge::Kind::after : Edge::Kind::requires_, found.second);
  }

  bool is_condition(const Edge& e) const { return d_.data.reasons[e.reason].rule == "workflow-if"; }

  // The deletes of what a hook makes. Only a hook of the host has several objects, and these may have names of others.
  Nodes deletes_of(std::uint32_t h, const std::string& hook, std::string_view when, const Part& owner) {
    Nodes all;
    for (std::uint32_t i = 0; i < all_[h].objects.size(); ++i) {
      const boost::json::value& object = *all_[h].objects[i];
      std::string id = hook + std::string(when);
      if (all_[h].resource == kNone) {
        const std::string_view group = group_of(text_at(object, "apiVersion"));
        id.append("/").append(text_at(object, "kind")).append(group.empty() ? "" : ".").append(group).append("/").append(text_at(object, "metadata", "name"));
      }
      const std::uint32_t n = d_.node(std::move(id), Node::Kind::apply, owner);
      d_.data.nodes[n].more.edit().cleans = h;
      d_.data.nodes[n].more.edit().object = i;
      all.push_back(n);
    }
    return all;
  }

  // What its last run left goes right before it: when all that it waits for is done.
  void clear(const Nodes& early, std::uint32_t own, const Hook& hook) {
    if (early.empty()) return;
    const std::string text = "what hook " + hook.name + " made last is deleted before it runs";
    const std::uint32_t why = d_.reason("hook", text, hook.place);
    Taken taken(d_, text, hook.place);
    const std::vector<Edge> needs = needs_of(own);
    for (const std::uint32_t n : early) {
      d_.data.nodes[n].more.edit().early = true;
      d_.data.nodes[n].more.edit().lane = d_.data.nodes[own].more->lane;
      for (const Edge& e : needs)
        add(n, index(e.to), e.kind == Edge::Kind::data ? Edge::Kind::requires_ : e.kind, is_condition(e) ? e.reason : taken.reason(taken.level(e)), taken.level(e));
      add(own, n, hook.on_failure == FailureRule::ignore ? Edge::Kind::after : Edge::Kind::requires_, why);
    }
  }

  // What it made goes when the hooks of its point have ended: one may use what another made.
  void clean_up(const Run& run) {
    const Hook& hook = all_[run.hook];
    if (!hook.retention.on_success && !hook.retention.on_failure) return;
    const std::uint32_t part = run.part;
    static const Part everywhere{"*", kNone, 0, kNone, {}};
    const std::uint32_t why = d_.reason("hook", "what hook " + hook.name + " made is deleted when the hooks of its point have ended", hook.place);
    for (const std::uint32_t n : deletes_of(run.hook, d_.data.nodes[run.node].id, "/clean", part == kNone ? everywhere : d_.parts[part])) {
      d_.data.nodes[n].more.edit().lane = d_.data.nodes[run.node].more->lane;
      d_.data.nodes[n].placement = d_.data.nodes[run.node].placement;
      for (const Run& other : runs_)
        if (other.part == part && side(all_[other.hook].point) == side(hook.point)) add(n, other.node, Edge::Kind::after, why);
    }
  }

  // Hooks at the creation and the update of an object are at one point of the plan.
  static int side(HookPoint point) { return is_last(point) ? static_cast<int>(point) : is_before(point) ? -2 : point == HookPoint::after_healthy || point == HookPoint::before_healthy ? static_cast<int>(point) : -1; }

  // Of a hook that is an object of the application: the step that applies it.
  std::uint32_t object_of(const Hook& hook, std::uint32_t placement) const {
    const std::uint32_t item = d_.item_of(hook.resource, placement);
    return item == kNone ? kNone : d_.items[item].node;
  }

  // What the steps wait for outside; of several ways to one step that which yields last counts.
  void take_over(const Hook& hook, std::uint32_t own, const Nodes& steps, const absl::flat_hash_set<std::uint32_t>& inside) {
    Taken taken(d_, "hook " + hook.name + " comes right before it, so after what it waits for", hook.place);
    std::vector<std::pair<std::uint32_t, Edge::Kind>> all;
    absl::flat_hash_map<std::uint32_t, std::uint8_t> levels;   // by what is waited for
    for (const std::uint32_t s : steps) {
      const std::vector<Edge> needs = needs_of(s);
      if (std::ranges::any_of(needs, [&](const Edge& e) { return leads_inside(e, inside); })) continue;
      for (const Edge& e : needs) {
        const std::uint32_t to = index(e.to);
        if (to == own || (hook.scope == Hook::Scope::application && is_ready(to))) continue;
        const auto [found, is_new] = levels.emplace(to, taken.level(e));
        if (is_new) all.emplace_back(to, e.kind);
        else found->second = std::min(found->second, taken.level(e));
      }
    }
    for (const auto& [to, kind] : all) add(own, to, soft(own, to, kind), taken.reason(levels[to]), levels[to]);
  }

  void before(const Hook& hook, std::uint32_t own, const Nodes& steps, const absl::flat_hash_set<std::uint32_t>& inside, std::uint32_t why) {
    take_over(hook, own, steps, inside);
    for (const std::uint32_t s : steps) {
      const std::vector<Edge> needs = needs_of(s);
      if (std::ranges::any_of(needs, [&](const Edge& e) { return is_hard(e.kind) && leads_inside(e, inside); })) continue;
      const bool bounded = d_.is_core(own) || !d_.is_core(s) || hook.timeout > 0;
      if (!bounded) unbounded(hook);
      add(s, own, hook.on_failure == FailureRule::ignore || (!d_.is_core(own) && d_.is_core(s)) ? Edge::Kind::after : Edge::Kind::requires_, why);
    }
  }

  void unbounded(const Hook& hook) {
    if (told_.insert(hook.name).second)
      d_.problems.error("lane-isolation", hook.place, "the core would wait for hook \"" + hook.name + "\" of lane \"" + hook.lane + "\" without bound")
          .hint("give the hook a timeout, or put it into the core");
  }

  // A step that is not core cannot be waited for by one that is.
  Edge::Kind soft(std::uint32_t from, std::uint32_t to, Edge::Kind kind) const {
    if (d_.is_core(from) && !d_.is_core(to)) return Edge::Kind::after;
    return kind == Edge::Kind::data ? Edge::Kind::requires_ : kind;
  }

  void after(const Hook& hook, std::uint32_t own, const Nodes& steps, const absl::flat_hash_set<std::uint32_t>& inside, std::uint32_t why) {
    const bool last = is_last(hook.point);
    absl::flat_hash_set<std::uint32_t> needed;
    Waiting users;
    for (const std::uint32_t s : steps) {
      if (last) needed.insert(ended_[s].begin(), ended_[s].end());
      if (hook.point != HookPoint::finally || ended_[s].empty()) needed.insert(attached_[s].begin(), attached_[s].end());
      const std::vector<Edge> uses = users_of(s);
      if (std::ranges::any_of(uses, [&](const Edge& e) { return is_hard(e.kind) && ends_inside(e, inside); })) continue;
      needed.insert(s);
      for (const Edge& e : uses)
        if (!inside.contains(index(e.from)) && !stands_behind(index(e.from)) && !is_rendered_by(index(e.from), s)) note(users, e);
    }
    if (hook.point == HookPoint::finally) after_failures(hook, steps, needed);
    if (last && hook.scope == Hook::Scope::application && hook.selector.empty()) after_workflow(inside, needed);
    needed.erase(own);
    if (hook.point == HookPoint::on_failure) at_failure(own, steps, needed);
    Nodes sorted(needed.begin(), needed.end());
    std::ranges::sort(sorted);
    const bool beside = last && std::ranges::any_of(sorted, [&](std::uint32_t n) { return d_.data.nodes[n].more->hook != kNone; });
    const std::uint32_t others = beside ? d_.reason("hook", "hook " + hook.name + (hook.point == HookPoint::finally ? " runs when the other hooks of its steps have ended" : " runs if one of its steps, or a hook of them, fails"), hook.place) : why;
    for (const std::uint32_t n : sorted) add(own, n, last || is_ignored(n) ? Edge::Kind::after : soft(own, n, Edge::Kind::requires_), d_.data.nodes[n].more->hook != kNone ? others : why);
    if (last || !is_awaited(hook.point)) return;
    if (sorted.size() > 1) forget_between(users, sorted);
    let_wait(hook, own, users);
  }

  // What waits for the steps that a hook follows, and how.
  using Waiting = std::map<std::uint32_t, Edge::Kind>;

  // Of several ways to wait for them that counts which passes a failure on.
  static void note(Waiting& users, const Edge& e) {
    const auto [found, is_new] = users.emplace(index(e.from), e.kind);
    if (!is_new && !is_hard(found->second)) found->second = e.kind;
  }

  void let_wait(const Hook& hook, std::uint32_t own, const Waiting& users) {
    const std::uint32_t why = d_.reason("hook", "what waits for it waits for hook " + hook.name + " too", hook.place);
    for (const auto& [user, kind] : users) {
      if (!d_.is_core(own) && d_.is_core(user)) continue;
      add(user, own, hook.on_failure == FailureRule::ignore ? Edge::Kind::after : kind == Edge::Kind::data ? Edge::Kind::requires_ : kind, why);
    }
  }

  // One whose failure does not matter, be it to the hooks behind it.
  bool is_ignored(std::uint32_t n) const {
    const std::uint32_t h = d_.data.nodes[n].more->hook;
    return h != kNone && all_[h].on_failure == FailureRule::ignore;
  }

  // What ends the application comes after the steps of its workflow too, which no selector names.
  void after_workflow(const absl::flat_hash_set<std::uint32_t>& inside, absl::flat_hash_set<std::uint32_t>& needed) const {
    if (d_.model().flow().empty()) return;
    const auto is_step = [this](std::uint32_t n) { return d_.data.nodes[n].more->flow != kNone && d_.data.nodes[n].kind == Node::Kind::hook && d_.data.nodes[n].more->hook == kNone; };
    for (std::uint32_t n = 0; n < d_.data.nodes.size(); ++n) {
      if (!is_step(n)) continue;
      const std::vector<Edge> uses = users_of(n);
      if (std::ranges::none_of(uses, [&](const Edge& e) { return is_hard(e.kind) && (inside.contains(index(e.from)) || is_step(index(e.from))); })) needed.insert(n);
    }
  }

  // A component in a placement.
  std::pair<std::uint32_t, std::uint32_t> whole_of(std::uint32_t n) const { return {d_.data.nodes[n].component, d_.data.nodes[n].placement}; }

  // The last of each component: those that it waits for come before it.
  void at_failure(std::uint32_t own, const Nodes& steps, const absl::flat_hash_set<std::uint32_t>& needed) {
    for (const std::uint32_t s : steps) {
      auto& last = failures_[whole_of(s)];
      if (!last.insert(own).second) continue;
      if (last.size() < needed.size()) absl::erase_if(last, [&](std::uint32_t n) { return needed.contains(n); });
      else for (const std::uint32_t n : needed) last.erase(n);
    }
  }

  // What ends a component comes after all that runs if any of it fails, be it steps that it does not select.
  void after_failures(const Hook& hook, const Nodes& steps, absl::flat_hash_set<std::uint32_t>& needed) const {
    if (hook.scope != Hook::Scope::component && hook.scope != Hook::Scope::application) return;
    std::set<std::pair<std::uint32_t, std::uint32_t>> wholes;
    for (const std::uint32_t s : steps) wholes.insert(whole_of(s));
    for (const auto& whole : wholes)
      if (const auto found = failures_.find(whole); found != failures_.end()) needed.insert(found->second.begin(), found->second.end());
  }

  // A hook that follows steps: the later ones follow it.
  bool stands_behind(std::uint32_t n) const {
    const std::uint32_t h = d_.data.nodes[n].more->hook;
    return h != kNone && !is_before(all_[h].point);
  }

  // Users that what the hook follows waits for itself.
  void forget_between(Waiting& users, const Nodes& needed) {
    Nodes open = needed;
    absl::flat_hash_set<std::uint32_t> seen(needed.begin(), needed.end());
    for (const std::uint32_t n : needed) users.erase(n);
    while (!open.empty() && !users.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const Edge& e : needs_of(at)) {
        if (!seen.insert(index(e.to)).second) continue;
        users.erase(index(e.to));
        open.push_back(index(e.to));
      }
    }
  }

  // A render with all known: of many components it says nothing to wait for them.
  bool is_ready(std::uint32_t n) const { return d_.data.nodes[n].kind == Node::Kind::render && needs_of(n).empty(); }

  // A render or a barrier stands between steps, and is none itself.
  bool is_between(std::uint32_t n) const {
    const Node& node = d_.data.nodes[n];
    return node.kind == Node::Kind::render || (node.kind == Node::Kind::hook && node.more->hook == kNone);
  }

  // Straight, or through what stands between steps.
  bool leads_inside(const Edge& e, const absl::flat_hash_set<std::uint32_t>& inside) const {
    return reaches(index(e.to), inside, [this](std::uint32_t n) { return needs_of(n); }, &Edge::to);
  }
  bool ends_inside(const Edge& e, const absl::flat_hash_set<std::uint32_t>& inside) const {
    return reaches(index(e.from), inside, [this](std::uint32_t n) { return users_of(n); }, &Edge::from);
  }

  template <class Next>
  bool reaches(std::uint32_t from, const absl::flat_hash_set<std::uint32_t>& inside, const Next& next, NodeId Edge::* end) const {
    if (inside.contains(from)) return true;
    if (!is_between(from)) return false;
    Nodes open{from};
    absl::flat_hash_set<std::uint32_t> seen{from};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const Edge& e : next(at)) {
        if (inside.contains(index(e.*end))) return true;
        if (is_between(index(e.*end)) && seen.insert(index(e.*end)).second) open.push_back(index(e.*end));
      }
    }
    return false;
  }

  // What was there before the hooks, then what they added.
  std::vector<Edge> needs_of(std::uint32_t n) const {
    std::vector<Edge> all;
    if (n + 1 < d_.data.first_edge.size())
      all.assign(d_.data.edges.begin() + d_.data.first_edge[n], d_.data.edges.begin() + d_.data.first_edge[n + 1]);
    if (const auto more = added_needs_.find(n); more != added_needs_.end()) all.insert(all.end(), more->second.begin(), more->second.end());
    return all;
  }
  std::vector<Edge> users_of(std::uint32_t n) const {
    std::vector<Edge> all;
    if (n + 1 < d_.data.first_user.size())
      for (std::uint32_t u = d_.data.first_user[n]; u < d_.data.first_user[n + 1]; ++u) all.push_back(d_.data.edges[d_.data.users[u]]);
    if (const auto more = added_users_.find(n); more != added_users_.end()) all.insert(all.end(), more->second.begin(), more->second.end());
    return all;
  }

  void add(std::uint32_t from, std::uint32_t to, Edge::Kind kind, std::uint32_t why, std::uint8_t drop = 0) {
    d_.edge(from, to, kind, why, drop);
    added_needs_[from].push_back(d_.data.edges.back());
    added_users_[to].push_back(d_.data.edges.back());
  }

  static std::uint32_t index(NodeId node) { return static_cast<std::uint32_t>(node); }

  Draft& d_;
  const std::vector<Hook>& all_;
  const absl::flat_hash_set<std::uint32_t> gone_;        // that no step of the workflow applies
  absl::flat_hash_set<std::uint32_t> placed_;
  std::vector<Run> runs_;                                // of hooks that are in the plan
  absl::flat_hash_map<std::uint32_t, Nodes> attached_, ended_;   // by step: the hooks behind it; the last of those at a failure and at the end
  std::map<std::pair<std::uint32_t, std::uint32_t>, absl::flat_hash_set<std::uint32_t>> failures_;   // by component and placement: the last hooks at a failure
  absl::flat_hash_map<std::uint32_t, std::vector<Edge>> added_needs_, added_users_;
  absl::flat_hash_set<std::string> told_;
};

}  // namespace

void add_hooks(Draft& draft) {
  const Lifecycle& all = draft.model().lifecycle();
  if (!all.hooks.empty() || !all.skipped.empty()) Hooks(draft).run();
}

}  // namespace oam::detail
