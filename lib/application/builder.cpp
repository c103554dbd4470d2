// An Application as a v1beta1 document, and one made in code.
#include <boost/json/value.hpp>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "support/json.hpp"

namespace oam {
namespace {
namespace json = boost::json;

json::object map_of(const Pairs& pairs) {
  json::object map;
  for (const auto& [key, value] : pairs) map[key] = value;
  return map;
}

json::object metadata(std::string_view name, std::string_view namespace_, const Pairs& labels, const Pairs& annotations) {
  json::object out{{"name", name}};
  if (!namespace_.empty()) out["namespace"] = namespace_;
  if (!labels.empty()) out["labels"] = map_of(labels);
  if (!annotations.empty()) out["annotations"] = map_of(annotations);
  return out;
}

json::object typed(std::string_view name, std::string_view type, const Value& properties) {
  json::object out;
  if (!name.empty()) out["name"] = name;
  out["type"] = type;
  if (properties) out["properties"] = *properties;
  return out;
}

template <class Items, class Write>
void add_list(json::object& out, std::string_view name, const Items& items, Write&& write) {
  if (items.empty()) return;
  json::array list;
  for (const auto& item : items) list.push_back(write(item));
  out[json::string_view(name.data(), name.size())] = std::move(list);
}

json::value input_of(const Input& in) {
  json::object out{{"from", in.from}};
  const std::string& key = in.parameter_key.empty() && !in.to_field_paths.empty() ? in.to_field_paths[0] : in.parameter_key;
  if (!key.empty()) out["parameterKey"] = key;
  return out;
}

json::value output_of(const Output& o) {
  return {{"name", o.name}, {"valueFrom", o.value_from.empty() ? "output." + o.field_path : o.value_from}};
}

json::value component_of(const Component& c) {
  json::object out = typed(c.name, c.type, c.properties);
  if (!c.external_revision.empty()) out["externalRevision"] = c.external_revision;
  add_list(out, "dependsOn", c.depends_on, [](const Reference& r) { return json::value(r.name); });
  add_list(out, "inputs", c.inputs, input_of);
  add_list(out, "outputs", c.outputs, output_of);
  add_list(out, "traits", c.traits, [](const Trait& t) { return json::value(typed("", t.type, t.properties)); });
  json::object scopes;
  for (const Scope& s : c.scopes) scopes[s.type] = s.name;
  if (!scopes.empty()) out["scopes"] = std::move(scopes);
  return out;
}

json::value step_of(const WorkflowStep& s) {
  json::object out = typed(s.name, s.type, s.properties);
  if (!s.alias.empty()) out["meta"] = {{"alias", s.alias}};
  if (!s.if_.empty()) out["if"] = s.if_;
  if (!s.timeout.empty()) out["timeout"] = s.timeout;
  if (!s.mode.empty()) out["mode"] = s.mode;
  add_list(out, "dependsOn", s.depends_on, [](const Reference& r) { return json::value(r.name); });
  add_list(out, "inputs", s.inputs, input_of);
  add_list(out, "outputs", s.outputs, output_of);
  add_list(out, "subSteps", s.sub_steps, step_of);
  return out;
}

json::value workflow_of(const Workflow& w) {
  json::object out;
  if (!w.ref.empty()) out["ref"] = w.ref;
  out["mode"] = {{"steps", w.mode}, {"subSteps", w.sub_mode}};
  add_list(out, "steps", w.steps, step_of);
  return out;
}

json::object application(json::object metadata, json::object spec) {
  return {{"apiVersion", "core.oam.dev/v1beta1"}, {"kind", "Application"}, {"metadata", std::move(metadata)}, {"spec", std::move(spec)}};
}

void lose(std::vector<std::string>& lost, const std::string& owner, const std::vector<Input>& inputs, const std::vector<Output>& outputs) {
  for (const Input& in : inputs) {
    if (in.store) lost.push_back(owner + ": an inputStore");
    if (!in.conditions.empty()) lost.push_back(owner + ": the conditions of input " + in.from);
    if (in.to_field_paths.size() > 1) lost.push_back(owner + ": all but the first field path of input " + in.from);
  }
  for (const Output& o : outputs) {
    if (o.store) lost.push_back(owner + ": an outputStore");
    if (!o.conditions.empty()) lost.push_back(owner + ": the conditions of output " + o.name);
  }
}

}  // namespace

std::string Application::dump(Format format) const {
  json::object spec;
  spec["components"] = json::array();
  for (const Component& c : data->components) spec["components"].get_array().push_back(component_of(c));
  add_list(spec, "policies", data->policies, [](const Policy& p) { return json::value(typed(p.name, p.type, p.properties)); });
  if (data->workflow) spec["workflow"] = workflow_of(*data->workflow);
  return oam::dump(application(metadata(data->name, data->namespace_, data->labels, data->annotations), std::move(spec)), format);
}

std::vector<std::string> Application::lost() const {
  std::vector<std::string> lost;
  for (const Component& c : data->components) {
    for (const Parameter& p : c.parameters) lost.push_back(c.name + ": the declaration of parameter " + p.name);
    lose(lost, c.name, c.inputs, c.outputs);
    for (const Trait& t : c.traits) lose(lost, c.name + ", trait " + t.type, t.inputs, t.outputs);
  }
  return lost;
}

ApplicationBuilder::ApplicationBuilder(std::string name) : name_(std::move(name)) {}

ApplicationBuilder& ApplicationBuilder::namespace_(std::string value) {
  space_ = std::move(value);
  return *this;
}
ApplicationBuilder& ApplicationBuilder::label(std::string key, std::string value) {
  labels_.emplace_back(std::move(key), std::move(value));
  return *this;
}
ApplicationBuilder& ApplicationBuilder::annotation(std::string key, std::string value) {
  annotations_.emplace_back(std::move(key), std::move(value));
  return *this;
}
ApplicationBuilder& ApplicationBuilder::component(std::string name, std::string type, std::string properties) {
  parts_.push_back({"components", std::move(name), std::move(type), std::move(properties)});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::depends_on(std::string component) {
  parts_.push_back({"dependsOn", std::move(component), {}, {}});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::input(std::string from, std::string parameter_key) {
  parts_.push_back({"inputs", std::move(from), std::move(parameter_key), {}});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::output(std::string name, std::string value_from) {
  parts_.push_back({"outputs", std::move(name), std::move(value_from), {}});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::trait(std::string type, std::string properties) {
  parts_.push_back({"traits", {}, std::move(type), std::move(properties)});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::scope(std::string type, std::string name) {
  parts_.push_back({"scopes", std::move(name), std::move(type), {}});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::policy(std::string name, std::string type, std::string properties) {
  parts_.push_back({"policies", std::move(name), std::move(type), std::move(properties)});
  return *this;
}
ApplicationBuilder& ApplicationBuilder::step(std::string name, std::string type, std::string properties) {
  parts_.push_back({"steps", std::move(name), std::move(type), std::move(properties)});
  return *this;
}

namespace {

json::array& list_in(json::object& map, std::string_view name) {
  json::value& list = map[json::string_view(name.data(), name.size())];
  if (!list.is_array()) list = json::array();
  return list.get_array();
}

// Text that is no JSON stays text, so that build() reports it in its place.
json::value properties_of(const std::string& text) {
  Diagnostics ignored;
  auto value = parse_json(text, ignored);
  return value ? std::move(*value) : json::value(text);
}

}  // namespace

std::string ApplicationBuilder::text() const {
  json::object spec{{"components", json::array()}};
  for (const Part& part : parts_) {
    json::array& components = spec["components"].get_array();
    json::object item = typed(part.name, part.type, part.properties.empty() ? nullptr : share(properties_of(part.properties)));
    if (part.kind == "components" || part.kind == "policies") {
      list_in(spec, part.kind).push_back(std::move(item));
    } else if (part.kind == "steps") {
      if (!spec.contains("workflow")) spec["workflow"] = json::object();
      list_in(spec["workflow"].get_object(), "steps").push_back(std::move(item));
    } else {   // of the component named last
      if (components.empty()) components.push_back(json::object());
      json::object& owner = components.back().get_object();
      if (part.kind == "dependsOn") list_in(owner, part.kind).push_back(json::value(part.name));
      else if (part.kind == "inputs") list_in(owner, part.kind).push_back({{"from", part.name}, {"parameterKey", part.type}});
      else if (part.kind == "outputs") list_in(owner, part.kind).push_back({{"name", part.name}, {"valueFrom", part.type}});
      else if (part.kind == "traits") list_in(owner, part.kind).push_back(std::move(item));
      else if (auto& scopes = owner["scopes"]; scopes.is_object()) scopes.get_object()[part.type] = part.name;
      else scopes = json::object{{part.type, part.name}};
    }
  }
  return oam::dump(application(metadata(name_, space_, labels_, annotations_), std::move(spec)), Format::yaml);
}

std::optional<Application> ApplicationBuilder::build(Diagnostics& problems, const LoadOptions& options) const {
  return load(Source{name_, text()}, problems, options);
}

}  // namespace oam
