#include "plan/step_graph.hpp"

#include "graph/builder.hpp"
#include "graph_data.hpp"

namespace oam::detail {

Graph graph_of(const PlanParts& plan) {
  auto data = std::make_shared<Graph::Data>();
  data->documents = plan.documents;
  data->reasons = plan.reasons;
  data->order = plan.nodes;
  data->nodes.resize(plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& s = plan.steps[i];
    Node& node = data->nodes[static_cast<std::size_t>(plan.nodes[i])];
    node.id = s.id;
    node.kind = static_cast<Node::Kind>(s.kind);
    for (const Need& n : s.needs) data->edges.push_back({plan.nodes[i], plan.nodes[n.step], n.kind, n.reason});
  }
  for (std::uint32_t i = 0; i < plan.apply_of.size(); ++i) {
    if (plan.apply_of[i] == Node::kNone) continue;
    Node& node = data->nodes[static_cast<std::size_t>(plan.nodes[plan.apply_of[i]])];
    node.resource = i % plan.resources;
    node.placement = i / plan.resources;
  }
  sort_edges(*data);
  return Graph{std::move(data)};
}

}  // namespace oam::detail
