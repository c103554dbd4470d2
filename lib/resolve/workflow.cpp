// The effective workflow: the steps as written, or those that stand for none.
#include "resolve/resolver.hpp"
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

}  // namespace

json::array Resolver::effective_workflow() {
  json::array steps;
  const json::value* written = app_.workflow ? member(*app_.documents[app_.workflow->place.document], "spec", "workflow", "steps") : nullptr;
  if (app_.workflow && !app_.workflow->ref.empty()) written = workflow_object(app_.workflow->ref);
  if (written && written->is_array() && !written->get_array().empty()) {
    std::size_t i = 0;
    for (const json::value& each : written->get_array()) steps.push_back(named(each, "step-" + std::to_string(i++)));
    return steps;
  }
  return has_placement() ? deploy_steps() : apply_steps();
}

// The steps of a Workflow object that stands beside.
const json::value* Resolver::workflow_object(const std::string& name) {
  for (const std::uint32_t each : app_.others) {
    const json::value& document = *app_.documents[each];
    if (text_at(document, "kind") == "Workflow" && text_at(document, "metadata", "name") == name) return member(document, "steps");
  }
  problems_.error("unknown-workflow", {app_.workflow->place.document, app_.workflow->place.pointer + "/ref"}, "there is no workflow \"" + name + '"');
  return nullptr;
}

bool Resolver::has_placement() const {
  for (const Policy& p : app_.policies)
    if (p.type == "topology" || p.type == "override") return true;
  return false;
}

// A deploy step for each topology, with all overrides; one for overrides alone.
json::array Resolver::deploy_steps() const {
  json::array overrides, steps;
  for (const Policy& p : app_.policies)
    if (p.type == "override") overrides.emplace_back(p.name);
  for (const Policy& p : app_.policies) {
    if (p.type != "topology") continue;
    json::array policies = overrides;
    policies.emplace_back(p.name);
    steps.push_back({{"name", "deploy-" + p.name}, {"type", "deploy"}, {"properties", {{"policies", std::move(policies)}}}});
  }
  if (steps.empty()) steps.push_back({{"name", "deploy"}, {"type", "deploy"}, {"properties", {{"policies", std::move(overrides)}}}});
  return steps;
}

json::array Resolver::apply_steps() const {
  json::array steps;
  for (const Component& c : app_.components) {
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

}  // namespace oam::detail
