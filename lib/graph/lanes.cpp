// Lanes: that no step of the core requires one that is not.
#include "graph/draft.hpp"

namespace oam::detail {

void check_lanes(Draft& draft) {
  const auto& lanes = draft.model().lifecycle().lanes;
  if (lanes.empty()) return;
  std::vector<bool> told(draft.data.reasons.size(), false);
  for (const Edge& e : draft.data.edges) {
    const Node &from = draft.data.nodes[static_cast<std::size_t>(e.from)], &to = draft.data.nodes[static_cast<std::size_t>(e.to)];
    if (!is_hard(e.kind) || from.lane != kNone || to.lane == kNone || told[e.reason]) continue;
    told[e.reason] = true;
    const Reason& why = draft.data.reasons[e.reason];
    draft.problems
        .error("lane-isolation", why.place, "the core would wait for lane \"" + lanes[to.lane].name + "\": " + from.id + " requires " + to.id)
        .hint(why.text + " (rule " + std::string(why.rule) + "); put one of the two into the lane of the other")
        .related(lanes[to.lane].place, "the lane");
  }
}

}  // namespace oam::detail
