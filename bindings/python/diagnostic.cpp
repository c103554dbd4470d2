// Source, Diagnostic, Label, Code and Error.
#include <sstream>

#include "convert.hpp"

namespace oam::python {

namespace {

std::string_view name_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

py::dict to_dict(const Diagnostic& problem) {
  py::dict dict;
  dict["code"] = to_python(problem.code);
  dict["severity"] = to_python(name_of(problem.severity));
  dict["file"] = to_python(problem.where.file);
  dict["line"] = to_python(problem.where.line);
  dict["column"] = to_python(problem.where.column);
  dict["pointer"] = to_python(problem.pointer);
  dict["message"] = to_python(problem.message);
  if (!problem.hint.empty()) dict["hint"] = to_python(problem.hint);
  return dict;
}

std::string text_of(const Diagnostic& problem) {
  std::ostringstream out;
  out << problem;
  std::string text = out.str();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

template <class Bound>
void bind_span(py::class_<Bound>& type, Span Bound::*where) {
  type.def_property_readonly("file", [=](const Bound& from) { return to_python((from.*where).file); });
  type.def_property_readonly("line", [=](const Bound& from) { return (from.*where).line; });
  type.def_property_readonly("column", [=](const Bound& from) { return (from.*where).column; });
  type.def_property_readonly("end_line", [=](const Bound& from) { return (from.*where).end_line; });
  type.def_property_readonly("end_column", [=](const Bound& from) { return (from.*where).end_column; });
}

void bind_source(py::module_& module) {
  py::class_<Source> type(module, "Source", "A text and the name it goes by in messages.");
  type.def(py::init([](const std::string& name, const py::object& text) {
             return Source{name, text_from_python(text)};
           }),
           py::arg("name"), py::arg("text"));
  field<&Source::name>(type, "name");
  field<&Source::text>(type, "text");
  type.def("__repr__", [](const Source& source) { return to_python(repr_of("Source", source.name)); });
}

void bind_label(py::module_& module) {
  py::class_<Label> type(module, "Label", "Another place that has to do with a diagnostic.");
  bind_span(type, &Label::where);
  field<&Label::text>(type, "text");
  field<&Label::excerpt>(type, "excerpt", "The source line, without its line break.");
  type.def("__repr__", [](const Label& label) { return to_python(repr_of("Label", label.text)); });
}

void bind_diagnostic(py::module_& module) {
  py::class_<Diagnostic> type(module, "Diagnostic", "One problem, with its place. str() is the text form.");
  field<&Diagnostic::code>(type, "code", "A stable slug, such as \"unknown-field\".");
  type.def_property_readonly("severity", [](const Diagnostic& d) { return to_python(name_of(d.severity)); },
                             "\"error\" or \"warning\".");
  bind_span(type, &Diagnostic::where);
  field<&Diagnostic::pointer>(type, "pointer", "RFC 6901, into the document.");
  field<&Diagnostic::message>(type, "message");
  field<&Diagnostic::expected>(type, "expected", "What would have been right; may be empty.");
  field<&Diagnostic::hint>(type, "hint", "What to try; may be empty.");
  field<&Diagnostic::excerpt>(type, "excerpt", "The source line, without its line break.");
  type.def_property_readonly("related", [](const Diagnostic& d) { return tuple_of(d.related); });
  type.def("to_dict", &to_dict, "As `oam vet --format json` has it.");
  type.def("__str__", [](const Diagnostic& d) { return to_python(text_of(d)); });
  type.def("__repr__", [](const Diagnostic& d) {
    const std::string place = d.where.file + ":" + std::to_string(d.where.line);
    return to_python(repr_of("Diagnostic", place + " " + std::string(d.code)));
  });
}

void bind_code(py::module_& module) {
  py::class_<Code> type(module, "Code", "What the code of a diagnostic means.");
  field<&Code::slug>(type, "slug");
  type.def_property_readonly("severity", [](const Code& code) { return to_python(name_of(code.severity)); });
  field<&Code::summary>(type, "summary", "A sentence.");
  field<&Code::help>(type, "help", "A paragraph with an example and a cure.");
  type.def("__repr__", [](const Code& code) { return to_python(repr_of("Code", code.slug)); });
  module.def("codes", [] { return tuple_of(codes()); }, "Every code there is, by slug.");
}

void bind_error(py::module_& module) {
  py::dict members;
  members["diagnostics"] = py::tuple();
  PyObject* error = PyErr_NewExceptionWithDoc(
      "oam.Error", "A mistake in a document, a plan or a record. `diagnostics` has all of them.",
      PyExc_Exception, members.ptr());
  if (!error) throw py::error_already_set();
  module.attr("Error") = py::reinterpret_steal<py::object>(error);
}

}  // namespace

py::tuple diagnostics_to_python(const std::vector<Diagnostic>& problems) { return tuple_of(problems); }

void raise_error(const Diagnostics& problems) {
  std::string text = problems.text();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const py::object type = py::module_::import("oam._oam").attr("Error");
  const py::object error = type(to_python(text));
  error.attr("diagnostics") = tuple_of(problems.items());
  PyErr_SetObject(type.ptr(), error.ptr());
  throw py::error_already_set();
}

void bind_diagnostics(py::module_& module) {
  bind_error(module);
  bind_source(module);
  bind_label(module);
  bind_diagnostic(module);
  bind_code(module);
}

}  // namespace oam::python
