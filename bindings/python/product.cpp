// Several applications together: load_all(), Together, ProductAssessment, SolutionAssessment.
#include <oam/product.hpp>

#include "model.hpp"

namespace oam::python {

namespace {

void bind_together(py::module_& module) {
  py::class_<Together> type(module, "Together", "What the applications of a whole come to.");
  type.def_property_readonly("health", [](const Together& t) { return to_python(name_of(t.health)); });
  type.def_property_readonly("cause", [](const Together& t) { return tuple_of(t.cause, [](const std::string& name) { return to_python(name); }); },
                             "The applications that are as bad as the whole; none if it is healthy.");
  field<&Together::present>(type, "present");
  field<&Together::expected>(type, "expected");
  field<&Together::extra>(type, "extra", "Objects that are no part of any of them any more.");
  field<&Together::drifted>(type, "drifted", "Resources with differences.");
  type.def_property_readonly("complete", &Together::complete);
  type.def_property_readonly("as_wanted", &Together::as_wanted);
}

void bind_wholes(py::module_& module) {
  py::class_<ProductAssessment, Together> product(module, "ProductAssessment", "Applications that name one product.");
  product.def_property_readonly("name", [](const ProductAssessment& p) { return to_python(p.name); });
  product.def_property_readonly("alone", [](const ProductAssessment& p) { return p.alone; }, "An application that names no product.");
  product.def_property_readonly("applications", [](const ProductAssessment& p) { return tuple_of(p.applications); });

  using Self = const SolutionAssessment&;
  py::class_<SolutionAssessment, Together> type(module, "SolutionAssessment", "How several applications stand together. str() is the tree.");
  type.def_property_readonly("name", [](Self s) { return to_python(s.name); });
  type.def_property_readonly("products", [](Self s) { return tuple_of(s.products); });
  type.def("text", [](Self s) { return to_python(s.text()); });
  type.def("json", [](Self s) { return to_python(s.json()); });
  type.def("to_dict", [](Self s) { return parse_python(s.json()); });
  type.def("__str__", [](Self s) { return to_python(s.text()); });
  type.def("__repr__", [](Self s) { return to_python(repr_of("SolutionAssessment", s.name + ": " + std::string(name_of(s.health)))); });
}

SolutionAssessment assess_all(const std::vector<const BoundModel*>& models, const Observed& observed, const std::string& solution, const std::optional<Noted<Catalog>>& catalog) {
  std::vector<Model> all;
  for (const BoundModel* model : models) all.push_back(model->made.noun);
  AssessOptions options;
  if (catalog) options.catalog = catalog->noun;
  SolutionAssessment made = checked([&](Diagnostics& problems) {
    SolutionAssessment state = assess(std::span<const Model>(all), observed, options, problems);
    return problems.has_errors() ? std::nullopt : std::optional(std::move(state));
  }).noun;
  made.name = solution;
  return made;
}

py::tuple load_all_python(const py::object& source, const std::string& name, const std::string& namespace_, bool lenient) {
  const auto sources = sources_from_python(source, name);
  LoadOptions options;
  options.namespace_ = namespace_;
  options.lenient = lenient;
  const auto made = checked([&](Diagnostics& problems) {
    std::vector<Application> all = load_all(sources, problems, options);
    return all.empty() ? std::nullopt : std::optional(std::move(all));
  });
  return tuple_of(made.noun, [&](const Application& each) { return py::cast(Noted<Application>{each, made.warnings}); });
}

}  // namespace

void bind_products(py::module_& module) {
  bind_together(module);
  bind_wholes(module);
  module.def("load_all", &load_all_python, py::arg("source"), py::kw_only(), py::arg("name") = "text", py::arg("namespace") = "default",
             py::arg("lenient") = false, "Each application of a source; takes what load() takes. The warnings are those of all.");
  module.def("assess", &assess_all, py::arg("models"), py::arg("observed"), py::kw_only(), py::arg("solution") = "", py::arg("catalog") = py::none(),
             "How several applications stand together, on one observation about all; the catalog as above.");
}

}  // namespace oam::python
