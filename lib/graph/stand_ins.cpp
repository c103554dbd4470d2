// A component that a program of the workflow renders and applies has no steps of its own:
// what waits for them, and what they wait for, goes with that program.
#include <absl/container/flat_hash_map.h>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

using StandIns = absl::flat_hash_map<std::uint32_t, std::uint32_t>;   // by node

void stand_for(const Draft& draft, const Part& part, std::uint32_t program, StandIns& made) {
  made[part.start] = program;
  for (const std::uint32_t item : part.items) {
    made[draft.items[item].node] = program;
    if (draft.items[item].render != kNone) made[draft.items[item].render] = program;
  }
}

StandIns find_stand_ins(const Draft& draft) {
  StandIns made;
  for (std::uint32_t n = 0; n < draft.data.nodes.size(); ++n) {
    const std::uint32_t i = draft.data.nodes[n].flow;
    if (i == kNone || draft.model().flow()[i].does != FlowStep::Does::program) continue;
    for (const std::uint32_t c : draft.model().flow()[i].components)
      for (const std::uint32_t p : draft.parts_of(c))
        if (draft.model().placements()[draft.parts[p].placement].policy.empty()) stand_for(draft, draft.parts[p], n, made);
  }
  return made;
}

}  // namespace

void add_stand_ins(Draft& draft) {
  const StandIns all = find_stand_ins(draft);
  if (all.empty()) return;
  const auto now = [&](std::uint32_t n) {
    const auto found = all.find(n);
    return found == all.end() ? n : found->second;
  };
  for (Edge& e : draft.data.edges) {
    e.from = static_cast<NodeId>(now(static_cast<std::uint32_t>(e.from)));
    e.to = static_cast<NodeId>(now(static_cast<std::uint32_t>(e.to)));
  }
  std::erase_if(draft.data.edges, [](const Edge& e) { return e.from == e.to; });
  for (Item& item : draft.items) item.node = now(item.node);
}

}  // namespace oam::detail
