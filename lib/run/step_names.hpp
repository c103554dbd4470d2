// Steps of a plan by their id.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>

#include <oam/plan.hpp>

#include <absl/container/flat_hash_set.h>

namespace oam::detail {

using StepIndex = std::uint32_t;

// A table of indices: five bytes a step stay in the cache where a table of texts would not.
class StepNames {
 public:
  explicit StepNames(std::span<const Step> steps);   // which must outlive it
  StepIndex find(std::string_view id) const;         // Node::kNone: there is none
  void expect(StepIndex step);                       // to be asked for soon: it is looked at first

 private:
  struct Hash {
    using is_transparent = void;
    const Step* steps;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
    std::size_t operator()(StepIndex step) const { return (*this)(steps[step].id); }
  };
  struct Same {
    using is_transparent = void;
    const Step* steps;
    bool operator()(StepIndex step, std::string_view id) const { return steps[step].id == id; }
    bool operator()(StepIndex step, StepIndex other) const { return steps[step].id == steps[other].id; }
  };
  absl::flat_hash_set<StepIndex, Hash, Same> all_;
  std::array<StepIndex, 256> expected_;   // by hash, the newest of each
};

}  // namespace oam::detail
