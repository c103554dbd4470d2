// Steps are known by their ids, so no two may have one. Names that people give meet only
// where hooks, steps of the workflow and barriers stand beside each other.
#include <absl/container/flat_hash_map.h>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

class Ids {
 public:
  explicit Ids(Draft& draft) : d_(draft) {}

  void check() {
    for (std::uint32_t n = 0; n < d_.data.nodes.size(); ++n) {
      if (d_.data.nodes[n].kind != Node::Kind::hook) continue;
      const auto [other, is_new] = seen_.emplace(d_.data.nodes[n].id.view(), n);
      if (!is_new) tell(place(n) ? n : other->second, place(n) ? other->second : n);
    }
  }

 private:
  // Where somebody named it; a barrier nobody did.
  const Place* place(std::uint32_t n) const {
    const Node& node = d_.data.nodes[n];
    if (node.more->hook != kNone) return &d_.model().lifecycle().hooks[node.more->hook].place;
    return node.more->flow != kNone ? &d_.model().flow()[node.more->flow].place : nullptr;
  }

  std::string title(std::uint32_t n) const {
    const Node& node = d_.data.nodes[n];
    if (node.more->hook != kNone) return "hook \"" + d_.model().lifecycle().hooks[node.more->hook].name + '"';
    return node.more->flow == kNone ? "a barrier between others" : "step \"" + d_.model().flow()[node.more->flow].name + "\" of the workflow";
  }

  void tell(std::uint32_t n, std::uint32_t other) {
    auto problem = d_.problems.error("duplicate-hook", place(n) ? *place(n) : Place{}, title(n) + " and " + title(other) + " would be one step of the plan, " + d_.data.nodes[n].id);
    if (place(other)) problem.related(*place(other), "the other one");
    problem.hint("rename one of them");
  }

  Draft& d_;
  absl::flat_hash_map<std::string_view, std::uint32_t> seen_;
};

}  // namespace

void check_ids(Draft& draft) {
  if (!draft.model().flow().empty() || !draft.model().lifecycle().hooks.empty()) Ids(draft).check();
}

}  // namespace oam::detail
