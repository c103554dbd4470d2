// Policies that shape what is rendered: overrides and topologies of `deploy` steps,
// and policy types with a template of their own.
#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/resolver.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// `*` stands for any part of a name; all else for itself.
bool matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  name.remove_prefix(star);
  for (std::size_t skip = 0; skip <= name.size(); ++skip)
    if (matches(pattern.substr(star + 1), name.substr(skip))) return true;
  return false;
}

// Maps come together; an empty one changes nothing that is there. All else replaces.
void override_with(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) {
    json::value* there = into.if_contains(key);
    if (there && there->is_object() && value.is_object()) override_with(there->get_object(), value.get_object());
    else if (!there || !value.is_object() || !value.get_object().empty()) into[key] = value;
  }
}

Value merged(const Value& base, const json::value* change) {
  if (!change || !change->is_object()) return base;
  json::value made = base && base->is_object() ? *base : json::value(json::object());
  override_with(made.get_object(), change->get_object());
  return share(std::move(made));
}

bool is_true(const json::value* value) { return value && value->is_bool() && value->get_bool(); }

}  // namespace

const Policy* Resolver::policy(std::string_view name) const {
  const Policy* found = nullptr;   // of several the last
  for (const Policy& each : app_.policies)
    if (each.name == name) found = &each;
  return found ? found : external_policy(name);
}

// A Policy object that stands beside.
const Policy* Resolver::external_policy(std::string_view name) const {
  for (const std::uint32_t index : app_.others) {
    const Value document = app_.documents[index];
    if (text_at(*document, "kind") != "Policy" || text_at(*document, "metadata", "name") != name) continue;
    const json::value* properties = member(*document, "properties");
    external_policies_.push_back({std::string(name), std::string(text_at(*document, "type")), properties ? Value(document, properties) : Value(), {index, {}}});
    return &external_policies_.back();
  }
  return nullptr;
}

void Resolver::override_traits(Component& c, const json::value& change, const Place& place) {
  const json::value* traits = member(change, "traits");
  if (!traits || !traits->is_array()) return;
  for (const json::value& each : traits->get_array()) {
    const std::string type(text_at(each, "type"));
    const auto found = std::ranges::find(c.traits, type, &Trait::type);
    if (is_true(member(each, "disable"))) {
      if (found != c.traits.end()) c.traits.erase(found);
      continue;
    }
    if (found != c.traits.end()) {
      found->properties = merged(found->properties, member(each, "properties"));
      continue;
    }
    Trait& added = c.traits.emplace_back();
    added.type = type;
    added.properties = merged({}, member(each, "properties"));
    added.place = place;
  }
}

// One entry of an override onto the components that it names.
void Resolver::override_components(std::vector<Component>& all, const json::value& change, const Place& place) {
  const std::string_view name = text_at(change, "name"), type = text_at(change, "type");
  bool found = false;
  for (Component& c : all) {
    if (!name.empty() && !matches(name, c.name)) continue;
    if (name.empty() && !type.empty() && c.type != type) continue;
    found = true;
    if (!type.empty() && c.type != type) {   // another type: another component in its place
      Component other;
      other.name = c.name;
      other.type = type;
      other.place = c.place;
      c = std::move(other);
    }
    if (const std::string_view revision = text_at(change, "externalRevision"); !revision.empty()) c.external_revision = revision;
    c.properties = merged(c.properties, member(change, "properties"));
    override_traits(c, change, place);
  }
  if (found || name.empty()) return;
  if (type.empty() || name.find('*') != name.npos) {
    problems_.strict(lenient_, "unknown-component", place, "there is no component \"" + std::string(name) + "\" to override");
    return;
  }
  Component& added = all.emplace_back();
  added.name = name;
  added.type = type;
  added.place = place;
  added.properties = merged({}, member(change, "properties"));
  override_traits(added, change, place);
}

void Resolver::apply_override(std::vector<Component>& all, const Policy& p) {
  const json::value* components = p.properties ? member(*p.properties, "components") : nullptr;
  if (components && components->is_array()) {
    std::size_t i = 0;
    for (const json::value& each : components->get_array()) {
      const Place at{p.place.document, join_pointer(p.place.pointer + "/properties/components", i++)};
      const json::value* properties = member(each, "properties");
      if (properties && !properties->is_object() && !properties->is_null())
        problems_.error("wrong-type", {at.document, at.pointer + "/properties"}, "properties of an override are an object");
      override_components(all, each, at);
    }
  }
  const json::value* selector = p.properties ? member(*p.properties, "selector") : nullptr;
  if (!selector || !selector->is_array()) return;
  std::erase_if(all, [&](const Component& c) {
    return std::ranges::none_of(selector->get_array(), [&](const json::value& each) { return each.is_string() && std::string_view(each.get_string()) == c.name; });
  });
}

// KubeVela reads the properties of a deploy step strictly.
void Resolver::check_deploy(const json::value& step, const Place& place) {
  const json::value* properties = member(step, "properties");
  if (!properties || !properties->is_object()) {
    problems_.error("missing-field", place, "a deploy step needs properties");
    return;
  }
  for (const auto& [key, value] : properties->get_object()) {
    const Place at{place.document, join_pointer(place.pointer + "/properties", std::string_view(key))};
    const bool flag = key == "auto" || key == "ignoreTerraformComponent";
    if (!flag && key != "policies" && key != "parallelism") problems_.error("unknown-parameter", at, "a deploy step has no property \"" + std::string(key) + '"').key();
    else if (flag ? !value.is_bool() : key == "policies" ? !value.is_array() : !value.is_number())
      problems_.error("wrong-type", at, "\"" + std::string(key) + "\" of a deploy step has another type").expected(flag ? "true or false" : key == "policies" ? "a list of names" : "a number");
  }
}

// What a `deploy` step renders: its components, once for each of its topologies.
void Resolver::add_deployment(const json::value& step, const Place& place, std::vector<Deployment>& all) {
  Deployment made{{}, app_.components};
  std::vector<std::string> topologies;
  check_deploy(step, place);
  const json::value* names = member(step, "properties", "policies");
  if (names && names->is_array())
    for (const json::value& each : names->get_array()) {
      const Policy* p = each.is_string() ? policy(std::string_view(each.get_string())) : nullptr;
      if (!p) {
        problems_.error("unknown-policy", place, "the step deploys with policy " + to_json(each) + ", which does not exist");
        continue;
      }
      if (p->type == "topology") topologies.push_back(p->name);
      else if (p->type == "override") apply_override(made.components, *p);
    }
  if (topologies.empty()) all.push_back(std::move(made));
  for (std::string& each : topologies) all.push_back({std::move(each), made.components});
}

std::vector<Resolver::Deployment> Resolver::deployments() {
  std::vector<Deployment> all;
  std::size_t i = 0;
  for (const json::value& step : model_->workflow->get_array()) {
    const Place at = app_.workflow ? Place{app_.workflow->place.document, join_pointer(app_.workflow->place.pointer + "/steps", i++)} : app_.place;
    if (text_at(step, "type") == "deploy") add_deployment(step, at, all);
  }
  if (all.empty()) all.push_back({{}, app_.components});
  return all;
}

namespace {

constexpr std::string_view kKnownPolicies[] = {"apply-once",      "debug",          "env-binding",     "garbage-collect", "lifecycle",
                                               "override",        "read-only",       "replication",    "resource-update", "shared-resource",
                                               "take-over",       "topology"};

}  // namespace

// Objects that policies render by a template.
void Resolver::policy_objects() {
  for (const Policy& p : app_.policies) {
    const Definition* d = catalog_.find(Definition::Kind::policy, p.type);
    if (!d && std::ranges::find(kKnownPolicies, p.type) == std::end(kKnownPolicies)) {
      problems_.error("unknown-policy", {p.place.document, p.place.pointer + "/type"}, "there is no policy type \"" + p.type + '"');
      continue;
    }
    const std::string_view scope = d ? text_at(*d->document, "spec", "scope") : std::string_view();
    if (!scope.empty() && scope != "Application") continue;
    const cue::Module* module = d && d->renderer == Definition::Renderer::cue ? template_of(*d, p.place) : nullptr;
    if (module && std::ranges::find(kKnownPolicies, p.type) == std::end(kKnownPolicies)) policy_object(p, *d, *module);
  }
}

void Resolver::policy_object(const Policy& p, const Definition& d, const cue::Module& module) {
  Component owner;
  owner.name = p.name;
  json::object context = template_context(owner);
  context["artifacts"] = artifacts();
  cue::Instance instance(module);
  instance.fill("parameter", p.properties ? template_data(*p.properties) : json::value(json::object()));
  instance.fill("context", read_by(d, context));
  if (!check_template(instance, d, p.place)) return;
  const cue::View output = instance.lookup("output");
  if (!output.exists()) return;
  cue::Errors errors;
  auto object = output.to_json(errors);
  if (!object) return tell_incomplete(errors, p.place);
  add_policy_object(p, std::move(*object));
}

void Resolver::add_policy_object(const Policy& p, json::value object) {
  if (!object.is_object()) object = json::object();
  json::value& metadata = object.get_object()["metadata"];
  if (!metadata.is_object()) metadata = json::object();
  json::object& m = metadata.get_object();
  if (text_at(metadata, "name").empty()) m["name"] = p.name;
  Resource r;
  r.role = Resource::Role::policy;
  r.api_version = text_at(object, "apiVersion");
  r.kind = text_at(object, "kind");
  r.name = r.policy = text_at(object, "metadata", "name");
  r.place = p.place;
  if (is_namespaced(r.api_version, r.kind)) {
    if (text_at(object, "metadata", "namespace").empty()) m["namespace"] = app_.namespace_;
    r.namespace_ = text_at(object, "metadata", "namespace");
  }
  json::value& labels = m["labels"];
  if (!labels.is_object()) labels = json::object();
  labels.get_object()["app.oam.dev/name"] = app_.name;
  labels.get_object()["app.oam.dev/component"] = p.name;
  labels.get_object()["app.oam.dev/appRevision"] = std::string(revision_name());
  model_->unowned.push_back(static_cast<std::uint32_t>(model_->resources.size()));
  r.object = share(std::move(object));
  model_->resources.push_back(std::move(r));
}

// What policies see of the components' objects.
json::object Resolver::artifacts() const {
  json::object all;
  for (const Resource& r : model_->resources) {
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

}  // namespace oam::detail
