// What a Run must do, so slow and simple that it is obviously right: one host
// that takes one task at a time, and a look at every step before each.
#pragma once

#include <oam/run.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace oam::tests {

using Script = std::vector<Outcome::Result>;   // of one step; then success

struct NaiveRun {
  const Plan& plan;
  const std::vector<Script>& scripts;
  RunOptions options;
  std::vector<State> states = std::vector<State>(plan.steps().size(), State::waiting);
  std::vector<std::size_t> tries = std::vector<std::size_t>(plan.steps().size(), 0);
  std::vector<Time> due = std::vector<Time>(plan.steps().size(), 0);
  Time now = 0;
  std::string log = {};   // a#1 b#1 a#2 …

  static bool is_hard(const Need& need) { return need.kind == Edge::Kind::requires_ || need.kind == Edge::Kind::data; }

  bool is_blocked(const Step& step) const {
    return std::ranges::any_of(step.needs, [&](const Need& need) { return is_hard(need) && is_bad_end(states[need.step]); });
  }

  // A rescue, and nobody to be rescued.
  bool is_idle(const Step& step) const {
    const auto failed = [&](const Need& need) { return states[need.step] == State::failed || states[need.step] == State::blocked; };
    return step.more->hook && step.more->hook->point == HookPoint::on_failure && std::ranges::none_of(step.needs, failed);
  }

  bool may_start(const Step& step) const {
    return std::ranges::all_of(step.needs, [&](const Need& need) { return is_end(states[need.step]); });
  }

  void perform(std::size_t i) {
    const Script& script = scripts[i];
    const Outcome::Result result = tries[i] < script.size() ? script[tries[i]] : Outcome::Result::succeeded;
    log += plan.steps()[i].id + "#" + std::to_string(++tries[i]) + " ";
    const bool again = result == Outcome::Result::retry || result == Outcome::Result::unknown;
    if (result == Outcome::Result::unknown && plan.steps()[i].class_ == Step::Class::once) states[i] = State::held;
    else if (result == Outcome::Result::succeeded) states[i] = State::succeeded;
    else if (again && tries[i] < options.attempts) due[i] = now + (options.backoff << (tries[i] - 1));
    else states[i] = plan.steps()[i].more->hook && plan.steps()[i].more->hook->on_failure == FailureRule::hold ? State::held : State::failed;
  }

  // False: nothing left to do.
  bool step() {
    Time next = INT64_MAX;
    for (std::size_t i = 0; i < states.size(); ++i)
      if (states[i] == State::waiting && is_blocked(plan.steps()[i])) states[i] = State::blocked;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (states[i] != State::waiting || !may_start(plan.steps()[i])) continue;
      if (tries[i] == 0 && is_idle(plan.steps()[i])) return states[i] = State::skipped, true;
      if (due[i] <= now) return perform(i), true;
      next = std::min(next, due[i]);
    }
    if (next == INT64_MAX) return false;
    now = next;
    return true;
  }
};

}  // namespace oam::tests
