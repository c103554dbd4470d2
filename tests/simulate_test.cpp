#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/simulate.hpp>
#include <oam/testing.hpp>

#include <fstream>
#include <sstream>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Steps named a, b, c take 1, 2, 3 seconds and so on.
SimulateOptions letters(std::uint32_t parallel = 0) {
  SimulateOptions options;
  options.run.id = "r";
  options.run.parallel = parallel;
  for (char c = 'a'; c <= 'h'; ++c) options.durations.set(std::string(1, c), {(c - 'a' + 1) * 1'000, 0});
  return options;
}

Simulation simulated(const Plan& plan, const SimulateOptions& options) {
  Diagnostics problems;
  auto simulation = simulate(plan, options, problems);
  EXPECT_TRUE(simulation) << problems;
  return *simulation;
}

const SimulatedStep& at(const Simulation& simulation, std::string_view id) { return simulation.steps()[*simulation.plan().find(id)]; }

std::string path(const Simulation& simulation) {
  std::string out;
  for (const std::uint32_t step : simulation.critical_path()) out += (out.empty() ? "" : " ") + simulation.plan().steps()[step].id;
  return out;
}

Fault fault(std::string_view words) { return *Fault::parse(words); }

TEST(Simulate, TakesAsLongAsTheLongestPath) {
  const Simulation s = simulated(plan("a b<-a c d<-b,c"), letters());
  EXPECT_EQ(s.took(), 7'000);   // a 1, b 2, d 4; c 3
  EXPECT_EQ(s.core_ready(), 7'000);
  EXPECT_EQ(s.work(), 10'000);
  EXPECT_EQ(s.peak(), 2u);
  EXPECT_EQ(s.waited(), 0);
  EXPECT_EQ(at(s, "d").start, 3'000);
  EXPECT_TRUE(s.done().ok);
}

TEST(Simulate, FindsTheCriticalPathAndTheSlackOfTheRest) {
  const Simulation s = simulated(plan("a b<-a c<-a d<-b,c e"), letters());
  EXPECT_EQ(path(s), "a c d");   // 1, 3, 4
  EXPECT_EQ(at(s, "b").slack, 1'000);
  EXPECT_EQ(at(s, "e").slack, 3'000);
  EXPECT_EQ(at(s, "c").slack, 0);
  EXPECT_TRUE(at(s, "c").critical);
  EXPECT_FALSE(at(s, "b").critical);
}

// What never began hands on the time that it would have begun.
TEST(Simulate, TheCriticalPathGoesThroughWhatIsBlocked) {
  SimulateOptions options = letters();
  options.faults = {fault("a")};
  const Simulation s = simulated(plan("a b<-a c<-b d rescue:tell<-^c last:end<-^c,^tell"), options);
  EXPECT_EQ(path(s), "d");   // which takes 4
  EXPECT_EQ(at(s, "a").slack, 1'000);
  options.durations.set("d=1s");
  EXPECT_EQ(path(simulated(s.plan(), options)), "a tell end");
}

TEST(Simulate, AHookOfTheEndThatComesBehindOthersWaitsForNoPlace) {
  const Plan plain = plan("a d c<-d last:end<-^a,^c");
  std::vector<Step> steps(plain.steps().begin(), plain.steps().end());
  steps.back().component = "*";
  SimulateOptions options = letters();
  options.faults = {fault("a")};
  options.run.on_failure = OnFailure::halt;
  const Simulation s = simulated(make_plan(std::move(steps)), options);
  EXPECT_EQ(at(s, "c").state, State::cancelled);
  EXPECT_EQ(at(s, "end").start, 4'000);   // after d, which nobody breaks off
  EXPECT_EQ(s.waited(), 0);
}

TEST(Simulate, SaysWhatWaitsForAPlace) {
  const Simulation s = simulated(plan("a b c"), letters(1));
  EXPECT_EQ(s.took(), 6'000);
  EXPECT_EQ(s.waited(), 1'000 + 3'000);
  EXPECT_EQ(at(s, "c").ready, 0);
  EXPECT_EQ(at(s, "c").start, 3'000);
  EXPECT_EQ(path(s), "a b c");   // each waited for the place of the one before
  EXPECT_EQ(s.peak(), 1u);
}

TEST(Simulate, WaitsForGates) {
  std::vector<Step> steps{make_step("a"), make_step("b")};
  steps[0].gate = Step::Gate::ready;
  steps[1].needs.push_back({0});
  SimulateOptions options = letters();
  options.durations.set("a", {1'000, 5'500});
  EXPECT_EQ(at(simulated(make_plan(steps), options), "b").start, 6'500);
  options.faults = {fault("a=stall")};
  const Simulation stalled = simulated(make_plan(steps), options);
  EXPECT_EQ(at(stalled, "a").end, 11'000);   // its settle_timeout
  EXPECT_EQ(at(stalled, "b").state, State::blocked);
}

TEST(Simulate, TellsWhatAFailureCosts) {
  SimulateOptions options = letters();
  options.faults = {fault("b")};
  const Simulation s = simulated(plan("a b<-a c<-b d<-c e<-a"), options);
  EXPECT_FALSE(s.done().ok);
  EXPECT_EQ(s.core_ready(), std::nullopt);
  EXPECT_EQ(at(s, "d").state, State::blocked);
  EXPECT_EQ(at(s, "d").cause, *s.plan().find("b"));
  EXPECT_EQ(at(s, "d").start, std::nullopt);
  EXPECT_EQ(s.took(), 6'000);   // a, then e
  EXPECT_THAT(s.text(), HasSubstr("b fails: 2 steps never run: c 1, d 1"));
}

TEST(Simulate, CountsAttempts) {
  SimulateOptions options = letters();
  options.run.backoff = 500;
  options.faults = {fault("a=retry*2")};
  const Simulation s = simulated(plan("a"), options);
  EXPECT_EQ(s.took(), 1'000 + 500 + 1'000 + 1'000 + 1'000);
  EXPECT_EQ(at(s, "a").attempts, 3u);
  EXPECT_EQ(at(s, "a").state, State::succeeded);
}

TEST(Simulate, LetsTheCoreBeReadyWithoutTheOthers) {
  SimulateOptions options = letters();
  const Simulation s = simulated(plan("a extra:g<-a b<-a"), options);
  EXPECT_EQ(s.core_ready(), 3'000);
  EXPECT_EQ(s.took(), 8'000);
  options.faults = {fault("g")};
  EXPECT_EQ(simulated(plan("a extra:g<-a b<-a"), options).core_ready(), 3'000);
}

TEST(Simulate, TheCoreIsReadyBeforeItsLastHooks) {
  const Simulation s = simulated(plan("a b<-a last:c<-^b rescue:d<-^b"), letters());
  EXPECT_EQ(s.core_ready(), 3'000);
  EXPECT_EQ(s.took(), 6'000);
  SimulateOptions options = letters();
  options.faults = {fault("c")};
  EXPECT_EQ(simulated(plan("a b<-a last:c<-^b"), options).core_ready(), 3'000);
}

TEST(Simulate, TheCoreIsReadyInSpiteOfWhatDoesNotMatter) {
  Plan made = plan("a last:b<-^a");
  HookRules rules;
  rules.point = HookPoint::after_healthy;
  rules.on_failure = FailureRule::ignore;
  Step hook = made.steps()[1];
  hook.more.edit().hook = std::make_shared<HookRules>(rules);
  made = make_plan({made.steps()[0], hook});
  SimulateOptions options = letters();
  options.faults = {fault("b")};
  EXPECT_EQ(simulated(made, options).core_ready(), 3'000);
}

// `c`, once, is in a lane that is waited for no longer than this after the core.
Plan with_deadline(Time deadline) {
  Step hook = make_step("c", Step::Kind::hook);
  hook.class_ = Step::Class::once;
  hook.lane = "side";
  hook.more.edit().does = "act";
  auto data = std::make_shared<Plan::Data>();
  data->application = "shop";
  data->steps = {make_step("a"), hook};
  data->lanes = {{"side", Lane::Join::core_then_deadline, deadline, 0}};
  data->hash = "with-deadline";
  return Plan{std::move(data)};
}

TEST(Simulate, SaysWhyALaneIsCutOff) {
  const Simulation s = simulated(with_deadline(1'000), letters());
  EXPECT_EQ(at(s, "c").state, State::cancelled);
  EXPECT_EQ(at(s, "c").message, "lane side had no more than 1.0 s after the core");
  EXPECT_THAT(s.text(), HasSubstr("cancelled: lane side had no more than 1.0 s after the core"));
  EXPECT_THAT(s.done().reasons, ElementsAre("lane side had no more than 1.0 s after the core: 1 step is cancelled"));
}

TEST(Simulate, PassesValuesOn) {
  const Simulation s = simulated(passing_plan(), letters());
  EXPECT_TRUE(s.done().ok) << (s.done().reasons.empty() ? "" : s.done().reasons[0]);
}

TEST(Simulate, RefusesAFaultOfNoStep) {
  SimulateOptions options;
  options.faults = {fault("web/aply")};
  Diagnostics problems;
  EXPECT_FALSE(simulate(plan("web/apply"), options, problems));
  EXPECT_EQ(problems.items()[0].code, "unknown-step");
  EXPECT_EQ(problems.items()[0].hint, "did you mean \"web/apply\"?");
}

TEST(Simulate, GivesTheSameBytesEachTime) {
  const Plan p = plan("a b<-a c d<-b,^c extra:e<-d");
  EXPECT_EQ(simulated(p, letters(2)).json(), simulated(p, letters(2)).json());
  EXPECT_EQ(simulated(p, letters(2)).svg(), simulated(p, letters(2)).svg());
}

TEST(Simulate, DrawsAPictureOfItsOwn) {
  Step odd = make_step("a<b>&\"c");
  const std::string svg = simulated(make_plan({odd}), letters()).svg();
  EXPECT_THAT(svg, HasSubstr("a&lt;b&gt;&amp;&quot;c"));
  EXPECT_EQ(svg.find("a<b>"), svg.npos);
  EXPECT_EQ(svg.find("href"), svg.npos);   // nothing else is needed
  EXPECT_THAT(simulated(plan("a"), letters()).html(), ::testing::StartsWith("<!DOCTYPE html>"));
}

TEST(Simulate, FindsTheRadiusOfEachFailure) {
  Diagnostics problems;
  const auto radii = blast_radii(plan("a b<-a c<-b extra:d<-a barrier:x<-b"), letters(), problems);
  ASSERT_TRUE(radii);
  std::string told;
  for (const BlastRadius& r : *radii) told += std::to_string(r.step) + ":" + std::to_string(r.blocked.size()) + (r.core_ready ? "+ " : " ");
  EXPECT_EQ(told, "0:4 1:2 2:0 3:0+ ");   // the barrier is never handed out
}

// Further instances need none of those before them; they are held.
TEST(Simulate, TheRadiusCountsInstancesThatAreHeld) {
  auto data = std::make_shared<Plan::Data>();
  data->application = "shop";
  data->hash = "instances";
  for (const char* id : {"a", "b", "c"}) data->steps.push_back(make_step(id));
  data->steps[1].needs = {Need(0, Edge::Kind::after)};
  data->steps[2].needs = {Need(1, Edge::Kind::after)};
  data->limits = {{"db", 1, {0, 1, 2}, 1}};
  Diagnostics problems;
  const auto radii = blast_radii(Plan{std::move(data)}, letters(), problems);
  ASSERT_TRUE(radii);
  std::string told;
  for (const BlastRadius& r : *radii) told += std::to_string(r.step) + ":" + std::to_string(r.blocked.size()) + ' ';
  EXPECT_EQ(told, "0:2 1:1 2:0 ");
}

// Durations.

TEST(Durations, FitByStepAndKind) {
  Step step = make_step("web");
  step.resource = "Deployment.apps/web";
  for (const char* key : {"web", "Deployment.apps", "Deployment", "apply"}) EXPECT_TRUE(Durations::fits(key, step)) << key;
  for (const char* key : {"", "Deploymnt", "hook"}) EXPECT_FALSE(Durations::fits(key, step)) << key;
}

TEST(Durations, GoFromTheStepToItsKind) {
  Durations durations;
  Step step = make_step("web/apply/Deployment.apps/web");
  step.resource = "Deployment.apps/web";
  EXPECT_EQ(durations.of(step), (Duration{100, 10'000}));
  EXPECT_TRUE(durations.set("Deployment=5s"));
  EXPECT_EQ(durations.of(step), (Duration{100, 10'000}));   // with its group it is more exact
  EXPECT_TRUE(durations.set("Deployment.apps=5s"));
  EXPECT_EQ(durations.of(step), (Duration{100, 4'900}));
  EXPECT_TRUE(durations.set("web/apply/Deployment.apps/web=1s+1m"));
  EXPECT_EQ(durations.of(step), (Duration{1'000, 60'000}));
}

TEST(Durations, RefuseWhatIsNone) {
  Durations durations;
  for (const char* words : {"", "=", "=1s", "web", "web=", "web=-1s", "web=1d", "web=1s+", "web=+1s+1s+1s", "web=1us"}) EXPECT_FALSE(durations.set(words)) << words;
}

TEST(Durations, LearnFromARun) {
  std::vector<Step> steps{make_step("web/apply/Widget.x/web"), make_step("web/hook/h", Step::Kind::hook), make_step("api/apply/Widget.x/api")};
  for (Step& step : steps) step.resource = step.kind == Step::Kind::apply ? "Widget.x/" + step.component : "";
  steps[0].gate = steps[2].gate = Step::Gate::ready;
  steps[1].class_ = Step::Class::once;
  SimulateOptions options;
  options.durations.set("Widget.x=7s+9s");
  options.durations.set("web/hook/h=3s");
  oam::Run run(make_plan(steps), {.id = "r", .journal = true});
  Time now = 0;
  const auto report = [&](const char* task, Time when, bool ready) {
    Outcome outcome = Outcome::succeeded();
    outcome.ready = ready;
    outcome.retry_after = 1'000;
    run.next(now);
    EXPECT_EQ(run.report(task, outcome, now = when), Report::accepted) << task;
    run.next(now);
  };
  run.next(0), run.next(0), run.next(0);
  report("web/apply/Widget.x/web#1", 2'000, false);
  report("web/hook/h#1", 2'500, true);
  run.next(now = 3'000);
  report("web/apply/Widget.x/web#1.1", 6'000, true);
  Durations learnt;
  Diagnostics problems;
  EXPECT_TRUE(learnt.learn(run.take_records(), problems)) << problems;
  EXPECT_EQ(learnt.of(steps[0]), (Duration{2'000, 4'000}));
  EXPECT_EQ(learnt.of(steps[1]), (Duration{2'500, 0}));
  EXPECT_EQ(learnt.of(steps[2]), (Duration{2'000, 4'000}));   // it never ended: as its kind
  EXPECT_FALSE(learnt.learn(std::vector<std::string>{"{}", "{}"}, problems));
}

// The host was away: nobody took that time.
TEST(Durations, LearnNothingFromTheTimeThatACrashCost) {
  std::vector<Step> steps{make_step("web/apply/Widget.x/web")};
  steps[0].resource = "Widget.x/web";
  steps[0].gate = Step::Gate::ready;
  Outcome pending = Outcome::succeeded();
  pending.ready = false, pending.retry_after = 1'000;
  Diagnostics problems;
  oam::Run run(make_plan(steps), {.id = "r", .journal = true});
  run.next(0);
  run.report("web/apply/Widget.x/web#1", pending, 2'000);
  run.next(3'000);
  std::vector<std::string> records = run.take_records();
  auto again = oam::Run::restore(make_plan(steps), "", records, 60'000, problems, {.journal = true});
  ASSERT_TRUE(again) << problems;
  const auto look = std::get<Task>(again->next(60'000)).id;
  again->report(look, Outcome::succeeded(), 61'000);
  std::ranges::move(again->take_records(), std::back_inserter(records));
  Durations learnt;
  EXPECT_TRUE(learnt.learn(records, problems)) << problems;
  EXPECT_EQ(learnt.of(steps[0]), (Duration{2'000, 2'000}));
}

TEST(Durations, AreInTheDocs) {
  std::ifstream file(OAM_SOURCE_DIR "/docs/simulate.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const char* key : {"apply", "hook", "render", "CustomResourceDefinition.apiextensions.k8s.io", "DaemonSet.apps", "Deployment.apps", "Job.batch", "PersistentVolumeClaim", "Pod", "StatefulSet.apps"}) {
    Step step = make_step(key);
    const Duration duration = Durations().of(step);
    EXPECT_THAT(text.str(), HasSubstr("| `" + std::string(key) + "` | " + std::to_string(duration.takes) + " | " + std::to_string(duration.settles) + " |"));
  }
}

TEST(Fault, ReadsItsWords) {
  EXPECT_EQ(fault("web/apply/Deployment.apps/web").outcome.result, Outcome::Result::failed);
  EXPECT_EQ(fault("a=conflict").outcome.result, Outcome::Result::conflict);
  EXPECT_EQ(fault("a=retry*2").times, 2u);
  EXPECT_TRUE(fault("a=stall").stalls);
  for (const char* words : {"a=", "a=wrong", "a=retry*", "a=retry*x", "a=retry*99999999999", "a=stall*2", "a=progress"}) EXPECT_FALSE(Fault::parse(words)) << words;
}

// Crashes.

CrashReport explored(const Plan& plan, CrashOptions options = {}) {
  Diagnostics problems;
  if (options.simulate.run.parallel == 0) options.simulate.run.parallel = 1;
  auto report = explore_crashes(plan, options, problems);
  EXPECT_TRUE(report) << problems;
  return *report;
}

struct Crashes : ::testing::TestWithParam<std::string> {
  Plan plan() const { return GetParam() == "passing" ? passing_plan() : tests::plan(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Plans, Crashes,
                         ::testing::Values("", "a", "a b<-a", "once:m a<-m", "a once:m<-a once:n<-m b<-n", "render:r a<-r barrier:x<-a b<-x",
                                           "a b c<-a,b once:d<-~c", "extra:a b<-^a", "passing", "a b c d e<-a,b,c,d"));

TEST_P(Crashes, ComeToTheSameEnd) {
  for (const std::uint32_t parallel : {1u, 2u, 100u}) {
    CrashOptions options;
    options.simulate = letters(parallel);
    EXPECT_EQ(explored(plan(), options).different, 0u) << explored(plan(), options).text();
  }
}

TEST_P(Crashes, ComeToTheSameEndWithFailures) {
  const Plan p = plan();
  for (const Step& step : p.steps())
    for (const char* words : {"", "=retry*2", "=retry", "=conflict", "=unknown*1", "=stall"}) {
      CrashOptions options;
      options.simulate = letters(1);
      options.simulate.faults = {fault(step.id + words)};
      EXPECT_EQ(explored(p, options).different, 0u) << step.id << words << "\n" << explored(p, options).text();
    }
}

// Whatever record is lost, it shows.
TEST_P(Crashes, FindEveryLostRecord) {
  const Plan p = plan();
  for (const std::uint32_t parallel : {1u, 3u}) {
    CrashOptions options;
    options.simulate = letters(parallel);
    const std::uint64_t records = explored(p, options).records;
    for (std::uint64_t n = 1; n <= records; ++n) {
      options.lose_record = n;
      const CrashReport report = explored(p, options);
      EXPECT_GT(report.different, 0u) << n << " of " << records;
      EXPECT_FALSE(report.differences.empty());
    }
  }
}

// Prefixes with nothing under way count once, those with one effect under way twice.
TEST(ExploreCrashes, CountsPairs) {
  const CrashReport report = explored(plan("a once:b<-a"));
  EXPECT_EQ(report.records, 5u);   // opened, a, its report, b, its report
  EXPECT_EQ(report.explored, 6u + 2u);
  EXPECT_EQ(report.asked, 2u);     // b, done and not done
  EXPECT_EQ(report.different, 0u);
}

// What is done anew may be too late for its lane: the records are not to blame.
TEST(ExploreCrashes, TheTimeThatACrashCostsIsNoDifference) {
  for (const Time deadline : {500, 1'500, 2'500, 9'000})
    for (const char* fails : {"", "a=stall", "c=retry*1", "c=unknown*1"}) {
      CrashOptions options;
      options.simulate = letters(2);
      if (*fails) options.simulate.faults = {fault(fails)};
      const CrashReport report = explored(with_deadline(deadline), options);
      EXPECT_EQ(report.different, 0u) << deadline << ' ' << fails << '\n' << report.text();
    }
}

// What is lost of a lane that nobody waits for is not begun anew, nor is it in a run that waits for a person.
TEST(ExploreCrashes, WhatIsNotBegunAnewIsNoDifference) {
  for (const auto join : {Lane::Join::core_only, Lane::Join::detach, Lane::Join::quorum})
    for (const std::uint32_t parallel : {1u, 2u, 3u, 5u}) {
      Plan lanes = plan("a extra:b extra:c extra:d last:end<-^a,^b");
      const_cast<Plan::Data&>(*lanes.data).lanes.push_back({"extra", join, 0, join == Lane::Join::quorum ? 2u : 0u});
      CrashOptions options;
      options.simulate = letters(parallel);
      EXPECT_EQ(explored(lanes, options).different, 0u) << explored(lanes, options).text();
    }
  for (const std::uint32_t parallel : {1u, 2u, 3u, 5u}) {
    CrashOptions options;
    options.simulate = letters(parallel);
    options.simulate.faults = {fault("a")};
    options.simulate.run.on_failure = OnFailure::hold;
    EXPECT_EQ(explored(plan("a b c<-b rescue:tell<-^a,^c last:end<-^a,^c,^tell"), options).different, 0u) << explored(plan("a b c<-b rescue:tell<-^a,^c last:end<-^a,^c,^tell"), options).text();
  }
}

// What is looked into has ended before what is done anew fails: more has begun by then.
TEST(ExploreCrashes, WhatAHaltCutsHangsOnTheTime) {
  CrashOptions options;
  options.simulate = letters(2);
  options.simulate.faults = {fault("a")};
  options.simulate.run.on_failure = OnFailure::halt;
  const CrashReport report = explored(plan("a once:b c<-b last:end<-^a,^c"), options);
  EXPECT_EQ(report.different, 0u) << report.text();
}

TEST(ExploreCrashes, SaysWhatALossDoes) {
  CrashOptions options;
  options.lose_record = 3;
  const CrashReport report = explored(plan("a b"), options);
  EXPECT_THAT(report.differences.back().what, HasSubstr("is one too many"));   // a is done again
  options.lose_record = 1;
  EXPECT_THAT(explored(plan("a b"), options).differences.back().what, HasSubstr("refused"));
}

TEST(ExploreCrashes, RefusesARecordThatIsNotThere) {
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{4}}) {
    CrashOptions options;
    options.lose_record = n;
    Diagnostics problems;
    EXPECT_FALSE(explore_crashes(plan("a"), options, problems));
    EXPECT_EQ(problems.items()[0].code, "unknown-record");
  }
}

}  // namespace
}  // namespace oam::tests
