#include "application/parts.hpp"
#include "application/schema.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;

// Reads the parts of one document; `at` is always the pointer of `value`.
class Parts {
 public:
  Parts(const Value& document, std::uint32_t index) : document_(document), index_(index) {}

  template <class Each>
  void each(const json::value& value, const std::string& at, std::string_view name, Each&& read) const {
    const json::value* list = member(value, name);
    if (!list || !list->is_array()) return;
    const std::string base = join_pointer(at, name);
    std::size_t i = 0;
    for (const json::value& item : list->get_array()) read(item, join_pointer(base, i++));
  }

  Component component(const json::value& value, const std::string& at) const {
    Component c;
    c.name = text_at(value, "name");
    c.type = text_at(value, "type");
    c.properties = inside(document_, field(value, "properties", {}));
    c.external_revision = text_at(value, "externalRevision");
    c.place = {index_, at};
    c.depends_on = references(value, at);
    c.inputs = inputs(value, at);
    c.outputs = outputs(value, at);
    each(value, at, "traits", [&](const json::value& item, const std::string& here) {
      Trait& trait = c.traits.emplace_back();
      trait.type = text_at(item, "type");
      trait.properties = inside(document_, field(item, "properties", {}));
      trait.place = {index_, here};
    });
    if (const json::value* scopes = member(value, "scopes"); scopes && scopes->is_object())
      for (const auto& entry : scopes->get_object())
        c.scopes.push_back({entry.key(), {}, {}, std::string(text_at(*scopes, std::string_view(entry.key()))),
                            {index_, join_pointer(join_pointer(at, "scopes"), std::string_view(entry.key()))}});
    return c;
  }

  Policy policy(const json::value& value, const std::string& at, std::size_t number) const {
    Policy p{std::string(text_at(value, "name")), std::string(text_at(value, "type")),
             inside(document_, field(value, "properties", {})), {index_, at}};
    if (p.name.empty()) p.name = p.type + "-auto-gen-" + std::to_string(number);
    return p;
  }

  WorkflowStep step(const json::value& value, const std::string& at, const std::string& name) const {
    WorkflowStep s;
    s.name = text_at(value, "name");
    if (s.name.empty()) s.name = name;
    s.type = text_at(value, "type");
    s.alias = text_at(value, "meta", "alias");
    s.if_ = text_at(value, "if");
    s.timeout = text_at(value, "timeout");
    s.mode = text_at(value, "mode");
    s.depends_on = references(value, at);
    s.inputs = inputs(value, at);
    s.outputs = outputs(value, at);
    s.properties = inside(document_, field(value, "properties", {}));
    s.place = {index_, at};
    each(value, at, "subSteps", [&](const json::value& item, const std::string& here) {
      s.sub_steps.push_back(step(item, here, name + '-' + std::to_string(s.sub_steps.size())));
    });
    return s;
  }

  Workflow workflow(const json::value& value, const std::string& at) const {
    Workflow w;
    w.place = {index_, at};
    w.ref = text_at(value, "ref");
    if (const auto mode = text_at(value, "mode", "steps"); !mode.empty()) w.mode = mode;
    if (const auto mode = text_at(value, "mode", "subSteps"); !mode.empty()) w.sub_mode = mode;
    each(value, at, "steps", [&](const json::value& item, const std::string& here) {
      w.steps.push_back(step(item, here, "step-" + std::to_string(w.steps.size())));
    });
    return w;
  }

 private:
  std::vector<Reference> references(const json::value& value, const std::string& at) const {
    std::vector<Reference> all;
    each(value, at, "dependsOn", [&](const json::value& item, const std::string& here) {
      if (item.is_string()) all.push_back({std::string(item.get_string()), {index_, here}});
    });
    return all;
  }

  std::vector<Input> inputs(const json::value& value, const std::string& at) const {
    std::vector<Input> all;
    each(value, at, "inputs", [&](const json::value& item, const std::string& here) {
      Input& input = all.emplace_back();
      input.from = text_at(item, "from");
      input.parameter_key = text_at(item, "parameterKey");
      input.place = {index_, here};
    });
    return all;
  }

  std::vector<Output> outputs(const json::value& value, const std::string& at) const {
    std::vector<Output> all;
    each(value, at, "outputs", [&](const json::value& item, const std::string& here) {
      Output& output = all.emplace_back();
      output.name = text_at(item, "name");
      output.value_from = text_at(item, "valueFrom");
      output.place = {index_, here};
    });
    return all;
  }

  const Value& document_;
  std::uint32_t index_;
};

}  // namespace

Value inside(const Value& document, const json::value* value) { return value ? Value(document, value) : Value(); }

void read_application(const Value& document, std::uint32_t index, Application::Data& data, Problems&) {
  const json::value* spec = member(*document, "spec");
  if (!spec) return;
  const Parts parts(document, index);
  parts.each(*spec, "/spec", "components", [&](const json::value& item, const std::string& at) {
    data.components.push_back(parts.component(item, at));
  });
  parts.each(*spec, "/spec", "policies", [&](const json::value& item, const std::string& at) {
    data.policies.push_back(parts.policy(item, at, data.policies.size()));
  });
  const json::value* workflow = field(*spec, "workflow", {});
  if (workflow && workflow->is_object()) data.workflow = parts.workflow(*workflow, "/spec/workflow");
}

std::optional<std::uint32_t> object_beside(const Application::Data& app, std::string_view kind, std::string_view name) {
  for (const std::uint32_t each : app.others) {
    const json::value& document = *app.documents[each];
    const std::string_view space = text_at(document, "metadata", "namespace");
    if (text_at(document, "kind") == kind && text_at(document, "metadata", "name") == name && (space.empty() || space == app.namespace_)) return each;
  }
  return std::nullopt;
}

std::optional<Workflow> workflow_beside(const Application::Data& app, std::string_view name) {
  const auto index = object_beside(app, "Workflow", name);
  if (!index) return std::nullopt;
  const Value document = app.documents[*index];
  return Parts(document, *index).workflow(*document, {});
}

}  // namespace oam::detail
