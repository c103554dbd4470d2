// Objects that others of the application name come before them.
#include <algorithm>
#include <tuple>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "graph/draft.hpp"
#include "support/fetch.hpp"

namespace oam::detail {
namespace {

using OwnKey = std::tuple<std::uint32_t, std::string, std::string, std::string>;   // of a placement

// Items by what they are called; a table of indices, for there are many. Only what has the
// same hash is looked at.
struct Called {
  using is_transparent = void;
  const Draft* draft;

  std::size_t operator()(std::uint32_t item) const { return draft->items[item].called; }
  std::size_t operator()(const Naming& naming) const { return naming.called; }
  bool operator()(std::uint32_t item, const Naming& naming) const { return (*this)(item) == naming.called && is(item, naming.to.kind, naming.to.namespace_, naming.to.name); }
  bool operator()(std::uint32_t item, std::uint32_t other) const {
    const Resource& r = draft->resource(draft->items[other]);
    return (*this)(item) == (*this)(other) && is(item, r.kind, r.namespace_, r.name);
  }

 private:
  bool is(std::uint32_t item, std::string_view kind, std::string_view namespace_, std::string_view name) const {
    const Resource& r = draft->resource(draft->items[item]);
    return r.kind == kind && r.namespace_ == namespace_ && r.name == name;
  }
};

class References {
 public:
  explicit References(Draft& draft) : d_(draft), first_(0, Called{&draft}, Called{&draft}), same_(draft.items.size(), kNone), told_(draft.items.size(), kNone) {
    first_.reserve(d_.items.size());
    std::vector<std::uint32_t> last(d_.items.size(), kNone);   // by the first of a key, if it has others
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) {
      const auto [found, added] = first_.insert(i);
      if (added) continue;
      const std::uint32_t before = std::exchange(last[*found], i);
      same_[before == kNone ? *found : before] = i;
    }
  }

  void run() {
    for (std::size_t i = 0; i < d_.namings.size(); ++i) {
      if (i + kAhead < d_.namings.size()) fetch_behind(d_.namings[i + kAhead]);
      refer(d_.namings[i]);
    }
  }

 private:
  [[gnu::always_inline]] void fetch_behind(const Naming& naming) const {
    fetch(naming.to.name.data());
    fetch(&d_.resource(d_.items[naming.item]), sizeof(Resource));
  }

  void refer(const Naming& naming) {
    const auto& [user, to, hash] = naming;
    const auto found = first_.find(naming);
    if (found == first_.end()) return assume(user, to);
    std::uint32_t here = *found;
    while (here != kNone && placement(here) != placement(user)) here = same_[here];
    if (here == kNone || here == user || std::exchange(told_[here], user) == user) return;
    Item& need = d_.items[here];
    const Resource& r = d_.resource(d_.items[user]);
    const bool core = d_.is_core(need.node) || !d_.is_core(d_.items[user].node);
    need.wanted |= need.part == d_.items[user].part && r.role == Resource::Role::workload;
    d_.edge(d_.items[user].node, need.node, to.optional || !core ? Edge::Kind::after : Edge::Kind::requires_,
            d_.reason("reference", d_.items[user], Reason::Says::names, need, r.place), d_.items[user].apart ? 3 : 1);   // a hook's yields first: what it runs before is sure
  }

  // What the application does not make is waited for only if the author says so.
  void assume(std::uint32_t user, const ObjectReference& to) {
    const bool always_there = to.kind == "ServiceAccount" && to.name == "default";
    if (!d_.model().lifecycle().wait_for_assumed || !to.of_pod || to.optional || !to.group.empty() || always_there) return;
    const Placement& at = d_.model().placements()[placement(user)];
    const bool moved = !at.namespace_.empty() && to.namespace_ == d_.model().application().namespace_();
    const std::string space(moved ? std::string_view(at.namespace_) : to.namespace_), kind(to.kind), object(to.name);
    const auto [found, added] = assumed_.emplace(OwnKey(placement(user), kind, space, object), kNone);
    if (added) {
      const std::string& name = d_.parts[d_.items[user].part].name;
      const Part owner{"*" + name.substr(std::min(name.find('@'), name.size())), kNone, placement(user), kNone, {}};
      found->second = d_.node(owner.name + "/hook/assumed/" + kind + '/' + object, Node::Kind::hook, owner);
      d_.data.assumed.push_back({found->second, kind, space, object});
    }
    d_.edge(d_.items[user].node, found->second, Edge::Kind::requires_,
            d_.reason("assumed", d_.title(d_.items[user]) + " names " + kind + ' ' + object + ", which is not the application's",
                      d_.resource(d_.items[user]).place));
  }

  std::uint32_t placement(std::uint32_t item) const { return d_.parts[d_.items[item].part].placement; }

  static constexpr std::size_t kAhead = 8;   // namings

  Draft& d_;
  absl::flat_hash_set<std::uint32_t, Called, Called> first_;   // items: the first of a key
  std::vector<std::uint32_t> same_;                      // by item: the next of its key
  std::vector<std::uint32_t> told_;                      // by item: the newest user that it is told for
  absl::flat_hash_map<OwnKey, std::uint32_t> assumed_;   // the node that waits
};

}  // namespace

void add_references(Draft& draft) {
  if (!draft.is_off("reference")) References(draft).run();
}

}  // namespace oam::detail
