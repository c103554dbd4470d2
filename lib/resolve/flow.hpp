// The effective workflow as steps that a plan can order: modes, groups, conditions, what
// each applies or asks.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Fills Model::flow(). Of a workflow that applies each component by itself there is
// nothing to say: dependsOn and data order them.
void resolve_flow(Resolution& shared);

// Tells a `duration` of a suspend that is none.
void check_suspension(const Resolution& shared, const Value& properties, const Place& owner);

}  // namespace oam::detail
