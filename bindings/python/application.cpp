// Application with its parts, load(), ApplicationBuilder; read() and dump().
#include <oam/application.hpp>

#include "convert.hpp"

namespace oam::python {

namespace {

using ApplicationPart = Noted<Application>;
using ComponentPart = Part<Application, Component>;
using TraitPart = Part<Application, Trait>;
using PolicyPart = Part<Application, Policy>;
using StepPart = Part<Application, WorkflowStep>;
using WorkflowPart = Part<Application, Workflow>;
using InputPart = Part<Application, Input>;
using OutputPart = Part<Application, Output>;

constexpr const char* kLoadHelp =
    "Reads one application and what stands beside it. A str is text that goes by `name` in messages, a "
    "pathlib.Path a file or a folder of .yaml, .yml and .json files; a list may mix both.";

template <class Item>
py::tuple parts(const Application& owner, const std::vector<Item>& items) {
  return parts_of(owner, std::span<const Item>(items));
}

py::tuple names(const std::vector<Reference>& references) {
  return tuple_of(references, [](const Reference& reference) { return to_python(reference.name); });
}

LoadOptions load_options(const std::string& app, const std::string& namespace_, bool lenient) {
  LoadOptions options;
  options.app = app;
  options.namespace_ = namespace_;
  options.lenient = lenient;
  return options;
}

Noted<Application> load_python(const py::object& source, const std::string& name, const std::string& app,
                               const std::string& namespace_, bool lenient) {
  const auto sources = sources_from_python(source, name);
  const LoadOptions options = load_options(app, namespace_, lenient);
  return checked([&](Diagnostics& problems) { return load(sources, problems, options); });
}

Format format_named(const std::string& name) {
  return named(name, Format::json, [](Format format) { return std::string_view(format == Format::yaml ? "yaml" : "json"); },
               "format");
}

py::list read_python(const py::object& source, const std::string& name) {
  const auto sources = sources_from_python(source, name);
  const auto documents =
      checked([&](Diagnostics& problems) { return read(sources, Limits{}, problems); }).noun;
  py::list values;
  for (std::size_t at = 0; at < documents.size(); ++at) values.append(to_python(documents[at]));
  return values;
}

void bind_flow(py::module_& module) {
  py::class_<InputPart> input(module, "Input", "A value of another component that this one needs.");
  field<&Input::from>(input, "from_", "The name of an Output.");
  field<&Input::parameter_key>(input, "parameter_key");
  py::class_<OutputPart> output(module, "Output", "A value that others may read once the resource is there.");
  field<&Output::name>(output, "name");
  field<&Output::value_from>(output, "value_from");
  field<&Output::field_path>(output, "field_path");
}

void bind_component(py::module_& module) {
  py::class_<TraitPart> trait(module, "Trait");
  field<&Trait::type>(trait, "type");
  field<&Trait::properties>(trait, "properties");
  field<&Trait::object>(trait, "object", "Of a 0.2 trait, as it is applied; else None.");
  trait.def("__repr__", [](const TraitPart& t) { return to_python(repr_of("Trait", t->type)); });

  py::class_<ComponentPart> type(module, "Component");
  field<&Component::name>(type, "name");
  field<&Component::type>(type, "type");
  field<&Component::properties>(type, "properties");
  field<&Component::workload>(type, "workload", "Of a 0.2 component, parameters not yet filled in; else None.");
  type.def_property_readonly("depends_on", [](const ComponentPart& c) { return names(c->depends_on); });
  type.def_property_readonly("traits", [](const ComponentPart& c) { return parts(c.owner, c->traits); });
  type.def_property_readonly("inputs", [](const ComponentPart& c) { return parts(c.owner, c->inputs); });
  type.def_property_readonly("outputs", [](const ComponentPart& c) { return parts(c.owner, c->outputs); });
  type.def_property_readonly("scopes", [](const ComponentPart& c) {
    return tuple_of(c->scopes, [](const Scope& scope) { return to_python(scope.name); });
  });
  type.def("__repr__", [](const ComponentPart& c) {
    return to_python(repr_of("Component", c->name + ": " + c->type));
  });
}

void bind_policy_and_workflow(py::module_& module) {
  py::class_<PolicyPart> policy(module, "Policy");
  field<&Policy::name>(policy, "name");
  field<&Policy::type>(policy, "type");
  field<&Policy::properties>(policy, "properties");
  policy.def("__repr__", [](const PolicyPart& p) {
    return to_python(repr_of("Policy", p->name + ": " + p->type));
  });

  py::class_<StepPart> step(module, "WorkflowStep");
  field<&WorkflowStep::name>(step, "name");
  field<&WorkflowStep::type>(step, "type");
  field<&WorkflowStep::if_>(step, "if_");
  field<&WorkflowStep::timeout>(step, "timeout");
  field<&WorkflowStep::properties>(step, "properties");
  step.def_property_readonly("depends_on", [](const StepPart& s) { return names(s->depends_on); });
  step.def_property_readonly("sub_steps", [](const StepPart& s) { return parts(s.owner, s->sub_steps); });
  step.def("__repr__", [](const StepPart& s) {
    return to_python(repr_of("WorkflowStep", s->name + ": " + s->type));
  });

  py::class_<WorkflowPart> workflow(module, "Workflow");
  field<&Workflow::ref>(workflow, "ref");
  field<&Workflow::mode>(workflow, "mode");
  field<&Workflow::sub_mode>(workflow, "sub_mode");
  workflow.def_property_readonly("steps", [](const WorkflowPart& w) { return parts(w.owner, w->steps); });
}

py::object workflow_of(const Application& application) {
  const Workflow* workflow = application.workflow();
  if (!workflow) return py::none();
  return py::cast(WorkflowPart{application, workflow});
}

void bind_application(py::module_& module) {
  using Self = const ApplicationPart&;
  py::class_<ApplicationPart> type(module, "Application", "What the author wrote. Immutable.");
  type.def_property_readonly("name", [](Self a) { return to_python(a.noun.name()); });
  type.def_property_readonly("namespace", [](Self a) { return to_python(a.noun.namespace_()); });
  type.def_property_readonly("api_version", [](Self a) { return to_python(a.noun.api_version()); });
  type.def_property_readonly("labels", [](Self a) { return to_python(a.noun.labels()); });
  type.def_property_readonly("annotations", [](Self a) { return to_python(a.noun.annotations()); });
  type.def_property_readonly("components", [](Self a) { return parts_of(a.noun, a.noun.components()); },
                             "In the author's order.");
  type.def_property_readonly("policies", [](Self a) { return parts_of(a.noun, a.noun.policies()); });
  type.def_property_readonly("workflow", [](Self a) { return workflow_of(a.noun); },
                             "None if none was written.");
  type.def_property_readonly("lenient", [](Self a) { return a.noun.lenient(); });
  type.def_property_readonly("diagnostics", [](Self a) { return diagnostics_to_python(a.warnings); },
                             "The warnings of load().");
  type.def("dump", [](Self a, const std::string& format) { return to_python(a.noun.dump(format_named(format))); },
           py::arg("format") = "yaml", "The application as a v1beta1 document, \"yaml\" or \"json\".");
  type.def("lost", [](Self a) {
    return tuple_of(a.noun.lost(), [](const std::string& what) { return to_python(what); });
  }, "What a 0.2 application says that dump() cannot.");
  type.def("__repr__", [](Self a) {
    return to_python(repr_of("Application", std::string(a.noun.name()) + ": " +
                                                std::to_string(a.noun.components().size()) + " components"));
  });
}

// Properties as JSON text, which is what the builder takes.
std::string properties_text(const py::object& properties) {
  return properties.is_none() ? "" : dump(from_python(properties), Format::json, 0);
}

void bind_builder(py::module_& module) {
  using Self = ApplicationBuilder;
  using Text = const std::string&;
  constexpr auto same = py::return_value_policy::reference;   // pybind11 finds the object it already has
  py::class_<Self> type(module, "ApplicationBuilder", "Makes an Application in code, checked as if it had been read.");
  type.def(py::init<std::string>(), py::arg("name"));
  type.def("namespace_", [](Self& b, Text value) -> Self& { return b.namespace_(value); }, py::arg("value"), same);
  type.def("label", [](Self& b, Text key, Text value) -> Self& { return b.label(key, value); },
           py::arg("key"), py::arg("value"), same);
  type.def("annotation", [](Self& b, Text key, Text value) -> Self& { return b.annotation(key, value); },
           py::arg("key"), py::arg("value"), same);
  type.def("component", [](Self& b, Text name, Text kind, const py::object& properties) -> Self& {
    return b.component(name, kind, properties_text(properties));
  }, py::arg("name"), py::arg("type"), py::arg("properties") = py::none(), same);
  type.def("depends_on", [](Self& b, Text component) -> Self& { return b.depends_on(component); },
           py::arg("component"), same);
  type.def("input", [](Self& b, Text from, Text key) -> Self& { return b.input(from, key); },
           py::arg("from_"), py::arg("parameter_key"), same);
  type.def("output", [](Self& b, Text name, Text from) -> Self& { return b.output(name, from); },
           py::arg("name"), py::arg("value_from"), same);
  type.def("trait", [](Self& b, Text kind, const py::object& properties) -> Self& {
    return b.trait(kind, properties_text(properties));
  }, py::arg("type"), py::arg("properties") = py::none(), same);
  type.def("scope", [](Self& b, Text kind, Text name) -> Self& { return b.scope(kind, name); },
           py::arg("type"), py::arg("name"), same);
  type.def("policy", [](Self& b, Text name, Text kind, const py::object& properties) -> Self& {
    return b.policy(name, kind, properties_text(properties));
  }, py::arg("name"), py::arg("type"), py::arg("properties") = py::none(), same);
  type.def("step", [](Self& b, Text name, Text kind, const py::object& properties) -> Self& {
    return b.step(name, kind, properties_text(properties));
  }, py::arg("name"), py::arg("type"), py::arg("properties") = py::none(), same);
  type.def("text", [](const Self& b) { return to_python(b.text()); }, "The document that build() reads.");
  type.def("build", [](const Self& b, Text app, Text namespace_, bool lenient) {
    const LoadOptions options = load_options(app, namespace_, lenient);
    return checked([&](Diagnostics& problems) { return b.build(problems, options); });
  }, py::kw_only(), py::arg("app") = "", py::arg("namespace") = "default", py::arg("lenient") = false);
}

}  // namespace

void bind_documents(py::module_& module) {
  module.def("read", &read_python, py::arg("source"), py::kw_only(), py::arg("name") = "text",
             "All documents as values, no kinds checked.");
  module.def("dump", [](const py::object& value, const std::string& format, const py::object& indent) {
    const auto spaces = static_cast<int>(integer_between(indent, 0, 16, "indent"));
    return to_python(dump(from_python(value), format_named(format), spaces));
  }, py::arg("value"), py::arg("format") = "yaml", py::kw_only(), py::arg("indent") = 2,
  "A value as text, \"yaml\" or \"json\".");
}

void bind_applications(py::module_& module) {
  bind_flow(module);
  bind_component(module);
  bind_policy_and_workflow(module);
  bind_application(module);
  bind_builder(module);
  module.def("load", &load_python, py::arg("source"), py::kw_only(), py::arg("name") = "text",
             py::arg("app") = "", py::arg("namespace") = "default", py::arg("lenient") = false, kLoadHelp);
}

}  // namespace oam::python
