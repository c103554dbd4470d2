#include "graph/select.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace {

bool has(const std::vector<std::string>& all, std::string_view one) {
  return all.empty() || std::ranges::find(all, one) != all.end();
}

bool has_labels(const Selector& selector, const Resource& r) {
  if (selector.labels.empty()) return true;
  const boost::json::value* labels = member(*r.object, "metadata", "labels");
  return labels && std::ranges::all_of(selector.labels, [&](const auto& wanted) {
    const boost::json::value* found = member(*labels, wanted.first);
    return found && found->is_string() && std::string_view(found->get_string()) == wanted.second;
  });
}

void tell(const Draft& draft, const Place& place, std::string_view list, std::size_t i, std::string message, std::string hint) {
  draft.problems
      .error("hook-selects-nothing", {place.document, join_pointer(place.pointer + "/selector/" + std::string(list), i)}, std::move(message))
      .hint(std::move(hint));
}

template <class Known>
bool check_list(const Draft& draft, const std::vector<std::string>& list, const Place& place, std::string_view what, std::string_view name,
                const std::vector<std::string_view>& names, Known&& known) {
  bool fine = true;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (known(list[i])) continue;
    fine = false;
    const std::string one = name == "components" ? "component" : name == "traits" ? "trait" : name == "kinds" ? "kind" : "lane";
    tell(draft, place, name, i, std::string(what) + " selects " + one + " \"" + list[i] + "\", which the application has not", did_you_mean(list[i], names));
  }
  return fine;
}

}  // namespace

bool is_kind(const Resource& r, std::string_view kind) {
  if (kind == r.kind) return true;
  const std::size_t dot = kind.find('.');
  return dot != kind.npos && kind.substr(0, dot) == r.kind && kind.substr(dot + 1) == group_of(r.api_version);
}

bool selects(const Selector& selector, const Resource& r) {
  if (!has(selector.components, r.component) || !has(selector.traits, r.trait)) return false;
  const bool kind = selector.kinds.empty() || std::ranges::any_of(selector.kinds, [&](const std::string& k) { return is_kind(r, k); });
  return kind && has_labels(selector, r);
}

std::vector<std::uint32_t> selected(const Draft& draft, const Selector& selector) {
  std::vector<std::uint32_t> all;
  const auto take = [&](std::uint32_t i) {
    const Item& item = draft.items[i];
    const std::uint32_t lane = draft.data.nodes[item.node].lane;
    const std::string_view name = lane == kNone ? std::string_view("core") : std::string_view(draft.model().lifecycle().lanes[lane].name);
    if (!item.apart && has(selector.lanes, name) && selects(selector, draft.resource(item))) all.push_back(i);
  };
  if (selector.components.empty()) {
    for (std::uint32_t i = 0; i < draft.items.size(); ++i) take(i);
    return all;
  }
  for (const Part& part : draft.parts)
    if (part.component != kNone && has(selector.components, draft.component(part.component)))
      for (const std::uint32_t i : part.items) take(i);
  return all;
}

bool check_selector(const Draft& draft, const Selector& s, const Place& place, std::string_view what) {
  std::vector<std::string_view> components, traits, kinds, lanes{"core"};
  for (const Component& c : draft.model().application().components()) components.push_back(c.name);
  for (const Item& item : draft.items) {
    const Resource& r = draft.resource(item);
    if (!r.trait.empty()) traits.push_back(r.trait);
    kinds.push_back(r.kind);
  }
  for (const Lane& lane : draft.model().lifecycle().lanes) lanes.push_back(lane.name);
  const auto in = [](const std::vector<std::string_view>& names) {
    return [&names](std::string_view one) { return std::ranges::find(names, one) != names.end(); };
  };
  const auto kind = [&](std::string_view one) {
    return std::ranges::any_of(draft.items, [&](const Item& item) { return is_kind(draft.resource(item), one); });
  };
  bool fine = check_list(draft, s.components, place, what, "components", components, in(components));
  fine = check_list(draft, s.traits, place, what, "traits", traits, in(traits)) && fine;
  fine = check_list(draft, s.kinds, place, what, "kinds", kinds, kind) && fine;
  return check_list(draft, s.lanes, place, what, "lanes", lanes, in(lanes)) && fine;
}

}  // namespace oam::detail
