#include "run/step_names.hpp"

namespace oam::detail {

StepNames::StepNames(std::span<const Step> steps) : all_(0, Hash{steps.data()}, Same{steps.data()}) {
  expected_.fill(Node::kNone);
  all_.reserve(steps.size());
  for (StepIndex i = 0; i < steps.size(); ++i) all_.insert(i);
}

StepIndex StepNames::find(std::string_view id) const {
  const std::size_t hash = all_.hash_function()(id);
  const StepIndex expected = expected_[hash % expected_.size()];
  if (expected != Node::kNone && all_.key_eq()(expected, id)) return expected;
  const auto found = all_.find(id, hash);
  return found == all_.end() ? Node::kNone : *found;
}

void StepNames::expect(StepIndex step) { expected_[all_.hash_function()(step) % expected_.size()] = step; }

}  // namespace oam::detail
