#include <oam/replan.hpp>

#include <algorithm>

#include <oam/json.hpp>

#include "plan/changes.hpp"
#include "plan/life_json.hpp"
#include "plan/neutral.hpp"
#include "plan_data.hpp"
#include "support/kubernetes.hpp"

namespace oam {

namespace {

constexpr std::uint32_t kNone = Node::kNone;

bool same(const Fill& a, const Fill& b) {
  const bool values = a.value && b.value ? *a.value == *b.value : !a.value && !b.value;
  return a.output == b.output && a.op == b.op && a.to == b.to && a.to_data == b.to_data && a.input == b.input && values;
}

bool same_values(const Resource& r, const Step& s) {
  return std::ranges::equal(r.fills, s.more->inputs, [](const Fill& fill, const StepInput& input) { return same(fill, input.fill); }) &&
         std::ranges::equal(r.outputs, s.more->outputs, [](const ResourceOutput& a, const StepOutput& b) { return a.name == b.name && a.pointer == b.pointer && a.conditions.empty() && b.conditions.empty(); });
}

// What the steps of changed components become; nothing if the order may be another.
class Replanner {
 public:
  Replanner(const Plan& previous, const Model& model, const Observed& observed, const PlanOptions& options)
      : plan_(previous), model_(model), observed_(observed), options_(options) {}

  // All changed steps, or nothing.
  std::optional<std::vector<std::pair<std::uint32_t, Step>>> steps(const PlanChange& change, Diagnostics& problems) {
    const Plan::Data& data = *plan_.data;
    if (data.apply_of.size() != model_.resources().size() || data.compared != (observed_.data != nullptr) || !data.incomplete.empty() || plan_.empty()) return std::nullopt;
    if (options_.changes.most != ChangeLimit().most || options_.deletes.most != ChangeLimit().most) return std::nullopt;
    if (std::ranges::any_of(model_.lifecycle().ordinals, [](const Ordinals& rule) { return !rule.leader_label.first.empty(); })) return std::nullopt;   // another may lead now
    std::vector<std::pair<std::uint32_t, Step>> all;
    for (const std::uint32_t c : change.components) {
      if (c >= data.signatures.size() || c >= model_.application().components().size() || data.signatures[c] != detail::order_signature(model_, c)) return std::nullopt;
      for (const std::uint32_t r : model_.resources_of(c)) {
        auto made = step(r, problems);
        if (!made) return std::nullopt;
        all.emplace_back(data.apply_of[r], std::move(*made));
      }
    }
    return all;
  }

 private:
  std::optional<Step> step(std::uint32_t index, Diagnostics& problems) const {
    const Resource& r = model_.resources()[index];
    const std::uint32_t at = plan_.data->apply_of[index];
    if (at == kNone || r.late != Fill::kLiteral || !plan_.steps()[at].more->unknown.empty()) return std::nullopt;   // its render holds what changes
    Step s = plan_.steps()[at];
    if (s.component != r.component || s.resource != detail::full_kind(r.kind, r.api_version) + '/' + r.name) return std::nullopt;
    if (!s.object || !detail::leaves_order_alone(*s.object, *r.object) || !same_values(r, s)) return std::nullopt;
    s.object = r.object;
    if (plan_.data->compared && !compare(r, s, problems)) return std::nullopt;
    return s;
  }

  bool compare(const Resource& r, Step& s, Diagnostics& problems) const {
    if (!r.fills.empty() || (s.action != Step::Action::keep && s.action != Step::Action::update && s.action != Step::Action::create)) return false;
    const detail::Fate fate = detail::fate_of(model_, observed_.in(s.target.cluster), options_, r, problems);
    if (fate.action != s.action && (!r.outputs.empty() || !model_.lifecycle().hooks.empty() || !model_.lifecycle().ordinals.empty() || fate.action == Step::Action::keep || (fate.action != Step::Action::update && fate.action != Step::Action::create))) return false;
    if (s.change && s.change->replace != StepChange::Replace::none) return false;   // it takes another's place
    s.action = fate.action;
    s.change = fate.change;
    if (fate.object) s.object = fate.object;
    return true;
  }

  const Plan& plan_;
  const Model& model_;
  const Observed& observed_;
  const PlanOptions& options_;
};

// All but the hash, which is that of the plan before. What nobody else holds is moved.
std::shared_ptr<Plan::Data> taken(Plan& plan) {
  auto made = std::make_shared<Plan::Data>();
  auto& from = const_cast<Plan::Data&>(*plan.data);   // plans alone hold it, and it was made as no constant
  if (plan.data.use_count() == 1) static_cast<PlanParts&>(*made) = std::move(from);
  else static_cast<PlanParts&>(*made) = from;
  return made;
}

}  // namespace

std::optional<Plan> replan(Plan previous, const Model& model, const Observed& observed, const PlanChange& change, const PlanOptions& options, Diagnostics& problems) {
  Diagnostics found;
  const auto changed = Replanner(previous, model, observed, options).steps(change, found);
  if (!changed) return plan(model, observed, options, problems);
  for (const Diagnostic& d : found.items()) problems.add(d);
  auto data = taken(previous);
  for (auto& [at, step] : *changed) {
    data->kept += step.action == Step::Action::keep;
    data->kept -= data->steps[at].action == Step::Action::keep;
    data->steps[at] = step;
  }
  data->lives = detail::lives_of(*data, model);   // a definition may say other states
  return Plan{std::move(data)};
}

}  // namespace oam
