// Bounds on one evaluation of CUE, so that no text can hang or fill its host. Reaching
// one is an error that names it. A plain value.
#pragma once

#include <cstddef>
#include <cstdint>

namespace oam::cue {

struct Limits {
  std::uint64_t steps = 20'000'000;          // unifications and evaluated expressions
  std::size_t memory = std::size_t{1} << 30;   // bytes
  int depth = 1'000;                         // of nested evaluation
};

}  // namespace oam::cue
