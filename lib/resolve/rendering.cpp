#include <algorithm>

#include <oam/json.hpp>

#include "resolve/described.hpp"
#include "resolve/field_path.hpp"
#include "resolve/kinds.hpp"
#include "resolve/resolver.hpp"
#include "support/digest.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::vector<std::string_view> names_of(const Catalog& catalog, Definition::Kind kind) {
  std::vector<std::string_view> all;
  for (const Definition& d : catalog.definitions())
    if (d.kind == kind) all.push_back(d.name);
  return all;
}

json::object& map_at(json::value& object, std::string_view name) {
  json::value& found = object.get_object()[json::string_view(name.data(), name.size())];
  if (!found.is_object()) found = json::object();
  return found.get_object();
}

// OAM 0.2 values are text or integers; a field that holds a number keeps its kind.
json::value fitted(const json::value& value, const json::value& target) {
  if (target.is_string() && !value.is_string()) return json::value(to_json(value));
  if (!target.is_number() && !target.is_bool()) return value;
  if (!value.is_string()) return value;
  Diagnostics ignored;
  const auto parsed = parse_json(std::string(value.get_string()), ignored);
  const bool fits = parsed && (target.is_bool() ? parsed->is_bool() : parsed->is_number());
  return fits ? *parsed : value;
}

std::string_view kind_of(const json::value& value) {
  if (value.is_number()) return "a number";
  if (value.is_string()) return "text";
  return value.is_bool() ? "true or false" : value.is_array() ? "a list" : value.is_object() ? "an object" : "null";
}

}  // namespace

void Resolver::deployment(const Deployment& d) {
  placement_ = d.placement;
  components_ = described(d.components);
  for (const Component& c : d.components) {
    const auto own = std::ranges::find(app_.components, c.name, &Component::name);
    current_ = own == app_.components.end() ? kAdded : static_cast<std::uint32_t>(own - app_.components.begin());
    // Of several with one name each stands for itself.
    if (d.components.size() == app_.components.size()) current_ = static_cast<std::uint32_t>(&c - d.components.data());
    component(c);
  }
}

void Resolver::component(const Component& c) {
  if (!c.workload) context_ = template_context(c);
  missing_ = {{}, {c.place.document, c.place.pointer + (c.properties ? "/properties" : "")}, false};
  const std::size_t first = model_->resources.size();
  render_workload(c);
  if (drafts_.empty() && model_->resources.size() == first) {   // its traits have nothing to act on, but may be wrong as well
    for (const Trait& t : c.traits)
      if (!t.object && !t.type.empty() && !catalog_.find(Definition::Kind::trait, t.type)) unknown_trait(t);
    return;
  }
  std::vector<const Definition*> definitions;
  for (const Trait& t : c.traits) definitions.push_back(t.object ? old_trait(c, t, first) : trait(c, t));
  finish_drafts(c);
  if (model_->resources.size() == first) return;
  for (std::size_t i = 0; i < c.traits.size(); ++i)
    if (definitions[i] && !c.traits[i].object) check_applies(*definitions[i], c, c.traits[i], model_->resources[first]);
  check_conflicts(c, definitions);
}

void Resolver::render_workload(const Component& c) {
  if (c.workload) return render_old(c);
  const Definition* d = catalog_.find(Definition::Kind::component, c.type);
  if (!d) d = catalog_.find(Definition::Kind::workload, c.type);
  if (d) {
    if (!supported(*d, c.place, c.type)) return;
    if (d->renderer == Definition::Renderer::cue) return render_template(c, *d);
    return d->renderer == Definition::Renderer::objects ? render_objects(c) : render_reference(c, *d);
  }
  if (!c.type.empty())
    problems_.error("unknown-type", {c.place.document, c.place.pointer + "/type"}, "there is no component type \"" + c.type + '"')
        .hint(did_you_mean(c.type, names_of(catalog_, Definition::Kind::component)));
}

bool Resolver::supported(const Definition& d, const Place& place, std::string_view name) {
  using enum Definition::Renderer;
  if (d.renderer == objects || d.renderer == definition_ref || d.renderer == cue) return true;
  const std::string what = d.renderer == unsupported ? "has a schematic \"" + d.schematic + "\", which OAM no longer has"
                                                       : "renders nothing";
  problems_.error("unsupported-schematic", {place.document, place.pointer + "/type"}, "type \"" + std::string(name) + "\" " + what);
  return false;
}

void Resolver::render_objects(const Component& c) {
  const Place at{c.place.document, c.place.pointer + "/properties/objects"};
  const json::value* objects = c.properties ? member(*c.properties, "objects") : nullptr;
  if (!objects || !objects->is_array() || objects->get_array().empty()) {
    problems_.error(objects && !objects->is_array() ? "wrong-type" : "missing-parameter", objects ? at : c.place,
                    "component \"" + c.name + "\" needs a list of objects in properties.objects");
    return;
  }
  if (c.properties->is_object())
    for (const auto& entry : c.properties->get_object())
      if (entry.key() != "objects")
        problems_.strict(lenient_, "unknown-parameter", {at.document, c.place.pointer + "/properties/" + std::string(entry.key())},
                         "component type k8s-objects has no parameter \"" + std::string(entry.key()) + '"').key();
  std::size_t i = 0;
  for (const json::value& object : objects->get_array()) {
    Resource r;
    r.place = {at.document, join_pointer(at.pointer, i)};
    r.role = i == 0 ? Resource::Role::workload : Resource::Role::auxiliary;
    if (i > 0) r.output = "objects-" + std::to_string(i);
    if (i++ > 0) r.trait = "AuxiliaryWorkload";
    const std::string type = i == 1 ? c.type : r.trait;
    drafts_.push_back({std::move(r), to_tree(object), type});
  }
}

// A definitionRef alone: the properties are the object.
void Resolver::render_reference(const Component& c, const Definition& d) {
  Resource r;
  r.place = {c.place.document, c.place.pointer + (c.properties ? "/properties" : "")};
  json::value object = c.properties ? *c.properties : json::value(json::object());
  if (!set_kind(d, object, r.place)) return;
  drafts_.push_back({std::move(r), to_tree(object), c.type});
}

void Resolver::render_old(const Component& c) {
  Resource r;
  r.place = c.workload_place;
  json::value object = with_parameters(c);
  old_definition(Definition::Kind::workload, object, c.workload_place, "workload");
  const bool revised = std::ranges::any_of(c.traits, [&](const Trait& t) {
    const Definition* d = t.object ? definition_for(Definition::Kind::trait, *t.object) : nullptr;
    return d && d->revision_enabled;
  });
  if (revised && text_at(object, "metadata", "name").empty())
    map_at(object, "metadata")["name"] = c.revision.empty() ? c.name + "-v1" : c.revision;
  name_and_label(c, r, object, text_at(object, "kind"));
  add(std::move(r), std::move(object));
}

json::value Resolver::with_parameters(const Component& c) {
  json::value object = *c.workload;
  for (const Parameter& p : c.parameters) write_parameter(c, p, object);
  return object;
}

void Resolver::write_parameter(const Component& c, const Parameter& p, json::value& object) {
  std::string_view first;
  for (std::size_t i = 0; i < p.field_paths.size(); ++i) {
    const Place here{p.place.document, p.place.pointer + "/fieldPaths/" + std::to_string(i)};
    const auto pointer = to_pointer(p.field_paths[i]);
    if (!pointer) {
      problems_.error("invalid-field-path", here, "\"" + p.field_paths[i] + "\" is no field path").expected("spec.containers[0].image");
      continue;
    }
    const json::value* target = find_pointer(*c.workload, *pointer);
    if (target && target->is_structured())
      problems_.error("parameter-type", here, "\"" + p.field_paths[i] + "\" leads to " + std::string(kind_of(*target)) + ", not to a value")
          .related(c.workload_place, "in this workload");
    else if (target && !first.empty() && kind_of(*target) != first)
      problems_.strict(lenient_, "parameter-type", here, "parameter \"" + p.name + "\" is written to " + std::string(first) + " and to " + std::string(kind_of(*target)));
    if (target && first.empty()) first = kind_of(*target);
    if (!p.value || (target && target->is_structured())) continue;
    if (!write_at(object, *pointer, target ? fitted(*p.value, *target) : *p.value))
      problems_.error("invalid-field-path", here, "\"" + p.field_paths[i] + "\" goes through a value that has no fields");
  }
}

void Resolver::unknown_trait(const Trait& t) {
  problems_.error("unknown-trait", {t.place.document, t.place.pointer + "/type"}, "there is no trait type \"" + t.type + '"')
      .hint(did_you_mean(t.type, names_of(catalog_, Definition::Kind::trait)));
}

const Definition* Resolver::trait(const Component& c, const Trait& t) {
  const Definition* d = catalog_.find(Definition::Kind::trait, t.type);
  if (!d) {
    if (!t.type.empty()) unknown_trait(t);
    return nullptr;
  }
  if (!supported(*d, t.place, t.type)) return d;
  if (d->renderer == Definition::Renderer::cue) return template_trait(c, t, *d), d;
  json::value object = t.properties ? *t.properties : json::value(json::object());
  if (!set_kind(*d, object, t.place)) return d;
  drafts_.push_back({draft_of(Resource::Role::trait, t.type, t.place), to_tree(object), t.type, d});
  return d;
}

const Definition* Resolver::old_trait(const Component& c, const Trait& t, std::size_t workload_index) {
  json::value object = *t.object;
  const Definition* d = old_definition(Definition::Kind::trait, object, t.place, "trait");
  const Resource& workload = model_->resources[workload_index];
  if (d) check_applies(*d, c, t, workload);
  Resource r;
  r.role = Resource::Role::trait;
  r.trait = t.type;
  r.place = t.place;
  refer_to_workload(d, workload, object);
  name_and_label(c, r, object, t.type);
  trait_resources_[current_].push_back(static_cast<std::uint32_t>(model_->resources.size()));
  add(std::move(r), std::move(object));
  return definition_for(Definition::Kind::trait, *t.object);
}

// PLURAL.GROUP of what a definition without a template renders; of a component
// definition it may stand in the workload definition that it names.
std::string_view Resolver::rendered_kind(const Definition& d) const {
  if (!d.definition_ref.empty()) return d.definition_ref;
  if (d.workload_type.empty()) return d.name;
  const Definition* workload = catalog_.find(Definition::Kind::workload, d.workload_type);
  return workload && !workload->definition_ref.empty() ? workload->definition_ref : d.workload_type;
}

// The kind: from the object, a CRD given beside, the definition, the 0.2 kinds.
// It stands at the head of the object, where people look for it.
bool Resolver::set_kind(const Definition& d, json::value& object, const Place& place) {
  if (!object.is_object()) object = json::object();
  if (object.get_object().contains("kind") && object.get_object().contains("apiVersion")) return true;
  const std::string_view ref = rendered_kind(d);
  std::string api_version, kind;
  if (const CustomKind* crd = find_custom_kind(catalog_, ref)) {
    api_version = crd->group + '/' + (crd->versions.empty() ? "v1" : crd->versions.front());
    kind = crd->kind;
  } else if (!d.workload_kind.empty()) {
    api_version = d.workload_api_version;
    kind = d.workload_kind;
  } else if (const CoreKind* core = find_core_kind(ref)) {
    api_version = core->api_version;
    kind = core->kind;
  } else {
    problems_.error("missing-kind", place, "nothing says which kind " + std::string(ref) + " is")
        .hint("write apiVersion and kind, or give its CustomResourceDefinition beside");
    return false;
  }
  json::object made{{"apiVersion", api_version}, {"kind", kind}};
  for (auto& field : object.get_object())
    if (field.key() != "apiVersion" && field.key() != "kind") made.emplace(field.key(), std::move(field.value()));
  object = std::move(made);
  return true;
}

void Resolver::refer_to_workload(const Definition* d, const Resource& workload, json::value& object) {
  const CoreKind* core = find_core_kind(text_at(object, "apiVersion"), text_at(object, "kind"));
  const std::string path = d && !d->workload_ref_path.empty() ? d->workload_ref_path : core ? std::string(core->workload_ref_path) : "";
  const auto pointer = path.empty() ? std::nullopt : to_pointer(path);
  if (pointer && !write_at(object, *pointer, {{"apiVersion", workload.api_version}, {"kind", workload.kind}, {"name", workload.name}}))
    problems_.error("invalid-field-path", workload.place, "workloadRefPath \"" + path + "\" goes through a value that has no fields");
}

// Names, namespaces and labels: docs/document.md has the rules.
void Resolver::name_and_label(const Component& c, Resource& r, json::value& object, std::string_view type) {
  r.api_version = text_at(object, "apiVersion");
  r.kind = text_at(object, "kind");
  r.component = c.name;
  if (!object.is_object()) {
    problems_.error("wrong-type", r.place, "this is " + std::string(kind_of(object)) + ", not a Kubernetes object").expected("an object with apiVersion and kind");
    return;
  }
  if (r.api_version.empty() || r.kind.empty()) {
    problems_.error("missing-kind", r.place, "this object has no " + std::string(r.api_version.empty() ? "apiVersion" : "kind"));
    return;
  }
  if (const json::value* written = member(object, "metadata"); written && !written->is_object() && lenient_) {
    r.name = c.name;   // KubeVela names and labels nothing then
    return;
  }
  const std::string digest = text_at(object, "metadata", "name").empty() ? sha256_hex(to_json(object, 0, true)).substr(0, 10) : "";
  json::object& metadata = map_at(object, "metadata");
  const bool workload = r.role == Resource::Role::workload;
  if (!digest.empty()) {
    std::string lower(type);
    for (char& ch : lower) ch = ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
    metadata["name"] = workload ? c.name : c.name + '-' + lower + '-' + digest;
  }
  r.name = text_at(object, "metadata", "name");
  if (!is_namespaced(r.api_version, r.kind)) {
    r.namespace_.clear();
    if (lenient_ && r.kind != "Namespace" && text_at(object, "metadata", "namespace").empty()) metadata["namespace"] = app_.namespace_;   // as KubeVela, which does not look
  }
  else if (r.namespace_ = text_at(object, "metadata", "namespace"); r.namespace_.empty()) metadata["namespace"] = r.namespace_ = app_.namespace_;
  label(c, r, metadata, type);
  annotate(metadata);
}

namespace {

json::object& map_of(json::object& metadata, std::string_view name) {
  json::value& found = metadata[json::string_view(name.data(), name.size())];
  if (!found.is_object()) found = json::object();
  return found.get_object();
}

// The names that an annotation of the application keeps back: a,b,c
std::vector<std::string_view> kept_back(const Pairs& annotations, std::string_view key) {
  const auto found = std::ranges::find(annotations, key, &std::pair<std::string, std::string>::first);
  std::vector<std::string_view> all;
  std::string_view rest = found == annotations.end() ? std::string_view() : found->second;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    all.push_back(one);
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return all;
}

}  // namespace

void Resolver::label(const Component& c, const Resource& r, json::object& metadata, std::string_view type) {
  const bool workload = r.role == Resource::Role::workload;
  const auto without = kept_back(app_.annotations, "filter.oam.dev/label-keys");
  const auto passes = [&](std::string_view key) { return std::ranges::find(without, key) == without.end(); };
  json::object& all = map_of(metadata, "labels");
  all["app.oam.dev/resourceType"] = workload ? "WORKLOAD" : "TRAIT";
  if (!c.workload) all[workload ? "workload.oam.dev/type" : "trait.oam.dev/type"] = type;
  if (!c.workload && !r.output.empty()) all["trait.oam.dev/resource"] = r.output;
  for (const auto& [key, value] : app_.labels)
    if (passes(key)) all[key] = value;
  all["app.oam.dev/name"] = app_.name;
  all["app.oam.dev/component"] = c.name;
  if (c.workload) {
    all["app.oam.dev/revision"] = c.revision.empty() ? c.name + "-v1" : c.revision;
    return;
  }
  all["app.oam.dev/appRevision"] = std::string(revision_name());
  if (passes("app.oam.dev/namespace")) all["app.oam.dev/namespace"] = app_.namespace_;
}

void Resolver::annotate(json::object& metadata) {
  if (app_.annotations.empty()) return;
  json::object& all = map_of(metadata, "annotations");
  for (const auto& [key, value] : app_.annotations)
    if (key != "kubectl.kubernetes.io/last-applied-configuration" && !key.starts_with("filter.oam.dev/")) all[key] = value;
  for (const std::string_view key : kept_back(app_.annotations, "filter.oam.dev/annotation-keys")) all.erase(json::string_view(key.data(), key.size()));
}

Resource& Resolver::add(Resource resource, json::value object) {
  const auto index = static_cast<std::uint32_t>(model_->resources.size());
  resource.object = share(std::move(object));
  resource.placement = placement_;
  if (resource.role != Resource::Role::scope) (current_ == kAdded ? model_->unowned : model_->of_component[current_]).push_back(index);
  return model_->resources.emplace_back(std::move(resource));
}

}  // namespace oam::detail
