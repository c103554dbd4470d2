// Steps by what people call them, and the ways between them.
#pragma once

#include <optional>
#include <vector>

#include <oam/plan.hpp>

namespace oam::detail {

// A step by its id, or a component by its name: then its last step.
std::optional<std::uint32_t> step_named(const Plan& plan, std::string_view name, Diagnostics& problems);

// The needs on a shortest way from `after` down to `before`; empty: there is none.
std::vector<const Need*> way(const Plan& plan, std::uint32_t after, std::uint32_t before);

}  // namespace oam::detail
