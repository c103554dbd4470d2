// Steps by what people call them, and the ways between them.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/plan.hpp>

namespace oam::detail {

// How its id begins: web of component web, web@east of its placement there.
inline std::string_view stem(const Step& s) { return s.id.view().substr(0, s.id.view().find('/')); }

// A step by its id, or a component, or one placement of it, by its name: the step that applies its workload first, then
// those that apply its other objects, then the rest of its steps, the last of each first. Empty:
// there is none, and that is told.
std::vector<std::uint32_t> steps_named(const Plan& plan, std::string_view name, Diagnostics& problems);

// The first of them.
std::optional<std::uint32_t> step_named(const Plan& plan, std::string_view name, Diagnostics& problems);

// Of each name a step; of components two that are ordered, if any are.
std::optional<std::pair<std::uint32_t, std::uint32_t>> steps_named(const Plan& plan, std::string_view after, std::string_view before, Diagnostics& problems);

// The needs on a shortest way from `after` down to `before`; empty: there is none.
std::vector<const Need*> way(const Plan& plan, std::uint32_t after, std::uint32_t before);

}  // namespace oam::detail
