#include "resolve/policy_rendering.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/context.hpp"
#include "resolve/kinds.hpp"
#include "resolve/deployments.hpp"
#include "resolve/naming.hpp"
#include "resolve/templates.hpp"
#include "resolve/treatments.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kKnownPolicies[] = {
    "apply-once", "debug",       "env-binding",     "garbage-collect", "health", "lifecycle", "override",
    "read-only",  "replication", "resource-update", "shared-resource", "take-over", "topology"};

// What policies see of the components' objects.
json::object artifacts(const Model::Data& model) {
  json::object all;
  for (const Resource& r : model.resources) {
    if (r.component.empty() || r.component == "*" || r.role == Resource::Role::policy) continue;
    json::value& own = all.emplace(r.component, json::object()).first->value();
    if (r.role == Resource::Role::workload) {
      own.get_object()["workload"] = *r.object;
      continue;
    }
    json::value& traits = own.get_object().emplace("traits", json::object()).first->value();
    json::value& of_type = traits.get_object().emplace(r.trait, json::object()).first->value();
    of_type.get_object()[r.output] = *r.object;
  }
  return all;
}

// `output`: which of `outputs`; empty: the one of the template's `output`.
void add_policy_object(Resolution& shared, const Policy& p, const std::string& output, json::value object) {
  if (!object.is_object()) object = json::object();
  json::value& metadata = object.get_object()["metadata"];
  if (!metadata.is_object()) metadata = json::object();
  json::object& m = metadata.get_object();
  if (text_at(metadata, "name").empty()) m["name"] = p.name;
  Resource r;
  r.role = Resource::Role::policy;
  r.output = output;
  r.api_version = text_at(object, "apiVersion");
  r.kind = text_at(object, "kind");
  r.name = text_at(object, "metadata", "name");
  r.policy = p.name;
  r.place = p.place;
  if (is_namespaced(shared.catalog, r.api_version, r.kind)) {
    if (text_at(object, "metadata", "namespace").empty()) m["namespace"] = shared.app.namespace_;
    r.namespace_ = text_at(object, "metadata", "namespace");
  }
  json::value& labels = m["labels"];
  if (!labels.is_object()) labels = json::object();
  labels.get_object()["app.oam.dev/name"] = shared.app.name;
  labels.get_object()["app.oam.dev/component"] = p.name;
  labels.get_object()["app.oam.dev/appRevision"] = std::string(revision_name(shared.app));
  shared.add_to(Resolution::kAdded, std::move(r), std::move(object));
}

// A policy's template at work.
struct Policing {
  const Policy& p;
  const Definition& d;
  Written written;
  cue::Instance instance;
};

void add_rendered(Resolution& shared, Policing& of, const std::string& output, const cue::View& value) {
  if (!value.exists()) return;
  cue::Errors errors;
  auto object = value.to_json(errors);
  if (object) return add_policy_object(shared, of.p, output, std::move(*object));
  if (missing_parameters(of.instance.lookup("parameter"), of.d, of.written, shared.problems)) return;
  for (const cue::Error& each : errors) tell_template_error(shared, each, of.d, of.p.place);
}

void render_policy(Resolution& shared, const DescribedComponents& components, const Policy& p, const Definition& d,
                   const cue::Module& module) {
  Component owner;
  owner.name = p.name;
  TemplateContext context(shared, owner, components);
  context.set("artifacts", artifacts(*shared.model));
  Policing of{p, d, p.properties ? written_below(p.place, *p.properties) : Written{p.place}, cue::Instance(module)};
  of.instance.fill("parameter", p.properties ? template_data(*p.properties) : json::value(json::object()));
  of.instance.fill("context", context.read_by(d));
  if (p.properties && p.properties->is_object()) check_known_parameters(shared, of.instance.lookup("parameter"), *p.properties, d, p.type, of.written);
  if (!check_template(shared, of.instance, d, p.place)) return;
  tell_undecided(shared, of.instance, d, p.place, of.written);
  add_rendered(shared, of, {}, of.instance.lookup("output"));
  const cue::View outputs = of.instance.lookup("outputs");
  for (const cue::Field& each : outputs.kind() == "struct" ? outputs.fields(false) : std::vector<cue::Field>())
    if (!each.optional && !each.hidden && !each.definition) add_rendered(shared, of, each.name, each.value);
}

}  // namespace

static bool is_known(const Policy& p) { return std::ranges::find(kKnownPolicies, p.type) != std::end(kKnownPolicies); }

static const Definition* definition_of(const Resolution& shared, const Policy& p) {
  return shared.catalog.find(Definition::Kind::policy, p.type, shared.app.namespace_);
}

static void check_policy(const Resolution& shared, const Policy& p) {
  const Definition* d = definition_of(shared, p);
  const Place type{p.place.document, p.place.pointer + "/type"};
  if (!d && !is_known(p)) shared.problems.error("unknown-policy", type, "there is no policy type \"" + p.type + '"');
  if (!d && p.type == "health")
    shared.problems.warning("legacy-policy", type, "KubeVela has no policy type \"health\" any more").hint("health is judged by the healthPolicy of each definition");
  if (d && is_known(p) && d->renderer == Definition::Renderer::cue) check_policy_properties(shared, p, *d);
}

void render_policies(Resolution& shared, const DescribedComponents& components) {
  for (const Policy& p : policies_beside(shared.app))
    if (!p.type.empty()) check_policy(shared, p);
  for (const Policy& p : shared.app.policies) {
    check_policy(shared, p);
    const Definition* d = definition_of(shared, p);
    const bool known = is_known(p);
    const std::string_view scope = d ? text_at(*d->document, "spec", "scope") : std::string_view();
    if (!scope.empty()) continue;   // of scope Application: application_policies.cpp
    if (p.properties && !p.properties->is_object() && !p.properties->is_null()) continue;   // told where it is read
    const cue::Module* module = d && !known && d->renderer == Definition::Renderer::cue ? template_of(shared, *d, p.place) : nullptr;
    if (module) render_policy(shared, components, p, *d, *module);
  }
}

}  // namespace oam::detail
