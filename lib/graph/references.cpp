// Objects that others of the application name come before them.
#include <algorithm>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "graph/draft.hpp"
#include "resolve/object_references.hpp"

namespace oam::detail {
namespace {

// Kinds are told apart by name alone: extensions/v1beta1 and networking.k8s.io/v1 Ingress are one.
using Key = std::pair<std::string_view, std::string>;   // kind, then NAMESPACE/NAME

Key key_of(std::string_view kind, std::string_view space, std::string_view name) {
  return {kind, std::string(space).append("/").append(name)};
}

class References {
 public:
  explicit References(Draft& draft) : d_(draft) {
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) {
      const Resource& r = d_.resource(d_.items[i]);
      by_key_[key_of(r.kind, r.namespace_, r.name)].push_back(i);
    }
  }

  void run() {
    for (std::uint32_t i = 0; i < d_.items.size(); ++i)
      for (const ObjectReference& each : object_references(d_.resource(d_.items[i]))) refer(i, each);
  }

 private:
  void refer(std::uint32_t user, const ObjectReference& to) {
    const auto found = by_key_.find(key_of(to.kind_name(), to.namespace_, to.name));
    if (found == by_key_.end()) return assume(user, to);
    const auto here = std::ranges::find(found->second, placement(user), [&](std::uint32_t i) { return placement(i); });
    if (here == found->second.end() || *here == user) return;
    if (!told_.emplace(user, *here).second) return;
    Item& need = d_.items[*here];
    const std::string text = d_.title(d_.items[user]) + " names " + d_.title(need);
    const bool core = d_.is_core(need.node) || !d_.is_core(d_.items[user].node);
    need.wanted |= need.part == d_.items[user].part && d_.resource(d_.items[user]).role == Resource::Role::workload;
    d_.edge(d_.items[user].node, need.node, to.optional || !core ? Edge::Kind::after : Edge::Kind::requires_,
            d_.reason("reference", text, d_.resource(d_.items[user]).place), 1);
  }

  // What the application does not make is waited for only if the author says so.
  void assume(std::uint32_t user, const ObjectReference& to) {
    const bool always_there = to.kind == "ServiceAccount" && to.name == "default";
    if (!d_.model().lifecycle().wait_for_assumed || !to.of_pod || to.optional || !to.group.empty() || always_there) return;
    const Placement& at = d_.model().placements()[placement(user)];
    const bool moved = !at.namespace_.empty() && to.namespace_ == d_.model().application().namespace_();
    const std::string space = moved ? at.namespace_ : to.namespace_;
    const auto [found, added] = assumed_.emplace(std::pair(placement(user), key_of(to.kind_name(), space, to.name)), kNone);
    if (added) {
      const std::string& name = d_.parts[d_.items[user].part].name;
      const Part owner{"*" + name.substr(std::min(name.find('@'), name.size())), kNone, placement(user), kNone, {}};
      found->second = d_.node(owner.name + "/hook/assumed/" + std::string(to.kind) + '/' + to.name, Node::Kind::hook, owner);
      d_.data.assumed.push_back({found->second, std::string(to.kind), space, to.name});
    }
    d_.edge(d_.items[user].node, found->second, Edge::Kind::requires_,
            d_.reason("assumed", d_.title(d_.items[user]) + " names " + std::string(to.kind) + ' ' + to.name + ", which is not the application's",
                      d_.resource(d_.items[user]).place));
  }

  std::uint32_t placement(std::uint32_t item) const { return d_.parts[d_.items[item].part].placement; }

  Draft& d_;
  absl::flat_hash_map<Key, std::vector<std::uint32_t>> by_key_;
  absl::flat_hash_set<std::pair<std::uint32_t, std::uint32_t>> told_;
  absl::flat_hash_map<std::pair<std::uint32_t, Key>, std::uint32_t> assumed_;   // by placement: the node that waits
};

}  // namespace

void add_references(Draft& draft) {
  if (!draft.is_off("reference")) References(draft).run();
}

}  // namespace oam::detail
