#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/run.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using testing::FakeHost;
using testing::VirtualClock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What next() says now, in a word: a task's id, "wait", "wait 100", or the result.
std::string ask(Run& run, Time now = 0) {
  const Next next = run.next(now);
  if (const auto* task = std::get_if<Task>(&next)) return task->id;
  if (const auto* wait = std::get_if<Wait>(&next))
    return wait->until ? "wait " + std::to_string(*wait->until) : "wait";
  return std::string(name_of(std::get<Done>(next).result));
}

Done end(Run& run, Time now = 0) { return std::get<Done>(run.next(now)); }

TEST(Run, TellsItsStory) {
  oam::Run run(*Path(boxes("web: db\ndb:")).plan, {.id = "r"});
  FakeHost host;
  host.script("db/apply/ConfigMap/db", Outcome::retry("not yet"));
  EXPECT_EQ(testing::trace(run, host),
            "    0ms  start   db/apply/ConfigMap/db  try 1\n"
            "    0ms  report  db/apply/ConfigMap/db  retry: not yet\n"
            "    0ms  wait    until 1000ms\n"
            " 1000ms  start   db/apply/ConfigMap/db  try 2\n"
            " 1000ms  report  db/apply/ConfigMap/db  succeeded\n"
            " 1000ms  start   web/apply/ConfigMap/web  try 1\n"
            " 1000ms  report  web/apply/ConfigMap/web  succeeded\n"
            " 1000ms  done    succeeded\n");
}

TEST(Run, HandsOutInPlanOrder) {
  oam::Run run(plan("a b c<-a"));
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_EQ(ask(run), "b#1");
  EXPECT_EQ(ask(run), "wait");
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "wait");
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "c#1");
  run.report("c#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "succeeded");
}

TEST(Run, IsDoneAtOnceWithNothingToDo) {
  oam::Run run(plan(""));
  EXPECT_EQ(ask(run), "succeeded");
  EXPECT_TRUE(end(run).ok);
}

TEST(Run, RepeatsDoneForEver) {
  oam::Run run(plan("a"));
  ask(run);
  run.report("a#1", Outcome::failed("no"), 0);
  for (Time now : {0, 5, 1'000'000}) EXPECT_EQ(ask(run, now), "failed");
}

TEST(Run, DoesByItselfWhatNobodyHasToDo) {
  oam::Run run(plan("render:r a<-r barrier:b<-a"));
  EXPECT_EQ(ask(run), "a#1");
  run.report("a#1", Outcome::unchanged(), 0);
  EXPECT_EQ(ask(run), "succeeded");
  EXPECT_EQ(run.state("r"), State::succeeded);
  EXPECT_EQ(run.state("a"), State::no_change);
  EXPECT_EQ(run.state("b"), State::succeeded);
}

TEST(Run, LimitsWhatIsInFlight) {
  oam::Run run(plan("a b c"), {.id = "r", .parallel = 2});
  EXPECT_EQ(ask(run), "a#1");
  EXPECT_EQ(ask(run), "b#1");
  EXPECT_EQ(ask(run), "wait");
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "c#1");
}

TEST(Run, BlocksWhatRequiresAFailureAndGoesOnWithTheRest) {
  oam::Run run(plan("a b<-a c<-b d<-~a e<-^a f"));
  FakeHost host;
  host.script("a", Outcome::failed("quota"));
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_THAT(host.performed(), ElementsAre("a", "d", "e", "f"));
  EXPECT_EQ(done.blocked, 2u);
  EXPECT_EQ(run.state("c"), State::blocked);
  EXPECT_THAT(done.reasons, ElementsAre("a failed: quota; 2 steps wait for it"));
}

TEST(Run, DegradesWhenAnotherLaneFails) {
  oam::Run run(plan("a extra:b"));
  FakeHost host;
  host.script("b", Outcome::failed("no"));
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_EQ(done.result, RunResult::degraded);
  EXPECT_TRUE(done.ok);
}

TEST(Run, TriesAgainWithDoublingDelays) {
  oam::Run run(plan("a"), {.id = "r", .attempts = 4, .backoff = 100, .backoff_most = 300});
  std::vector<Time> delays;
  Time now = 0;
  for (int attempt = 1; attempt < 4; ++attempt) {
    EXPECT_EQ(ask(run, now), "a#" + std::to_string(attempt));
    run.report("a#" + std::to_string(attempt), Outcome::retry("busy"), now);
    const auto until = std::get<Wait>(run.next(now)).until;
    ASSERT_TRUE(until);
    delays.push_back(*until - now);
    now = *until;
  }
  EXPECT_THAT(delays, ElementsAre(100, 200, 300));
  ask(run, now);
  run.report("a#4", Outcome::retry("busy"), now);
  EXPECT_THAT(end(run, now).reasons, ElementsAre("a failed: busy (4 attempts)"));
}

TEST(Run, WaitsAsLongAsTheHostAsks) {
  oam::Run run(plan("a"));
  ask(run, 50);
  run.report("a#1", Outcome::retry("throttled", 7'000), 50);
  EXPECT_EQ(ask(run, 50), "wait 7050");
}

TEST(Run, NeverTriesAConflictAgain) {
  oam::Run run(plan("a"));
  ask(run);
  Outcome conflict;
  conflict.result = Outcome::Result::conflict;
  conflict.message = "revision 7";
  run.report("a#1", conflict, 0);
  EXPECT_THAT(end(run).reasons, ElementsAre("a failed: conflict: revision 7"));
}

TEST(Run, KeepsTheTokenOverAttempts) {
  oam::Run run(plan("a b"), {.id = "r", .backoff = 1});
  const auto token = [&](Time now) { return std::get<Task>(run.next(now)).token; };
  const std::string first = token(0);
  EXPECT_NE(token(0), first);   // b
  run.report("a#1", Outcome::retry(""), 0);
  EXPECT_EQ(token(1), first);
  run.report("a#2", Outcome::failed(""), 1);
  ASSERT_TRUE(run.decide("a", Command::retry, 1));
  EXPECT_NE(token(1), first);   // a person asked: this is another deed
}

TEST(Run, TellsReportsApart) {
  oam::Run run(plan("a b"), {.id = "r", .backoff = 1});
  ask(run), ask(run);
  EXPECT_EQ(run.report("a#1", Outcome::retry(""), 0), Report::accepted);
  EXPECT_EQ(run.report("a#1", Outcome::succeeded(), 0), Report::duplicate);
  EXPECT_EQ(ask(run, 5), "a#2");
  EXPECT_EQ(run.report("a#1", Outcome::succeeded(), 5), Report::late);
  for (const char* id : {"a", "a#", "a#3", "a#x", "c#1", "", "a#2.1", "a#0", "a#99999999999"})
    EXPECT_EQ(run.report(id, Outcome::succeeded(), 5), Report::unknown_task) << id;
  EXPECT_EQ(run.report("b#1", Outcome::succeeded(), 5), Report::accepted);
  EXPECT_EQ(run.report("b#1", Outcome::failed("late news"), 5), Report::duplicate);
  EXPECT_EQ(run.state("b"), State::succeeded);
}

TEST(Run, TakesAHeartbeatForNothingElse) {
  oam::Run run(plan("a"));
  ask(run);
  Outcome beat;
  beat.result = Outcome::Result::progress;
  EXPECT_EQ(run.report("a#1", beat, 0), Report::accepted);
  EXPECT_EQ(ask(run), "wait");
  EXPECT_EQ(run.report("a#1", Outcome::succeeded(), 0), Report::accepted);
}

TEST(Run, NeverLetsTimeRunBack) {
  oam::Run run(plan("a"), {.id = "r", .backoff = 100});
  ask(run, 1'000);
  run.report("a#1", Outcome::retry(""), 10);
  EXPECT_EQ(ask(run, 20), "wait 1100");
}

TEST(Run, CancelsWhatHasNotBegun) {
  oam::Run run(plan("a b<-a c"));
  ask(run);
  run.cancel(0);
  EXPECT_EQ(ask(run), "wait");
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "cancelled");
  EXPECT_EQ(run.state("a"), State::succeeded);   // what happened, happened
  EXPECT_EQ(run.state("b"), State::cancelled);
}

TEST(Run, DoesNotTryAgainOnceCancelled) {
  oam::Run run(plan("a"));
  ask(run);
  run.cancel(0);
  run.report("a#1", Outcome::retry("busy"), 0);
  EXPECT_EQ(ask(run), "cancelled");
}

// Decisions.

TEST(Run, GoesOnFromAFailureWhenAskedTo) {
  oam::Run run(plan("a b<-a c<-b d<-^a"));
  FakeHost host;
  VirtualClock clock;
  host.script("a", Outcome::failed("no"));
  EXPECT_EQ(drive(run, host, clock).result, RunResult::failed);
  ASSERT_TRUE(run.decide("a", Command::retry, 0));
  EXPECT_EQ(drive(run, host, clock).result, RunResult::succeeded);
  EXPECT_THAT(host.performed(), ElementsAre("a", "d", "a", "b", "c"));
}

TEST(Run, SkipsAndAccepts) {
  for (const Command command : {Command::skip, Command::accept}) {
    oam::Run run(plan("a b<-a"));
    ask(run);
    run.report("a#1", Outcome::failed("no"), 0);
    ASSERT_EQ(ask(run), "failed");
    ASSERT_TRUE(run.decide("a", command, 0));
    EXPECT_EQ(ask(run), "b#1");
  }
}

// It would only be blocked again.
TEST(Run, TriesNoStepWhoseNeedFailed) {
  oam::Run run(plan("a b<-a c<-b"));
  ask(run);
  run.report("a#1", Outcome::failed("no"), 0);
  EXPECT_FALSE(run.decide("b", Command::retry, 0));
  EXPECT_FALSE(run.decide("c", Command::retry, 0));
  EXPECT_TRUE(run.decide("a", Command::retry, 0));
  EXPECT_EQ(ask(run), "a#2");
}

// In a run that is given up skip and accept begin nothing; retry takes it up.
TEST(Run, BeginsNothingByADecisionOnceItIsGivenUp) {
  for (const Command command : {Command::skip, Command::accept})
    for (const bool superseded : {false, true}) {
      oam::Run run(plan("a b<-a c d<-c"), {.id = "r"});
      ask(run), ask(run);
      superseded ? run.supersede(0) : run.cancel(0);
      run.report("a#1", Outcome::failed("no"), 0);
      EXPECT_TRUE(run.decide("a", command, 0));
      EXPECT_TRUE(run.decide("d", Command::skip, 0));
      EXPECT_EQ(ask(run), "wait");                       // for c, and nothing else
      run.report("c#1", Outcome::succeeded(), 0);
      EXPECT_EQ(ask(run), superseded ? "superseded" : "cancelled");
      EXPECT_EQ(run.state("b"), State::cancelled);
      EXPECT_EQ(run.decide("b", Command::retry, 0), !superseded);
      EXPECT_EQ(ask(run), superseded ? "superseded" : "b#1");
    }
}

// Nothing comes of a look at a gate: nobody waits for it.
TEST(Run, CancelsAStepWhileItsGateIsLookedAt) {
  std::vector<Step> steps{make_step("a")};
  steps[0].gate = Step::Gate::ready;
  const Plan gated = make_plan(std::move(steps));
  for (const bool looking : {false, true}) {
    oam::Run run(gated, {.id = "r", .journal = true, .poll = 10});
    ask(run);
    Outcome pending = Outcome::succeeded();
    pending.ready = false;
    run.report("a#1", pending, 0);
    if (looking) {
      EXPECT_EQ(ask(run, 10), "a#1.1");
    }
    EXPECT_TRUE(run.decide("a", Command::cancel, 10));
    EXPECT_EQ(run.state("a"), State::cancelled);
    if (looking) {
      EXPECT_EQ(run.report("a#1.1", Outcome::succeeded(), 11), Report::late);
    }
    EXPECT_EQ(ask(run, 11), "cancelled");
    Diagnostics problems;
    const auto again = oam::Run::restore(gated, "", run.take_records(), 11, problems);
    ASSERT_TRUE(again) << problems;
    EXPECT_EQ(again->state("a"), State::cancelled);
  }
}

TEST(Run, GivesUpATaskTheHostHasLost) {
  oam::Run run(plan("a b<-a"));
  ask(run);
  EXPECT_FALSE(run.decide("a", Command::retry, 0));   // it may still be at it
  ASSERT_TRUE(run.decide("a", Command::skip, 0));
  EXPECT_EQ(ask(run), "b#1");
  EXPECT_EQ(run.report("a#1", Outcome::succeeded(), 0), Report::late);
}

TEST(Run, RefusesADecisionThatFitsNot) {
  oam::Run run(plan("a b<-a"));
  ask(run);
  run.report("a#1", Outcome::succeeded(), 0);
  const std::string before = run.save();
  EXPECT_FALSE(run.decide("a", Command::retry, 0));
  EXPECT_FALSE(run.decide("b", Command::accept, 0));
  EXPECT_FALSE(run.decide("nobody", Command::skip, 0));
  EXPECT_EQ(run.save(), before);
}

TEST(Run, KeepsBlockedWhatAnotherFailureBlocks) {
  oam::Run run(plan("a b c<-a,b"));
  FakeHost host;
  VirtualClock clock;
  host.script("a", Outcome::failed("no")).script("b", Outcome::failed("no"));
  drive(run, host, clock);
  run.decide("a", Command::retry, 0);
  drive(run, host, clock);
  EXPECT_EQ(run.state("c"), State::blocked);
  run.decide("b", Command::skip, 0);
  EXPECT_TRUE(drive(run, host, clock).ok);
  EXPECT_EQ(run.state("c"), State::succeeded);
}

TEST(Run, HoldsWhatMustNotHappenTwice) {
  oam::Run run(plan("once:m a<-m"));
  ask(run);
  run.report("m#1", Outcome::unknown("connection lost"), 0);
  EXPECT_EQ(ask(run), "held");
  EXPECT_THAT(run.held(), ElementsAre("m"));
  EXPECT_THAT(end(run).reasons, ElementsAre(HasSubstr("m is held for a decision")));
  run.decide("m", Command::accept, 0);
  EXPECT_EQ(ask(run), "a#1");
}

TEST(Run, HearsWhatBecameOfAStepInDoubt) {
  for (const bool was_done : {true, false}) {
    oam::Run run(plan("once:m a<-m"));
    ask(run);
    run.report("m#1", Outcome::unknown(""), 0);
    const auto task = run.in_doubt("m");
    ASSERT_TRUE(task);
    Outcome probed;
    if (!was_done) probed.result = Outcome::Result::not_found;
    EXPECT_EQ(run.report(task->id, probed, 0), Report::accepted);
    EXPECT_EQ(ask(run), was_done ? "a#1" : "m#2");
  }
}

// Gates.

Plan gated() {
  Step a = make_step("a");
  a.gate = Step::Gate::ready;
  return make_plan({a});
}

Value with_condition(std::string_view status) {
  return json(R"({"kind": "Thing", "status": {"conditions": [{"type": "Ready", "message": "starting", "status": ")" +
              std::string(status) + R"("}]}})");
}

TEST(Run, LooksUntilTheGateIsMet) {
  oam::Run run(gated(), {.id = "r", .poll = 1'000});
  ask(run);
  run.report("a#1", Outcome::succeeded(with_condition("False")), 0);
  EXPECT_EQ(run.state("a"), State::settling);
  EXPECT_EQ(ask(run, 0), "wait 1000");
  const Task look = std::get<Task>(run.next(1'000));
  EXPECT_EQ(look.id, "a#1.1");
  EXPECT_EQ(look.action, "observe");
  run.report(look.id, Outcome::succeeded(with_condition("False")), 1'000);
  EXPECT_EQ(ask(run, 1'000), "wait 3000");
  EXPECT_EQ(ask(run, 3'000), "a#1.2");
  run.report("a#1.2", Outcome::succeeded(with_condition("True")), 3'000);
  EXPECT_EQ(ask(run, 3'000), "succeeded");
}

TEST(Run, FailsAGateThatIsNeverMet) {
  oam::Run run(gated());
  FakeHost host;
  host.otherwise(Outcome::succeeded(with_condition("False")));
  VirtualClock clock;
  EXPECT_THAT(drive(run, host, clock).reasons, ElementsAre("a failed: not ready after 10000 ms: starting"));
  EXPECT_EQ(clock.now(), 10'000);
}

TEST(Run, TakesSuccessWithoutAnObjectForAGateThatIsMet) {
  oam::Run run(gated());
  ask(run);
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "succeeded");
}

// Values.

TEST(Run, PassesOutputsOn) {
  oam::Run run(passing_plan());
  ask(run);
  run.report("source#1", Outcome::succeeded(json(R"({"status": {"key": "k1"}})")), 0);
  const Task work = std::get<Task>(run.next(0));
  EXPECT_EQ(work.id, "sink/render#1");
  const Outcome rendered = render(work);
  EXPECT_EQ(rendered.outputs->at("sink").at("spec").at("key"), "k1");
  run.report(work.id, rendered, 0);
  const Task sink = std::get<Task>(run.next(0));
  EXPECT_EQ(sink.object->at("spec").at("key"), "k1");
}

TEST(Run, BelievesAnOutputByNameBeforeTheObject) {
  oam::Run run(passing_plan());
  ask(run);
  Outcome outcome = Outcome::succeeded(json(R"({"status": {"key": "k1"}})"));
  outcome.outputs = json(R"({"key": "k2"})");
  run.report("source#1", outcome, 0);
  EXPECT_EQ(std::get<Task>(run.next(0)).object->at("objects").at(0).at("fills").at(0).at("value"), "k2");
}

TEST(Run, AsksAgainForAnOutputThatIsNotThere) {
  oam::Run run(passing_plan());
  ask(run);
  run.report("source#1", Outcome::succeeded(json("{}")), 0);
  EXPECT_EQ(ask(run, 1'000), "source#1.1");
  run.report("source#1.1", Outcome::succeeded(json(R"({"status": {"key": "k1"}})")), 1'000);
  EXPECT_EQ(ask(run, 1'000), "sink/render#1");
}

TEST(Run, SaysWhoWaitsForAnOutputThatNeverComes) {
  oam::Run run(passing_plan());
  FakeHost host;
  host.otherwise(Outcome::succeeded(json("{}")));
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_EQ(done.result, RunResult::failed);
  EXPECT_THAT(done.reasons, ElementsAre("sink/render failed: sink waits for input \"key\" (status.key of source), "
                                        "which never came; 1 step waits for it"));
  EXPECT_EQ(run.state("source"), State::succeeded);
}

TEST(Run, DoesNotWaitForAnOutputOfAHostThatShowsNoObjects) {
  oam::Run run(passing_plan());
  ask(run);
  run.report("source#1", Outcome::succeeded(), 0);
  EXPECT_EQ(ask(run), "failed");
}

TEST(Run, LooksForAMissingOutputOnceMoreWhenAskedTo) {
  oam::Run run(passing_plan());
  FakeHost host;
  host.otherwise(Outcome::succeeded(json("{}")));
  VirtualClock clock;
  drive(run, host, clock);
  ASSERT_TRUE(run.decide("sink/render", Command::retry, clock.now()));
  host.otherwise(Outcome::succeeded(json(R"({"status": {"key": "k1"}})")));
  EXPECT_TRUE(drive(run, host, clock).ok);
}

TEST(Run, KeepsObjectsOutOfRecordsAndEvents) {
  oam::Run run(passing_plan(), {.id = "r", .journal = true});
  ask(run);
  run.report("source#1", Outcome::succeeded(json(R"({"data": {"pin": "hush"}, "status": {"key": "k1"}})")), 0);
  const Task work = std::get<Task>(run.next(0));
  run.report(work.id, render(work), 0);
  std::string all;
  for (const std::string& record : run.take_records()) all += record;
  for (const Event& event : run.take_events()) all += event.json();
  EXPECT_THAT(all, Not(HasSubstr("hush")));
  EXPECT_THAT(all, Not(HasSubstr("ConfigMap")));
  EXPECT_THAT(all, HasSubstr("k1"));   // what others need is needed after a crash
}

// The same from a document.
// db has an output that web reads.
std::string data_application() {
  std::string text = boxes("web:\ndb:");
  text.replace(text.find("  - name: db"), 12, "    inputs: [{from: ip, parameterKey: \"objects[0].data.ip\"}]\n"
                                              "  - name: db\n    outputs: [{name: ip, valueFrom: output.data.ip}]");
  return text;
}

TEST(Run, ValuesFlowFromOutputsToInputs) {
  oam::Run run(*Path(data_application()).plan);
  FakeHost host;
  Outcome with = Outcome::succeeded();
  with.outputs = share({{"ip", "10.0.0.7"}});
  host.script("db/apply/ConfigMap/db", with);
  Value applied;
  struct Watch {
    FakeHost& host;
    Value& applied;
    Outcome perform(const Task& task) {
      if (task.step == "web/apply/ConfigMap/web") applied = task.object;
      return host.perform(task);
    }
  } watch{host, applied};
  VirtualClock clock;
  const Done done = drive(run, watch, clock);
  EXPECT_TRUE(done.ok) << (done.reasons.empty() ? "" : done.reasons[0]);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->at("data").at("ip").as_string(), "10.0.0.7");
}

TEST(Run, AnOutputThatNeverComesIsNamed) {
  oam::Run run(*Path(data_application()).plan);
  FakeHost host;
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  EXPECT_FALSE(done.ok);
  ASSERT_FALSE(done.reasons.empty());
  EXPECT_NE(done.reasons[0].find("web waits for input \"ip\""), std::string::npos) << done.reasons[0];
}

// What it tells.

TEST(Run, TellsWhatItDecided) {
  oam::Run run(plan("a b<-a"), {.id = "shop-1"});
  ask(run, 5);
  run.report("a#1", Outcome::failed("no"), 1'700'000'000'123);
  std::vector<std::string> told;
  for (const Event& event : run.take_events())
    told.push_back(event.id() + " " + std::string(event.type()) + " " + std::string(event.step()) + " " + event.message + std::string(event.cause()));
  EXPECT_THAT(told, ElementsAre("shop-1/1.1 dev.oam.run.opened  ", "shop-1/1.2 dev.oam.step.ready a ", "shop-1/2.1 dev.oam.step.dispatched a ",
                                "shop-1/3.1 dev.oam.step.failed a no", "shop-1/3.2 dev.oam.step.blocked b a", "shop-1/3.3 dev.oam.run.core_done  ",
                                "shop-1/3.4 dev.oam.run.closed.failed  "));
  EXPECT_THAT(run.take_events(), IsEmpty());
}

TEST(Run, WritesCloudEvents) {
  oam::Run run(plan("a b<-a"), {.id = "shop-1"});
  ask(run, 5);
  run.report("a#1", Outcome::failed("no"), 1'700'000'000'123);
  std::string failed, blocked;
  for (const Event& event : run.take_events()) {
    if (event.state == State::failed) failed = event.json();
    if (event.state == State::blocked) blocked = event.json();
  }
  EXPECT_EQ(failed, R"({"specversion":"1.0","id":"shop-1/3.1","source":"/oam/shop",)"
                    R"("type":"dev.oam.step.failed","subject":"a","time":"2023-11-14T22:13:20.123Z",)"
                    R"("datacontenttype":"application/json","run":"shop-1","planhash":"plan-of a b<-a","seq":3,"attempt":1,"lane":"core",)"
                    R"("data":{"from":"dispatched","state":"failed","message":"no"}})");
  EXPECT_THAT(blocked, HasSubstr(R"("cause":"a")"));
}

TEST(Run, StandsDatesBeforeTheEpoch) {
  Event event;
  event.time = -1;
  EXPECT_THAT(event.json(), HasSubstr("1969-12-31T23:59:59.999Z"));
}

TEST(Run, StandsAnyTime) {
  oam::Run run(plan("a"));
  ask(run, INT64_MAX - 1);
  run.report("a#1", Outcome::retry("", INT64_MAX), INT64_MAX - 1);
  EXPECT_EQ(ask(run, INT64_MAX - 1), "wait " + std::to_string(INT64_MAX));
  EXPECT_EQ(ask(run, INT64_MAX), "a#2");
}

TEST(Run, WalksALongChainWithoutAStack) {
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    Step step = make_step("s" + std::to_string(i), Step::Kind::render);
    if (i > 0) step.needs.push_back({i - 1});
    steps.push_back(std::move(step));
  }
  oam::Run run(make_plan(std::move(steps)));
  EXPECT_EQ(ask(run), "succeeded");
}

TEST(Outcome, ReadsWhatItWrites) {
  Outcome outcome = Outcome::retry("busy", 5);
  outcome.object = json(R"({"kind": "Thing"})");
  outcome.outputs = json(R"({"key": 1})");
  outcome.revision = "7";
  Diagnostics problems;
  const auto read = Outcome::parse(outcome.json(), problems);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->json(), outcome.json());
}

TEST(Outcome, SaysAllThatIsWrong) {
  Diagnostics problems;
  EXPECT_FALSE(Outcome::parse(R"({"result": "suceeded", "message": 1, "outputs": [], "retry_after": -1})", problems));
  EXPECT_EQ(problems.errors(), 4u);
  for (const Diagnostic& d : problems.items()) EXPECT_EQ(d.code, "outcome-malformed");
  EXPECT_THAT(problems.items()[0].hint, HasSubstr("succeeded"));
  EXPECT_THAT(problems.text(), HasSubstr("\"retry_after\" of the outcome cannot be -1"));
}

}  // namespace
}  // namespace oam::tests
