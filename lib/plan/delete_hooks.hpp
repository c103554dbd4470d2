// Hooks at what is deleted.
#pragma once

#include <vector>

#include "graph_data.hpp"
#include "plan/changes.hpp"

namespace oam::detail {

inline bool is_before_delete(const Hook& hook) { return hook.point == HookPoint::before_delete; }

// One that is an object of the application.
bool is_at_delete(const Hook& hook);

// As it was observed, else as it was applied: what selectors ask.
Resource as_resource(const Removal& removal);

// Does the removal concern that object of Changes::wanted?
bool is_of(const Removal& removal, std::uint32_t wanted, const Model& model, const Changes& changes);

// The removals, for good and of no hook, that such a hook comes before or after; `wanted`: its object.
std::vector<std::uint32_t> deletes_around(const Hook& hook, std::uint32_t wanted, const Model& model, const Changes& changes);

}  // namespace oam::detail
