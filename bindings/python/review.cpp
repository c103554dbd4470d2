// Plan.check(), Plan.difference(), Plan.part(), Plan.inverse().
#include <oam/review.hpp>

#include "plan.hpp"

namespace oam::python {

namespace {

using Self = const BoundPlan&;

py::object check_python(Self plan, const py::object& observed, const py::object& fresh) {
  const Observed now = observed.is_none() ? Observed() : observed.cast<Observed>();
  const Plan* made = fresh.is_none() ? nullptr : &fresh.cast<const BoundPlan&>().noun;
  return parse_python(check(plan.noun, now, made).json());
}

BoundPlan part_python(Self plan, std::vector<std::string> targets, std::vector<std::string> exclude, const std::string& reach) {
  const auto name_of_reach = [](oam::Part::Reach r) -> std::string_view { return r == oam::Part::Reach::up ? "up" : r == oam::Part::Reach::down ? "down" : "both"; };
  const oam::Part part{std::move(targets), std::move(exclude), named(reach, oam::Part::Reach::both, name_of_reach, "reach")};
  return checked([&](Diagnostics& problems) { return part_of(plan.noun, part, problems); });
}

py::tuple inverse_python(Self plan) {
  Inverse made = inverse(plan.noun);
  const py::tuple without = tuple_of(made.without, [](const Irreversible& each) { return py::make_tuple(to_python(each.step), to_python(each.why)); });
  return py::make_tuple(BoundPlan{std::move(made.plan), {}}, without);
}

}  // namespace

void bind_reviews(py::class_<BoundPlan>& type) {
  type.def_property_readonly("kept", [](Self p) { return to_python(p.noun.kept()); }, "How many objects are as they should be.");
  type.def_property_readonly("incomplete", [](Self p) { return to_python(p.noun.incomplete()); }, "Why this is a part of a plan alone; empty: it is whole.");
  type.def("check", &check_python, py::arg("observed") = py::none(), py::arg("fresh") = py::none(),
           "Does it still hold? A dict: holds, observed, wanted (what it was compared with), stale (step, why), waiting, lacking. `fresh` is the plan as it would be made now.");
  type.def("difference", [](Self after, Self before) { return parse_python(difference(before.noun, after.noun).json()); }, py::arg("before"),
           "How it differs from another, step by step, as a dict.");
  type.def("part", &part_python, py::arg("targets") = std::vector<std::string>(), py::kw_only(), py::arg("exclude") = std::vector<std::string>(), py::arg("reach") = "up",
           "Steps, components or objects by name, with what they need (up), what needs them (down), or both.");
  type.def("inverse", &inverse_python, "The plan that undoes it, and what that does not undo: (step, why) pairs.");
}

}  // namespace oam::python
