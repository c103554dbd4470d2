#include "plan/delete_hooks.hpp"

#include <algorithm>

#include "graph/select.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

Resource as_resource(const Removal& removal) { return resource_of(removal.entry, removal.observed ? removal.observed : removal.object); }

bool is_at_delete(const Hook& hook) {
  return hook.resource != Hook::kNone && (is_before_delete(hook) || hook.point == HookPoint::after_delete);
}

bool is_of(const Removal& removal, std::uint32_t wanted, const Model& model, const Changes& changes) {
  const Resource* r = changes.wanted[wanted];
  if (removal.wanted != Node::kNone || !r) return removal.wanted == wanted;
  InventoryEntry entry{r->api_version, r->kind, r->namespace_, r->name, {}, {}, {}}, other = removal.entry;
  if (!other.cluster.empty() && other.cluster != changes.cluster_of(wanted, model)) return false;
  other.cluster.clear();
  if (entry.namespace_.empty()) entry.namespace_ = "default";
  if (other.namespace_.empty()) other.namespace_ = "default";
  return entry.key() == other.key();
}

std::vector<std::uint32_t> deletes_around(const Hook& hook, std::uint32_t wanted, const Model& model, const Changes& changes) {
  std::vector<std::uint32_t> all;
  if (!changes.wanted[wanted]) return all;
  const std::string_view cluster = changes.cluster_of(wanted, model);
  const auto is_hooks = [&](const Removal& r) {
    return std::ranges::any_of(model.lifecycle().hooks, [&](const Hook& other) {
      return other.resource != Hook::kNone && r.entry.kind == model.resources()[other.resource].kind && r.entry.name == model.resources()[other.resource].name && r.entry.component == model.resources()[other.resource].component;
    });
  };
  for (std::uint32_t i = 0; i < changes.removals.size(); ++i) {
    const Removal& r = changes.removals[i];
    if (!r.deletes() || r.wanted != Node::kNone || is_hooks(r) || (!r.entry.cluster.empty() && r.entry.cluster != cluster)) continue;
    if (selects(hook.selector, as_resource(r))) all.push_back(i);
  }
  return all;
}

}  // namespace oam::detail
