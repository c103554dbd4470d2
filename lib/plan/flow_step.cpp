#include "plan/flow_step.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "render/uses.hpp"
#include "resolve/context.hpp"
#include "support/json.hpp"
#include "workflow/pure_actions.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

json::object context_of(const Model& model, const FlowStep& flow) {
  return step_context(*model.application().data, model.options().cluster, flow.name, flow.group == FlowStep::kNone ? std::string_view() : model.flow()[flow.group].name);
}

// The steps of a group, and of the groups in it.
void add_steps(std::span<const FlowStep> all, std::uint32_t group, std::vector<std::string>& names) {
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].group != group) continue;
    if (all[i].does == FlowStep::Does::group) add_steps(all, i, names);
    else names.push_back(all[i].name);
  }
}

// The groups that a condition asks for: no step of the plan is one.
void add_groups(std::span<const FlowStep> all, FlowTask& task) {
  if (task.condition.empty()) return;
  Uses uses;
  find_uses(task.condition, "status", uses);
  for (std::uint32_t i = 0; i < all.size(); ++i)
    if (all[i].does == FlowStep::Does::group && (uses.whole || uses.fields.contains(all[i].name))) add_steps(all, i, task.groups.emplace_back(all[i].name, std::vector<std::string>()).second);
}

json::array groups_json(const FlowTask& task) {
  json::array made;
  for (const auto& [name, steps] : task.groups) made.push_back({{"name", name}, {"steps", json::array(steps.begin(), steps.end())}});
  return made;
}

void read_groups(const json::value& of, FlowTask& task) {
  const json::value* found = member(of, "groups");
  if (!found) return;
  for (const json::value& each : found->get_array()) {
    auto& steps = task.groups.emplace_back(text_at(each, "name"), std::vector<std::string>()).second;
    for (const json::value& step : member(each, "steps")->get_array()) steps.emplace_back(step.get_string());
  }
}

// What was sent cannot be taken back.
bool sends(Action action) { return action == Action::http_do || action == Action::email_send; }

json::array pairs_json(const std::vector<std::pair<std::string, std::string>>& all, const char* first, const char* second) {
  json::array made;
  for (const auto& [a, b] : all) made.push_back({{first, a}, {second, b}});
  return made;
}

void read_pairs(const json::value& of, const char* name, const char* first, const char* second, std::vector<std::pair<std::string, std::string>>& to) {
  const json::value* found = member(of, name);
  if (!found || !found->is_array()) return;
  for (const json::value& each : found->get_array()) to.emplace_back(text_at(each, first), text_at(each, second));
}

Time number_at(const json::value& of, const char* name) {
  const json::value* found = member(of, name);
  return found && found->is_int64() ? std::max<Time>(found->get_int64(), 0) : 0;
}

}  // namespace

void flow_step(const Model& model, const FlowStep& flow, Step& step) {
  auto task = std::make_shared<FlowTask>();
  task->name = flow.name;
  task->type = flow.type;
  task->condition = flow.condition;
  task->waits = flow.does == FlowStep::Does::suspend || !flow.approved;
  add_groups(model.flow(), *task);
  step.more.edit().does = task->waits ? "suspend" : "gate";
  step.class_ = Step::Class::idempotent;
  for (const Input& each : flow.inputs) task->inputs.emplace_back(each.from, each.parameter_key);
  if (flow.does == FlowStep::Does::suspend) {
    std::string why;
    const std::string_view text = flow.properties ? text_at(*flow.properties, "duration") : std::string_view();
    if (!text.empty()) task->duration = duration_of(text, why).value_or(0);
    task->timeout = flow.timeout;
  }
  if (!flow.text.empty()) {
    step.more.edit().does = flow.type;
    task->timeout = flow.timeout;
    task->text = flow.text;
    task->asks = flow.asks;
    task->context = share(context_of(model, flow));
    for (const Output& each : flow.outputs) task->outputs.emplace_back(each.name, each.value_from);
    if (std::ranges::any_of(flow.asks, sends)) step.class_ = Step::Class::once;
  } else if (!flow.condition.empty()) {
    task->context = share(context_of(model, flow));
  }
  step.object = flow.properties;
  step.more.edit().flow = std::move(task);
}

void hook_program(const Model& model, const Hook& hook, Step& step) {
  const Step::Class own = step.class_;
  FlowStep as;
  as.name = hook.name;
  as.type = hook.type;
  as.text = hook.text;
  as.asks = hook.asks;
  as.properties = hook.properties;
  as.timeout = hook.timeout;
  as.does = hook.type == "suspend" ? FlowStep::Does::suspend : FlowStep::Does::program;
  flow_step(model, as, step);
  step.class_ = own;
  step.settle_timeout = hook.timeout;
}

json::value flow_json(const FlowTask& task) {
  json::object out{{"name", task.name}, {"type", task.type}};
  if (!task.condition.empty()) out["if"] = task.condition;
  if (task.timeout > 0) out["timeout"] = task.timeout;
  if (!task.inputs.empty()) out["inputs"] = pairs_json(task.inputs, "from", "parameterKey");
  if (!task.outputs.empty()) out["outputs"] = pairs_json(task.outputs, "name", "valueFrom");
  if (!task.groups.empty()) out["groups"] = groups_json(task);
  if (task.waits) out["waits"] = true;
  if (task.duration > 0) out["duration"] = task.duration;
  if (!task.asks.empty()) {
    json::array& asks = out["asks"].emplace_array();
    for (const Action each : task.asks) asks.emplace_back(std::string(name_of(each).provider) + '/' + std::string(name_of(each).name));
  }
  if (!task.text.empty()) out["template"] = task.text;
  if (task.context) out["context"] = *task.context;
  return out;
}

std::shared_ptr<const FlowTask> read_flow(const json::value& value, std::string& why) {
  auto task = std::make_shared<FlowTask>();
  task->name = text_at(value, "name");
  task->type = text_at(value, "type");
  task->condition = text_at(value, "if");
  task->timeout = number_at(value, "timeout");
  task->duration = number_at(value, "duration");
  read_pairs(value, "inputs", "from", "parameterKey", task->inputs);
  read_pairs(value, "outputs", "name", "valueFrom", task->outputs);
  read_groups(value, *task);
  const json::value* waits = member(value, "waits");
  task->waits = waits && waits->is_bool() && waits->get_bool();
  task->text = text_at(value, "template");
  if (const json::value* context = member(value, "context")) task->context = share(*context);
  const json::value* asks = member(value, "asks");
  if (asks && asks->is_array())
    for (const json::value& each : asks->get_array()) {
      const std::string text = each.is_string() ? std::string(each.get_string()) : std::string();
      const std::size_t slash = std::min(text.find('/'), text.size());
      const ActionName* found = find_action(text.substr(0, slash), text.substr(std::min(slash + 1, text.size())));
      if (found) task->asks.push_back(found->action);
      else why = "nobody knows the action \"" + text + '"';
    }
  if (task->name.empty()) why = "a step of the workflow has a name";
  return why.empty() ? task : nullptr;
}

}  // namespace oam::detail
