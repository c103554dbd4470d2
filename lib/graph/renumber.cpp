// Where nodes stand among those that nothing else orders: hooks beside what they are for.
#include <algorithm>
#include <tuple>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

// Just before the first, or just behind the last, of the steps that a hook has to do with.
struct Seat {
  std::uint32_t anchor, side, own;
  auto operator<=>(const Seat&) const = default;
};

class Renumber {
 public:
  explicit Renumber(Draft& draft) : d_(draft), hooks_(draft.model().lifecycle().hooks) {}

  void run() {
    const auto count = static_cast<std::uint32_t>(d_.data.nodes.size());
    std::vector<Seat> seats;
    for (std::uint32_t n = 0; n < count; ++n) {
      const auto other = d_.seats.find(n);
      seats.push_back({other == d_.seats.end() ? n : other->second, 1, n});
    }
    for (const Edge& e : d_.data.edges) {
      const auto from = static_cast<std::uint32_t>(e.from), to = static_cast<std::uint32_t>(e.to);
      if (is_before(to) && is_step(from)) move(seats[to], from, 0);
      if (is_after(from) && is_step(to)) move(seats[from], to, 2);
    }
    for (const Edge& e : d_.data.edges)   // what is cleared for a hook stands before it
      if (const auto from = static_cast<std::uint32_t>(e.from), to = static_cast<std::uint32_t>(e.to); is_hook(from) && d_.data.nodes[to].more->early) seats[to].anchor = seats[from].anchor, seats[to].side = seats[from].side;
    std::vector<bool> gone(count, false);
    for (const std::uint32_t n : d_.left_out) gone[n] = true;
    std::erase_if(seats, [&](const Seat& seat) { return gone[seat.own]; });
    std::ranges::sort(seats);
    rename(seats, count);
  }

 private:
  bool is_hook(std::uint32_t n) const { return d_.data.nodes[n].more->hook != kNone; }
  bool is_step(std::uint32_t n) const { return !is_hook(n) && d_.data.nodes[n].more->cleans == kNone; }
  bool is_before(std::uint32_t n) const { return is_hook(n) && oam::is_before(hooks_[d_.data.nodes[n].more->hook].point); }
  bool is_after(std::uint32_t n) const { return is_hook(n) && !is_before(n); }

  static void move(Seat& seat, std::uint32_t anchor, std::uint32_t side) {
    if (seat.side == 1) seat.anchor = anchor;
    seat.side = side;
    seat.anchor = side == 0 ? std::min(seat.anchor, anchor) : std::max(seat.anchor, anchor);
  }

  void rename(const std::vector<Seat>& seats, std::uint32_t count) {
    std::vector<std::uint32_t> now(count, kNone);
    std::vector<Node> nodes;
    nodes.reserve(seats.size());
    for (const Seat& seat : seats) {
      now[seat.own] = static_cast<std::uint32_t>(nodes.size());
      nodes.push_back(std::move(d_.data.nodes[seat.own]));
    }
    d_.data.nodes = std::move(nodes);
    std::erase_if(d_.data.edges, [&](const Edge& e) { return now[static_cast<std::size_t>(e.from)] == kNone || now[static_cast<std::size_t>(e.to)] == kNone; });
    for (AssumedNode& each : d_.data.assumed) each.node = now[each.node];
    for (InstanceLimit& limit : d_.data.limits)
      for (std::uint32_t& n : limit.steps) n = now[n];
    for (Edge& e : d_.data.edges) {
      e.from = static_cast<NodeId>(now[static_cast<std::size_t>(e.from)]);
      e.to = static_cast<NodeId>(now[static_cast<std::size_t>(e.to)]);
    }
  }

  Draft& d_;
  const std::vector<Hook>& hooks_;
};

}  // namespace

void renumber(Draft& draft) {
  const Lifecycle& all = draft.model().lifecycle();
  if (all.hooks.empty() && draft.left_out.empty() && draft.seats.empty()) return;
  Renumber(draft).run();
  sort_edges(draft.data);
}

}  // namespace oam::detail
