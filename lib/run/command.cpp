// Decisions of people: cancel, retry, skip, accept; and what they bring back to
// life. A need that was counted as ended may stop being so here, therefore all
// that wait for what has been reopened count their needs anew.
#include "run/machine.hpp"

#include <algorithm>

namespace oam::detail {

Phase Machine::phase() const {
  if (unended_ == 0) return Phase::closed;
  return cancelling_ ? Phase::cancelling : paused_ ? Phase::paused : Phase::open;
}

bool Machine::command(RunSignal signal, const Decision& by) {
  if (!transition(phase(), signal) || !may_react(by, "")) return false;
  if (signal == RunSignal::resume && !paused_ && !has_halted()) return false;
  if (signal == RunSignal::supersede && superseding_) return false;
  if (signal == RunSignal::cancel && aborting_) return false;
  hear(by, "");
  switch (signal) {
    case RunSignal::pause:
      stop_clocks();
      note_run(Event::About::paused);
      return true;
    case RunSignal::resume:
      tripped_ = false;
      core_failures_ = 0;
      note_run(Event::About::resumed);
      start_clocks();
      release_instances();
      return true;
    case RunSignal::supersede: superseding_ = true, successor_ = by.successor; [[fallthrough]];
    case RunSignal::cancel:
      note_run(superseding_ ? Event::About::superseded : Event::About::cancelling);
      start_clocks();
      aborting_ = true;
      give_up_all();
      drain();
      return true;
    case RunSignal::retry: break;   // of a step, see decide()
  }
  return false;
}

// What has not begun never will; what is in flight comes to whatever it comes to, and what is in doubt stays so.
void Machine::give_up_all() {
  cancelling_ = true;
  for (StepIndex step = 0; step < steps_.size(); ++step)
    if (!goes_on(step)) move(step, Signal::cancel);
}

// A gate that is waited for still is, unless nobody wants that; what the workflow waits for is not.
bool Machine::goes_on(StepIndex step) const {
  const Progress& at = progress_[step];
  const bool settles = at.state == State::settling && !facts_[step].flow && !breaks_off(step);
  return at.in_flight || settles || at.hold == Hold::doubt || is_last(step);
}

std::vector<StepIndex> Machine::unwanted() const {
  std::vector<StepIndex> steps;
  for (StepIndex step = 0; step < steps_.size() && in_flight_ > 0; ++step)
    if (progress_[step].in_flight && breaks_off(step)) steps.push_back(step);
  return steps;
}

namespace {

constexpr std::ptrdiff_t kMostReactions = 100;   // of one actor to events, about one step

std::string key_of(const Decision& by, std::string_view step) { return by.actor + ' ' + std::string(step) + ' '; }

}  // namespace

// Whatever drives a run by its own events must come to an end.
bool Machine::may_react(const Decision& by, std::string_view step) const {
  if (by.event.empty()) return true;
  const std::string key = key_of(by, step);
  if (heard_.contains(key + by.event) || passed_.contains(key + by.event)) return false;
  const auto first = heard_.lower_bound(key);
  const auto last = std::find_if(first, heard_.end(), [&](const std::string& other) { return !other.starts_with(key); });
  return std::distance(first, last) < kMostReactions;
}

void Machine::hear(const Decision& by, std::string_view step) {
  if (!by.event.empty()) heard_.insert(key_of(by, step) + by.event);
}

bool Machine::pass_over(const Decision& by, std::string_view step) {
  const std::string key = key_of(by, step) + by.event;
  return !by.event.empty() && !heard_.contains(key) && passed_.insert(key).second;
}

void Machine::come_late(StepIndex step) {
  const Progress& at = progress_[step];
  tell({.about = Event::About::late, .from = at.state, .state = at.state, .attempt = at.attempt, .step = step},
       "an attempt that was given up has been done after all");
}

namespace {

Signal signal_of(Command command) {
  switch (command) {
    case Command::retry: return Signal::retry;
    case Command::skip: return Signal::skip;
    case Command::accept: return Signal::accept;
    case Command::approve: return Signal::approve;
    case Command::cancel: break;
  }
  return Signal::cancel;
}

}  // namespace

// Which of the legal ones fit the reason why it is held.
bool Machine::may(StepIndex step, Command command) const {
  if (superseding_ && phase() == Phase::closed) return false;   // it would undo what its successor does
  const Progress& at = progress_[step];
  const FlowTask* flow = steps_[step].more->flow.get();
  if (command == Command::retry) return may_retry(step);
  if (command == Command::approve && at.state == State::waiting) return needs_word(step);
  if (command == Command::approve) return at.hold == Hold::approval || at.hold == Hold::halted || (flow && flow->waits && at.state == State::settling);
  return command != Command::accept || flow || !is_unbegun(step);
}

// What would only be held, blocked or given up again is not tried.
bool Machine::may_retry(StepIndex step) const {
  if (superseding_ || progress_[step].hold == Hold::halted) return false;
  if (roll_back_ && !is_last(step) && !asks_for_roll_back(step)) return false;
  return std::ranges::none_of(steps_[step].needs, [&](const Need& need) {
    return is_hard(need.kind) && is_bad_end(progress_[need.step].state);
  });
}

// Held before it began, or begins once more: nobody has approved it yet, or its group has halted.
bool Machine::is_unbegun(StepIndex step) const {
  const Progress& at = progress_[step];
  return at.hold == Hold::halted || (at.hold == Hold::approval && needs_word(step));
}

bool Machine::decide(StepIndex step, Command command, const Decision& by) {
  if (!may(step, command) || !may_react(by, steps_[step].id) || !carry_out(step, command)) return false;
  hear(by, steps_[step].id);
  return true;
}

bool Machine::carry_out(StepIndex step, Command command) {
  Progress& at = progress_[step];
  if (command == Command::approve && at.state != State::waiting && steps_[step].more->flow && !is_unbegun(step)) command = Command::accept;   // the word that it waits for
  if (command == Command::accept && resume_flow(step)) {
    drain();
    return true;
  }
  if (command == Command::cancel && at.in_flight && (at.state == State::dispatched || is_program(step))) return at.unwanted = true;   // of a look nothing comes
  const bool had_ended = is_end(at.state), retries = command == Command::retry, approves = command == Command::approve;
  const bool was_over = retries && !is_core(step) && is_over(facts_[step].lane);
  if (!move(step, signal_of(command))) return false;
  if (approves) at.approved = true;
  if (approves || retries) at.again = false;
  if (approves && at.state == State::waiting) return true;
  if (was_over) lanes_[facts_[step].lane].taken_up = true;   // whoever tries a step again waits for it
  land(step);
  at.anew = false;
  at.cause = kNoStep;
  messages_.erase(step);
  forget_roll_back(step);
  if (approves) steps_[step].more->flow ? prepare_flow(step) : put(step);
  drain();
  if (retries) try_again(step);
  else if (had_ended && !cancelling_) reopen({step});   // else what waits for it goes on by itself, or has been given up
  drain();
  return true;
}

// The run goes on, if it was given up; failures count from here.
void Machine::try_again(StepIndex step) {
  Progress& at = progress_[step];
  cancelling_ = aborting_ = tripped_ = at.approved = false;
  core_failures_ = 0;
  ++at.group;
  at.tried = 0;
  std::vector<StepIndex> roots{step};
  std::ranges::copy(look_again(step), std::back_inserter(roots));
  reopen(std::move(roots));
}

// Those whose output this step lacks are looked at once more.
std::vector<StepIndex> Machine::look_again(StepIndex step) {
  std::vector<StepIndex> asked;
  for (const Reader& reader : inputs(step)) {
    if (reader.from == Fill::kLiteral) continue;
    const Fill& fill = steps_[reader.applied].more->inputs[reader.input].fill;
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
      const auto found = values.find(steps_[reader.applied].more->inputs[reader.input].fill.output);
      return found != values.end() && !found->second && !is_end(progress_[reader.applied].state);
    });
    if (needed) steps.push_back(step);
  }
  return steps;
}

// A value that was withheld and has not come again: its object cannot be made yet.
bool Machine::lacks(StepIndex step) const {
  return std::ranges::any_of(inputs(facts_[step].filler), [&](const Reader& input) {
    if (input.from == Fill::kLiteral || !progress_[input.from].secret) return false;
    const Value* value = output(input.from, steps_[input.applied].more->inputs[input.input].fill.output);
    return value && !*value;
  });
}

void Machine::wake_readers(StepIndex from) {
  for (const Reader& reader : readers(from))
    for (const StepIndex step : {reader.reader, reader.applied})
      if (progress_[step].state == State::ready) put(step);
}

// A hook of the end is done anew if what it comes after begins again; one that is under way comes to its own end first.
bool Machine::begins_again(const User& user, bool after_begun) {
  if (user.hard && move(user.step, Signal::reopen)) return true;
  if (!after_begun || !is_last(user.step)) return false;
  if (!is_under_way(user.step)) return repeat(user.step);
  if (!std::exchange(progress_[user.step].anew, true)) anew_.push_back(user.step);
  return false;
}

bool Machine::asks_for_roll_back(StepIndex step) const {
  const HookRules* rules = rules_of(step);
  return rules && rules->on_failure == FailureRule::rollback && is_core(step) && progress_[step].state == State::failed;
}

// Another one may have asked for it as well.
void Machine::forget_roll_back(StepIndex step) {
  const HookRules* rules = rules_of(step);
  if (!roll_back_ || !rules || rules->on_failure != FailureRule::rollback) return;
  roll_back_ = false;
  for (StepIndex other = 0; other < steps_.size(); ++other) roll_back_ |= asks_for_roll_back(other);
}

// Brings back what the roots had blocked, and lets everything that waits for
// any of it count again: first all counts, then all moves, so that no end is
// counted twice.
void Machine::reopen(std::vector<StepIndex> roots) {
  std::vector<StepIndex> waiting;
  while (!roots.empty()) {
    const StepIndex step = roots.back();
    roots.pop_back();
    const bool begun = progress_[step].state == State::waiting;
    if (begun) waiting.push_back(step);
    for (const User& user : users(step)) {
      if (progress_[user.step].state == State::waiting) waiting.push_back(user.step);
      if (!begins_again(user, begun)) continue;
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
  const auto is_open = [&](StepIndex other) { return !is_end(progress_[other].state); };
  open_[step] = static_cast<std::uint32_t>(std::ranges::count_if(steps_[step].needs, is_open, &Need::step) + std::ranges::count_if(behind(step), is_open));
}

void Machine::weigh(StepIndex step) {
  Progress& at = progress_[step];
  for (const Need& need : steps_[step].needs) {
    const Progress& other = progress_[need.step];
    const bool hard = is_hard(need.kind);
    if (!hard || !is_bad_end(other.state)) continue;
    at.cause = other.cause == kNoStep ? need.step : other.cause;
    move(step, Signal::need_failed);
    return;
  }
  if (open_[step] == 0) meet(step);
}

}  // namespace oam::detail
