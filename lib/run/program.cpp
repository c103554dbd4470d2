#include "run/program.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "support/json.hpp"
#include "workflow/step_data.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

Definition definition_of(const FlowTask& task) {
  Definition made;
  made.kind = Definition::Kind::workflow_step;
  made.name = task.type;
  made.renderer = Definition::Renderer::cue;
  made.compiled = std::make_shared<const Template>(task.type, task.text);
  return made;
}

ProgramInput input_of(const FlowTask& task, const Value& properties, Value status, Value variables) {
  ProgramInput made;
  made.parameter = properties;
  made.context = task.context;
  made.condition = task.condition;
  made.status = std::move(status);
  made.variables = std::move(variables);
  for (const auto& [from, key] : task.inputs) {
    Input& each = made.inputs.emplace_back();
    each.from = from;
    each.parameter_key = key;
  }
  for (const auto& [name, from] : task.outputs) {
    Output& each = made.outputs.emplace_back();
    each.name = name;
    each.value_from = from;
  }
  return made;
}

// An answer has the shape that the older packages give it.
json::value flat(Action action, json::value returns) {
  if (!returns.is_object()) return returns;
  json::object& all = returns.get_object();
  if (action == Action::http_do) return {{"response", std::move(returns)}};
  if (action == Action::kube_list && all.contains("values")) {
    all["list"] = all["values"];
    all.erase("values");
  }
  return returns;
}

bool takes_object(Action action) { return action == Action::kube_apply || action == Action::kube_read; }

}  // namespace

Program::Program(const FlowTask& task, const Value& properties, Value status, Value variables)
    : definition_(definition_of(task)), program_(definition_, input_of(task, properties, std::move(status), std::move(variables))) {}

ProgramTurn Program::begin(Time now, bool resumed) {
  patched_ = nullptr;
  program_.begin(now, resumed ? std::optional(StepPhase::running) : std::nullopt);
  return turn();
}

ProgramTurn Program::answer(const Outcome& outcome) {
  const bool good = outcome.result == Outcome::Result::succeeded || outcome.result == Outcome::Result::unchanged;
  if (call_->action.action == Action::kube_patch && good && !patched_) {
    const json::value* value = outcome.outputs ? member(*outcome.outputs, "value") : nullptr;
    std::string error;
    patched_ = program_.patched(value ? share(*value) : outcome.object, error);
    if (patched_) return {.what = ProgramTurn::What::next};
    program_.answer({.error = error});
    return turn();
  }
  program_.answer(answer_to(outcome));
  patched_ = nullptr;
  return turn();
}

StepAnswer Program::answer_to(const Outcome& outcome) const {
  const Action action = call_->action.action;
  StepAnswer made;
  switch (outcome.result) {
    case Outcome::Result::succeeded:
    case Outcome::Result::unchanged: break;
    case Outcome::Result::retry:
      made.waiting = outcome.message.empty() ? "not done yet" : outcome.message;
      made.blocks = action == Action::email_send;
      break;
    case Outcome::Result::not_found:
      if (action != Action::kube_read) break;
      made.returns = share(json::object{{"value", *call_->params->if_object()->if_contains("value")}, {"err", outcome.message.empty() ? "not found" : outcome.message}});
      return made;
    default: made.error = outcome.message.empty() ? std::string(name_of(outcome.result)) : outcome.message;
  }
  if (outcome.result == Outcome::Result::not_found) made.error = outcome.message.empty() ? "not found" : outcome.message;
  json::value returns = outcome.outputs ? *outcome.outputs : json::value();
  if (action == Action::kube_patch && outcome.object) returns = {{"result", *outcome.object}};
  else if (action == Action::kube_patch && patched_) returns = {{"result", *patched_}};
  else if (returns.is_null() && outcome.object && takes_object(action)) returns = {{"value", *outcome.object}};
  else if (returns.is_null() && action == Action::kube_apply && made.error.empty()) returns = {{"value", *call_->params->if_object()->if_contains("value")}};
  if (call_->action.flat) returns = flat(action, std::move(returns));
  if (!returns.is_null()) made.returns = share(std::move(returns));
  return made;
}

std::string Program::action() const {
  if (call_->action.action == Action::kube_patch) return patched_ ? "kube/apply" : "kube/read";
  const ActionName& name = name_of(call_->action.action);
  return std::string(name.provider) + '/' + std::string(name.name);
}

Value Program::params() const {
  if (call_->action.action != Action::kube_patch) return call_->params;
  json::object made = call_->params->get_object();
  made.erase("patch");
  if (patched_) made["value"] = *patched_;
  return share(std::move(made));
}

ProgramTurn Program::turn() {
  using What = ProgramTurn::What;
  call_ = program_.next();
  if (call_) {
    secret_ |= call_->action.action == Action::kube_read && text_at(*call_->params, "value", "kind") == "Secret";
    return {.what = What::next};
  }
  const StepResult& result = program_.result();
  ProgramTurn made{.what = What::done, .message = result.message, .secret = secret_};
  if (secret_ && !made.message.empty()) made.message = "it has read a Secret, so what it says is not shown";
  switch (result.phase) {
    case StepPhase::succeeded: break;
    case StepPhase::skipped: made.what = What::skip; break;
    case StepPhase::pending:
    case StepPhase::running: made.what = What::wait; break;
    case StepPhase::suspending: made.what = What::suspend; break;
    case StepPhase::failed: made.what = result.reason == "Execute" ? What::retry : What::fail;
  }
  if (made.what == What::done && result.outputs && result.outputs->is_object())
    for (const auto& [name, value] : result.outputs->get_object()) made.outputs[std::string(name)] = share(value);
  return made;
}

std::optional<bool> decide_flow(const FlowTask& task, const Value& properties, const json::value& status, const json::value& variables, std::string& why) {
  ProgramInput input;
  input.condition = task.condition;
  input.status = share(status);
  for (const auto& [from, key] : task.inputs) {
    Input& each = input.inputs.emplace_back();
    each.from = from;
    each.parameter_key = key;
  }
  const json::value basic{{"context", task.context ? *task.context : json::value(json::object())}, {"parameter", properties ? *properties : json::value(json::object())}};
  return decide(input, variables, basic, why);
}

}  // namespace oam::detail
