#include "resolve/overrides.hpp"

#include <algorithm>

#include <absl/strings/str_replace.h>
#include <re2/re2.h>

#include <oam/json.hpp>

#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// Maps come together; an empty one changes nothing that is there. All else replaces.
void override_with(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) {
    json::value* there = into.if_contains(key);
    if (there && there->is_object() && value.is_object()) override_with(there->get_object(), value.get_object());
    else if (!there || !value.is_object() || !value.get_object().empty()) into[key] = value;
  }
}

Value merged(const Value& base, const json::value* change) {
  if (!change || !change->is_object()) return base;
  json::value made = base && base->is_object() ? *base : json::value(json::object());
  override_with(made.get_object(), change->get_object());
  return share(std::move(made));
}

bool is_true(const json::value* value) { return value && value->is_bool() && value->get_bool(); }

// One entry of a policy's components.
struct Entry {
  const Policy& policy;
  const json::value& change;
  Place place;
};

void note_change(const Entry& e, const Component& c, const std::string& trait, const json::value& change, const Place& place,
                 std::vector<OverrideChange>& changes) {
  const json::value* properties = member(change, "properties");
  if (!properties || !properties->is_object()) return;
  changes.push_back({c.name, trait, e.policy.name, Value(e.policy.properties, properties), {place.document, place.pointer + "/properties"}});
}

void forget_changes(const std::string& component, const std::string& trait, std::vector<OverrideChange>& changes) {
  std::erase_if(changes, [&](const OverrideChange& each) { return each.component == component && each.trait == trait; });
}

void override_traits(Component& c, const Entry& e, std::vector<OverrideChange>& changes) {
  const json::value* traits = member(e.change, "traits");
  if (!traits || !traits->is_array()) return;
  std::size_t i = 0;
  for (const json::value& each : traits->get_array()) {
    const Place place{e.place.document, join_pointer(e.place.pointer + "/traits", i++)};
    const std::string type(text_at(each, "type"));
    const auto found = std::ranges::find(c.traits, type, &Trait::type);
    if (is_true(member(each, "disable"))) {
      forget_changes(c.name, type, changes);
      if (found != c.traits.end()) c.traits.erase(found);
      continue;
    }
    note_change(e, c, type, each, place, changes);
    if (found != c.traits.end()) {
      found->properties = merged(found->properties, member(each, "properties"));
      continue;
    }
    Trait& added = c.traits.emplace_back();
    added.type = type;
    added.properties = merged({}, member(each, "properties"));
    added.place = place;
  }
}

void override_component(Component& c, const Entry& e, std::vector<OverrideChange>& changes) {
  const std::string_view type = text_at(e.change, "type"), revision = text_at(e.change, "externalRevision");
  if (!type.empty() && c.type != type) {   // another type: another component in its place
    Component other;
    other.name = c.name;
    other.type = type;
    other.place = e.place;
    c = std::move(other);
    std::erase_if(changes, [&](const OverrideChange& each) { return each.component == c.name; });
  }
  if (!revision.empty()) c.external_revision = revision;
  c.properties = merged(c.properties, member(e.change, "properties"));
  note_change(e, c, {}, e.change, e.place, changes);
  override_traits(c, e, changes);
}

// KubeVela takes the name for a regular expression, with .* for *, and looks for it anywhere
// in that of a component: `web` changes web-2 too.
bool matches_as_kubevela(const Resolution& shared, const Entry& e, std::string_view name, const std::string& component) {
  if (!shared.lenient) return false;
  const RE2 pattern(absl::StrReplaceAll(std::string(name), {{"*", ".*"}}), RE2::Quiet);
  if (!pattern.ok() || !RE2::PartialMatch(component, pattern)) return false;
  shared.problems.warning("loose-override", {e.place.document, e.place.pointer + "/name"},
                          "\"" + std::string(name) + "\" overrides component \"" + std::string(component) + "\" too, as KubeVela does it")
      .hint("without --lenient a name stands for itself and * for any part of one");
  return true;
}

std::vector<std::string_view> types_of(const std::vector<Component>& all) {
  std::vector<std::string_view> types;
  for (const Component& c : all) types.push_back(c.type);
  return types;
}

bool concerns(const Entry& e, const Component& c) {
  const std::string_view name = text_at(e.change, "name"), type = text_at(e.change, "type");
  return name.empty() ? type.empty() || c.type == type : matches(name, c.name);
}

// An entry that says nothing but which components it is about. With a type and a name it may
// make another component of one, or a new one.
void check_changes(const Resolution& shared, const Entry& e) {
  if (!e.change.is_object()) return;
  const bool replaces = !text_at(e.change, "name").empty() && !text_at(e.change, "type").empty();
  const auto says = [](const auto& each) { return each.key() != "name" && each.key() != "type"; };
  if (!replaces && std::ranges::none_of(e.change.get_object(), says))
    shared.problems.warning("unused-policy", e.place, "this overrides nothing: it has neither properties nor traits");
}

// Traits that are taken away, and that no component has which the entry is about.
void check_disabled(const Resolution& shared, const Entry& e, const std::vector<Component>& all) {
  const json::value* traits = member(e.change, "traits");
  for (std::size_t i = 0; traits && traits->is_array() && i < traits->get_array().size(); ++i) {
    const json::value& each = traits->get_array()[i];
    const std::string_view type = text_at(each, "type");
    if (!is_true(member(each, "disable")) || type.empty()) continue;
    std::vector<std::string_view> there;
    for (const Component& c : all)
      if (concerns(e, c))
        for (const Trait& t : c.traits) there.push_back(t.type);
    if (std::ranges::find(there, type) == there.end())
      shared.problems.warning("unused-policy", {e.place.document, join_pointer(e.place.pointer + "/traits", i)}, "no component that this overrides has a trait \"" + std::string(type) + "\" to take away")
          .hint(did_you_mean(type, there));
  }
}

// One entry of an override onto the components that it names.
void override_components(const Resolution& shared, const Entry& e, std::vector<Component>& all, std::vector<OverrideChange>& changes) {
  const json::value& change = e.change;
  const std::string_view name = text_at(change, "name"), type = text_at(change, "type");
  bool found = false;
  check_changes(shared, e);
  check_disabled(shared, e, all);
  for (Component& c : all) {
    if (!name.empty() && !matches(name, c.name) && !matches_as_kubevela(shared, e, name, c.name)) continue;
    if (name.empty() && !type.empty() && c.type != type) continue;
    found = true;
    override_component(c, e, changes);
  }
  if (!found && name.empty())
    shared.problems.warning("unused-policy", e.place, type.empty() ? "this overrides nothing: there are no components" : "this overrides nothing: no component is of type \"" + std::string(type) + '"')
        .hint(did_you_mean(type, types_of(all)));
  if (found || name.empty()) return;
  const bool is_name = std::ranges::any_of(name, [](char c) { return c >= 'a' && c <= 'z'; });   // as KubeVela sees it
  if (type.empty() || (shared.lenient ? !is_name : name.find('*') != name.npos)) {
    shared.problems.strict(shared.lenient, "unknown-component", e.place,
                           "there is no component \"" + std::string(name) + "\" to override");
    return;
  }
  Component& added = all.emplace_back();
  added.name = name;
  added.type = type;
  added.place = e.place;
  override_component(added, e, changes);
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  name.remove_prefix(star);
  for (std::size_t skip = 0; skip <= name.size(); ++skip)
    if (matches(pattern.substr(star + 1), name.substr(skip))) return true;
  return false;
}

// Nothing selected deploys nothing, which may be meant; a name of nothing is a slip.
void check_selected(const Resolution& shared, const Policy& p, const std::vector<Component>& all) {
  const json::value* written = p.properties ? member(*p.properties, "selector") : nullptr;
  if (!written || !written->is_array()) return;
  const json::array& selector = written->get_array();
  std::vector<std::string_view> known;
  for (const auto* list : {&shared.app.components, &all})
    for (const Component& c : *list) known.push_back(c.name);
  for (std::size_t i = 0; i < selector.size(); ++i) {
    const std::string name = selector[i].is_string() ? std::string(selector[i].get_string()) : std::string();
    if (name.empty() || std::ranges::any_of(known, [&](std::string_view each) { return matches(name, each); })) continue;
    shared.problems.strict(shared.lenient, "unknown-component", {p.place.document, join_pointer(p.place.pointer + "/properties/selector", i)}, "policy \"" + p.name + "\" selects component \"" + name + "\", which does not exist")
        .hint(did_you_mean(name, known));
  }
}

void apply_override(const Resolution& shared, const Policy& p, std::vector<Component>& all, std::vector<OverrideChange>& changes) {
  const json::value* components = p.properties ? member(*p.properties, "components") : nullptr;
  const json::value* selector = p.properties ? member(*p.properties, "selector") : nullptr;
  const bool none = !components || (components->is_array() && components->get_array().empty());
  if (none && !selector) shared.problems.warning("unused-policy", p.place, "policy \"" + p.name + "\" changes nothing: it has neither components nor a selector");
  if (components && components->is_array()) {
    std::size_t i = 0;
    for (const json::value& each : components->get_array()) {
      const Place at{p.place.document, join_pointer(p.place.pointer + "/properties/components", i++)};
      const json::value* properties = member(each, "properties");
      if (properties && !properties->is_object() && !properties->is_null())
        shared.problems.error("wrong-type", {at.document, at.pointer + "/properties"}, "properties of an override are an object");
      override_components(shared, {p, each, at}, all, changes);
    }
  }
  if (!selector || !selector->is_array()) return;
  check_selected(shared, p, all);
  std::erase_if(all, [&](const Component& c) {
    const auto names = [&](const json::value& each) { return each.is_string() && matches(std::string_view(each.get_string()), c.name); };
    return std::ranges::none_of(selector->get_array(), names);
  });
}

}  // namespace oam::detail
