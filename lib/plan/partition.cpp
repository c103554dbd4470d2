#include "plan/partition.hpp"

#include "graph/ordinals.hpp"
#include "graph/select.hpp"

namespace oam::detail {

void keep_below_partition(const Model& model, Changes& changes) {
  for (const Ordinals& rule : model.lifecycle().ordinals) {
    if (rule.partition == 0) continue;
    for (std::size_t i = 0; i < changes.fates.size(); ++i) {
      const Resource& r = model.resources()[i % model.resources().size()];
      Fate& fate = changes.fates[i];
      if ((fate.action != Step::Action::update && fate.action != Step::Action::replace) || !selects(rule.selector, r)) continue;
      const auto own = numbered(r.name);
      if (!own || own->second >= rule.partition) continue;
      fate = {Step::Action::keep, fate.object, nullptr, fate.stored};
      std::erase_if(changes.removals, [&](const Removal& old) { return old.wanted == i; });
    }
  }
}

}  // namespace oam::detail
