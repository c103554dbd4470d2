// Conditions of the workflow in runs: what they know of other steps, of groups and of checks; and what
// ends an application, which comes behind its workflow.
#include <gtest/gtest.h>

#include <oam/oam.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

constexpr const char* kA = "    - {name: a, type: apply-component, properties: {component: a}}\n";
constexpr const char* kGroup =
    "    - name: g\n      type: step-group\n      subSteps:\n"
    "      - {name: a, type: apply-component, properties: {component: a}}\n"
    "      - {name: b, type: apply-component, properties: {component: b}}\n";

// A step that applies a component under a condition.
std::string under(const std::string& name, const std::string& condition) { return "    - {name: " + name + ", type: apply-component, if: " + condition + ", properties: {component: " + name + "}}\n"; }

std::string apply(const std::string& name) { return name + "/apply/ConfigMap/" + name; }

// A run of the components a, b, c and d in which some steps fail.
struct Ended {
  testing::FakeHost host;
  Path path;
  std::optional<oam::Run> run;

  Ended(const std::string& steps, const std::vector<std::string>& failing, const std::string& life = "")
      : path(boxes("a:\nb:\nc:\nd:") + "  workflow:\n    steps:\n" + steps + (life.empty() ? "" : "  policies:\n  - {name: life, type: lifecycle, properties: {" + life + "}}\n")) {
    if (!path.plan) return;
    for (const std::string& step : failing) host.script(step, Outcome::failed("no"));
    Diagnostics problems;
    run.emplace(*Plan::parse(path.plan->json(), problems));   // as it is saved
    testing::VirtualClock clock;
    drive(*run, host, clock);
  }

  State of(const std::string& step) const { return run ? run->state(step) : State::waiting; }
};

TEST(Condition, AGroupIsWhatItsStepsAre) {
  const std::string steps = kGroup + under("c", "status.g.succeeded") + under("d", "status.g.failed");
  const Ended good(steps, {}), bad(steps, {apply("b")});
  EXPECT_EQ(good.of(apply("c")), State::succeeded) << good.path.problems;
  EXPECT_EQ(good.of(apply("d")), State::skipped);
  EXPECT_EQ(bad.of(apply("c")), State::skipped);
  EXPECT_EQ(bad.of(apply("d")), State::succeeded);
}

TEST(Condition, AGroupIsSkippedWithItsSteps) {
  std::string group = kGroup;
  group.insert(group.find("      subSteps"), "      if: status.c.failed\n");
  const Ended run("    - {name: c, type: apply-component, properties: {component: c}}\n" + group + under("d", "status.g.skipped"), {});
  EXPECT_EQ(run.of(apply("a")), State::skipped) << run.path.problems;
  EXPECT_EQ(run.of(apply("d")), State::succeeded);
}

// Where it does not wait for the group: b is yet to come, so the group is.
TEST(Condition, AGroupIsWhatItsStepsAreMeanwhile) {
  std::string group = kGroup;
  group.insert(group.rfind("properties"), "dependsOn: [c], ");
  const Ended run(group + "    - {name: c, type: apply-component, dependsOn: [a], if: 'status.g.phase == \"pending\"', properties: {component: c}}\n    mode: {steps: DAG}\n", {});
  EXPECT_EQ(run.of(apply("c")), State::succeeded) << run.path.problems;
  EXPECT_EQ(run.of(apply("b")), State::succeeded);
}

// A step has succeeded when what checks it has.
TEST(Condition, ACheckCountsToTheStepThatItFollows) {
  const std::string check = "hooks: [{name: check, point: after-create, selector: {components: [a]}, action: probe}]";
  const std::string steps = kA + under("b", "status.a.succeeded") + under("c", "status.a.failed");
  const Ended good(steps, {}, check), bad(steps, {"a/hook/check"}, check);
  EXPECT_EQ(good.of(apply("b")), State::succeeded) << good.path.problems;
  EXPECT_EQ(good.of(apply("c")), State::skipped);
  EXPECT_EQ(bad.of(apply("b")), State::skipped);
  EXPECT_EQ(bad.of(apply("c")), State::succeeded);
}

TEST(Condition, ACheckWhoseFailureIsIgnoredDoesNotCount) {
  const Ended run(kA + under("b", "status.a.succeeded"), {"a/hook/check"}, "hooks: [{name: check, point: after-create, selector: {components: [a]}, action: probe, onFailure: ignore}]");
  EXPECT_EQ(run.of("a/hook/check"), State::failed) << run.path.problems;
  EXPECT_EQ(run.of(apply("b")), State::succeeded);
}

// What a step applies in a lane is not waited for, nor does it count.
TEST(Condition, OfAStepWhatIsInTheCoreCounts) {
  const std::string steps = "    - {name: most, type: apply-remaining, properties: {exceptions: [d]}}\n" + under("d", "status.most.succeeded");
  const Ended run(steps, {apply("b")}, "lanes: [{name: side, selector: {components: [b]}}]");
  EXPECT_EQ(run.of(apply("b")), State::failed) << run.path.problems;
  EXPECT_EQ(run.of(apply("d")), State::succeeded);
}

TEST(Condition, TheEndOfTheApplicationComesBehindItsWorkflow) {
  const Ended run(kA + std::string("    - {name: get, type: request, properties: {url: http://x}}\n"), {"*/hook/get", "*/hook/get", "*/hook/get"}, "hooks: [{name: end, point: finally, action: tidy}, {name: alarm, point: on-failure, action: page}]");
  EXPECT_EQ(run.of("*/hook/get"), State::failed) << run.path.problems;
  EXPECT_EQ(run.of("*/hook/alarm"), State::succeeded);
  ASSERT_FALSE(run.host.performed().empty());
  EXPECT_EQ(run.host.performed().back(), "*/hook/end");
}

}  // namespace
}  // namespace oam::tests
