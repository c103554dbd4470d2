#include "plan/last_hooks.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "graph/select.hpp"
#include "plan/delete_hooks.hpp"

namespace oam::detail {
namespace {

constexpr std::uint32_t kNobody = Node::kNone;

// web of web/hook/report; a component in a placement, or the application.
std::string_view part_of(std::string_view id) { return id.substr(0, id.find('/')); }

bool is_at_end(const Hook& hook) { return hook.point == HookPoint::on_failure || hook.point == HookPoint::finally; }

class LastHooks {
 public:
  LastHooks(Graph::Data& graph, const Model& model, const Changes& changes, std::span<const std::uint32_t> removals)
      : graph_(graph), model_(model), changes_(changes), removals_(removals) {}

  void run() {
    const std::vector<Hook>& all = model_.lifecycle().hooks;
    std::vector<std::uint32_t> order;
    for (std::uint32_t h = 0; h < all.size(); ++h)
      if (is_at_end(all[h]) && (is_of_all(all[h]) || all[h].scope == Hook::Scope::component)) order.push_back(h);
    if (order.empty()) return;
    std::ranges::stable_sort(order, {}, [&](std::uint32_t h) { return std::tuple(all[h].point, is_of_all(all[h]), all[h].weight); });   // all at a failure before all at the end
    find_waited_for();
    for (const std::uint32_t h : order) place(h);
  }

 private:
  void place(std::uint32_t h) {
    const Hook& hook = model_.lifecycle().hooks[h];
    const std::set<std::uint32_t> behind = deletes_of(hook);
    std::vector<std::uint32_t> own = nodes_of(h);
    if (!is_of_all(hook)) return place_in_parts(own, behind, hook);
    const bool is_new = own.empty() && hook.resource == kNobody && !behind.empty();
    if (is_new) own.push_back(add(h));
    for (const std::uint32_t n : own) {
      for (const std::uint32_t step : behind) follow(n, step, hook);
      if (is_new) follow_others(n, hook);
      for (const std::uint32_t before : placed_)
        if (is_new || added_.contains(before)) follow(n, before, hook);
    }
    placed_.insert(placed_.end(), own.begin(), own.end());
    if (is_new) added_.insert(own.begin(), own.end());
  }

  // What is deleted of the component too, of one that something else becomes of.
  void place_in_parts(const std::vector<std::uint32_t>& own, const std::set<std::uint32_t>& behind, const Hook& hook) {
    for (const std::uint32_t n : own)
      for (const std::uint32_t step : behind)
        if (part_of(graph_.nodes[step].id) == part_of(graph_.nodes[n].id)) follow(n, step, hook);
  }

  static bool is_of_all(const Hook& hook) { return hook.scope == Hook::Scope::application; }

  std::uint32_t add(std::uint32_t h) {
    const Hook& hook = model_.lifecycle().hooks[h];
    graph_.nodes.push_back({Name("*/hook/" + hook.name), Node::Kind::hook});
    graph_.nodes.back().more.edit().hook = h;
    const auto& lanes = model_.lifecycle().lanes;
    const auto lane = std::ranges::find(lanes, hook.lane, &Lane::name);
    if (!hook.lane.empty() && lane != lanes.end()) graph_.nodes.back().more.edit().lane = static_cast<std::uint32_t>(lane - lanes.begin());
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }

  // Of what it selects what nothing else of it waits for, and the hooks there.
  std::set<std::uint32_t> deletes_of(const Hook& hook) const {
    std::set<std::uint32_t> all;
    for (std::size_t i = 0; i < removals_.size(); ++i) {
      const Removal& r = changes_.removals[i];
      if (r.action != Step::Action::keep && (hook.selector.empty() || selects(hook.selector, as_resource(r)))) all.insert(removals_[i]);
    }
    std::set<std::uint32_t> hooks;
    for (const Edge& e : graph_.edges) {
      const auto from = static_cast<std::uint32_t>(e.from), to = static_cast<std::uint32_t>(e.to);
      if (is_at_delete_point(from) && all.contains(to)) hooks.insert(from);
      if (is_at_delete_point(to) && all.contains(from)) hooks.insert(to);
    }
    all.merge(hooks);
    if (is_of_all(hook) && hook.selector.empty()) std::erase_if(all, [this](std::uint32_t n) { return waited_for_.contains(n); });
    return all;
  }

  // The ends of what is deleted are enough: a failure before them is passed on.
  void find_waited_for() {
    for (const Edge& e : graph_.edges)
      if (is_hard(e.kind)) waited_for_.insert(static_cast<std::uint32_t>(e.to));
  }

  bool is_at_delete_point(std::uint32_t n) const {
    const std::uint32_t h = graph_.nodes[n].more->hook;
    return h != kNobody && (is_before_delete(model_.lifecycle().hooks[h]) || model_.lifecycle().hooks[h].point == HookPoint::after_delete);
  }

  std::vector<std::uint32_t> nodes_of(std::uint32_t h) const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t n = 0; n < graph_.nodes.size(); ++n)
      if (graph_.nodes[n].more->hook == h) all.push_back(n);
    return all;
  }

  // What a hook is behind that nothing but a delete concerns: the workflow, and the hooks of the end of inner scopes.
  void follow_others(std::uint32_t own, const Hook& hook) {
    for (std::uint32_t n = 0; n < own; ++n) {
      const Node& node = graph_.nodes[n];
      const bool step = hook.selector.empty() && node.kind == Node::Kind::hook && node.more->flow != kNobody && node.more->hook == kNobody;
      const Hook* other = node.more->hook == kNobody ? nullptr : &model_.lifecycle().hooks[node.more->hook];
      if (step || (other && is_at_end(*other) && other->scope != Hook::Scope::application && other->point <= hook.point)) follow(own, n, hook);
    }
  }

  void follow(std::uint32_t own, std::uint32_t step, const Hook& hook) {
    const std::string text = "hook " + hook.name + (hook.point == HookPoint::finally ? " runs at the end, come what may" : " runs if something that is deleted, or a hook of it, fails");
    if (reason_of_ != &hook) graph_.reasons.push_back({.rule = Name("hook"), .about = Name(text), .pointer = hook.place.pointer, .document = hook.place.document});
    reason_of_ = &hook;
    graph_.edges.push_back({static_cast<NodeId>(own), static_cast<NodeId>(step), Edge::Kind::after, static_cast<std::uint32_t>(graph_.reasons.size() - 1)});
  }

  Graph::Data& graph_;
  const Model& model_;
  const Changes& changes_;
  std::span<const std::uint32_t> removals_;
  std::set<std::uint32_t> waited_for_, added_;   // nodes
  std::vector<std::uint32_t> placed_;            // the hooks so far
  const Hook* reason_of_ = nullptr;              // the newest reason
};

}  // namespace

void add_last_hooks(Graph::Data& graph, const Model& model, const Changes& changes, std::span<const std::uint32_t> removals) {
  LastHooks(graph, model, changes, removals).run();
}

}  // namespace oam::detail
