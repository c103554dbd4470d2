// What was asked for and has no effect, a slip perhaps, is told on standard error.
#pragma once

#include <oam/simulate.hpp>

#include "command.hpp"

namespace oam::cli {

void tell_idle_pools(const Plan& plan, const RunOptions& options);   // keys that name no step
void tell_idle_faults(const Plan& plan, const SimulateOptions& options);
void tell_idle_options(const Run& run, const RunOptions& said);      // of a run that goes on as it was opened

}  // namespace oam::cli
