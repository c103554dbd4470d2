// Hooks at on-failure and finally: they come when nothing of their scope is under way any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace oam::tests
