#include "resolve/awaited.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/context.hpp"
#include "resolve/naming.hpp"
#include "resolve/placements.hpp"
#include "resolve/templates.hpp"
#include "support/field_path.hpp"
#include "support/json.hpp"
#include "workflow/pure_actions.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kComponent = "/application/spec/components/0";
constexpr std::size_t kMaxCalls = 1000;   // of one template

// Where an input goes in its component: /properties/image, /traits/0/properties/host.
// KubeVela writes `properties.` before what begins with neither.
std::optional<std::string> target_of(const std::string& key) {
  const bool rooted = key == "properties" || key.starts_with("properties.") || key.starts_with("properties[") || key.starts_with("traits[");
  return to_pointer(rooted ? key : "properties." + key);
}

// Traits of a component as its application counts them: overrides take some away, which
// keep their numbers, and add others, which come behind those that are written.
class TraitNumbers {
 public:
  TraitNumbers(const Application::Data& app, const Component& c) {
    const auto own = std::ranges::find(app.components, c.place, &Component::place);
    if (own != app.components.end()) now_.resize(own->traits.size());
    const std::size_t written = now_.size();
    for (std::size_t i = 0; i < c.traits.size(); ++i) {
      std::size_t number = 0;
      while (number < written && own->traits[number].place != c.traits[i].place) ++number;
      if (number == written) now_.emplace_back(i);
      else now_[number] = i;
    }
  }

  std::size_t size() const { return now_.size(); }
  std::optional<std::size_t> at(std::size_t number) const { return now_[number]; }   // where it stands now; nothing: it is taken away

 private:
  std::vector<std::optional<std::size_t>> now_;
};

}  // namespace

Awaited::Awaited(Resolution& shared, const Component& c, const std::string& placement, json::storage_ptr memory)
    : shared_(shared), c_(c), placement_(placement), memory_(std::move(memory)) {
  const Definition* d = shared.catalog.find(Definition::Kind::component, c.type, shared.app.namespace_);
  if (!d) d = shared.catalog.find(Definition::Kind::workload, c.type, shared.app.namespace_);
  const bool templated = d && (d->renderer == Definition::Renderer::cue || d->renderer == Definition::Renderer::jsonnet);
  for (const Input& each : shared.step_values.inputs_of(c))
    if (!each.parameter_key.empty()) await_input(each, templated);
  drop_gaps();
}

// Where there is no template, what comes is put into the objects themselves.
void Awaited::await_input(const Input& input, bool templated) {
  const auto pointer = target_of(input.parameter_key);
  if (!pointer) {
    shared_.problems
        .error("invalid-field-path", {input.place.document, input.place.pointer + "/parameterKey"},
               "\"" + input.parameter_key + "\" is no path of a property")
        .expected("image, env[0].value, traits[0].properties.host");
    return;
  }
  const auto target = trait_property(input, *pointer);
  if (!target || (!templated && !target->starts_with("/traits/"))) return;
  LateInput made;
  made.name = made.output = input.from;
  made.to = std::string(kComponent) + *target;
  made.place = input.place;
  inputs_.push_back(std::move(made));
}

// `pointer`, of a trait by where that stands now. Nothing, and told, if it leads to no property
// of a trait that there is.
std::optional<std::string> Awaited::trait_property(const Input& input, const std::string& pointer) const {
  const std::vector<std::string> path = split_pointer(pointer);
  if (path[0] != "traits") return pointer;
  const Place at{input.place.document, input.place.pointer + "/parameterKey"};
  const TraitNumbers traits(shared_.app, c_);
  const bool found = path.size() > 1 && is_index(path[1]) && std::stoul(path[1]) < traits.size();
  const auto now = found ? traits.at(std::stoul(path[1])) : std::nullopt;
  if (found && !now) {   // in this deployment; in another it may be there
    shared_.problems.warning("invalid-field-path", at, '"' + input.parameter_key + "\" leads to no property: an override takes that trait of component \"" + c_.name + "\" away");
    return std::nullopt;
  }
  if (found && path.size() > 2 && path[2] == "properties") {
    std::string made = join_pointer("/traits", *now);
    for (std::size_t i = 2; i < path.size(); ++i) append_pointer(made, path[i]);
    return made;
  }
  const std::size_t count = traits.size();
  const std::string has = count == 0 ? "has no traits" : count == 1 ? "has one trait, traits[0]" : "has traits[0] to traits[" + std::to_string(count - 1) + ']';
  shared_.problems
      .error("invalid-field-path", at, '"' + input.parameter_key + "\" leads to no property: " + (found ? "those of a trait stand in its `properties`" : "component \"" + c_.name + "\" " + has))
      .expected("image, env[0].value, traits[0].properties.host");
  return std::nullopt;
}

bool Awaited::fills(std::string_view pointer) const {
  return std::ranges::any_of(inputs_, [&](const LateInput& each) {
    const std::string_view to = each.to;
    return to.starts_with(pointer) && (to.size() == pointer.size() || to[pointer.size()] == '/');
  });
}

// The element before that nothing is, if the input goes behind the end of a list.
std::optional<std::size_t> Awaited::gap_before(const LateInput& input, const json::value& written) const {
  const std::size_t root = std::string_view("/application").size();
  std::string list;
  for (const std::string& token : split_pointer(input.to)) {
    const json::value* given = is_index(token) ? find_pointer(written, list.substr(std::min(list.size(), root))) : nullptr;
    const bool counts = is_index(token) && (!given || given->is_array() || given->is_null());
    std::size_t next = given && given->is_array() ? given->get_array().size() : 0;
    while (counts && next < std::stoul(token) && fills(join_pointer(list, next))) ++next;
    if (counts && next < std::stoul(token)) return next;
    append_pointer(list, token);
  }
  return std::nullopt;
}

void Awaited::drop_gaps() {
  if (inputs_.empty()) return;
  const json::value written = late_application(shared_.app, c_);
  std::vector<LateInput> kept;
  for (const LateInput& each : inputs_) {
    const auto gap = gap_before(each, written);
    if (!gap) kept.push_back(each);
    else
      shared_.problems.error("invalid-field-path", {each.place.document, each.place.pointer + "/parameterKey"},
                             "the input from \"" + each.name + "\" goes behind the end of a list: nothing is element " + std::to_string(*gap))
          .hint("elements are counted from 0, and none may be left out");
  }
  inputs_ = std::move(kept);
}

void Awaited::Properties::leave_out(const std::string& pointer) {
  const bool known = std::ranges::any_of(unknown, [&](const cue::Unknown& each) { return each.pointer == pointer; });
  make_room(value, pointer);
  if (!known) return unknown.push_back({pointer, "0"});
  std::erase_if(unknown, [&](const cue::Unknown& each) { return each.pointer == pointer; });
  const std::size_t last = pointer.rfind('/');
  json::value* around = last == pointer.npos ? nullptr : const_cast<json::value*>(find_pointer(value, pointer.substr(0, last)));
  if (around && around->is_object()) around->get_object().erase(split_pointer(pointer).back());
  else value = json::object();
}

Awaited::Properties Awaited::of_trait(std::size_t trait) const {
  return with_inputs(c_.traits[trait].properties, join_pointer("/traits", trait) + "/properties", c_.traits[trait].place);
}

Awaited::Properties Awaited::with_inputs(const Value& given, std::string_view where, const Place& owner) const {
  Properties made{given ? template_data(*given, memory_) : json::value(memory_), {}, {owner, given.get()}};
  if (given) made.written.place.pointer = owner.pointer + "/properties";
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const std::string below = std::string(kComponent) + std::string(where);
    if (!inputs_[i].to.starts_with(below)) continue;
    const std::string pointer = inputs_[i].to.substr(below.size());
    if (!pointer.empty() && pointer[0] != '/') continue;
    make_room(made.value, pointer);
    made.unknown.push_back({pointer, std::to_string(i)});
    made.written.inputs.emplace_back(pointer, inputs_[i].place);
  }
  return made;
}

UnknownField Awaited::field(const Later& later) const {
  UnknownField made{later.pointer, later.more, {}};
  for (const std::string& each : later.names) made.inputs.push_back(static_cast<std::uint32_t>(std::stoul(each)));
  std::ranges::sort(made.inputs);
  return made;
}

void Awaited::uses(const Definition& d, std::string_view type) {
  if (!d.document) return;
  const std::pair used{&d, type};
  if (std::ranges::find(definitions_, used) == definitions_.end()) definitions_.push_back(used);
}

namespace {

// As a document; of a revision that was asked for, one that says which it is.
json::value document_of(const Definition& d, std::string_view type) {
  json::value document = *d.document;
  const std::size_t at = type.find("@v");
  json::value* spec = document.is_object() ? document.get_object().if_contains("spec") : nullptr;
  if (at != type.npos && spec && spec->is_object()) spec->get_object()["version"] = std::string(type.substr(at + 2));
  return document;
}

}  // namespace

namespace {

// A call that is in a template: where, and the struct that describes it.
struct Call {
  std::string path;
  cue::View view;
};

// Those below `view`; labels with # are not looked into.
void find_calls(const cue::View& view, const std::string& path, std::vector<Call>& all, std::size_t depth = 0) {
  constexpr std::size_t kDeepest = 30;
  const std::string kind = view.kind();
  const auto wrong = kind == "_|_" ? view.error() : std::nullopt;   // a struct that is not known throughout still has fields
  if ((kind != "struct" && kind != "list" && !(wrong && wrong->code == "incomplete")) || depth > kDeepest) return;
  const std::vector<cue::Field> fields = view.fields(false);
  if (std::ranges::any_of(fields, [](const cue::Field& each) { return each.name == "#do"; })) return all.push_back({path, view});
  for (const cue::Field& each : fields) {
    if (each.definition || each.optional) continue;
    if (path.empty() && (each.name == "context" || each.name == "parameter")) continue;
    find_calls(each.value, path.empty() ? each.label : path + '.' + each.label, all, depth + 1);
  }
}

std::string text_of(const cue::View& view) {
  cue::Errors ignored;
  const auto text = view.to_json(ignored);
  return text && text->is_string() ? std::string(text->get_string()) : std::string();
}

}  // namespace

const Value* Awaited::answer_to(const std::string& call) const {
  const std::string placed = c_.name + (placement_.empty() ? "" : '@' + placement_);
  shared_.calls.emplace(placed, call);
  shared_.calls.emplace(c_.name, call);
  for (const oam::Answer& each : shared_.model->options.answers)
    if (each.call == call && (each.component == placed || each.component == c_.name)) return &each.returns;
  return nullptr;
}

void Awaited::await_call(std::string name, const cue::View& call, const Place& owner) {
  cue::Errors ignored;
  auto params = call.field("$params").to_json(ignored);
  LateInput input;
  input.name = name;
  input.call = static_cast<std::uint32_t>(calls_.size());
  input.to = join_pointer("/answers", name);
  input.place = owner;
  inputs_.push_back(std::move(input));
  calls_.push_back({std::move(name), text_of(call.field("#provider")), text_of(call.field("#do")), params ? share(std::move(*params)) : Value(), owner});
}

// What needs no host, or what nobody knows.
bool Awaited::answer_here(cue::Instance& instance, const std::string& path, const cue::View& call, const Definition& d, const Place& owner) {
  const std::string provider = text_of(call.field("#provider")), name = text_of(call.field("#do"));
  const ActionName* action = find_action(provider, name);
  if (!action) {
    const bool known = std::ranges::any_of(shared_.model->options.answers, [&](const oam::Answer& each) { return each.call.ends_with('.' + path); });
    if (!known) tell_template_error(shared_, path + " calls " + provider + '/' + name + ", which does not exist", d, owner);
    return !known;
  }
  if (reaches_host(action->action)) return false;
  const cue::View params = call.field("$params");
  if (const auto awaits = params.awaits(); !awaits.empty()) {
    const cue::Unknown later{"", awaits.front()};
    return instance.fill(path + ".$returns", json::value(), {&later, 1});
  }
  std::string why;
  cue::Errors errors;
  const auto given = params.to_json(errors);
  std::optional<json::value> answer;
  if (action->action == Action::unify) answer = patched_object(given ? *member(*given, "value") : json::value(), params.field("patch"), why);
  else if (action->action < Action::bytes_to_text) why = "a template of a component has no steps";
  else if (given) answer = pure_answer(action->action, *given, why);
  if (!answer) tell_template_error(shared_, path + ": " + (why.empty() ? "its parameters are not known" : why), d, owner);
  else instance.fill(path + ".$returns", *answer);
  return true;
}

// Each answer may bring further calls, or parameters of others.
void Awaited::answer_calls(cue::Instance& instance, const Definition& d, const std::string& type, const Place& owner) {
  if (!d.compiled->calls_providers()) return;
  std::vector<std::string> done;
  for (bool more = true; more && done.size() < kMaxCalls;) {
    more = false;
    std::vector<Call> calls;
    find_calls(instance.lookup(""), {}, calls);
    for (const Call& each : calls) {
      if (more || std::ranges::find(done, each.path) != done.end()) continue;   // each answer makes all anew
      done.push_back(each.path);
      more = true;
      const std::string name = type + '.' + each.path;
      if (answer_here(instance, each.path, each.view, d, owner)) continue;
      if (const Value* answer = answer_to(name)) {
        instance.fill(each.path + ".$returns", *answer ? **answer : json::value(json::object()));
        answers_[name] = *answer ? **answer : json::value(json::object());
        continue;
      }
      const cue::Unknown whole{"", std::to_string(inputs_.size())};
      await_call(name, each.view, owner);
      instance.fill(each.path + ".$returns", json::value(), {&whole, 1});
    }
  }
}

json::value late_application(const Application::Data& app, const Component& c) {
  json::object labels, annotations, component{{"name", c.name}, {"type", c.type}};
  for (const auto& [key, value] : app.labels) labels[key] = value;
  for (const auto& [key, value] : app.annotations) annotations[key] = value;
  if (c.properties) component["properties"] = *c.properties;
  if (!c.external_revision.empty()) component["externalRevision"] = c.external_revision;
  json::array traits;
  for (const Trait& each : c.traits) {
    json::object trait{{"type", each.type}};
    if (each.properties) trait["properties"] = *each.properties;
    traits.push_back(std::move(trait));
  }
  if (!traits.empty()) component["traits"] = std::move(traits);
  json::object made{{"apiVersion", "core.oam.dev/v1beta1"},
                    {"kind", "Application"},
                    {"metadata", {{"name", app.name}, {"namespace", app.namespace_}, {"labels", labels}, {"annotations", annotations}}},
                    {"spec", {{"components", json::array{std::move(component)}}}}};
  if (const std::string_view revision = revision_name(app); !revision.empty())
    made["status"] = {{"latestRevision", {{"name", std::string(revision)}}}};
  return made;
}

namespace {

json::object naming_of(const Resource& r) {
  json::object made{{"name", r.name}};
  if (!r.trait.empty()) made["trait"] = r.trait;
  if (!r.output.empty()) made["output"] = r.output;
  return made;
}

}  // namespace

LateRendering Awaited::left(std::uint32_t component, const DescribedComponents& components, const std::vector<std::uint32_t>& resources, bool post) {
  const ResolveOptions& options = shared_.model->options;
  const Seen seen = seen_from(shared_, placement_);
  json::object work{{"application", late_application(shared_.app, c_)},
                    {"definitions", nullptr},
                    {"custom", shared_.custom},
                    {"cluster", seen.cluster},
                    {"namespace", seen.namespace_},
                    {"clusterVersion", options.cluster_version},
                    {"lenient", shared_.lenient},
                    {"placement", placement_},
                    {"replicaKey", c_.replica_key},
                    {"post", post},
                    {"live", nullptr},
                    {"answers", answers_}};
  const bool sees_others = std::ranges::any_of(definitions_, [](const auto& each) { return !each.first->compiled || each.first->compiled->reads("components"); });
  if (sees_others) work["components"] = components.value();   // else what others are changes nothing
  json::array& definitions = work["definitions"].emplace_array();
  for (const auto& [d, type] : definitions_) definitions.push_back(document_of(*d, type));
  json::value& application = work["application"];
  for (const LateInput& each : inputs_)
    if (each.to.starts_with("/application/")) make_room(application, each.to.substr(std::string_view("/application").size()));
  json::array objects;
  for (const std::uint32_t each : resources) objects.push_back(naming_of(shared_.model->resources[each]));
  work["objects"] = std::move(objects);
  LateRendering made;
  made.component = component;
  made.placement = placement_;
  made.replica = c_.replica_key;
  made.post = post;
  made.work = share(std::move(work));
  made.calls = calls_;
  made.resources = resources;
  return made;
}

void Awaited::finish(std::uint32_t component, const DescribedComponents& components, std::uint32_t first, const std::vector<bool>& post) {
  auto& resources = shared_.model->resources;
  if (component == Resolution::kAdded && !inputs_.empty())
    shared_.problems.error("late-rendering", c_.place, "component \"" + c_.name + "\", which an override adds, waits for \"" + inputs_[0].name + '"')
        .hint("write the component into the application, and let the override change it");
  std::vector<std::uint32_t> own[2];
  for (std::uint32_t r = first; r < resources.size(); ++r) own[post[r - first] ? 1 : 0].push_back(r);
  for (const std::uint32_t r : own[0])
    for (const UnknownField& field : resources[r].unknown)
      if (workload_ && std::ranges::find(field.inputs, *workload_) != field.inputs.end())
        shared_.problems.error("late-rendering", resources[r].place, field.pointer + " of " + c_.name + " hangs on how its own workload runs")
            .hint("a trait of stage PostDispatch can make objects of that, not patch the workload with it");
  for (const bool later : {false, true}) {
    if (inputs_.size() == (workload_ && !later ? 1u : 0u) || (later && !workload_) || own[later].empty()) continue;
    LateRendering made = left(component, components, own[later], later);
    std::vector<std::uint32_t> place(inputs_.size());   // of each input among those of this rendering
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) {
      place[i] = static_cast<std::uint32_t>(made.inputs.size());
      if (later || i != workload_) made.inputs.push_back(inputs_[i]);
      if (i == workload_ && later) made.inputs.back().from = first;
    }
    for (const std::uint32_t r : own[later]) {
      resources[r].late = static_cast<std::uint32_t>(shared_.model->late.size());
      for (UnknownField& field : resources[r].unknown)
        for (std::uint32_t& input : field.inputs) input = place[input];
    }
    shared_.model->late.push_back(std::move(made));
  }
  if (workload_) resources[first].outputs.push_back({inputs_[*workload_].output, "", {}, resources[first].place});
}

std::string Awaited::await_workload(const Place& owner) {
  if (!workload_) {
    workload_ = static_cast<std::uint32_t>(inputs_.size());
    LateInput input;
    input.name = "status of " + c_.name;
    input.output = "$object of " + c_.name + (placement_.empty() ? "" : '@' + placement_) + (c_.replica_key.empty() ? "" : '#' + c_.replica_key);
    input.to = "/live";
    input.place = owner;
    inputs_.push_back(std::move(input));
  }
  return std::to_string(*workload_);
}

}  // namespace oam::detail
