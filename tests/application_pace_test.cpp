// What an application says of the pace of its steps: in plans, and in runs that obey it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <oam/oam.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string paced(const std::string& lines, const std::string& pace) {
  return boxes(lines) + "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n      pace:\n" + pace;
}

const std::string kDb = "db/apply/ConfigMap/db", kWeb = "web/apply/ConfigMap/web";

std::string shop() {
  std::ifstream file(OAM_SOURCE_DIR "/tests/golden/plan/pace/app.yaml");
  return {std::istreambuf_iterator<char>(file), {}};
}

// The next of the run in a word.
std::string asked(oam::Run& run, Time now = 0) {
  const Next next = run.next(now);
  if (const auto* task = std::get_if<Task>(&next)) return task->id;
  if (const auto* wait = std::get_if<Wait>(&next)) return wait->until ? "wait " + std::to_string(*wait->until) : "wait";
  return std::string(name_of(std::get<Done>(next).result));
}

const Step& step_named(const Plan& plan, std::string_view id) { return plan.steps()[*plan.find(id)]; }

TEST(ApplicationPace, GoesThroughJsonUnchanged) {
  const Path path(shop());
  ASSERT_TRUE(path.plan) << path.problems;
  Diagnostics problems;
  const auto back = Plan::parse(path.plan->json(), problems);
  ASSERT_TRUE(back) << problems;
  EXPECT_EQ(back->hash(), path.plan->hash());
  EXPECT_EQ(back->bytes(), path.plan->bytes());
  EXPECT_EQ(back->json(), path.plan->json());
  EXPECT_EQ(back->pace(), path.plan->pace());
}

TEST(ApplicationPace, IsRefusedInAPlanThatSaysItWrongly) {
  const Path path(shop());
  for (const auto& [right, wrong] : std::vector<std::pair<std::string, std::string>>{
           {"\"healthy_for\":30000", "\"healthy_for\":\"soon\""}, {"\"parallel\":4", "\"parallel\":0"}, {"\"on_failure\":\"halt\"", "\"on_failure\":\"cry\""}, {"\"capacity\":1", "\"capacity\":-1"},
           {"\"steps\":[\"web/apply/Deployment.apps/web\"", "\"steps\":[\"web/apply/Deployment.apps/web2\""}}) {
    std::string text = path.plan->json();
    ASSERT_NE(text.find(right), text.npos) << right;
    Diagnostics problems;
    EXPECT_FALSE(Plan::parse(text.replace(text.find(right), right.size(), wrong), problems)) << wrong;
    EXPECT_EQ(problems.items().front().code, "plan-malformed") << problems;
  }
}

TEST(ApplicationPace, OfAStepWinsOverThatOfAllAndOverTheHost) {
  const Path path(paced("db:\nweb:\n", "        retry: {attempts: 2, backoff: 100ms}\n        steps:\n        - {selector: {components: [db]}, retry: {attempts: 4}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan, {.id = "r", .attempts = 9, .backoff = 1});
  testing::FakeHost host;
  host.otherwise(Outcome::retry("busy"));
  testing::VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_THAT(done.reasons, ElementsAre(HasSubstr("(4 attempts)"), HasSubstr("(2 attempts)")));
}

TEST(ApplicationPace, MayBeIgnoredAndThatIsRemembered) {
  const Path path(paced("db:\n", "        retry: {attempts: 4}\n        steps:\n        - {selector: {components: [db]}, approval: true, timeouts: {attempt: 1s}}\n        pools:\n        - {name: one, selector: {components: [db]}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan, {.id = "r", .journal = true, .ignore_pace = true});
  EXPECT_EQ(asked(run), kDb + "#1");
  EXPECT_EQ(asked(run), "wait");
  Diagnostics problems;
  auto later = oam::Run::restore(*path.plan, "", run.take_records(), 0, problems, {.journal = true});
  ASSERT_TRUE(later) << problems;
  EXPECT_EQ(asked(*later), kDb + "#2");   // no approval is asked for
}

TEST(ApplicationPace, HoldsAStepUntilItIsApproved) {
  const Path path(paced("db:\nweb: db\n", "        steps:\n        - {selector: {components: [web]}, approval: true}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan, {.id = "r"});
  run.report(asked(run), Outcome::succeeded(), 0);
  EXPECT_EQ(asked(run), "held");
  EXPECT_TRUE(run.decide(kWeb, Command::approve, 0));
  EXPECT_EQ(asked(run), kWeb + "#1");
}

// A program too begins when somebody says so; what it asks for later is another matter.
TEST(ApplicationPace, HoldsAHookOfAStepTypeUntilItIsApproved) {
  const std::string hook = "      hooks: [{name: seed, point: after-create, type: apply-object, approval: true, properties: {value: {apiVersion: v1, kind: ConfigMap, metadata: {name: seed}}}}]\n";
  const Path path(boxes("db:\n") + "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n" + hook);
  ASSERT_TRUE(path.plan) << path.problems;
  for (const Command command : {Command::approve, Command::accept}) {
    oam::Run run(*path.plan, {.id = "r", .journal = true});
    run.report(asked(run), Outcome::succeeded(), 0);
    EXPECT_EQ(asked(run), "held");
    Diagnostics problems;
    auto again = oam::Run::restore(*path.plan, run.save(), {}, 0, problems, {.journal = true});
    ASSERT_TRUE(again) << problems;
    EXPECT_TRUE(again->decide("*/hook/seed", command, 0));
    EXPECT_EQ(asked(*again), command == Command::approve ? "*/hook/seed#1" : "succeeded");
  }
}

TEST(ApplicationPace, BoundsWhatIsInFlightBesideTheHost) {
  const Path path(paced("a:\nb:\nc:\nd:\n", "        parallel: 3\n        pools:\n        - {name: few, capacity: 1, selector: {components: [a, b]}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan, {.id = "r", .parallel = 4});
  EXPECT_EQ(asked(run), "a/apply/ConfigMap/a#1");
  EXPECT_EQ(asked(run), "c/apply/ConfigMap/c#1");
  EXPECT_EQ(asked(run), "d/apply/ConfigMap/d#1");
  EXPECT_EQ(asked(run), "wait");
  run.report("a/apply/ConfigMap/a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(asked(run), "b/apply/ConfigMap/b#1");
}

TEST(ApplicationPace, TimesOutStepsThatSaySo) {
  const Path path(paced("db:\nweb:\n", "        steps:\n        - {selector: {components: [db]}, timeouts: {start: 1s, heartbeat: 2s}, retry: {attempts: 1}}\n        - {selector: {components: [web]}, class: once, timeouts: {attempt: 3s}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(step_named(*path.plan, kWeb).class_, Step::Class::once);
  oam::Run run(*path.plan, {.id = "r"});
  asked(run), asked(run);
  Outcome alive;
  alive.result = Outcome::Result::progress;
  run.report(kDb + "#1", alive, 900);
  EXPECT_EQ(asked(run, 1'500), "wait 2900");
  EXPECT_EQ(asked(run, 2'900), "wait 3000");
  EXPECT_EQ(run.state(kDb), State::failed);
  EXPECT_EQ(asked(run, 3'000), "held");
  EXPECT_EQ(run.state(kWeb), State::held);   // nobody knows what became of it
}

TEST(ApplicationPace, OfATypeIsWhatItsDefinitionSays) {
  const std::string definition = R"(
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: slow}
spec:
  workload: {definition: {apiVersion: v1, kind: ConfigMap}}
  schematic: {cue: {template: "output: {apiVersion: \"v1\", kind: \"ConfigMap\", metadata: name: context.name}\nparameter: {}"}}
  extension:
    lifecycle:
      pace: {gate: {timeout: 1h, healthyFor: 1m}, retry: {attempts: 7}}
)";
  const std::string app = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n  - {name: db, type: slow, properties: {}}\n"
                          "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n      pace:\n        gate: {healthyFor: 5s}\n        steps:\n        - {selector: {components: [db]}, retry: {attempts: 2}}\n---";
  const Path path(app + definition);
  ASSERT_TRUE(path.plan) << path.problems;
  const Step& step = step_named(*path.plan, kDb);
  EXPECT_EQ(step.settle_timeout, 3'600'000);
  ASSERT_TRUE(step.more->pace);
  EXPECT_EQ(step.more->pace->healthy_for, 60'000);    // nearer than what holds for all
  EXPECT_EQ(step.more->pace->attempts, 2);            // the author has the last word
}

// What holds for a run holds for its simulation.
TEST(ApplicationPace, IsObeyedBySimulations) {
  const auto took = [](const std::string& pace) {
    const Path path(paced("db:\nweb: db\n", pace));
    Diagnostics problems;
    SimulateOptions options;
    options.run.id = "s";
    const auto simulation = simulate(*path.plan, options, problems);
    return simulation ? simulation->took() : -1;
  };
  const Time plain = took("        retry: {attempts: 2}\n");
  EXPECT_GT(plain, 0);
  EXPECT_EQ(took("        steps:\n        - {selector: {components: [db]}, gate: {healthyFor: 30s}}\n"), plain + 30'000);
}

TEST(ApplicationPace, IsExplained) {
  const Path path(shop());
  Diagnostics problems;
  EXPECT_THAT(path.plan->explain("dashboard/apply/ConfigMap/dashboard", problems).value_or(""), HasSubstr("gate met within 1m, waits for an approval\n"));
}

// The later of two entries wins, also where it takes something back.
TEST(ApplicationPace, ALaterEntryWins) {
  const Path path(paced("db:\nweb:\n", "        steps:\n        - {selector: {kinds: [ConfigMap]}, approval: true, class: once, retry: {attempts: 2}}\n        - {selector: {components: [web]}, approval: false, class: idempotent, gate: {poll: 3s}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  const Step &db = step_named(*path.plan, kDb), &web = step_named(*path.plan, kWeb);
  EXPECT_TRUE(db.more->pace->approval == true && db.class_ == Step::Class::once);
  EXPECT_TRUE(!web.more->pace->approval && web.class_ == Step::Class::idempotent);
  EXPECT_EQ(web.more->pace->attempts, 2);
  EXPECT_EQ(web.more->pace->poll, 3'000);
}

TEST(ApplicationPace, IsKeptByPartsAndInverses) {
  const Path path(shop());
  Diagnostics problems;
  const auto part = part_of(*path.plan, {.targets = {"web"}}, problems);
  ASSERT_TRUE(part) << problems;
  EXPECT_EQ(part->pace(), path.plan->pace());
  ASSERT_EQ(part->pools().size(), 1u);
  EXPECT_THAT(part->pools()[0].keys, ElementsAre("web/apply/Deployment.apps/web", "web/hook/smoke"));
  const Inverse back = inverse(*path.plan, {});
  EXPECT_FALSE(step_named(back.plan, "dashboard/apply/ConfigMap/dashboard").more->pace);   // to undo needs no approval
  EXPECT_EQ(step_named(back.plan, "db/apply/Deployment.apps/db").more->pace->attempts, 5);
}

}  // namespace
}  // namespace oam::tests
