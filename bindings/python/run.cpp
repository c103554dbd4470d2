// Run, and the hosts that drive it.
#include <oam/hosts/memory.hpp>
#include <oam/run.hpp>
#include <oam/subscription.hpp>

#include "plan.hpp"

namespace oam::python {
namespace {

RunOptions options_of(const std::string& id, bool journal, const py::object& attempts, const py::object& parallel) {
  RunOptions options;
  options.id = id;
  options.journal = journal;
  if (!attempts.is_none()) options.attempts = count_from_python(attempts, "attempts");
  if (!parallel.is_none()) options.parallel = count_from_python(parallel, "parallel");
  return options;
}

std::string_view name_of(Report report) {
  constexpr std::string_view kNames[] = {"accepted", "duplicate", "late", "unknown_task"};
  return kNames[static_cast<std::size_t>(report)];
}

const Step& step_of(const Run& run, const std::string& step) {
  const auto found = run.plan().find(step);
  if (!found) throw py::value_error("the plan has no step \"" + step + "\"");
  return run.plan().steps()[*found];
}

Run restore(const BoundPlan& plan, const py::object& checkpoint, const std::vector<std::string>& records, const py::object& now,
            const std::string& id, bool journal) {
  Diagnostics problems;
  auto run = Run::restore(plan.noun, checkpoint.is_none() ? std::string() : text_from_python(checkpoint), records, time_from_python(now), problems,
                          options_of(id, journal, py::none(), py::none()));
  if (!run) raise_error(problems);
  return std::move(*run);
}

void bind_event(py::module_& module) {
  py::class_<Event> type(module, "Event", "Something the run decided.");
  type.def_property_readonly("id", [](const Event& e) { return to_python(e.id()); }, "The same whenever the records are replayed.");
  type.def_property_readonly("type", [](const Event& e) { return to_python(e.type()); });
  type.def_property_readonly("step", [](const Event& e) { return to_python(e.step()); }, "Empty: about the run.");
  type.def_property_readonly("lane", [](const Event& e) { return to_python(e.lane()); });
  type.def_property_readonly("cause", [](const Event& e) { return to_python(e.cause()); }, "Of a blocked step: the one whose failure began it.");
  type.def_property_readonly("time", [](const Event& e) { return e.time; });
  field<&Event::attempt>(type, "attempt");
  field<&Event::message>(type, "message");
  type.def("attribute", [](const Event& e, const std::string& name) { return e.attribute(name); }, py::arg("name"), "As CloudEvents name it; None: it has none.");
  type.def("json", [](const Event& e) { return to_python(e.json()); }, "A CloudEvent.");
  type.def("log", [](const Event& e) { return to_python(e.log()); }, "The same as a line of a log.");
  type.def("__repr__", [](const Event& e) { return to_python(repr_of("Event", std::string(e.type()) + " " + std::string(e.step()))); });
}

void bind_subscription(py::module_& module) {
  py::class_<Subscription> type(module, "Subscription", "Which events somebody wants, and where they go.");
  field<&Subscription::id>(type, "id");
  field<&Subscription::sink>(type, "sink");
  type.def("wants", &Subscription::wants, py::arg("event"));
  type.def_static("parse", [](const py::object& source, const std::string& name) {
    const std::vector<Source> sources = sources_from_python(source, name);
    return checked([&](Diagnostics& problems) { return Subscription::parse(sources, problems); }).noun;
  }, py::arg("source"), py::kw_only(), py::arg("name") = "text");
  module.def("react", [](Run& run, const std::vector<Subscription>& subscriptions, const std::vector<Event>& events, const py::object& now) {
    return react(run, subscriptions, events, time_from_python(now));
  }, py::arg("run"), py::arg("subscriptions"), py::arg("events"), py::arg("now"), "Carries out what subscriptions with an oam: sink say.");
}

void bind_run(py::module_& module) {
  py::class_<Run> type(module, "Run", "Carries out a plan without touching the world. One thread at a time.");
  type.def(py::init([](const BoundPlan& plan, const std::string& id, bool journal, const py::object& attempts, const py::object& parallel, bool ignore_pace) {
             RunOptions options = options_of(id, journal, attempts, parallel);
             options.ignore_pace = ignore_pace;
             return Run(plan.noun, std::move(options));
           }),
           py::arg("plan"), py::arg("id") = "", py::kw_only(), py::arg("journal") = true, py::arg("attempts") = py::none(), py::arg("parallel") = py::none(), py::arg("ignore_pace") = false);
  type.def("next", [](Run& run, const py::object& now) { return run.next(time_from_python(now)); }, py::arg("now"));
  type.def("report", [](Run& run, const std::string& task, const Outcome& outcome, const py::object& now) {
    return to_python(name_of(run.report(task, outcome, time_from_python(now))));
  }, py::arg("task"), py::arg("outcome"), py::arg("now"));
  const auto order = [&](const char* name, bool (Run::*call)(Time, const Decision&), const char* help) {
    type.def(name, [call](Run& run, const py::object& now, const std::string& actor, const std::string& reason) {
      return (run.*call)(time_from_python(now), {.actor = actor, .reason = reason});
    }, py::arg("now"), py::kw_only(), py::arg("actor") = "", py::arg("reason") = "", help);
  };
  order("pause", &Run::pause, "Nothing new is handed out until resume().");
  order("resume", &Run::resume, "");
  order("cancel", &Run::cancel, "No new tasks; what is in flight is still to be reported.");
  type.def("supersede", [](Run& run, const py::object& now, const std::string& actor, const std::string& reason, const std::string& successor) {
    return run.supersede(time_from_python(now), {.actor = actor, .reason = reason, .successor = successor});
  }, py::arg("now"), py::kw_only(), py::arg("actor") = "", py::arg("reason") = "", py::arg("successor") = "", "As cancel(), because another plan takes over.");
  type.def("decide", [](Run& run, const std::string& step, const std::string& command, const py::object& now, const std::string& actor, const std::string& reason) {
    const auto named_command = [](Command c) { return oam::name_of(c); };
    return run.decide(step_of(run, step).id, named(command, Command::cancel, named_command, "command"), time_from_python(now), {.actor = actor, .reason = reason});
  }, py::arg("step"), py::arg("command"), py::arg("now"), py::kw_only(), py::arg("actor") = "", py::arg("reason") = "");
  type.def_static("succeed", [](const Run& old, const BoundPlan& plan, const std::string& id, bool journal) {
    return Run::succeed(old, plan.noun, options_of(id, journal, py::none(), py::none()));
  }, py::arg("old"), py::arg("plan"), py::kw_only(), py::arg("id") = "", py::arg("journal") = true, "The run of another plan that goes on where `old` stopped.");
  type.def_property_readonly("phase", [](const Run& run) { return to_python(oam::name_of(run.phase())); });
  type.def_property_readonly("superseded", &Run::superseded, "Another plan has taken over.");
  type.def_property_readonly("successor", [](const Run& run) { return to_python(run.successor()); }, "Who has taken over, if that was said.");
  type.def_property_readonly("unwanted", [](const Run& run) { return run.unwanted(); }, "Tasks in flight that nobody waits for.");
  type.def("state", [](const Run& run, const std::string& step) { return to_python(oam::name_of(run.state(step_of(run, step).id))); }, py::arg("step"));
  type.def("take_records", [](Run& run) { return run.take_records(); }, "JSON lines: make them durable before performing the task.");
  type.def("take_events", [](Run& run) { return tuple_of(run.take_events()); });
  type.def("save", [](const Run& run) { return to_python(run.save()); }, "A checkpoint for restore().");
  type.def_property_readonly("id", [](const Run& run) { return to_python(run.id()); });
  type.def_property_readonly("held", [](const Run& run) { return run.held(); });
  type.def_property_readonly("halted", [](const Run& run) { return run.halted(); });
  type.def_static("restore", &restore, py::arg("plan"), py::arg("checkpoint") = py::none(), py::arg("records") = std::vector<std::string>(),
                  py::arg("now") = 0, py::kw_only(), py::arg("id") = "", py::arg("journal") = true);
  type.def("__repr__", [](const Run& run) { return to_python(repr_of("Run", run.id())); });
}

}  // namespace

void bind_runs(py::module_& module) {
  bind_event(module);
  bind_run(module);
  bind_subscription(module);
  module.def("command_table", [] { return parse_python(command_table()); }, "Which decision which state takes, and where it leads.");
}

void bind_hosts(py::module_& module) {
  py::class_<hosts::Memory> type(module, "MemoryHost", "A small fake cluster in virtual time.");
  type.def(py::init<>());
  type.def("perform", &hosts::Memory::perform, py::arg("task"));
  type.def("observe", &hosts::Memory::observe);
  type.def("now", &hosts::Memory::now);
  type.def("sleep_until", [](hosts::Memory& host, const py::object& until) { host.sleep_until(time_from_python(until)); }, py::arg("until"));
  type.def("fail", [](hosts::Memory& host, std::string step, const Outcome& outcome, int times) { host.fail(std::move(step), outcome, times); },
           py::arg("step"), py::arg("outcome"), py::arg("times") = 1);
  type.def("show", [](hosts::Memory& host, std::string object, const py::object& status, std::string space, const py::object& after) {
    host.show({std::move(object), std::move(space), length_from_python(after, "after"), value_from_python(status)});
  }, py::arg("object"), py::arg("status"), py::kw_only(), py::arg("namespace") = "", py::arg("after") = 0, "The status that an object, KIND[.GROUP]/NAME, shows once it has been applied so long.");
  type.def("stall", [](hosts::Memory& host, std::string step) { host.stall(std::move(step)); }, py::arg("step"));
}

}  // namespace oam::python

PYBIND11_MODULE(_oam, module) {
  using namespace oam::python;
  module.attr("__version__") = OAM_VERSION;
  bind_diagnostics(module);
  bind_documents(module);
  bind_applications(module);
  bind_catalogs(module);
  bind_states(module);   // models have some
  bind_models(module);
  bind_products(module);
  bind_plans(module);
  bind_tasks(module);
  bind_runs(module);
  bind_hosts(module);
  bind_simulations(module);
}
