#include "graph/builder.hpp"

#include <algorithm>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

constexpr std::size_t kThorough = 4'000;   // edges of a circle up to which each optional one is weighed by itself

// Drops optional edges of one level that lie on circles.
class Breaker {
 public:
  explicit Breaker(Draft& draft) : d_(draft) {}

  void run(std::uint8_t level) {
    Graph graph{std::make_shared<Graph::Data>(d_.data)};
    const std::vector<std::size_t> set = strong_sets(graph);
    std::vector<std::size_t> inside(d_.data.nodes.size(), 0);   // by set: edges
    for (const Edge& e : d_.data.edges) inside[set[index(e.from)]] += set[index(e.from)] == set[index(e.to)];
    std::vector<bool> gone(d_.data.edges.size(), false);
    for (std::size_t i = 0; i < d_.data.edges.size(); ++i) {
      const Edge& e = d_.data.edges[i];
      const std::size_t own = set[index(e.from)];
      if (d_.drop[e.reason] != level || own != set[index(e.to)]) continue;
      const bool closes = inside[own] > kThorough || leads_back(e, gone);
      gone[i] = closes;
      if (closes) tell(e);
    }
    std::vector<Edge> kept;
    for (std::size_t i = 0; i < gone.size(); ++i)
      if (!gone[i]) kept.push_back(d_.data.edges[i]);
    d_.data.edges = std::move(kept);
    sort_edges(d_.data);
  }

 private:
  static std::size_t index(NodeId node) { return static_cast<std::size_t>(node); }

  // Is there a way from what it needs back to it?
  bool leads_back(const Edge& edge, const std::vector<bool>& gone) const {
    std::vector<bool> seen(d_.data.nodes.size(), false);
    std::vector<NodeId> open{edge.to};
    while (!open.empty()) {
      const NodeId at = open.back();
      open.pop_back();
      if (at == edge.from) return true;
      for (std::uint32_t e = d_.data.first_edge[index(at)]; e < d_.data.first_edge[index(at) + 1]; ++e) {
        const NodeId next = d_.data.edges[e].to;
        if (gone[e] || seen[index(next)]) continue;
        seen[index(next)] = true;
        open.push_back(next);
      }
    }
    return false;
  }

  void tell(const Edge& e) {
    const Reason& why = d_.data.reasons[e.reason];
    d_.problems
        .warning("rule-dropped", why.place,
                 d_.data.nodes[index(e.from)].id + " does not come after " + d_.data.nodes[index(e.to)].id + ": that would close a circle")
        .hint(why.text + " (rule " + std::string(why.rule) + ')');
  }

  Draft& d_;
};

}  // namespace

void drop_circles(Draft& draft) {
  for (const std::uint8_t level : {3, 2, 1}) {
    if (sort_nodes(draft.data)) return;
    draft.data.order.clear();
    Breaker(draft).run(level);
  }
}

Graph::Data build_graph(const Model& model, const GraphOptions& options, Problems& problems) {
  Draft draft(model, options, problems);
  add_nodes(draft);
  if (!options.preview) add_references(draft);
  add_inner_order(draft);
  if (!options.preview) add_kind_rules(draft);
  add_dependencies(draft);
  if (!options.preview) {
    add_waves(draft);
    add_hooks(draft);
    check_lanes(draft);
    renumber(draft);
  }
  sort_edges(draft.data);
  drop_circles(draft);
  draft.data.order.clear();
  draft.data.documents = model.application().documents();
  return std::move(draft.data);
}

}  // namespace oam::detail
