// Properties of plans, each with a plan that lacks it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/review.hpp>
#include <oam/verify.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;

Step writes(std::string id, std::string resource, Step::Action action = Step::Action::create) {
  Step step = make_step(std::move(id));
  step.resource = std::move(resource);
  step.action = action;
  return step;
}

Step after(Step step, std::vector<std::uint32_t> needs, Edge::Kind kind = Edge::Kind::requires_) {
  for (const std::uint32_t need : needs) step.needs.push_back({need, kind});
  return step;
}

// The one property that does not hold; "" if all do.
Property broken(const Plan& plan) {
  Property found;
  for (const Property& each : verify(plan))
    if (!each.holds) found = each;
  return found;
}

TEST(Verify, OurOwnPlansHold) {
  Path path(boxes("c: a b\nb: a\na:"));
  for (const Property& each : verify(*path.plan)) EXPECT_TRUE(each.holds) << each.id << each.text;
  EXPECT_EQ(verify(*path.plan).size(), 5u);
}

TEST(Verify, NothingIsDeletedBeforeItsLastUser) {
  Step pod = writes("web", "Pod/web", Step::Action::delete_);
  pod.object = json(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"volumes": [{"secret": {"secretName": "key"}}]}})");
  const Step key = writes("key", "Secret/key", Step::Action::delete_);
  const Property wrong = broken(make_plan({pod, key}));
  EXPECT_EQ(wrong.id, "delete-after-users");
  EXPECT_THAT(wrong.counter_example, ElementsAre("key", "web"));
  EXPECT_EQ(broken(make_plan({pod, after(key, {0})})).id, "");
  pod.action = Step::Action::update;
  EXPECT_EQ(broken(make_plan({pod, after(key, {0})})).text, "web still names what key deletes");
}

TEST(Verify, WhatAnObjectNamedUntilItsUpdateIsDeletedBehindIt) {
  const auto pod_with = [](const std::string& secret) {
    return json(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"volumes": [{"secret": {"secretName": ")" + secret + R"("}}]}})");
  };
  Step pod = writes("web", "Pod/web", Step::Action::update);
  pod.object = pod_with("new");
  auto change = std::make_shared<StepChange>();
  change->before = pod_with("old");
  pod.change = change;
  const Step key = writes("key", "Secret/old", Step::Action::delete_);
  EXPECT_EQ(broken(make_plan({pod, key})).text, "key does not wait until web is done, which named it before");
  EXPECT_EQ(broken(make_plan({pod, after(key, {0})})).id, "");
}

TEST(Verify, WritesOfOneObjectAreOrdered) {
  EXPECT_THAT(broken(make_plan({writes("a", "Pod/x"), writes("b", "Pod/x")})).counter_example, ElementsAre("a", "b"));
  EXPECT_EQ(broken(make_plan({writes("a", "Pod/x"), after(writes("b", "Pod/x"), {0}, Edge::Kind::after)})).id, "");
  EXPECT_EQ(broken(make_plan({writes("a", "Pod/x"), writes("b", "Pod/y")})).id, "");
}

TEST(Verify, TheCoreRequiresNothingElse) {
  Step extra = make_step("extra");
  extra.lane = "extra";
  EXPECT_EQ(broken(make_plan({extra, after(make_step("a"), {0})})).id, "core-alone");
  EXPECT_EQ(broken(make_plan({extra, after(make_step("a"), {0}, Edge::Kind::after)})).id, "");
}

TEST(Verify, TheCoreRequiresNothingElseTheOtherWayRound) {
  const auto laned = [](std::string id, const char* lane) {
    Step step = writes(id, "ConfigMap/" + id);
    step.lane = lane;
    step.object = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ")" + id + "\"}}");
    return step;
  };
  const Plan back = inverse(make_plan({laned("db", "core"), after(laned("web", "core"), {0}), after(laned("watch", "extra"), {1})})).plan;
  EXPECT_EQ(broken(back).id, "");
  ASSERT_EQ(back.steps().size(), 3u);
  EXPECT_EQ(back.steps()[1].needs[0].kind, Edge::Kind::after);       // web, when watch is gone or could not go
  EXPECT_EQ(back.steps()[2].needs[0].kind, Edge::Kind::requires_);   // db
}

TEST(Verify, EveryHookHasAnExit) {
  Step hook = make_step("x", Step::Kind::hook);
  hook.more.edit().does = "act";
  EXPECT_EQ(broken(make_plan({hook})).text, "x does not say what its failure means");
  HookRules rules;
  rules.on_failure = FailureRule::ignore;
  hook.more.edit().hook = std::make_shared<HookRules>(rules);
  EXPECT_THAT(broken(make_plan({hook, after(make_step("a"), {0})})).counter_example, ElementsAre("x", "a"));
}

TEST(Verify, WhatTheWorkflowDoesAndWhatLooksHaveTheirs) {
  Step hook = make_step("x", Step::Kind::hook);
  hook.more.edit().does = "observe";
  hook.gate = Step::Gate::ready;
  EXPECT_EQ(broken(make_plan({hook})).id, "");
  hook.settle_timeout = 0;   // it would look for ever
  EXPECT_EQ(broken(make_plan({hook})).id, "hook-exit");
  hook.more.edit().does = "suspend";
  EXPECT_EQ(broken(make_plan({hook})).id, "hook-exit");
  hook.more.edit().flow = std::make_shared<FlowTask>();
  EXPECT_EQ(broken(make_plan({hook})).id, "");
}

TEST(Verify, NoMoreInstancesAreDownThanMayBe) {
  const auto plan_of = [](std::uint32_t at_once) {
    std::vector<Step> steps;
    for (std::uint32_t i = 0; i < 5; ++i)   // two chains: 0 2 4 and 1 3
      steps.push_back(after(writes("db-" + std::to_string(i), "Pod/db-" + std::to_string(i), Step::Action::update), i < 2 ? std::vector<std::uint32_t>() : std::vector{i - 2}));
    Plan plan = make_plan(std::move(steps));
    const_cast<Plan::Data&>(*plan.data).limits.push_back({"db", at_once, {0, 1, 2, 3, 4}});
    return plan;
  };
  EXPECT_EQ(broken(plan_of(2)).id, "");
  EXPECT_EQ(broken(plan_of(1)).text, "2 instances of db may be down at once, 1 at most should");
}

}  // namespace
}  // namespace oam::tests
