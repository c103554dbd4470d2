// How steps move. Every change of state goes through move(), which asks the
// table; the rest decides only which signal to give.
#include "run/machine.hpp"

#include <algorithm>

namespace oam::detail {

namespace {

// 2.5 s
std::string seconds(Time milliseconds) {
  return std::to_string(milliseconds / 1'000) + '.' + std::to_string(milliseconds / 100 % 10) + " s";
}

using Result = Outcome::Result;

// The table as a matrix, for one look-up a move.
constexpr std::uint8_t kRefused = 0xff;
constexpr auto kMatrix = [] {
  std::array<std::array<std::uint8_t, kSignals>, kStates> matrix{};
  for (auto& row : matrix) row.fill(kRefused);
  for (const Transition& row : kTransitions)
    matrix[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.signal)] =
        static_cast<std::uint8_t>(row.to);
  return matrix;
}();

// `first` doubled `times`, at most `most`.
Time doubled(Time first, std::uint32_t times, Time most) {
  for (; times > 0 && first < most; --times) first = first > most / 2 ? most : first * 2;
  return std::min(first, most);
}

// `delay` after `now`, where neither may be trusted to be small.
Time later(Time now, Time delay) {
  Time due = 0;
  if (__builtin_add_overflow(now, std::max<Time>(delay, 0), &due)) return INT64_MAX;
  return due;
}

std::string sentence(const Verdict& verdict) {
  const std::string name(name_of(verdict.result));
  if (verdict.message.empty()) return name;
  return verdict.result == Result::failed ? verdict.message : name + ": " + verdict.message;
}

}  // namespace

bool Machine::move(StepIndex step, Signal signal) {
  Progress& at = progress_[step];
  const State from = at.state;
  const auto to_code = kMatrix[static_cast<std::size_t>(from)][static_cast<std::size_t>(signal)];
  if (to_code == kRefused) return false;
  const auto to = static_cast<State>(to_code);
  at.state = to;
  --count_[static_cast<std::size_t>(from)];
  ++count_[to_code];
  if (to != State::ready && to != State::waiting && to != State::unknown)
    note(step);
  if (is_end(from)) ++unended_;
  if (is_end(to)) --unended_;
  if (is_end(to) && !is_end(from)) ended_.push_back(step);
  weigh_lane(step, from, to);
  return true;
}

void Machine::note(StepIndex step) {
  const Progress& at = progress_[step];
  Change change{step, at.state, {}, at.attempt, now_, kNoStep, {}};
  if (at.state == State::blocked) change.cause = at.cause;
  if (at.state == State::failed || at.state == State::backoff || at.state == State::held) {
    const auto message = messages_.find(step);
    if (message != messages_.end()) change.message = message->second;
  }
  changes_.push_back(std::move(change));
}

void Machine::advance(Time now) {
  now_ = std::max(now_, now);
  for (;;) {
    const std::optional<Time> lane = lane_due(), timer_due = next_timer();
    if (lane && *lane <= now_ && (!timer_due || *lane <= *timer_due)) {
      end_lanes_due(*lane);
      continue;
    }
    if (!timer_due || *timer_due > now_) break;
    const Timer timer = timers_.top();
    timers_.pop();
    if (progress_[timer.second].state == State::dispatched) {
      time_out(timer.second);
      continue;
    }
    if (progress_[timer.second].state == State::backoff) move(timer.second, Signal::due);
    to_do_.push(timer.second);
  }
}

void Machine::open() {
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    progress_[i].open = static_cast<std::uint32_t>(steps_[i].needs.size());
    if (steps_[i].needs.empty() && move(i, Signal::needs_met)) prepare(i);
  }
  drain();
}

// Tells every end to those that wait for it, until nothing more follows.
void Machine::drain() {
  do {
    while (!ended_.empty()) {
      const StepIndex step = ended_.back();
      ended_.pop_back();
      close(step);
    }
    join_lanes();
  } while (!ended_.empty());
  if (unended_ > 0) closed_ = false;
  else if (!std::exchange(closed_, true))
    changes_.push_back({kNoStep, State::succeeded, result(), 0, now_, kNoStep, {}});
}

void Machine::close(StepIndex step) {
  const Progress& end = progress_[step];
  if (end.secret) wake_readers(step);
  const bool bad = is_bad_end(end.state);
  for (const User& user : users(step)) {
    Progress& at = progress_[user.step];
    if (at.state != State::waiting) continue;
    --at.open;
    if (bad && user.hard) {
      at.cause = end.cause == kNoStep ? step : end.cause;
      move(user.step, Signal::need_failed);
    } else if (at.open == 0 && move(user.step, Signal::needs_met)) {
      prepare(user.step);
    }
  }
}

// What nobody has to do is done here: a render with all known, a barrier.
void Machine::prepare(StepIndex step) {
  const Step& what = steps_[step];
  std::string problem;
  if (is_left_out(step, problem)) {
    move(step, Signal::leave_out);
    return;
  }
  if (!problem.empty()) return fail(step, std::move(problem));
  const bool reads = !inputs(step).empty();
  if (reads) {
    if (std::string message = missing(step); !message.empty()) return fail(step, std::move(message));
  }
  const bool nothing_to_do = (what.kind == Step::Kind::render && !reads) ||
                             (what.kind == Step::Kind::hook && what.class_ == Step::Class::pure && what.does.empty()) ||
                             (what.action == Step::Action::keep && what.gate == Step::Gate::none && readers(step).empty());
  if (nothing_to_do) move(step, Signal::complete);
  else to_do_.push(step);
}

void Machine::fail(StepIndex step, std::string message) {
  messages_[step] = std::move(message);
  if (!ends_badly(step)) return;
  move(step, Signal::fail);
  if (roll_back_ && !cancelling_) begin_nothing();
}

void Machine::hold(StepIndex step, std::string message) {
  messages_[step] = std::move(message);
  move(step, Signal::hold);
}

void Machine::wake(StepIndex step, Time due) {
  progress_[step].due = due;
  timers_.push({due, step});
}

bool Machine::is_current(const Timer& timer) const {
  const Progress& at = progress_[timer.second];
  if (at.due != timer.first) return false;
  if (at.state == State::dispatched) return at.in_flight && steps_[timer.second].hook && steps_[timer.second].hook->timeout > 0;
  if (at.in_flight) return false;
  return at.state == State::backoff || at.state == State::settling;
}

bool Machine::can_dispatch(StepIndex step) const {
  const Progress& at = progress_[step];
  return at.state == State::ready || (at.state == State::settling && !at.in_flight);
}

StepIndex Machine::next_to_do() {
  if (options_.parallel > 0 && in_flight_ >= options_.parallel) return kNoStep;
  while (!to_do_.empty()) {
    const StepIndex step = to_do_.top();
    const Progress& at = progress_[step];
    if (at.state == State::ready && !lacks(step)) return step;
    if (at.state == State::settling && !at.in_flight && at.due <= now_) return step;
    to_do_.pop();
  }
  return kNoStep;
}

std::optional<Time> Machine::next_due() {
  const std::optional<Time> timer = next_timer(), lane = lane_due();
  return timer && lane ? std::min(timer, lane) : timer ? timer : lane;
}

std::optional<Time> Machine::next_timer() {
  while (!timers_.empty() && !is_current(timers_.top())) timers_.pop();
  if (timers_.empty()) return std::nullopt;
  return timers_.top().first;
}

void Machine::dispatch(StepIndex step) {
  Progress& at = progress_[step];
  if (at.state == State::settling) {
    ++at.look;
  } else {
    ++at.attempt;
    at.look = 0;
    at.unchanged = false;
    move(step, Signal::dispatch);
  }
  at.in_flight = true;
  at.answered = false;
  ++in_flight_;
  if (const HookRules* rules = steps_[step].hook.get(); rules && rules->timeout > 0 && at.look == 0) wake(step, later(now_, rules->timeout));
}

void Machine::answer(StepIndex step, const Verdict& verdict) {
  Progress& at = progress_[step];
  at.answered = true;
  if (std::exchange(at.in_flight, false)) --in_flight_;
  for (const auto& [name, value] : verdict.outputs) outputs_[step][name] = value;
  at.secret |= verdict.secret;
  if (at.state == State::settling) {
    settle(step, verdict);
    return drain();
  }
  switch (verdict.result) {
    case Result::succeeded: finish(step, Signal::succeed, verdict); break;
    case Result::unchanged: finish(step, Signal::unchange, verdict); break;
    case Result::retry: try_later(step, verdict); break;
    case Result::unknown: doubt(step, verdict); break;
    case Result::cancelled: move(step, at.state == State::held ? Signal::cancel : Signal::stop); break;
    case Result::not_found: miss(step, verdict); break;
    default: fail(step, sentence(verdict));
  }
  drain();
}

// Not there: what a delete wants; of a step in doubt, that it was not done.
void Machine::miss(StepIndex step, const Verdict& verdict) {
  if (progress_[step].state == State::held) {
    if (move(step, Signal::again)) to_do_.push(step);
  } else if (steps_[step].gate == Step::Gate::absent) {
    finish(step, Signal::unchange, verdict);
  } else if (steps_[step].does == "observe" && !cancelling_) {   // not yet
    start_settling(step, Signal::settle, options_.poll);
  } else {
    fail(step, sentence(verdict));
  }
}

// The host has done it. Is it also as it must be?
void Machine::finish(StepIndex step, Signal signal, const Verdict& verdict) {
  if (verdict.gate == Verdict::Gate::failed) return fail(step, verdict.message);
  keep_rendered(step, verdict);
  const bool pending = verdict.gate == Verdict::Gate::pending || verdict.incomplete;
  if (!pending) {
    move(step, signal);
    return;
  }
  if (cancelling_) {
    move(step, Signal::stop);
    return;
  }
  Progress& at = progress_[step];
  at.unchanged = signal == Signal::unchange;
  start_settling(step, Signal::settle, verdict.retry_after.value_or(options_.poll));
}

void Machine::start_settling(StepIndex step, Signal signal, Time first_look) {
  if (!move(step, signal)) return;
  Progress& at = progress_[step];
  at.deadline = later(now_, steps_[step].settle_timeout);
  wake(step, std::min(later(now_, first_look), at.deadline));
}

// A look at a gate. The last one is at the deadline: a gate that is not met then
// fails the step, an output that is missing fails those that wait for it.
void Machine::settle(StepIndex step, const Verdict& verdict) {
  const bool gone = verdict.result == Result::not_found;
  const bool seen = verdict.result == Result::succeeded || verdict.result == Result::unchanged ||
                    (gone && steps_[step].gate == Step::Gate::absent);
  if (verdict.result == Result::failed || (seen && verdict.gate == Verdict::Gate::failed))
    return fail(step, verdict.message.empty() ? "failed" : verdict.message);
  if (verdict.result == Result::cancelled) {
    move(step, Signal::stop);
    return;
  }
  Progress& at = progress_[step];
  const Signal good = at.unchanged ? Signal::unchange : Signal::succeed;
  const bool met = seen && verdict.gate == Verdict::Gate::met;
  if (met && (!verdict.incomplete || now_ >= at.deadline)) {
    move(step, good);
  } else if (cancelling_) {
    move(step, Signal::stop);
  } else if (now_ >= at.deadline) {
    std::string message = "not ready after " + std::to_string(steps_[step].settle_timeout) + " ms";
    if (!verdict.message.empty()) message += ": " + verdict.message;
    fail(step, std::move(message));
  } else {
    const Time delay = verdict.retry_after.value_or(doubled(options_.poll, at.look, options_.backoff_most));
    wake(step, std::min(later(now_, delay), at.deadline));
  }
}

void Machine::try_later(StepIndex step, const Verdict& verdict) {
  Progress& at = progress_[step];
  if (at.state == State::held) return;         // whether to do it again is not the host's to say
  if (cancelling_) {
    move(step, at.state == State::unknown ? Signal::cancel : Signal::stop);
    return;
  }
  const HookRules* rules = steps_[step].hook.get();
  const std::uint32_t attempts = rules && rules->attempts > 0 ? rules->attempts : options_.attempts;
  const Time backoff = rules && rules->backoff > 0 ? rules->backoff : options_.backoff;
  if (++at.tried >= attempts) {
    std::string message = verdict.message.empty() ? "no success" : verdict.message;
    return fail(step, message + " (" + std::to_string(at.tried) + " attempts)");
  }
  const Time delay = verdict.retry_after.value_or(doubled(backoff, at.tried - 1, std::max(backoff, options_.backoff_most)));
  messages_[step] = (verdict.message.empty() ? "" : verdict.message + "; ") + "again in " + seconds(delay) + " (" +
                    std::to_string(at.tried) + " of " + std::to_string(attempts) + ')';
  move(step, Signal::retry_later);
  wake(step, later(now_, delay));
}

// The host cannot say whether it was done.
void Machine::doubt(StepIndex step, const Verdict& verdict) {
  if (!move(step, Signal::lose)) return;
  if (steps_[step].class_ != Step::Class::once || cancelling_) return try_later(step, verdict);
  hold(step, verdict.message);
}

// The host died with tasks in flight; whatever it had done with them, nobody
// will report it.
void Machine::crash() {
  for (StepIndex step = 0; step < steps_.size() && in_flight_ > 0; ++step) {
    Progress& at = progress_[step];
    if (!std::exchange(at.in_flight, false)) continue;
    --in_flight_;
    if (at.state == State::settling) {
      wake(step, now_);
      continue;
    }
    move(step, Signal::lose);
    if (cancelling_) {
      move(step, Signal::cancel);
    } else if (steps_[step].class_ == Step::Class::once) {
      hold(step, "it was under way when the run was interrupted");
    } else if (move(step, Signal::again)) {
      to_do_.push(step);
    }
  }
  std::vector<StepIndex> again;
  for (const StepIndex step : forgotten())
    if (look_again_at(step)) again.push_back(step);
  reopen(std::move(again));
  advance(now_);
  drain();
}

bool Machine::is_lossy() const { return in_flight_ > 0 || !forgotten().empty(); }

Done Machine::done() const {
  const auto count = [&](State state) { return count_[static_cast<std::size_t>(state)]; };
  Done done;
  done.succeeded = count(State::succeeded) + count(State::no_change);
  done.failed = count(State::failed);
  done.blocked = count(State::blocked);
  done.skipped = count(State::skipped);
  done.cancelled = count(State::cancelled);
  done.held = count(State::held);
  done.result = result();
  done.ok = done.result == RunResult::succeeded || done.result == RunResult::degraded;
  add_reasons(done.reasons);
  done.roll_back = roll_back_;
  return done;
}

RunResult Machine::result() const {
  const auto count = [&](State state) { return count_[static_cast<std::size_t>(state)]; };
  if (count(State::held) > 0) return RunResult::held;
  bool core = false, other = false;
  bool cancelled = false;
  if (count(State::failed) + count(State::blocked) + count(State::cancelled) > 0) {
    for (StepIndex i = 0; i < steps_.size(); ++i) {
      const State state = progress_[i].state;
      if (!is_bad_end(state) || (state != State::cancelled && is_ignored(i))) continue;
      const bool in_core = lane_of_[i] == kCore;
      const bool cut = !in_core && state == State::cancelled && joins_[lane_of_[i]].join != Lane::Join::core_then_deadline && joins_[lane_of_[i]].join != Lane::Join::all;
      if (state != State::cancelled) (in_core ? core : other) = true;
      else if (in_core) cancelled = true;
      else other |= !cut;
    }
  }
  if (core) return RunResult::failed;
  if (cancelled) return RunResult::cancelled;
  return other ? RunResult::degraded : RunResult::succeeded;
}

// One sentence for each root, with what it keeps from running.
void Machine::add_reasons(std::vector<std::string>& reasons) const {
  std::map<StepIndex, std::size_t> kept;
  if (count_[static_cast<std::size_t>(State::blocked)] > 0)
    for (const Progress& at : progress_)
      if (at.state == State::blocked && at.cause != kNoStep) ++kept[at.cause];
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    const State state = progress_[i].state;
    const auto blocked = kept.find(i);
    if (state != State::failed && state != State::held && blocked == kept.end()) continue;
    std::string text = steps_[i].id + " " + std::string(name_of(state));
    if (state == State::held) text = steps_[i].id + " is held for a decision (accept, retry or skip)";
    const auto message = messages_.find(i);
    if (message != messages_.end() && !message->second.empty()) text += ": " + message->second;
    if (blocked != kept.end())
      text += "; " + std::to_string(blocked->second) +
              (blocked->second == 1 ? " step waits for it" : " steps wait for it");
    reasons.push_back(std::move(text));
  }
}

}  // namespace oam::detail
