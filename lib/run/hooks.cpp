// Hooks and lanes in a run: when a hook has nothing to do, what its bad end means,
// and when the end of a run waits for a lane no longer.
#include "run/machine.hpp"

#include <algorithm>

#include <oam/cue/instance.hpp>
#include <oam/json.hpp>

#include "support/duration.hpp"

namespace oam::detail {

// Is there nothing to do, because nothing failed or the condition does not hold?
bool Machine::is_left_out(StepIndex step, std::string& problem) const {
  if (!facts_[step].hooked) return false;
  const Step& what = steps_[step];
  if (!what.more->hook->cleans.empty()) return !leaves_something(find(what.more->hook->cleans), *what.more->hook);
  if (what.more->hook->point == HookPoint::on_failure && !is_called_for(step)) return true;
  return !what.more->hook->condition.empty() && !holds(step, problem);
}

// Did something that it comes after, straight or through others, come to a bad end?
bool Machine::is_called_for(StepIndex rescue) const {
  const auto failed = [&](StepIndex step) { return progress_[step].state == State::failed || progress_[step].state == State::blocked; };
  return std::ranges::any_of(steps_[rescue].needs, failed, &Need::step) ||
         std::ranges::any_of(behind(rescue), [&](StepIndex step) { return failed(step) && !is_ignored(step); });
}

// Has a hook come to an end after which what it made is deleted?
bool Machine::leaves_something(StepIndex hook, const HookRules& rules) const {
  if (hook == kNoStep) return false;
  const State end = progress_[hook].state;
  return ((end == State::succeeded || end == State::no_change) && rules.if_succeeded) || (end == State::failed && rules.if_failed);
}

// The condition of a hook on how the run stands. Its text was checked when the plan was made.
bool Machine::holds(StepIndex step, std::string& problem) const {
  const Step& what = steps_[step];
  const auto count = [&](State state) { return count_[static_cast<std::size_t>(state)]; };
  const std::size_t failed = count(State::failed) + count(State::blocked), succeeded = count(State::succeeded) + count(State::no_change);
  const boost::json::value context{
      {"name", std::string(plan_.application())}, {"namespace", what.target.namespace_}, {"component", what.component},
      {"action", what.more->does}, {"lane", what.lane},
      {"status", {{"healthy", core_bad_ == 0}, {"failed", failed}, {"succeeded", succeeded}}}};
  const Source file{"if", "context: {...}\nif: " + what.more->hook->condition + "\n"};
  cue::Errors errors;
  auto module = cue::Module::compile(std::span(&file, 1), {}, errors);
  if (module) {
    cue::Instance instance(std::move(*module));
    instance.fill("context", context);
    const auto value = instance.lookup("if").to_json(errors);
    if (value && value->is_bool()) return value->get_bool();
  }
  problem = "the condition \"" + what.more->hook->condition + "\" cannot be decided" + (errors.empty() ? "" : ": " + errors.front().message);
  return false;
}

// A bad end as its rule has it: false if a person has to decide instead.
bool Machine::ends_badly(StepIndex step) {
  const Step& what = steps_[step];
  if (!what.more->hook || cancelling_) return true;
  if (what.more->hook->on_failure == FailureRule::hold) {
    if (!move(step, Signal::hold)) return true;
    progress_[step].hold = Hold::failure;
    return false;
  }
  if (what.more->hook->on_failure == FailureRule::rollback && is_core(step)) roll_back_ = true;
  return true;
}

// Of a step whose state changes: keeps count of the core and of each lane.
void Machine::weigh_lane(StepIndex step, State from, State to) {
  const std::uint32_t lane = facts_[step].lane;
  if (lane == kCore) {
    if (!is_last(step)) core_open_ += is_end(from) - is_end(to);
    const bool counts = !is_ignored(step);
    core_bad_ += counts && (to == State::failed || to == State::blocked);
    core_bad_ -= counts && (from == State::failed || from == State::blocked);
    return;
  }
  const auto good = [](State state) { return state == State::succeeded || state == State::no_change; };
  if (!is_last(step)) lanes_[lane].open += is_end(from) - is_end(to);
  lanes_[lane].good += good(to) - good(from);
}

// What the end of the core means to the lanes: some are waited for, some are not.
void Machine::join_lanes() {
  if (core_open_ > 0) {
    core_end_.reset();
    return;
  }
  if (!core_end_) core_end_ = now_;
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
    if (lanes_[lane].open == 0) lanes_[lane].taken_up = false;
    else if (is_over(lane)) end_lane(lane);
  }
}

bool Machine::is_over(std::uint32_t lane) const {
  if (!core_end_ || lanes_[lane].taken_up) return false;
  const LaneJoin& rule = joins_[lane];
  switch (rule.join) {
    case Lane::Join::all: return false;
    case Lane::Join::core_only:
    case Lane::Join::detach: return true;
    case Lane::Join::core_then_deadline: return !paused_ && now_ - *core_end_ >= rule.deadline;
    case Lane::Join::quorum: return lanes_[lane].good >= rule.quorum;
  }
  return false;
}

// Those whose time is up at `due`.
void Machine::end_lanes_due(Time due) {
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane)
    if (lanes_[lane].open > 0 && !lanes_[lane].taken_up && joins_[lane].join == Lane::Join::core_then_deadline && due - *core_end_ >= joins_[lane].deadline) end_lane(lane);
  drain();
}

std::string Machine::why_ended(const LaneJoin& lane) {
  if (lane.join != Lane::Join::core_then_deadline) return "the run does not wait for lane " + lane.name;
  return "lane " + lane.name + " had no more than " + words_of(lane.deadline) + " after the core";
}

// All of it, but for its hooks at on-failure and finally, which then come to their turn. A hook that has failed
// and waits for a person has failed.
void Machine::end_lane(std::uint32_t lane) {
  const Lane::Join join = joins_[lane].join;
  cutting_ = true;
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    Progress& at = progress_[step];
    if (facts_[step].lane != lane || is_end(at.state) || is_last(step)) continue;
    land(step);
    if (at.hold == Hold::failure && move(step, Signal::fail)) continue;
    messages_[step] = why_ended(joins_[lane]);
    if (join == Lane::Join::detach) move(step, Signal::skip);
    else move(step, at.state == State::dispatched ? Signal::stop : Signal::cancel);
  }
  cutting_ = false;
}

// When a lane that is waited for after the end of the core has to be done.
std::optional<Time> Machine::lane_due() const {
  std::optional<Time> due;
  if (!core_end_ || paused_) return due;
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
    const LaneJoin& rule = joins_[lane];
    if (rule.join != Lane::Join::core_then_deadline || lanes_[lane].open == 0 || lanes_[lane].taken_up) continue;
    const Time end = *core_end_ > INT64_MAX - rule.deadline ? INT64_MAX : *core_end_ + rule.deadline;
    if (!due || end < *due) due = end;
  }
  return due;
}

// One that the plan says nothing of is joined as any other.
std::uint32_t Machine::lane_named(const std::string& name) {
  const auto found = std::ranges::find(joins_, name, &LaneJoin::name);
  const auto lane = static_cast<std::uint32_t>(found - joins_.begin());
  if (found == joins_.end()) joins_.push_back({name});
  return lane;
}

// Anew, from the states as they are.
void Machine::count_lanes() {
  core_open_ = core_bad_ = 0;
  lanes_.resize(joins_.size());
  for (LaneState& lane : lanes_) lane.open = lane.good = 0;
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    if (is_core(i)) core_open_ += !is_last(i);
    else lanes_[facts_[i].lane].open += !is_last(i);
    weigh_lane(i, State::waiting, progress_[i].state);
  }
}

}  // namespace oam::detail
