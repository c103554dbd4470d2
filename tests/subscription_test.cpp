// Events: what somebody asks for, in the filters of CloudEvents, and what an event
// may make a run do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/subscription.hpp>
#include <oam/testing.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Subscription> subscriptions(const std::string& text) {
  Diagnostics problems;
  auto all = Subscription::parse(std::vector<Source>{{"subscriptions.yaml", text}}, problems);
  EXPECT_TRUE(all) << problems;
  return all.value_or(std::vector<Subscription>());
}

std::string refused(const std::string& text) {
  Diagnostics problems;
  EXPECT_FALSE(Subscription::parse(std::vector<Source>{{"subscriptions.yaml", text}}, problems)) << text;
  return problems.text();
}

// All events of a run in which `bad` fails.
std::vector<Event> events(const std::string& words) {
  oam::Run run(plan(words), {.id = "r"});
  testing::FakeHost host;
  host.script("bad", Outcome::failed("no"));
  testing::VirtualClock clock;
  drive(run, host, clock);
  return run.take_events();
}

std::string wanted(const std::string& filters, const std::string& words = "a bad c<-bad extra:d") {
  const auto all = subscriptions("{id: s, sink: 'file:x', filters: " + filters + "}");
  std::string out;
  for (const Event& event : events(words))
    if (!all.empty() && all[0].wants(event)) out += std::string(event.type().substr(8)) + ":" + std::string(event.step()) + " ";
  return out;
}

std::string told(const std::string& subscription) {
  Diagnostics problems;
  EXPECT_TRUE(Subscription::parse(std::vector<Source>{{"subscriptions.yaml", subscription}}, problems)) << subscription;
  return problems.text();
}

TEST(Subscription, TellsWhatNoEventHas) {
  EXPECT_THAT(told("{id: s, sink: 'file:x', types: [dev.oam.step.failde]}"), HasSubstr("no event of a run has the type \"dev.oam.step.failde\""));
  EXPECT_THAT(told("{id: s, sink: 'file:x', filters: [{not: {exact: {lan: core}}}]}"), HasSubstr("did you mean \"lane\"?"));
  std::string types, attributes;
  for (const std::string_view type : Event::types()) types += std::string(type) + ", ";
  for (const std::string_view name : Event::attributes()) attributes += std::string(name) + ": x, ";
  EXPECT_EQ(told("{id: s, sink: 'file:x', types: [" + types + "], filters: [{exact: {" + attributes + "}}]}"), "");
}

TEST(Event, HasOneOfItsTypes) {
  for (const Event& event : events("a bad c<-bad extra:d")) {
    EXPECT_THAT(Event::types(), ::testing::Contains(event.type()));
    for (const std::string_view name : {"id", "source", "type"}) EXPECT_TRUE(event.attribute(name));
  }
}

TEST(Filter, ComparesExactly) {
  EXPECT_EQ(wanted("[{exact: {type: dev.oam.step.failed}}]"), "step.failed:bad ");
  EXPECT_EQ(wanted("[{exact: {type: dev.oam.step.failed, subject: a}}]"), "");   // both must fit
  EXPECT_EQ(wanted("[{exact: {type: dev.oam.step}}]"), "");
}

TEST(Filter, ComparesBeginningsAndEnds) {
  EXPECT_EQ(wanted("[{prefix: {type: dev.oam.run.}}]"), "run.opened: run.core_done: run.closed.failed: ");
  EXPECT_EQ(wanted("[{suffix: {type: .blocked}}]"), "step.blocked:c ");
  EXPECT_EQ(wanted("[{exact: {cause: bad}}]"), "step.blocked:c ");
}

TEST(Filter, CombinesOthers) {
  EXPECT_EQ(wanted("[{all: [{prefix: {type: dev.oam.step.}}, {exact: {lane: extra}}, {suffix: {type: succeeded}}]}]"), "step.succeeded:d ");
  EXPECT_EQ(wanted("[{any: [{suffix: {type: failed}}, {suffix: {type: blocked}}]}]"), "step.failed:bad step.blocked:c run.closed.failed: ");
  EXPECT_EQ(wanted("[{suffix: {type: succeeded}}, {not: {exact: {lane: core}}}]"), "step.succeeded:d ");
}

// An attribute that an event does not have never fits, and so its negation does.
TEST(Filter, MissesWhatIsNotThere) {
  EXPECT_EQ(wanted("[{prefix: {nobody: x}}]"), "");
  EXPECT_EQ(wanted("[{not: {exact: {subject: a}}}, {prefix: {type: dev.oam.run.o}}]"), "run.opened: ");
}

TEST(Subscription, AsksForSourcesAndTypes) {
  const auto all = subscriptions("[{id: a, sink: x, source: /oam/shop, types: [dev.oam.run.opened]}, {id: b, sink: x, source: /oam/other}]");
  ASSERT_EQ(all.size(), 2u);
  std::size_t a = 0, b = 0;
  for (const Event& event : events("a")) a += all[0].wants(event), b += all[1].wants(event);
  EXPECT_EQ(a, 1u);
  EXPECT_EQ(b, 0u);
}

TEST(Subscription, SaysAllThatIsWrongAndWhere) {
  const std::string told = refused("- {id: a, sink: 'oam:explode', filtres: []}\n- {sink: x, filters: [{sql: \"1\"}, {exact: {}}, {any: []}, {exact: {type: ''}}, {}]}\n");
  for (const char* part : {"there is no command \"explode\"", "no field \"filtres\"", "has no \"id\"", "dialect \"sql\" is not supported",
                           "names no attribute", "there is no filter in it", "this is no text", "exactly one dialect", "subscriptions.yaml:2:"})
    EXPECT_THAT(told, HasSubstr(part));
  EXPECT_THAT(refused("[{id: a, sink: x}, {id: a, sink: y}]"), HasSubstr("two subscriptions"));
  EXPECT_THAT(refused("[3]"), HasSubstr("no subscription"));
}

// What a command does not heed it would do to another step, or to the whole run.
TEST(Subscription, KnowsWhatACommandIsTold) {
  EXPECT_THAT(refused("{id: a, sink: 'oam:cancel', config: {stpe: b}}"), HasSubstr("has no field \"stpe\""));
  EXPECT_THAT(refused("{id: a, sink: 'oam:cancel', config: {stpe: b}}"), HasSubstr("did you mean \"step\"?"));
  EXPECT_THAT(refused("{id: a, sink: 'oam:pause', config: {step: b}}"), HasSubstr("\"oam:pause\" is about the run, and takes no step"));
  EXPECT_THAT(refused("{id: a, sink: 'oam:resume', config: {stpe: b}}"), HasSubstr("has no field \"stpe\""));
  EXPECT_EQ(told("{id: a, sink: 'http://x', config: {colour: red}}"), "");
  EXPECT_EQ(told("{id: a, sink: 'oam:cancel', config: {step: b}}"), "");
}

// Drives a run and lets its own events act on it.
Done driven(oam::Run& run, testing::FakeHost& host, const std::vector<Subscription>& all, std::vector<std::string>* records = nullptr) {
  testing::VirtualClock clock;
  for (;;) {
    Done done = drive(run, host, clock, {}, [&](std::vector<std::string> taken) {
      if (records) std::ranges::move(taken, std::back_inserter(*records));
    });
    if (react(run, all, run.take_events(), clock.now()) == 0) return done;
  }
}

TEST(React, SkipsWhatFails) {
  oam::Run run(plan("bad c<-bad"), {.id = "r"});
  testing::FakeHost host;
  host.script("bad", Outcome::failed("no"));
  const auto all = subscriptions("{id: forgive, types: [dev.oam.step.failed], sink: 'oam:skip'}");
  EXPECT_TRUE(driven(run, host, all).ok);
  EXPECT_EQ(run.state("bad"), State::skipped);
  EXPECT_EQ(run.state("c"), State::succeeded);
}

// A hook that waits for an event: it is held until the event approves it.
TEST(React, LetsAnEventStartAHook) {
  oam::Run run(plan("a once:page once:never bad"), {.id = "r", .approvals = {"page", "never"}});
  testing::FakeHost host;
  host.script("bad", Outcome::failed("no"));
  const auto all = subscriptions("[{id: page, types: [dev.oam.step.failed], sink: 'oam:approve', config: {step: page}},"
                                 " {id: never, types: [dev.oam.step.skipped], sink: 'oam:approve', config: {step: never}}]");
  EXPECT_EQ(driven(run, host, all).result, RunResult::held);
  EXPECT_EQ(run.state("page"), State::succeeded);
  EXPECT_EQ(run.state("never"), State::held);
  EXPECT_EQ(host.count("page"), 1u);
}

// The event may come before the turn of the hook: hooks at on-failure wait for all that is under way.
TEST(React, ApprovesAHookBeforeItsTurn) {
  oam::Run run(plan("bad slow rescue:tell<-^bad,^slow"), {.id = "r", .journal = true, .approvals = {"tell"}});
  const auto all = subscriptions("{id: only-when-something-fails, types: [dev.oam.step.failed], sink: 'oam:approve', config: {step: tell}}");
  run.next(0), run.next(0);
  run.report("bad#1", Outcome::failed("no"), 0);
  const std::vector<Event> events = run.take_events();
  run.take_records();
  EXPECT_EQ(react(run, all, events, 0), 1u);
  EXPECT_EQ(react(run, all, events, 0), 0u);
  EXPECT_THAT(run.take_records(), ::testing::SizeIs(1));
  run.report("slow#1", Outcome::succeeded(), 0);
  EXPECT_EQ(std::get<Task>(run.next(0)).id, "tell#1");
}

// What a subscription has done is in the records: replayed, the same events do it no more.
TEST(React, ActsOnceForAnEvent) {
  const auto all = subscriptions("{id: again, types: [dev.oam.step.failed], sink: 'oam:retry'}");
  const Plan p = plan("bad");
  oam::Run run(p, {.id = "r", .journal = true});
  testing::FakeHost host;
  host.script("bad", Outcome::failed("no"));
  std::vector<std::string> records;
  EXPECT_TRUE(driven(run, host, all, &records).ok);
  Diagnostics problems;
  auto again = oam::Run::restore(p, "", records, 0, problems, {.journal = true});
  ASSERT_TRUE(again) << problems;
  const std::vector<Event> history = again->take_events();
  EXPECT_EQ(react(*again, all, history, 0), 0u);
  EXPECT_EQ(again->state("bad"), State::succeeded);
}

// An event that found nothing to do has had its turn: delivered once more it does nothing either.
TEST(React, DoesNothingLaterThatItFoundDone) {
  const auto all = subscriptions("[{id: p, types: [dev.oam.step.failed], sink: 'oam:pause'}, {id: s, types: [dev.oam.step.failed], sink: 'oam:approve'}]");
  oam::Run run(plan("bad b"), {.id = "r", .journal = true});
  for (int i = 0; i < 2; ++i) run.next(0);
  run.report("bad#1", Outcome::failed("no"), 0);
  run.pause(0);                                          // by a person
  EXPECT_EQ(react(run, all, run.take_events(), 0), 0u);
  run.report("b#1", Outcome::succeeded(), 0);
  Diagnostics problems;
  const std::vector<std::string> records = run.take_records();
  for (const bool by_checkpoint : {false, true}) {
    auto again = oam::Run::restore(plan("bad b"), by_checkpoint ? run.save() : "", by_checkpoint ? std::vector<std::string>() : records, 0, problems, {.journal = true});
    ASSERT_TRUE(again) << problems;
    again->decide("bad", Command::retry, 0);
    again->resume(0);
    std::vector<Event> history = again->take_events();
    if (by_checkpoint) history = oam::Run::restore(plan("bad b"), "", records, 0, problems)->take_events();
    EXPECT_EQ(react(*again, all, history, 0), 0u);
    EXPECT_EQ(again->phase(), Phase::open);
    EXPECT_THAT(again->take_records(), ::testing::SizeIs(2));   // nor is it told twice
  }
}

TEST(React, DoesNotGoOnForEver) {
  oam::Run run(plan("bad"), {.id = "r"});
  testing::FakeHost host;
  host.otherwise(Outcome::failed("never"));
  driven(run, host, subscriptions("{id: again, types: [dev.oam.step.failed], sink: 'oam:retry'}"));
  EXPECT_EQ(host.count("bad"), 101u);
}

TEST(React, PausesAndCancels) {
  oam::Run run(plan("a b<-a c<-b"), {.id = "r"});
  testing::FakeHost host;
  const auto pause = subscriptions("{id: p, types: [dev.oam.step.succeeded], filters: [{exact: {subject: a}}], sink: 'oam:pause'}");
  testing::VirtualClock clock;
  run.report(std::get<Task>(run.next(0)).id, Outcome::succeeded(), 0);
  EXPECT_EQ(react(run, pause, run.take_events(), 0), 1u);
  EXPECT_EQ(drive(run, host, clock).result, RunResult::paused);
  EXPECT_THAT(host.performed(), IsEmpty());
  EXPECT_EQ(react(run, subscriptions("{id: c, types: [dev.oam.run.paused], sink: 'oam:cancel'}"), run.take_events(), 0), 1u);
  EXPECT_EQ(drive(run, host, clock).result, RunResult::cancelled);
}

}  // namespace
}  // namespace oam::tests
