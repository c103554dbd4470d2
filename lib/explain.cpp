#include <oam/explain.hpp>

#include <algorithm>

#include <oam/json.hpp>

#include "graph/builder.hpp"
#include "plan/plan_json.hpp"
#include "plan/ways.hpp"
#include "support/json.hpp"

namespace oam {
namespace {

// Tells needs; all their places were found by one scan.
class Teller {
 public:
  explicit Teller(const Plan& plan) : plan_(plan), places_(plan.places()) {}

  Because operator()(std::uint32_t after, const Need& n) const {
    const Reason& why = plan_.reason(n);
    return {plan_.steps()[after].id, plan_.steps()[n.step].id, n.kind, std::string(why.rule), why.text(), n.reason < places_.size() ? places_[n.reason] : Span()};
  }

  std::vector<Because> along(std::uint32_t after, const std::vector<const Need*>& path) const {
    std::vector<Because> all;
    for (const Need* n : path) {
      all.push_back((*this)(after, *n));
      after = n->step;
    }
    return all;
  }

 private:
  const Plan& plan_;
  std::vector<Span> places_;
};

bool is_at_or_below(std::string_view pointer, std::string_view top) {
  return pointer.starts_with(top) && (pointer.size() == top.size() || pointer[top.size()] == '/');
}

// What a Secret holds is never told.
bool is_secret(const boost::json::value& object, std::string_view pointer) {
  if (detail::text_at(object, "kind") != "Secret") return false;
  for (const std::string_view data : {"/data", "/stringData"})
    if (is_at_or_below(pointer, data) || is_at_or_below(data, pointer)) return true;
  return false;
}

// Is the field in a value that comes at run time, or one of the further fields that may come?
bool may_bring(const Provenance& origin, std::string_view pointer) {
  std::string_view top = origin.pointer;
  if (top.ends_with("/…")) top.remove_suffix(std::string_view("/…").size());
  return origin.by == Provenance::By::input && is_at_or_below(pointer, top);
}

std::vector<FieldReason> reasons_in(const Model& model, const Plan& plan, const Step& s, std::string_view pointer) {
  const auto node = plan.graph().find(s.id);
  std::vector<FieldReason> all;
  if (!s.object || !node || plan.graph().node(*node).resource == Node::kNone) return all;
  const boost::json::value shown = detail::shown_object(*plan.data, s);
  const auto add = [&](const Provenance& each) {
    const boost::json::value* value = detail::find_pointer(shown, each.pointer);
    all.push_back({each.pointer, !value ? "" : is_secret(shown, each.pointer) ? "(secret)" : detail::to_json(*value), each});
  };
  const std::vector<Provenance>& origins = model.resources()[plan.graph().node(*node).resource].provenance;
  for (const Provenance& each : origins)
    if (is_at_or_below(each.pointer, pointer)) add(each);
  if (!all.empty()) return all;
  for (const Provenance& each : origins)
    if (may_bring(each, pointer)) add(each);
  return all;
}

}  // namespace

std::vector<Circle> circles(const Model& model, Diagnostics& problems, const GraphOptions& options) {
  detail::Problems found(model.application().documents(), problems);
  auto data = std::make_shared<Graph::Data>(detail::build_graph(model, options, found));
  if (detail::sort_nodes(*data)) return {};
  const Graph graph{std::move(data)};
  const std::vector<Span> places = graph.places();
  std::vector<Circle> all;
  for (const detail::EdgeCycle& cycle : detail::cycles_of(graph)) {
    Circle made;
    made.cheapest = cycle.cheapest;
    for (const Edge* e : cycle.edges) {
      const Reason& why = graph.reason(*e);
      made.edges.push_back({graph.node(e->from).id, graph.node(e->to).id, e->kind, std::string(why.rule), why.text(), places[e->reason]});
    }
    all.push_back(std::move(made));
  }
  return all;
}

std::optional<StepReasons> reasons(const Plan& plan, std::string_view step, Diagnostics& problems) {
  const auto found = detail::step_named(plan, step, problems);
  if (!found) return std::nullopt;
  const Teller because(plan);
  StepReasons all{plan.steps()[*found].id, {}, {}};
  for (const Need& n : plan.steps()[*found].needs) all.needs.push_back(because(*found, n));
  for (std::uint32_t i = *found + 1; i < plan.steps().size(); ++i)
    for (const Need& n : plan.steps()[i].needs)
      if (n.step == *found) all.users.push_back(because(i, n));
  return all;
}

std::optional<std::vector<Because>> reasons(const Plan& plan, std::string_view after, std::string_view before, Diagnostics& problems) {
  const auto found = detail::steps_named(plan, after, before, problems);
  if (!found) return std::nullopt;
  const auto [a, b] = *found;
  const Teller because(plan);
  if (a == b) return std::vector<Because>();
  if (const auto path = detail::way(plan, a, b); !path.empty()) return because.along(a, path);
  return because.along(b, detail::way(plan, b, a));
}

std::optional<std::vector<FieldReason>> field_reasons(const Model& model, const Plan& plan, std::string_view step, std::string_view pointer,
                                                      Diagnostics& problems) {
  const std::vector<std::uint32_t> named = detail::steps_named(plan, step, problems);
  for (const std::uint32_t i : named)
    if (auto all = reasons_in(model, plan, plan.steps()[i], pointer); !all.empty()) return all;
  if (named.empty()) return std::nullopt;
  const Step& s = plan.steps()[named.front()];
  Diagnostic d;
  d.code = "unknown-field";
  d.message = s.object ? s.id + " applies no field \"" + std::string(pointer) + '"' : s.id + " applies no object";
  problems.add(std::move(d));
  return std::nullopt;
}

}  // namespace oam
