// Hooks and lanes carried out: conditions, failure rules, timeouts, and when a run waits for a lane no longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <oam/review.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using testing::FakeHost;
using testing::VirtualClock;

HookRules rules(HookPoint point, FailureRule on_failure = FailureRule::fail) {
  HookRules made;
  made.point = point;
  made.on_failure = on_failure;
  return made;
}

HookRules tried(std::uint32_t attempts, Time backoff, Time timeout) {
  HookRules made = rules(HookPoint::finally);
  made.attempts = attempts;
  made.backoff = backoff;
  made.timeout = timeout;
  return made;
}

Step hook(std::string id, HookRules rules, Step::Class class_ = Step::Class::once) {
  Step step = make_step(std::move(id), Step::Kind::hook);
  step.more.edit().does = "act";
  step.class_ = class_;
  step.more.edit().hook = std::make_shared<HookRules>(std::move(rules));
  return step;
}

Step& needs(Step& step, std::vector<std::uint32_t> steps, Edge::Kind kind) {
  for (const std::uint32_t need : steps) step.needs.push_back({need, kind});
  return step;
}

// Steps a, b (requires a) and hooks behind both.
Plan with_hooks(std::vector<Step> hooks) {
  std::vector<Step> steps{make_step("a"), make_step("b")};
  needs(steps[1], {0}, Edge::Kind::requires_);
  for (Step& each : hooks) steps.push_back(needs(each, {0, 1}, Edge::Kind::after));
  return make_plan(std::move(steps));
}

struct Result {
  Done done;
  std::vector<std::string> performed;
  std::string state;
};

Result run_with(const Plan& plan, FakeHost& host, std::string_view step, RunOptions options = {.id = "r"}) {
  oam::Run run(plan, options);
  VirtualClock clock;
  Done done = drive(run, host, clock);
  return {std::move(done), host.performed(), std::string(name_of(run.state(step)))};
}

TEST(HookRun, ARescueRunsOnlyIfSomethingFailed) {
  FakeHost fine, broken;
  broken.script("a", Outcome::failed("no"));
  const Plan plan = with_hooks({hook("rescue", rules(HookPoint::on_failure))});
  EXPECT_EQ(run_with(plan, fine, "rescue").state, "skipped");
  const Result result = run_with(plan, broken, "rescue");
  EXPECT_THAT(result.performed, ElementsAre("a", "rescue"));
  EXPECT_EQ(result.done.result, RunResult::failed);
}

TEST(HookRun, TheLastHookRunsHoweverItEnds) {
  const Plan plan = with_hooks({hook("last", rules(HookPoint::finally))});
  FakeHost fine, broken;
  broken.script("a", Outcome::failed("no"));
  EXPECT_EQ(run_with(plan, fine, "last").state, "succeeded");
  EXPECT_EQ(run_with(plan, broken, "last").state, "succeeded");
  oam::Run run(plan, {.id = "r"});
  run.next(0);
  run.cancel(0);
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(std::get<Task>(run.next(0)).step, "last");
  run.report("last#1", Outcome::succeeded(), 0);
  EXPECT_EQ(std::get<Done>(run.next(0)).result, RunResult::cancelled);
}

// Whoever tries a step again has the run come to its end once more.
TEST(HookRun, TheHooksOfTheEndRunAgainAfterARetry) {
  FakeHost host;
  host.script("a", Outcome::failed("no"));
  host.script("a", Outcome::failed("no, still"));
  oam::Run run(with_hooks({hook("rescue", rules(HookPoint::on_failure), Step::Class::idempotent), hook("last", rules(HookPoint::finally), Step::Class::idempotent)}), {.id = "r"});
  VirtualClock clock;
  drive(run, host, clock);
  const std::string token = run.task("last")->token;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(run.decide("a", oam::Command::retry, 0));
    drive(run, host, clock);
  }
  EXPECT_THAT(host.performed(), ElementsAre("a", "rescue", "last", "a", "rescue", "last", "a", "b", "last"));
  EXPECT_EQ(run.state("rescue"), State::skipped);
  EXPECT_NE(run.task("last")->token, token);
}

TEST(HookRun, ARunThatTakesOverHasHooksOfItsOwn) {
  const auto plan = [](std::int64_t version, std::string_view hash) {
    std::vector<Step> steps{hook("prepare", rules(HookPoint::before_update)), make_step("a"), make_step("b"), hook("last", rules(HookPoint::finally))};
    steps[1].object = share({{"v", version}});
    needs(steps[1], {0}, Edge::Kind::requires_);
    needs(steps[3], {1, 2}, Edge::Kind::after);
    return make_plan(std::move(steps), std::string(hash));
  };
  oam::Run old(plan(1, "one"), {.id = "r"});
  FakeHost first, same, changed;
  VirtualClock clock;
  drive(old, first, clock);
  oam::Run again = oam::Run::succeed(old, plan(1, "two"), {.id = "s"}), next = oam::Run::succeed(old, plan(2, "three"), {.id = "t"});
  drive(again, same, clock);
  EXPECT_THAT(same.performed(), ElementsAre("last"));
  drive(next, changed, clock);
  EXPECT_THAT(changed.performed(), ElementsAre("prepare", "a", "last"));
}

TEST(HookRun, AConditionIsDecidedWhenTheTurnComes) {
  HookRules when = rules(HookPoint::finally);
  when.condition = "context.status.healthy && context.status.succeeded == 2";
  const Plan plan = with_hooks({hook("tell", when)});
  FakeHost fine, broken;
  broken.script("b", Outcome::failed("no"));
  EXPECT_EQ(run_with(plan, fine, "tell").state, "succeeded");
  EXPECT_EQ(run_with(plan, broken, "tell").state, "skipped");
}

TEST(HookRun, WhatItsFailureMeansIsItsRule) {
  const auto result = [](FailureRule rule) {
    FakeHost host;
    host.script("x", Outcome::failed("no"));
    return run_with(with_hooks({hook("x", rules(HookPoint::after_healthy, rule))}), host, "x");
  };
  EXPECT_EQ(result(FailureRule::fail).done.result, RunResult::failed);
  EXPECT_EQ(result(FailureRule::ignore).done.result, RunResult::succeeded);
  EXPECT_THAT(result(FailureRule::ignore).done.reasons, ElementsAre("x failed: no"));
  EXPECT_EQ(result(FailureRule::hold).state, "held");
  EXPECT_FALSE(result(FailureRule::fail).done.roll_back);
  EXPECT_TRUE(result(FailureRule::rollback).done.roll_back);
}

TEST(HookRun, OneThatMayFailMayBeCancelledByItsHost) {
  FakeHost host;
  host.script("x", Outcome::cancelled("not today"));
  EXPECT_EQ(run_with(with_hooks({hook("x", rules(HookPoint::after_healthy, FailureRule::ignore))}), host, "x").done.result, RunResult::succeeded);
}

// A saved plan may say so: what the run's success does not hang on does not undo it.
TEST(HookRun, NoLaneRollsTheCoreBack) {
  std::vector<Step> steps{make_step("a"), hook("x", rules(HookPoint::after_healthy, FailureRule::rollback))};
  steps[1].lane = "extra";
  FakeHost host;
  host.script("x", Outcome::failed("no"));
  const Result result = run_with(make_plan(std::move(steps)), host, "x");
  EXPECT_EQ(result.done.result, RunResult::degraded);
  EXPECT_FALSE(result.done.roll_back);
}

TEST(HookRun, ARollbackBeginsNothingMore) {
  std::vector<Step> steps{hook("x", rules(HookPoint::before_create, FailureRule::rollback)), make_step("b"), make_step("c"), hook("last", rules(HookPoint::finally))};
  needs(steps[2], {1}, Edge::Kind::requires_);
  needs(steps[3], {2}, Edge::Kind::after);
  oam::Run run(make_plan(std::move(steps)), {.id = "r"});
  run.next(0);
  run.next(0);
  run.report("x#1", Outcome::failed("no"), 0);
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(run.state("c"), State::cancelled);
  EXPECT_EQ(std::get<Task>(run.next(0)).step, "last");
  run.report("last#1", Outcome::succeeded(), 0);
  const Done done = std::get<Done>(run.next(0));
  EXPECT_TRUE(done.roll_back);
  EXPECT_EQ(done.result, RunResult::failed);
  EXPECT_TRUE(run.supersede(0));   // another plan has taken over: what it does must not be undone
  EXPECT_FALSE(std::get<Done>(run.next(0)).roll_back);
}

TEST(HookRun, HooksAtOnFailureRunBeforeARollback) {
  std::vector<Step> steps{hook("x", rules(HookPoint::before_create, FailureRule::rollback)), make_step("b"), hook("tell", rules(HookPoint::on_failure))};
  needs(steps[1], {0}, Edge::Kind::requires_);
  needs(steps[2], {1}, Edge::Kind::after);
  oam::Run run(make_plan(std::move(steps)), {.id = "r"});
  run.next(0);
  run.report("x#1", Outcome::failed("no"), 0);
  EXPECT_EQ(run.state("b"), State::blocked);
  EXPECT_EQ(std::get<Task>(run.next(0)).step, "tell");
}

TEST(HookRun, ARollbackUndoesWhatWasBegunAndNothingElse) {
  const auto box = [](const std::string& id) {
    Step step = make_step(id);
    step.object = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ")" + id + "\"}}");
    return step;
  };
  std::vector<Step> steps{box("done"), box("unsure"), box("taken"), hook("x", rules(HookPoint::after_create, FailureRule::rollback)), box("never")};
  needs(steps[4], {3}, Edge::Kind::requires_);
  const Plan plan = make_plan(std::move(steps));
  FakeHost host;
  Outcome exists = Outcome::failed("it is somebody else's");
  exists.result = Outcome::Result::exists;
  host.script("unsure", Outcome::failed("connection lost"));
  host.script("taken", exists);
  host.script("x", Outcome::failed("no"));
  oam::Run run(plan, {.id = "r"});
  VirtualClock clock;
  EXPECT_TRUE(drive(run, host, clock).roll_back);
  EXPECT_THAT(run.begun(), ElementsAre(true, true, false, true, false));
  std::string undone;
  const Inverse back = inverse(plan, run.begun());
  for (const Step& step : back.plan.steps())
    if (step.action == Step::Action::delete_) undone += step.id + ' ';
  EXPECT_EQ(undone, "unsure done ");
}

TEST(HookRun, APersonDecidesAboutAHeldHook) {
  FakeHost host;
  host.script("x", Outcome::failed("no"));
  oam::Run run(with_hooks({hook("x", rules(HookPoint::after_healthy, FailureRule::hold))}), {.id = "r"});
  VirtualClock clock;
  EXPECT_EQ(drive(run, host, clock).result, RunResult::held);
  EXPECT_TRUE(run.decide("x", Command::retry, clock.now()));
  EXPECT_EQ(drive(run, host, clock).result, RunResult::succeeded);
}

TEST(HookRun, AHookIsTriedAsItSays) {
  FakeHost host;
  for (int i = 0; i < 4; ++i) host.script("x", Outcome::retry("busy"));
  oam::Run run(with_hooks({hook("x", tried(5, 7, 0))}), {.id = "r", .attempts = 1});
  VirtualClock clock;
  EXPECT_TRUE(drive(run, host, clock).ok);
  EXPECT_EQ(host.count("x"), 5u);
  EXPECT_EQ(clock.now(), 7 + 14 + 28 + 56);
}

TEST(HookRun, ATimeoutEndsAnAttempt) {
  for (const auto class_ : {Step::Class::once, Step::Class::idempotent}) {
    oam::Run run(make_plan({hook("x", tried(2, 0, 50), class_)}), {.id = "r", .backoff = 10});
    ASSERT_EQ(std::get<Task>(run.next(0)).id, "x#1");
    EXPECT_EQ(std::get<Wait>(run.next(0)).until, 50);
    const Next next = run.next(50);
    EXPECT_EQ(run.report("x#1", Outcome::succeeded(), 51), Report::late);
    if (class_ == Step::Class::once) {   // nobody knows whether it was done
      EXPECT_EQ(std::get<Done>(next).result, RunResult::failed);
    } else {
      EXPECT_EQ(std::get<Wait>(next).until, 60);
      EXPECT_EQ(std::get<Task>(run.next(60)).id, "x#2");
    }
  }
}

// Steps core, and extra-0 … extra-2 in a lane, all independent.
Plan with_lane(Lane::Join join, Time deadline = 0, std::uint32_t quorum = 0) {
  std::vector<Step> steps{make_step("core")};
  for (int i = 0; i < 3; ++i) {
    steps.push_back(make_step("extra-" + std::to_string(i)));
    steps.back().lane = "extra";
  }
  Plan plan = make_plan(std::move(steps));
  const_cast<Plan::Data&>(*plan.data).lanes.push_back({"extra", join, deadline, quorum});
  return plan;
}

// All are handed out at 0; the core ends at 10, extra-0 at 20; then time passes.
std::string told(Plan plan, Time until) {
  oam::Run run(std::move(plan), {.id = "r"});
  for (int i = 0; i < 4; ++i) run.next(0);
  run.report("core#1", Outcome::succeeded(), 10);
  run.report("extra-0#1", Outcome::succeeded(), 20);
  const Next next = run.next(until);
  if (const auto* done = std::get_if<Done>(&next)) return std::string(name_of(done->result));
  const Wait wait = std::get<Wait>(next);
  return "wait" + (wait.until ? " until " + std::to_string(*wait.until) : "");
}

TEST(HookRun, ALaneIsWaitedForAsItsJoinSays) {
  EXPECT_EQ(told(with_lane(Lane::Join::all), 1'000), "wait");
  EXPECT_EQ(told(with_lane(Lane::Join::core_only), 20), "succeeded");
  EXPECT_EQ(told(with_lane(Lane::Join::detach), 20), "succeeded");
  EXPECT_EQ(told(with_lane(Lane::Join::core_then_deadline, 100), 20), "wait until 110");
  EXPECT_EQ(told(with_lane(Lane::Join::core_then_deadline, 100), 110), "degraded");
  EXPECT_EQ(told(with_lane(Lane::Join::quorum, 0, 2), 20), "wait");
  EXPECT_EQ(told(with_lane(Lane::Join::quorum, 0, 1), 20), "succeeded");
}

// A failure that waits for a person is one, though nobody waits for the lane; and its own hooks of the end run.
TEST(HookRun, ALaneThatIsCutOffComesToItsOwnEnd) {
  for (const auto join : {Lane::Join::core_only, Lane::Join::detach, Lane::Join::quorum}) {
    std::vector<Step> steps{make_step("core"), make_step("extra"), hook("check", rules(HookPoint::after_create, FailureRule::hold)),
                            hook("tell", rules(HookPoint::on_failure)), hook("end", rules(HookPoint::finally))};
    needs(steps[3], {1, 2}, Edge::Kind::after), needs(steps[4], {1, 2, 3}, Edge::Kind::after);
    for (std::uint32_t i = 1; i < 5; ++i) steps[i].lane = "extra";
    Plan plan = make_plan(std::move(steps));
    const_cast<Plan::Data&>(*plan.data).lanes.push_back({"extra", join, 0, join == Lane::Join::quorum ? 1u : 0u});
    oam::Run run(plan, {.id = "r"});
    for (int i = 0; i < 3; ++i) run.next(0);
    run.report("check#1", Outcome::failed("no"), 0);
    EXPECT_EQ(run.state("check"), State::held);
    if (join == Lane::Join::quorum) run.report("extra#1", Outcome::succeeded(), 0);
    run.report("core#1", Outcome::succeeded(), 0);
    EXPECT_EQ(run.state("check"), State::failed);
    for (const std::string step : {"tell", "end"}) {
      EXPECT_EQ(std::get<Task>(run.next(0)).step, step);
      run.report(step + "#1", Outcome::succeeded(), 0);
    }
    EXPECT_EQ(std::get<Done>(run.next(0)).result, RunResult::degraded);
    EXPECT_EQ(run.report("extra#1", Outcome::succeeded(), 0), join == Lane::Join::quorum ? Report::duplicate : Report::late);
  }
}

TEST(HookRun, ALaneIsTakenUpByARetry) {
  for (const auto join : {Lane::Join::core_only, Lane::Join::core_then_deadline, Lane::Join::quorum}) {
    const Plan plan = with_lane(join, 100, join == Lane::Join::quorum ? 1 : 0);
    oam::Run run(plan, {.id = "r", .journal = true});
    for (int i = 0; i < 4; ++i) run.next(0);
    run.report("extra-0#1", Outcome::succeeded(), 0);
    run.report("core#1", Outcome::succeeded(), 10);
    run.next(110);
    EXPECT_EQ(run.state("extra-1"), State::cancelled);
    ASSERT_TRUE(run.decide("extra-1", Command::retry, 200));
    Diagnostics problems;
    const std::vector<std::string> records = run.take_records();
    auto replayed = oam::Run::restore(plan, "", records, 200, problems), saved = oam::Run::restore(plan, run.save(), {}, 200, problems);
    for (oam::Run* each : {&run, &*replayed, &*saved}) {
      EXPECT_EQ(std::get<Task>(each->next(200)).id, "extra-1#2");
      EXPECT_EQ(std::get<Wait>(each->next(300)).until, std::nullopt);   // no longer cut off
      each->report("extra-1#2", Outcome::succeeded(), 300);
      EXPECT_TRUE(std::get<Done>(each->next(300)).ok);
      EXPECT_EQ(each->state("extra-1"), State::succeeded);
    }
  }
}

TEST(HookRun, ALaneHasItsTimeWhateverThePause) {
  const Plan plan = with_lane(Lane::Join::core_then_deadline, 100);
  for (const bool restored : {false, true})
    for (const Time paused : {Time{0}, Time{50}}) {      // before the core ends, and after it
      oam::Run run(plan, {.id = "r", .journal = true});
      for (int i = 0; i < 4; ++i) run.next(0);
      if (paused < 10) run.pause(paused);
      run.report("core#1", Outcome::succeeded(), 10);
      if (paused > 10) run.pause(paused);
      Diagnostics problems;
      EXPECT_EQ(std::get<Wait>(run.next(1'000)).until, std::nullopt);
      if (restored) run = *oam::Run::restore(plan, run.save(), {}, 1'000, problems);
      run.resume(1'000);
      for (int i = 0; restored && i < 3; ++i) run.next(1'000);
      EXPECT_EQ(std::get<Wait>(run.next(1'000)).until, paused > 10 ? 1'060 : 1'100);
    }
}

TEST(HookRun, HooksAndLanesSurviveARestore) {
  Plan plan = with_lane(Lane::Join::core_then_deadline, 100);
  oam::Run run(plan, {.id = "r", .journal = true});
  for (int i = 0; i < 4; ++i) run.next(0);
  run.report("core#1", Outcome::succeeded(), 10);
  Diagnostics problems;
  for (const bool by_checkpoint : {true, false}) {
    const std::vector<std::string> records = by_checkpoint ? std::vector<std::string>() : run.take_records();
    auto again = oam::Run::restore(plan, by_checkpoint ? run.save() : "", records, 20, problems);
    ASSERT_TRUE(again) << problems;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(std::holds_alternative<Task>(again->next(20)));
    EXPECT_EQ(std::get<Wait>(again->next(20)).until, 110);
    EXPECT_EQ(std::get<Done>(again->next(110)).result, RunResult::degraded);
  }
}

// What the hooks of a folder of tests/golden/plan leave behind.
std::vector<std::string> cleaned(const std::string& failing) {
  std::ifstream file(OAM_SOURCE_DIR "/tests/golden/plan/hook-retention/app.yaml");
  const Path path(std::string(std::istreambuf_iterator<char>(file), {}));
  EXPECT_TRUE(path.plan) << path.problems;
  FakeHost host;
  if (!failing.empty()) host.script(failing, Outcome::failed("no"));
  oam::Run run(*path.plan, {.id = "r"});
  VirtualClock clock;
  drive(run, host, clock);
  std::vector<std::string> all;
  for (const std::string& step : host.performed())
    if (path.plan->steps()[*path.plan->find(step)].action == Step::Action::delete_) all.push_back(step);
  return all;
}

TEST(HookRun, WhatHooksMadeIsDeletedAsTheySay) {
  EXPECT_THAT(cleaned(""), ElementsAre("db/hook/backup/clear/Job.batch/backup", "db/apply/ServiceAccount/migrator/clean", "db/apply/Job.batch/migrate/clean"));
  EXPECT_THAT(cleaned("db/hook/backup"), ElementsAre("db/hook/backup/clear/Job.batch/backup", "db/apply/ServiceAccount/migrator/clean", "db/apply/Job.batch/migrate/clean", "db/hook/backup/clean/Job.batch/backup"));
  EXPECT_THAT(cleaned("db/apply/Job.batch/migrate"), ElementsAre("db/apply/ServiceAccount/migrator/clean"));   // the job stays to be looked at
  EXPECT_THAT(cleaned("db/apply/ServiceAccount/migrator"), ElementsAre());                                     // the job was never made
}

}  // namespace
}  // namespace oam::tests
