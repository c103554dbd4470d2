#include "resolve/workflow.hpp"

#include "application/parts.hpp"

#include <optional>

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

// A step for each environment of the policies that older releases had.
json::array env_steps(const Application::Data& app) {
  json::array steps;
  for (const Policy& p : app.policies) {
    const json::value* envs = p.type == "env-binding" && p.properties ? member(*p.properties, "envs") : nullptr;
    for (const json::value& each : envs && envs->is_array() ? envs->get_array() : json::array()) {
      const std::string env(text_at(each, "name"));
      steps.push_back({{"name", "deploy-" + p.name + '-' + env}, {"type", "deploy2env"}, {"properties", {{"policy", p.name}, {"env", env}}}});
    }
  }
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

WrittenWorkflow written_workflow(const Application::Data& app) {
  if (!app.workflow) return {nullptr, nullptr, app.place};
  const auto object = app.workflow->ref.empty() ? std::nullopt : object_beside(app, "Workflow", app.workflow->ref);
  const Place at = object ? Place{*object, {}} : app.workflow->place;
  const json::value* whole = object ? app.documents[*object].get() : member(*app.documents[at.document], "spec", "workflow");
  const json::value* steps = whole ? member(*whole, "steps") : nullptr;
  if (!steps || !steps->is_array() || steps->get_array().empty()) return {whole, nullptr, app.place};
  return {whole, &steps->get_array(), {at.document, at.pointer + "/steps"}};
}

json::array effective_workflow(const Resolution& shared) {
  const auto& own = shared.app.workflow;
  if (own && !own->ref.empty() && !object_beside(shared.app, "Workflow", own->ref))
    shared.problems.error("unknown-workflow", {own->place.document, own->place.pointer + "/ref"}, "there is no workflow \"" + own->ref + "\" in namespace " + shared.app.namespace_);
  if (const WrittenWorkflow written = written_workflow(shared.app); written.steps) {
    json::array steps;
    std::size_t i = 0;
    for (const json::value& each : *written.steps) steps.push_back(named(each, "step-" + std::to_string(i++)));
    return steps;
  }
  if (has_placement(shared.app)) return deploy_steps(shared.app);
  json::array of_envs = env_steps(shared.app);
  return of_envs.empty() ? apply_steps(shared.app) : of_envs;
}

}  // namespace oam::detail
