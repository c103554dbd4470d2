#include <iostream>

#include "command.hpp"

namespace oam::cli {

int run(Command& command) { return plan(command); }

}  // namespace oam::cli
