// Hooks at on-failure and finally: they come when nothing of their scope is under way any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include <oam/run.hpp>
#include <oam/testing.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

std::string turn(oam::Run& run, Time now = 0) {
  const Next next = run.next(now);
  if (const auto* task = std::get_if<Task>(&next)) return task->id;
  return std::holds_alternative<Wait>(next) ? "wait" : std::string(name_of(std::get<Done>(next).result));
}

// The same, whose hooks at on-failure and finally are the application's.
Plan of_application(const Plan& plan) {
  std::vector<Step> steps(plan.steps().begin(), plan.steps().end());
  for (Step& step : steps)
    if (step.more->hook) step.component = "*";
  return make_plan(std::move(steps), std::string(plan.hash()));
}

// Steps a, b and c, which waits for b; the hooks of the end name the last ones alone, as those of a plan do.
Plan three() { return of_application(plan("a b c<-b rescue:tell<-^a,^c last:end<-^a,^c,^tell")); }

TEST(Ends, WaitForWhatIsInFlight) {
  for (const bool by_halt : {false, true})
    for (const bool restored : {false, true}) {
      oam::Run run(three(), {.id = "r", .journal = true, .on_failure = by_halt ? OnFailure::halt : OnFailure::go_on});
      turn(run), turn(run);
      if (!by_halt) run.cancel(0);
      run.report("a#1", by_halt ? Outcome::failed("no") : Outcome::succeeded(), 0);
      EXPECT_EQ(run.state("c"), State::cancelled);
      EXPECT_EQ(turn(run), "wait");                          // for b
      Diagnostics problems;
      if (restored && by_halt) {                             // it is lost, and given up
        auto again = oam::Run::restore(three(), run.save(), {}, 0, problems);
        ASSERT_TRUE(again) << problems;
        EXPECT_EQ(turn(*again), "tell#1");
        continue;
      }
      run.report("b#1", Outcome::failed("late"), 0);
      EXPECT_EQ(turn(run), "tell#1");                        // be it by b alone, which it does not wait for itself
      EXPECT_EQ(turn(run), "wait");
      run.report("tell#1", Outcome::succeeded(), 0);
      EXPECT_EQ(turn(run), "end#1");
    }
}

TEST(Ends, WaitForWhatABlockedStepWaitedFor) {
  oam::Run run(of_application(plan("a b c<-a,b last:end<-^c")), {.id = "r"});
  turn(run), turn(run);
  run.report("a#1", Outcome::failed("no"), 0);
  EXPECT_EQ(run.state("c"), State::blocked);
  EXPECT_EQ(turn(run), "wait");
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(turn(run), "end#1");
}

// What other components do is no matter of theirs.
TEST(Ends, OfAComponentWaitForThatAlone) {
  const Plan plain = plan("a b c<-a,b rescue:tell<-^c last:end<-^c,^tell");
  std::vector<Step> steps(plain.steps().begin(), plain.steps().end());
  for (const std::uint32_t i : {1u, 2u, 3u, 4u}) steps[i].component = "web";
  const Plan plan = make_plan(std::move(steps));
  oam::Run run(plan, {.id = "r"});
  turn(run), turn(run);
  run.cancel(0);
  run.report("b#1", Outcome::succeeded(), 0);
  EXPECT_EQ(turn(run), "end#1");
  run.report("a#1", Outcome::failed("no"), 0);
  EXPECT_EQ(run.state("tell"), State::skipped);
}

TEST(Ends, RunAgainIfWhatTheyComeBehindDoes) {
  oam::Run run(three(), {.id = "r", .on_failure = OnFailure::halt});
  testing::FakeHost host;
  host.script("b", Outcome::failed("no"));
  testing::VirtualClock clock;
  drive(run, host, clock);
  EXPECT_TRUE(run.decide("b", Command::retry, clock.now()));
  drive(run, host, clock);
  EXPECT_THAT(host.performed(), ::testing::ElementsAre("a", "b", "tell", "end", "b", "c", "end"));
}

// ---- an end that comes once more

// a, and the hooks of its end: clear, which deletes what hook made last, and hook.
Plan clearing(Step::Class class_ = Step::Class::idempotent) {
  const Plan plain = plan("a last:clear<-^a last:hook<-^a,clear");
  std::vector<Step> steps(plain.steps().begin(), plain.steps().end());
  steps[2].class_ = class_;
  return of_application(make_plan(std::move(steps)));
}

void ends(oam::Run& run, const std::string& task, Outcome outcome, Time now = 0) { EXPECT_EQ(run.report(task, std::move(outcome), now), Report::accepted) << task; }

// The same from here on whether it goes on, is replayed, or is read from its checkpoint.
void for_each_way(oam::Run& run, std::vector<std::string> records, Time now, const std::function<void(oam::Run&)>& check) {
  Diagnostics problems;
  const Plan plan = run.plan();
  const std::string saved = run.save();
  std::ranges::move(run.take_records(), std::back_inserter(records));
  auto replayed = oam::Run::restore(plan, "", records, now, problems), read = oam::Run::restore(plan, saved, {}, now, problems);
  ASSERT_TRUE(replayed && read) << problems;
  EXPECT_EQ(replayed->save(), read->save());
  for (oam::Run* each : {&run, &*replayed, &*read}) check(*each);
}

TEST(Ends, BreakNoHookOffThatIsUnderWay) {
  oam::Run run(clearing(), {.id = "r", .journal = true});
  turn(run), ends(run, "a#1", Outcome::failed("no"));
  turn(run), ends(run, "clear#1", Outcome::succeeded());
  EXPECT_EQ(turn(run), "hook#1");
  EXPECT_TRUE(run.decide("a", Command::retry, 0));
  EXPECT_EQ(turn(run), "a#2");
  ends(run, "a#2", Outcome::succeeded());
  EXPECT_EQ(turn(run), "wait");                              // clear would delete what hook makes
  ends(run, "hook#1", Outcome::succeeded());
  EXPECT_EQ(run.state("hook"), State::waiting);
  for_each_way(run, {}, 0, [](oam::Run& each) {
    EXPECT_EQ(turn(each), "clear#2");
    ends(each, "clear#2", Outcome::succeeded());
    EXPECT_EQ(turn(each), "hook#2");
    ends(each, "hook#2", Outcome::succeeded());
    EXPECT_EQ(turn(each), "succeeded");
  });
}

TEST(Ends, TakeAHookThatIsLostToBeRepeated) {
  oam::Run run(clearing(), {.id = "r", .journal = true});
  turn(run), ends(run, "a#1", Outcome::failed("no"));
  turn(run), ends(run, "clear#1", Outcome::succeeded());
  EXPECT_EQ(turn(run), "hook#1");
  EXPECT_TRUE(run.decide("a", Command::retry, 0));
  Diagnostics problems;
  auto again = oam::Run::restore(clearing(), run.save(), {}, 0, problems);
  ASSERT_TRUE(again) << problems;
  for (const std::string task : {"a#2", "clear#2", "hook#2"}) {
    EXPECT_EQ(turn(*again), task);
    ends(*again, task, Outcome::succeeded());
  }
  EXPECT_EQ(turn(*again), "succeeded");
}

TEST(Ends, WaitForThemWithAHookInBackoff) {
  oam::Run run(clearing(), {.id = "r", .journal = true, .backoff = 10});
  turn(run), ends(run, "a#1", Outcome::failed("no"));
  turn(run), ends(run, "clear#1", Outcome::succeeded());
  turn(run), ends(run, "hook#1", Outcome::retry("busy"));
  EXPECT_EQ(run.state("hook"), State::backoff);
  EXPECT_TRUE(run.decide("a", Command::retry, 0));
  EXPECT_EQ(turn(run), "a#2");
  EXPECT_EQ(turn(run, 100), "wait");                         // its time has come, its turn has not
  for (const std::string task : {"a#2", "clear#2", "hook#2"}) {
    ends(run, task, Outcome::succeeded(), 100);
    turn(run, 100);
  }
  EXPECT_EQ(turn(run, 100), "succeeded");
}

// Whoever decides: what may have been done at the end, and must not be done twice, asks.
TEST(Ends, AskBeforeTheyRepeatWhatIsDoneOnce) {
  for (const Command command : {Command::retry, Command::skip, Command::accept}) {
    const Plan plain = plan("a b<-a last:invoice<-^a,^b last:tell<-^a,^b");
    std::vector<Step> steps(plain.steps().begin(), plain.steps().end());
    steps[2].class_ = Step::Class::once;
    oam::Run run(make_plan(std::move(steps)), {.id = "r", .journal = true});
    testing::FakeHost host;
    testing::VirtualClock clock;
    std::vector<std::string> records;
    const auto keep = [&](std::vector<std::string> taken) { std::ranges::move(taken, std::back_inserter(records)); };
    host.script("a", Outcome::failed("no"));
    drive(run, host, clock, {}, keep);
    EXPECT_TRUE(run.decide("a", command, 0));
    const Done done = drive(run, host, clock, {}, keep);
    EXPECT_EQ(done.result, RunResult::held);
    EXPECT_THAT(done.reasons, ::testing::ElementsAre("invoice is held for an approval: it has been done, or may have been, when the run came to its end before"));
    EXPECT_EQ(host.count("invoice"), 1u);
    EXPECT_EQ(host.count("tell"), 2u);
    EXPECT_FALSE(run.decide("invoice", Command::accept, 0));
    for_each_way(run, records, clock.now(), [&](oam::Run& each) {
      EXPECT_TRUE(each.decide("invoice", Command::approve, clock.now()));
      EXPECT_EQ(turn(each, clock.now()), "invoice#2");
      ends(each, "invoice#2", Outcome::succeeded(), clock.now());
      EXPECT_EQ(turn(each, clock.now()), "succeeded");
    });
  }
}

// One that has failed has not been done; one that nobody heard of may have been.
TEST(Ends, RepeatWhatWasNotDone) {
  for (const bool heard : {true, false}) {
    const Plan plain = plan("a last:hook<-^a");
    std::vector<Step> steps(plain.steps().begin(), plain.steps().end());
    steps[1].class_ = Step::Class::once;
    HookRules rules = *steps[1].more->hook;
    rules.timeout = 10;
    steps[1].more.edit().hook = std::make_shared<HookRules>(rules);
    oam::Run run(make_plan(std::move(steps)), {.id = "r"});
    turn(run), ends(run, "a#1", Outcome::failed("no"));
    turn(run);
    if (heard) ends(run, "hook#1", Outcome::failed("no"));
    EXPECT_EQ(turn(run, 10), "failed");
    EXPECT_EQ(run.state("hook"), State::failed);
    EXPECT_TRUE(run.decide("a", Command::retry, 10));
    turn(run, 10), ends(run, "a#2", Outcome::succeeded(), 10);
    EXPECT_EQ(turn(run, 10), heard ? "hook#2" : "held");
  }
}

// Nothing is tried again beside the hook that asks for it.
TEST(Ends, OfARollBackBeginNothingNew) {
  std::vector<Step> steps{make_step("hook", Step::Kind::hook), make_step("b"), make_step("c")};
  HookRules rules;
  rules.on_failure = FailureRule::rollback;
  rules.point = HookPoint::before_create;
  steps[0].more.edit().does = "act";
  steps[0].more.edit().hook = std::make_shared<HookRules>(rules);
  steps[1].needs.push_back({0, Edge::Kind::requires_});
  const Plan plan = make_plan(std::move(steps));
  for (const Command command : {Command::skip, Command::accept, Command::retry}) {
    oam::Run run(plan, {.id = "r"});
    EXPECT_EQ(turn(run), "hook#1");
    ends(run, "hook#1", Outcome::failed("no"));
    EXPECT_EQ(run.state("c"), State::cancelled);
    EXPECT_FALSE(run.decide("c", Command::retry, 0));
    EXPECT_TRUE(std::get<Done>(run.next(0)).roll_back);
    EXPECT_TRUE(run.decide("hook", command, 0));
    EXPECT_EQ(turn(run), command == Command::retry ? "hook#2" : "failed");
    EXPECT_EQ(run.state("b"), command == Command::retry ? State::waiting : State::blocked);
  }
}

}  // namespace
}  // namespace oam::tests
