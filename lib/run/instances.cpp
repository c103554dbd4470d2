// Groups of numbered instances: when so many of one have failed, those that have not begun are
// held until somebody resumes the run.
#include "run/machine.hpp"

#include <algorithm>
#include <iterator>

#include <absl/container/flat_hash_set.h>

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

// Those that are touched, and the hooks that come before them alone: of an instance that is not begun nothing is.
void Machine::index_limits() {
  for (const InstanceLimit& limit : plan_.limits()) {
    if (limit.abort_threshold == 0) continue;
    LimitState group{limit.abort_threshold, 0, 0, {}, limit.name};
    const absl::flat_hash_set<StepIndex> instances(limit.steps.begin(), limit.steps.end());
    std::set<StepIndex> needs;
    for (const StepIndex step : limit.steps) {
      if (steps_[step].action != Step::Action::keep) group.steps.push_back(step);
      for (const Need& need : steps_[step].needs) needs.insert(need.step);
    }
    std::ranges::copy_if(needs, std::back_inserter(group.steps), [&](StepIndex step) { return comes_before(step, [&](StepIndex user) { return instances.contains(user); }); });
    std::ranges::sort(group.steps);
    limit_of_.resize(steps_.size(), kNoLimit);
    for (const StepIndex step : group.steps) limit_of_[step] = static_cast<std::uint32_t>(limits_.size());
    limits_.push_back(std::move(group));
  }
}

// A hook for whose sake nothing waits but what `is`.
template <class Is>
bool Machine::comes_before(StepIndex hook, const Is& is) const {
  const HookRules* rules = steps_[hook].hook.get();
  if (!rules || rules->point > HookPoint::before_healthy || static_cast<int>(rules->point) % 2 != 0) return false;
  return std::ranges::all_of(users(hook), [&](const User& user) { return steps_[user.step].kind == Step::Kind::hook || is(user.step); });
}

// Anew, from the states as they are.
void Machine::count_limits() {
  for (LimitState& group : limits_)
    group.failed = static_cast<std::uint32_t>(std::ranges::count_if(group.steps, [&](StepIndex step) { return progress_[step].state == State::failed; }));
}

}  // namespace oam::detail
