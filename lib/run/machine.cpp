// How steps move. Every change of state goes through move(), which asks the
// table; the rest decides only which signal to give.
#include "run/machine.hpp"

#include <algorithm>

#include "support/duration.hpp"

namespace oam::detail {

namespace {

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

bool is_refusal(Result result) { return result == Result::conflict || result == Result::exists || result == Result::rejected || result == Result::not_found; }

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
  if (to == from) return true;
  at.state = to;
  at.armed = false;
  --count_[static_cast<std::size_t>(from)];
  ++count_[to_code];
  if (to != State::held) at.hold = Hold::none;
  if (to != State::failed) at.late = false;
  if (to == State::waiting) at.unwanted = false;
  if (to == State::waiting || to == State::ready) messages_.erase(step);   // why it had ended, or was not done yet
  note(step, from);
  if (is_end(from)) ++unended_;
  if (is_end(to)) --unended_;
  if (is_end(to) && !is_end(from)) ended_.push_back(step);
  if (to == State::failed && is_core(step) && !is_ignored(step)) ++core_failures_;
  weigh_lane(step, from, to);
  weigh_limit(step, from, to);
  return true;
}

void Machine::note(StepIndex step, State from) {
  const Progress& at = progress_[step];
  Change change{.from = from, .state = at.state, .attempt = at.attempt, .step = step};
  if (at.state == State::blocked) change.cause = at.cause;
  if (at.state != State::failed && at.state != State::backoff && at.state != State::held && !cutting_) return tell(change);
  const auto message = messages_.find(step);
  tell(change, message == messages_.end() ? std::string_view() : message->second);
}

// Of the object of a step: before what it means to the step.
void Machine::note_life(StepIndex step, const std::shared_ptr<const LifeChange>& life) {
  if (!life) return;
  tell({.about = Event::About::object, .attempt = progress_[step].attempt, .message = static_cast<std::uint32_t>(changes_.lives.size()), .step = step});
  changes_.lives.push_back(life);
  lives_[step] = life;
}

void Machine::note_run(Event::About about, std::string_view message) { tell({.about = about}, message); }

void Machine::tell(Change change, std::string_view message) {
  change.seq = input_;
  change.number = ++told_;
  change.time = now_;
  if (!message.empty()) {
    change.message = static_cast<std::uint32_t>(changes_.messages.size());
    changes_.messages.emplace_back(message);
  }
  changes_.all.push_back(change);
}

// What is due on the way happens when it is due, however late somebody asks.
void Machine::advance(Time now) {
  now = std::max(now, now_);
  for (;;) {
    const std::optional<Time> lane = lane_due(), timer_due = next_timer();
    if (lane && *lane <= now && (!timer_due || *lane <= *timer_due)) {
      now_ = std::max(now_, *lane);
      end_lanes_due(*lane);
      continue;
    }
    if (!timer_due || *timer_due > now) break;
    const Timer timer = timers_.top();
    timers_.pop();
    now_ = std::max(now_, timer.first);
    fire(timer.second);
  }
  now_ = now;
}

void Machine::open() {
  changes_.all.reserve(3 * steps_.size());   // most steps become ready, are handed out and end
  note_run(Event::About::opened);
  for (const StepIndex step : adopted_) move(step, Signal::unchange);
  for (StepIndex i = 0; i < steps_.size(); ++i)
    if (open_[i] == 0) meet(i);
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
    repeat_landed();
    act_on_failures();
    act_on_roll_back();
    halt_instances();
    join_lanes();
  } while (!ended_.empty());
  if (core_open_ > 0) core_closed_ = false;
  else if (!std::exchange(core_closed_, true)) note_run(Event::About::core_done);
  if (unended_ > 0) closed_ = false;
  else if (!std::exchange(closed_, true)) tell({.about = Event::About::closed, .result = result()});
}

// What waits for the hook that failed is blocked by then, as after any other; the rest is given up.
void Machine::act_on_roll_back() {
  if (roll_back_ && !cancelling_) give_up_all();
}

// Once, until somebody decides to go on.
void Machine::act_on_failures() {
  if (options_.on_failure == OnFailure::go_on || tripped_ || core_failures_ < options_.failures) return;
  tripped_ = true;
  if (options_.on_failure == OnFailure::hold) {
    if (phase() == Phase::open) command(RunSignal::pause);
    return;
  }
  if (cancelling_ || unended_ == 0) return;
  aborting_ = options_.on_failure == OnFailure::abort;
  note_run(Event::About::cancelling, "too many steps of the core have failed");
  give_up_all();
}

void Machine::close(StepIndex step) {
  const Progress& end = progress_[step];
  if (end.secret) wake_readers(step);
  const bool bad = is_bad_end(end.state);
  for (const User& user : users(step)) {
    const bool ready = --open_[user.step] == 0;
    if (bad && user.hard && progress_[user.step].state == State::waiting) {
      progress_[user.step].cause = end.cause == kNoStep ? step : end.cause;
      move(user.step, Signal::need_failed);
    } else if (ready) {
      meet(user.step);
    }
  }
}

// No hook of the end begins while one of the end before this is under way: what it makes another may delete.
void Machine::meet(StepIndex step) {
  if (is_last(step) && !anew_.empty()) return;
  if (move(step, Signal::needs_met)) prepare(step);
}

// What nobody has to do is done here: a render with all known, a barrier.
void Machine::prepare(StepIndex step) {
  const Facts& what = facts_[step];
  std::string problem;
  if (is_left_out(step, problem)) {
    move(step, Signal::leave_out);
    return;
  }
  if (!problem.empty()) return fail(step, std::move(problem));
  const bool asks = needs_word(step);
  if (what.flow && !is_halted(step) && !asks) return prepare_flow(step);
  const bool reads = !inputs(step).empty();
  if (reads) {
    if (std::string message = missing(step); !message.empty()) return fail(step, std::move(message));
  }
  const bool nothing_to_do = what.barrier || (what.kind == Step::Kind::render && !reads) ||
                             (what.action == Step::Action::keep && what.gate == Step::Gate::none && readers(step).empty());
  if (nothing_to_do) move(step, Signal::complete);
  else if (is_halted(step)) hold(step, Hold::halted, halt_message(step));
  else if (asks) hold(step, Hold::approval, progress_[step].again ? "it has been done, or may have been, when the run came to its end before" : "it waits for an approval");
  else put(step);
}

void Machine::fail(StepIndex step, std::string message) {
  messages_[step] = std::move(message);
  if (!ends_badly(step)) return;
  move(step, Signal::fail);
}

void Machine::fail_late(StepIndex step, std::string message) {
  progress_[step].late = true;
  fail(step, std::move(message));
}

void Machine::hold(StepIndex step, Hold why, std::string message) {
  messages_[step] = std::move(message);
  if (move(step, Signal::hold)) progress_[step].hold = why;
}

bool Machine::can_dispatch(StepIndex step) const {
  const Progress& at = progress_[step];
  return at.state == State::ready || (at.state == State::settling && !at.in_flight);
}

StepIndex Machine::next_to_do() {
  if (options_.parallel > 0 && in_flight_ >= options_.parallel) return kNoStep;
  while (!to_do_.empty()) {
    const auto step = static_cast<StepIndex>(to_do_.top());
    const Progress& at = progress_[step];
    const bool ready = at.state == State::ready && !lacks(step), starts = ready && !paused_;
    if (starts && has_places(step)) return step;
    if (at.state == State::settling && !at.in_flight && at.due <= now_) return step;
    to_do_.pop();
    if (starts) wait_for_a_place(step);
    else if (ready) parked_.push_back(step);
    else pass_on(step);   // decided otherwise since it was called
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
    at.unchanged = at.unwanted = at.refused = false;
    take_places(step);
    move(step, Signal::dispatch);
  }
  at.in_flight = true;
  at.answered = false;
  ++in_flight_;
  limit(step);
  names_.expect(step);
}

void Machine::land(StepIndex step) {
  if (std::exchange(progress_[step].in_flight, false)) --in_flight_;
  disarm(step);
  free_places(step);
}

void Machine::answer(StepIndex step, const Verdict& verdict) {
  if (verdict.result == Result::progress) return sign_of_life(step);
  Progress& at = progress_[step];
  at.answered = true;
  land(step);
  note_life(step, verdict.life);
  for (const auto& [name, value] : verdict.outputs) outputs_[step][name] = value;
  at.secret |= verdict.secret;
  if (verdict.turn) {
    take_turn(step, {.what = *verdict.turn, .message = verdict.message});
    return drain();
  }
  if (at.state == State::settling && !is_program(step)) {
    settle(step, verdict);
    return drain();
  }
  at.refused = is_refusal(verdict.result) && facts_[step].gate != Step::Gate::absent;
  switch (verdict.result) {
    case Result::succeeded: finish(step, is_as_it_was(step) ? Signal::unchange : Signal::succeed, verdict); break;
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
    if (gives_up(step)) move(step, Signal::cancel);
    else if (move(step, Signal::again)) put(step);
  } else if (steps_[step].gate == Step::Gate::absent) {
    finish(step, Signal::unchange, verdict);
  } else if (steps_[step].more->does == "observe" && !breaks_off(step)) {   // not yet
    start_settling(step, Signal::settle, poll_of(step));
  } else {
    fail(step, sentence(verdict));
  }
}

// The host has done it. Is it also as it must be, and for long enough?
void Machine::finish(StepIndex step, Signal signal, const Verdict& verdict) {
  const bool failed = verdict.gate == Verdict::Gate::failed, gated = facts_[step].gate != Step::Gate::none;
  if (failed && fail_after(step) == 0) return fail(step, verdict.message);
  keep_rendered(step, verdict);
  const bool lasting = gated && healthy_for(step) > 0;
  if (verdict.gate == Verdict::Gate::met && !verdict.incomplete && !lasting) {
    move(step, signal);
    return;
  }
  if (breaks_off(step)) {
    move(step, Signal::stop);
    return;
  }
  Progress& at = progress_[step];
  at.unchanged = signal == Signal::unchange;
  start_settling(step, Signal::settle, verdict.retry_after.value_or(poll_of(step)));
  judge_gate(step, verdict, true);
  if (lasting && at.streak == Streak::good) look_later(step, verdict, later(at.since, healthy_for(step)));
}

void Machine::start_settling(StepIndex step, Signal signal, Time first_look) {
  if (!move(step, signal)) return;
  Progress& at = progress_[step];
  at.streak = Streak::none;
  at.deadline = later(now_, steps_[step].settle_timeout);
  wake(step, std::min(later(now_, first_look), at.deadline));
}

// Since when the gate has been as it is. What nobody could see breaks no streak.
void Machine::judge_gate(StepIndex step, const Verdict& verdict, bool seen) {
  if (!seen) return;
  Progress& at = progress_[step];
  const Streak now = verdict.gate == Verdict::Gate::met ? Streak::good : verdict.gate == Verdict::Gate::failed ? Streak::bad : Streak::none;
  if (std::exchange(at.streak, now) != now) at.since = now_;
}

void Machine::look_later(StepIndex step, const Verdict& verdict, Time at_most) {
  const Time delay = verdict.retry_after.value_or(doubled(poll_of(step), progress_[step].look, std::max(poll_of(step), pace_of(step, &Pace::backoff_most, options_.backoff_most))));
  wake(step, std::min(later(now_, delay), at_most));
}

// A look at a gate. The last one is at the deadline: a gate that is not met then
// fails the step, an output that is missing fails those that wait for it. A gate that is
// met by then may take the time that it has to stay so.
void Machine::settle(StepIndex step, const Verdict& verdict) {
  const bool gone = verdict.result == Result::not_found;
  const bool seen = verdict.result == Result::succeeded || verdict.result == Result::unchanged ||
                    (gone && steps_[step].gate == Step::Gate::absent);
  if (verdict.result == Result::cancelled) {
    move(step, Signal::stop);
    return;
  }
  judge_gate(step, verdict, seen);
  Progress& at = progress_[step];
  const Time lasted = at.streak == Streak::none ? 0 : now_ - at.since;
  if (verdict.result == Result::failed || (seen && at.streak == Streak::bad && lasted >= fail_after(step)))
    return fail(step, verdict.message.empty() ? "failed" : verdict.message);
  const Signal good = at.unchanged ? Signal::unchange : Signal::succeed;
  const bool met = seen && at.streak == Streak::good, late = now_ >= at.deadline;
  const Time enough = steps_[step].gate == Step::Gate::none ? 0 : healthy_for(step);
  if (met && lasted >= enough && (!verdict.incomplete || late)) {
    move(step, good);
  } else if (breaks_off(step)) {
    move(step, Signal::stop);
  } else if (met && lasted < enough) {
    look_later(step, verdict, later(at.since, enough));
  } else if (late) {
    std::string message = "not ready after " + std::to_string(steps_[step].settle_timeout) + " ms";
    if (!verdict.message.empty()) message += ": " + verdict.message;
    fail_late(step, std::move(message));
  } else {
    look_later(step, verdict, at.streak == Streak::bad ? std::min(at.deadline, later(at.since, fail_after(step))) : at.deadline);
  }
}

void Machine::try_later(StepIndex step, const Verdict& verdict) {
  Progress& at = progress_[step];
  if (at.state == State::held) return;         // whether to do it again is not the host's to say
  if (gives_up(step)) {
    move(step, at.state == State::unknown ? Signal::cancel : Signal::stop);
    return;
  }
  const std::string what = verdict.message.empty() ? "no success" : verdict.message;
  if (++at.tried >= attempts_of(step)) return fail(step, what + " (" + std::to_string(at.tried) + " attempts)");
  if (options_.retry_budget > 0 && retries_ >= options_.retry_budget)
    return fail(step, what + " (the " + std::to_string(options_.retry_budget) + " retries that the run may make are spent)");
  ++retries_;
  const Time delay = verdict.retry_after.value_or(backoff_of(step));
  messages_[step] = (verdict.message.empty() ? "" : verdict.message + "; ") + "again in " + words_of(delay) + " (" +
                    std::to_string(at.tried) + " of " + std::to_string(attempts_of(step)) + ')';
  move(step, Signal::retry_later);
  wake(step, later(now_, delay));
}

// The host cannot say whether it was done. A program that has had answers is settling.
void Machine::doubt(StepIndex step, const Verdict& verdict) {
  if (progress_[step].state != State::settling && !move(step, Signal::lose)) return;
  if (steps_[step].class_ == Step::Class::once) return hold(step, Hold::doubt, verdict.message);   // also of a run that is given up: it may have been done
  const Progress& at = progress_[step];
  if (at.state == State::settling && at.deadline > 0 && now_ >= at.deadline) return fail_late(step, verdict.message);
  try_later(step, verdict);
}

// The host died with tasks in flight; whatever it had done with them, nobody
// will report it.
void Machine::crash() {
  programs_.clear();
  for (StepIndex step = 0; step < steps_.size() && in_flight_ > 0; ++step) {
    Progress& at = progress_[step];
    if (!at.in_flight) continue;
    land(step);
    const bool calls = is_program(step) && steps_[step].class_ == Step::Class::once;
    if (at.state == State::settling && !calls) {
      wake(step, now_);
      continue;
    }
    if (at.state == State::dispatched) move(step, Signal::lose);
    if (steps_[step].class_ == Step::Class::once) {
      hold(step, Hold::doubt, "it was under way when the run was interrupted");
    } else if (gives_up(step)) {
      move(step, Signal::cancel);
    } else if (move(step, Signal::again)) {
      is_program(step) ? prepare_flow(step) : put(step);
    }
  }
  revive_programs();
  std::vector<StepIndex> again;
  for (const StepIndex step : forgotten())
    if (look_again_at(step)) again.push_back(step);
  reopen(std::move(again));
  advance(now_);
  drain();
}

bool Machine::is_lossy() const {
  if (in_flight_ > 0 || !forgotten().empty()) return true;
  for (StepIndex step = 0; step < steps_.size(); ++step)
    if (is_program(step) && (progress_[step].state == State::ready || progress_[step].state == State::settling)) return true;
  return false;
}

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
  done.roll_back = roll_back_ && !superseding_;
  return done;
}

RunResult Machine::result() const {
  const auto count = [&](State state) { return count_[static_cast<std::size_t>(state)]; };
  if (count(State::held) > 0) return RunResult::held;
  if (paused_ && unended_ > 0) return RunResult::paused;
  bool core = false, other = false, cancelled = false;
  if (count(State::failed) + count(State::blocked) + count(State::cancelled) > 0) {
    for (StepIndex i = 0; i < steps_.size(); ++i) {
      const State state = progress_[i].state;
      if (!is_bad_end(state) || (is_ignored(i) && !(state == State::cancelled && cancelling_))) continue;
      const bool cut = !is_core(i) && state == State::cancelled && joins_[facts_[i].lane].join != Lane::Join::core_then_deadline && joins_[facts_[i].lane].join != Lane::Join::all;
      if (state != State::cancelled) (is_core(i) ? core : other) = true;
      else if (is_core(i)) cancelled = true;
      else other |= !cut;
    }
  }
  if (core) return RunResult::failed;
  if (superseding_) return RunResult::superseded;
  if (cancelled) return RunResult::cancelled;
  return other ? RunResult::degraded : RunResult::succeeded;
}

namespace {

std::string how_held(Hold hold) {
  if (hold == Hold::approval) return " is held for an approval";
  return hold == Hold::halted ? " is held until the run is resumed" : " is held for a decision (accept, retry or skip)";
}

}  // namespace

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
    if (state == State::held)
      text = steps_[i].id + how_held(progress_[i].hold);
    const auto message = messages_.find(i);
    if (message != messages_.end() && !message->second.empty()) text += ": " + message->second;
    if (blocked != kept.end())
      text += "; " + std::to_string(blocked->second) +
              (blocked->second == 1 ? " step waits for it" : " steps wait for it");
    reasons.push_back(std::move(text));
  }
  add_given_up(reasons);
  add_lanes_cut(reasons);
}

// Of a run that goes on: what was given up before, or by itself, and keeps it from a good end.
void Machine::add_given_up(std::vector<std::string>& reasons) const {
  if (cancelling_ || result() != RunResult::cancelled) return;
  constexpr std::size_t kShown = 3;
  std::string text;
  std::size_t count = 0;
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    if (progress_[i].state != State::cancelled || !is_core(i) || is_ignored(i)) continue;
    if (++count <= kShown) text += (text.empty() ? "" : ", ") + std::string(steps_[i].id);
  }
  if (count > kShown) text += ", … " + std::to_string(count - kShown) + " more";
  reasons.push_back(text + (count == 1 ? " was" : " were") + " given up before: retry or skip " + (count == 1 ? "it" : "them"));
}

// One sentence for each lane that had not ended at its deadline.
void Machine::add_lanes_cut(std::vector<std::string>& reasons) const {
  for (std::uint32_t lane = 0; lane < joins_.size(); ++lane) {
    if (joins_[lane].join != Lane::Join::core_then_deadline) continue;
    const std::string why = why_ended(joins_[lane]);
    std::size_t cut = 0;
    for (const auto& [step, message] : messages_) cut += facts_[step].lane == lane && progress_[step].state == State::cancelled && message == why;
    if (cut > 0) reasons.push_back(why + ": " + std::to_string(cut) + (cut == 1 ? " step is cancelled" : " steps are cancelled"));
  }
}

}  // namespace oam::detail
