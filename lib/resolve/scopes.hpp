// Scopes of OAM 0.2: one resource each, after all it lists.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

void resolve_scopes(Resolution& shared);

}  // namespace oam::detail
