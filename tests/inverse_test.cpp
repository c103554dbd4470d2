// What undoes a plan, and what it tells that it does not undo.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Of a folder of tests/golden/changes.
Inverse undo(const std::string& name) {
  const std::string folder = OAM_SOURCE_DIR "/tests/golden/changes/" + name;
  Path path(std::vector{Source{"app.yaml", slurp(folder + "/app.yaml")}});
  const auto observed = Observed::parse(std::vector{Source{"observed.yaml", slurp(folder + "/observed.yaml")}}, path.problems);
  const auto plan = oam::plan(*path.model, *observed, {}, path.problems);
  EXPECT_TRUE(plan) << path.problems;
  return inverse(*plan);
}

const Step& step_named(const Plan& plan, std::string_view id) {
  const auto found = plan.find(id);
  EXPECT_TRUE(found) << id << " in " << plan.text();
  return plan.steps()[found.value_or(0)];
}

std::string why_not(const Inverse& made, std::string_view step) {
  const auto found = std::ranges::find(made.without, step, &Irreversible::step);
  return found == made.without.end() ? "" : found->why;
}

Step set_step(Step::Action action, const char* now, const char* before) {
  Step step = make_step("db");
  step.action = action;
  step.resource = "StatefulSet.apps/db";
  step.object = json(now);
  auto change = std::make_shared<StepChange>();
  change->exists = before != nullptr;
  if (before) change->before = json(before);
  step.change = std::move(change);
  return step;
}

constexpr char kThree[] = R"({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"replicas": 3, "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete", "whenDeleted": "Delete"}, "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}})";
constexpr char kTwo[] = R"({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"replicas": 2, "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete", "whenDeleted": "Delete"}, "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}})";

TEST(Inverse, TellsWhichClaimsASetTakesWithIt) {
  EXPECT_EQ(why_not(undo("scale-down"), "cache/apply/StatefulSet.apps/cache"), "its claims pages-cache-2 were deleted: they come back without what was in them");
  EXPECT_EQ(why_not(undo("scale-down"), "queue/apply/StatefulSet.apps/queue"), "") << "its claims stay";
  const auto why = [](Step::Action action, const char* now, const char* before) { return why_not(inverse(make_plan({set_step(action, now, before)})), "db"); };
  EXPECT_EQ(why(Step::Action::update, kThree, kTwo), "its claims data-db-2 are deleted, with what has been put in them since");
  EXPECT_EQ(why(Step::Action::delete_, kTwo, kTwo), "its claims data-db-0, data-db-1 were deleted: they come back without what was in them");
  EXPECT_EQ(why(Step::Action::create, kTwo, nullptr), "its claims data-db-0, data-db-1 are deleted, with what has been put in them since");
}

TEST(Inverse, WaitsForWhatItMakesAgain) {
  const Plan back = undo("update-keep-delete").plan;
  EXPECT_EQ(step_named(back, "cache/apply/Deployment.apps/cache").gate, Step::Gate::ready);
  EXPECT_EQ(step_named(undo("scale-down").plan, "reports/apply/PersistentVolumeClaim/reports").gate, Step::Gate::none) << "a claim waits for who uses it";
}

TEST(Inverse, TellsTheFieldsThatItPutsBack) {
  const Inverse made = undo("update-keep-delete");
  const Step& web = step_named(made.plan, "web/apply/Deployment.apps/web");
  ASSERT_TRUE(web.change);
  EXPECT_THAT(made.text(), HasSubstr("spec.replicas: 3 -> 2"));
  EXPECT_THAT(made.text(), HasSubstr("image: \"nginx:1.27\" -> \"nginx:1.26\""));
  EXPECT_THAT(made.plan.json(), HasSubstr("\"changes\":[{\"path\":"));
}

TEST(Inverse, DoesNotPutBackWhatItNeverKnew) {
  Step step = set_step(Step::Action::update, kThree, kTwo);
  step.more.edit().inputs.push_back({Fill::kLiteral, {}});
  const Inverse back = inverse(make_plan({step}));
  ASSERT_EQ(step_named(back.plan, "db").action, Step::Action::update);
  EXPECT_EQ(why_not(inverse(back.plan), "db"), "how it was before is not known");
}

TEST(Inverse, AHookIsNoStepOfIt) {
  const Inverse made = inverse(plan("a once:m<-a b<-m"));
  EXPECT_FALSE(made.plan.find("m"));
  EXPECT_EQ(why_not(made, "m"), "a hook is not undone");
  ASSERT_EQ(made.plan.steps().size(), 2u);
  EXPECT_EQ(made.plan.steps()[1].id, "a");
  ASSERT_EQ(made.plan.steps()[1].needs.size(), 1u) << "the order around it stays";
  EXPECT_EQ(made.plan.steps()[1].needs[0].step, 0u);
}

TEST(Inverse, AHookWithoutEffectsIsNotMissed) {
  Step looks = make_step("looks", Step::Kind::hook);
  looks.more.edit().does = "observe";
  EXPECT_THAT(inverse(make_plan({make_step("a"), looks})).without, IsEmpty());
}

TEST(Inverse, OfAHookBetweenManyTheOrderStays) {
  std::vector<Step> steps;
  for (int i = 0; i < 20; ++i) steps.push_back(make_step("a" + std::to_string(i)));
  Step hook = make_step("m", Step::Kind::hook);
  hook.more.edit().does = "act";
  for (std::uint32_t i = 0; i < 20; ++i) hook.needs.push_back({i, Edge::Kind::requires_});
  steps.push_back(std::move(hook));
  for (int i = 0; i < 20; ++i) {
    steps.push_back(make_step("b" + std::to_string(i)));
    steps.back().needs.push_back({20, Edge::Kind::requires_});
  }
  const Plan back = inverse(make_plan(std::move(steps))).plan;
  EXPECT_EQ(step_named(back, "m/order").needs.size(), 20u);
  EXPECT_EQ(step_named(back, "a0").needs.size(), 1u);
  EXPECT_EQ(step_named(back, "b0").needs.size(), 0u);
}

TEST(Inverse, SaysHowItsOrderIsExplained) {
  const std::string text = undo("update-keep-delete").text();
  EXPECT_THAT(text, HasSubstr("oam explain OTHER STEP"));
  EXPECT_THAT(text, Not(HasSubstr("oam explain STEP STEP")));
}

}  // namespace
}  // namespace oam::tests
