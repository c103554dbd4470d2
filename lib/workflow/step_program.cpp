#include <oam/step_program.hpp>

#include <algorithm>
#include <set>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "render/template.hpp"
#include "support/json.hpp"
#include "workflow/pure_actions.hpp"
#include "workflow/question.hpp"
#include "workflow/step_data.hpp"
#include "workflow/step_outputs.hpp"
#include "workflow/step_walk.hpp"

namespace oam {
namespace json = boost::json;
using detail::FoundCall;

namespace {

constexpr int kMostFailures = 10;   // the next one gives up

constexpr std::string_view kPhases[] = {"pending", "skipped", "running", "suspending", "succeeded", "failed"};

// KubeVela's own reading of objects: what has no kind is none.
bool names_kind(Action action, const json::value& params) {
  const json::value* value = detail::member(params, "value");
  const auto has_kind = [](const json::value& object) { return !detail::text_at(object, "kind").empty(); };
  switch (action) {
    case Action::kube_apply:
    case Action::kube_read:
    case Action::kube_delete:
    case Action::kube_patch: return value && has_kind(*value);
    case Action::kube_apply_in_parallel: return value && value->is_array() && std::ranges::all_of(value->get_array(), has_kind);
    default: return true;
  }
}

json::value given(const Value& value) { return value && !value->is_null() ? *value : json::value(json::object()); }

}  // namespace

std::string_view to_string(StepPhase phase) { return kPhases[static_cast<std::size_t>(phase)]; }

std::optional<StepPhase> step_phase(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kPhases); ++i)
    if (kPhases[i] == text) return static_cast<StepPhase>(i);
  return std::nullopt;
}

// Nested in what a shared library shows, yet not shown.
struct __attribute__((visibility("hidden"))) StepProgram::State {
  std::shared_ptr<const detail::Template> compiled;
  ProgramInput input;

  // What outlives an evaluation.
  json::value variables = json::object();
  int failures = 0;
  std::set<std::string, std::less<>> suspended;   // fields that have suspended the step already
  std::optional<Time> resume_at;                  // a suspend with a duration
  StepPhase before = StepPhase::succeeded;
  bool passes = false;    // no suspend without a duration counts

  // One evaluation.
  Time now = 0;
  std::optional<cue::Instance> step;
  std::set<std::string, std::less<>> done;
  std::optional<FoundCall> found;
  json::value params;
  const ActionName* action = nullptr;
  bool ended = true, evaluated = false, told = false;   // told: a failure of the step itself
  StepResult result;

  void begin();
  void run();
  void call(FoundCall&& next);
  void within();
  void answered(const json::value& returns);
  void wait(const std::string& message);
  void suspend();
  void variable();
  void patch();
  void fail(const std::string& message, const char* reason = "Execute");
  void end();
};

namespace {

void say(StepResult& result, std::string_view message) {
  if (!message.empty()) result.message = message;
}

}  // namespace

// ---- the beginning

void StepProgram::State::begin() {
  result = {};
  step.reset();
  done.clear();
  found.reset();
  ended = evaluated = told = false;
  json::object basic{{"context", given(input.context)}, {"parameter", detail::whole_numbers(given(input.parameter))}};
  for (const Input& each : input.inputs)
    if (!detail::source_of(each, variables, basic)) {
      result.phase = StepPhase::pending;
      result.message = "it waits for input " + each.from;
      ended = true;
      return;
    }
  std::string why;
  const auto decided = detail::decide(input, variables, basic, why);
  if (!decided.value_or(false)) {
    result.phase = StepPhase::skipped;
    result.reason = "Skip";
    if (!decided) result.message = "`if` is no condition: " + why;
    result.skipped = true;
    return end();
  }
  json::value parameter = basic["parameter"];
  for (const Input& each : input.inputs)
    if (!each.parameter_key.empty() && !detail::put_at(parameter, each.parameter_key, *detail::source_of(each, variables, basic))) {
      fail("input " + each.from + " has no place at parameter." + each.parameter_key, "Input");
      return end();
    }
  const cue::Module* module = compiled->module();
  if (!module) {
    fail(detail::first_message(compiled->errors()));
    return end();
  }
  step.emplace(*module, cue::Limits(), cue::Semantics::v0_14);   // KubeVela's
  step->fill("context", basic["context"]);
  step->fill("parameter", parameter);
  evaluated = true;
}

// ---- calls

// Goes on to the next call of the host.
void StepProgram::State::run() {
  while (!ended && !found) {
    auto next = detail::next_call(step->lookup(""), done);
    if (next) call(std::move(*next));
    else end();
  }
}

void StepProgram::State::call(FoundCall&& next) {
  action = find_action(next.provider, next.name);
  if (!action) {
    fail(next.shown + ": nobody knows the action " + next.provider + '/' + next.name);
    return end();
  }
  result.calls.push_back(next.shown + ": " + next.provider + '.' + next.name);
  cue::Errors errors;
  const auto whole = next.value.to_json(errors);
  if (!whole) {
    fail(next.shown + ": " + detail::first_message(errors));
    return end();
  }
  const json::value* own = detail::member(*whole, "$params");
  params = action->flat ? *whole : own ? *own : json::value(json::object());
  found = std::move(next);
  if (!names_kind(action->action, params)) {
    fail(found->shown + ": an object needs a kind");
    return end();
  }
  if (!reaches_host(action->action)) within();
}

// Answers what needs no host.
void StepProgram::State::within() {
  const std::string_view message = detail::text_at(params, "message");
  switch (action->action) {
    case Action::wait: {
      const json::value* go_on = detail::member(params, "continue");
      if (go_on && go_on->is_bool() && go_on->get_bool()) return answered(nullptr);
      wait(std::string(message));
      return end();
    }
    case Action::suspend: return suspend();
    case Action::end:
      result.terminated = true;
      result.phase = StepPhase::succeeded;
      result.reason = "Terminate";
      say(result, message);
      return end();
    case Action::fail:
      result.terminated = true;
      result.phase = StepPhase::failed;
      result.reason = "Action";
      say(result, message);
      return end();
    case Action::message:
      say(result, message);
      return answered(nullptr);
    case Action::variable: return variable();
    case Action::patch_object:
    case Action::unify: return patch();
    default: break;
  }
  std::string why;
  const auto made = detail::pure_answer(action->action, params, why);
  if (made) return answered(*made);
  fail(found->shown + ": " + why);
  end();
}

void StepProgram::State::wait(const std::string& message) {
  result.waiting = true;
  if (result.phase == StepPhase::failed || result.phase == StepPhase::suspending) return;
  result.phase = StepPhase::running;
  result.reason = "Wait";
  say(result, message);
}

// Whoever resumes a step sets it running again; a duration resumes by itself, and nothing
// else does before it is over.
void StepProgram::State::suspend() {
  bool go_on = false;
  if (resume_at) {
    go_on = now >= *resume_at;
    if (go_on) result.phase = StepPhase::succeeded;
  } else {
    if (const std::string_view text = detail::text_at(params, "duration"); !text.empty()) {
      std::string why;
      const auto duration = detail::duration_of(text, why);
      if (!duration) {
        fail(found->shown + ": " + why);
        return end();
      }
      resume_at = now + std::max<Time>(*duration, 1);
    }
    go_on = (!suspended.insert(found->label).second && before == StepPhase::running) || passes;
  }
  if (go_on) return answered(nullptr);
  if (result.phase != StepPhase::failed) {
    result.suspended = true;
    result.phase = StepPhase::suspending;
    result.reason = "Suspend";
    const std::string_view message = detail::text_at(params, "message");
    result.message = message.empty() ? "suspended by field " + found->label : std::string(message);
  }
  end();
}

void StepProgram::State::variable() {
  const std::string path(detail::text_at(params, "path"));
  if (detail::text_at(params, "method") != "Put") {
    if (const json::value* value = detail::at_path(variables, path)) return answered(json::object{{"value", *value}});
    fail(found->shown + ": there is no variable " + path);
    return end();
  }
  const json::value* value = detail::member(params, "value");
  json::value wanted = json::object();
  detail::put_at(wanted, path, value ? *value : json::value());
  if (detail::merge_into(variables, wanted)) return answered(nullptr);
  fail(found->shown + ": variable " + path + " has another value already");
  end();
}

void StepProgram::State::patch() {
  const cue::View own = action->flat ? found->value : found->value.field("$params");
  const json::value* object = detail::member(params, "value");
  std::string why;
  const auto made = detail::patched_object(object ? *object : json::value(json::object()), own.field("patch"), why);
  if (made && action->action == Action::unify) return answered(*made);
  answered(made ? json::object{{"result", *made}} : json::object{{"err", why}});
}

// Puts an answer where it belongs.
void StepProgram::State::answered(const json::value& returns) {
  const std::string& path = found->path;
  if (!returns.is_null()) step->fill(action->flat ? path : path.empty() ? "$returns" : path + ".$returns", returns);
  done.insert(path);
  found.reset();
}

// ---- the end

void StepProgram::State::fail(const std::string& message, const char* reason) {
  const bool again = std::string_view(reason) == "Execute";
  told = true;
  result.waiting = again;
  result.phase = StepPhase::failed;
  result.message = message;
  if (result.reason.empty()) {
    result.reason = reason;
    result.terminated = !again;
  }
  if (failures++ < kMostFailures) return;
  result.waiting = false;
  result.gave_up = true;
  result.reason = "FailedAfterRetries";
}

// What contradicts itself in the step is told unless it has been going on before: then
// only the calls count.
void StepProgram::State::end() {
  ended = true;
  found.reset();
  if (evaluated && before == StepPhase::succeeded && !told)
    if (const cue::Errors errors = step->errors(); !errors.empty()) fail(detail::first_message(errors));
  const bool finished = result.phase == StepPhase::succeeded || result.phase == StepPhase::skipped ||
                        (result.phase == StepPhase::failed && result.reason != "Execute");
  json::object outputs;
  std::string missing;
  if (finished) outputs = detail::step_outputs(input.outputs, step ? &*step : nullptr, missing);
  if (!missing.empty() && result.phase != StepPhase::skipped) result.message = missing;
  result.outputs = std::make_shared<const json::value>(std::move(outputs));
  before = result.phase;
}

// ---- the door

StepProgram::StepProgram(const Definition& definition, ProgramInput input) : state_(std::make_unique<State>()) {
  state_->compiled = definition.compiled;
  state_->input = std::move(input);
  state_->variables = given(state_->input.variables);
}
StepProgram::~StepProgram() = default;
StepProgram::StepProgram(StepProgram&&) noexcept = default;
StepProgram& StepProgram::operator=(StepProgram&&) noexcept = default;

void StepProgram::begin(Time now, std::optional<StepPhase> before) {
  state_->now = now;
  if (before) state_->before = *before;
  state_->begin();
}

void StepProgram::pass_suspends() { state_->passes = true; }

std::optional<StepCall> StepProgram::next() {
  state_->run();
  if (!state_->found) return std::nullopt;
  return StepCall{*state_->action, state_->found->shown, std::make_shared<const json::value>(state_->params)};
}

void StepProgram::answer(StepAnswer answer) {
  State& s = *state_;
  if (!answer.error.empty()) {
    s.fail(s.found->shown + ": " + answer.error);
    return s.end();
  }
  if (!answer.waiting.empty()) s.wait(answer.waiting);
  if (!answer.waiting.empty() && answer.blocks) return s.end();
  s.answered(answer.returns ? *answer.returns : json::value());
}

Value StepProgram::patched(const Value& live, std::string& error) {
  const State& s = *state_;
  const cue::View own = s.action->flat ? s.found->value : s.found->value.field("$params");
  const auto made = detail::patched_object(live ? *live : json::value(), own.field("patch"), error);
  return made ? std::make_shared<const json::value>(*made) : nullptr;
}

const StepResult& StepProgram::result() const { return state_->result; }
Value StepProgram::variables() const { return std::make_shared<const json::value>(state_->variables); }

}  // namespace oam
