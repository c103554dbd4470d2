// Plans in a line, for tests of what carries them out:
//
//   plan("a b<-a c<-a,~b once:m<-^c")
//
// Each word is a step and what it needs, which must stand before it: `b` requires,
// `~b` wants, `^b` comes after. Steps are applies unless they begin with
// `once:` (a hook of that class), `render:`, `barrier:`, `extra:` (an apply in
// another lane), or `rescue:`, `last:`, `hold:` (hooks at on-failure, at finally, and
// one that is held if it fails).
#pragma once

#include <oam/json.hpp>
#include <oam/plan.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "plan_data.hpp"

namespace oam::tests {

inline Value json(std::string_view text) {
  Diagnostics problems;
  auto value = parse_json(text, problems);
  return value ? share(std::move(*value)) : nullptr;
}

inline Plan make_plan(std::vector<Step> steps, std::string hash = "0123456789abcdef") {
  auto data = std::make_shared<Plan::Data>();
  data->application = "shop";
  data->steps = std::move(steps);
  data->hash = std::move(hash);
  Plan plan;
  plan.data = std::move(data);
  return plan;
}

inline Step make_step(std::string id, Step::Kind kind = Step::Kind::apply) {
  Step step;
  step.component = id;
  step.kind = kind;
  step.id = std::move(id);
  step.class_ = kind == Step::Kind::apply ? Step::Class::idempotent : Step::Class::pure;
  if (kind == Step::Kind::apply) step.action = Step::Action::create;
  step.settle_timeout = 10'000;
  return step;
}

inline Step step_of(std::string_view name) {
  const auto colon = name.find(':');
  const std::string_view what = colon == name.npos ? "" : name.substr(0, colon);
  const std::string id(colon == name.npos ? name : name.substr(colon + 1));
  const bool hook = what == "rescue" || what == "last" || what == "hold";
  Step step = make_step(id, what == "render"                              ? Step::Kind::render
                            : hook || what == "once" || what == "barrier" ? Step::Kind::hook
                                                                          : Step::Kind::apply);
  if (hook) {
    HookRules rules;
    rules.point = what == "rescue" ? HookPoint::on_failure : what == "last" ? HookPoint::finally : HookPoint::after_healthy;
    if (what == "hold") rules.on_failure = FailureRule::hold;
    step.more.edit().does = "act";
    step.class_ = Step::Class::idempotent;
    step.more.edit().hook = std::make_shared<HookRules>(rules);
  }
  if (what == "once") step.class_ = Step::Class::once;
  if (what == "extra") step.lane = "extra";
  return step;
}

inline Need need_of(std::string_view name, const std::vector<Step>& steps) {
  Need need;
  if (name.front() == '~') need.kind = Edge::Kind::wants;
  if (name.front() == '^') need.kind = Edge::Kind::after;
  if (need.kind != Edge::Kind::requires_) name.remove_prefix(1);
  need.step = static_cast<std::uint32_t>(std::ranges::find(steps, name, &Step::id) - steps.begin());
  return need;
}

inline Plan plan(const std::string& text) {
  std::vector<Step> steps;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto arrow = word.find("<-");
    Step step = step_of(std::string_view(word).substr(0, arrow));
    std::istringstream names(arrow == std::string::npos ? "" : word.substr(arrow + 2));
    std::vector<Need> needs;
    for (std::string name; std::getline(names, name, ',');) needs.push_back(need_of(name, steps));
    std::ranges::sort(needs, {}, &Need::step);
    step.needs = std::move(needs);
    steps.push_back(std::move(step));
  }
  return make_plan(std::move(steps), "plan-of " + text);
}

// `source` publishes `pointer` as output "key"; `sink` fills it into /spec/key
// when its render has it: source, sink/render, sink.
inline Plan passing_plan(std::string pointer = "/status/key") {
  Step source = make_step("source");
  source.object = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "source"}})");
  source.more.edit().outputs.push_back({"key", std::move(pointer), {}});
  Step render = make_step("sink/render", Step::Kind::render);
  render.component = "sink";
  render.needs.push_back({0, Edge::Kind::data});
  Step sink = make_step("sink");
  sink.object = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "sink"}, "spec": {}})");
  sink.render = 1;
  sink.needs.push_back({1, Edge::Kind::requires_});
  StepInput input;
  input.from = 0;
  input.fill.output = "key";
  input.fill.input = "key";
  input.fill.to = "/spec/key";
  sink.more.edit().inputs.push_back(std::move(input));
  return make_plan({source, render, sink}, "passing");
}

}  // namespace oam::tests
