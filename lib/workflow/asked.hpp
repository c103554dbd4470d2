// What a step may ask of its host, read off its template.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <oam/action.hpp>

namespace oam::detail {

// The actions of the host behind the definitions that the template uses of vela/…,
// in the order of the enum; those that a condition may keep from running too.
std::vector<Action> asked_actions(std::string_view text);

// A definition that a template uses of a package which has none of that name: CUE finds nothing
// there, and the step would go on without it.
struct UnknownDefinition {
  std::string package, name;              // vela/kube, #Aply
  std::vector<std::string_view> known;    // those that it has
};
std::vector<UnknownDefinition> unknown_definitions(std::string_view text);

}  // namespace oam::detail
