#include <algorithm>

#include <absl/strings/str_cat.h>

#include "graph/builder.hpp"
#include "resolve/kinds.hpp"

namespace oam::detail {
namespace {

constexpr std::uint32_t kNone = Node::kNone;
constexpr std::size_t kDirect = 64;   // edges of one dependsOn before a barrier is worth it

bool follows(const Resource& r) { return r.role == Resource::Role::trait || r.role == Resource::Role::store; }

std::string resource_id(const Resource& r, const std::string& home) {
  std::string id = r.kind;
  if (const std::string_view group = group_of(r.api_version); !group.empty()) id.append(".").append(group);
  id += '/';
  if (!r.namespace_.empty() && r.namespace_ != home) id += r.namespace_ + '.';
  return id + r.name;
}

class Builder {
 public:
  explicit Builder(const Model& model)
      : model_(model), resources_(model.resources()), applies_(resources_.size(), kNone), renders_(resources_.size(), kNone) {}

  Graph::Data build() {
    components();
    scopes();
    always_ = reason("render-first", "an apply follows its own render", {});
    for (std::uint32_t r = 0; r < resources_.size(); ++r)
      if (renders_[r] != kNone) edge(applies_[r], renders_[r], Edge::Kind::requires_, always_);
    traits();
    dependencies();
    data();
    scope_edges();
    return finish();
  }

 private:
  std::uint32_t node(std::string id, Node::Kind kind, std::uint32_t component, std::uint32_t resource) {
    data_.nodes.push_back({std::move(id), kind, component, resource});
    return static_cast<std::uint32_t>(data_.nodes.size() - 1);
  }

  std::uint32_t reason(std::string_view rule, std::string text, Place place) {
    data_.reasons.push_back({rule, std::move(text), std::move(place)});
    return static_cast<std::uint32_t>(data_.reasons.size() - 1);
  }

  void edge(std::uint32_t from, std::uint32_t to, Edge::Kind kind, std::uint32_t why) {
    data_.edges.push_back({static_cast<NodeId>(from), static_cast<NodeId>(to), kind, why});
  }

  const std::string& name(std::uint32_t component) const { return model_.application().components()[component].name; }

  void components() {
    const std::string home(model_.application().namespace_());
    for (std::uint32_t c = 0; c < model_.application().components().size(); ++c) {
      const std::string& owner = name(c);
      const std::uint32_t render = node(owner + "/render", Node::Kind::render, c, kNone);
      starts_.push_back(render);
      for (const std::uint32_t r : model_.resources_of(c)) {
        const std::string id = resource_id(resources_[r], home);
        const bool late = follows(resources_[r]) && !resources_[r].fills.empty();
        renders_[r] = late ? node(absl::StrCat(owner, "/render/", id), Node::Kind::render, c, r) : render;
        applies_[r] = node(absl::StrCat(owner, "/apply/", id), Node::Kind::apply, c, r);
      }
    }
  }

  void scopes() {
    const std::string home(model_.application().namespace_());
    for (const std::uint32_t r : model_.unowned())
      applies_[r] = node((resources_[r].component.empty() ? "*" : resources_[r].component) + "/apply/" + resource_id(resources_[r], home), Node::Kind::apply, kNone, r);
    for (const ScopeMembers& scope : model_.scopes())
      applies_[scope.resource] = node("*/apply/" + resource_id(resources_[scope.resource], home), Node::Kind::apply, kNone, scope.resource);
  }

  // Each trait after its workload and after the trait before it.
  void traits() {
    for (std::uint32_t c = 0; c < model_.application().components().size(); ++c) {
      std::uint32_t before = kNone;
      const auto own = model_.resources_of(c);
      for (const std::uint32_t r : own) {
        if (resources_[r].role != Resource::Role::trait) continue;
        const std::string what = "trait " + resources_[r].trait;
        edge(applies_[r], applies_[own.front()], Edge::Kind::requires_, reason("trait-order", what + " is applied to the workload of " + name(c), resources_[r].place));
        if (before != kNone)
          edge(applies_[r], applies_[before], Edge::Kind::after, reason("trait-order", what + " is listed after trait " + resources_[before].trait, resources_[r].place));
        before = r;
      }
    }
  }

  // Where others may start in a component, and what they must wait for to be done.
  std::vector<std::uint32_t> entries(std::uint32_t component) const {
    std::vector<std::uint32_t> all;
    for (const std::uint32_t r : model_.resources_of(component))
      if (!follows(resources_[r])) all.push_back(applies_[r]);
    if (all.empty()) all.push_back(starts_[component]);   // of a partial model
    return all;
  }

  std::vector<std::uint32_t> exits(std::uint32_t component) const {
    std::vector<std::uint32_t> all;
    std::uint32_t last_trait = kNone;
    const auto own = model_.resources_of(component);
    for (const std::uint32_t r : own)
      if (resources_[r].role == Resource::Role::trait) last_trait = r;
    for (const std::uint32_t r : own) {
      const bool followed = last_trait != kNone && (r == own.front() || (resources_[r].role == Resource::Role::trait && r != last_trait));
      if (!followed) all.push_back(applies_[r]);
    }
    if (all.empty()) all.push_back(starts_[component]);
    return all;
  }

  void dependencies() {
    barriers_.assign(model_.application().components().size(), kNone);
    for (const Requirement& q : model_.requirements()) {
      const std::uint32_t why = reason("depends-on", name(q.component) + " depends on " + name(q.needs), q.place);
      const auto starts = entries(q.component);
      auto ends = exits(q.needs);
      if (starts.size() * ends.size() > kDirect) ends = {barrier(q.needs, ends)};
      for (const std::uint32_t start : starts)
        for (const std::uint32_t end : ends) edge(start, end, Edge::Kind::requires_, why);
    }
  }

  std::uint32_t barrier(std::uint32_t component, const std::vector<std::uint32_t>& ends) {
    std::uint32_t& found = barriers_[component];
    if (found != kNone) return found;
    found = node(name(component) + "/hook/complete", Node::Kind::hook, component, kNone);
    const std::uint32_t why = reason("barrier", "all of " + name(component) + " comes before", {});
    for (const std::uint32_t end : ends) edge(found, end, Edge::Kind::requires_, why);
    return found;
  }

  void data() {
    for (std::uint32_t r = 0; r < resources_.size(); ++r) {
      for (const Fill& fill : resources_[r].fills) {
        if (fill.from == Fill::kLiteral) continue;
        const Resource& from = resources_[fill.from];
        std::string text = resources_[r].component + " reads \"" + fill.input + "\" of " + from.kind + ' ' + from.name;
        edge(renders_[r], applies_[fill.from], Edge::Kind::data, reason("data", std::move(text), fill.place));
      }
    }
  }

  void scope_edges() {
    for (const ScopeMembers& scope : model_.scopes())
      for (std::size_t i = 0; i < scope.components.size(); ++i) {
        const std::uint32_t workload = model_.resources_of(scope.components[i]).front();
        edge(applies_[scope.resource], applies_[workload], Edge::Kind::requires_,
             reason("scope", "scope " + resources_[scope.resource].name + " lists " + name(scope.components[i]), scope.places[i]));
      }
  }

  // Edges by `from`, then `to`, then kind; the same again by `to`.
  Graph::Data finish() {
    const std::size_t nodes = data_.nodes.size();
    std::vector<Edge> sorted(data_.edges.size());
    std::vector<std::uint32_t> next = starts(&Edge::from, data_.first_edge);
    for (const Edge& e : data_.edges) sorted[next[static_cast<std::size_t>(e.from)]++] = e;
    data_.edges = std::move(sorted);
    for (std::size_t n = 0; n < nodes; ++n)
      std::stable_sort(data_.edges.begin() + data_.first_edge[n], data_.edges.begin() + data_.first_edge[n + 1],
                       [](const Edge& a, const Edge& b) { return std::tuple(a.to, a.kind) < std::tuple(b.to, b.kind); });
    next = starts(&Edge::to, data_.first_user);
    data_.users.resize(data_.edges.size());
    for (std::uint32_t e = 0; e < data_.edges.size(); ++e) data_.users[next[static_cast<std::size_t>(data_.edges[e].to)]++] = e;
    data_.documents = model_.application().documents();
    return std::move(data_);
  }

  // Where the edges of each node begin once they are sorted by one end.
  std::vector<std::uint32_t> starts(NodeId Edge::* end, std::vector<std::uint32_t>& first) const {
    first.assign(data_.nodes.size() + 1, 0);
    for (const Edge& e : data_.edges) ++first[static_cast<std::size_t>(e.*end) + 1];
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    return {first.begin(), first.end() - 1};
  }

  const Model& model_;
  std::span<const Resource> resources_;
  std::vector<std::uint32_t> applies_, renders_;   // by resource: its nodes
  std::vector<std::uint32_t> starts_;              // by component: its render
  std::vector<std::uint32_t> barriers_;            // by component
  std::uint32_t always_ = 0;
  Graph::Data data_;
};

}  // namespace

Graph::Data build_graph(const Model& model) { return Builder(model).build(); }

}  // namespace oam::detail
