#include "resolve/step_condition.hpp"

#include <boost/json/serialize.hpp>

#include <oam/cue/instance.hpp>

namespace oam::detail {
namespace {
namespace json = boost::json;

std::string as_field(std::string_view text) { return json::serialize(json::string(text)); }

// What a condition reads of a step, with `answer` to each question about it.
std::string status_of_step(std::string_view answer) {
  std::string text = "close({";
  for (const char* each : {"id", "name", "type", "phase", "message", "reason", "firstExecuteTime", "lastExecuteTime"}) text.append(each).append(": string, ");
  for (const char* each : {"failed", "succeeded", "skipped", "timeout", "failedAfterRetries", "terminate"}) text.append(each).append(": ").append(answer).append(", ");
  return text + "})";
}

constexpr std::string_view kContext =
    "context: close({appLabels: {...}, appAnnotations: {...}, appRevisionNum: int, name: string, namespace: string, appName: string\n"
    "appRevision: string, workflowName: string, publishVersion: string, cluster: string, replicaKey: string, revision: string\n"
    "stepName: string, stepSessionID: string, spanID: string, stepGroupName: string})\n";

// What comes by an input may stand among the parameters too.
std::string readable(const FlowStep& step, const Uses& status, std::string_view answer) {
  std::string text = "status: {";
  for (const std::string& name : status.fields) text += as_field(name) + ": " + status_of_step(answer) + '\n';
  text += "}\ninputs: close({";
  for (const Input& each : step.inputs) text += as_field(each.from) + ": _\n";
  const std::string given = step.properties ? json::serialize(*step.properties) : "{}";
  return text + "})\nparameter: " + (step.inputs.empty() ? "close(" + given + ")\n" : "{...}\n") + std::string(kContext);
}

std::string undecided(const std::string& condition, const std::string& data) {
  cue::Errors errors;
  const Source source{"condition", "if: " + condition + '\n' + data};
  const auto module = cue::Module::compile({&source, 1}, {}, errors);
  if (!module) return errors.empty() ? "it is not known" : errors.front().message;
  cue::Instance instance(*module, {}, cue::Semantics::v0_14);
  const cue::View value = instance.lookup("if");
  const auto error = value.error();
  if (error && error->code != "incomplete") return error->message;
  return !error && value.settled() && value.kind() != "bool" ? "it is no bool" : "";
}

}  // namespace

std::string why_undecided(const FlowStep& step, const Uses& status) {
  std::string why;
  for (const char* answer : {"bool", "false", "true"})
    if (why.empty()) why = undecided(step.condition, readable(step, status, answer));
  return why;
}

}  // namespace oam::detail
