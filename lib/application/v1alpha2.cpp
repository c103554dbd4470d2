// OAM 0.2: an ApplicationConfiguration and the Components it names become the
// same shape as a v1beta1 Application.
#include <algorithm>
#include <cctype>

#include "application/parts.hpp"
#include "application/schema.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;
using ByName = std::map<std::string, std::uint32_t, std::less<>>;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

class Configuration {
 public:
  Configuration(const Value& document, std::uint32_t index, const ByName& components, Application::Data& data,
                Problems& problems)
      : document_(document), index_(index), components_(components), data_(data), problems_(problems) {}

  void component(const json::value& value, const std::string& at) {
    Component c;
    c.place = {index_, at};
    const std::string_view name = text_at(value, "componentName"), revision = text_at(value, "revisionName");
    c.revision = revision;
    if (name.empty() == revision.empty()) {
      problems_.error("missing-field", c.place, "a component needs either \"componentName\" or \"revisionName\"");
      return;
    }
    const auto found = name.empty() ? by_revision(revision, at) : by_name(name, join_pointer(at, "componentName"));
    if (found == components_.end()) return;
    c.name = found->first;
    read_definition(found->second, c);
    read_values(value, at, c);
    each(value, at, "traits", {}, [&](const json::value& item, const std::string& here) { c.traits.push_back(trait(item, here)); });
    each(value, at, "scopes", {}, [&](const json::value& item, const std::string& here) { c.scopes.push_back(scope(item, here)); });
    c.outputs = outputs(value, at);
    c.inputs = inputs(value, at);
    data_.components.push_back(std::move(c));
  }

  template <class Each>
  void each(const json::value& value, const std::string& at, std::string_view name, std::string_view old_name, Each&& read) {
    const json::value* list = field(value, name, old_name);
    if (!list || !list->is_array()) return;
    const std::string base = join_pointer(at, name);
    std::size_t i = 0;
    for (const json::value& item : list->get_array()) read(item, join_pointer(base, i++));
  }

 private:
  ByName::const_iterator by_name(std::string_view name, const std::string& at) {
    const auto found = components_.find(name);
    if (found != components_.end()) return found;
    std::vector<std::string_view> names;
    for (const auto& [known, index] : components_) names.push_back(known);
    problems_.error("component-not-found", {index_, at}, "there is no Component \"" + std::string(name) + '"')
        .hint(did_you_mean(name, names));
    return found;
  }

  // NAME-vN without a revision object is the Component as it stands.
  ByName::const_iterator by_revision(std::string_view revision, const std::string& at) {
    const std::string here = join_pointer(at, "revisionName");
    const std::size_t dash = revision.rfind("-v");
    const bool numbered = dash != revision.npos && dash + 2 < revision.size() &&
                          std::ranges::all_of(revision.substr(dash + 2), [](unsigned char c) { return std::isdigit(c); });
    const auto found = by_name(numbered ? revision.substr(0, dash) : revision, here);
    if (found != components_.end())
      problems_.warning("revision-assumed", {index_, here},
                        "revision \"" + std::string(revision) + "\" is taken to be Component \"" + found->first + "\" as it stands");
    return found;
  }

  void read_definition(std::uint32_t index, Component& c) {
    const Value document = data_.documents[index];
    const json::value* spec = member(*document, "spec");
    if (!spec) return;
    c.workload = inside(document, field(*spec, "workload", {}));
    c.workload_place = {index, "/spec/workload"};
    if (c.workload) c.type = lower(text_at(*c.workload, "kind"));
    c.properties = c.workload;
    each(*spec, "/spec", "parameters", {}, [&](const json::value& item, const std::string& at) {
      Parameter p;
      p.name = text_at(item, "name");
      p.description = text_at(item, "description");
      const json::value* required = member(item, "required");
      p.required = required && required->is_bool() && required->get_bool();
      p.field_paths = texts(item, "fieldPaths");
      p.place = {index, at};
      const bool twice = std::ranges::find(c.parameters, p.name, &Parameter::name) != c.parameters.end();
      if (twice) problems_.error("duplicate-parameter", p.place, "parameter \"" + p.name + "\" is declared twice");
      c.parameters.push_back(std::move(p));
    });
  }

  void read_values(const json::value& value, const std::string& at, Component& c) {
    each(value, at, "parameterValues", {}, [&](const json::value& item, const std::string& here) {
      const std::string_view name = text_at(item, "name");
      const auto found = std::ranges::find(c.parameters, name, &Parameter::name);
      if (found == c.parameters.end()) {
        std::vector<std::string_view> names;
        for (const Parameter& p : c.parameters) names.push_back(p.name);
        problems_.strict(data_.lenient, "unknown-parameter", {index_, here}, "component \"" + c.name + "\" has no parameter \"" + std::string(name) + '"')
            .hint(did_you_mean(name, names));
        return;
      }
      if (found->value)
        problems_.error("duplicate-parameter", {index_, here}, "parameter \"" + found->name + "\" is given twice")
            .related(found->value_place, "first given here");
      found->value = inside(document_, field(item, "value", {}));
      found->value_place = {index_, join_pointer(here, "value")};
    });
    for (const Parameter& p : c.parameters)
      if (p.required && !p.value)
        problems_.error("missing-parameter", c.place, "component \"" + c.name + "\" needs parameter \"" + p.name + '"')
            .related(p.place, "declared here");
  }

  Trait trait(const json::value& value, const std::string& at) {
    Trait t;
    t.place = {index_, join_pointer(at, "trait")};
    t.object = inside(document_, field(value, "trait", {}));
    if (t.object) t.type = lower(text_at(*t.object, "kind"));
    t.properties = t.object;
    t.outputs = outputs(value, at);
    t.inputs = inputs(value, at);
    return t;
  }

  Scope scope(const json::value& value, const std::string& at) const {
    const json::value* ref = member(value, "scopeRef");
    if (!ref) return {};
    return {lower(text_at(*ref, "kind")), std::string(text_at(*ref, "apiVersion")), std::string(text_at(*ref, "kind")),
            std::string(text_at(*ref, "name")), {index_, at}};
  }

  std::vector<Output> outputs(const json::value& value, const std::string& at) {
    std::vector<Output> all;
    each(value, at, "dataOutputs", {}, [&](const json::value& item, const std::string& here) {
      Output& o = all.emplace_back();
      o.name = text_at(item, "name");
      o.field_path = text_at(item, "fieldPath");
      o.conditions = conditions(item, here);
      o.store = store(item, here, "outputStore", "OutputStore");
      o.place = {index_, here};
    });
    return all;
  }

  std::vector<Input> inputs(const json::value& value, const std::string& at) {
    std::vector<Input> all;
    each(value, at, "dataInputs", {}, [&](const json::value& item, const std::string& here) {
      Input& in = all.emplace_back();
      in.from = text_at(item, "valueFrom", "dataOutputName");
      in.to_field_paths = texts(item, "toFieldPaths");
      in.conditions = conditions(item, here);
      in.store = store(item, here, "inputStore", "InputStore");
      in.place = {index_, here};
    });
    return all;
  }

  std::vector<Condition> conditions(const json::value& value, const std::string& at) {
    std::vector<Condition> all;
    each(value, at, "conditions", {}, [&](const json::value& item, const std::string& here) {
      Condition& c = all.emplace_back();
      const json::value* op = field(item, "op", "operator");
      const std::string_view word = op && op->is_string() ? std::string_view(op->get_string()) : "";
      c.op = word == "eq" ? Condition::Op::equal : word == "notEq" ? Condition::Op::not_equal : Condition::Op::not_empty;
      if (word != "eq" && word != "notEq" && word != "notEmpty" && op)
        problems_.error("invalid-value", {index_, here}, "\"" + std::string(word) + "\" is no operator").expected("eq, notEq or notEmpty");
      c.value = text_at(item, "value");
      c.value_from = text_at(item, "valueFrom", "fieldPath");
      c.field_path = text_at(item, "fieldPath");
      c.place = {index_, here};
    });
    return all;
  }

  std::optional<Store> store(const json::value& value, const std::string& at, std::string_view name, std::string_view old_name) {
    const json::value* found = field(value, name, old_name);
    if (!found || !found->is_object()) return std::nullopt;
    Store s;
    s.place = {index_, join_pointer(at, member(value, name) ? name : old_name)};
    s.api_version = text_at(*found, "apiVersion");
    s.kind = text_at(*found, "kind");
    s.name = text_at(*found, "name").empty() ? text_at(*found, "metadata", "name") : text_at(*found, "name");
    s.namespace_ = text_at(*found, "namespace").empty() ? text_at(*found, "metadata", "namespace") : text_at(*found, "namespace");
    if (s.name.empty()) problems_.error("missing-field", s.place, "a store needs a \"name\"");
    each(*found, s.place.pointer, "operations", {}, [&](const json::value& item, const std::string& here) {
      s.operations.push_back(operation(item, here));
    });
    return s;
  }

  StoreOperation operation(const json::value& value, const std::string& at) {
    StoreOperation o;
    o.place = {index_, at};
    const json::value* op = field(value, "op", "operator");
    const std::string_view word = op && op->is_string() ? std::string_view(op->get_string()) : "";
    o.op = word == "delete" ? StoreOperation::Op::remove : word == "replace" ? StoreOperation::Op::replace : StoreOperation::Op::add;
    if (op && word != "add" && word != "delete" && word != "replace")
      problems_.error("invalid-value", o.place, "\"" + std::string(word) + "\" is no operation").expected("add, delete or replace");
    if (const auto type = text_at(value, "type"); !type.empty() && type != "jsonPatch")
      problems_.error("invalid-value", {index_, join_pointer(at, "type")}, "\"" + std::string(type) + "\" is no type of operation").expected("jsonPatch");
    o.to_field_path = text_at(value, "toFieldPath");
    o.to_data_path = text_at(value, "toDataPath");
    o.value = text_at(value, "value");
    o.value_from = text_at(value, "valueFrom", "fieldPath");
    o.conditions = conditions(value, at);
    return o;
  }

  std::vector<std::string> texts(const json::value& value, std::string_view name) {
    std::vector<std::string> all;
    each(value, "", name, {}, [&](const json::value& item, const std::string&) {
      if (item.is_string()) all.emplace_back(item.get_string());
    });
    return all;
  }

  const Value& document_;
  std::uint32_t index_;
  const ByName& components_;
  Application::Data& data_;
  Problems& problems_;
};

}  // namespace

void read_configuration(const Value& document, std::uint32_t index, const ByName& components, Application::Data& data,
                        Problems& problems) {
  const json::value* spec = member(*document, "spec");
  if (!spec) return;
  Configuration configuration(document, index, components, data, problems);
  configuration.each(*spec, "/spec", "components", {}, [&](const json::value& item, const std::string& at) {
    configuration.component(item, at);
  });
}

}  // namespace oam::detail
