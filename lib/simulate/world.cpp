#include "simulate/world.hpp"

#include "run/work.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

#include <oam/json.hpp>

#include <algorithm>
#include <tuple>

namespace oam::detail {

World::Scene::Scene(const Plan& of, const SimulateOptions& options)
    : plan(of), names(plan.steps()), faults(options.faults), fault(of.steps().size(), Node::kNone) {
  durations.reserve(plan.steps().size());
  for (const Step& step : plan.steps()) durations.push_back(options.durations.of(step));
  for (std::uint32_t i = 0; i < faults.size(); ++i)
    if (const StepIndex step = names.find(faults[i].step); step != Node::kNone) fault[step] = i;
}

World::World(const Plan& plan, const SimulateOptions& options) : scene_(std::make_shared<Scene>(plan, options)) {
  const std::size_t count = plan.steps().size();
  effects = {std::vector<std::uint32_t>(count), std::vector<Time>(count), std::vector<std::uint32_t>(count), std::vector<Value>(count)};
}

const Fault* World::fault(StepIndex step) const {
  const std::uint32_t fault = scene_->fault[step];
  return fault == Node::kNone ? nullptr : &scene_->faults[fault];
}

bool World::goes_wrong(StepIndex step) const {
  const Fault* found = fault(step);
  return found && !found->stalls && effects.heard[step] < found->times;
}

bool World::stalls(StepIndex step) const { return fault(step) && fault(step)->stalls; }

namespace {

// STEP#ATTEMPT.LOOK
bool is_look(const Task& task) { return task.id.find('.', task.step.size()) != task.id.npos; }

}  // namespace

Time World::takes(StepIndex step, const Task& task) const { return is_look(task) ? 0 : scene_->durations[step].takes; }

void World::perform(StepIndex step, const Task& task, Time now) {
  if (task.action == "observe" || task.kind == Step::Kind::render || goes_wrong(step)) return;
  if (++effects.times[step] == 1) effects.since[step] = now;
  effects.objects[step] = task.object;
}

namespace {

// What others read from the step: as its own object says it, else a word that shows what it is.
Value outputs_of(const Step& step) {
  if (step.more->outputs.empty()) return nullptr;
  boost::json::object outputs;
  for (const StepOutput& output : step.more->outputs) {
    const boost::json::value* found = step.object ? read_output(output, *step.object) : nullptr;
    outputs[output.name] = found ? *found : boost::json::value("simulated-" + output.name);
  }
  return share(std::move(outputs));
}

}  // namespace

Outcome World::as_it_is(StepIndex step, Time now) const {
  const Step& what = scene_->plan.steps()[step];
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = outputs_of(what);
  if (what.gate == Step::Gate::none) return outcome;
  const Time rest = effects.times[step] == 0 ? 0 : effects.since[step] + scene_->durations[step].settles - now;   // what is only kept is as it must be
  outcome.ready = !stalls(step) && rest <= 0;
  if (!*outcome.ready && !stalls(step)) outcome.retry_after = rest;
  return outcome;
}

Outcome World::answer(StepIndex step, const Task& task, Time now) {
  if (goes_wrong(step) && !is_look(task)) {
    ++effects.heard[step];
    return fault(step)->outcome;
  }
  return task.kind == Step::Kind::render ? render(task) : as_it_is(step, now);
}

Outcome World::look(StepIndex step, Time now) const {
  const Fault* found = fault(step);
  if (found && found->outcome.result == Outcome::Result::unknown && found->times == UINT32_MAX) return found->outcome;   // nobody ever knows
  if (effects.times[step] > 0) return as_it_is(step, now);
  Outcome outcome;
  outcome.result = Outcome::Result::not_found;
  return outcome;
}

void tell_unknown_step(const Plan& plan, std::string_view step, Problems& problems) {
  std::vector<std::string_view> names;
  for (const Step& other : plan.steps()) names.push_back(other.id);
  problems.error("unknown-step", {}, "the plan has no step \"" + std::string(step) + '"').hint(did_you_mean(step, names));
}

bool World::check(Diagnostics& diagnostics) const {
  Problems problems({}, diagnostics);
  for (const Fault& fault : scene_->faults)
    if (scene_->names.find(fault.step) == Node::kNone) tell_unknown_step(scene_->plan, fault.step, problems);
  return !problems.has_errors();
}

// Later ones first on the heap's bottom: the front is the next to be answered.
bool operator<(const Flight& a, const Flight& b) { return std::tie(a.until, a.number) > std::tie(b.until, b.number); }

constexpr std::size_t kQuiet = 16;   // and some for each step of the plan

bool Drive::step() {
  handed_out_ = answered_ = Node::kNone;
  return asking_ ? ask() : answer();
}

bool Drive::ask() {
  if (std::exchange(doubt_, false) && look_into_held()) return true;
  Next next = run_.next(now_);
  if (auto* task = std::get_if<Task>(&next)) {
    if (!is_look(*task)) quiet_ = 0;
    const StepIndex step = handed_out_ = world_.names().find(task->step);
    flights_.push_back({now_ + world_.takes(step, *task), count_++, step, std::move(*task)});
    std::ranges::push_heap(flights_, std::less<>());
    peak_ = std::max(peak_, flights_.size());
    return true;
  }
  if (const auto* wait = std::get_if<Wait>(&next)) {
    asking_ = false;
    wake_ = wait->until;
    if (!is_stuck()) return answer();
    done_ = as_it_stands();
    return false;
  }
  done_ = std::get<Done>(std::move(next));
  return done_.result == RunResult::held && look_into_held();
}

// A program of the workflow that nothing bounds asks again and again.
bool Drive::asks_for_ever(StepIndex step) const {
  const Step& what = world_.plan().steps()[step];
  return what.more->flow && !what.more->flow->text.empty() && what.settle_timeout == 0 && run_.state(what.id) == State::settling;
}

// Has nothing changed for long, and is all that is under way of that kind?
bool Drive::is_stuck() {
  const std::span<const Step> steps = world_.plan().steps();
  if (++quiet_ < kQuiet + steps.size() / 8) return false;
  quiet_ = 0;
  std::vector<State> states;
  for (const Step& step : steps) states.push_back(run_.state(step.id));
  if (std::exchange(noted_, states) != states) return false;
  for (StepIndex i = 0; i < steps.size(); ++i)
    if (!is_end(states[i]) && states[i] != State::waiting && states[i] != State::held && !asks_for_ever(i)) return false;
  return true;
}

Done Drive::as_it_stands() const {
  Done done;
  done.result = RunResult::held;
  for (StepIndex i = 0; i < world_.plan().steps().size(); ++i) {
    const Name& id = world_.plan().steps()[i].id;
    const State state = run_.state(id);
    done.succeeded += state == State::succeeded || state == State::no_change;
    done.failed += state == State::failed;
    done.blocked += state == State::blocked;
    done.skipped += state == State::skipped;
    done.cancelled += state == State::cancelled;
    done.held += state == State::held;
    if (asks_for_ever(i)) done.reasons.push_back(id + ' ' + std::string(kNeverAnswered));
  }
  return done;
}

// True if one of them can go on.
bool Drive::look_into_held() {
  bool any = false;
  for (const std::string& step : run_.held()) {
    const std::optional<Task> task = run_.in_doubt(step);
    if (!task) continue;   // held for another reason
    const Outcome found = world_.look(world_.names().find(step), now_);
    if (found.result == Outcome::Result::unknown) continue;
    run_.report(task->id, found, now_);
    ++asked_;
    any |= run_.state(step) != State::held;
  }
  return any;
}

bool Drive::answer() {
  asking_ = true;
  if (flights_.empty() || (wake_ && *wake_ < flights_.front().until)) {
    now_ = std::max(now_, wake_.value_or(now_));
    return true;
  }
  std::ranges::pop_heap(flights_, std::less<>());
  const Flight flight = std::move(flights_.back());
  flights_.pop_back();
  now_ = std::max(now_, flight.until);
  answered_ = flight.step;
  world_.perform(flight.step, flight.task, now_);
  const Outcome outcome = world_.answer(flight.step, flight.task, now_);
  doubt_ |= outcome.result == Outcome::Result::unknown;
  run_.report(flight.task.id, outcome, now_);
  return true;
}

}  // namespace oam::detail
