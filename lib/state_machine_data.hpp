// What stands behind a StateMachine for others: its JSON as a tree.
#pragma once

#include <boost/json/value.hpp>

#include <oam/state_machine.hpp>

namespace oam::detail {

boost::json::object state_machine_json(const StateMachine& machine);

}  // namespace oam::detail
