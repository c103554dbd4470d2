// Components and traits whose definition is a CUE template.
#include <charconv>

#include <oam/json.hpp>

#include "render/patch.hpp"
#include "render/template.hpp"
#include "resolve/resolver.hpp"
#include "resolve/described.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

json::object pairs(const Pairs& all) {
  json::object made;
  for (const auto& [key, value] : all) made[key] = value;
  return made;
}

std::string annotation(const Pairs& all, std::string_view key) {
  const auto found = std::ranges::find(all, key, &std::pair<std::string, std::string>::first);
  return found == all.end() ? "" : found->second;
}

// Behind the last dash: shop-v3 is the third.
std::int64_t revision_number(std::string_view name) {
  const std::size_t at = name.rfind("-v");
  std::int64_t number = 0;
  if (at != name.npos) std::from_chars(name.data() + at + 2, name.data() + name.size(), number);
  return number;
}

json::value described(const Component& c) {
  json::object made{{"name", c.name}, {"properties", c.properties && !c.properties->is_null() ? template_data(*c.properties) : json::value(json::object())}};
  if (c.properties && c.properties->is_null()) made["properties"] = nullptr;
  made["type"] = c.type;
  if (!c.external_revision.empty()) made["externalRevision"] = c.external_revision;
  json::array needs, inputs, outputs, traits;
  for (const Reference& each : c.depends_on) needs.emplace_back(each.name);
  for (const Input& each : c.inputs) inputs.push_back({{"from", each.from}, {"parameterKey", each.parameter_key}});
  for (const Output& each : c.outputs) outputs.push_back({{"name", each.name}, {"valueFrom", each.value_from}});
  for (const Trait& each : c.traits) {
    json::object trait{{"type", each.type}};
    if (each.properties) trait["properties"] = *each.properties;
    traits.push_back(std::move(trait));
  }
  if (!needs.empty()) made["dependsOn"] = std::move(needs);
  if (!inputs.empty()) made["inputs"] = std::move(inputs);
  if (!outputs.empty()) made["outputs"] = std::move(outputs);
  if (!traits.empty()) made["traits"] = std::move(traits);
  return template_data(made);
}

// parameter.env.0.name as a JSON pointer, behind the first label.
std::string pointer_behind(std::string_view path) {
  std::string pointer;
  bool first = true;
  while (!path.empty()) {
    const bool quoted = path.starts_with('"');
    const std::size_t end = quoted ? path.find('"', 1) : path.find('.');
    const std::string_view label = quoted ? path.substr(1, end - 1) : path.substr(0, end);
    if (!std::exchange(first, false)) append_pointer(pointer, label);
    path.remove_prefix(std::min(path.size(), quoted ? end + 1 : label.size()));
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return pointer;
}

}  // namespace

json::value described(const std::vector<Component>& all) {
  json::array made;
  for (const Component& c : all) made.push_back(described(c));
  return made;
}

// Of an application that has run before.
std::string_view Resolver::revision_name() const {
  return text_at(*app_.documents[app_.place.document], "status", "latestRevision", "name");
}

// What a template may read of its application.
json::object Resolver::template_context(const Component& c) const {
  json::object context;   // every value as template_data() gives it
  context["appLabels"] = pairs(app_.labels);
  context["appAnnotations"] = pairs(app_.annotations);
  context["appName"] = app_.name;
  context["appRevision"] = std::string(revision_name());
  context["appRevisionNum"] = revision_number(revision_name());
  context["cluster"] = model_->options.cluster;
  context["clusterVersion"] = cluster_version();
  context["name"] = c.name;
  context["namespace"] = app_.namespace_;
  context["publishVersion"] = annotation(app_.annotations, "app.oam.dev/publishVersion");
  context["workflowName"] = annotation(app_.annotations, "app.oam.dev/workflowName");
  for (const char* empty : {"replicaKey", "revision"}) context[empty] = "";
  if (c.properties && c.properties->is_object()) context["parameter"] = template_data(*c.properties);
  return context;
}

json::object Resolver::cluster_version() const {
  const std::string& text = model_->options.cluster_version;
  const std::size_t dot = text.find('.');
  const std::string minor = dot == text.npos ? "" : text.substr(dot + 1, text.find('.', dot + 1) - dot - 1);
  json::object made{{"gitVersion", "v" + text + (std::ranges::count(text, '.') < 2 ? ".0" : "")}, {"major", text.substr(0, dot)}};
  made["minor"] = minor.empty() ? 0 : std::atoi(minor.c_str());
  made["platform"] = "linux/amd64";
  return made;
}

// The part of a context that a template reads.
json::value Resolver::read_by(const Definition& d, const json::object& context) const {
  std::vector<const json::key_value_pair*> fields;
  for (const json::key_value_pair& each : context)
    if (d.compiled->reads(std::string_view(each.key()))) fields.push_back(&each);
  std::ranges::sort(fields, {}, [](const auto* each) { return std::string_view(each->key()); });
  json::object made;
  if (d.compiled->reads("components")) made["components"] = components_;
  for (const auto* each : fields) made.emplace(each->key(), each->value());
  return made;
}

// Everything that is wrong with an evaluated template, told where the author wrote it.
bool Resolver::check_template(cue::Instance& instance, const Definition& d, const Place& owner) {
  bool fine = true;
  const cue::View own = instance.lookup("errs");
  for (const cue::Field& each : own.kind() == "list" ? own.fields() : std::vector<cue::Field>()) {
    cue::Errors ignored;
    const auto text = each.value.to_json(ignored);
    if (text ? !text->is_string() : each.value.kind() != "string") continue;
    fine = false;
    auto problem = problems_.error("template-refuses", owner, text ? std::string(text->get_string()) : "a text that is not known");
    if (const auto place = template_place(d)) problem.related(*place, "as " + d.name + " says");
  }
  cue::Errors found = instance.errors();
  for (const cue::Error& each : found) template_error(each, d, owner);
  return fine && found.empty();
}

// Nothing for a definition that does not stand beside the application: its document is
// none of those that places here are about.
std::optional<Place> Resolver::template_place(const Definition& d) const {
  const std::uint32_t document = d.place.document;
  if (document >= app_.documents.size() || app_.documents[document] != d.document) return std::nullopt;
  return Place{document, d.place.pointer + "/spec/schematic/cue/template"};
}

void Resolver::template_error(const cue::Error& e, const Definition& d, const Place& owner) {
  const bool of_parameter = e.path == "parameter" || e.path.starts_with("parameter.");
  const std::string at = owner.pointer + "/properties" + (of_parameter ? pointer_behind(e.path) : "");
  std::string where, message = (e.path.empty() ? "" : e.path + ": ") + e.message;
  if (!e.positions.empty() && e.positions[0].line > 0)
    where = "line " + std::to_string(e.positions[0].line) + " of the template of " + d.name;
  const auto place = template_place(d);
  if (!where.empty() && !place) message += " (" + where + ')';
  auto problem = problems_.error(of_parameter ? "invalid-parameter" : "template-error", of_parameter ? Place{owner.document, at} : owner, std::move(message));
  if (!where.empty() && place) problem.related(*place, where);
  if (!e.hint.empty()) problem.hint(e.hint);
}

const cue::Module* Resolver::template_of(const Definition& d, const Place& owner) {
  const cue::Module* module = d.compiled ? d.compiled->module() : nullptr;
  if (!module && d.compiled)
    for (const cue::Error& each : d.compiled->errors()) template_error(each, d, owner);
  return module;
}

void Resolver::render_template(const Component& c, const Definition& d) {
  const cue::Module* module = template_of(d, c.place);
  if (!module) return;
  cue::Instance instance(*module);
  instance.fill("parameter", c.properties ? template_data(*c.properties) : json::value(json::object()));
  instance.fill("context", read_by(d, context_));
  if (!check_template(instance, d, c.place)) return;
  const cue::View output = regular_field(instance.lookup(""), "output").value;
  if (!output.exists()) {
    problems_.error("template-error", c.place, "the template of " + d.name + " has no output");
    return;
  }
  const Place at{c.place.document, c.place.pointer};
  drafts_.push_back({draft_of(Resource::Role::workload, {}, at), to_tree(output), c.type});
  add_outputs(instance, "AuxiliaryWorkload", Resource::Role::auxiliary, at);
  const cue::View parameter = instance.lookup("parameter");
  if (c.properties) unknown_parameters(parameter, *c.properties, c.type, {at.document, at.pointer + "/properties"});
  if (std::ranges::any_of(drafts_, [](const Draft& each) { return is_incomplete(each.tree); })) collect_missing(parameter, {}, missing_.names);
}

Resource Resolver::draft_of(Resource::Role role, std::string trait, const Place& place) {
  Resource r;
  r.role = role;
  r.trait = std::move(trait);
  r.place = place;
  return r;
}

void Resolver::add_outputs(cue::Instance& instance, const std::string& type, Resource::Role role, const Place& at) {
  const cue::View outputs = instance.lookup("outputs");
  for (const cue::Field& each : outputs.fields()) {
    if (each.optional || each.hidden || each.definition) continue;
    Resource r = draft_of(role, type, at);
    r.output = each.name;
    drafts_.push_back({std::move(r), to_tree(each.value), type});
  }
}

// What traits see of the objects so far.
bool Resolver::add_objects_to_context(const Place& owner) {
  json::object outputs;
  for (Draft& each : drafts_) {
    cue::Errors errors;
    const auto object = to_json(each.tree, errors);
    if (!object) return tell_incomplete(errors, owner), false;
    if (each.resource.role == Resource::Role::workload) context_["output"] = template_data(*object);
    else if (!each.resource.output.empty()) outputs[each.resource.output] = template_data(*object);
  }
  if (outputs.empty()) context_.erase("outputs");
  else context_["outputs"] = std::move(outputs);
  return true;
}

void Resolver::tell_incomplete(const cue::Errors& errors, const Place& owner) {
  if (!std::exchange(missing_.told, true))
    for (const std::string& each : missing_.names) problems_.error("missing-parameter", missing_.place, "parameter " + each + " is not given");
  if (!missing_.names.empty()) return;
  for (const cue::Error& each : errors)
    problems_.error("template-error", owner, (each.path.empty() ? "" : each.path + ": ") + each.message);
}

void Resolver::template_trait(const Component& c, const Trait& t, const Definition& d) {
  const cue::Module* module = template_of(d, t.place);
  context_["componentType"] = c.type;
  if (!module) return;
  const bool looks = d.compiled->reads("output") || d.compiled->reads("outputs");
  const bool waits = std::ranges::any_of(drafts_, [](const Draft& each) { return is_incomplete(each.tree); });   // no trait acts on what is not known
  if ((looks || waits) && !add_objects_to_context(t.place)) return;
  cue::Instance instance(*module);
  if (t.properties && !t.properties->is_null()) instance.fill("parameter", template_data(*t.properties));
  instance.fill("context", read_by(d, context_));
  if (!check_template(instance, d, t.place)) return;
  if (t.properties) unknown_parameters(instance.lookup("parameter"), *t.properties, t.type, {t.place.document, t.place.pointer + "/properties"});
  const std::size_t first = drafts_.size();
  add_outputs(instance, t.type, Resource::Role::trait, t.place);
  for (std::size_t i = first; i < drafts_.size(); ++i) drafts_[i].refers = &d;
  if (const cue::Field patch = regular_field(instance.lookup(""), "patch", true); patch.value.exists() && !drafts_.empty()) patch_with(drafts_.front(), patch, t);
  for (cue::Field& each : regular_field(instance.lookup(""), "patchOutputs", true).value.fields()) {
    if (each.optional) continue;
    each.doc.clear();   // markers have their say on fields below alone
    for (Draft& draft : drafts_)
      if (draft.resource.output == each.name) patch_with(draft, each, t);
  }
}

void Resolver::patch_with(Draft& draft, const cue::Field& patch, const Trait& t) {
  std::vector<Conflict> conflicts;
  apply_patch(draft.tree, to_tree(patch.value, true), markers_of(patch.doc), conflicts);
  for (const Conflict& each : conflicts)
    problems_.error("patch-conflict", t.place, "trait \"" + t.type + "\" cannot patch " + (each.pointer.empty() ? "the object" : each.pointer) + ": " + each.message);
}

// The drafts of a component become resources.
void Resolver::finish_drafts(const Component& c) {
  const std::size_t workload = model_->resources.size();
  for (Draft& draft : std::exchange(drafts_, {})) {
    cue::Errors errors;
    auto object = to_json(draft.tree, errors);
    if (!object) {
      tell_incomplete(errors, draft.resource.place);
      continue;
    }
    if (draft.refers && workload < model_->resources.size()) refer_to_workload(draft.refers, model_->resources[workload], *object);
    name_and_label(c, draft.resource, *object, draft.type);
    add(std::move(draft.resource), std::move(*object));
  }
}

}  // namespace oam::detail
