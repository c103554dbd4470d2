// StateMachine with its states and transitions, state_machine_of(). States go by their names.
#include <algorithm>

#include <oam/definition.hpp>
#include <oam/state_machine.hpp>

#include "model.hpp"

namespace oam::python {

namespace {

using TransitionPart = Part<StateMachine, StateTransition>;
using Pair = std::pair<std::string, std::string>;

std::uint32_t index_of(const StateMachine& machine, const std::string& state) {
  const auto found = machine.find(state);
  if (!found) throw py::value_error("there is no state \"" + state + '"');
  return *found;
}

py::object state_at(const StateMachine& machine, std::optional<std::uint32_t> state) {
  return state ? py::cast(machine.states()[*state]) : py::none();
}

py::tuple names_of(const StateMachine& machine, const std::vector<std::uint32_t>& states) {
  return tuple_of(states, [&](std::uint32_t state) { return to_python(machine.states()[state].name); });
}

ObjectState make_state(std::string name, std::string condition, bool complete, bool final, const std::string& health) {
  return {std::move(name), std::move(condition), complete, final, named(health, Health::unknown, [](Health h) { return oam::name_of(h); }, "health")};
}

StateMachine make_machine(std::string name, std::vector<ObjectState> states, const std::vector<Pair>& pairs) {
  if (states.empty()) throw py::value_error("a life cycle has one state or more");
  const auto index = [&](const std::string& state) {
    const auto found = std::ranges::find(states, state, &ObjectState::name);
    if (found == states.end()) throw py::value_error("there is no state \"" + state + '"');
    return static_cast<std::uint32_t>(found - states.begin());
  };
  for (std::uint32_t i = 0; i < states.size(); ++i)
    if (index(states[i].name) != i) throw py::value_error("there are two states \"" + states[i].name + '"');
  std::vector<StateTransition> transitions;
  for (const Pair& each : pairs) transitions.push_back({index(each.first), index(each.second)});
  StateMachine made(std::move(name), std::move(states), std::move(transitions));
  for (std::uint32_t i = 0; i < made.states().size(); ++i)
    if (const auto why = made.wrong_condition(i)) throw py::value_error("no condition of \"" + made.states()[i].name + "\": " + *why);
  return made;
}

StateMachine machine_of_definition(const Part<Catalog, Definition>& definition) {
  return checked([&](Diagnostics& problems) {
    StateMachine made = state_machine_of(*definition.item, problems);
    return problems.has_errors() ? std::nullopt : std::optional(std::move(made));
  }).noun;
}

void bind_state(py::module_& module) {
  py::class_<ObjectState> state(module, "ObjectState", "One of the states that an object goes through.");
  state.def(py::init(&make_state), py::arg("name"), py::kw_only(), py::arg("condition") = "", py::arg("complete") = false,
            py::arg("final") = false, py::arg("health") = "Progressing");
  field<&ObjectState::name>(state, "name");
  field<&ObjectState::condition>(state, "condition", "CUE on `object`; empty: no object shows it.");
  field<&ObjectState::complete>(state, "complete", "What waits for the object may go on.");
  field<&ObjectState::final>(state, "final", "Its life may end here.");
  state.def_property_readonly("health", [](const ObjectState& s) { return to_python(oam::name_of(s.health)); });
  state.def("__repr__", [](const ObjectState& s) { return to_python(repr_of("ObjectState", s.name)); });

  py::class_<TransitionPart> transition(module, "StateTransition");
  transition.def_property_readonly("from_", [](const TransitionPart& t) { return to_python(t.owner.states()[t->from].name); });
  transition.def_property_readonly("to", [](const TransitionPart& t) { return to_python(t.owner.states()[t->to].name); });
  transition.def_property_readonly("points", [](const TransitionPart& t) {
    return tuple_of(t->points, [](HookPoint point) { return to_python(oam::name_of(point)); });
  }, "Of the hooks that run on the way.");
  transition.def("__repr__", [](const TransitionPart& t) {
    return to_python(repr_of("StateTransition", t.owner.states()[t->from].name + " > " + t.owner.states()[t->to].name));
  });
}

void bind_machine(py::module_& module) {
  using Self = const StateMachine&;
  using Text = const std::string&;
  py::class_<StateMachine> type(module, "StateMachine", "The states that an object goes through in its life. Immutable.");
  type.def(py::init<>(), "That of every object.");
  type.def(py::init(&make_machine), py::arg("name"), py::arg("states"), py::arg("transitions") = std::vector<Pair>(),
           "Transitions are pairs of names: from, to. The first state is the one before there is an object.");
  type.def_property_readonly("name", [](Self m) { return to_python(m.name()); });
  type.def_property_readonly("states", [](Self m) { return tuple_of(m.states()); });
  type.def_property_readonly("transitions", [](Self m) { return parts_of(m, m.transitions()); });
  type.def("find", [](Self m, Text state) { return state_at(m, m.find(state)); }, py::arg("state"), "None if there is none of this name.");
  type.def("allows", [](Self m, Text from, Text to) { return m.allows(index_of(m, from), index_of(m, to)); }, py::arg("from_"), py::arg("to"), "An object may also stay.");
  type.def("unreachable", [](Self m) { return names_of(m, m.unreachable()); }, "States that nothing leads to from the first.");
  type.def("dead_ends", [](Self m) { return names_of(m, m.dead_ends()); }, "From which neither a complete nor a final one is reached.");
  type.def("state_of", [](Self m, const py::object& object) { return state_at(m, m.state_of(from_python(object))); }, py::arg("object"),
           "The first state whose condition holds; None: the object shows none of them.");
  type.def("json", [](Self m) { return to_python(m.json()); });
  type.def("to_dict", [](Self m) { return parse_python(m.json()); });
  type.def("dot", [](Self m) { return to_python(m.dot()); });
  type.def("__repr__", [](Self m) { return to_python(repr_of("StateMachine", m.name() + ": " + std::to_string(m.states().size()) + " states")); });
}

}  // namespace

void bind_states(py::module_& module) {
  bind_state(module);
  bind_machine(module);
  module.def("state_machine_of", &machine_of_definition, py::arg("definition"),
             "What a definition says in spec.extension.lifecycle, else that of every object.");
}

}  // namespace oam::python
