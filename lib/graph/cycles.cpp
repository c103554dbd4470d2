#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

#include <oam/bgl.hpp>

#include "graph/builder.hpp"

namespace oam::detail {
namespace {

constexpr std::size_t kShown = 6;   // edges of a long cycle, at each end

// Thrown through Boost's search to end it early; never leaves this file.
struct Found {};

struct Search : boost::default_bfs_visitor {
  std::vector<const Edge*>* by;   // the edge that reached each node
  NodeId goal;
  Search(std::vector<const Edge*>& reached, NodeId to) : by(&reached), goal(to) {}

  void examine_edge(const Edge* edge, const Graph&) const {
    if (edge->to != goal) return;
    (*by)[static_cast<std::size_t>(goal)] = edge;
    throw Found{};
  }
  void tree_edge(const Edge* edge, const Graph&) const { (*by)[static_cast<std::size_t>(edge->to)] = edge; }
};

std::string owner(const Graph& graph, NodeId id) {
  const std::string& name = graph.node(id).id;
  return name.starts_with('*') ? name : name.substr(0, name.find('/'));   // of what is nobody's all
}

bool has_place(const Graph& graph, const Edge* e) { return graph.reason(*e).document != Place::kNowhere; }

// What an author can do least harm by dropping, of what stands in a document if any does: order
// before data, then what the fewest others wait for, then the first.
const Edge* cheapest(const Graph& graph, std::span<const Edge* const> edges) {
  const auto cost = [&](const Edge* e) {
    return std::tuple(!has_place(graph, e), e->kind == Edge::Kind::data, e->kind == Edge::Kind::requires_, graph.needed_by(e->from).size());
  };
  return *std::ranges::min_element(edges, {}, cost);
}

// Without the way from an object to its own render, which nobody wonders at; the first is one
// that stands in a document, if any does.
std::vector<const Edge*> worth_telling(const Graph& graph, std::span<const Edge* const> cycle) {
  std::vector<const Edge*> told;
  for (const Edge* e : cycle)
    if (graph.reason(*e).rule != "render-first") told.push_back(e);
  if (told.empty()) told.assign(cycle.begin(), cycle.end());
  const auto first = std::ranges::find_if(told, [&](const Edge* e) { return has_place(graph, e); });
  if (first != told.end()) std::ranges::rotate(told, first);
  return told;
}

// What stands between each edge and the one before it: a component, or, where the circle comes
// through one more than once, the step.
std::vector<std::string> stations(const Graph& graph, std::span<const Edge* const> told) {
  std::map<std::string, std::size_t> times;
  for (const Edge* e : told) ++times[owner(graph, e->from)];
  std::vector<std::string> all;
  for (std::size_t i = 0; i < told.size(); ++i) {
    const Node &in = graph.node(told[(i + told.size() - 1) % told.size()]->to), &out = graph.node(told[i]->from);
    const std::string name = owner(graph, told[i]->from);
    all.push_back(times[name] == 1 ? name : std::string(out.kind == Node::Kind::render ? in.id : out.id));
  }
  return all;
}

std::string circle_text(const std::vector<std::string>& names) {
  const std::size_t count = names.size();
  if (count == 1) return names.front() + " waits for itself";
  std::string path = names.front();
  for (std::size_t i = 0; i < count; ++i) {
    if (count <= 2 * kShown || i < kShown || i + kShown >= count) path += " -> " + names[(i + 1) % count];
    else if (i == kShown) path += " -> … " + std::to_string(count - 2 * kShown) + " more …";
  }
  if (count == 2) return names[0] + " and " + names[1] + " wait for each other: " + path;
  return "a circle of " + std::to_string(count) + ": " + path + " (-> means waits for)";
}

// What has no place to be shown is told by its steps.
std::string why_text(const Graph& graph, const Edge* e) {
  const std::string why = graph.reason(*e).text() + " (rule " + std::string(graph.reason(*e).rule) + ')';
  return has_place(graph, e) ? why : std::string(graph.node(e->from).id) + " after " + std::string(graph.node(e->to).id) + ": " + why;
}

void report(const Graph& graph, std::span<const Edge* const> cycle, Problems& problems) {
  const std::vector<const Edge*> told = worth_telling(graph, cycle);
  const std::vector<std::string> names = stations(graph, told);
  const Edge* drop = cheapest(graph, told);
  const auto at = static_cast<std::size_t>(std::ranges::find(told, drop) - told.begin());
  auto problem = problems.error("dependency-cycle", graph.reason(*told.front()).place(),
                                circle_text(names) + "; cheapest to drop: " + names[at] + " -> " + names[(at + 1) % names.size()] +
                                    (drop->kind == Edge::Kind::data ? ", with its value" : ", no value is lost"));
  problem.hint(why_text(graph, told.front()));
  for (std::size_t i = 1; i < told.size(); ++i)
    if (told.size() <= 2 * kShown || i < kShown || i + kShown >= told.size()) problem.related(graph.reason(*told[i]).place(), why_text(graph, told[i]));
}

// Numbers, the smallest first: a tree of bits, sixty-four below each.
class SmallestFirst {
 public:
  explicit SmallestFirst(std::size_t count) {
    do levels_.emplace_back(count = (count + 63) / 64);
    while (count > 1);
  }

  bool empty() const { return levels_.back().empty() || levels_.back().front() == 0; }

  void insert(std::uint32_t n) {
    for (auto& level : levels_) {
      level[n / 64] |= std::uint64_t{1} << n % 64;
      n /= 64;
    }
  }

  std::uint32_t take() {
    std::uint32_t found = 0;
    for (std::size_t i = levels_.size(); i-- > 0;) found = found * 64 + static_cast<std::uint32_t>(std::countr_zero(levels_[i][found]));
    std::uint32_t n = found;
    for (auto& level : levels_) {
      level[n / 64] &= ~(std::uint64_t{1} << n % 64);
      if (level[n / 64] != 0) break;
      n /= 64;
    }
    return found;
  }

 private:
  std::vector<std::vector<std::uint64_t>> levels_;   // leaves first
};

}  // namespace

bool sort_nodes(Graph::Data& data) {
  const std::size_t count = data.nodes.size();
  std::vector<std::uint32_t> open(count);
  data.order.reserve(count);
  SmallestFirst ready(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    open[n] = data.first_edge[n + 1] - data.first_edge[n];
    if (open[n] == 0) ready.insert(n);
  }
  while (!ready.empty()) {
    const std::uint32_t n = ready.take();
    data.order.push_back(static_cast<NodeId>(n));
    for (std::uint32_t u = data.first_user[n]; u < data.first_user[n + 1]; ++u) {
      const auto user = static_cast<std::uint32_t>(data.edges[data.users[u]].from);
      if (--open[user] == 0) ready.insert(user);
    }
  }
  return data.order.size() == count;
}

std::vector<std::uint32_t> shortest_path(const Graph& graph, NodeId from, NodeId to) {
  std::vector<const Edge*> reached(graph.nodes().size(), nullptr);
  std::vector<std::uint32_t> path;
  try {
    std::vector<boost::default_color_type> colours(graph.nodes().size());
    boost::breadth_first_search(graph, static_cast<std::size_t>(from),
                                boost::visitor(Search(reached, to)).color_map(colours.data()).vertex_index_map(boost::typed_identity_property_map<std::size_t>()));
  } catch (const Found&) {
    NodeId at = to;
    do {
      const Edge* edge = reached[static_cast<std::size_t>(at)];
      path.push_back(static_cast<std::uint32_t>(edge - graph.edges().data()));
      at = edge->from;
    } while (at != from);
    std::ranges::reverse(path);
  }
  return path;
}

std::vector<std::size_t> strong_sets(const Graph& graph) {
  std::vector<std::size_t> set(graph.nodes().size());
  boost::strong_components(graph, boost::make_iterator_property_map(set.begin(), boost::typed_identity_property_map<std::size_t>()));
  return set;
}

std::vector<EdgeCycle> cycles_of(const Graph& graph) {
  std::vector<EdgeCycle> all;
  const std::vector<std::size_t> set = strong_sets(graph);
  const std::size_t sets = set.empty() ? 0 : *std::ranges::max_element(set) + 1;
  std::vector<std::size_t> size(sets);
  for (const std::size_t s : set) ++size[s];
  std::vector<bool> told(sets);
  for (std::size_t n = 0; n < set.size(); ++n) {
    if (told[set[n]]) continue;
    const auto needs = graph.needs(static_cast<NodeId>(n));
    const bool self = std::ranges::any_of(needs, [&](const Edge& e) { return e.from == e.to; });
    if (size[set[n]] < 2 && !self) continue;
    told[set[n]] = true;
    EdgeCycle cycle;
    for (const std::uint32_t e : shortest_path(graph, static_cast<NodeId>(n), static_cast<NodeId>(n))) cycle.edges.push_back(&graph.edges()[e]);
    if (cycle.edges.empty()) continue;
    const auto told_edges = worth_telling(graph, cycle.edges);
    cycle.cheapest = static_cast<std::size_t>(std::ranges::find(cycle.edges, cheapest(graph, told_edges)) - cycle.edges.begin());
    all.push_back(std::move(cycle));
  }
  return all;
}

void report_cycles(const Graph& graph, Problems& problems) {
  for (const EdgeCycle& cycle : cycles_of(graph)) report(graph, cycle.edges, problems);
}

}  // namespace oam::detail
