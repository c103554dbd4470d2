// Lanes: that each has something in it, and that no step of the core requires one that is not.
#include <algorithm>

#include "graph/draft.hpp"
#include "graph/select.hpp"

namespace oam::detail {

namespace {

// What the author wrote; a definition's lane is that of those who use it.
bool is_written(const Lane& lane) { return lane.place.pointer.starts_with("/spec/policies/"); }

void check_selectors(const Draft& draft) {
  for (const Lane& lane : draft.model().lifecycle().lanes) {
    if (!is_written(lane) || lane.selector.empty()) continue;
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
    const auto is_in = [&](const Node& n) { return n.lane != kNone && lanes[n.lane].name == lane.name; };
    std::vector<bool> there(hooks.size());
    for (const Node& n : draft.data.nodes)
      if (n.hook != kNone) there[n.hook] = true;
    std::size_t count = static_cast<std::size_t>(std::ranges::count_if(draft.data.nodes, is_in)), more = 0;
    for (const std::uint32_t n : draft.left_out) count -= is_in(draft.data.nodes[n]);
    for (std::size_t h = 0; h < hooks.size(); ++h) more += !there[h];
    if (lane.quorum > count + more && count > 0)
      draft.problems.error("invalid-value", {lane.place.document, lane.place.pointer + "/quorum"},
                           "lane \"" + lane.name + "\" has " + std::to_string(count) + (count == 1 ? " step" : " steps") + ": a quorum of " + std::to_string(lane.quorum) + " is never reached");
  }
}

}  // namespace

void check_lanes(Draft& draft) {
  const auto& lanes = draft.model().lifecycle().lanes;
  if (lanes.empty()) return;
  check_selectors(draft);
  check_quorums(draft);
  std::vector<bool> told(draft.data.reasons.size(), false);
  for (const Edge& e : draft.data.edges) {
    const Node &from = draft.data.nodes[static_cast<std::size_t>(e.from)], &to = draft.data.nodes[static_cast<std::size_t>(e.to)];
    if (!is_hard(e.kind) || from.lane != kNone || to.lane == kNone || told[e.reason]) continue;
    told[e.reason] = true;
    const Reason& why = draft.data.reasons[e.reason];
    draft.problems
        .error("lane-isolation", why.place(), "the core would wait for lane \"" + lanes[to.lane].name + "\": " + from.id + " requires " + to.id)
        .hint(why.text() + " (rule " + std::string(why.rule) + "); put one of the two into the lane of the other")
        .related(lanes[to.lane].place, "the lane");
  }
}

}  // namespace oam::detail
