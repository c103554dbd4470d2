// What stands behind a Simulation.
#pragma once

#include <oam/simulate.hpp>

namespace oam {

struct Simulation::Data {
  Plan plan;
  std::vector<SimulatedStep> steps;
  Done done;
  Time took = 0, work = 0, waited = 0;
  std::optional<Time> core_ready;
  std::size_t peak = 0;
  std::uint32_t parallel = 0;
  std::vector<std::uint32_t> critical_path;
  std::vector<Fault> faults;
};

}  // namespace oam
