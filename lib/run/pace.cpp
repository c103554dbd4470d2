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

namespace oam {
namespace detail {

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
  return at.armed && at.due == timer.first && (at.in_flight || at.state == State::backoff || at.state == State::settling || (at.state == State::ready && !paused_));
}

// Nothing is begun in a pause, so nothing is late because of it: what waits for its turn keeps the
// time that is left to it, and so does a lane that the end of the run waits for.
void Machine::stop_clocks() {
  if (std::exchange(paused_, true)) return;
  paused_since_ = now_;
  for (Progress& at : progress_)
    if (at.state == State::ready && at.armed) at.due -= now_;
}

void Machine::start_clocks() {
  if (!std::exchange(paused_, false)) return;
  if (core_end_) *core_end_ += now_ - std::max(*core_end_, paused_since_);
  for (StepIndex step = 0; step < steps_.size(); ++step)
    if (progress_[step].state == State::ready && progress_[step].armed) wake(step, later(now_, progress_[step].due));
  for (const StepIndex step : std::exchange(parked_, {}))
    progress_[step].state == State::ready ? put(step) : pass_on(step);
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
    fail(step, "not handed out within " + words_of(pace_of(step, &Pace::queue, options_.timeouts.queue)));
  }
  drain();
}

// Of the whole run: what the plan says wins; of two bounds the smaller one counts.
void Machine::adopt_pace() {
  const RunPace& said = plan_.pace();
  if (options_.ignore_pace) return;
  const auto take = [&](std::optional<Time> Pace::*field, auto& to) {
    if (const auto& value = said.steps.*field) to = static_cast<std::remove_reference_t<decltype(to)>>(*value);
  };
  const auto bound = [](std::uint32_t by, std::uint32_t& to) {
    if (by > 0) to = to == 0 ? by : std::min(by, to);
  };
  take(&Pace::healthy_for, options_.healthy_for), take(&Pace::fail_after, options_.fail_after), take(&Pace::poll, options_.poll);
  take(&Pace::attempts, options_.attempts), take(&Pace::backoff, options_.backoff), take(&Pace::backoff_most, options_.backoff_most), take(&Pace::jitter, options_.jitter);
  take(&Pace::queue, options_.timeouts.queue), take(&Pace::start, options_.timeouts.start);
  take(&Pace::run, options_.timeouts.run), take(&Pace::heartbeat, options_.timeouts.heartbeat);
  if (said.steps.backoff && !said.steps.backoff_most) options_.backoff_most = std::max(options_.backoff_most, options_.backoff);
  bound(said.parallel, options_.parallel);
  bound(said.retry_budget, options_.retry_budget);
  if (said.failures > 0) options_.failures = said.failures;
  if (said.on_failure) options_.on_failure = *said.on_failure;
}

// What must be known before the first step: who asks, and whether signs of life count.
void Machine::index_pace() {
  heartbeats_ = options_.timeouts.start > 0 || options_.timeouts.heartbeat > 0;
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    const Pace* own = options_.ignore_pace ? nullptr : steps_[step].more->pace.get();
    if (!own) continue;
    facts_[step].paced = true;
    facts_[step].asks |= own->approval.value_or(false);
    heartbeats_ |= own->start.value_or(0) > 0 || own->heartbeat.value_or(0) > 0;
  }
}

Machine::Place Machine::place_of(StepIndex step) const { return is_core(step) ? step : kAfterTheCore + step; }

// To what is to do. From here its time in the queue counts.
void Machine::put(StepIndex step) {
  to_do_.push(place_of(step));
  fetch(&steps_[step], sizeof(Step));   // until its turn comes
  const Time queue = pace_of(step, &Pace::queue, options_.timeouts.queue);
  if (queue <= 0 || progress_[step].armed) return;
  if (paused_) progress_[step].due = queue, progress_[step].armed = true;
  else wake(step, later(now_, queue));
}

Time Machine::run_timeout_of(StepIndex step) const {
  const HookRules* rules = rules_of(step);
  return rules && rules->timeout > 0 ? rules->timeout : pace_of(step, &Pace::run, options_.timeouts.run);
}

std::uint32_t Machine::attempts_of(StepIndex step) const {
  const HookRules* rules = rules_of(step);
  return rules && rules->attempts > 0 ? rules->attempts : static_cast<std::uint32_t>(std::max<Time>(pace_of(step, &Pace::attempts, options_.attempts), 1));
}

// Doubles with each attempt; longer by a share that only the run, the step and the
// attempt decide.
Time Machine::backoff_of(StepIndex step) const {
  const Progress& at = progress_[step];
  const HookRules* rules = rules_of(step);
  const Time own = rules && rules->backoff > 0 ? rules->backoff : pace_of(step, &Pace::backoff, 0);
  const Time most = std::max<Time>(pace_of(step, &Pace::backoff_most, std::max(options_.backoff_most, own)), 1);   // what is said of the step alone is bounded by that alone
  Time delay = own > 0 ? own : options_.backoff;
  for (std::uint32_t i = 1; i < at.tried && delay < most; ++i) delay = delay > most / 2 ? most : delay * 2;
  delay = std::min(delay, most);
  const Time jitter = pace_of(step, &Pace::jitter, options_.jitter);
  if (jitter == 0) return delay;
  const std::uint64_t dice = number_of(step, at.attempt) % (static_cast<std::uint64_t>(jitter) + 1);
  return later(delay, delay / 100 * static_cast<Time>(dice));
}

// Of an attempt, or of a look at a gate.
void Machine::limit(StepIndex step) {
  Progress& at = progress_[step];
  const Time start = pace_of(step, &Pace::start, options_.timeouts.start), heartbeat = pace_of(step, &Pace::heartbeat, options_.timeouts.heartbeat);
  disarm(step);
  const Time end = after(now_, run_timeout_of(step));
  if (at.state == State::dispatched) at.deadline = end;
  const Time due = std::min({end, after(now_, start), after(now_, heartbeat)});
  if (due != kNever) wake(step, due);
}

void Machine::sign_of_life(StepIndex step) {
  const Progress& at = progress_[step];
  const Time end = at.state == State::dispatched ? at.deadline : after(now_, run_timeout_of(step));
  const Time due = std::min(end, after(now_, pace_of(step, &Pace::heartbeat, options_.timeouts.heartbeat)));
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
  if (at.state == State::settling && !is_program(step)) settle(step, verdict);
  else if (by_rule && steps_[step].class_ == Step::Class::once) fail(step, verdict.message);
  else if (by_rule) try_later(step, verdict);
  else doubt(step, verdict);
}

}  // namespace detail

bool fits_pool(std::string_view key, const Step& step) {
  const std::string_view kind = step.resource.view().substr(0, step.resource.view().find('/'));
  if (key == step.id || key == name_of(step.kind)) return true;
  if (!kind.empty() && (key == kind || key == kind.substr(0, kind.find('.')))) return true;
  const auto rest = [&](std::string_view prefix) { return key.starts_with(prefix) ? key.substr(prefix.size()) : std::string_view("\n"); };
  return rest("lane:") == step.lane || rest("cluster:") == step.target.cluster || rest("component:") == step.component;
}

namespace detail {

// Pools.

// Those of the host, and those of the plan beside them.
void Machine::index_pools() {
  const std::span<const Pool> said = options_.ignore_pace ? std::span<const Pool>() : plan_.pools();
  if (options_.pools.empty() && said.empty()) return;
  pools_of_.resize(steps_.size());
  for (const Pool& pool : options_.pools) index_pool(pool);
  for (const Pool& pool : said) index_pool(pool);
}

void Machine::index_pool(const Pool& pool) {
  const auto number = static_cast<std::uint32_t>(pools_.size());
  pools_.push_back({std::max(pool.capacity, 1u), 0, {}});
  const auto take = [&](StepIndex step) {
    if (pools_of_[step].empty() || pools_of_[step].back() != number) pools_of_[step].push_back(number);
  };
  for (const std::string& key : pool.keys) {
    if (const StepIndex step = find(key); step != kNoStep) {
      take(step);
      continue;
    }
    for (StepIndex step = 0; step < steps_.size(); ++step)
      if (fits_pool(key, steps_[step])) take(step);
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

}  // namespace detail
}  // namespace oam
