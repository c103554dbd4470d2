// The states and transitions in spec.extension.lifecycle of a definition.
#pragma once

#include <oam/state_machine.hpp>

#include "resolve/section.hpp"

namespace oam::detail {

// Nothing, and why told: it is none that an object could follow.
std::optional<StateMachine> read_state_machine(const Section& lifecycle, std::string name, Problems& problems);

}  // namespace oam::detail
