// Task, Wait, Done and Outcome: what a Run asks and what it is told.
#include <oam/run.hpp>

#include "plan.hpp"

namespace oam::python {
namespace {

Outcome outcome_of(Outcome::Result result, const py::object& outputs, const py::object& object, std::optional<bool> ready, const std::string& revision,
                   const std::string& message, const py::object& retry_after) {
  Outcome outcome;
  outcome.result = result;
  outcome.outputs = value_from_python(outputs);
  outcome.object = value_from_python(object);
  outcome.ready = ready;
  outcome.revision = revision;
  outcome.message = message;
  if (!retry_after.is_none()) outcome.retry_after = length_from_python(retry_after, "retry_after");
  return outcome;
}

void bind_task(py::module_& module) {
  py::class_<Task> type(module, "Task", "Do this now, then report.");
  field<&Task::run>(type, "run");
  field<&Task::id>(type, "id", "Of this attempt.");
  field<&Task::step>(type, "step");
  type.def_property_readonly("kind", [](const Task& t) { return to_python(name_of(t.kind)); }, "render, hook or apply.");
  field<&Task::action>(type, "action");
  type.def_property_readonly("attempt", [](const Task& t) { return t.attempt; });
  field<&Task::token>(type, "token", "Stable over the attempts of one step.");
  field<&Task::timeout>(type, "timeout", "Milliseconds, after which the run gives the attempt up; 0: never.");
  type.def_property_readonly("target", [](const Task& t) { return target_to_python(t.target); });
  type.def_property_readonly("object", [](const Task& t) { return to_python(t.object); });
  type.def("json", [](const Task& t) { return to_python(t.json()); });
  type.def("__repr__", [](const Task& t) { return to_python(repr_of("Task", t.id)); });
  type.attr("__match_args__") = py::make_tuple("step", "kind", "action", "object");
}

void bind_answers(py::module_& module) {
  py::class_<Wait> wait(module, "Wait", "Nothing to do before `until`, or before a task in flight is reported.");
  wait.def_property_readonly("until", [](const Wait& w) { return w.until; });
  wait.def_property_readonly("in_flight", [](const Wait& w) { return w.in_flight; });
  wait.def("__repr__", [](const Wait& w) { return to_python(repr_of("Wait", w.until ? std::to_string(*w.until) : "for a report")); });
  wait.attr("__match_args__") = py::make_tuple("until", "in_flight");

  py::class_<Done> done(module, "Done", "The end; repeats for ever.");
  field<&Done::ok>(done, "ok");
  done.def_property_readonly("result", [](const Done& d) { return to_python(name_of(d.result)); });
  field<&Done::succeeded>(done, "succeeded");
  field<&Done::failed>(done, "failed");
  field<&Done::blocked>(done, "blocked");
  field<&Done::skipped>(done, "skipped");
  field<&Done::cancelled>(done, "cancelled");
  field<&Done::held>(done, "held");
  done.def_property_readonly("reasons", [](const Done& d) { return tuple_of(d.reasons, [](const std::string& r) { return to_python(r); }); });
  done.def("__bool__", [](const Done& d) { return d.ok; });
  done.def("__repr__", [](const Done& d) { return to_python(repr_of("Done", name_of(d.result))); });
  done.attr("__match_args__") = py::make_tuple("ok", "result");
}

void bind_outcome(py::module_& module) {
  using Result = Outcome::Result;
  py::class_<Outcome> type(module, "Outcome", "What happened to a task.");
  type.def(py::init([](const std::string& result, const py::object& outputs, const py::object& object, std::optional<bool> ready, const std::string& revision,
                       const std::string& message, const py::object& retry_after) {
             const auto which = named(result, Result::progress, [](Result r) { return name_of(r); }, "result");
             return outcome_of(which, outputs, object, ready, revision, message, retry_after);
           }),
           py::arg("result"), py::kw_only(), py::arg("outputs") = py::none(), py::arg("object") = py::none(), py::arg("ready") = py::none(), py::arg("revision") = "",
           py::arg("message") = "", py::arg("retry_after") = py::none());
  const auto factory = [&](const char* name, Result result) {
    type.def_static(name, [result](const std::string& message, const py::object& outputs, const py::object& object, std::optional<bool> ready, const std::string& revision, const py::object& retry_after) {
      return outcome_of(result, outputs, object, ready, revision, message, retry_after);
    }, py::arg("message") = "", py::kw_only(), py::arg("outputs") = py::none(), py::arg("object") = py::none(), py::arg("ready") = py::none(), py::arg("revision") = "", py::arg("retry_after") = py::none());
  };
  factory("succeeded", Result::succeeded);
  factory("unchanged", Result::unchanged);
  factory("retry", Result::retry);
  factory("failed", Result::failed);
  factory("cancelled", Result::cancelled);
  factory("unknown", Result::unknown);
  type.def_property_readonly("result", [](const Outcome& o) { return to_python(name_of(o.result)); });
  type.def_property_readonly("outputs", [](const Outcome& o) { return to_python(o.outputs); });
  type.def_property_readonly("object", [](const Outcome& o) { return to_python(o.object); });
  type.def_property_readonly("ready", [](const Outcome& o) { return o.ready; }, "The host's own word on the gate; None: the object says it.");
  field<&Outcome::message>(type, "message");
  field<&Outcome::revision>(type, "revision");
  type.def_property_readonly("retry_after", [](const Outcome& o) { return o.retry_after; }, "Milliseconds from now.");
  type.def("json", [](const Outcome& o) { return to_python(o.json()); });
  type.def("__repr__", [](const Outcome& o) { return to_python(repr_of("Outcome", name_of(o.result))); });
}

}  // namespace

void bind_tasks(py::module_& module) {
  bind_task(module);
  bind_answers(module);
  bind_outcome(module);
  module.def("render", [](const Task& task) { return render(task); }, py::arg("task"), "Does a render task: pure, needs nothing but the task.");
}

}  // namespace oam::python
