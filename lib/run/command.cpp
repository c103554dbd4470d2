// Decisions of people: cancel, retry, skip, accept; and what they bring back to
// life. A need that was counted as ended may stop being so here, therefore all
// that wait for what has been reopened count their needs anew.
#include "run/machine.hpp"

#include <algorithm>

namespace oam::detail {

void Machine::cancel() {
  begin_nothing();
  drain();
}

// But for the hooks that run however it ends.
void Machine::begin_nothing() {
  cancelling_ = true;
  for (StepIndex step = 0; step < steps_.size(); ++step)
    if (!progress_[step].in_flight && !is_last(step)) move(step, Signal::cancel);
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
  if (steps_[step].hook && steps_[step].hook->on_failure == FailureRule::rollback) roll_back_ = false;
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
    if (look_again_at(reader.from)) asked.push_back(reader.from);
  }
  advance(now_);
  return asked;
}

bool Machine::look_again_at(StepIndex from) {
  const State before = progress_[from].state;
  if (steps_[from].kind != Step::Kind::apply) return false;
  progress_[from].unchanged = before == State::no_change;
  start_settling(from, Signal::look_again, 0);
  return progress_[from].state != before;
}

// Steps whose outputs records and checkpoints do not hold, while somebody still needs
// them: they are looked at once more.
std::vector<StepIndex> Machine::forgotten() const {
  std::vector<StepIndex> steps;
  for (const auto& [step, outputs] : outputs_) {
    if (!progress_[step].secret || !is_end(progress_[step].state) || is_bad_end(progress_[step].state)) continue;
    const auto& values = outputs;
    const bool needed = std::ranges::any_of(readers(step), [&](const Reader& reader) {
      const auto found = values.find(steps_[reader.applied].inputs[reader.input].fill.output);
      return found != values.end() && !found->second && !is_end(progress_[reader.applied].state);
    });
    if (needed) steps.push_back(step);
  }
  return steps;
}

// A value that was withheld and has not come again: its object cannot be made yet.
bool Machine::lacks(StepIndex step) const {
  const StepIndex reader = steps_[step].render == Node::kNone ? step : steps_[step].render;
  return std::ranges::any_of(inputs(reader), [&](const Reader& input) {
    if (input.from == Fill::kLiteral || !progress_[input.from].secret) return false;
    const Value* value = output(input.from, steps_[input.applied].inputs[input.input].fill.output);
    return value && !*value;
  });
}

void Machine::wake_readers(StepIndex from) {
  for (const Reader& reader : readers(from))
    for (const StepIndex step : {reader.reader, reader.applied})
      if (progress_[step].state == State::ready) to_do_.push(step);
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
