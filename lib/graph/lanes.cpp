// Lanes: that each has something in it, and that no step of the core requires one that is not.
#include <algorithm>
#include <set>

#include "graph/draft.hpp"
#include "graph/select.hpp"

namespace oam::detail {

namespace {

// What the author wrote; a definition's lane is that of those who use it.
bool is_written(const Lane& lane) { return lane.place.pointer.starts_with("/spec/policies/"); }

// A lane without a selector is there for hooks that name it, and for what a definition puts into it.
void check_use(const Draft& draft, const Lane& lane) {
  const Lifecycle& all = draft.model().lifecycle();
  const bool used = std::ranges::find(all.hooks, lane.name, &Hook::lane) != all.hooks.end() ||
                    std::ranges::any_of(all.lanes, [&](const Lane& each) { return each.name == lane.name && !each.selector.empty(); });
  if (!used)
    draft.problems.error("selects-nothing", lane.place, "lane \"" + lane.name + "\" has no selector, and no hook and no definition puts anything into it")
        .hint("say what is in it: selector: {components: [NAME]}");
}

// The first lane that selects an object has it: the author should know of the others.
void check_overlap(const Draft& draft) {
  const auto& lanes = draft.model().lifecycle().lanes;
  std::set<std::pair<std::uint32_t, std::uint32_t>> told;   // the lane it is in, the other
  for (const Item& item : draft.items) {
    const std::uint32_t own = draft.data.nodes[item.node].more->lane;
    if (own == kNone || item.apart) continue;
    for (std::uint32_t other = own + 1; other < lanes.size(); ++other) {
      if (!is_written(lanes[other]) || lanes[other].selector.empty() || lanes[other].name == lanes[own].name) continue;
      if (!selects(lanes[other].selector, draft.resource(item)) || !told.emplace(own, other).second) continue;
      draft.problems.warning("lane-overlap", lanes[other].place, draft.title(item) + " is in lane \"" + lanes[own].name + "\", and lane \"" + lanes[other].name + "\" selects it too")
          .hint("the first lane that selects an object has it").related(lanes[own].place, "the first");
    }
  }
}

void check_selectors(const Draft& draft) {
  for (const Lane& lane : draft.model().lifecycle().lanes) {
    if (!is_written(lane)) continue;
    if (lane.selector.empty()) {
      check_use(draft, lane);
      continue;
    }
    const std::string what = "lane \"" + lane.name + '"';
    if (!check_selector(draft, lane.selector, lane.place, what)) continue;
    if (std::ranges::none_of(draft.items, [&](const Item& item) { return selects(lane.selector, draft.resource(item)); }))
      draft.problems.error("selects-nothing", {lane.place.document, lane.place.pointer + "/selector"}, what + " selects nothing: no object fits all that its selector says");
  }
}

// Of all that its lane may ever have, hooks at points that this plan has not among them.
void check_quorums(const Draft& draft) {
  const auto &lanes = draft.model().lifecycle().lanes;
  const auto& hooks = draft.model().lifecycle().hooks;
  for (const Lane& lane : lanes) {
    if (!is_written(lane) || lane.quorum == 0) continue;
    const auto is_in = [&](const Node& n) { return n.more->lane != kNone && lanes[n.more->lane].name == lane.name; };
    std::vector<bool> there(hooks.size());
    for (const Node& n : draft.data.nodes)
      if (n.more->hook != kNone) there[n.more->hook] = true;
    std::size_t count = static_cast<std::size_t>(std::ranges::count_if(draft.data.nodes, is_in)), more = 0;
    for (const std::uint32_t n : draft.left_out) count -= is_in(draft.data.nodes[n]);
    for (std::size_t h = 0; h < hooks.size(); ++h) more += !there[h];
    if (lane.quorum > count + more && count > 0)
      draft.problems.error("invalid-value", {lane.place.document, lane.place.pointer + "/quorum"},
                           "lane \"" + lane.name + "\" has " + std::to_string(count) + (count == 1 ? " step" : " steps") + ": a quorum of " + std::to_string(lane.quorum) + " is never reached");
  }
}

// To roll back undoes the core too, whose success does not hang on a lane.
void check_rollbacks(const Draft& draft) {
  const Lifecycle& all = draft.model().lifecycle();
  std::set<std::uint32_t> told;
  for (const Node& node : draft.data.nodes) {
    if (node.more->hook == kNone || node.more->lane == kNone || all.hooks[node.more->hook].on_failure != FailureRule::rollback || !told.insert(node.more->hook).second) continue;
    const Hook& hook = all.hooks[node.more->hook];
    draft.problems.error("lane-isolation", hook.place, "the core would be rolled back if hook \"" + hook.name + "\" of lane \"" + all.lanes[node.more->lane].name + "\" fails")
        .hint("give the hook another onFailure (fail, ignore or hold), or put it into the core: lane: core")
        .related(all.lanes[node.more->lane].place, "the lane");
  }
}

}  // namespace

void report_isolation(const Graph::Data& data, std::span<const Lane> lanes, const Edge& edge, Problems& problems) {
  const Node &from = data.nodes[static_cast<std::size_t>(edge.from)], &to = data.nodes[static_cast<std::size_t>(edge.to)];
  const Reason& why = data.reasons[edge.reason];
  problems.error("lane-isolation", why.place(), "the core would wait for lane \"" + lanes[to.more->lane].name + "\": " + from.id + " requires " + to.id)
      .hint(why.text() + " (rule " + std::string(why.rule) + "); put one of the two into the lane of the other")
      .related(lanes[to.more->lane].place, "the lane");
}

void check_lanes(Draft& draft) {
  const auto& lanes = draft.model().lifecycle().lanes;
  if (lanes.empty()) return;
  check_selectors(draft);
  check_overlap(draft);
  check_quorums(draft);
  check_rollbacks(draft);
  std::vector<bool> told(draft.data.reasons.size(), false);
  for (const Edge& e : draft.data.edges) {
    const Node &from = draft.data.nodes[static_cast<std::size_t>(e.from)], &to = draft.data.nodes[static_cast<std::size_t>(e.to)];
    if (!is_hard(e.kind) || from.more->lane != kNone || to.more->lane == kNone || told[e.reason]) continue;
    told[e.reason] = true;
    report_isolation(draft.data, lanes, e, draft.problems);
  }
}

}  // namespace oam::detail
