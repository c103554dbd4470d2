// One plan takes over from another: what both ask for in the same way, and the old run
// has done, need not be done again.
#include "run/data.hpp"

#include <oam/json.hpp>

#include <algorithm>

namespace oam {

namespace {

using detail::StepIndex;

bool same(const Value& a, const Value& b) { return a == b || (a && b && *a == *b); }

bool same(const std::vector<Condition>& a, const std::vector<Condition>& b) {
  return std::ranges::equal(a, b, [](const Condition& x, const Condition& y) {
    return x.op == y.op && x.field_path == y.field_path && x.value == y.value && x.value_from == y.value_from;
  });
}

bool same_input(const Plan& a, const StepInput& x, const Plan& b, const StepInput& y) {
  const auto from = [](const Plan& plan, const StepInput& input) { return input.from == Fill::kLiteral ? std::string_view() : std::string_view(plan.steps()[input.from].id); };
  return from(a, x) == from(b, y) && x.fill.op == y.fill.op && x.fill.to == y.fill.to && x.fill.to_data == y.fill.to_data && x.fill.output == y.fill.output && same(x.fill.value, y.fill.value);
}

// Do both ask for the same? Whether it is made or changed is the way, not the end.
bool same(const Plan& a, const Step& x, const Plan& b, const Step& y) {
  const bool removes = x.action == Step::Action::delete_;
  if (x.kind == Step::Kind::hook && x.more->does != y.more->does) return false;
  if (x.kind != y.kind || removes != (y.action == Step::Action::delete_) || x.class_ != y.class_ || x.gate != y.gate || !(x.target == y.target) || !same(x.object, y.object)) return false;
  const auto output = [](const StepOutput& p, const StepOutput& q) { return p.name == q.name && p.pointer == q.pointer && same(p.conditions, q.conditions); };
  return std::ranges::equal(x.more->outputs, y.more->outputs, output) && std::ranges::equal(x.more->inputs, y.more->inputs, [&](const StepInput& p, const StepInput& q) { return same_input(a, p, b, q); });
}

// Each run has an end of its own.
bool is_of_the_end(const Step& step) {
  const HookRules* rules = step.more->hook.get();
  return rules && rules->cleans.empty() && rules->point >= HookPoint::on_failure;
}

// What the old run has done, and the new one asks for in the same way.
std::vector<bool> steps_done(const detail::Machine& before, const Plan& now) {
  std::vector<bool> done(now.steps().size());
  for (StepIndex i = 0; i < now.steps().size(); ++i) {   // what it needs comes first
    const Step& step = now.steps()[i];
    const StepIndex known = before.find(step.id);
    if (known == detail::kNoStep || is_of_the_end(step) || !same(before.plan(), before.steps()[known], now, step)) continue;
    const State state = before.progress(known).state;
    done[i] = (state == State::succeeded || state == State::no_change) && std::ranges::all_of(step.needs, [&](const Need& need) { return !is_hard(need.kind) || done[need.step]; });
  }
  return done;
}

// A hook before a step that is done anew runs before it anew, and what it made last is deleted first.
void prepare_anew(const Plan& now, std::vector<bool>& done) {
  for (StepIndex i = static_cast<StepIndex>(now.steps().size()); i-- > 0;) {
    if (done[i]) continue;
    for (const Need& need : now.steps()[i].needs)
      if (const HookRules* rules = now.steps()[need.step].more->hook.get(); rules && is_before(rules->point)) done[need.step] = false;
  }
}

}  // namespace

Run Run::succeed(const Run& old, Plan plan, RunOptions options) {
  const detail::Machine& before = old.data_->machine;
  auto data = std::make_unique<Data>(std::move(plan), std::move(options));
  std::vector<bool> done = steps_done(before, data->machine.plan());
  prepare_anew(data->machine.plan(), done);
  for (StepIndex i = 0; i < done.size(); ++i) {
    if (!done[i]) continue;
    const StepIndex known = before.find(data->machine.steps()[i].id);
    detail::Verdict verdict;
    if (const auto* outputs = before.outputs(known)) verdict.outputs = *outputs;
    verdict.secret = before.progress(known).secret;
    data->machine.adopt(i, std::move(verdict));
  }
  return Run(std::move(data));
}

}  // namespace oam
