// Catalog, Definition, load_catalog().
#include <oam/catalog.hpp>

#include "convert.hpp"

namespace oam::python {

namespace {

using DefinitionPart = Part<Catalog, Definition>;

std::string_view name_of(Definition::Kind kind) {
  switch (kind) {
    case Definition::Kind::component: return "component";
    case Definition::Kind::workload: return "workload";
    case Definition::Kind::trait: return "trait";
    case Definition::Kind::policy: return "policy";
    case Definition::Kind::workflow_step: return "workflow_step";
    case Definition::Kind::scope: return "scope";
  }
  return "";
}

py::object find(const Noted<Catalog>& catalog, const std::string& kind, const std::string& name) {
  const auto wanted = named(kind, Definition::Kind::scope,
                            [](Definition::Kind k) { return name_of(k); }, "kind of definition");
  const Definition* found = catalog.noun.find(wanted, name);
  if (!found) return py::none();
  return py::cast(DefinitionPart{catalog.noun, found});
}

void bind_definition(py::module_& module) {
  py::class_<DefinitionPart> type(module, "Definition", "One type that a Catalog knows.");
  type.def_property_readonly("kind", [](const DefinitionPart& d) { return to_python(name_of(d->kind)); });
  field<&Definition::name>(type, "name");
  field<&Definition::version>(type, "version");
  field<&Definition::api_version>(type, "api_version");
  field<&Definition::definition_ref>(type, "definition_ref", "PLURAL.GROUP of what it renders.");
  field<&Definition::document>(type, "document", "The whole definition.");
  type.def("__repr__", [](const DefinitionPart& d) {
    return to_python(repr_of("Definition", std::string(name_of(d->kind)) + "/" + d->name));
  });
}

Noted<Catalog> load_catalog_python(const py::object& source, const std::string& name) {
  const auto sources = sources_from_python(source, name);
  return checked([&](Diagnostics& problems) { return load_catalog(sources, problems); });
}

}  // namespace

void bind_catalogs(py::module_& module) {
  using Self = const Noted<Catalog>&;
  bind_definition(module);
  py::class_<Noted<Catalog>> type(module, "Catalog", "Which types exist and what they render. Immutable.");
  type.def(py::init([] { return Noted<Catalog>{}; }), "No types at all.");
  type.def_static("standard", [] { return Noted<Catalog>{Catalog::standard(), {}}; }, "The types that liboam brings.");
  type.def("__len__", [](Self c) { return c.noun.size(); });
  type.def_property_readonly("definitions", [](Self c) { return parts_of(c.noun, c.noun.definitions()); },
                             "By kind, then name.");
  type.def("find", &find, py::arg("kind"), py::arg("name"), "None if there is none; `name` may be NAME@VERSION.");
  type.def("__or__", [](Self a, Self b) { return Noted<Catalog>{a.noun.with(b.noun), {}}; }, py::is_operator(),
           "Both; what stands in the right one wins.");
  type.def_property_readonly("diagnostics", [](Self c) { return diagnostics_to_python(c.warnings); },
                             "The warnings of load_catalog().");
  type.def("__repr__", [](Self c) {
    return to_python(repr_of("Catalog", "of " + std::to_string(c.noun.size()) + " definitions"));
  });
  module.def("load_catalog", &load_catalog_python, py::arg("source"), py::kw_only(), py::arg("name") = "text",
             "Reads definitions; takes what load() takes.");
}

}  // namespace oam::python
