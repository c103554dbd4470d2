// What all events of a run share.
#pragma once

#include <oam/run.hpp>

namespace oam {

struct Event::Origin {
  std::string run;
  Plan plan;
};

}  // namespace oam
