// Decisions of people: cancel, retry, skip, accept; and what they bring back to
// life. A need that was counted as ended may stop being so here, therefore all
// that wait for what has been reopened count their needs anew.
#include "run/machine.hpp"

#include <algorithm>

namespace oam::detail {

void Machine::cancel() {
  cancelling_ = true;
  for (StepIndex step = 0; step < steps_.size(); ++step)
    if (!progress_[step].in_flight) move(step, Signal::cancel);
  drain();
}

bool Machine::decide(StepIndex step, Command command) {
  const Signal signal = command == Command::retry  ? Signal::retry
                        : command == Command::skip ? Signal::skip
                                                   : Signal::accept;
  if (!move(step, signal)) return false;
  Progress& at = progress_[step];
  if (std::exchange(at.in_flight, false)) --in_flight_;
  at.cause = kNoStep;
  messages_.erase(step);
  drain();
  std::vector<StepIndex> roots{step};
  if (command == Command::retry) {
    cancelling_ = false;
    ++at.group;
    at.tried = 0;
    std::ranges::copy(look_again(step), std::back_inserter(roots));
  }
  reopen(std::move(roots));
  drain();
  return true;
}

// Those whose output this step lacks are looked at once more.
std::vector<StepIndex> Machine::look_again(StepIndex step) {
  std::vector<StepIndex> asked;
  for (const Reader& reader : inputs(step)) {
    if (reader.from == Fill::kLiteral) continue;
    const Fill& fill = steps_[reader.applied].inputs[reader.input].fill;
    if (output(reader.from, fill.output)) continue;
    progress_[reader.from].unchanged = progress_[reader.from].state == State::no_change;
    if (steps_[reader.from].kind != Step::Kind::apply) continue;
    const State before = progress_[reader.from].state;
    start_settling(reader.from, Signal::look_again, 0);
    if (progress_[reader.from].state == before) continue;
    asked.push_back(reader.from);
  }
  advance(now_);
  return asked;
}

// Brings back what the roots had blocked, and lets everything that waits for
// any of it count again: first all counts, then all moves, so that no end is
// counted twice.
void Machine::reopen(std::vector<StepIndex> roots) {
  std::vector<StepIndex> waiting;
  while (!roots.empty()) {
    const StepIndex step = roots.back();
    roots.pop_back();
    if (progress_[step].state == State::waiting) waiting.push_back(step);
    for (const User& user : users(step)) {
      if (progress_[user.step].state == State::waiting) waiting.push_back(user.step);
      if (!user.hard || !move(user.step, Signal::reopen)) continue;
      progress_[user.step].cause = kNoStep;
      roots.push_back(user.step);
    }
  }
  std::ranges::sort(waiting);
  waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
  for (const StepIndex step : waiting) count_open(step);
  for (const StepIndex step : waiting) weigh(step);
}

void Machine::count_open(StepIndex step) {
  progress_[step].open = static_cast<std::uint32_t>(std::ranges::count_if(
      steps_[step].needs, [&](const Need& need) { return !is_end(progress_[need.step].state); }));
}

void Machine::weigh(StepIndex step) {
  Progress& at = progress_[step];
  for (const Need& need : steps_[step].needs) {
    const Progress& other = progress_[need.step];
    const bool hard = need.kind == Edge::Kind::requires_ || need.kind == Edge::Kind::data;
    if (!hard || !is_bad_end(other.state)) continue;
    at.cause = other.cause == kNoStep ? need.step : other.cause;
    move(step, Signal::need_failed);
    return;
  }
  if (at.open == 0 && move(step, Signal::needs_met)) prepare(step);
}

}  // namespace oam::detail
