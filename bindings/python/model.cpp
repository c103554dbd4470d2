// Model, Resource, resolve(); Observed; Assessment.
#include "model.hpp"

#include <oam/assess.hpp>
#include <oam/observed.hpp>

namespace oam::python {

namespace {

using ResourcePart = Part<Model, Resource>;

std::string_view name_of(Resource::Role role) {
  switch (role) {
    case Resource::Role::workload: return "workload";
    case Resource::Role::auxiliary: return "auxiliary";
    case Resource::Role::trait: return "trait";
    case Resource::Role::scope: return "scope";
    case Resource::Role::store: return "store";
    case Resource::Role::policy: return "policy";
  }
  return "";
}

void bind_resource(py::module_& module) {
  py::class_<ResourcePart> type(module, "Resource", "One object to be applied.");
  type.def_property_readonly("role", [](const ResourcePart& r) { return to_python(name_of(r->role)); });
  field<&Resource::component>(type, "component", "The owner; \"*\" for what belongs to the application.");
  field<&Resource::trait>(type, "trait", "The trait's type; empty for the workload.");
  field<&Resource::output>(type, "output");
  field<&Resource::api_version>(type, "api_version");
  field<&Resource::kind>(type, "kind");
  field<&Resource::namespace_>(type, "namespace", "Empty: cluster-scoped.");
  field<&Resource::name>(type, "name");
  field<&Resource::object>(type, "object", "A fresh dict, complete but for what is known only at run time.");
  type.def_property_readonly("complete", [](const ResourcePart& r) { return r->fills.empty() && r->unknown.empty(); },
                             "Whether everything is known now.");
  type.def("__repr__", [](const ResourcePart& r) {
    return to_python(repr_of("Resource", r->component + ": " + r->kind + "/" + r->name));
  });
}

BoundModel resolve_python(const py::object& application, const Noted<Catalog>& catalog,
                          const std::string& cluster, bool lenient) {
  const auto& app = application.cast<const Noted<Application>&>();
  const ResolveOptions options{.cluster = cluster, .lenient = lenient};
  auto made = checked([&](Diagnostics& problems) {
    return resolve(app.noun, catalog.noun, options, problems);
  });
  return {std::move(made), application};
}

void bind_model(py::module_& module) {
  using Self = const BoundModel&;
  py::class_<BoundModel> type(module, "Model", "What an Application means. Immutable.");
  type.def_property_readonly("application", [](Self m) { return m.application; });
  type.def_property_readonly("resources", [](Self m) { return parts_of(m.made.noun, m.made.noun.resources()); },
                             "In apply order.");
  type.def("state_machine", [](Self m, std::size_t resource) {
    if (resource >= m.made.noun.resources().size()) throw py::index_error("the model has " + std::to_string(m.made.noun.resources().size()) + " resources");
    return m.made.noun.lifecycle().machine(resource);
  }, py::arg("resource"), "The states that an object goes through; `resource`: an index into `resources`.");
  type.def_property_readonly("diagnostics", [](Self m) { return diagnostics_to_python(m.made.warnings); },
                             "The warnings of resolve().");
  type.def("__repr__", [](Self m) {
    return to_python(repr_of("Model", std::string(m.made.noun.application().name()) + ": " +
                                          std::to_string(m.made.noun.resources().size()) + " resources"));
  });
  module.def("resolve", &resolve_python, py::arg("application"), py::arg("catalog"), py::kw_only(),
             py::arg("cluster") = "", py::arg("lenient") = false,
             "Looks every reference up, checks parameters and renders what can be known now.");
}

void bind_observed(py::module_& module) {
  using Text = const std::string&;
  py::class_<Observed> type(module, "Observed", "What exists now. Immutable.");
  type.def(py::init([](const py::iterable& objects) {
             std::vector<Value> values;
             for (const py::handle object : objects) values.push_back(value_from_python(object));
             return values.empty() ? Observed() : Observed(std::move(values));
           }),
           py::arg("objects") = py::tuple(), "Complete objects, with status; none: nothing exists.");
  type.def_static("parse", [](const py::object& source) {
    const std::vector<Source> sources = sources_from_python(source, "observed");
    return checked([&](Diagnostics& problems) { return Observed::parse(sources, problems); }).noun;
  }, py::arg("source"), "Of {\"objects\": [...], \"inventory\": [...]}, or objects as kubectl prints them; takes what load() takes.");
  type.def_property_readonly("objects", [](const Observed& o) {
    return tuple_of(o.objects(), [](const Value& object) { return to_python(object); });
  });
  type.def("find", [](const Observed& o, Text api_version, Text kind, Text namespace_, Text name) {
    return to_python(o.find(api_version, kind, namespace_, name));
  }, py::arg("api_version"), py::arg("kind"), py::arg("namespace"), py::arg("name"),
  "None if it does not exist.");
  type.def("__len__", [](const Observed& o) { return o.objects().size(); });
  type.def("__repr__", [](const Observed& o) {
    return to_python(repr_of("Observed", "of " + std::to_string(o.objects().size()) + " objects"));
  });
}

void bind_component_assessment(py::module_& module) {
  using Self = const ComponentAssessment&;
  py::class_<ResourceAssessment> resource(module, "ResourceAssessment");
  resource.def_readonly("resource", &ResourceAssessment::resource, "Index into Model.resources.");
  field<&ResourceAssessment::kind>(resource, "kind");
  field<&ResourceAssessment::name>(resource, "name");
  resource.def_property_readonly("health", [](const ResourceAssessment& r) { return to_python(oam::name_of(r.health)); });
  field<&ResourceAssessment::drifted>(resource, "drifted", "A field that we set has another value.");
  field<&ResourceAssessment::message>(resource, "message");
  field<&ResourceAssessment::state>(resource, "state", "That its life cycle calls it; empty: it shows none.");

  py::class_<ComponentAssessment> component(module, "ComponentAssessment");
  field<&ComponentAssessment::name>(component, "name");
  component.def_property_readonly("health", [](Self c) { return to_python(oam::name_of(c.health)); });
  component.def_property_readonly("resources", [](Self c) { return tuple_of(c.resources); });
}

void bind_assumed(py::module_& module) {
  py::class_<AssumedObject> type(module, "AssumedObject", "An object that the application uses and does not make.");
  field<&AssumedObject::kind>(type, "kind");
  field<&AssumedObject::namespace_>(type, "namespace");
  field<&AssumedObject::name>(type, "name");
  type.def_property_readonly("health", [](const AssumedObject& o) { return to_python(oam::name_of(o.health)); });
  type.def_property_readonly("used_by", [](const AssumedObject& o) { return tuple_of(o.used_by, [](const std::string& name) { return to_python(name); }); }, "Components.");
  field<&AssumedObject::made_by>(type, "made_by", "Another application that makes it, where several are assessed together.");
}

void bind_assessment(py::module_& module) {
  bind_component_assessment(module);
  bind_assumed(module);
  using Self = const Assessment&;
  py::class_<Assessment> type(module, "Assessment", "How an application stands. str() is the tree.");
  field<&Assessment::application>(type, "application");
  field<&Assessment::namespace_>(type, "namespace");
  field<&Assessment::product>(type, "product", "That it is part of; empty: of none.");
  type.def_property_readonly("health", [](Self a) { return to_python(name_of(a.health)); },
                             "healthy, suspended, progressing, missing, degraded or unknown.");
  field<&Assessment::present>(type, "present");
  field<&Assessment::expected>(type, "expected");
  type.def_property_readonly("complete", &Assessment::complete);
  type.def_property_readonly("components", [](Self a) { return tuple_of(a.components); });
  type.def_property_readonly("extra", [](Self a) { return tuple_of(a.extra, [](const std::string& object) { return to_python(object); }); },
                             "KIND[.GROUP]/[NAMESPACE.]NAME: there, and no part of the application any more.");
  type.def_property_readonly("assumed", [](Self a) { return tuple_of(a.assumed); }, "Used and not made: they change no health.");
  type.def("text", [](Self a) { return to_python(a.text()); });
  type.def("json", [](Self a) { return to_python(a.json()); });
  type.def("to_dict", [](Self a) { return parse_python(a.json()); });
  type.def("__str__", [](Self a) { return to_python(a.text()); });
  type.def("__repr__", [](Self a) {
    return to_python(repr_of("Assessment", a.application + ": " + std::string(name_of(a.health))));
  });
}

}  // namespace

void bind_models(py::module_& module) {
  bind_resource(module);
  bind_model(module);
  bind_observed(module);
  bind_assessment(module);
  module.def("assess", [](const BoundModel& model, const Observed& observed, const std::optional<Noted<Catalog>>& catalog) {
    AssessOptions options;
    if (catalog) options.catalog = catalog->noun;
    py::gil_scoped_release others_run;
    Diagnostics none;   // what is wrong with a definition's program is a warning
    return assess(model.made.noun, observed, options, none);
  }, py::arg("model"), py::arg("observed"), py::kw_only(), py::arg("catalog") = py::none(),
             "How the application stands, given what exists. The definitions of the catalog judge their own objects; without it kinds alone are judged.");
}

}  // namespace oam::python
