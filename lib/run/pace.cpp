// When, and how many at a time: what is due, how long an attempt may take, when the
// next one comes, and the places that steps share.
//
// A step that finds a pool full waits in it, not among what is to do. When a place
// becomes free the first that waits there is to do again; one that then waits for
// another pool passes the place on, so that none stays empty while somebody waits.
#include "run/machine.hpp"

#include <algorithm>

#include "support/duration.hpp"
#include "support/fetch.hpp"

namespace oam::detail {

namespace {

constexpr Time kNever = INT64_MAX;
constexpr std::uint64_t kAfterTheCore = std::uint64_t{1} << 32;

Time after(Time now, Time delay) { return delay > 0 ? later(now, delay) : kNever; }

}  // namespace

void Machine::wake(StepIndex step, Time due) {
  progress_[step].due = due;
  progress_[step].armed = true;
  timers_.push({due, step});
}

bool Machine::is_current(const Timer& timer) const {
  const Progress& at = progress_[timer.second];
  return at.armed && at.due == timer.first && (at.in_flight || at.state == State::backoff || at.state == State::settling || at.state == State::ready);
}

void Machine::fire(StepIndex step) {
  Progress& at = progress_[step];
  disarm(step);
  if (at.in_flight) {
    time_out(step);
  } else if (at.state == State::backoff) {
    move(step, Signal::due);
    facts_[step].flow ? prepare_flow(step) : put(step);
  } else if (at.state == State::settling) {
    facts_[step].flow ? wake_flow(step) : to_do_.push(place_of(step));
  } else if (at.state == State::ready) {
    fail(step, "not handed out within " + words_of(options_.timeouts.queue));
  }
  drain();
}

Machine::Place Machine::place_of(StepIndex step) const { return is_core(step) ? step : kAfterTheCore + step; }

// To what is to do. From here its time in the queue counts.
void Machine::put(StepIndex step) {
  to_do_.push(place_of(step));
  fetch(&steps_[step], sizeof(Step));   // until its turn comes
  if (options_.timeouts.queue > 0 && !progress_[step].armed) wake(step, later(now_, options_.timeouts.queue));
}

Time Machine::run_timeout_of(StepIndex step) const {
  const HookRules* rules = rules_of(step);
  return rules && rules->timeout > 0 ? rules->timeout : options_.timeouts.run;
}

std::uint32_t Machine::attempts_of(StepIndex step) const {
  const HookRules* rules = rules_of(step);
  return rules && rules->attempts > 0 ? rules->attempts : options_.attempts;
}

// Doubles with each attempt; longer by a share that only the run, the step and the
// attempt decide.
Time Machine::backoff_of(StepIndex step) const {
  const Progress& at = progress_[step];
  const HookRules* rules = rules_of(step);
  Time delay = rules && rules->backoff > 0 ? rules->backoff : options_.backoff;
  const Time most = std::max(options_.backoff_most, rules ? rules->backoff : 0);
  for (std::uint32_t i = 1; i < at.tried && delay < most; ++i) delay = delay > most / 2 ? most : delay * 2;
  delay = std::min(delay, most);
  if (options_.jitter == 0) return delay;
  const std::uint64_t dice = number_of(step, at.attempt) % (options_.jitter + std::uint64_t{1});
  return later(delay, delay / 100 * static_cast<Time>(dice));
}

// Of an attempt, or of a look at a gate.
void Machine::limit(StepIndex step) {
  Progress& at = progress_[step];
  const Timeouts& most = options_.timeouts;
  disarm(step);
  const Time end = after(now_, run_timeout_of(step));
  if (at.state == State::dispatched) at.deadline = end;
  const Time due = std::min({end, after(now_, most.start), after(now_, most.heartbeat)});
  if (due != kNever) wake(step, due);
}

void Machine::sign_of_life(StepIndex step) {
  const Progress& at = progress_[step];
  const Time end = at.state == State::dispatched ? at.deadline : after(now_, run_timeout_of(step));
  const Time due = std::min(end, after(now_, options_.timeouts.heartbeat));
  disarm(step);
  if (due != kNever) wake(step, due);
}

// Nobody knows what became of it. What comes of it yet is late. A hook that says itself how
// long it may take has failed.
void Machine::time_out(StepIndex step) {
  Progress& at = progress_[step];
  const HookRules* rules = rules_of(step);
  const bool over = now_ >= at.deadline && run_timeout_of(step) > 0, by_rule = over && rules && rules->timeout > 0;
  land(step);
  Verdict verdict;
  verdict.result = Outcome::Result::unknown;
  verdict.message = over ? "no outcome within " + words_of(run_timeout_of(step)) : "no sign of life";
  if (at.state == State::settling) settle(step, verdict);
  else if (by_rule && steps_[step].class_ == Step::Class::once) fail(step, verdict.message);
  else if (by_rule) try_later(step, verdict);
  else doubt(step, verdict);
}

// Pools.

namespace {

bool names(std::string_view key, const Step& step) {
  const std::string_view kind = std::string_view(step.resource).substr(0, step.resource.find('/'));
  if (key == step.id || key == name_of(step.kind)) return true;
  if (!kind.empty() && (key == kind || key == kind.substr(0, kind.find('.')))) return true;
  const auto rest = [&](std::string_view prefix) { return key.starts_with(prefix) ? key.substr(prefix.size()) : std::string_view("\n"); };
  return rest("lane:") == step.lane || rest("cluster:") == step.target.cluster || rest("component:") == step.component;
}

}  // namespace

void Machine::index_pools() {
  if (options_.pools.empty()) return;
  pools_of_.resize(steps_.size());
  for (std::uint32_t pool = 0; pool < options_.pools.size(); ++pool) {
    pools_.push_back({std::max(options_.pools[pool].capacity, 1u), 0, {}});
    for (StepIndex step = 0; step < steps_.size(); ++step)
      if (std::ranges::any_of(options_.pools[pool].keys, [&](const std::string& key) { return names(key, steps_[step]); })) pools_of_[step].push_back(pool);
  }
}

bool Machine::is_full(std::uint32_t pool) const { return pools_[pool].used >= pools_[pool].capacity; }

bool Machine::has_places(StepIndex step) const {
  return pools_of_.empty() || std::ranges::none_of(pools_of_[step], [&](std::uint32_t pool) { return is_full(pool); });
}

void Machine::wait_for_a_place(StepIndex step) {
  const auto full = std::ranges::find_if(pools_of_[step], [&](std::uint32_t pool) { return is_full(pool); });
  pools_[*full].waiting.push(place_of(step));
  pass_on(step);
}

// The places that it was called for and does not take.
void Machine::pass_on(StepIndex step) {
  if (pools_of_.empty()) return;
  for (const std::uint32_t pool : pools_of_[step])
    if (!is_full(pool)) call_next(pool);
}

void Machine::call_next(std::uint32_t pool) {
  if (pools_[pool].waiting.empty()) return;
  to_do_.push(pools_[pool].waiting.top());
  pools_[pool].waiting.pop();
}

void Machine::take_places(StepIndex step) {
  if (pools_of_.empty()) return;
  progress_[step].pooled = true;
  for (const std::uint32_t pool : pools_of_[step]) ++pools_[pool].used;
}

void Machine::free_places(StepIndex step) {
  if (!std::exchange(progress_[step].pooled, false)) return;
  for (const std::uint32_t pool : pools_of_[step]) {
    --pools_[pool].used;
    call_next(pool);
  }
}

}  // namespace oam::detail
