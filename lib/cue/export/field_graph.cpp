#include "cue/export/field_graph.hpp"

#include <algorithm>
#include <bit>
#include <queue>

namespace oam::cue {

void FieldGraph::add_edge(std::uint32_t from, std::uint32_t to) {
  if (nodes_ <= kFew) before_[to] |= std::uint64_t{1} << from;
  else if (edges_.insert(std::uint64_t{from} << 32 | to).second) out_[from].push_back(to);
}

namespace {

using Edges = std::vector<std::vector<std::uint32_t>>;

// Tarjan's strongly connected components, without recursion: a chain of fields may be long.
class Components {
 public:
  explicit Components(const Edges& out) : out_(out), seen_(out.size()), low_(out.size()), of_(out.size(), kNone) {
    for (std::uint32_t i = 0; i < out.size(); ++i)
      if (!seen_[i]) visit(i);
  }
  std::uint32_t of(std::uint32_t node) const { return of_[node]; }
  std::uint32_t size() const { return count_; }

 private:
  static constexpr std::uint32_t kNone = ~0u;
  struct Frame {
    std::uint32_t node;
    std::size_t next;
  };

  void enter(std::uint32_t node) {
    seen_[node] = low_[node] = ++time_;
    open_.push_back(node);
    frames_.push_back({node, 0});
  }
  void visit(std::uint32_t start) {
    enter(start);
    while (!frames_.empty()) {
      auto& [node, next] = frames_.back();
      if (next == out_[node].size()) {
        leave(node);
        continue;
      }
      const std::uint32_t to = out_[node][next++];
      if (!seen_[to]) enter(to);
      else if (of_[to] == kNone) low_[node] = std::min(low_[node], seen_[to]);
    }
  }
  void leave(std::uint32_t node) {
    frames_.pop_back();
    if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[node]);
    if (low_[node] != seen_[node]) return;
    for (std::uint32_t last = kNone; last != node;) {
      last = open_.back();
      open_.pop_back();
      of_[last] = count_;
    }
    ++count_;
  }

  const Edges& out_;
  std::vector<std::uint32_t> seen_, low_, of_, open_;
  std::vector<Frame> frames_;
  std::uint32_t time_ = 0, count_ = 0;
};

}  // namespace

// Of few nodes, as long as there is no cycle.
std::vector<std::uint32_t> FieldGraph::by_rank(const std::vector<std::uint32_t>& rank) const {
  std::vector<std::uint32_t> node_of(nodes_), all;
  for (std::uint32_t i = 0; i < nodes_; ++i) node_of[rank[i]] = i;
  std::uint64_t done = 0;
  const auto is_next = [&](std::uint32_t node) { return !(done >> node & 1) && (before_[node] & ~done) == 0; };
  all.reserve(nodes_);
  for (;;) {
    const auto next = std::ranges::find_if(node_of, is_next);
    if (next == node_of.end()) return all;
    done |= std::uint64_t{1} << *next;
    all.push_back(*next);
  }
}

FieldGraph::Edges FieldGraph::edges_of_few() const {
  Edges out(nodes_);
  for (std::uint32_t to = 0; to < nodes_; ++to)
    for (std::uint64_t rest = before_[to]; rest != 0; rest &= rest - 1) out[static_cast<std::size_t>(std::countr_zero(rest))].push_back(to);
  return out;
}

std::vector<std::uint32_t> FieldGraph::sorted(const std::vector<std::uint32_t>& rank) const {
  if (nodes_ <= kFew)
    if (auto all = by_rank(rank); all.size() == nodes_) return all;
  const Edges of_few = nodes_ <= kFew ? edges_of_few() : Edges();
  const Edges& out = nodes_ <= kFew ? of_few : out_;
  const Components components(out);
  Edges members(components.size()), next(components.size());
  std::vector<std::uint32_t> waits_for(components.size());
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    const std::uint32_t from = components.of(i);
    members[from].push_back(i);
    for (const std::uint32_t to : out[i]) {
      if (components.of(to) == from) continue;
      next[from].push_back(components.of(to));
      ++waits_for[components.of(to)];
    }
  }
  const auto by_rank = [&](std::uint32_t a, std::uint32_t b) { return rank[a] < rank[b]; };
  for (auto& each : members) std::ranges::sort(each, by_rank);
  const auto later = [&](std::uint32_t a, std::uint32_t b) { return by_rank(members[b][0], members[a][0]); };
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(later)> ready(later);
  for (std::uint32_t i = 0; i < components.size(); ++i)
    if (waits_for[i] == 0) ready.push(i);
  std::vector<std::uint32_t> all;
  while (!ready.empty()) {
    const std::uint32_t now = ready.top();
    ready.pop();
    all.insert(all.end(), members[now].begin(), members[now].end());
    for (const std::uint32_t each : next[now])
      if (--waits_for[each] == 0) ready.push(each);
  }
  return all;
}

}  // namespace oam::cue
