// Graph, graph(); Plan, Step, Need, plan().
#include "plan.hpp"

#include "model.hpp"

namespace oam::python {

namespace {

using StepPart = Part<Plan, Step>;
using NodePart = Part<Graph, Node>;

// A need knows the step it is about by its index in the plan.
struct BoundNeed {
  Plan plan;
  const Need* item;
  const Need* operator->() const { return item; }
};

struct BoundEdge {
  Graph graph;
  const Edge* edge;
  const Reason& reason() const { return graph.reason(*edge); }
};

std::string_view name_of_node(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::render: return "render";
    case Node::Kind::hook: return "hook";
    case Node::Kind::apply: return "apply";
  }
  return "";
}

py::object place_to_python(const Span& where) {
  if (where.line == 0) return py::none();
  return to_python(where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column));
}

void bind_edge(py::module_& module) {
  py::class_<NodePart> node(module, "Node", "A future step.");
  field<&Node::id>(node, "id");
  node.def_property_readonly("kind", [](const NodePart& n) { return to_python(name_of_node(n->kind)); });

  using Self = const BoundEdge&;
  py::class_<BoundEdge> edge(module, "Edge", "`from_` comes after `to`, and why.");
  edge.def_property_readonly("from_", [](Self e) { return to_python(e.graph.node(e.edge->from).id); });
  edge.def_property_readonly("to", [](Self e) { return to_python(e.graph.node(e.edge->to).id); });
  edge.def_property_readonly("kind", [](Self e) { return to_python(name_of(e.edge->kind)); });
  edge.def_property_readonly("rule", [](Self e) { return to_python(e.reason().rule); });
  edge.def_property_readonly("reason", [](Self e) { return to_python(e.reason().text()); });
  edge.def_property_readonly("place", [](Self e) { return place_to_python(e.graph.where(e.reason())); },
                             "FILE:LINE:COLUMN, or None for a rule that holds always.");
}

void bind_graph(py::module_& module) {
  using Self = const Noted<Graph>&;
  bind_edge(module);
  py::class_<Noted<Graph>> type(module, "Graph", "What depends on what, and why. Immutable.");
  type.def_property_readonly("nodes", [](Self g) { return parts_of(g.noun, g.noun.nodes()); });
  type.def_property_readonly("edges", [](Self g) {
    return tuple_of(g.noun.edges(), [&](const Edge& edge) { return py::cast(BoundEdge{g.noun, &edge}); });
  });
  type.def_property_readonly("diagnostics", [](Self g) { return diagnostics_to_python(g.warnings); });
  type.def("text", [](Self g) { return to_python(g.noun.text()); });
  type.def("json", [](Self g) { return to_python(g.noun.json()); });
  type.def("to_dict", [](Self g) { return parse_python(g.noun.json()); });
  type.def("dot", [](Self g) { return to_python(g.noun.dot()); }, "For Graphviz.");
  type.def("html", [](Self g) { return to_python(g.noun.html()); }, "One page that needs no other.");
  type.def("mermaid", [](Self g) { return to_python(g.noun.mermaid()); });
  type.def("_repr_markdown_", [](Self g) { return to_python("```mermaid\n" + g.noun.mermaid() + "\n```\n"); });
  type.def("__str__", [](Self g) { return to_python(g.noun.text()); });
  type.def("__repr__", [](Self g) {
    return to_python(repr_of("Graph", std::to_string(g.noun.nodes().size()) + " nodes, " +
                                          std::to_string(g.noun.edges().size()) + " edges"));
  });
  module.def("graph", [](const BoundModel& model) {
    return checked([&](Diagnostics& problems) { return graph(model.made.noun, problems); });
  }, py::arg("model"), "What depends on what; a cycle raises Error.");
}

void bind_need(py::module_& module) {
  using Self = const BoundNeed&;
  py::class_<BoundNeed> type(module, "Need", "Why a step comes after another.");
  type.def_property_readonly("step", [](Self n) { return to_python(n.plan.steps()[n->step].id); });
  type.def_property_readonly("kind", [](Self n) { return to_python(name_of(n->kind)); });
  type.def_property_readonly("reason", [](Self n) { return to_python(n.plan.reason(*n.item).text()); });
  type.def_property_readonly("rule", [](Self n) { return to_python(n.plan.reason(*n.item).rule); });
  type.def_property_readonly("place", [](Self n) { return place_to_python(n.plan.where(*n.item)); },
                             "FILE:LINE:COLUMN, or None for a rule that holds always.");
  type.def("__repr__", [](Self n) { return to_python(repr_of("Need", n.plan.steps()[n->step].id)); });
}

void bind_step(py::module_& module) {
  using Self = const StepPart&;
  bind_need(module);
  py::class_<StepPart> type(module, "Step", "One step of a plan.");
  field<&Step::id>(type, "id");
  type.def_property_readonly("kind", [](Self s) { return to_python(name_of(s->kind)); });
  type.def_property_readonly("action", [](Self s) { return to_python(s->more->does.empty() ? name_of(s->action) : std::string_view(s->more->does)); });
  field<&Step::component>(type, "component");
  field<&Step::resource>(type, "resource", "KIND[.GROUP]/NAME; empty for a render of a component.");
  type.def_property_readonly("target", [](Self s) { return target_to_python(s->target); });
  type.def_property_readonly("class_", [](Self s) { return to_python(name_of(s->class_)); });
  type.def_property_readonly("gate", [](Self s) { return to_python(name_of(s->gate)); });
  field<&Step::lane>(type, "lane");
  field<&Step::object>(type, "object", "Of an apply, a fresh dict, complete but for what is known only later.");
  type.def_property_readonly("outputs", [](Self s) {
    return tuple_of(s->more->outputs, [](const StepOutput& output) { return to_python(output.name); });
  }, "Names of the values that it publishes.");
  type.def_property_readonly("why", [](Self s) { return to_python(s->change ? s->change->why : std::string()); }, "Why this action; empty: by its fields, or nothing was observed.");
  type.def_property_readonly("changes", [](Self s) {
    static const std::vector<FieldChange> none;
    return tuple_of(s->change ? s->change->fields : none, [](const FieldChange& field) { return to_python(text_of(field.difference)); });
  }, "Fields that it changes, as texts.");
  type.def_property_readonly("needs", [](Self s) {
    return tuple_of(s->needs, [&](const Need& need) { return py::cast(BoundNeed{s.owner, &need}); });
  });
  type.def("__repr__", [](Self s) { return to_python(repr_of("Step", s->id)); });
}

py::object find_step(const BoundPlan& plan, const std::string& id) {
  const auto found = plan.noun.find(id);
  if (!found) return py::none();
  return py::cast(StepPart{plan.noun, &plan.noun.steps()[*found]});
}

py::str explain(const BoundPlan& plan, const std::string& step, const py::object& before) {
  if (before.is_none())
    return to_python(checked([&](Diagnostics& problems) { return plan.noun.explain(step, problems); }).noun);
  const std::string other = text_from_python(before);
  return to_python(checked([&](Diagnostics& problems) {
    return plan.noun.explain(step, other, problems);
  }).noun);
}

BoundPlan parse(const py::object& json) {
  const std::string text = text_from_python(json);
  return checked([&](Diagnostics& problems) { return Plan::parse(text, problems); });
}

std::string headline(const Plan& plan) {
  return std::string(plan.application()) + ": " + std::to_string(plan.steps().size()) + " steps, " +
         std::string(plan.hash().substr(0, 8));
}

template <class Class>
void bind_plan_forms(Class& type) {
  using Self = const BoundPlan&;
  type.def("text", [](Self p, bool colour) { return to_python(p.noun.text(colour)); }, py::arg("colour") = false,
           "The table that print() shows.");
  type.def("json", [](Self p) { return to_python(p.noun.json()); }, "What parse() reads back.");
  type.def("to_dict", [](Self p) { return parse_python(p.noun.json()); });
  type.def("bytes", [](Self p) { return py::bytes(p.noun.bytes()); }, "Canonical; `hash` is over them.");
  type.def_static("parse", &parse, py::arg("json"));
  type.def_static("from_dict", [](const py::object& dict) {
    const std::string text = dump(from_python(dict), Format::json, 0);
    return checked([&](Diagnostics& problems) { return Plan::parse(text, problems); });
  }, py::arg("dict"));
  type.def(py::pickle([](Self p) { return py::make_tuple(to_python(p.noun.json())); },
                      [](const py::tuple& state) { return parse(state[0]); }));
  type.def("__str__", [](Self p) { return to_python(p.noun.text()); });
  type.def("__repr__", [](Self p) { return to_python(repr_of("Plan", headline(p.noun))); });
}

void bind_plan(py::module_& module) {
  using Self = const BoundPlan&;
  py::class_<BoundPlan> type(module, "Plan", "What to do, in which order, each step with its reasons. Immutable.");
  type.def_property_readonly("application", [](Self p) { return to_python(p.noun.application()); });
  type.def_property_readonly("steps", [](Self p) { return parts_of(p.noun, p.noun.steps()); },
                             "Dependencies first, ties in the author's order.");
  type.def_property_readonly("hash", [](Self p) { return to_python(p.noun.hash()); },
                             "SHA-256, hex; nothing but meaning changes it.");
  type.def_property_readonly("graph", [](Self p) { return Noted<Graph>{p.noun.graph(), {}}; },
                             "Empty for a plan that was read from JSON.");
  type.def_property_readonly("diagnostics", [](Self p) { return diagnostics_to_python(p.warnings); },
                             "The warnings of plan().");
  type.def("find", &find_step, py::arg("id"), "None if there is no such step.");
  type.def("explain", &explain, py::arg("step"), py::arg("before") = py::none(),
           "In words: what a step is and waits for; with `before`, why it comes after that step.");
  type.def("__len__", [](Self p) { return p.noun.steps().size(); });
  type.def("__bool__", [](Self) { return true; });
  type.def("__eq__", [](Self a, Self b) { return a.noun.hash() == b.noun.hash(); }, py::is_operator());
  type.def("__hash__", [](Self p) { return py::hash(to_python(p.noun.hash())); });
  bind_plan_forms(type);
  bind_reviews(type);
}

ChangeLimit limit_from_python(const py::object& limit, const char* name) {
  ChangeLimit made;
  if (limit.is_none()) return made;
  if (!ChangeLimit::parse(std::string(py::str(limit)), made)) throw py::value_error(std::string(name) + " is a number, or a text such as \"20%\"");
  return made;
}

BoundPlan plan_python(const BoundModel& model, const py::object& observed, const py::object& settle_timeout, const std::vector<std::string>& ignore,
                      const py::object& max_changes, const py::object& max_deletes) {
  const Observed seen = observed.is_none() ? Observed() : observed.cast<Observed>();
  PlanOptions options;
  if (!settle_timeout.is_none()) options.settle_timeout = length_from_python(settle_timeout, "settle_timeout");
  for (const std::string& rule : ignore)
    if (!IgnoreRule::parse(rule, options.ignore.emplace_back())) throw py::value_error("\"" + rule + "\" is not [KIND[.GROUP][/NAME]:]POINTER");
  options.changes = limit_from_python(max_changes, "max_changes");
  options.deletes = limit_from_python(max_deletes, "max_deletes");
  return checked([&](Diagnostics& problems) { return plan(model.made.noun, seen, options, problems); });
}

}  // namespace

void bind_plans(py::module_& module) {
  bind_graph(module);
  bind_step(module);
  bind_plan(module);
  module.def("plan", &plan_python, py::arg("model"), py::arg("observed") = py::none(), py::kw_only(),
             py::arg("settle_timeout") = py::none(), py::arg("ignore") = std::vector<std::string>(), py::arg("max_changes") = py::none(), py::arg("max_deletes") = py::none(),
             "What to do to get from `observed` (None: nothing exists) to the model. `ignore`: fields whose difference does not count; a plan that would change or "
             "delete more objects than the limits (3, \"20%\") raises Error.");
}

}  // namespace oam::python
