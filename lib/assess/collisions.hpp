// Applications that get into each other's way.
#pragma once

#include <span>

#include <oam/model.hpp>

namespace oam::detail {

// Two of one name in one namespace; two that make one object and do not share it.
void check_collisions(std::span<const Model> applications, Diagnostics& problems);

}  // namespace oam::detail
