// The nodes: for each component in each of its placements a render, and an apply for each object.
#include <algorithm>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>
#include <absl/strings/str_cat.h>

#include "graph/draft.hpp"
#include "graph/select.hpp"
#include "resolve/kinds.hpp"
#include "support/fetch.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {
namespace {

bool follows(const Resource& r) { return r.role == Resource::Role::trait || r.role == Resource::Role::store; }

// Kinds are told apart by name alone: extensions/v1beta1 and networking.k8s.io/v1 Ingress are one.
std::size_t called(std::string_view kind, std::string_view space, std::string_view name) {
  const auto text = [](std::string_view given) { return absl::string_view(given.data(), given.size()); };   // which Abseil hashes itself
  return absl::HashOf(text(kind), text(space), text(name));
}

}  // namespace

class Nodes {
 public:
  explicit Nodes(Draft& draft) : d_(draft), model_(draft.model()), resources_(model_.resources()), names_count_(!draft.options.preview && !draft.is_off("reference")) {
    for (const Hook& hook : model_.lifecycle().hooks)
      if (hook.resource != kNone) hooks_.insert(hook.resource);
    hooks_.insert(model_.lifecycle().skipped.begin(), model_.lifecycle().skipped.end());
    for (const Lane& lane : model_.lifecycle().lanes) {
      lane_components_.emplace_back(lane.selector.components.begin(), lane.selector.components.end());
      lane_selectors_.push_back(lane.selector);
      lane_selectors_.back().components.clear();
    }
  }

  void run() {
    const auto placements = model_.placements();
    d_.item_of_.assign(placements.size() * resources_.size(), kNone);
    d_.data.objects.resize(resources_.size());
    d_.data.components.reserve(model_.application().components().size());
    for (const Component& c : model_.application().components()) d_.data.components.emplace_back(c.name);
    for (std::uint32_t p = 0; p < placements.size(); ++p)
      for (std::uint32_t c = 0; c < model_.application().components().size(); ++c) component(c, p);
    for (std::uint32_t p = 0; p < placements.size(); ++p)
      for (const std::uint32_t r : model_.unowned()) alone(r, p);
    for (const ScopeMembers& scope : model_.scopes()) alone(scope.resource, 0);
  }

 private:
  std::string name_of(std::string_view owner, std::uint32_t p) const {
    const Placement& at = model_.placements()[p];
    if (at.policy.empty()) return std::string(owner);
    const auto same = std::ranges::count(model_.placements(), at.policy, &Placement::policy);
    return absl::StrCat(std::string(owner), "@", at.policy, same > 1 ? "." + at.cluster : "");
  }

  bool is_here(const Resource& r, std::uint32_t p) const {
    const auto placements = model_.placements();
    if (d_.options.preview && p > 0 && placements[p].policy == placements[p - 1].policy) return false;
    return r.placement == placements[p].policy;
  }

  void component(std::uint32_t c, std::uint32_t p) {
    const auto own = model_.resources_of(c);
    const bool any = std::ranges::any_of(own, [&](std::uint32_t r) { return is_here(resources_[r], p); });
    if (!any && !(own.empty() && p == 0)) return;
    const auto index = static_cast<std::uint32_t>(d_.parts.size());
    Part& part = d_.parts.emplace_back();
    part = {name_of(d_.component(c), p), c, p, kNone, {}};
    part.items.reserve(own.size());
    d_.parts_of_[c].push_back(index);
    part.start = d_.node(d_.names({part.name, "/render"}), Node::Kind::render, part);
    for (const std::uint32_t r : own)
      if (is_here(resources_[r], p)) item(r, index);
  }

  // What comes soon: a resource; of one that comes sooner the object, of the next but a few its
  // fields, of the next but one their names and what stands in them.
  [[gnu::always_inline]] void fetch_behind(std::uint32_t r) const {
    if (r + 4 * kAhead >= resources_.size()) return;
    fetch(&resources_[r + 4 * kAhead], sizeof(Resource));
    fetch(resources_[r + 2 * kAhead].object.get());
    fetch_fields(resources_[r + kAhead].object.get());
    const boost::json::value* next = resources_[r + kAhead / 2].object.get();
    if (!next || !next->is_object()) return;
    for (const auto& field : next->get_object()) {
      fetch(field.key().data());
      fetch_fields(&field.value());
    }
  }

  [[gnu::always_inline]] static void fetch_fields(const boost::json::value* object) {
    if (object && object->is_object()) fetch(object->get_object().begin(), 4 * sizeof(boost::json::key_value_pair));
  }

  Name step_id(const Part& owner, std::string_view what, const Resource& r) {
    const bool away = !r.namespace_.empty() && r.namespace_ != model_.application().namespace_();
    const std::string_view group = group_of(r.api_version), space = away ? std::string_view(r.namespace_) : "";
    return d_.names({owner.name, what, r.kind, group.empty() ? "" : ".", group, "/", space, away ? "." : "", r.name});
  }

  Name object_name(const Resource& r) {   // as full_name() says it
    const std::string_view group = group_of(r.api_version);
    return d_.names({r.kind, group.empty() ? "" : ".", group, "/", r.name});
  }

  void item(std::uint32_t r, std::uint32_t part) {
    fetch_behind(r);
    const Resource& what = resources_[r];
    Part& owner = d_.parts[part];
    Item made{r, part, kNone, owner.start};
    if (follows(what) && !what.fills.empty()) {
      made.render = d_.node(step_id(owner, "/render/", what), Node::Kind::render, owner);
      d_.data.nodes[made.render].resource = r;
    }
    made.kind = kind_of(r);
    made.role = what.role;
    made.stage = what.stage;
    made.reads = !what.fills.empty();
    made.plain = what.kind.find_first_of("./") == std::string::npos;
    made.called = called(what.kind, what.namespace_, what.name);
    made.apart = hooks_.contains(r) && !d_.options.preview;
    if (what.object) look_into(what, made);
    if (d_.data.objects[r].empty()) d_.data.objects[r] = object_name(what);
    made.node = d_.node(step_id(owner, "/apply/", what), Node::Kind::apply, owner);
    d_.data.nodes[made.node].resource = r;
    const std::uint32_t lane = lane_of(what);
    if (lane != kNone) d_.data.nodes[made.node].more.edit().lane = lane;
    if (lane != kNone && made.render != owner.start && made.render != kNone) d_.data.nodes[made.render].more.edit().lane = lane;
    const auto index = static_cast<std::uint32_t>(d_.items.size());
    d_.item_of_[owner.placement * resources_.size() + r] = index;
    d_.item_of_node_.resize(d_.data.nodes.size(), kNone);
    d_.item_of_node_[made.node] = index;
    owner.items.push_back(index);
    d_.items.push_back(made);
  }

  // Once, while the object is at hand.
  void look_into(const Resource& what, Item& made) {
    made.annotations = member(*what.object, "metadata", "annotations");
    if (!names_count_) return;
    for (const ObjectReference& to : object_references(what)) d_.namings.push_back({static_cast<std::uint32_t>(d_.items.size()), to, called(to.kind, to.namespace_, to.name)});
  }

  std::uint32_t kind_of(std::uint32_t r) {
    const std::pair<std::string_view, std::string_view> key(resources_[r].kind, resources_[r].api_version);
    const auto [found, added] = kinds_.try_emplace(key, static_cast<std::uint32_t>(d_.kinds.size()));
    if (added) d_.kinds.push_back(r);
    return found->second;
  }

  // Of no component of the application: each stands for itself.
  void alone(std::uint32_t r, std::uint32_t p) {
    const Resource& what = resources_[r];
    if (!what.placement.empty() ? !is_here(what, p) : p != 0) return;
    const std::string owner = what.component.empty() ? "*" : what.component;
    d_.parts.push_back({what.placement.empty() ? owner : name_of(owner, p), kNone, p, kNone, {}});
    item(r, static_cast<std::uint32_t>(d_.parts.size() - 1));
  }

  std::uint32_t lane_of(const Resource& r) const {
    const auto& lanes = model_.lifecycle().lanes;
    for (std::uint32_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i].selector.empty()) continue;   // for hooks, and for what definitions put into it
      if (!lane_components_[i].empty() && !lane_components_[i].contains(r.component)) continue;
      if (selects(lane_selectors_[i], r)) return i;
    }
    return kNone;
  }

  static constexpr std::uint32_t kAhead = 4;   // resources

  Draft& d_;
  const Model& model_;
  std::span<const Resource> resources_;
  bool names_count_;
  absl::flat_hash_map<std::pair<std::string_view, std::string_view>, std::uint32_t> kinds_;   // by name and version: in Draft::kinds
  absl::flat_hash_set<std::uint32_t> hooks_;   // resources
  std::vector<absl::flat_hash_set<std::string>> lane_components_;   // by lane: those that it names
  std::vector<Selector> lane_selectors_;                            // what else it says
};

void add_nodes(Draft& draft) { Nodes(draft).run(); }

}  // namespace oam::detail
