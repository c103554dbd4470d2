#include "graph/builder.hpp"

#include <algorithm>
#include <tuple>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

constexpr std::size_t kThorough = 4'000;   // edges of a circle up to which each optional one is weighed by itself

// In no order, so without a heap.
bool has_circle(const Graph::Data& data) {
  std::vector<std::uint32_t> open(data.nodes.size()), ready;
  for (std::uint32_t n = 0; n < open.size(); ++n) {
    open[n] = data.first_edge[n + 1] - data.first_edge[n];
    if (open[n] == 0) ready.push_back(n);
  }
  std::size_t done = 0;
  while (!ready.empty()) {
    const std::uint32_t n = ready.back();
    ready.pop_back();
    ++done;
    for (std::uint32_t u = data.first_user[n]; u < data.first_user[n + 1]; ++u) {
      const auto user = static_cast<std::size_t>(data.edges[data.users[u]].from);
      if (--open[user] == 0) ready.push_back(static_cast<std::uint32_t>(user));
    }
  }
  return done < open.size();
}

// Takes optional edges out of circles, then puts back those that close none: what
// should be dropped last is put back first.
class Breaker {
 public:
  explicit Breaker(Draft& draft) : d_(draft), gone_(draft.data.edges.size(), false) {}

  Without run() {
    const Graph graph{std::make_shared<Graph::Data>(d_.data)};
    const std::vector<std::size_t> set = strong_sets(graph);
    std::vector<std::size_t> inside(d_.data.nodes.size(), 0);   // by set: edges
    for (const Edge& e : d_.data.edges) inside[set[index(e.from)]] += set[index(e.from)] == set[index(e.to)];
    for (std::size_t i = 0; i < d_.data.edges.size(); ++i) {
      const Edge& e = d_.data.edges[i];
      if (level(e) == 0 || set[index(e.from)] != set[index(e.to)]) continue;
      gone_[i] = true;
      (inside[set[index(e.from)]] > kThorough ? many_ : few_).push_back(i);
    }
    std::ranges::sort(few_, {}, [&](std::size_t i) { return name_of(d_.data.edges[i]); });   // the order of components has no meaning
    for (std::uint8_t level = 1; level <= 3; ++level) {
      put_back_each(level);
      put_back_all(level);
    }
    keep();
    return std::move(inside_);
  }

 private:
  static std::size_t index(NodeId node) { return static_cast<std::size_t>(node); }
  std::uint8_t level(const Edge& e) const { return d_.drop[e.reason]; }

  std::tuple<std::string_view, std::string_view, std::string_view> name_of(const Edge& e) const {
    return {d_.data.nodes[index(e.from)].id, d_.data.nodes[index(e.to)].id, d_.data.reasons[e.reason].rule};
  }

  void put_back_each(std::uint8_t level) {
    for (const std::size_t i : few_)
      if (this->level(d_.data.edges[i]) == level) gone_[i] = leads_back(d_.data.edges[i]);
  }

  // Those of a large circle together, or none of them.
  void put_back_all(std::uint8_t level) {
    std::vector<std::size_t> own;
    for (const std::size_t i : many_)
      if (this->level(d_.data.edges[i]) == level) own.push_back(i);
    if (own.empty()) return;
    for (const std::size_t i : own) gone_[i] = false;
    if (!is_circular()) return;
    for (const std::size_t i : own) gone_[i] = true;
  }

  bool is_circular() const {
    Graph::Data rest = d_.data;
    std::size_t i = 0;
    std::erase_if(rest.edges, [&](const Edge&) { return gone_[i++]; });
    sort_edges(rest);
    return has_circle(rest);
  }

  // Is there a way from what it needs back to it?
  bool leads_back(const Edge& edge) const {
    std::vector<bool> seen(d_.data.nodes.size(), false);
    std::vector<NodeId> open{edge.to};
    while (!open.empty()) {
      const NodeId at = open.back();
      open.pop_back();
      if (at == edge.from) return true;
      for (std::uint32_t e = d_.data.first_edge[index(at)]; e < d_.data.first_edge[index(at) + 1]; ++e) {
        const NodeId next = d_.data.edges[e].to;
        if (gone_[e] || seen[index(next)]) continue;
        seen[index(next)] = true;
        open.push_back(next);
      }
    }
    return false;
  }

  void keep() {
    std::vector<Edge> kept;
    for (std::size_t i = 0; i < gone_.size(); ++i) {
      if (!gone_[i]) kept.push_back(d_.data.edges[i]);
      else drop(d_.data.edges[i]);
    }
    d_.data.edges = std::move(kept);
    sort_edges(d_.data);
  }

  void drop(const Edge& e) {
    if (d_.is_inside(e)) inside_.emplace(d_.data.nodes[index(e.from)].id, d_.data.nodes[index(e.to)].id);
    const Reason& why = d_.data.reasons[e.reason];
    d_.problems
        .warning("rule-dropped", why.place(),
                 d_.data.nodes[index(e.from)].id + " does not come after " + d_.data.nodes[index(e.to)].id + ": that would close a circle")
        .hint(why.text() + " (rule " + std::string(why.rule) + ')');
  }

  Draft& d_;
  std::vector<bool> gone_;                   // by edge
  std::vector<std::size_t> few_, many_;      // optional edges in small circles, in large ones
  Without inside_;
};

// All that says what comes after what, but for hooks.
void add_order(Draft& draft) {
  add_nodes(draft);
  add_late(draft);
  if (!draft.options.preview) add_references(draft);
  draft.namings = std::vector<Naming>();   // = {} would keep their memory
  add_inner_order(draft);
  if (!draft.options.preview) add_kind_rules(draft);
  add_dependencies(draft);
  if (!draft.options.preview) {
    add_waves(draft);
    add_workflow(draft);
    add_ordinals(draft);
  }
  sort_edges(draft.data);
}

void finish(Draft& draft) {
  if (!draft.options.preview) {
    check_rules(draft);
    add_hooks(draft);
    if (!draft.model().lifecycle().hooks.empty()) {   // whose order is the author's
      sort_edges(draft.data);
      drop_circles(draft);
    }
    check_ids(draft);
    add_paces(draft);
    check_lanes(draft);
    renumber(draft);
  }
  draft.data.reasons.shrink_to_fit();   // there is about one for each step
  draft.data.documents = draft.model().application().documents();
}

}  // namespace

Without drop_circles(Draft& draft) { return has_circle(draft.data) ? Breaker(draft).run() : Without(); }

Graph::Data build_graph(const Model& model, const GraphOptions& options, Problems& problems) {
  Without without;
  for (;;) {
    Draft draft(model, options, problems, without);
    add_order(draft);
    Without more = drop_circles(draft);
    if (!more.empty()) {   // what waits for a part is to wait for all of it: anew without them
      without.merge(more);
      continue;
    }
    finish(draft);
    return std::move(draft.data);
  }
}

}  // namespace oam::detail
