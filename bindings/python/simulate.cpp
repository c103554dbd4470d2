// simulate(), blast_radii(), explore_crashes().
#include <oam/simulate.hpp>

#include "plan.hpp"

namespace oam::python {
namespace {

Duration duration_from_python(const py::handle& given) {
  if (py::isinstance<py::tuple>(given)) {
    const auto both = given.cast<py::tuple>();
    if (both.size() != 2) throw py::value_error("a duration is milliseconds, or two of them: until the answer, then until the gate");
    return {length_from_python(both[0], "duration"), length_from_python(both[1], "duration")};
  }
  return {length_from_python(given, "duration"), 0};
}

void set_duration(Durations& durations, const py::handle& key, const py::handle& given) {
  const std::string name = text_from_python(key);
  if (!py::isinstance<py::str>(given)) {
    durations.set(name, duration_from_python(given));
  } else if (const std::string words = name + "=" + text_from_python(given); !durations.set(words)) {
    throw py::value_error("\"" + words + "\" is no duration: 40s, or 1s+40s");
  }
}

SimulateOptions options_of(const py::object& parallel, const py::object& attempts, const py::iterable& fail, const py::dict& durations, const std::vector<std::string>& history) {
  SimulateOptions options;
  options.run.id = "simulated";
  options.run.parallel = count_from_python(parallel, "parallel");
  if (!attempts.is_none()) options.run.attempts = count_from_python(attempts, "attempts");
  for (const py::handle& words : fail) {
    auto fault = Fault::parse(text_from_python(words));
    if (!fault) throw py::value_error("\"" + text_from_python(words) + "\" is no fault: STEP, STEP=RESULT or STEP=RESULT*TIMES");
    options.faults.push_back(std::move(*fault));
  }
  Diagnostics problems;
  if (!options.durations.learn(history, problems)) raise_error(problems);
  for (const auto& [key, given] : durations) set_duration(options.durations, key, given);
  return options;
}

py::tuple ids_of(const Plan& plan, std::span<const std::uint32_t> steps) {
  return tuple_of(steps, [&](std::uint32_t step) { return to_python(plan.steps()[step].id); });
}

using BoundStep = Part<Simulation, SimulatedStep>;

const Step& planned(const BoundStep& s) {
  return s.owner.plan().steps()[static_cast<std::size_t>(s.item - s.owner.steps().data())];
}

void bind_simulated_step(py::module_& module) {
  using Self = const BoundStep&;
  py::class_<BoundStep> type(module, "SimulatedStep", "What became of a step; times in milliseconds, None: it never began.");
  type.def_property_readonly("step", [](Self s) { return to_python(planned(s).id); });
  type.def_property_readonly("state", [](Self s) { return to_python(name_of(s->state)); });
  type.def_property_readonly("lane", [](Self s) { return to_python(planned(s).lane); });
  type.def_property_readonly("ready", [](Self s) { return s->ready; }, "When all it waits for had ended.");
  type.def_property_readonly("start", [](Self s) { return s->start; });
  type.def_property_readonly("end", [](Self s) { return s->end; });
  field<&SimulatedStep::attempts>(type, "attempts");
  field<&SimulatedStep::slack>(type, "slack", "How much longer it may take before the end comes later.");
  field<&SimulatedStep::critical>(type, "critical");
  type.def_property_readonly("cause", [](Self s) -> py::object {
    if (s->cause == Node::kNone) return py::none();
    return to_python(s.owner.plan().steps()[s->cause].id);
  }, "Of a blocked step: the one whose failure began it.");
  field<&SimulatedStep::message>(type, "message", "Why it has failed, is held, or was cut off with its lane.");
  type.def("__repr__", [](Self s) { return to_python(repr_of("SimulatedStep", planned(s).id)); });
}

void bind_simulation(py::module_& module) {
  using Self = const Simulation&;
  py::class_<Simulation> type(module, "Simulation", "How a run would go. Immutable.");
  type.def_property_readonly("steps", [](Self s) { return parts_of(s, s.steps()); }, "As in the plan.");
  type.def_property_readonly("done", [](Self s) { return s.done(); });
  type.def_property_readonly("took", [](Self s) { return to_python(s.took()); }, "Milliseconds.");
  type.def_property_readonly("core_ready", [](Self s) { return s.core_ready(); }, "None: the core lane does not come to a good end.");
  type.def_property_readonly("work", [](Self s) { return to_python(s.work()); }, "All that the steps took, one after another.");
  type.def_property_readonly("waited", [](Self s) { return to_python(s.waited()); }, "All that they waited for a free place.");
  type.def_property_readonly("peak", [](Self s) { return to_python(s.peak()); }, "Steps in flight at a time.");
  type.def_property_readonly("critical_path", [](Self s) { return ids_of(s.plan(), s.critical_path()); });
  type.def("text", [](Self s) { return to_python(s.text()); });
  type.def("json", [](Self s) { return to_python(s.json()); });
  type.def("to_dict", [](Self s) { return parse_python(s.json()); });
  type.def("svg", [](Self s) { return to_python(s.svg()); }, "A Gantt chart that needs nothing else.");
  type.def("html", [](Self s) { return to_python(s.html()); });
  type.def("_repr_svg_", [](Self s) { return to_python(s.svg()); });
  type.def("__str__", [](Self s) { return to_python(s.text()); });
  type.def("__repr__", [](Self s) { return to_python(repr_of("Simulation", std::string(s.plan().application()) + ": " + std::to_string(s.took()) + " ms")); });
}

struct BoundRadius {
  Plan plan;
  BlastRadius radius;
};

void bind_radius(py::module_& module) {
  using Self = const BoundRadius&;
  py::class_<BoundRadius> type(module, "BlastRadius", "What it costs when a step fails.");
  type.def_property_readonly("step", [](Self r) { return to_python(r.plan.steps()[r.radius.step].id); });
  type.def_property_readonly("blocked", [](Self r) { return ids_of(r.plan, r.radius.blocked); });
  type.def_property_readonly("result", [](Self r) { return to_python(name_of(r.radius.result)); });
  type.def_property_readonly("core_ready", [](Self r) { return r.radius.core_ready; });
  type.def("__repr__", [](Self r) { return to_python(repr_of("BlastRadius", r.plan.steps()[r.radius.step].id)); });
}

void bind_crash_report(py::module_& module) {
  using Self = const CrashReport&;
  py::class_<CrashDifference> difference(module, "CrashDifference", "A resumed run that came to another end.");
  field<&CrashDifference::records>(difference, "records", "The prefix that was left.");
  difference.def_property_readonly("done", [](const CrashDifference& d) { return tuple_of(d.done, [](const std::string& s) { return to_python(s); }); });
  difference.def_property_readonly("lost", [](const CrashDifference& d) { return tuple_of(d.lost, [](const std::string& s) { return to_python(s); }); });
  field<&CrashDifference::what>(difference, "what");

  py::class_<CrashReport> type(module, "CrashReport", "What came of every crash.");
  field<&CrashReport::records>(type, "records");
  field<&CrashReport::explored>(type, "explored", "Pairs of a prefix of the records and the effects under way done or not.");
  field<&CrashReport::different>(type, "different", "Those that came to another end.");
  field<&CrashReport::asked>(type, "asked", "Times that a step in doubt was looked into.");
  field<&CrashReport::undecided>(type, "undecided", "Crashes after which a program of class `once` waits for a decision.");
  type.def_property_readonly("differences", [](Self r) { return tuple_of(r.differences); }, "The first twenty.");
  type.def("text", [](Self r) { return to_python(r.text()); });
  type.def("json", [](Self r) { return to_python(r.json()); });
  type.def("to_dict", [](Self r) { return parse_python(r.json()); });
  type.def("__str__", [](Self r) { return to_python(r.text()); });
  type.def("__repr__", [](Self r) { return to_python(repr_of("CrashReport", std::to_string(r.explored) + " explored, " + std::to_string(r.different) + " different")); });
}

template <class Function, class... More>
void def_simulation(py::module_& module, const char* name, const char* help, std::uint32_t parallel, Function function, More... more) {
  module.def(name, function, py::arg("plan"), py::kw_only(), more..., py::arg("parallel") = parallel, py::arg("attempts") = py::none(),
             py::arg("fail") = py::tuple(), py::arg("durations") = py::dict(), py::arg("history") = std::vector<std::string>(), help);
}

}  // namespace

void bind_simulations(py::module_& module) {
  bind_simulated_step(module);
  bind_simulation(module);
  bind_radius(module);
  bind_crash_report(module);
  def_simulation(module, "simulate", "How a run of the plan would go, on a clock that costs no time.", 0,
                 [](const BoundPlan& plan, const py::object& parallel, const py::object& attempts, const py::iterable& fail, const py::dict& durations, const std::vector<std::string>& history) {
                   const SimulateOptions options = options_of(parallel, attempts, fail, durations, history);
                   return checked([&](Diagnostics& problems) { return simulate(plan.noun, options, problems); }).noun;
                 });
  def_simulation(module, "blast_radii", "What the failure of each step would keep from running, the widest first.", 0,
                 [](const BoundPlan& plan, const py::object& parallel, const py::object& attempts, const py::iterable& fail, const py::dict& durations, const std::vector<std::string>& history) {
                   const SimulateOptions options = options_of(parallel, attempts, fail, durations, history);
                   const auto radii = checked([&](Diagnostics& problems) { return blast_radii(plan.noun, options, problems); }).noun;
                   return tuple_of(radii, [&](const BlastRadius& radius) { return py::cast(BoundRadius{plan.noun, radius}); });
                 });
  def_simulation(module, "explore_crashes", "Breaks a run off after each record, with what was under way done or not, resumes it, and compares the ends.", 1,
                 [](const BoundPlan& plan, const py::object& lose_record, const py::object& parallel, const py::object& attempts, const py::iterable& fail, const py::dict& durations, const std::vector<std::string>& history) {
                   CrashOptions options{options_of(parallel, attempts, fail, durations, history), {}};
                   if (!lose_record.is_none()) options.lose_record = static_cast<std::uint64_t>(length_from_python(lose_record, "lose_record"));
                   return checked([&](Diagnostics& problems) { return explore_crashes(plan.noun, options, problems); }).noun;
                 }, py::arg("lose_record") = py::none());
}

}  // namespace oam::python
