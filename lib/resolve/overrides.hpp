// Policies of type override: changes to components before they are rendered.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// What a policy says of the properties of a component or trait.
struct OverrideChange {
  std::string component, trait;   // trait empty: the component's own
  std::string policy;
  Value properties;
  Place place;                    // of the properties in the policy
};

// `*` stands for any part of a name; all else for itself.
bool matches(std::string_view pattern, std::string_view name);

// Changes those components that the policy names, adds new ones, keeps those it selects.
void apply_override(const Resolution& shared, const Policy& p, std::vector<Component>& all, std::vector<OverrideChange>& changes);

// Tells each name in the `selector` of a policy that no component has, of the application or of `all`.
void check_selected(const Resolution& shared, const Policy& p, const std::vector<Component>& all);

}  // namespace oam::detail
