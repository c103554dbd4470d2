// Instances below a partition stay as they are while others are updated.
#pragma once

#include "plan/changes.hpp"

namespace oam::detail {

void keep_below_partition(const Model& model, Changes& changes);

}  // namespace oam::detail
