// Groups of numbered instances: when so many of one have failed, those that have not begun are
// held until somebody resumes the run.
#include "run/machine.hpp"

#include <algorithm>

namespace oam::detail {

bool Machine::is_halted(StepIndex step) const {
  if (limit_of_.empty() || limit_of_[step] == kNoLimit) return false;
  const Progress& at = progress_[step];
  return at.attempt == 0 && !at.approved && is_halted(limits_[limit_of_[step]]);
}

std::string Machine::halt_message(StepIndex step) const {
  const LimitState& group = limits_[limit_of_[step]];
  return std::to_string(group.failed) + (group.failed == 1 ? " instance of " : " instances of ") + std::string(group.name) + (group.failed == 1 ? " has failed" : " have failed");
}

void Machine::weigh_limit(StepIndex step, State from, State to) {
  if (limit_of_.empty() || limit_of_[step] == kNoLimit) return;
  LimitState& group = limits_[limit_of_[step]];
  group.failed += to == State::failed;
  group.failed -= from == State::failed;
  group.pardoned = std::min(group.pardoned, group.failed);
  fresh_failures_ |= to == State::failed;
}

// Those whose turn has come already.
void Machine::halt_instances() {
  if (!std::exchange(fresh_failures_, false) || cancelling_) return;
  for (const LimitState& group : limits_) {
    if (!is_halted(group)) continue;
    for (const StepIndex step : group.steps)
      if (progress_[step].state == State::ready && is_halted(step)) hold(step, Hold::halted, halt_message(step));
  }
}

bool Machine::has_halted() const {
  return std::ranges::any_of(limits_, [&](const LimitState& group) {
    return is_halted(group) || std::ranges::any_of(group.steps, [&](StepIndex step) { return progress_[step].hold == Hold::halted; });
  });
}

void Machine::release_instances() {
  for (LimitState& group : limits_) {
    if (is_halted(group)) group.pardoned = group.failed;
    for (const StepIndex step : group.steps) {
      if (progress_[step].hold != Hold::halted) continue;
      messages_.erase(step);
      if (move(step, Signal::approve)) prepare(step);
    }
  }
  if (!limits_.empty()) drain();
}

void Machine::index_limits() {
  for (const InstanceLimit& limit : plan_.limits()) {
    if (limit.abort_threshold == 0) continue;
    limit_of_.resize(steps_.size(), kNoLimit);
    for (const StepIndex step : limit.steps) limit_of_[step] = static_cast<std::uint32_t>(limits_.size());
    limits_.push_back({limit.abort_threshold, 0, 0, limit.steps, limit.name});
  }
}

// Anew, from the states as they are.
void Machine::count_limits() {
  for (LimitState& group : limits_)
    group.failed = static_cast<std::uint32_t>(std::ranges::count_if(group.steps, [&](StepIndex step) { return progress_[step].state == State::failed; }));
}

}  // namespace oam::detail
