// What objects show of themselves in the cluster in memory, as --statuses FILE says.
#pragma once

#include <vector>

#include <oam/hosts/memory.hpp>

#include "command.hpp"

namespace oam::cli {

// What is wrong in the file is told among the problems of the command.
std::vector<hosts::Shown> read_statuses(const Plan& plan, Command& command);

}  // namespace oam::cli
