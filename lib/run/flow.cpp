// Steps of the workflow in the machine: conditions that skip what stands behind them,
// approvals that hold, programs that ask the host call by call.
#include <algorithm>

#include <oam/json.hpp>

#include "run/machine.hpp"
#include "support/duration.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

using What = ProgramTurn::What;

// Of what waits for a while: does it end before its timeout?
bool is_in_time(const FlowTask& flow) { return flow.duration > 0 && (flow.timeout <= 0 || flow.duration <= flow.timeout); }

bool is_good(State state) { return state == State::succeeded || state == State::no_change; }

const char* phase_of(const FlowCount& count) {
  if (count.bad > 0) return "failed";
  if (count.skipped == count.all) return "skipped";
  if (count.good + count.skipped == count.all) return "succeeded";
  if (count.held > 0) return "suspending";
  return count.waiting == count.all ? "pending" : "running";
}

json::object status_of(std::string_view name, const FlowCount& count) {
  json::object made{{"name", name}, {"phase", phase_of(count)}};
  if (!count.message.empty()) made["message"] = count.message;
  if (count.bad > 0) made["reason"] = count.late > 0 ? "Timeout" : "FailedAfterRetries";
  return made;
}

// A group is as the first of these that one of its steps is; skipped only if all of them are.
void add_group(const std::string& name, const std::vector<std::string>& steps, json::object& all) {
  std::vector<const json::object*> own;
  for (const std::string& step : steps)
    if (const json::value* found = all.if_contains(step)) own.push_back(&found->get_object());
  if (own.empty()) return;   // it is a step of the plan itself, or there is nothing of it
  const auto phase_is = [](std::string_view phase) { return [phase](const json::object* each) { return each->at("phase").as_string() == json::string_view(phase); }; };
  json::object made{{"name", name}, {"phase", std::ranges::all_of(own, phase_is("skipped")) ? "skipped" : "succeeded"}};
  for (const char* phase : {"suspending", "running", "pending", "failed"}) {
    const auto found = std::ranges::find_if(own, phase_is(phase));
    if (found == own.end()) continue;
    made = **found;
    made["name"] = name;
    break;
  }
  all[name] = std::move(made);
}

Verdict retried(const std::string& message) {
  Verdict made;
  made.result = Outcome::Result::retry;
  made.message = message;
  return made;
}

}  // namespace

// ---- what other steps know of a step

// The step of the workflow that a step of the plan is part of; a check behind what one applies counts too.
std::string_view Machine::flow_part(StepIndex step) const {
  const Step& what = steps_[step];
  if (!what.more->part_of.empty()) return what.more->part_of;
  const HookRules* rules = rules_of(step);
  const bool checks = rules && !is_ignored(step) && (rules->point == HookPoint::after_create || rules->point == HookPoint::after_update || rules->point == HookPoint::before_healthy);
  std::string_view part;
  for (const Need& need : checks ? std::span<const Need>(what.needs) : std::span<const Need>()) {
    const std::string_view other = need.kind == Edge::Kind::requires_ ? flow_part(need.step) : std::string_view();
    if (!part.empty() && !other.empty() && part != other) return {};
    if (!other.empty()) part = other;
  }
  return part;
}

// Of all steps of the plan that are part of it: of those in the core, which alone are waited for, if any is.
json::object Machine::flow_status(const FlowTask& asking) const {
  std::map<std::string_view, std::array<FlowCount, 2>> counts;   // of the core, of all
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    const std::string_view part = flow_part(i);
    if (part.empty()) continue;
    auto& [core, all] = counts[part];
    if (is_core(i)) count_flow(i, core);
    count_flow(i, all);
  }
  json::object made;
  for (const auto& [name, both] : counts) made[name] = status_of(name, both[both[0].all == 0]);
  for (const auto& [name, steps] : asking.groups) add_group(name, steps, made);
  return made;
}

void Machine::count_flow(StepIndex step, FlowCount& count) const {
  const Progress& at = progress_[step];
  ++count.all;
  count.good += is_good(at.state);
  count.skipped += at.state == State::skipped;
  count.bad += is_bad_end(at.state);
  count.late += at.state == State::failed && at.late;
  count.waiting += at.state == State::waiting;
  count.held += at.state == State::held && at.hold == Hold::approval;
  if (const auto found = messages_.find(step); found != messages_.end() && count.message.empty()) count.message = found->second;
}

// What steps of the workflow have put out.
json::value Machine::flow_variables() const {
  json::object made;
  for (const auto& [step, outputs] : outputs_) {
    if (steps_[step].more->part_of.empty()) continue;
    for (const auto& [name, value] : outputs)
      if (value) made[name] = *value;
  }
  return made;
}

bool Machine::feeds_flow(std::string_view output) const { return flow_inputs_.contains(output); }

void Machine::index_flow(const FlowTask& flow) {
  for (const auto& [from, key] : flow.inputs) {
    flow_inputs_.insert(from);
    flow_inputs_.insert(from.substr(0, from.find_first_of(".[")));
  }
}

// ---- a step whose turn has come

void Machine::prepare_flow(StepIndex step) {
  const Step& what = steps_[step];
  const FlowTask& flow = *what.more->flow;
  if (flow.text.empty()) {
    std::string why;
    const auto holds = decide_flow(flow, what.object, flow_status(flow), flow_variables(), why);
    if (!holds) return fail(step, "its condition cannot be decided: " + why);
    if (!*holds) return skip_flow(step);
    if (flow.waits) return await(step);
    if (what.more->does == "gate") return void(move(step, Signal::complete));
    return put(step);
  }
  take_turn(step, load_program(step).begin(now_, false));
}

// Anew, with what other steps have come to.
Program& Machine::load_program(StepIndex step) {
  const Step& what = steps_[step];
  auto& program = programs_[step];
  program = std::make_unique<Program>(*what.more->flow, what.object, share(flow_status(*what.more->flow)), share(flow_variables()));
  return *program;
}

// What a condition guards is skipped with it.
void Machine::skip_flow(StepIndex step) {
  move(step, Signal::skip);
  for (const User& user : users(step))
    for (const Need& need : steps_[user.step].needs)
      if (need.step == step && plan_.reason(need).rule == "workflow-if" && progress_[user.step].state == State::waiting) move(user.step, Signal::skip);
}

// For somebody's word, or for a while. Nobody's word in time is a failure.
void Machine::await(StepIndex step) {
  const FlowTask& flow = *steps_[step].more->flow;
  const Time end = is_in_time(flow) ? flow.duration : flow.timeout;
  if (end <= 0) return hold(step, Hold::approval, "it waits for somebody to accept it");
  if (!move(step, Signal::settle)) return;
  progress_[step].deadline = later(now_, end);
  wake(step, progress_[step].deadline);
}

// Of a step that waits: its time has come.
void Machine::wake_flow(StepIndex step) {
  const Step& what = steps_[step];
  Progress& at = progress_[step];
  if (at.state == State::ready) return prepare_flow(step);
  if (what.more->flow->waits && is_in_time(*what.more->flow)) return void(move(step, Signal::succeed));
  if (what.more->flow->waits) return fail_late(step, "nobody accepted it within " + words_of(what.more->flow->timeout));
  const auto found = programs_.find(step);
  Program& program = found == programs_.end() ? load_program(step) : *found->second;
  take_turn(step, program.begin(now_, false));
}

// A program that has suspended itself goes on; true: it was one. One in doubt, or one that has failed, is only taken for done.
bool Machine::resume_flow(StepIndex step) {
  if (!is_program(step) || progress_[step].hold != Hold::approval || is_unbegun(step) || !move(step, Signal::again)) return false;
  if (!programs_.contains(step)) load_program(step).pass_suspends();
  messages_.erase(step);
  take_turn(step, programs_[step]->begin(now_, true));
  return true;
}

// ---- answers

// Runs ahead of the machine: what comes of it is the verdict, which is recorded.
ProgramTurn Machine::ask_program(StepIndex step, const Outcome& outcome) const {
  const auto found = programs_.find(step);
  if (found == programs_.end() || !found->second->evaluating()) return {.what = What::wait};
  return found->second->answer(outcome);
}

void Machine::take_turn(StepIndex step, const ProgramTurn& turn) {
  Progress& at = progress_[step];
  for (const auto& [name, value] : turn.outputs) outputs_[step][name] = value;
  const bool goes_on = turn.what == What::next || turn.what == What::wait || turn.what == What::suspend || turn.what == What::retry;
  if (goes_on && gives_up(step)) return void(move(step, at.state == State::ready ? Signal::cancel : Signal::stop));   // its calls are new tasks
  const Time timeout = steps_[step].settle_timeout;
  switch (turn.what) {
    case What::none: return;
    case What::next:
      if (at.state == State::dispatched) begin_waiting(step), move(step, Signal::settle);
      if (at.state == State::ready) return put(step);
      at.due = now_;
      return to_do_.push(place_of(step));
    case What::wait: return pause(step, turn.message);
    case What::suspend: return hold(step, Hold::approval, turn.message.empty() ? "it waits for somebody to accept it" : turn.message);
    case What::skip: return skip_flow(step);
    case What::done: return void(move(step, at.state == State::ready ? Signal::complete : Signal::succeed));
    case What::retry:
      if (timeout > 0 && at.deadline > 0 && now_ >= at.deadline) return fail_late(step, turn.message);
      if (at.state == State::ready) return fail(step, turn.message);
      return try_later(step, retried(turn.message));
    case What::fail: return fail(step, turn.message);
  }
}

// The attempt has its answer: from here the timeout of the whole step counts, not that of one call.
void Machine::begin_waiting(StepIndex step) {
  const Time timeout = steps_[step].settle_timeout;
  progress_[step].deadline = timeout > 0 ? later(now_, timeout) : 0;
}

// It is evaluated again after a while, and fails once its timeout is over.
void Machine::pause(StepIndex step, const std::string& message) {
  Progress& at = progress_[step];
  const Time timeout = steps_[step].settle_timeout;
  if (at.state != State::settling) begin_waiting(step);
  if (timeout > 0 && now_ >= at.deadline) return fail_late(step, "not done after " + std::to_string(timeout) + " ms" + (message.empty() ? "" : ": " + message));
  if (at.state != State::settling && !move(step, Signal::settle)) return;
  if (!message.empty()) messages_[step] = message;
  const Time due = now_ + std::min(poll_of(step) << std::min<std::uint32_t>(at.look, 10), std::max(poll_of(step), options_.backoff_most));
  wake(step, timeout > 0 ? std::min(due, at.deadline) : due);
}

// After a crash programs begin anew; one that may not be done twice waits for a decision.
void Machine::revive_programs() {
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    if (!is_program(step) || programs_.contains(step)) continue;
    Progress& at = progress_[step];
    if (at.state == State::ready) {
      prepare_flow(step);
      continue;
    }
    if (at.state != State::settling || at.in_flight || at.due > now_) continue;
    if (steps_[step].class_ == Step::Class::once) hold(step, Hold::doubt, "it was under way when the run was interrupted");
    else wake(step, now_);
  }
}

}  // namespace oam::detail
