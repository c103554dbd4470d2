// How steps are tried: what the rules of the life cycle say of each object's step, and
// which steps share a pool. Nothing of it orders them.
#include "graph/draft.hpp"

#include <map>

#include "graph/select.hpp"

namespace oam::detail {
namespace {

class Paces {
 public:
  explicit Paces(Draft& draft) : d_(draft), all_(draft.model().lifecycle()), count_(draft.model().placements().size() * draft.model().resources().size()) {}

  void run() {
    if (!all_.paces.empty()) d_.data.paces.resize(count_);
    for (std::uint32_t rule = 0; rule < all_.paces.size(); ++rule) add(rule);
    d_.data.pooled.resize(all_.pools.size());
    for (std::size_t pool = 0; pool < all_.pools.size(); ++pool)
      if (const PoolRule& rule = all_.pools[pool]; rule.selector)
        for (const std::uint32_t i : chosen(*rule.selector, rule.place, "pool \"" + rule.name + '"', false)) d_.data.pooled[pool].push_back(index(i));
  }

 private:
  std::uint32_t index(std::uint32_t item) const {
    return static_cast<std::uint32_t>(d_.parts[d_.items[item].part].placement * d_.model().resources().size() + d_.items[item].resource);
  }

  std::vector<std::uint32_t> chosen(const Selector& selector, const Place& place, const std::string& what, bool may_be_none) {
    if (!may_be_none && !check_selector(d_, selector, place, what)) return {};
    std::vector<std::uint32_t> items = selected(d_, selector);
    if (items.empty() && !may_be_none)
      d_.problems.error("selects-nothing", {place.document, place.pointer + "/selector"}, what + " selects nothing: no object fits all that its selector says");
    return items;
  }

  // Steps of which the same is said share it.
  void add(std::uint32_t rule) {
    const PaceRule& own = all_.paces[rule];
    std::map<std::shared_ptr<const Pace>, std::shared_ptr<const Pace>> made;   // by what was said before
    for (const std::uint32_t i : chosen(own.selector, own.place, "the pace of steps", own.by_definition)) {
      std::shared_ptr<const Pace>& at = d_.data.paces[index(i)];
      std::shared_ptr<const Pace>& now = made[at];
      if (!now) {
        Pace both = at ? *at : Pace();
        both.take(own.pace);
        now = std::make_shared<Pace>(both);
      }
      at = now;
    }
  }

  Draft& d_;
  const Lifecycle& all_;
  std::size_t count_;
};

}  // namespace

void add_paces(Draft& draft) {
  const Lifecycle& all = draft.model().lifecycle();
  if (!all.paces.empty() || !all.pools.empty()) Paces(draft).run();
}

}  // namespace oam::detail
