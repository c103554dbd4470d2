#include "resolve/deployments.hpp"

#include <algorithm>
#include <optional>

#include "application/parts.hpp"
#include "render/template.hpp"
#include "resolve/workflow.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// KubeVela reads the properties of a deploy step strictly.
void check_deploy(Problems& problems, const json::value& step, const Place& place) {
  const json::value* properties = member(step, "properties");
  if (!properties || properties->is_null()) problems.error("missing-field", place, "a deploy step needs properties");
  if (!properties || !properties->is_object()) return;   // told where it is read
  for (const auto& [key, value] : properties->get_object()) {
    const Place at{place.document, join_pointer(place.pointer + "/properties", std::string_view(key))};
    const bool flag = key == "auto" || key == "ignoreTerraformComponent";
    if (!flag && key != "policies" && key != "parallelism")
      problems.error("unknown-parameter", at, "a deploy step has no property \"" + std::string(key) + '"').key();
    else if (flag ? !value.is_bool() : key == "policies" ? !value.is_array() : !value.is_number())
      problems.error("wrong-type", at, "\"" + std::string(key) + "\" of a deploy step has another type")
          .expected(flag ? "true or false" : key == "policies" ? "a list of names" : "a number");
  }
}

bool reads_replica(const Resolution& shared, Definition::Kind kind, const std::string& type) {
  const Definition* d = shared.catalog.find(kind, type, shared.app.namespace_);
  if (!d) return true;   // nobody knows
  return d->compiled && d->compiled->module() && d->compiled->reads("replicaKey");
}

// Are copies of it told apart?
bool is_replicable(const Resolution& shared, const Component& c) {
  return reads_replica(shared, Definition::Kind::component, c.type) ||
         std::ranges::any_of(c.traits, [&](const Trait& t) { return reads_replica(shared, Definition::Kind::trait, t.type); });
}

std::vector<std::string> names_in(const Policy& p, std::string_view field) {
  std::vector<std::string> all;
  const json::value* list = p.properties ? member(*p.properties, field) : nullptr;
  if (list && list->is_array())
    for (const json::value& each : list->get_array())
      if (each.is_string()) all.emplace_back(each.get_string());
  return all;
}

// Without what is there already; KubeVela makes copies of one name then, or none at all.
std::vector<std::string> keys_of(const Resolution& shared, const Policy& p) {
  std::vector<std::string> all;
  const std::vector<std::string> written = names_in(p, "keys");
  const Place list{p.place.document, p.place.pointer + "/properties/keys"};
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Place at{list.document, join_pointer(list.pointer, i)};
    if (written[i].empty()) shared.problems.error("invalid-value", at, "the key of a copy is empty").expected("a text that tells the copy from the others");
    else if (std::ranges::find(all, written[i]) == all.end()) all.push_back(written[i]);
    else shared.problems.error("invalid-value", at, "policy \"" + p.name + "\" has the key \"" + written[i] + "\" twice").hint("each key makes one copy");
  }
  if (written.empty()) shared.problems.warning("unused-policy", p.place, "policy \"" + p.name + "\" copies nothing: it has no keys");
  return all;
}

// A copy of each selected component for each key, in its place.
void replicate(const Resolution& shared, const Policy& p, std::vector<Component>& all) {
  const std::vector<std::string> keys = keys_of(shared, p), selected = names_in(p, "selector");
  const bool everything = !p.properties || !member(*p.properties, "selector");
  std::vector<Component> made;
  bool any = false;
  for (Component& c : all) {
    const bool chosen = everything || std::ranges::any_of(selected, [&](const std::string& each) { return matches(each, c.name); });
    any |= chosen;
    const bool copies = chosen && !keys.empty() && is_replicable(shared, c);
    if (chosen && !copies && !keys.empty())
      shared.problems.warning("replica-unused", p.place, "component \"" + c.name + "\" is the same in every copy: its templates do not read context.replicaKey");
    for (const std::string& key : copies ? keys : std::vector<std::string>{c.replica_key}) {
      made.push_back(c);
      made.back().replica_key = key;
    }
  }
  check_selected(shared, p, all);
  if (!any && (everything || selected.empty()))
    shared.problems.error("unknown-component", {p.place.document, p.place.pointer + "/properties/selector"},
                          "policy \"" + p.name + "\" selects no component to replicate");
  all = std::move(made);
}

void add_topology(const Resolution& shared, const std::string& name, const Place& at, std::vector<std::string>& all) {
  const bool again = std::ranges::find(all, name) != all.end();
  if (again) shared.problems.strict(shared.lenient, "duplicate-policy", at, "the step names policy \"" + name + "\" twice");
  if (!again || shared.lenient) all.push_back(name);   // KubeVela renders it twice
}

// What a `deploy` step renders: its components, once for each of its topologies.
void add_deployment(const Resolution& shared, const json::value& step, const Place& place, std::vector<Deployment>& all) {
  Deployment made{std::string(text_at(step, "name")), {}, shared.app.components, {}};
  std::vector<std::string> topologies;
  std::vector<Policy> replications;   // of what the others have made
  check_deploy(shared.problems, step, place);
  const json::value* names = member(step, "properties", "policies");
  if (names && names->is_array())
    for (std::size_t i = 0; i < names->get_array().size(); ++i) {
      const json::value& each = names->get_array()[i];
      const Place at{place.document, join_pointer(place.pointer + "/properties/policies", i)};
      const auto p = each.is_string() ? find_policy(shared.app, std::string_view(each.get_string())) : std::nullopt;
      if (!p) {
        shared.problems.error("unknown-policy", at,
                              "the step deploys with policy " + to_json(each) + ", which does not exist");
        continue;
      }
      if (p->type == "topology") add_topology(shared, p->name, at, topologies);
      else if (p->type == "replication") replications.push_back(*p);
      else if (p->type == "override") apply_override(shared, *p, made.components, made.changes);
    }
  for (const Policy& each : replications) replicate(shared, each, made.components);
  if (topologies.empty()) all.push_back(std::move(made));
  for (std::string& each : topologies) all.push_back({made.step, std::move(each), made.components, made.changes});
}

// Also those of groups. `at` is the list of the steps, if they are written.
void add_deployments(const Resolution& shared, const json::array& steps, const Place& at, bool written, std::vector<Deployment>& all) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Place place = written ? Place{at.document, join_pointer(at.pointer, i)} : at;
    if (text_at(steps[i], "type") == "deploy") add_deployment(shared, steps[i], place, all);
    const json::value* inner = member(steps[i], "subSteps");
    if (inner && inner->is_array()) add_deployments(shared, inner->get_array(), {place.document, place.pointer + "/subSteps"}, written, all);
  }
}

}  // namespace

std::optional<Policy> find_policy(const Application::Data& app, std::string_view name) {
  std::optional<Policy> found;   // of several the last
  for (const Policy& each : app.policies)
    if (each.name == name) found = each;
  if (found) return found;
  for (Policy& each : policies_beside(app))
    if (each.name == name) return std::move(each);
  return std::nullopt;
}

std::vector<Policy> policies_beside(const Application::Data& app) {
  std::vector<Policy> all;
  for (const std::uint32_t each : app.others) {
    const Value document = app.documents[each];
    const std::string_view name = text_at(*document, "metadata", "name");
    if (object_beside(app, "Policy", name) != each) continue;
    const json::value* properties = member(*document, "properties");
    all.push_back({std::string(name), std::string(text_at(*document, "type")), properties ? Value(document, properties) : Value(), {each, {}}});
  }
  return all;
}

std::vector<Deployment> deployments(const Resolution& shared) {
  std::vector<Deployment> all;
  const WrittenWorkflow written = written_workflow(shared.app);
  add_deployments(shared, shared.model->workflow->get_array(), written.place, written.steps != nullptr, all);
  if (all.empty()) all.push_back({{}, {}, shared.app.components, {}});
  return all;
}

}  // namespace oam::detail
