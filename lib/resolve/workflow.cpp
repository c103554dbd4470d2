#include "resolve/workflow.hpp"

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

json::value named(const json::value& step, const std::string& name) {
  if (!step.is_object()) return step;
  json::value made = step;
  if (text_at(step, "name").empty()) made.get_object()["name"] = name;
  json::value* inner = made.get_object().if_contains("subSteps");
  if (!inner || !inner->is_array()) return made;
  std::size_t i = 0;
  for (json::value& each : inner->get_array()) each = named(each, name + '-' + std::to_string(i++));
  return made;
}

// The steps of a Workflow object that stands beside.
const json::value* workflow_object(const Resolution& shared, const std::string& name) {
  for (const std::uint32_t each : shared.app.others) {
    const json::value& document = *shared.app.documents[each];
    if (text_at(document, "kind") != "Workflow" || text_at(document, "metadata", "name") != name) continue;
    return member(document, "steps");
  }
  const Place& at = shared.app.workflow->place;
  shared.problems.error("unknown-workflow", {at.document, at.pointer + "/ref"}, "there is no workflow \"" + name + '"');
  return nullptr;
}

bool has_placement(const Application::Data& app) {
  for (const Policy& p : app.policies)
    if (p.type == "topology" || p.type == "override") return true;
  return false;
}

// A deploy step for each topology, with all overrides; one for overrides alone.
json::array deploy_steps(const Application::Data& app) {
  json::array overrides, steps;
  for (const Policy& p : app.policies)
    if (p.type == "override") overrides.emplace_back(p.name);
  for (const Policy& p : app.policies) {
    if (p.type != "topology") continue;
    json::array policies = overrides;
    policies.emplace_back(p.name);
    steps.push_back({{"name", "deploy-" + p.name}, {"type", "deploy"}, {"properties", {{"policies", std::move(policies)}}}});
  }
  if (steps.empty())
    steps.push_back({{"name", "deploy"}, {"type", "deploy"}, {"properties", {{"policies", std::move(overrides)}}}});
  return steps;
}

json::array apply_steps(const Application::Data& app) {
  json::array steps;
  for (const Component& c : app.components) {
    json::object step{{"name", c.name}, {"type", "apply-component"}, {"properties", {{"component", c.name}}}};
    json::array needs, inputs, outputs;
    for (const Reference& each : c.depends_on) needs.emplace_back(each.name);
    for (const Input& each : c.inputs) {
      const bool has_root = each.parameter_key.starts_with("properties") || each.parameter_key.starts_with("traits[");
      inputs.push_back({{"from", each.from}, {"parameterKey", (has_root ? "" : "properties.") + each.parameter_key}});
    }
    for (const Output& each : c.outputs) outputs.push_back({{"name", each.name}, {"valueFrom", each.value_from}});
    if (!needs.empty()) step["dependsOn"] = std::move(needs);
    if (!inputs.empty()) step["inputs"] = std::move(inputs);
    if (!outputs.empty()) step["outputs"] = std::move(outputs);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

json::array effective_workflow(const Resolution& shared) {
  json::array steps;
  const auto& own = shared.app.workflow;
  const json::value* written = own ? member(*shared.app.documents[own->place.document], "spec", "workflow", "steps") : nullptr;
  if (own && !own->ref.empty()) written = workflow_object(shared, own->ref);
  if (written && written->is_array() && !written->get_array().empty()) {
    std::size_t i = 0;
    for (const json::value& each : written->get_array()) steps.push_back(named(each, "step-" + std::to_string(i++)));
    return steps;
  }
  return has_placement(shared.app) ? deploy_steps(shared.app) : apply_steps(shared.app);
}

}  // namespace oam::detail
