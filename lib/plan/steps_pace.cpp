#include "plan/steps_pace.hpp"

#include <algorithm>

#include "graph_data.hpp"

namespace oam::detail {

std::vector<Pool> pools_of(const Plan::Data& plan, const Graph& graph, const Lifecycle& lifecycle) {
  std::vector<Pool> all;
  const auto& pooled = graph.data->pooled;
  for (std::size_t i = 0; i < pooled.size(); ++i) {
    const PoolRule& rule = lifecycle.pools[i];
    Pool pool{rule.name, rule.capacity, {}};
    for (const std::uint32_t object : pooled[i])
      if (plan.apply_of[object] != Node::kNone) pool.keys.push_back(plan.steps[plan.apply_of[object]].id);
    for (const NodeId n : graph.order()) {
      const std::uint32_t hook = graph.node(n).more->hook;
      if (hook != Node::kNone && std::ranges::find(rule.hooks, lifecycle.hooks[hook].name) != rule.hooks.end()) pool.keys.push_back(graph.node(n).id);
    }
    std::ranges::sort(pool.keys);
    pool.keys.erase(std::unique(pool.keys.begin(), pool.keys.end()), pool.keys.end());
    if (!pool.keys.empty()) all.push_back(std::move(pool));
  }
  std::ranges::sort(all, {}, &Pool::name);
  return all;
}

void set_pace(const std::shared_ptr<const Pace>& said, Step& step) {
  if (said->settle_timeout && *said->settle_timeout > 0) step.settle_timeout = *said->settle_timeout;
  if (said->once.value_or(false)) step.class_ = Step::Class::once;
  Pace rest = *said;
  rest.settle_timeout.reset();
  rest.once.reset();
  if (!rest.approval.value_or(false)) rest.approval.reset();
  if (rest == *said) step.more.edit().pace = said;
  else if (!rest.empty()) step.more.edit().pace = std::make_shared<Pace>(rest);
}

}  // namespace oam::detail
