#include "graph/draft.hpp"

#include <algorithm>
#include <tuple>

namespace oam::detail {

Draft::Draft(const Model& model, const GraphOptions& given, Problems& found, const Without& without)
    : options(given), problems(found), model_(model), without_(without), parts_of_(model.application().components().size()) {
  items.reserve(model.resources().size());
  data.nodes.reserve(model.resources().size() + parts_of_.size());
  const Lifecycle& life = model.lifecycle();   // what selects
  if (life.hooks.empty() && life.lanes.empty() && life.rules.empty() && life.ordinals.empty() && life.paces.empty() && life.pools.empty()) return;
  for (std::uint32_t i = 0; i < parts_of_.size(); ++i) components_[component(i)].push_back(i);
}

const std::vector<std::uint32_t>& Draft::components_named(std::string_view name) const {
  static const std::vector<std::uint32_t> none;
  const auto found = components_.find(std::string(name));
  return found == components_.end() ? none : found->second;
}

std::uint32_t Draft::node(Name id, Node::Kind kind, const Part& part) {
  Node& made = data.nodes.emplace_back();
  made.id = std::move(id);
  made.kind = kind;
  made.component = part.component;
  made.placement = part.placement;
  return static_cast<std::uint32_t>(data.nodes.size() - 1);
}

std::uint32_t Draft::reason(std::string_view rule, std::string_view text, const Place& place) { return reason(rule, Name(text), Reason::Says::all, Name(), place); }

std::uint32_t Draft::reason(std::string_view rule, const Item& about, Reason::Says says, const Item& other, const Place& place) {
  if (!about.plain || !other.plain) return reason(rule, title(about).append(words_of(says)) + title(other), place);
  return reason(rule, data.objects[about.resource], says, data.objects[other.resource], place);
}

std::uint32_t Draft::reason(std::string_view rule, const Name& about, Reason::Says says, const Name& other, const Place& place) {
  data.reasons.push_back({rules_(rule), about, other, place.pointer, place.document, says});
  drop.push_back(0);
  return static_cast<std::uint32_t>(data.reasons.size() - 1);
}

void Draft::edge(std::uint32_t from, std::uint32_t to, Edge::Kind kind, std::uint32_t why, std::uint8_t sooner) {
  if (sooner > 0 && is_unwanted(from, to)) return;
  const Edge& made = data.edges.emplace_back(static_cast<NodeId>(from), static_cast<NodeId>(to), kind, why);
  drop[why] = sooner;
  item_of_node_.resize(data.nodes.size(), kNone);
  if (!is_inside(made)) return;
  Item& need = items[item_of_node_[to]];
  items[item_of_node_[from]].needs = need.needed = true;
  need.needed_by_core |= is_core(from);
}

bool Draft::is_unwanted(std::uint32_t from, std::uint32_t to) const {
  return !without_.empty() && without_.contains({data.nodes[from].id, data.nodes[to].id});
}

bool Draft::is_inside(const Edge& edge) const {
  if (!is_hard(edge.kind)) return false;
  const auto item = [this](NodeId node) { return static_cast<std::size_t>(node) < item_of_node_.size() ? item_of_node_[static_cast<std::size_t>(node)] : kNone; };
  const std::uint32_t user = item(edge.from), need = item(edge.to);
  return user != kNone && need != kNone && items[user].part == items[need].part;
}

void Draft::edges(std::span<const std::uint32_t> users, std::span<const std::uint32_t> needs, Edge::Kind kind, std::uint32_t why,
                  const Part& part, const std::string& name, std::uint8_t sooner) {
  if (users.size() * needs.size() <= kDirect || needs.size() == 1) {
    for (const std::uint32_t user : users)
      for (const std::uint32_t need : needs)
        edge(user, need, kind, why, sooner);
    return;
  }
  const auto [found, added] = barriers_.emplace(part.name + "/hook/" + name, 0);
  if (added) {
    found->second = node(found->first, Node::Kind::hook, part);
    if (std::ranges::none_of(users, [&](std::uint32_t n) { return is_core(n); })) data.nodes[found->second].more.edit().lane = data.nodes[users.front()].more->lane;
    const std::uint32_t all = reason("barrier", "all of them come before " + found->first, {});
    for (const std::uint32_t need : needs) edge(found->second, need, kind, all, sooner);
  }
  for (const std::uint32_t user : users) edge(user, found->second, kind, why, sooner);
}

std::string Draft::title(const Item& item) const { return resource(item).kind + ' ' + resource(item).name; }

std::uint32_t Draft::item_of(std::uint32_t resource, std::uint32_t placement) const {
  return item_of_[placement * model_.resources().size() + resource];
}

bool Draft::is_off(std::string_view rule) const {
  const auto& own = model_.lifecycle().without;
  return std::ranges::find(options.without, rule) != options.without.end() || std::ranges::find(own, rule) != own.end();
}

Change Draft::change(const Item& item) const {
  const std::size_t i = parts[item.part].placement * model_.resources().size() + item.resource;
  return i < options.changes.size() ? options.changes[i] : Change::create;
}

std::vector<std::uint32_t> Draft::entries(const Part& part) const {
  std::vector<std::uint32_t> all;
  all.reserve(part.items.size());
  for (const std::uint32_t i : part.items)
    if (!items[i].needs && !items[i].apart) all.push_back(items[i].node);
  if (all.empty()) all.push_back(part.start);   // of a partial model
  return all;
}

std::vector<std::uint32_t> Draft::exits(const Part& part, bool core) const {
  std::vector<std::uint32_t> all;
  all.reserve(part.items.size());
  for (const std::uint32_t i : part.items)
    if (!(core ? items[i].needed_by_core : items[i].needed) && !items[i].apart && (!core || is_core(items[i].node))) all.push_back(items[i].node);
  if (all.empty() && core) return exits(part, false);
  if (all.empty()) all.push_back(part.start);
  return all;
}

namespace {

// Where the edges of each node begin once they are sorted by one end.
std::vector<std::uint32_t> starts(const Graph::Data& data, NodeId Edge::* end, std::vector<std::uint32_t>& first) {
  first.assign(data.nodes.size() + 1, 0);
  for (const Edge& e : data.edges) ++first[static_cast<std::size_t>(e.*end) + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  return {first.begin(), first.end() - 1};
}

// By counting: first by the end that counts less.
void sort_by_ends(Graph::Data& data) {
  std::vector<Edge> by_to(data.edges.size());
  std::vector<std::uint32_t> next = starts(data, &Edge::to, data.first_user);
  for (const Edge& e : data.edges) by_to[next[static_cast<std::size_t>(e.to)]++] = e;
  next = starts(data, &Edge::from, data.first_edge);
  for (const Edge& e : by_to) data.edges[next[static_cast<std::size_t>(e.from)]++] = e;
}

}  // namespace

// Edges by `from`, then `to`, then kind; the same again by `to`.
void sort_edges(Graph::Data& data) {
  sort_by_ends(data);
  const auto less = [](const Edge& a, const Edge& b) { return std::tuple(a.to, a.kind) < std::tuple(b.to, b.kind); };
  for (std::size_t n = 0; n < data.nodes.size(); ++n) {   // several for one pair
    const auto begin = data.edges.begin() + data.first_edge[n], end = data.edges.begin() + data.first_edge[n + 1];
    if (!std::is_sorted(begin, end, less)) std::stable_sort(begin, end, less);
  }
  data.users.resize(data.edges.size());
  std::vector<std::uint32_t> next(data.first_user.begin(), data.first_user.end() - 1);
  for (std::uint32_t e = 0; e < data.edges.size(); ++e) data.users[next[static_cast<std::size_t>(data.edges[e].to)]++] = e;
}

}  // namespace oam::detail
