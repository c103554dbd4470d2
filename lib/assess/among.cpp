#include "assess/among.hpp"

#include <algorithm>
#include <unordered_map>

#include "plan/leftovers.hpp"

namespace oam::detail {

namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

class Shares {
 public:
  explicit Shares(std::span<const Model> applications) : applications_(applications) {
    for (std::size_t i = 0; i < applications.size(); ++i) {
      const Application& a = applications[i].application();
      named_[a.name()].push_back(i);
      first_in_.emplace(a.namespace_(), i);
      for (const Component& c : a.components()) first_with_.emplace(c.name, i);
    }
  }

  // Of one cluster.
  std::vector<Observed> of(const Observed& here) const {
    struct Share {
      std::vector<Value> objects;
      std::vector<InventoryEntry> inventory;
    };
    std::vector<Share> all(applications_.size());
    for (const Value& object : here.objects())
      if (const std::size_t i = labelled(*object); i != kNobody) all[i].objects.push_back(object);
    for (const InventoryEntry& entry : here.inventory()) {
      const Value object = here.find(entry.api_version, entry.kind, entry.namespace_, entry.name);
      if (!object) continue;   // it is gone already
      const bool bare = owner_of(*object).name.empty();
      const std::size_t i = bare ? with_component(entry) : labelled(*object);
      if (i == kNobody) continue;
      all[i].inventory.push_back(entry);
      if (bare) all[i].objects.push_back(object);
    }
    std::vector<Observed> made;
    for (Share& each : all) made.emplace_back(std::move(each.objects), std::move(each.inventory));
    return made;
  }

 private:
  std::size_t labelled(const boost::json::value& object) const {
    const Owner owner = owner_of(object);
    const auto found = named_.find(owner.name);
    if (found == named_.end()) return kNobody;
    const auto own = std::ranges::find_if(found->second, [&](std::size_t i) { return owner.is(applications_[i].application()); });
    return own == found->second.end() ? kNobody : *own;
  }

  // A component that none of them has any more was of one in the same namespace, if any is there: what
  // is left over is told once, with one of them.
  std::size_t with_component(const InventoryEntry& entry) const {
    if (const auto found = first_with_.find(entry.component); found != first_with_.end()) return found->second;
    const auto near = first_in_.find(entry.namespace_);
    return near == first_in_.end() ? 0 : near->second;
  }

  std::span<const Model> applications_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> named_;
  std::unordered_map<std::string_view, std::size_t> first_with_, first_in_;   // by component, by namespace
};

}  // namespace

std::vector<Observed> shares_of(std::span<const Model> applications, const Observed& observed) {
  if (applications.empty()) return {};
  const Shares shares(applications);
  std::vector<Observed> all = shares.of(observed.in(""));
  for (const std::string& cluster : observed.clusters()) {
    const std::vector<Observed> here = shares.of(observed.in(cluster));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = all[i].with_cluster(cluster, here[i]);
  }
  return all;
}

}  // namespace oam::detail
