#include "plan/policy_rules.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "support/json.hpp"

namespace oam::detail {

namespace {

using boost::json::value;

std::string_view label(const value& object, std::string_view name) { return text_at(object, "metadata", "labels", name); }

// What each list of a selector is compared with.
std::string_view asked(std::string_view list, const value& object) {
  if (list == "componentNames") return label(object, "app.oam.dev/component");
  if (list == "componentTypes") return label(object, "workload.oam.dev/type");
  if (list == "oamTypes") return label(object, "app.oam.dev/resourceType");
  if (list == "traitTypes") return label(object, "trait.oam.dev/type");
  if (list == "resourceTypes") return text_at(object, "kind");
  if (list == "resourceNames") return text_at(object, "metadata", "name");
  return {};
}

bool holds(const boost::json::array& list, std::string_view text) {
  return !text.empty() && std::ranges::any_of(list, [&](const value& item) {
    return item.is_string() && (item.get_string() == text || (text == "WORKLOAD" && item.get_string() == "COMPONENT"));
  });
}

// All lists that hold something must fit; a selector without any fits nothing.
bool fits(const value* selector, const value& object) {
  if (!selector || !selector->is_object()) return false;
  bool any = false;
  for (const auto& field : selector->get_object()) {
    if (!field.value().is_array() || field.value().get_array().empty()) continue;
    if (!holds(field.value().get_array(), asked({field.key().data(), field.key().size()}, object))) return false;
    any = true;
  }
  return any;
}

}  // namespace

bool PolicyRules::knows(std::string_view type) {
  constexpr std::string_view kTypes[] = {"apply-once", "garbage-collect", "read-only", "resource-update", "shared-resource", "take-over"};
  return std::ranges::find(kTypes, type) != std::end(kTypes);
}

PolicyRule PolicyRules::find(std::string_view type, const value& object) const {
  for (const Policy& policy : policies_) {
    const value* rules = policy.type == type && policy.properties ? member(*policy.properties, "rules") : nullptr;
    if (!rules || !rules->is_array()) continue;
    for (const value& rule : rules->get_array())
      if (fits(member(rule, "selector"), object)) return {policy.name, &rule};
  }
  return {};
}

std::string_view PolicyRules::set_by(std::string_view type, std::string_view property) const {
  for (const Policy& policy : policies_) {
    const value* found = policy.type == type && policy.properties ? member(*policy.properties, property) : nullptr;
    if (found && found->is_bool() && found->get_bool()) return policy.name;
  }
  return {};
}

}  // namespace oam::detail
