// When steps are handed out, how long they may take, how many at a time; and what
// people may decide about all that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/run.hpp>
#include <oam/testing.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using testing::FakeHost;
using testing::VirtualClock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ask(oam::Run& run, Time now = 0) {
  const Next next = run.next(now);
  if (const auto* task = std::get_if<Task>(&next)) return task->id;
  if (const auto* wait = std::get_if<Wait>(&next)) return wait->until ? "wait " + std::to_string(*wait->until) : "wait";
  return std::string(name_of(std::get<Done>(next).result));
}

std::string reason(oam::Run& run, Time now = 0) {
  const Next next = run.next(now);
  const auto* done = std::get_if<Done>(&next);
  return done && !done->reasons.empty() ? done->reasons[0] : "";
}

Outcome progress() {
  Outcome outcome;
  outcome.result = Outcome::Result::progress;
  return outcome;
}

Outcome ready(bool is) {
  Outcome outcome = Outcome::succeeded();
  outcome.ready = is;
  return outcome;
}

Plan gated() {
  std::vector<Step> steps{make_step("a"), make_step("b")};
  steps[0].gate = Step::Gate::ready;
  steps[1].needs.push_back({0});
  return make_plan(std::move(steps));
}

// Timeouts.

TEST(Timeouts, GiveAnAttemptUpAndTryAgain) {
  oam::Run run(plan("a"), {.id = "r", .attempts = 2, .backoff = 10, .timeouts = {.run = 100}});
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_EQ(ask(run), "wait 100");
  EXPECT_EQ(ask(run, 100), "wait 110");
  EXPECT_EQ(run.report("a#1", Outcome::succeeded(), 105), Report::late);   // nobody counts on it any more
  EXPECT_EQ(ask(run, 110), "a#2");
  EXPECT_EQ(ask(run, 210), "failed");
  EXPECT_THAT(reason(run, 210), HasSubstr("no outcome within 0.1 s"));
}

// However late somebody asks, what was due happened when it was due.
TEST(Timeouts, DoNotDependOnWhenSomebodyAsks) {
  oam::Run early(plan("a"), {.id = "r", .backoff = 10, .timeouts = {.run = 100}}), late(plan("a"), {.id = "r", .backoff = 10, .timeouts = {.run = 100}});
  ask(early), ask(late);
  for (Time now = 0; now < 200; now += 7) {
    const Next next = early.next(now);
    if (const auto* task = std::get_if<Task>(&next)) {
      EXPECT_EQ(task->id, "a#2") << now;
    }
  }
  EXPECT_EQ(late.report("a#1", Outcome::succeeded(), 500), Report::late);
}

TEST(Timeouts, HoldWhatMustNotHappenTwice) {
  oam::Run run(plan("once:m"), {.id = "r", .timeouts = {.run = 100}});
  ask(run);
  EXPECT_EQ(ask(run, 100), "held");
  EXPECT_EQ(run.report("m#1", Outcome::succeeded(), 200), Report::accepted);   // now it is known
  EXPECT_EQ(ask(run, 200), "succeeded");
}

TEST(Timeouts, WaitForSignsOfLife) {
  oam::Run run(plan("a"), {.id = "r", .attempts = 1, .timeouts = {.start = 50, .heartbeat = 100}});
  ask(run);
  EXPECT_EQ(ask(run), "wait 50");
  EXPECT_EQ(run.report("a#1", progress(), 40), Report::accepted);
  EXPECT_EQ(ask(run, 40), "wait 140");
  EXPECT_EQ(run.report("a#1", progress(), 130), Report::accepted);
  EXPECT_EQ(ask(run, 229), "wait 230");
  EXPECT_THAT(reason(run, 230), HasSubstr("no sign of life"));
}

TEST(Timeouts, LetAStepWaitOnlySoLongForItsTurn) {
  oam::Run run(plan("a b"), {.id = "r", .parallel = 1, .timeouts = {.queue = 100}});
  EXPECT_EQ(ask(run), "a#1");
  ask(run, 100);
  EXPECT_EQ(run.state("b"), State::failed);
  run.report("a#1", Outcome::succeeded(), 100);
  EXPECT_THAT(reason(run, 100), HasSubstr("not handed out within 0.1 s"));
}

TEST(Timeouts, TellOfWhatWasDoneAfterAll) {
  oam::Run run(plan("once:m b"), {.id = "r", .journal = true});
  ask(run), ask(run);
  run.decide("m", Command::skip, 0);
  run.take_events();
  EXPECT_EQ(run.report("m#1", Outcome::succeeded(), 5), Report::late);
  const auto events = run.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type(), "dev.oam.step.late");
  EXPECT_EQ(events[0].step(), "m");
}

// Retries.

TEST(Retries, HaveABudgetOfAllSteps) {
  oam::Run run(plan("a b"), {.id = "r", .backoff = 1, .retry_budget = 3});
  FakeHost host;
  host.otherwise(Outcome::retry("busy"));
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_EQ(host.performed().size(), 2u + 3u);
  EXPECT_THAT(done.reasons, ::testing::Contains(HasSubstr("3 retries")));
}

TEST(Retries, AreSpreadTheSameWayEachTime) {
  const auto first_wait = [](std::string id) {
    oam::Run run(plan("a"), {.id = std::move(id), .backoff = 1'000, .jitter = 50});
    run.report(ask(run), Outcome::retry("busy"), 0);
    return ask(run);
  };
  EXPECT_EQ(first_wait("r"), first_wait("r"));
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) seen.insert(first_wait("run-" + std::to_string(i)));
  EXPECT_GT(seen.size(), 5u);
}

// The budget and the back-off outlive the program.
TEST(Retries, SurviveARestart) {
  const Plan p = plan("a b");
  const RunOptions options = {.id = "r", .journal = true, .attempts = 9, .backoff = 100, .jitter = 30, .retry_budget = 2};
  oam::Run whole(p, options);
  std::vector<std::string> records;
  Time now = 0;
  for (int i = 0; i < 40; ++i) {
    const Next next = whole.next(now);
    for (std::string& record : whole.take_records()) records.push_back(std::move(record));
    if (const auto* task = std::get_if<Task>(&next)) whole.report(task->id, Outcome::retry("busy"), now);
    else if (const auto* wait = std::get_if<Wait>(&next)) now = *wait->until;
    else break;
    for (std::string& record : whole.take_records()) records.push_back(std::move(record));
    if (std::holds_alternative<Task>(next)) {
      Diagnostics problems;
      auto by_records = oam::Run::restore(p, "", records, now, problems, {.journal = true});
      auto by_checkpoint = oam::Run::restore(p, whole.save(), {}, now, problems, {.journal = true});
      ASSERT_TRUE(by_records && by_checkpoint) << problems;
      ASSERT_EQ(by_records->save(), whole.save());
      ASSERT_EQ(by_checkpoint->save(), whole.save());
    }
  }
  EXPECT_EQ(whole.state("a"), State::failed);
}

// Gates.

TEST(Gates, MustStayMet) {
  oam::Run run(gated(), {.id = "r", .poll = 10, .healthy_for = 100});
  EXPECT_EQ(ask(run), "a#1");
  run.report("a#1", ready(true), 0);
  EXPECT_EQ(run.state("a"), State::settling);
  EXPECT_EQ(ask(run, 10), "a#1.1");
  run.report("a#1.1", ready(false), 50);      // the streak is broken
  EXPECT_EQ(ask(run, 1'000), "a#1.2");
  run.report("a#1.2", ready(true), 1'000);
  for (Time now = 1'000; now <= 1'100; now += 5) {
    EXPECT_EQ(run.state("a"), State::settling) << now;
    if (const std::string task = ask(run, now); task.starts_with("a")) run.report(task, ready(true), now);
  }
  EXPECT_EQ(run.state("a"), State::succeeded);
}

TEST(Gates, MayBeBadForAWhile) {
  const Value bad = json(R"({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "status": {"conditions": [{"type": "Failed", "status": "True"}]}})");
  oam::Run strict(gated(), {.id = "r"}), patient(gated(), {.id = "r", .poll = 10, .fail_after = 100});
  ask(strict), ask(patient);
  strict.report("a#1", Outcome::succeeded(bad), 0);
  EXPECT_EQ(strict.state("a"), State::failed);
  patient.report("a#1", Outcome::succeeded(bad), 0);
  EXPECT_EQ(patient.state("a"), State::settling);
  EXPECT_EQ(ask(patient, 50), "a#1.1");
  patient.report("a#1.1", Outcome::succeeded(bad), 50);
  EXPECT_EQ(patient.state("a"), State::settling);
  ask(patient, 100);
  patient.report(patient.task("a")->id, Outcome::succeeded(bad), 100);
  EXPECT_EQ(patient.state("a"), State::failed);
}

TEST(Gates, AreLookedAtWhenTheHostSays) {
  oam::Run run(gated(), {.id = "r"});
  ask(run);
  Outcome later = ready(false);
  later.retry_after = 777;
  run.report("a#1", later, 0);
  EXPECT_EQ(ask(run), "wait 777");
}

// Pools.

TEST(Pools, BoundWhatIsInFlight) {
  oam::Run run(plan("a b c once:h d"), {.id = "r", .pools = {{"two", 2, {"apply"}}, {"one", 1, {"a", "h"}}}});
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_EQ(ask(run), "b#1");     // c waits for `two`, h for `one`
  EXPECT_EQ(ask(run), "wait");
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "c#1");
  EXPECT_EQ(ask(run), "h#1");
  EXPECT_EQ(ask(run), "wait");
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "d#1");
}

// A step in two pools that waits for one does not keep the other's place.
TEST(Pools, PassAPlaceOn) {
  oam::Run run(plan("a b c d"), {.id = "r", .pools = {{"p", 1, {"a", "b", "d"}}, {"q", 1, {"b", "c"}}}});
  EXPECT_EQ(ask(run), "a#1");     // p
  EXPECT_EQ(ask(run), "c#1");     // q; b waits for p
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "d#1");     // b now waits for q, d takes the place in p
  EXPECT_EQ(ask(run), "wait");
  run.report("c#1", Outcome::succeeded(), 0);
  run.report("d#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "b#1");
}

TEST(Pools, ServeTheCoreFirst) {
  oam::Run run(plan("extra:x b"), {.id = "r", .pools = {{"one", 1, {"lane:core", "lane:extra"}}}});
  EXPECT_EQ(ask(run), "b#1");
  EXPECT_EQ(ask(run), "wait");
}

// Decisions about the run.

TEST(Decisions, PauseAndResume) {
  oam::Run run(plan("a b<-a c"), {.id = "r", .journal = true});
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_TRUE(run.pause(0, {.actor = "ann", .reason = "lunch"}));
  EXPECT_FALSE(run.pause(0));
  EXPECT_EQ(run.phase(), Phase::paused);
  EXPECT_EQ(ask(run), "wait");                       // a is in flight
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "paused");
  const auto records = run.take_records();
  EXPECT_THAT(records, ::testing::Contains(HasSubstr(R"("kind":"pause","payload":{"actor":"ann","reason":"lunch"})")));
  Diagnostics problems;
  auto again = oam::Run::restore(plan("a b<-a c"), "", records, 0, problems);
  EXPECT_EQ(again->phase(), Phase::paused);          // over a restart too
  EXPECT_TRUE(run.resume(0));
  EXPECT_EQ(ask(run), "b#1");
  EXPECT_EQ(ask(run), "c#1");
}

// What waits for its turn is not late because nobody may begin anything.
TEST(Decisions, APauseStopsTheClockOfTheQueue) {
  for (const bool restored : {false, true}) {
    oam::Run run(plan("a b c<-a"), {.id = "r", .journal = true, .parallel = 1, .timeouts = {.queue = 100}});
    EXPECT_EQ(ask(run), "a#1");
    run.pause(40);
    EXPECT_EQ(ask(run, 500), "wait");
    run.report("a#1", Outcome::succeeded(), 600);          // c is ready now
    Diagnostics problems;
    if (restored) run = *oam::Run::restore(plan("a b c<-a"), run.save(), {}, 700, problems, {.journal = true, .parallel = 1});
    EXPECT_EQ(ask(run, 900), "paused");
    run.resume(1'000);
    EXPECT_EQ(ask(run, 1'000), "b#1");
    EXPECT_EQ(ask(run, 1'099), "wait 1100");
    ask(run, 1'100);
    EXPECT_EQ(run.state("c"), State::failed);
  }
  oam::Run run(plan("a b"), {.id = "r", .parallel = 1, .timeouts = {.queue = 100}});
  ask(run);
  run.pause(40);
  run.resume(1'000);
  EXPECT_EQ(ask(run, 1'000), "wait 1060");
  ask(run, 1'060);
  EXPECT_EQ(run.state("b"), State::failed);
}

// A hook of the end whose turn had come in the pause.
TEST(Decisions, ACancelEndsAPause) {
  oam::Run run(plan("a last:end<-^a"), {.id = "r"});
  ask(run);
  run.pause(0);
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "paused");
  EXPECT_TRUE(run.cancel(0));
  EXPECT_EQ(ask(run), "end#1");
}

TEST(Decisions, CancelOneStep) {
  oam::Run run(plan("a b c<-b"), {.id = "r"});
  ask(run), ask(run);
  EXPECT_TRUE(run.decide("c", Command::cancel, 0));
  EXPECT_EQ(run.state("c"), State::cancelled);
  EXPECT_TRUE(run.decide("a", Command::cancel, 0));
  EXPECT_THAT(run.unwanted(), ElementsAre("a#1"));
  run.report("a#1", Outcome::retry("busy"), 0);      // not again
  EXPECT_EQ(run.state("a"), State::cancelled);
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "cancelled");
}

// What was done all the same is done.
TEST(Decisions, BelieveWhatHappened) {
  oam::Run run(plan("a b"), {.id = "r"});
  ask(run);
  EXPECT_TRUE(run.cancel(0));
  EXPECT_FALSE(run.cancel(0));
  EXPECT_THAT(run.unwanted(), ElementsAre("a#1"));
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(run.state("a"), State::succeeded);
  EXPECT_EQ(run.state("b"), State::cancelled);
}

TEST(Decisions, Approve) {
  oam::Run run(plan("a b<-a"), {.id = "r", .journal = true, .approvals = {"b"}});
  run.report(ask(run), Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "held");
  EXPECT_THAT(reason(run), HasSubstr("held for an approval"));
  EXPECT_EQ(run.in_doubt("b"), std::nullopt);
  EXPECT_FALSE(run.decide("b", Command::accept, 0));     // it has never begun
  Diagnostics problems;
  auto again = oam::Run::restore(plan("a b<-a"), "", run.take_records(), 0, problems, {.journal = true});
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(ask(*again), "held");
  EXPECT_TRUE(again->decide("b", Command::approve, 0, {.actor = "ann"}));
  EXPECT_EQ(ask(*again), "b#1");
  EXPECT_FALSE(again->decide("b", Command::approve, 0));
}

TEST(Decisions, KeepAnApprovalUntilTheTurnComes) {
  const Plan asked = plan("a b<-a c<-a");
  const RunOptions options{.id = "r", .journal = true, .approvals = {"b"}};
  oam::Run run(asked, options);
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_TRUE(run.decide("b", Command::approve, 0, {.actor = "ann"}));
  EXPECT_EQ(run.state("b"), State::waiting);
  EXPECT_FALSE(run.decide("b", Command::approve, 0));    // it is approved
  EXPECT_FALSE(run.decide("c", Command::approve, 0));    // nobody asks
  Diagnostics problems;
  const std::vector<std::string> records = run.take_records();
  auto replayed = oam::Run::restore(asked, "", records, 0, problems, options), saved = oam::Run::restore(asked, run.save(), {}, 0, problems, options);
  ASSERT_TRUE(replayed && saved) << problems;
  EXPECT_EQ(replayed->save(), saved->save());
  for (oam::Run* each : {&run, &*replayed, &*saved}) {
    each->report(each == &run ? "a#1" : ask(*each), Outcome::succeeded(), 0);
    EXPECT_EQ(ask(*each), "b#1");
  }
}

TEST(Decisions, DoNotApproveWhatIsInDoubt) {
  oam::Run run(plan("once:m"), {.id = "r"});
  run.report(ask(run), Outcome::unknown("?"), 0);
  EXPECT_FALSE(run.decide("m", Command::approve, 0));
  EXPECT_TRUE(run.decide("m", Command::accept, 0));
}

TEST(OnFailure, Halts) {
  for (const auto rule : {OnFailure::go_on, OnFailure::halt, OnFailure::abort, OnFailure::hold}) {
    oam::Run run(plan("a b c d"), {.id = "r", .parallel = 2, .on_failure = rule});
    ask(run), ask(run);
    run.report("a#1", Outcome::failed("no"), 0);
    const bool goes_on = rule == OnFailure::go_on;
    EXPECT_EQ(ask(run), goes_on ? "c#1" : "wait") << name_of(rule);
    EXPECT_EQ(run.unwanted().size(), rule == OnFailure::abort ? 1u : 0u) << name_of(rule);
    run.report("b#1", Outcome::succeeded(), 0);
    if (goes_on) continue;
    EXPECT_EQ(ask(run), rule == OnFailure::hold ? "paused" : "failed") << name_of(rule);
    EXPECT_EQ(run.state("c"), rule == OnFailure::hold ? State::ready : State::cancelled);
    if (rule != OnFailure::hold) continue;
    EXPECT_TRUE(run.resume(0));
    EXPECT_EQ(ask(run), "c#1");
  }
}

// What has begun comes to its end where the run halts: its gate is waited for. Where it is aborted nobody wants that.
TEST(OnFailure, HaltsWhatHasNotBegunAlone) {
  for (const auto rule : {OnFailure::halt, OnFailure::abort}) {
    std::vector<Step> steps{make_step("a"), make_step("b"), make_step("c"), make_step("d")};
    steps[0].gate = steps[1].gate = Step::Gate::ready;
    steps[3].needs.push_back({0});
    oam::Run run(make_plan(std::move(steps)), {.id = "r", .poll = 10, .on_failure = rule});
    for (int i = 0; i < 3; ++i) ask(run);
    run.report("a#1", ready(false), 0);
    run.report("c#1", Outcome::failed("no"), 0);
    run.report("b#1", ready(false), 5);
    EXPECT_EQ(run.state("d"), State::cancelled);
    const bool halts = rule == OnFailure::halt;
    EXPECT_EQ(run.state("a"), halts ? State::settling : State::cancelled);
    EXPECT_EQ(ask(run, 10), halts ? "a#1.1" : "failed");
    if (!halts) continue;
    EXPECT_EQ(run.phase(), Phase::cancelling);
    run.report("a#1.1", ready(true), 10);
    EXPECT_EQ(ask(run, 15), "b#1.1");
    run.report("b#1.1", ready(true), 15);
    EXPECT_EQ(run.state("b"), State::succeeded);
    EXPECT_EQ(ask(run, 15), "failed");
  }
}

TEST(OnFailure, ARunThatHasHaltedMayBeCancelled) {
  oam::Run run(plan("a b"), {.id = "r", .on_failure = OnFailure::halt});
  ask(run), ask(run);
  run.report("a#1", Outcome::failed("no"), 0);
  EXPECT_THAT(run.unwanted(), IsEmpty());
  EXPECT_TRUE(run.cancel(0));
  EXPECT_THAT(run.unwanted(), ElementsAre("b#1"));
  EXPECT_FALSE(run.cancel(0));
}

TEST(OnFailure, ARetryTakesARunUpAndSaysWhatStaysGivenUp) {
  oam::Run run(plan("a b c<-b"), {.id = "r", .attempts = 1, .parallel = 1, .on_failure = OnFailure::halt});
  run.report(ask(run), Outcome::failed("no"), 0);
  EXPECT_EQ(ask(run), "failed");
  ASSERT_TRUE(run.decide("a", Command::retry, 0));
  run.report(ask(run), Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "cancelled");
  EXPECT_EQ(reason(run), "b, c were given up before: retry or skip them");
}

TEST(OnFailure, CountsFailuresOfTheCoreAlone) {
  oam::Run run(plan("extra:x a b c"), {.id = "r", .failures = 2, .on_failure = OnFailure::halt});
  for (int i = 0; i < 4; ++i) ask(run);
  run.report("x#1", Outcome::failed("no"), 0);
  run.report("a#1", Outcome::failed("no"), 0);
  EXPECT_EQ(run.phase(), Phase::open);
  run.report("b#1", Outcome::failed("no"), 0);
  EXPECT_EQ(run.phase(), Phase::cancelling);
}

// Another plan takes over.

TEST(Supersede, KeepsWhatIsDoneAndTheSame) {
  const Plan before = plan("a b<-a c<-b"), now = plan("a b<-a d<-b");
  oam::Run old(before, {.id = "r", .journal = true});
  old.report(ask(old), Outcome::succeeded(), 0);
  EXPECT_EQ(ask(old), "b#1");
  EXPECT_TRUE(old.supersede(0));
  EXPECT_EQ(ask(old), "wait");                         // to a safe point
  old.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(old), "superseded");
  EXPECT_EQ(old.state("c"), State::cancelled);
  oam::Run next = oam::Run::succeed(old, now, {.id = "s", .journal = true});
  EXPECT_EQ(ask(next), "d#1");
  EXPECT_EQ(next.state("a"), State::no_change);
  Diagnostics problems;                                // its own records are enough
  auto again = oam::Run::restore(now, "", next.take_records(), 0, problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->state("b"), State::no_change);
  EXPECT_EQ(ask(*again), "d#2");
}

TEST(Supersede, IsForGood) {
  for (const bool ended : {false, true}) {
    const Plan before = plan("a b<-a c<-b");
    oam::Run old(before, {.id = "r", .journal = true});
    old.report(ask(old), Outcome::succeeded(), 0);
    EXPECT_EQ(ask(old), "b#1");
    if (ended) old.report("b#1", Outcome::failed("no"), 0);
    EXPECT_EQ(old.phase() == Phase::closed, ended);
    EXPECT_FALSE(old.superseded());
    EXPECT_TRUE(old.supersede(0));
    EXPECT_FALSE(old.supersede(0));
    EXPECT_FALSE(old.decide("c", Command::retry, 0));
    if (!ended) old.report("b#1", Outcome::failed("no"), 0);
    EXPECT_EQ(ask(old), "failed");
    Diagnostics problems;
    const std::vector<std::string> records = old.take_records();
    auto again = oam::Run::restore(before, "", records, 0, problems), saved = oam::Run::restore(before, old.save(), {}, 0, problems);
    ASSERT_TRUE(again && saved) << problems;
    for (oam::Run* run : {&old, &*again, &*saved}) {
      EXPECT_TRUE(run->superseded());
      for (const Command command : {Command::retry, Command::skip, Command::accept, Command::approve, Command::cancel})
        EXPECT_FALSE(run->decide("b", command, 0)) << name_of(command);
      EXPECT_FALSE(run->resume(0));
      EXPECT_EQ(ask(*run), "failed");
    }
  }
}

TEST(Supersede, SaysWhoTakesOver) {
  oam::Run old(plan("a"), {.id = "r", .journal = true});
  ask(old);
  EXPECT_EQ(old.successor(), "");
  EXPECT_TRUE(old.supersede(0, {.actor = "ann", .successor = "s"}));
  EXPECT_FALSE(old.supersede(0, {.actor = "bob", .successor = "t"}));
  Diagnostics problems;
  const std::vector<std::string> records = old.take_records();
  auto again = oam::Run::restore(plan("a"), "", records, 0, problems), saved = oam::Run::restore(plan("a"), old.save(), {}, 0, problems);
  ASSERT_TRUE(again && saved) << problems;
  for (const oam::Run* run : {&old, &*again, &*saved}) EXPECT_EQ(run->successor(), "s");
}

TEST(Supersede, AlsoARunThatHasSucceeded) {
  oam::Run old(plan("a"));
  old.report(ask(old), Outcome::succeeded(), 0);
  EXPECT_EQ(ask(old), "succeeded");
  EXPECT_TRUE(old.supersede(0));
  EXPECT_EQ(ask(old), "superseded");
}

TEST(Supersede, DoesAgainWhatChanged) {
  std::vector<Step> steps{make_step("a"), make_step("b")};
  steps[0].object = json(R"({"v": 1})");
  steps[1].needs.push_back({0});
  oam::Run old(make_plan(steps, "one"), {.id = "r"});
  FakeHost host;
  VirtualClock clock;
  drive(old, host, clock);
  steps[0].object = json(R"({"v": 2})");
  oam::Run next = oam::Run::succeed(old, make_plan(steps, "two"), {.id = "s"});
  EXPECT_EQ(ask(next), "a#1");
  next.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(next), "b#1");                         // what it stands on has changed
}

TEST(Supersede, TakesOutputsOver) {
  oam::Run old(passing_plan(), {.id = "r"});
  ask(old);
  old.report("source#1", Outcome::succeeded(json(R"({"status": {"key": "k1"}})")), 0);
  old.supersede(0);
  oam::Run next = oam::Run::succeed(old, passing_plan(), {.id = "s"});
  const Task work = std::get<Task>(next.next(0));
  EXPECT_EQ(work.step, "sink/render");
  next.report(work.id, render(work), 0);
  EXPECT_EQ(std::get<Task>(next.next(0)).object->at("spec").at("key"), "k1");
}

// The table of commands.

TEST(CommandTable, HasAnExitFromEveryState) {
  const Value table = json(command_table());
  for (const auto& row : table->at("steps").as_array()) {
    if (row.at("end").is_string() && row.at("end") == "good") continue;
    EXPECT_FALSE(row.at("commands").as_object().empty()) << row.at("state");
  }
  for (const auto& row : table->at("runs").as_array()) EXPECT_FALSE(row.at("commands").as_object().empty()) << row.at("phase");
  EXPECT_EQ(table->at("steps").as_array().size(), kStates);
}

// From every state in which a step can be caught, every command that the table allows leads
// where the table says, and no other is taken.
TEST(CommandTable, IsWhatTheRunDoes) {
  const auto put_into = [](State state) {
    oam::Run run(plan("a once:m<-a extra:z"), {.id = "r", .backoff = 1'000'000, .poll = 1'000'000});
    run.next(0);
    switch (state) {
      case State::dispatched: break;
      case State::succeeded: run.report("a#1", Outcome::succeeded(), 0); break;
      case State::no_change: run.report("a#1", Outcome::unchanged(), 0); break;
      case State::failed: run.report("a#1", Outcome::failed("no"), 0); break;
      case State::backoff: run.report("a#1", Outcome::retry("busy"), 0); break;
      case State::cancelled: run.report("a#1", Outcome::cancelled(), 0); break;
      case State::skipped: run.decide("a", Command::skip, 0); break;
      default: break;
    }
    return run;
  };
  for (const State state : {State::dispatched, State::succeeded, State::no_change, State::failed, State::backoff, State::cancelled, State::skipped})
    for (const Command command : {Command::retry, Command::skip, Command::accept, Command::approve, Command::cancel}) {
      oam::Run run = put_into(state);
      ASSERT_EQ(run.state("a"), state);
      std::optional<State> to;
      for (std::size_t k = 0; k < kSignals; ++k)
        if (name_of(static_cast<Signal>(k)) == name_of(command)) to = transition(state, static_cast<Signal>(k));
      EXPECT_EQ(run.decide("a", command, 0), to.has_value()) << name_of(state) << " " << name_of(command);
      if (to && *to != State::waiting) {
        EXPECT_EQ(run.state("a"), *to) << name_of(state) << " " << name_of(command);
      }
    }
}

}  // namespace
}  // namespace oam::tests
