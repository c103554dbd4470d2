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

void tell(const Draft& draft, const Place& place, std::string_view list, std::size_t i, std::string_view what, std::string message, std::string hint) {
  draft.problems
      .error(what.starts_with("hook ") ? "hook-selects-nothing" : "selects-nothing", {place.document, join_pointer(place.pointer + "/selector/" + std::string(list), i)}, std::move(message))
      .hint(std::move(hint));
}

std::vector<std::string_view> names_of(const Draft& draft, std::string_view list);

template <class Known>
bool check_list(const Draft& draft, const std::vector<std::string>& list, const Place& place, std::string_view what, std::string_view name, Known&& known) {
  bool fine = true;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (known(list[i])) continue;
    fine = false;
    const std::string one = name == "components" ? "component" : name == "traits" ? "trait" : name == "kinds" ? "kind" : "lane";
    tell(draft, place, name, i, what, std::string(what) + " selects " + one + " \"" + list[i] + "\", which the application has not", did_you_mean(list[i], names_of(draft, name)));
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

namespace {

// A trait that renders nothing acts on its workload: that is then what is meant.
bool is_acted_on(const Draft& draft, const Selector& selector, const Item& item) {
  if (selector.traits.empty() || acting_traits(draft, selector, item).empty()) return false;
  Selector rest = selector;
  rest.traits.clear();
  return selects(rest, draft.resource(item));
}

}  // namespace

std::vector<std::string_view> acting_traits(const Draft& draft, const Selector& selector, const Item& item) {
  std::vector<std::string_view> all;
  const Part& part = draft.parts[item.part];
  if (part.component == kNone || draft.resource(item).role != Resource::Role::workload) return all;
  const auto renders = [&](const std::string& type) {
    return std::ranges::any_of(part.items, [&](std::uint32_t i) { return draft.resource(draft.items[i]).trait == type; });
  };
  for (const Trait& t : draft.model().application().components()[part.component].traits)
    if (has(selector.traits, t.type) && !renders(t.type)) all.push_back(t.type);
  return all;
}

std::vector<std::uint32_t> selected(const Draft& draft, const Selector& selector) {
  std::vector<std::uint32_t> all;
  const auto take = [&](std::uint32_t i) {
    const Item& item = draft.items[i];
    const std::uint32_t lane = draft.data.nodes[item.node].more->lane;
    const std::string_view name = lane == kNone ? std::string_view("core") : std::string_view(draft.model().lifecycle().lanes[lane].name);
    if (!item.apart && has(selector.lanes, name) && (selects(selector, draft.resource(item)) || is_acted_on(draft, selector, item))) all.push_back(i);
  };
  if (selector.components.empty()) {
    for (std::uint32_t i = 0; i < draft.items.size(); ++i) take(i);
    return all;
  }
  std::vector<std::uint32_t> parts;
  for (const std::string& name : selector.components)
    for (const std::uint32_t component : draft.components_named(name))
      for (const std::uint32_t part : draft.parts_of(component)) parts.push_back(part);
  std::ranges::sort(parts);
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  for (const std::uint32_t part : parts)
    for (const std::uint32_t i : draft.parts[part].items) take(i);
  return all;
}

namespace {

// What the application has, to find the name that was meant.
std::vector<std::string_view> names_of(const Draft& draft, std::string_view list) {
  std::vector<std::string_view> names;
  if (list == "components")
    for (const Component& c : draft.model().application().components()) names.push_back(c.name);
  if (list == "traits")
    for (const Component& c : draft.model().application().components())
      for (const Trait& t : c.traits) names.push_back(t.type);
  for (const Item& item : draft.items) {
    const Resource& r = draft.resource(item);
    if (list == "traits" && !r.trait.empty()) names.push_back(r.trait);
    if (list == "kinds") names.push_back(r.kind);
  }
  if (list != "lanes") return names;
  names.push_back("core");
  for (const Lane& lane : draft.model().lifecycle().lanes) names.push_back(lane.name);
  return names;
}

bool has_any(const Draft& draft, const auto& is) {
  return std::ranges::any_of(draft.items, [&](const Item& item) { return is(draft.resource(item)); });
}

}  // namespace

bool check_selector(const Draft& draft, const Selector& s, const Place& place, std::string_view what) {
  const auto component = [&](std::string_view one) { return !draft.components_named(one).empty(); };
  const auto uses = [](std::string_view one) { return [one](const Component& c) { return std::ranges::find(c.traits, one, &Trait::type) != c.traits.end(); }; };
  const auto trait = [&](std::string_view one) {
    return has_any(draft, [&](const Resource& r) { return r.trait == one; }) || std::ranges::any_of(draft.model().application().components(), uses(one));
  };
  const auto kind = [&](std::string_view one) { return has_any(draft, [&](const Resource& r) { return is_kind(r, one); }); };
  const auto lane = [&](std::string_view one) { return one == "core" || std::ranges::find(draft.model().lifecycle().lanes, one, &Lane::name) != draft.model().lifecycle().lanes.end(); };
  bool fine = check_list(draft, s.components, place, what, "components", component);
  if (s.components.empty()) fine = check_list(draft, s.traits, place, what, "traits", trait) && fine;   // else whether they stand together shows it
  fine = check_list(draft, s.kinds, place, what, "kinds", kind) && fine;
  return check_list(draft, s.lanes, place, what, "lanes", lane) && fine;
}

}  // namespace oam::detail
