// Groups of numbered instances: when so many of one have failed, those that have not begun are
// held until somebody resumes the run.
#include "run/machine.hpp"

#include <algorithm>

#include <absl/container/flat_hash_set.h>

namespace oam::detail {

bool Machine::is_halted(StepIndex step) const {
  if (limit_of_.empty() || limit_of_[step].group == kNoLimit || limit_of_[step].behind) return false;
  const Progress& at = progress_[step];
  return at.attempt == 0 && !at.approved && is_halted(limits_[limit_of_[step].group]);
}

std::string Machine::halt_message(StepIndex step) const {
  const LimitState& group = limits_[limit_of_[step].group];
  return std::to_string(group.failed) + (group.failed == 1 ? " instance of " : " instances of ") + std::string(group.name) + (group.failed == 1 ? " has failed" : " have failed");
}

// An instance has failed when its own step has, or a hook of it whose failure matters.
void Machine::weigh_limit(StepIndex step, State from, State to) {
  if (limit_of_.empty() || limit_of_[step].group == kNoLimit || is_ignored(step)) return;
  LimitState& group = limits_[limit_of_[step].group];
  std::uint32_t& bad = group.bad[limit_of_[step].instance];
  if (to == State::failed) group.failed += bad++ == 0;
  if (from == State::failed) group.failed -= --bad == 0;
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
  for (const InstanceLimit& limit : plan_.limits())
    if (limit.abort_threshold > 0) index_limit(limit);
}

// Those that are touched, and the hooks that come before them alone: of an instance that is not begun nothing is.
// The hooks that come after them alone say whether they have failed.
void Machine::index_limit(const InstanceLimit& limit) {
  LimitState group{limit.abort_threshold, 0, 0, {}, limit.name, std::vector<std::uint32_t>(limit.steps.size())};
  const auto number = static_cast<std::uint32_t>(limits_.size());
  const absl::flat_hash_set<StepIndex> instances(limit.steps.begin(), limit.steps.end());
  const auto is_one = [&](StepIndex step) { return instances.contains(step); };
  limit_of_.resize(steps_.size());
  const auto take = [&](StepIndex step, std::uint32_t instance, bool behind) {
    if (limit_of_[step].group == number) return;
    limit_of_[step] = {number, instance, behind};
    if (!behind) group.steps.push_back(step);
  };
  for (std::uint32_t i = 0; i < limit.steps.size(); ++i) {
    const StepIndex step = limit.steps[i];
    if (steps_[step].action != Step::Action::keep) take(step, i, false);
    for (const Need& need : steps_[step].needs)
      if (comes_before(need.step, is_one)) take(need.step, i, false);
    for (const User& user : users(step))
      if (comes_after(user.step, is_one)) take(user.step, i, true);
  }
  std::ranges::sort(group.steps);
  limits_.push_back(std::move(group));
}

// A hook for whose sake nothing waits but what `is`, and other hooks.
template <class Is>
bool Machine::comes_before(StepIndex hook, const Is& is) const {
  const HookRules* rules = steps_[hook].more->hook.get();
  if (!rules || rules->point > HookPoint::before_healthy || static_cast<int>(rules->point) % 2 != 0) return false;
  return std::ranges::all_of(users(hook), [&](const User& user) { return steps_[user.step].kind == Step::Kind::hook || steps_[user.step].more->hook || is(user.step); });
}

// A hook that waits for nothing but what `is`.
template <class Is>
bool Machine::comes_after(StepIndex hook, const Is& is) const {
  const HookRules* rules = steps_[hook].more->hook.get();
  if (!rules || rules->point > HookPoint::after_healthy || static_cast<int>(rules->point) % 2 == 0) return false;
  return std::ranges::all_of(steps_[hook].needs, [&](const Need& need) { return steps_[need.step].kind != Step::Kind::apply || steps_[need.step].more->hook || is(need.step); });
}

// Anew, from the states as they are.
void Machine::count_limits() {
  for (LimitState& group : limits_) group.failed = 0, std::ranges::fill(group.bad, 0);
  for (StepIndex step = 0; step < limit_of_.size(); ++step)
    if (const LimitPlace at = limit_of_[step]; at.group != kNoLimit && progress_[step].state == State::failed && !is_ignored(step))
      limits_[at.group].failed += limits_[at.group].bad[at.instance]++ == 0;
}

}  // namespace oam::detail
