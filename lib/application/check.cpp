// The checks that need no types: names, duplicates, references, durations.
#include <algorithm>
#include <cctype>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/time/time.h>

#include "application/parts.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"
#include "support/text.hpp"

namespace oam::detail {
namespace {

using Names = absl::flat_hash_map<std::string, Place>;

std::string quoted(std::string_view name) { return '"' + std::string(name.substr(0, 100)) + '"'; }

Place at(const Place& place, std::string_view name) { return {place.document, join_pointer(place.pointer, name)}; }

std::vector<std::string_view> keys(const Names& names) {
  std::vector<std::string_view> all;
  for (const auto& [name, place] : names) all.push_back(name);
  std::ranges::sort(all);
  return all;
}

// A Go duration, as time.ParseDuration reads it: no days; some time.
bool is_timeout(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  absl::Duration length;
  return absl::ParseDuration(absl::string_view(text.data(), text.size()), &length) && length > absl::ZeroDuration();
}

bool is_name(std::string_view name) {
  const auto letter = [](unsigned char c) { return std::isalnum(c) && c < 0x80; };
  const auto inner = [&](unsigned char c) { return letter(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= 63 && letter(name.front()) && letter(name.back()) && std::ranges::all_of(name, inner);
}

class Checks {
 public:
  Checks(const Application::Data& data, Problems& problems) : data_(data), problems_(problems) {}

  void run() {
    names();
    for (const Component& c : data_.components) component(c);
    policies();
    workflow();
    inputs();
    annotations();
  }

 private:
  void unique(Names& names, const std::string& name, const Place& place, std::string_view code, std::string_view what, bool lenient = false) {
    const auto [first, added] = names.emplace(name, place);
    if (added) return;
    problems_.strict(lenient, code, place, std::string(what) + ' ' + quoted(name) + " stands twice")
        .related(first->second, "first here");
  }

  void names() {
    if (!data_.name.empty() && !is_object_name(data_.name))
      problems_.strict(data_.lenient, "invalid-name", {data_.place.document, "/metadata/name"}, quoted(data_.name) + " is no name of an object")
          .expected("at most 253 lower case letters, digits, \"-\", \".\"; a letter or digit at both ends");
    const std::string_view space = text_at(*data_.documents[data_.place.document], "metadata", "namespace");
    if (!space.empty() && !is_namespace(space))
      problems_.strict(data_.lenient, "invalid-name", {data_.place.document, "/metadata/namespace"}, quoted(space) + " is no name of a namespace")
          .expected("at most 63 lower case letters, digits, \"-\"; a letter or digit at both ends");
    const std::string_view field = data_.api_version.ends_with("alpha2") ? "componentName" : "name";
    for (const Component& c : data_.components) {
      if (!c.name.empty() && !is_name(c.name))
        problems_.strict(data_.lenient, "invalid-name", at(c.place, field), quoted(c.name) + " is no component name")
            .expected("at most 63 letters, digits, \"-\", \"_\", \".\"; a letter or digit at both ends");
      if (!c.name.empty()) unique(components_, c.name, at(c.place, field), "duplicate-component", "component");
      for (const Output& o : c.outputs) output(o);
      for (const Trait& t : c.traits)
        for (const Output& o : t.outputs) output(o);
    }
  }

  void output(const Output& o) {
    if (!o.name.empty()) unique(outputs_, o.name, o.place, "duplicate-output", "output");
  }

  void typed(const std::string& type, const Place& place, const std::string& whose) {
    const boost::json::value* given = type.empty() ? find_pointer(*data_.documents[place.document], place.pointer + "/type") : nullptr;
    if (given && given->is_string()) problems_.error("missing-field", at(place, "type"), "the \"type\" of " + whose + " is empty");
  }

  void component(const Component& c) {
    typed(c.type, c.place, "component " + quoted(c.name));
    for (const Trait& t : c.traits) typed(t.type, t.place, "a trait of component " + quoted(c.name));
    Names types;
    for (const Trait& t : c.traits)
      if (!t.type.empty()) unique(types, t.type, t.place, "duplicate-trait", "a trait of type", data_.lenient);
    for (const Reference& r : c.depends_on) {
      if (components_.contains(r.name)) continue;
      const auto known = near(r.name);
      problems_.strict(data_.lenient, "unknown-dependency", r.place, "component " + quoted(c.name) + " depends on " + quoted(r.name) + ", which does not exist")
          .hint(did_you_mean(r.name, known));
    }
  }

  // All names where there are few; a hint is not worth a scan of 100,000.
  std::vector<std::string_view> near(const std::string&) const {
    return components_.size() <= 2'000 ? keys(components_) : std::vector<std::string_view>();
  }

  // What a workflow that stands elsewhere puts out is known when it is looked up.
  void inputs() {
    if (data_.workflow && !data_.workflow->ref.empty()) return;
    for (const Component& c : data_.components) {
      for (const Input& in : c.inputs) input(in, outputs_);
      for (const Trait& t : c.traits)
        for (const Input& in : t.inputs) input(in, outputs_);
    }
  }

  void input(const Input& in, const Names& outputs) {
    if (in.from.empty() || outputs.contains(in.from) || step_outputs_.contains(in.from)) return;
    problems_.error("unknown-input", in.place, (step_outputs_.empty() ? "no component has an output " : "no component and no step of the workflow has an output ") + quoted(in.from))
        .hint(did_you_mean(in.from, keys(outputs)));
  }

  void policies() {
    Names names;
    for (const Policy& p : data_.policies) {
      unique(names, p.name, p.place, "duplicate-policy", "policy", data_.lenient);
      if (has_controls(p.name))
        problems_.strict(data_.lenient, "invalid-name", at(p.place, "name"), quoted(p.name) + " has control characters").expected("a name of one line");
      if (!p.type.empty() && p.type != "debug" && !p.properties)
        problems_.error("empty-policy", p.place, "policy " + quoted(p.name) + " has no properties");
    }
  }

  void workflow() {
    if (!data_.workflow) return;
    const Workflow& w = *data_.workflow;
    if (!w.ref.empty() && !w.steps.empty())
      problems_.error("ref-and-steps", at(w.place, "ref"), "the workflow has both a ref and steps").key();
    steps(w);
    if (const auto other = w.ref.empty() ? std::nullopt : workflow_beside(data_, w.ref)) steps(*other);
  }

  void steps(const Workflow& w) {
    mode(w.mode, {w.place.document, w.place.pointer + "/mode/steps"});
    mode(w.sub_mode, {w.place.document, w.place.pointer + "/mode/subSteps"});
    Names names;
    for (const WorkflowStep& s : w.steps) {
      step(s, names);
      for (const WorkflowStep& inner : s.sub_steps) step(inner, names);
    }
    for (const WorkflowStep& s : w.steps) step_references(s, names);
  }

  void mode(const std::string& value, const Place& place) {
    if (value != "StepByStep" && value != "DAG")
      problems_.strict(data_.lenient, "invalid-value", place, quoted(value) + " is no mode").expected("StepByStep or DAG");
  }

  void step(const WorkflowStep& s, Names& names) {
    unique(names, s.name, s.place, "duplicate-step", "step");
    for (const Output& o : s.outputs) step_outputs_.insert(o.name);
    if (!s.mode.empty()) mode(s.mode, at(s.place, "mode"));
    if (!s.timeout.empty() && !is_timeout(s.timeout))
      problems_.error("invalid-timeout", at(s.place, "timeout"), quoted(s.timeout) + " is no duration")
          .expected("a duration such as 90s, 5m or 1h30m");
  }

  void step_references(const WorkflowStep& s, const Names& names) {
    for (const Reference& r : s.depends_on)
      if (!names.contains(r.name))
        problems_.error("unknown-dependency", r.place, "step " + quoted(s.name) + " depends on " + quoted(r.name) + ", which does not exist")
            .hint(did_you_mean(r.name, keys(names)));
    for (const WorkflowStep& inner : s.sub_steps) step_references(inner, names);
  }

  void annotations() {
    const auto has = [&](std::string_view name) {
      return std::ranges::find(data_.annotations, name, [](const auto& pair) { return std::string_view(pair.first); });
    };
    const auto update = has("app.oam.dev/autoUpdate");
    if (update == data_.annotations.end() || update->second != "true") return;
    if (has("app.oam.dev/publishVersion") == data_.annotations.end()) return;
    problems_.error("publish-version-conflict", {data_.metadata_place.document, "/metadata/annotations/app.oam.dev~1autoUpdate"},
                    "app.oam.dev/autoUpdate and app.oam.dev/publishVersion exclude each other").key();
  }

  const Application::Data& data_;
  Problems& problems_;
  Names components_, outputs_;
  absl::flat_hash_set<std::string> step_outputs_;
};

}  // namespace

void check_application(const Application::Data& data, Problems& problems) { Checks(data, problems).run(); }

}  // namespace oam::detail
