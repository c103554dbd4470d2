#include "resolve/provenance.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "document/locate.hpp"
#include "render/template.hpp"
#include "resolve/templates.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

bool is_below(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && path.size() > root.size() && path[root.size()] == '.');
}

// The one that says most: a parameter, else what is written in the template.
const cue::ConjunctAt* telling(const std::vector<cue::ConjunctAt>& all) {
  const auto written = [](const cue::ConjunctAt& each) { return each.position.line > 0; };
  for (const cue::ConjunctAt& each : all)
    if (is_below(each.reference, "parameter")) return &each;
  const auto found = std::ranges::find_if(all, written);
  return found == all.end() ? nullptr : &*found;
}

// /objects/0/kind as objects.0.kind
std::string dotted(const std::string& pointer) {
  std::string made;
  for (const std::string& each : split_pointer(pointer)) made += (made.empty() ? "" : ".") + each;
  return made;
}

FieldOrigin written_by(const Setter& s) {
  FieldOrigin made;
  made.provenance.by = s.by;
  made.provenance.name = s.name;
  made.place = s.place;
  return made;
}

FieldOrigin at_template(const Setter& s, const cue::Position& position) {
  FieldOrigin made = written_by(s);
  Answer at = s.definition->compiled->where(position);
  made.provenance.where = std::move(at.where);
  made.excerpt = std::move(at.excerpt);
  made.place = {};
  return made;
}

// Labels and annotations of the application, or what every object gets.
FieldOrigin put_in(const Application::Data& app, const std::string& pointer, const json::value& value) {
  FieldOrigin made;
  const auto from = [&](const Pairs& pairs, std::string_view kind) {
    const std::string prefix = "/metadata/" + std::string(kind);
    for (const auto& [key, text] : pairs)
      if (pointer == join_pointer(prefix, key) && value.is_string() && std::string_view(value.get_string()) == text) {
        made.provenance.by = Provenance::By::application;
        made.place = {app.place.document, pointer};
      }
  };
  from(app.labels, "labels");
  from(app.annotations, "annotations");
  return made;
}

bool is_leaf(const json::value& value) {
  return !value.is_structured() || (value.is_object() ? value.get_object().empty() : value.get_array().empty());
}

// Calls tell(pointer, value, what stands at the same place of the tree) for each field.
template <class F>
void for_each_field(const json::value& value, const Tree* tree, const std::string& pointer, F&& tell) {
  if (is_leaf(value)) return tell(pointer, value, tree);
  if (value.is_object()) {
    for (const auto& [key, each] : value.get_object()) {
      const Tree* own = tree && tree->kind == Tree::Kind::object ? tree->find(std::string_view(key)) : nullptr;
      for_each_field(each, own, join_pointer(pointer, std::string_view(key)), tell);
    }
    return;
  }
  std::size_t i = 0;
  for (const json::value& each : value.get_array()) {
    const Tree* own = tree && tree->kind == Tree::Kind::list && i < tree->items.size() ? &tree->items[i] : nullptr;
    for_each_field(each, own, join_pointer(pointer, i), tell);
    ++i;
  }
}

bool says(const Tree* tree, const json::value& value) {
  if (!tree || tree->setter == 0) return false;
  cue::Errors ignored;
  const auto own = to_json(*tree, ignored);
  return own && *own == value;
}

}  // namespace

SetterId Setters::add(Setter setter) {
  all_.push_back(std::move(setter));
  return static_cast<SetterId>(all_.size());
}

// `path` is that of a parameter: parameter.env.0.name
FieldOrigin Setters::parameter(const Setter& s, const std::string& path) const {
  const std::string pointer = pointer_behind(path);
  FieldOrigin made = written_by(s);
  made.provenance.name = path == "parameter" ? path : path.substr(std::string_view("parameter.").size());
  made.provenance.definition = s.name;
  if (s.properties && find_pointer(*s.properties, pointer)) {
    made.provenance.by = Provenance::By::parameter;
    made.place = {s.place.document, s.place.pointer + pointer};
    for (const OverrideChange& each : changes_) {   // of several the last
      if (each.trait != (s.by == Provenance::By::trait ? s.name : "") || !find_pointer(*each.properties, pointer)) continue;
      made.provenance.by = Provenance::By::override_;
      made.provenance.name = each.policy;
      made.place = {each.place.document, each.place.pointer + pointer};
    }
    return made;
  }
  made.provenance.by = Provenance::By::default_;
  const cue::View declared = path == "parameter" ? s.parameter : s.parameter.field(made.provenance.name);
  for (const cue::ConjunctAt& each : declared.conjuncts())
    if (each.position.line > 0) {
      Answer at = s.definition->compiled->where(each.position);
      made.provenance.where = std::move(at.where);
      made.excerpt = std::move(at.excerpt);
      made.place = {};
    }
  return made;
}

FieldOrigin Setters::origin(SetterId id, const cue::View& view, const std::string& pointer) const {
  if (id == 0) return {};
  const Setter& s = all_[id - 1];
  if (!s.definition) {   // the properties are the object
    FieldOrigin made = written_by(s);
    made.provenance.name = dotted(s.below + pointer);
    made.provenance.definition = s.name;
    made.place.pointer = made.place.pointer + pointer;
    return made;
  }
  if (const std::string path = view.path(); is_below(path, "parameter")) return parameter(s, path);
  const std::vector<cue::ConjunctAt> all = view.conjuncts();
  const cue::ConjunctAt* which = telling(all);
  if (!which) return written_by(s);
  if (is_below(which->reference, "parameter")) return parameter(s, which->reference);
  FieldOrigin made = at_template(s, which->position);
  if (!is_below(which->reference, "context")) return made;
  made.provenance.by = Provenance::By::context;
  made.provenance.name = which->reference.substr(std::min(which->reference.size(), std::string_view("context.").size()));
  made.provenance.definition = s.name;
  return made;
}

std::vector<FieldOrigin> Setters::all(const Tree& tree, const json::value& object) const {
  std::vector<FieldOrigin> made;
  for_each_field(object, &tree, {}, [&](const std::string& pointer, const json::value& value, const Tree* own) {
    made.push_back(says(own, value) ? origin(own->setter, own->view, pointer) : put_in(app_, pointer, value));
    made.back().provenance.pointer = pointer;
  });
  return made;
}

namespace {

// Of an object that no template made: what stands at its place is its owner's.
std::vector<FieldOrigin> origins_of_object(const Resource& r, const Application::Data& app) {
  std::vector<FieldOrigin> made;
  const bool of_policy = r.role == Resource::Role::policy;
  const auto by = of_policy ? Provenance::By::policy : r.trait.empty() ? Provenance::By::component : Provenance::By::trait;
  const std::string& name = of_policy ? r.policy : r.trait.empty() ? r.component : r.trait;
  const bool has_place = r.place.document < app.documents.size();
  const json::value* written = has_place ? find_pointer(*app.documents[r.place.document], r.place.pointer) : nullptr;
  for_each_field(*r.object, nullptr, {}, [&](const std::string& pointer, const json::value& value, const Tree*) {
    const json::value* own = written ? find_pointer(*written, pointer) : nullptr;
    FieldOrigin origin = put_in(app, pointer, value);
    if (of_policy || (own && *own == value)) {
      origin.provenance.by = by;
      origin.provenance.name = name;
      origin.place = {r.place.document, r.place.pointer + (own ? pointer : "")};
    }
    origin.provenance.pointer = pointer;
    made.push_back(std::move(origin));
  });
  return made;
}

// The field at `pointer` is an input's, whatever stands there until it comes.
void set_input(std::string pointer, const std::string& name, const Place& place, std::vector<FieldOrigin>& all) {
  FieldOrigin made;
  made.provenance.pointer = std::move(pointer);
  made.provenance.by = Provenance::By::input;
  made.provenance.name = name;
  made.place = place;
  const auto same = std::ranges::find(all, made.provenance.pointer, [](const FieldOrigin& each) -> const std::string& { return each.provenance.pointer; });
  if (same != all.end()) *same = std::move(made);
  else all.push_back(std::move(made));
}

// Values that come at run time: put into the object, or those that its template waits for, of
// several the first.
void add_inputs(const Resource& r, const std::vector<LateRendering>& late, std::vector<FieldOrigin>& all) {
  for (const Fill& fill : r.fills) set_input(fill.to, fill.input, fill.place, all);
  if (r.late == Fill::kLiteral) return;
  for (const UnknownField& field : r.unknown) {
    const LateInput& input = late[r.late].inputs[field.inputs.front()];
    set_input(field.more ? join_pointer(field.pointer, "…") : field.pointer, input.name, input.place, all);
  }
}

}  // namespace

void finish_provenance(Resolution& shared) {
  auto& resources = shared.model->resources;
  shared.origins.resize(resources.size());
  std::vector<Question> questions;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    std::vector<FieldOrigin>& all = shared.origins[i];
    if (all.empty()) all = origins_of_object(resources[i], shared.app);
    add_inputs(resources[i], shared.model->late, all);
    for (const FieldOrigin& each : all) questions.push_back({each.place});
  }
  std::vector<Answer> answers = locate(shared.app.documents, questions);
  std::size_t next = 0;
  for (std::size_t i = 0; i < resources.size(); ++i)
    for (FieldOrigin& each : shared.origins[i]) {
      if (each.provenance.where.line == 0) each.provenance.where = std::move(answers[next].where);
      ++next;
      resources[i].provenance.push_back(std::move(each.provenance));
    }
}

}  // namespace oam::detail
