#include "resolve/policy_uses.hpp"

#include <algorithm>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// Steps name policies in several ways: policies, policy, topology. Those of other people may have more.
bool names_it(const json::value& value, std::string_view name) {
  if (value.is_string()) return std::string_view(value.get_string()) == name;
  if (value.is_array()) return std::ranges::any_of(value.get_array(), [&](const json::value& each) { return names_it(each, name); });
  return value.is_object() && std::ranges::any_of(value.get_object(), [&](const auto& each) { return names_it(each.value(), name); });
}

bool is_named(const json::array& steps, std::string_view name) {
  return std::ranges::any_of(steps, [&](const json::value& step) {
    const json::value *properties = member(step, "properties"), *inner = member(step, "subSteps");
    return (properties && names_it(*properties, name)) || (inner && inner->is_array() && is_named(inner->get_array(), name));
  });
}

}  // namespace

void check_policy_uses(const Resolution& shared) {
  for (const Policy& p : shared.app.policies) {
    const Place type{p.place.document, p.place.pointer + "/type"};
    const bool deploys = p.type == "override" || p.type == "topology" || p.type == "replication";
    if (deploys && !is_named(shared.model->workflow->get_array(), p.name))
      shared.problems.warning("unused-policy", p.place, "no step of the workflow names policy \"" + p.name + "\" of type " + p.type + ": it does nothing")
          .hint("a step of type deploy names its policies: properties: {policies: [" + p.name + "]}");
    if (p.type == "env-binding" || p.type == "envbinding")
      shared.problems.warning("legacy-policy", type, "what policy \"" + p.name + "\" says of environments is not worked out here: components are rendered as they are")
          .hint("write a topology and an override for each environment, and a deploy step that names them");
  }
}

}  // namespace oam::detail
