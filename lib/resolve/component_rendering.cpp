#include "resolve/component_rendering.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/patch.hpp"
#include "render/template.hpp"
#include "resolve/naming.hpp"
#include "resolve/placements.hpp"
#include "resolve/references.hpp"
#include "resolve/referred.hpp"
#include "resolve/rules.hpp"
#include "resolve/templates.hpp"
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

Resource::Stage stage_of(const Definition& d) {
  const std::string_view stage = d.document ? text_at(*d.document, "spec", "stage") : std::string_view();
  return stage == "PreDispatch" ? Resource::Stage::before : stage == "PostDispatch" ? Resource::Stage::after : Resource::Stage::with;
}

// At its workload as it runs.
bool looks_at_run(const Definition& d) { return stage_of(d) == Resource::Stage::after && d.compiled->reads("output"); }

// Which is told where the document is read.
bool is_no_map(const Value& properties) { return properties && !properties->is_object() && !properties->is_null(); }

std::vector<OverrideChange> changes_to(const Component& c, const Deployment& d) {
  std::vector<OverrideChange> all;
  std::ranges::copy_if(d.changes, std::back_inserter(all), [&](const OverrideChange& each) { return each.component == c.name; });
  return all;
}

// What `if`s and `for`s of the template wait for that may yet give it the field.
std::vector<std::string> awaited_for(const cue::View& whole, std::string_view field) {
  const auto open = whole.error();
  return open && open->code == "incomplete" ? whole.awaits_for(field) : std::vector<std::string>();
}

}  // namespace

ComponentRendering::ComponentRendering(Resolution& shared, const Deployment& d, const Component& c, std::uint32_t index,
                                       const DescribedComponents& components)
    : shared_(shared),
      c_(c),
      index_(index),
      placement_(d.placement),
      context_(shared, c, components, &scratch_),
      awaited_(shared, c, placement_, &scratch_),
      changes_(changes_to(c, d)),
      setters_(shared.app, changes_) {
  const Seen seen = seen_from(shared, placement_);
  if (seen.namespace_ != shared.app.namespace_) context_.set("namespace", json::value(seen.namespace_));
  if (seen.cluster != shared.model->options.cluster) context_.set("cluster", json::value(seen.cluster));
}

void ComponentRendering::run() {
  workload();
  const bool sound = !drafts_.empty();   // else its traits have nothing to act on, but may be wrong as well
  std::vector<const Definition*> definitions;
  for (std::size_t i = 0; i < c_.traits.size(); ++i) definitions.push_back(trait(i));
  const std::size_t first = shared_.model->resources.size();
  if (sound) finish_drafts();
  if (shared_.model->resources.size() > first) {
    for (std::size_t i = 0; i < c_.traits.size(); ++i)
      if (definitions[i]) mark(c_.traits[i], *definitions[i], first);
    for (std::size_t i = 0; i < c_.traits.size(); ++i)
      if (definitions[i]) check_applies(shared_, *definitions[i], c_, c_.traits[i], shared_.model->resources[first]);
  }
  check_conflicts(shared_, c_, definitions, first);
}

// What a trait's definition says of the objects from `first` on.
void ComponentRendering::mark(const Trait& t, const Definition& d, std::size_t first) {
  const auto says = [&](const char* name) {
    const json::value* found = member(*d.document, "spec", name);
    return found && found->is_bool() && found->get_bool();
  };
  auto& resources = shared_.model->resources;
  if (says("manageWorkload")) resources[first].managed_by = t.type;
  if (!says("controlPlaneOnly")) return;
  for (std::size_t i = first; i < resources.size(); ++i)
    if (resources[i].trait == t.type) resources[i].control_plane = true;
}

void ComponentRendering::workload() {
  const Definition* d = shared_.catalog.find(Definition::Kind::component, c_.type, shared_.app.namespace_);
  if (!d) d = shared_.catalog.find(Definition::Kind::workload, c_.type, shared_.app.namespace_);
  if (d) {
    if (!supported(*d, c_.place, c_.type) || is_no_map(c_.properties)) return;
    awaited_.uses(*d, c_.type);
    if (d->renderer == Definition::Renderer::cue) return from_template(*d);
    if (d->renderer == Definition::Renderer::jsonnet) return from_jsonnet(*d);
    return d->renderer == Definition::Renderer::objects ? objects() : reference(*d);
  }
  if (!c_.type.empty())
    shared_.problems
        .error("unknown-type", {c_.place.document, c_.place.pointer + "/type"}, "there is no component type \"" + c_.type + '"')
        .hint(did_you_mean(c_.type, names_of(shared_.catalog, Definition::Kind::component)));
}

bool ComponentRendering::supported(const Definition& d, const Place& place, const std::string& name) {
  using enum Definition::Renderer;
  if (d.renderer == objects || d.renderer == definition_ref || d.renderer == cue || d.renderer == jsonnet) return true;
  const std::string what = d.renderer != unsupported    ? "renders nothing"
                           : d.schematic == "jsonnet" ? "is written in Jsonnet, which this build has not"
                                                      : "has a schematic \"" + d.schematic + "\", which is not rendered here";
  shared_.problems.error("unsupported-schematic", {place.document, place.pointer + "/type"}, "type \"" + name + "\" " + what);
  return false;
}

void ComponentRendering::objects() {
  Written written = awaited_.of_component().written;
  note_changes({}, written);
  const Place at = written.of("/objects");
  const json::value* objects = c_.properties ? member(*c_.properties, "objects") : nullptr;
  if (!objects || !objects->is_array() || objects->get_array().empty()) {
    shared_.problems.error(objects && !objects->is_array() ? "wrong-type" : "missing-parameter", objects ? at : c_.place,
                           "component \"" + c_.name + "\" needs a list of objects in properties.objects");
    return;
  }
  for (const auto& entry : c_.properties->get_object()) {
    const std::string key(entry.key());
    if (key == "objects") continue;
    shared_.problems
        .strict(shared_.lenient, "unknown-parameter", written.of(join_pointer("", key)),
                "component type k8s-objects has no parameter \"" + key + '"')
        .key();
  }
  std::size_t i = 0;
  for (const json::value& object : objects->get_array()) {
    Resource r;
    r.place = {at.document, join_pointer(at.pointer, i)};
    r.role = i == 0 ? Resource::Role::workload : Resource::Role::auxiliary;
    if (i > 0) r.output = "objects-" + std::to_string(i);
    if (i++ > 0) r.trait = "AuxiliaryWorkload";
    const std::string type = i == 1 ? c_.type : r.trait;
    const SetterId setter = setters_.add({Provenance::By::parameter, c_.type, nullptr, r.place, {}, {}, join_pointer("/objects", i - 1)});
    drafts_.push_back({std::move(r), Rendered(object, setter), type});
  }
}

// A definitionRef alone: the properties are the object.
void ComponentRendering::reference(const Definition& d) {
  Resource r;
  r.place = {c_.place.document, c_.place.pointer + (c_.properties ? "/properties" : "")};
  json::value object = c_.properties ? *c_.properties : json::value(json::object());
  if (!set_kind(shared_, d, object, r.place)) return;
  const SetterId setter = setters_.add({Provenance::By::parameter, c_.type, nullptr, r.place, {}});
  drafts_.push_back({std::move(r), Rendered(std::move(object), setter), c_.type});
}

cue::Instance ComponentRendering::instance_of(const cue::Module& module, const Work& work) {
  cue::Instance made(module);
  if (!work.given.value.is_null()) made.fill("parameter", work.given.value, work.given.unknown);
  made.fill("context", context_.read_by(work.d), context_.unknown_to(work.d));
  awaited_.answer_calls(made, work.d, work.type, work.owner);
  return made;
}

// Nothing, and all told that can be found: with what is wrong left out, too. Nor, if it is
// blind to the objects of the component, anything of which these were made.
std::optional<cue::Instance> ComponentRendering::evaluate(const cue::Module& module, Work& work, bool blind) {
  constexpr int kMostRounds = 4;
  cue::Instance instance = instance_of(module, work);
  std::vector<std::string> wrong;
  const bool fine = check_template(shared_, instance, work.d, work.owner, &wrong, &work.given.written);
  if (work.given.value.is_object())
    check_known_parameters(shared_, instance.lookup("parameter"), work.given.value, work.d, work.type, work.given.written);
  if (fine && !blind) {
    tell_undecided(shared_, instance, work.d, work.owner, work.given.written);
    return instance;
  }
  for (int round = 0; !wrong.empty() && round < kMostRounds; ++round) {
    for (const std::string& each : std::exchange(wrong, {})) work.given.leave_out(each);
    instance = instance_of(module, work);
    check_template(shared_, instance, work.d, work.owner, &wrong, &work.given.written);
  }
  tell_missing(instance, work);
  return std::nullopt;
}

// Only if something is incomplete for want of them.
bool ComponentRendering::tell_missing(cue::Instance& instance, const Work& work) {
  const cue::View whole = instance.lookup("");
  const auto lacks = [&](std::string_view name, bool is_patch) {
    const cue::View value = regular_field(whole, name).value;
    return value.exists() && is_incomplete(to_tree(value, 0, is_patch));
  };
  if (!lacks("output", false) && !lacks("outputs", false) && !lacks("patch", true) && !lacks("patchOutputs", true)) return false;
  return missing_parameters(instance.lookup("parameter"), work.d, work.given.written, shared_.problems);
}

// Where override policies say what the component's properties are, or a trait's.
void ComponentRendering::note_changes(std::string_view trait, Written& written) const {
  for (const OverrideChange& each : changes_)
    if (each.trait == trait) written.changes.emplace_back(each.properties.get(), each.place);
}

void ComponentRendering::from_template(const Definition& d) {
  const cue::Module* module = template_of(shared_, d, c_.place);
  if (!module) return;
  Work work{d, c_.type, c_.place, awaited_.of_component()};
  note_changes({}, work.given.written);
  json::value& given = work.given.value;
  if (d.name == "ref-objects" && given.is_object()) {
    auto found = with_referred_objects(shared_, c_, given);
    if (!found) return;
    given = template_data(*found, &scratch_);
  }
  if (!work.given.unknown.empty()) context_.set("parameter", given, work.given.unknown);
  if (given.is_null()) given = json::value(json::object(), &scratch_);
  auto instance = evaluate(*module, work);
  if (!instance) return;
  const cue::View whole = instance->lookup(""), output = regular_field(whole, "output").value;
  const std::vector<std::string> later = awaited_for(whole, "output");
  if (!output.exists() && later.empty()) return tell_template_error(shared_, "the template of " + d.name + " has no output", d, c_.place);
  if (!output.exists()) return tell_late_objects("whether " + c_.name + " has an object", later, c_.place);
  const SetterId own = setter(Provenance::By::component, d, c_.place, c_.properties, *instance);
  drafts_.push_back({draft_of(Resource::Role::workload, {}, c_.place), Rendered(output, own), c_.type});
  if (!later.empty()) wait_for(drafts_.back().object.tree(), later);
  add_outputs(*instance, own, "AuxiliaryWorkload", Resource::Role::auxiliary, c_.place);
  if (!incomplete()) return;
  tell_incomplete(*instance, work);
  drafts_.clear();
}

void ComponentRendering::unknown_trait(const Trait& t) {
  shared_.problems
      .error("unknown-trait", {t.place.document, t.place.pointer + "/type"}, "there is no trait type \"" + t.type + '"')
      .hint(did_you_mean(t.type, names_of(shared_.catalog, Definition::Kind::trait)));
}

const Definition* ComponentRendering::trait(std::size_t index) {
  const Trait& t = c_.traits[index];
  const Definition* d = shared_.catalog.find(Definition::Kind::trait, t.type, shared_.app.namespace_);
  if (!d) {
    if (!t.type.empty()) unknown_trait(t);
    return nullptr;
  }
  if (!supported(*d, t.place, t.type)) return d;
  if (is_no_map(t.properties)) return skips_ = true, d;
  awaited_.uses(*d, t.type);
  if (d->renderer == Definition::Renderer::cue) return trait_template(index, *d), d;
  if (tell_late_properties(awaited_.of_trait(index), t.type)) return skips_ = true, d;
  if (drafts_.empty()) return d;
  if (d->renderer == Definition::Renderer::jsonnet) return trait_jsonnet(t, *d), d;
  json::value object = t.properties ? *t.properties : json::value(json::object());
  if (!set_kind(shared_, *d, object, t.place)) return d;
  const Place properties{t.place.document, t.place.pointer + "/properties"};
  const SetterId setter = setters_.add({Provenance::By::parameter, t.type, nullptr, properties, {}});
  drafts_.push_back({draft_of(Resource::Role::trait, t.type, t.place), Rendered(std::move(object), setter), t.type, d});
  drafts_.back().resource.stage = stage_of(*d);
  return d;
}

void ComponentRendering::trait_template(std::size_t index, const Definition& d) {
  const Trait& t = c_.traits[index];
  const cue::Module* module = template_of(shared_, d, t.place);
  context_.set("componentType", json::value(c_.type));
  const bool rendered = module && render_trait(index, d, *module);
  if (!rendered) skips_ = true;
}

bool ComponentRendering::render_trait(std::size_t index, const Definition& d, const cue::Module& module) {
  const Trait& t = c_.traits[index];
  const bool looks = d.compiled->reads("output") || d.compiled->reads("outputs");
  const bool blind = drafts_.empty() || (skips_ && looks);
  if (looks && !sees_objects(t, d, blind)) return false;
  Work work{d, t.type, t.place, awaited_.of_trait(index)};
  note_changes(t.type, work.given.written);
  auto instance = evaluate(module, work, blind);
  return instance && add_trait(t, *instance, work);
}

// Blind to them, or as the traits before left them.
bool ComponentRendering::sees_objects(const Trait& t, const Definition& d, bool blind) {
  const cue::Unknown whole{"", "0"};
  if (blind) {
    context_.set("output", nullptr, {whole});
    context_.set("outputs", nullptr, {whole});
    return true;
  }
  if (!add_objects_to_context(t.place)) return false;
  if (looks_at_run(d)) look_at_workload(t);
  return true;
}

// False, and told, and the objects as they were: something is missing.
bool ComponentRendering::add_trait(const Trait& t, cue::Instance& instance, const Work& work) {
  const std::size_t first = drafts_.size();
  const SetterId own = setter(Provenance::By::trait, work.d, t.place, t.properties, instance);
  add_outputs(instance, own, t.type, Resource::Role::trait, t.place);
  for (std::size_t i = first; i < drafts_.size(); ++i) {
    drafts_[i].refers = &work.d;
    drafts_[i].post = looks_at_run(work.d);
    drafts_[i].resource.stage = stage_of(work.d);
  }
  std::vector<Patch> patches = patches_of(instance, own);
  const bool lacks = incomplete() || std::ranges::any_of(patches, [](const Patch& each) { return is_incomplete(each.tree); });
  std::vector<Draft> before;
  if (lacks) before.assign(drafts_.begin(), drafts_.begin() + static_cast<std::ptrdiff_t>(first));
  PatchProblems problems;
  for (Patch& each : patches) patch_with(drafts_[each.draft], std::move(each), problems);
  patch_later(instance.lookup(""));
  const bool breaks = lacks && incomplete();
  if (breaks) tell_incomplete(instance, work);
  if (breaks || (lacks && !problems.conflicts.empty() && tell_missing(instance, work))) {
    drafts_ = std::move(before);
    return false;
  }
  for (const Conflict& each : problems.notes) tell_patch(each, t, true);
  for (const Conflict& each : problems.conflicts) {
    const auto open = each.there.view.error();   // it has no value that could be another
    if (open) tell_template_error(shared_, *open, work.d, work.owner);
    else each.message.empty() ? tell_conflict(each, t) : tell_patch(each, t, false);
  }
  return true;
}

std::vector<ComponentRendering::Patch> ComponentRendering::patches_of(cue::Instance& instance, SetterId setter) {
  std::vector<Patch> all;
  const cue::View whole = instance.lookup("");
  const cue::Field patch = regular_field(whole, "patch", true);
  if (patch.value.exists() && !drafts_.empty()) all.push_back({0, to_tree(patch.value, setter, true), markers_of(patch.doc)});
  for (const cue::Field& each : regular_field(whole, "patchOutputs", true).value.fields()) {
    if (each.optional) continue;
    for (std::size_t i = 0; i < drafts_.size(); ++i)   // markers have their say on fields below alone
      if (drafts_[i].resource.output == each.name) all.push_back({i, to_tree(each.value, setter, true), {}});
  }
  return all;
}

void ComponentRendering::patch_with(Draft& draft, Patch patch, PatchProblems& problems) {
  apply_patch(draft.object.tree(), std::move(patch.tree), patch.markers, problems);
}

// What may yet be patched, as by `if parameter.late {patch: …}`.
void ComponentRendering::patch_later(const cue::View& whole) {
  if (const auto names = awaited_for(whole, "patch"); !names.empty()) wait_for(drafts_.front().object.tree(), names);
  std::vector<std::string> names = regular_field(whole, "patchOutputs").value.awaits();
  std::ranges::copy(awaited_for(whole, "patchOutputs"), std::back_inserter(names));
  if (names.empty()) return;
  for (Draft& each : drafts_)
    if (each.resource.role != Resource::Role::workload && !each.resource.output.empty()) wait_for(each.object.tree(), names);
}

// As it runs: its status, and what else a cluster says of it, is known later.
void ComponentRendering::look_at_workload(const Trait& t) {
  if (!shared_.live.is_null()) return context_.set("output", template_data(shared_.live, &scratch_));
  cue::Errors ignored;
  const json::value* object = drafts_.front().object.json(ignored);
  if (!object || !object->is_object()) return;
  json::value seen = template_data(*object, &scratch_);
  seen.get_object()["status"] = nullptr;
  json::value& metadata = seen.get_object()["metadata"];
  if (!metadata.is_object()) metadata.emplace_object();
  metadata.get_object().emplace("name", c_.name);
  std::vector<cue::Unknown> unknown = to_unknown(drafts_.front().object.later());
  const std::string awaited = awaited_.await_workload(t.place);
  unknown.push_back({"/status", awaited});
  for (const char* field : {"namespace", "uid", "resourceVersion", "generation", "creationTimestamp"})
    if (metadata.get_object().emplace(field, nullptr).second) unknown.push_back({std::string("/metadata/") + field, awaited});
  context_.set("output", std::move(seen), unknown);
}

SetterId ComponentRendering::setter(Provenance::By by, const Definition& d, const Place& owner, const Value& properties,
                                    cue::Instance& instance) {
  return setters_.add({by, d.name, &d, {owner.document, owner.pointer + "/properties"}, properties, instance.lookup("parameter")});
}

// What a patch cannot do, or does otherwise than it seems, where it is written.
void ComponentRendering::tell_patch(const Conflict& said, const Trait& t, bool is_note) {
  const FieldOrigin own = setters_.origin(said.there.setter, said.there.view, said.pointer);
  const bool written = own.place.document != Place::kNowhere;   // else in the template alone
  const Place& place = written ? own.place : t.place;
  const std::string text = "trait \"" + t.type + (is_note ? "\" patches " : "\" cannot patch ") + (said.pointer.empty() ? "the object" : said.pointer) + ": " + said.message;
  auto problem = is_note ? shared_.problems.warning("patch-marker", place, text)
                         : shared_.problems.strict(shared_.lenient && said.tolerable, "patch-conflict", place, text);
  if (!written && own.provenance.where.line > 0) problem.related(Label{own.provenance.where, "says it here", own.excerpt});
}

// Who says what, each at its own place.
void ComponentRendering::tell_conflict(const Conflict& conflict, const Trait& t) {
  const std::string field = conflict.pointer.empty() ? "the object" : conflict.pointer, trait = "trait \"" + t.type + '"';
  const Conflict::Side &here = conflict.here, &there = conflict.there;
  const bool by_trait = here.setter != 0 && setters_[here.setter].by == Provenance::By::trait;
  const std::string first = by_trait ? "trait \"" + setters_[here.setter].name + '"' : "component type \"" + c_.type + '"';
  FieldOrigin own = setters_.origin(there.setter, there.view, conflict.pointer);
  const bool written = own.place.document != Place::kNowhere;   // else in the template alone
  auto problem = shared_.problems.error("patch-conflict", written ? own.place : t.place,
                                        trait + " sets " + field + " of " + c_.name + " to " + there.value + ", " + first + " sets it to " + here.value);
  FieldOrigin other = setters_.origin(here.setter, here.view, conflict.pointer);
  const std::string says = first + " sets it to " + here.value;
  if (other.place.document != Place::kNowhere) problem.related(other.place, says);
  else if (other.provenance.where.line > 0) problem.related(Label{other.provenance.where, says, other.excerpt});
  if (!written && own.provenance.where.line > 0)
    problem.related(Label{own.provenance.where, trait + " sets it to " + there.value, own.excerpt});
  problem.hint("drop one of them, or leave the field to " + trait + " alone (oam explain patch-conflict says more)");
}

Resource ComponentRendering::draft_of(Resource::Role role, std::string trait, const Place& place) {
  Resource r;
  r.role = role;
  r.trait = std::move(trait);
  r.place = place;
  return r;
}

void ComponentRendering::add_outputs(cue::Instance& instance, SetterId setter, const std::string& type, Resource::Role role,
                                     const Place& at) {
  const cue::View outputs = instance.lookup("outputs");
  std::vector<std::string> awaits = outputs.awaits();
  std::ranges::copy(awaited_for(instance.lookup(""), "outputs"), std::back_inserter(awaits));
  if (!awaits.empty()) further_outputs(awaits, setter, type, role, at);
  for (const cue::Field& each : outputs.fields()) {
    if (each.optional || each.hidden || each.definition) continue;
    Resource r = draft_of(role, type, at);
    r.output = each.name;
    drafts_.push_back({std::move(r), Rendered(each.value, setter), type});
  }
}

// How many objects there are is known later: those that are not known by then come as one.
void ComponentRendering::further_outputs(const std::vector<std::string>& awaits, SetterId setter, const std::string& type,
                                         Resource::Role role, const Place& at) {
  Resource r = draft_of(role, type, at);
  r.output = kFurther;
  json::object list{{"apiVersion", "v1"}, {"kind", "List"}, {"metadata", {{"name", c_.name + "-further"}}}, {"items", nullptr}};
  Tree tree = to_tree(list, setter);
  Tree* items = tree.find("items");
  items->kind = Tree::Kind::open;
  items->awaits = awaits;
  drafts_.push_back({std::move(r), Rendered(std::move(tree)), type});
}

bool ComponentRendering::incomplete() const {
  return std::ranges::any_of(drafts_, [](const Draft& each) { return each.object.incomplete(); });
}

// What traits see of the objects so far.
bool ComponentRendering::add_objects_to_context(const Place& owner) {
  json::object outputs(&scratch_);
  std::vector<cue::Unknown> unknown;
  for (Draft& each : drafts_) {
    cue::Errors errors;
    const json::value* object = each.object.json(errors);
    if (!object) return tell_errors(errors, owner), false;
    const std::string& output = each.resource.output;
    if (each.resource.role == Resource::Role::workload) {
      context_.set("output", template_data(*object, &scratch_), to_unknown(each.object.later()));
    } else if (!output.empty() && output != kFurther) {
      outputs[output] = template_data(*object, &scratch_);
      std::ranges::copy(to_unknown(each.object.later(), join_pointer("", output)), std::back_inserter(unknown));
    }
  }
  if (outputs.empty()) context_.erase("outputs");
  else context_.set("outputs", std::move(outputs), unknown);
  return true;
}

// A parameter that is not given, or else what has no value.
void ComponentRendering::tell_incomplete(cue::Instance& instance, const Work& work) {
  if (tell_missing(instance, work)) return;
  cue::Errors errors;
  for (Draft& each : drafts_) each.object.json(errors);
  for (const cue::Error& each : errors) tell_template_error(shared_, each, work.d, work.owner);
}

void ComponentRendering::tell_errors(const cue::Errors& errors, const Place& owner) {
  for (const cue::Error& each : errors) shared_.problems.error("template-error", owner, text_of(each));
}

void ComponentRendering::tell_late_objects(std::string what, const std::vector<std::string>& awaits, const Place& owner) {
  shared_.problems.error("late-rendering", owner, std::move(what) + " is known only when \"" + awaited_.name(awaits.front()) + "\" is")
      .hint("let the template make the object in any case, and leave single fields of it to what comes later");
}

// Of a type without a CUE template: nothing else can be rendered with a value that is not there.
bool ComponentRendering::tell_late_properties(const Awaited::Properties& given, const std::string& type) {
  for (const auto& [pointer, input] : given.written.inputs)
    shared_.problems.error("late-rendering", {input.document, input.pointer + "/parameterKey"},
                           "the input cannot go to " + (pointer.empty() ? "the properties" : pointer.substr(1)) + " of type \"" + type + "\": it is not written in CUE, and nothing else takes a value that comes at run time")
        .hint("write the value into the properties, or the definition in CUE");
  return !given.written.inputs.empty();
}

// The drafts of a component become resources.
void ComponentRendering::finish_drafts() {
  const std::size_t workload = shared_.model->resources.size();
  std::vector<bool> post;
  for (Draft& draft : std::exchange(drafts_, {})) {
    cue::Errors errors;
    if (shared_.model->options.provenance) draft.object.tree();   // that knows who set what
    if (!draft.object.json(errors)) {
      tell_errors(errors, draft.resource.place);
      continue;
    }
    json::value object = draft.object.take();
    if (!has_identity(draft)) continue;
    for (const Later& each : draft.object.later()) draft.resource.unknown.push_back(awaited_.field(each));
    const auto& resources = shared_.model->resources;
    if (draft.refers && workload < resources.size())
      refer_to_workload(shared_.problems, draft.refers, draft.resource.place, resources[workload], object);
    name_and_label(shared_, c_, draft.resource, object, draft.type);
    draft.resource.placement = placement_;
    draft.resource.replica = c_.replica_key;
    const std::uint32_t index = shared_.add_to(index_, std::move(draft.resource), std::move(object));
    post.push_back(draft.post);
    if (!shared_.model->options.provenance) continue;
    shared_.origins.resize(index + 1);
    shared_.origins[index] = setters_.all(draft.object.tree(), *resources[index].object);
  }
  if (!post.empty()) awaited_.finish(index_, context_.components(), static_cast<std::uint32_t>(workload), post);
}

// A step is named after its object, so that must have a name by now.
bool ComponentRendering::has_identity(const Draft& draft) {
  constexpr std::string_view kParts[] = {"", "/apiVersion", "/kind", "/metadata", "/metadata/name", "/metadata/namespace"};
  for (const Later& each : draft.object.later()) {
    if (each.more || std::ranges::find(kParts, each.pointer) == std::end(kParts)) continue;
    const std::string what = each.pointer.empty() ? "an object" : each.pointer.substr(1) + " of an object";
    shared_.problems.error("late-identity", draft.resource.place, what + " of " + c_.name + " is known only when \"" + awaited_.name(each.names.front()) + "\" is")
        .hint("what is applied must be known beforehand by its kind and name; its other fields may come later");
    return false;
  }
  return true;
}

}  // namespace oam::detail
