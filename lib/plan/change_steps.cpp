#include "plan/change_steps.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>

#include <oam/json.hpp>

#include "graph/builder.hpp"
#include "graph/ordinals.hpp"
#include "graph/select.hpp"
#include "plan/delete_hooks.hpp"
#include "plan/delete_lanes.hpp"
#include "plan/last_hooks.hpp"
#include "plan/succession.hpp"
#include "resolve/exclusive_keys.hpp"
#include "resolve/object_references.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/names.hpp"

namespace oam::detail {

namespace {

using Action = Step::Action;

std::string title(const InventoryEntry& entry) { return entry.kind + ' ' + entry.name; }

class Orderer {
 public:
  Orderer(Graph::Data& graph, const Model& model, const Changes& changes, Problems& problems)
      : graph_(graph), model_(model), changes_(changes), problems_(problems), applies_(changes.wanted.size(), kNone) {}

  std::vector<std::uint32_t> order() {
    for (std::uint32_t n = 0; n < graph_.nodes.size(); ++n)
      if (graph_.nodes[n].kind == Node::Kind::apply && graph_.nodes[n].resource != kNone) applies_[graph_.nodes[n].placement * model_.resources().size() + graph_.nodes[n].resource] = n;
    farewells();
    first_ = static_cast<std::uint32_t>(graph_.nodes.size());
    const auto first_reason = static_cast<std::uint32_t>(graph_.reasons.size());
    for (const Removal& r : changes_.removals) nodes_.push_back(node(r));
    is_early_.assign(nodes_.size(), false);
    index();
    number();
    stored();
    contents();
    replacements();
    ordinals();
    keys();
    take_over();
    last();
    hooks();
    add_last_hooks(graph_, model_, changes_, nodes_);
    sort_edges(graph_);
    users_that_stay();
    settle_lanes(graph_, model_.lifecycle(), [this](std::uint32_t n) { return may_move(n); }, first_reason, problems_);
    return nodes_;
  }

 private:
  struct Group {
    std::string base, name, kind;
    const Ordinals* rule;
    std::vector<Instance> instances;
  };

  // The objects that are hooks at what is deleted: the graph has them at no other point.
  void farewells() {
    const auto count = static_cast<std::uint32_t>(model_.resources().size());
    const std::vector<Hook>& all = model_.lifecycle().hooks;
    for (std::uint32_t h = 0; h < all.size(); ++h)
      for (std::uint32_t i = all[h].resource; is_at_delete(all[h]) && i < applies_.size(); i += count) {
        if (changes_.fates.empty() || !changes_.wanted[i] || changes_.fates[i].action == Action::keep || deletes_around(all[h], i, model_, changes_).empty()) continue;
        if (applies_[i] != kNone) {
          once(all[h], graph_.nodes[applies_[i]]);
          continue;
        }
        const Resource& r = *changes_.wanted[i];
        Node n;
        n.kind = Node::Kind::apply;
        n.component = component_of(r.component);
        n.resource = all[h].resource;
        n.placement = i / count;
        n.more.edit().hook = h;
        n.id = absl::StrCat(owner_of(r, n.placement), "/apply/", full_kind(r.kind, r.api_version), "/", model_.resources()[n.resource].namespace_ == model_.application().namespace_() ? "" : r.namespace_ + ".", r.name);
        applies_[i] = static_cast<std::uint32_t>(graph_.nodes.size());
        farewells_.emplace(applies_[i], i);
        graph_.nodes.push_back(std::move(n));
      }
  }

  // In one plan an object is applied once.
  void once(const Hook& hook, const Node& node) {
    const Hook& first = model_.lifecycle().hooks[node.more->hook];
    problems_.warning("hook-runs-once", hook.place, "hook " + hook.name + " does not run at " + std::string(name_of(hook.point)) + ": its object is applied once, at " + std::string(name_of(first.point)));
  }

  std::string owner_of(const Resource& r, std::uint32_t placement) const {
    const Placement& at = model_.placements()[placement];
    const std::string owner = r.component.empty() ? "*" : r.component;
    if (at.policy.empty()) return owner;
    return absl::StrCat(owner, "@", at.policy, std::ranges::count(model_.placements(), at.policy, &Placement::policy) > 1 ? "." + at.cluster : "");
  }

  std::uint32_t component_of(std::string_view name) const {
    const auto components = model_.application().components();
    const auto owner = std::ranges::find(components, name, &Component::name);
    return owner == components.end() ? kNone : static_cast<std::uint32_t>(owner - components.begin());
  }

  std::uint32_t node(const Removal& r) {
    const std::string home(model_.application().namespace_());
    Node n;
    n.kind = Node::Kind::apply;
    n.component = component_of(r.entry.component);
    if (const std::uint32_t heir = r.heir(); heir != kNone && applies_[heir] != kNone) {
      const NodeMore& its = *graph_.nodes[applies_[heir]].more;
      if (its.flow != kNone) n.more.edit().flow = its.flow;
      if (its.lane != kNone) n.more.edit().lane = its.lane;
    }
    const bool elsewhere = !r.entry.namespace_.empty() && r.entry.namespace_ != home;
    n.id = r.wanted != kNone ? graph_.nodes[applies_[r.wanted]].id + "/delete"
                             : absl::StrCat(r.entry.component.empty() ? "*" : r.entry.component, r.entry.cluster.empty() ? "" : "@", r.entry.cluster, "/apply/", full_kind(r.entry.kind, r.entry.api_version), "/",
                                            elsewhere ? r.entry.namespace_ + "." : "", r.entry.name);
    graph_.nodes.push_back(std::move(n));
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }

  void edge(std::uint32_t from, std::uint32_t to, std::string_view rule, std::string_view text, Edge::Kind kind = Edge::Kind::requires_, const Place& place = {}) {
    if (from == to || from == kNone || to == kNone) return;   // of what the workflow does not apply there is no step
    const std::uint32_t why = reason(rule, text, place);
    graph_.edges.push_back({static_cast<NodeId>(from), static_cast<NodeId>(to), kind, why});
    if (from >= first_ && to >= first_) after_.emplace(from, to);
    else if (from < first_ && to >= first_) early_.push_back(to);
  }

  std::uint32_t reason(std::string_view rule, std::string_view text, const Place& place) {
    graph_.reasons.push_back({names_(rule), Name(text), Name(), place.pointer, place.document});
    return static_cast<std::uint32_t>(graph_.reasons.size() - 1);
  }

  // Each object by its key; what may stand in "default" without saying so, by both.
  void index() {
    const auto add = [&](InventoryEntry entry, std::uint32_t at) {
      by_key_.emplace(entry.key(), at);
      if (entry.namespace_ == "default") entry.namespace_.clear(), by_key_.emplace(entry.key(), at);
    };
    for (std::uint32_t i = 0; i < changes_.removals.size(); ++i) {
      const Removal& r = changes_.removals[i];
      add(r.entry, i);
      if (r.deletes() && r.wanted == kNone) by_name_.emplace(name_key(r.entry.cluster, r.entry.kind, r.entry.namespace_, r.entry.name), i);
    }
  }

  // What was applied after another goes before it. What is made anew is back soon: only what
  // is deleted for good is done with before.
  void stored() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Removal& user = changes_.removals[i];
      if (user.wanted != kNone) continue;
      const bool waits = user.change && user.change->replace == StepChange::Replace::create_first;
      for (const std::uint32_t needed : needed_by(user.entry)) {
        if (changes_.removals[needed].wanted != kNone && (!user.deletes() || waits)) continue;
        if (group_of_[i] != kNone && group_of_[i] == group_of_[needed]) continue;   // ordinals say who goes first
        if (waits) late_.push_back({nodes_[needed], nodes_[i], after(user.entry, needed) + ": it goes first"});
        else edge(nodes_[needed], nodes_[i], "stored-dependency", after(user.entry, needed) + (user.deletes() ? ": it goes first" : ": it is seen to first"));
      }
    }
  }

  std::string after(const InventoryEntry& user, std::uint32_t needed) const { return title(user) + " was applied after " + title(changes_.removals[needed].entry); }

  // The removals that delete what the object was applied after.
  std::vector<std::uint32_t> needed_by(const InventoryEntry& user) const {
    std::vector<std::uint32_t> all;
    for (const std::string& need : user.needs) {
      const auto found = by_key_.find(need);
      if (found != by_key_.end() && changes_.removals[found->second].deletes()) all.push_back(found->second);
    }
    return all;
  }

  // Those that stay are as they are wanted before; where something that they wait for needs
  // what is deleted out of its way, they cannot be, and that is told.
  void users_that_stay() {
    for (Late& each : late_)
      if (!waits_for(each.to, each.from)) edge(each.from, each.to, "stored-dependency", each.text);
    for (std::size_t i = 0; i < changes_.fates.size(); ++i) {
      if (!changes_.fates[i].stored || applies_[i] == kNone || farewells_.contains(applies_[i])) continue;
      const bool apart = is_in_lane(applies_[i]);
      if (apart && changes_.fates[i].action == Action::keep) continue;   // what is deleted need not go into its lane
      const InventoryEntry& user = *changes_.fates[i].stored;
      for (const std::uint32_t needed : needed_by(user)) {
        if (changes_.removals[needed].wanted != kNone) continue;
        const bool early = is_early_[needed];
        if (!early || !(waits_for(applies_[i], nodes_[needed]) || (apart && core_waits_for(needed)))) edge(nodes_[needed], applies_[i], "stored-dependency", after(user, needed) + ": it is seen to first", Edge::Kind::requires_, changes_.wanted[i]->place);
        else problems_.warning("deleted-under-user", changes_.wanted[i]->place, title(changes_.removals[needed].entry) + " is deleted before " + title(user) +
                                                                                        ", which was applied after it, is seen to: what that waits for needs it out of the way");
      }
    }
    users_until_now();
    sort_edges(graph_);
  }

  // May be put into a lane: what is deleted, and the hooks around it, unless their failure concerns the core.
  bool may_move(std::uint32_t n) const {
    if (n == barrier_ || (n < first_ && !farewells_.contains(n))) return false;
    return graph_.nodes[n].more->hook == kNone || model_.lifecycle().hooks[graph_.nodes[n].more->hook].on_failure != FailureRule::rollback;
  }

  // Does something of the core need what is deleted out of its way? Then that cannot wait for a lane.
  bool core_waits_for(std::uint32_t removal) {
    if (!is_early_[removal]) return false;
    sort();
    std::vector<bool> seen(graph_.nodes.size());
    std::vector<std::uint32_t> open{nodes_[removal]};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (seen[at]) continue;
      seen[at] = true;
      if (at < first_ && !is_in_lane(at)) return true;
      for (std::uint32_t u = graph_.first_user[at]; u < graph_.first_user[at + 1]; ++u) open.push_back(static_cast<std::uint32_t>(graph_.edges[graph_.users[u]].from));
    }
    return false;
  }

  bool is_in_lane(std::uint32_t n) const { return graph_.nodes[n].more->lane != kNone; }

  void sort() {
    if (std::exchange(sorted_, graph_.edges.size()) != graph_.edges.size()) sort_edges(graph_);
  }

  // What an object named and will not name any more goes when that is so, if it can wait.
  void users_until_now() {
    for (std::size_t i = 0; i < changes_.fates.size(); ++i) {
      const Fate& fate = changes_.fates[i];
      if (applies_[i] == kNone || !fate.change || !fate.change->before) continue;
      const bool apart = is_in_lane(applies_[i]);   // which is not among the rest that all else waits for
      if (fate.action != Action::update && !(apart && fate.action == Action::replace)) continue;
      Resource before = *changes_.wanted[i];
      before.object = fate.change->before;
      for (const ObjectReference& to : object_references(before)) {
        const auto found = to.optional ? by_name_.end() : by_name_.find(name_key(changes_.cluster_of(static_cast<std::uint32_t>(i), model_), to.kind, to.namespace_, to.name));
        if (found == by_name_.end() || !(is_early_[found->second] || apart) || waits_for(applies_[i], nodes_[found->second])) continue;
        if (apart && core_waits_for(found->second)) continue;
        edge(nodes_[found->second], applies_[i], "reference", changes_.wanted[i]->kind + ' ' + changes_.wanted[i]->name + " named " + title(changes_.removals[found->second].entry) + " until it is changed", Edge::Kind::requires_, changes_.wanted[i]->place);
      }
    }
  }

  static std::string name_key(std::string_view cluster, std::string_view kind, std::string_view space, std::string_view name) {
    return std::string(cluster).append(1, '/').append(kind).append(1, '/').append(space == "default" ? "" : space).append(1, '/').append(name);   // which need not be said
  }

  // Does `from` come after `to`? What users_that_stay() has added leads from what is deleted
  // to what stays, and counts too.
  bool waits_for(std::uint32_t from, std::uint32_t to) {
    sort();
    std::vector<bool> seen(graph_.nodes.size());
    std::vector<std::uint32_t> open{from};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at == to) return true;
      if (seen[at]) continue;
      seen[at] = true;
      for (std::uint32_t e = graph_.first_edge[at]; e < graph_.first_edge[at + 1]; ++e) open.push_back(static_cast<std::uint32_t>(graph_.edges[e].to));
    }
    return false;
  }

  // A namespace goes after what is in it, a definition after the objects of its kind.
  void contents() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Removal& r = changes_.removals[i];
      if (!r.deletes()) continue;
      const bool space = r.entry.kind == "Namespace";
      const bool definition = r.entry.kind == "CustomResourceDefinition" && r.observed;
      if (!space && !definition) continue;
      const std::string kind = definition ? absl::StrCat(std::string(text_at(*r.observed, "spec", "names", "kind")), ".", std::string(text_at(*r.observed, "spec", "group"))) : "";
      for (std::size_t k = 0; k < nodes_.size(); ++k) {
        const InventoryEntry& other = changes_.removals[k].entry;
        const bool inside = space ? other.namespace_ == r.entry.name : full_kind(other.kind, other.api_version) == kind;
        if (inside && changes_.removals[k].action != Action::keep)
          edge(nodes_[i], nodes_[k], space ? "namespace-last" : "crd-last", title(other) + (space ? " is in " : " is of ") + title(r.entry) + ": it goes first");
      }
    }
  }

  void replacements() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Removal& old = changes_.removals[i];
      if (old.wanted != kNone) {
        edge(applies_[old.wanted], nodes_[i], "replace", title(old.entry) + " is made anew: the old one goes first", Edge::Kind::requires_, changes_.wanted[old.wanted]->place);
      } else if (old.replaced_by != kNone) {
        const Resource& r = *changes_.wanted[old.replaced_by];
        const std::string both = r.kind + ' ' + r.name + " takes the place of " + title(old.entry);
        if (old.change->replace == StepChange::Replace::delete_first) edge(applies_[old.replaced_by], nodes_[i], "replace", both + ", which goes first", Edge::Kind::requires_, r.place);
        else edge(nodes_[i], applies_[old.replaced_by], "replace", both + ", which goes when the new one is ready", Edge::Kind::requires_, r.place);
      }
    }
  }

  // Which instances of a rule each removal that is for good belongs to.
  void number() {
    group_of_.assign(nodes_.size(), kNone);
    const Lifecycle& all = model_.lifecycle();
    if (std::ranges::find(all.without, "ordinal") != all.without.end()) return;
    for (const Ordinals& rule : all.ordinals)
      for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        const Removal& r = changes_.removals[i];
        const auto own = numbered(r.entry.name);
        if (!own || !r.deletes() || r.wanted != kNone || group_of_[i] != kNone || !selects(rule.selector, as_resource(r))) continue;
        group_of_[i] = group(rule, r.entry, own->first);
        groups_[group_of_[i]].instances.push_back({own->second, nodes_[i], is_leader(rule, own->second, r.observed, r.pods)});
      }
  }

  std::uint32_t group(const Ordinals& rule, const InventoryEntry& entry, const std::string& base) {
    const std::string kind = full_kind(entry.kind, entry.api_version);
    const auto [found, is_new] = group_at_.emplace(absl::StrCat(entry.cluster, ":", entry.component, "/", kind, "/", entry.namespace_, "/", base), static_cast<std::uint32_t>(groups_.size()));
    if (is_new) groups_.push_back({base, entry.component + '/' + base, kind, &rule, {}});
    return found->second;
  }

  // What makes room for another goes when nothing but itself is in the way of that; where the
  // new one comes first, the old one is left alone if the workflow leaves out the new one.
  void take_over() {
    std::vector<Succession> all;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const std::uint32_t heir = changes_.removals[i].heir();
      if (heir != kNone && applies_[heir] != kNone) all.push_back({nodes_[i], applies_[heir], changes_.removals[i].goes_first()});
    }
    for (const Edge& e : taken_over(graph_, all)) {
      graph_.edges.push_back(e);
      if (static_cast<std::uint32_t>(e.to) >= first_) after_.emplace(static_cast<std::uint32_t>(e.from), static_cast<std::uint32_t>(e.to));
    }
  }

  // Instances that are deleted go one after another.
  void ordinals() {
    for (const Group& each : groups_) {
      limit_of(each);
      for (const auto& [user, need] : waits(*each.rule, each.instances))
        edge(user.node, need.node, "ordinal", words_of(each.base, user, need, "is deleted after"), edge_of(*each.rule), each.rule->place);
    }
  }

  // Beside those that stay, if there are any.
  void limit_of(const Group& group) {
    const auto is_one = [&](const InstanceLimit& limit) {
      const Node& first = graph_.nodes[limit.steps.front()];
      const Resource* r = first.resource == kNone ? nullptr : &model_.resources()[first.resource];
      return limit.name == group.name && r && full_kind(r->kind, r->api_version) == group.kind;
    };
    auto found = std::ranges::find_if(graph_.limits, is_one);
    if (found == graph_.limits.end()) found = graph_.limits.insert(found, {group.name, group.rule->at_once, {}, group.rule->abort_threshold});
    for (const Instance& each : group.instances) found->steps.push_back(each.node);
  }

  // Whoever takes a key that only one can have comes after whoever gives it up.
  void keys() {
    std::map<std::string, std::uint32_t> given_up;   // by the node that does so
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (changes_.removals[i].deletes() && changes_.removals[i].observed && changes_.removals[i].wanted == kNone)
        for (const std::string& key : exclusive_keys(*changes_.removals[i].observed)) given_up.emplace(key, nodes_[i]);
    std::vector<std::vector<std::string>> wanted;
    for (std::size_t i = 0; i < changes_.fates.size(); ++i) {
      const Fate& fate = changes_.fates[i];
      wanted.push_back(changes_.wanted[i] ? exclusive_keys(*changes_.wanted[i]->object) : std::vector<std::string>());
      if (fate.action == Action::keep || !fate.change || !fate.change->before) continue;
      for (const std::string& key : exclusive_keys(*fate.change->before))
        if (std::ranges::find(wanted.back(), key) == wanted.back().end()) given_up.emplace(key, applies_[i]);
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
      for (const std::string& key : wanted[i])
        if (const auto found = given_up.find(key); found != given_up.end() && changes_.fates[i].action != Action::keep && !is_replaced(found->second, i))
          edge(applies_[i], found->second, "exclusive-key", changes_.wanted[i]->kind + ' ' + changes_.wanted[i]->name + " needs " + key + ", which only one can have", Edge::Kind::requires_, changes_.wanted[i]->place);
  }

  bool is_replaced(std::uint32_t node, std::size_t by) const {
    return node >= first_ && changes_.removals[node - first_].replaced_by == by;
  }

  // What nothing waits for goes when all the rest is done, as KubeVela collects garbage when
  // the workflow has succeeded.
  void last() {
    while (!early_.empty()) {
      const std::uint32_t n = early_.back();
      early_.pop_back();
      if (n < first_ || is_early_[n - first_]) continue;
      is_early_[n - first_] = true;
      for (auto [at, end] = after_.equal_range(n); at != end; ++at) early_.push_back(at->second);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (is_early_[i] || changes_.removals[i].action == Action::keep || changes_.removing) continue;
      if (barrier_ == kNone) everything();
      edge(nodes_[i], barrier_, "garbage-collect", "what is wanted no more goes when the rest is done",
           changes_.patient.empty() ? Edge::Kind::requires_ : Edge::Kind::after);
    }
  }

  // Hooks before and after what is deleted; they take over what it waits for, and what
  // waits for it. Outer scopes enclose inner ones.
  void hooks() {
    const std::vector<Hook>& all = model_.lifecycle().hooks;
    std::vector<std::uint32_t> order;
    for (std::uint32_t h = 0; h < all.size(); ++h)
      if (is_before_delete(all[h]) || all[h].point == HookPoint::after_delete) order.push_back(h);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t h) { return is_before_delete(all[h]) ? static_cast<int>(all[h].scope) : 9 - static_cast<int>(all[h].scope); });
    for (const std::uint32_t h : order) {
      if (all[h].resource != kNone) {
        for (const auto& [own, wanted] : farewells_)
          if (graph_.nodes[own].more->hook == h) hook(own, steps_of(deletes_around(all[h], wanted, model_, changes_)));
        continue;
      }
      std::map<std::string, std::set<std::uint32_t>> groups;   // by id
      for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (changes_.removals[i].deletes() && selects(all[h].selector, as_resource(changes_.removals[i]))) groups[hook_id(all[h], changes_.removals[i])].insert(nodes_[i]);
      for (const auto& [id, steps] : groups) {
        graph_.nodes.push_back({Name(id), Node::Kind::hook});
        graph_.nodes.back().more.edit().hook = h;
        hook(static_cast<std::uint32_t>(graph_.nodes.size() - 1), steps);
      }
    }
    clean_up();
  }

  std::set<std::uint32_t> steps_of(const std::vector<std::uint32_t>& removals) const {
    std::set<std::uint32_t> steps;
    for (const std::uint32_t r : removals) steps.insert(nodes_[r]);
    return steps;
  }

  static std::string hook_id(const Hook& hook, const Removal& r) {
    const std::string owner = r.entry.component.empty() || hook.scope == Hook::Scope::application ? "*" : r.entry.component;
    const std::string trait = hook.scope == Hook::Scope::trait ? as_resource(r).trait : "";
    if (!trait.empty()) return owner + "/hook/" + hook.name + '/' + trait;
    const bool each = hook.scope == Hook::Scope::trait || hook.scope == Hook::Scope::resource;   // which traits acted on a workload nobody knows any more
    return owner + "/hook/" + hook.name + (each ? '/' + r.entry.kind + '/' + r.entry.name : "");
  }

  void hook(std::uint32_t own, const std::set<std::uint32_t>& steps) {
    const Hook& what = model_.lifecycle().hooks[graph_.nodes[own].more->hook];
    const bool before = is_before_delete(what);
    const Edge::Kind kind = what.on_failure == FailureRule::ignore ? Edge::Kind::after : Edge::Kind::requires_;
    const std::string name = "hook " + what.name + " runs " + (before ? "before" : "after");
    const std::uint32_t why = reason("hook", name + " what is deleted", what.place);
    const std::vector<Edge> edges = graph_.edges;
    const auto add = [&](std::uint32_t from, std::uint32_t to, Edge::Kind as) {
      if (from != to) graph_.edges.push_back({static_cast<NodeId>(from), static_cast<NodeId>(to), as, why});
    };
    const std::set<std::uint32_t> between = reached(edges, steps, before);
    for (const std::uint32_t step : steps) before ? add(step, own, kind) : add(own, step, Edge::Kind::requires_);
    for (const Edge& e : edges) {
      const auto from = static_cast<std::uint32_t>(e.from), to = static_cast<std::uint32_t>(e.to);
      if (before && steps.contains(from) && !between.contains(to)) add(own, to, e.kind);
      if (before || !steps.contains(to) || steps.contains(from)) continue;
      if (stands_inside(from, steps)) add(own, from, is_ignored(from) ? Edge::Kind::after : Edge::Kind::requires_);
      else if (!between.contains(from)) add(from, own, is_hard(e.kind) ? kind : Edge::Kind::after);
    }
    if (!before) behind_.emplace(own, steps);
  }

  // The steps, and what waits for them, or what they wait for: what comes between two of them takes nothing over.
  static std::set<std::uint32_t> reached(const std::vector<Edge>& edges, const std::set<std::uint32_t>& steps, bool users) {
    if (steps.size() == 1) return steps;
    std::multimap<std::uint32_t, std::uint32_t> next;
    for (const Edge& e : edges) {
      const auto from = static_cast<std::uint32_t>(e.from), to = static_cast<std::uint32_t>(e.to);
      users ? next.emplace(to, from) : next.emplace(from, to);
    }
    std::set<std::uint32_t> seen = steps;
    std::vector<std::uint32_t> open(steps.begin(), steps.end());
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (auto [one, end] = next.equal_range(at); one != end; ++one)
        if (seen.insert(one->second).second) open.push_back(one->second);
    }
    return seen;
  }

  // A hook that follows no other steps than these: a later one follows it.
  bool stands_inside(std::uint32_t hook, const std::set<std::uint32_t>& steps) const {
    const auto found = behind_.find(hook);
    return found != behind_.end() && std::ranges::includes(steps, found->second);
  }

  bool is_ignored(std::uint32_t hook) const { return model_.lifecycle().hooks[graph_.nodes[hook].more->hook].on_failure == FailureRule::ignore; }

  // What objects that are hooks leave goes when those at the same point have ended.
  void clean_up() {
    for (const auto& [own, wanted] : farewells_) {
      const std::uint32_t h = graph_.nodes[own].more->hook;
      const Hook& what = model_.lifecycle().hooks[h];
      if (!what.retention.on_success && !what.retention.on_failure) continue;
      Node n = graph_.nodes[own];
      n.id = n.id + "/clean";
      n.resource = n.more.edit().hook = kNone;
      n.more.edit().cleans = h;
      const std::uint32_t why = reason("hook", "what hook " + what.name + " made is deleted when the hooks of its point have ended", what.place);
      for (const auto& [other, unused] : farewells_)
        if (graph_.nodes[other].component == n.component && model_.lifecycle().hooks[graph_.nodes[other].more->hook].point == what.point)
          graph_.edges.push_back({static_cast<NodeId>(graph_.nodes.size()), static_cast<NodeId>(other), Edge::Kind::after, why});
      graph_.nodes.push_back(std::move(n));
    }
  }

  // Of the core, which waits for nothing else.
  void everything() {
    graph_.nodes.push_back({Name("*/hook/all-applied"), Node::Kind::hook});
    barrier_ = static_cast<std::uint32_t>(graph_.nodes.size() - 1);
    const std::uint32_t why = reason("barrier", "all that is wanted comes before", {});
    const auto add = [&](std::uint32_t n, Edge::Kind kind) { graph_.edges.push_back({static_cast<NodeId>(barrier_), static_cast<NodeId>(n), kind, why}); };
    for (const std::uint32_t n : applies_)
      if (n != kNone && !farewells_.contains(n) && !is_in_lane(n)) add(n, Edge::Kind::requires_);
    for (std::uint32_t n = 0; n < first_; ++n)
      if (is_awaited(graph_.nodes[n])) add(n, graph_.nodes[n].more->hook != kNone && is_ignored(n) ? Edge::Kind::after : Edge::Kind::requires_);
  }

  // Steps of the workflow, and hooks that others wait for too.
  bool is_awaited(const Node& n) const {
    if (n.kind != Node::Kind::hook || n.more->lane != kNone) return false;
    if (n.more->hook == kNone) return n.more->flow != kNone;
    const HookPoint point = model_.lifecycle().hooks[n.more->hook].point;
    return point == HookPoint::after_create || point == HookPoint::after_update || point == HookPoint::before_healthy;
  }

  Graph::Data& graph_;
  const Model& model_;
  const Changes& changes_;
  Problems& problems_;
  Names names_;                                          // of rules
  struct Late {
    std::uint32_t from, to;
    std::string text;
  };
  std::vector<Group> groups_;                            // instances that are deleted
  std::map<std::string, std::uint32_t> group_at_;        // by cluster, component, kind, namespace, name without number
  std::vector<std::uint32_t> group_of_;                  // by removal
  std::vector<Late> late_;                               // edges that yield where they would close a circle
  std::size_t sorted_ = 0;                               // edges, when they were sorted last
  std::vector<bool> is_early_;                           // by removal: something waits for it
  std::vector<std::uint32_t> applies_;                   // as Changes::wanted
  std::vector<std::uint32_t> nodes_;                     // by removal
  std::map<std::uint32_t, std::uint32_t> farewells_;     // by node: objects that are hooks at what is deleted, as of Changes::wanted
  std::map<std::uint32_t, std::set<std::uint32_t>> behind_;   // by hook: the deletes that it follows
  std::uint32_t first_ = 0;                              // the node of the first removal
  std::uint32_t barrier_ = kNone;                        // behind all that is wanted
  std::map<std::string, std::uint32_t> by_key_, by_name_;   // removals; by name only those that go for good
  std::multimap<std::uint32_t, std::uint32_t> after_;    // between removals
  std::vector<std::uint32_t> early_;                     // removals that something waits for
};

}  // namespace

void leave_out(const Graph::Data& graph, const Model& model, Changes& changes) {
  if (changes.fates.empty()) return;
  const std::size_t count = model.resources().size();
  std::vector<bool> there(changes.wanted.size());
  for (const Node& n : graph.nodes)
    if (n.kind == Node::Kind::apply && n.resource != kNone) there[n.placement * count + n.resource] = true;
  std::vector<bool> called(there.size());   // by what is deleted
  for (const Hook& hook : model.lifecycle().hooks)
    for (std::size_t i = hook.resource; is_at_delete(hook) && i < there.size(); i += count)
      if (!deletes_around(hook, static_cast<std::uint32_t>(i), model, changes).empty()) called[i] = true;
  const auto leave = [&](std::uint32_t resource) {
    for (std::size_t i = resource; i < there.size(); i += count)
      if (!there[i] && !called[i]) changes.wanted[i] = nullptr, changes.fates[i] = {Action::keep, nullptr, nullptr, nullptr};
  };
  for (const Hook& hook : model.lifecycle().hooks)
    if (hook.resource != Hook::kNone) leave(hook.resource);
  for (const std::uint32_t resource : model.lifecycle().skipped) leave(resource);
  // What the workflow does not apply is left alone: the old one does not go for a new one that does not come.
  const auto comes = [&](std::uint32_t i) { return i == kNone || (changes.wanted[i] && (there[i] || called[i])); };
  std::erase_if(changes.removals, [&](const Removal& r) { return !comes(r.wanted) || !comes(r.replaced_by); });
}

std::vector<std::uint32_t> add_removals(Graph::Data& graph, const Model& model, const Changes& changes, Problems& problems) {
  return Orderer(graph, model, changes, problems).order();
}

}  // namespace oam::detail
