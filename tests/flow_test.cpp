// Workflows in plans and runs: order, conditions, approvals, programs that ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {
namespace json = boost::json;

std::string with_workflow(const std::string& boxes_of, const std::string& steps) { return boxes(boxes_of) + "  workflow:\n    steps:\n" + steps; }

std::string needs(const Path& path, const std::string& id) {
  if (!path.plan) return path.problems.text();
  const auto step = path.plan->find(id);
  if (!step) return "no such step";
  std::string out;
  for (const Need& need : path.plan->steps()[*step].needs) {
    const Reason& why = path.plan->reason(need);
    if (why.rule.starts_with("workflow")) out += path.plan->steps()[need.step].id + ' ' + std::string(name_of(need.kind)) + '\n';
  }
  return out;
}

constexpr const char* kA = "    - {name: a, type: apply-component, properties: {component: a}}\n";
constexpr const char* kB = "    - {name: b, type: apply-component, properties: {component: b}}\n";

TEST(Flow, StepsComeOneAfterTheOther) {
  const Path path(with_workflow("a:\nb:", std::string(kA) + kB));
  EXPECT_EQ(needs(path, "b/apply/ConfigMap/b"), "a/apply/ConfigMap/a requires\n");
}

TEST(Flow, InDagOnlyDependenciesCount) {
  std::string text = with_workflow("a:\nb:", std::string(kA) + kB);
  text.replace(text.find("    steps:"), 10, "    mode: {steps: DAG}\n    steps:");
  EXPECT_EQ(needs(Path(text), "b/apply/ConfigMap/b"), "");
}

TEST(Flow, AStepWithAConditionIsNotBlocked) {
  const Path path(with_workflow("a:\nb:", std::string(kA) + "    - {name: s, type: suspend, if: status.a.failed}\n" + kB));
  EXPECT_EQ(needs(path, "*/hook/s"), "a/apply/ConfigMap/a after\n");
  EXPECT_EQ(needs(path, "b/apply/ConfigMap/b"), "a/apply/ConfigMap/a requires\n*/hook/s requires\n");
}

TEST(Flow, WithoutStepsThereIsNothingToSay) {
  const Path path(boxes("a:\nb: a"));
  EXPECT_EQ(path.plan->steps().size(), 4u);
  EXPECT_TRUE(path.plan->steps()[1].more->part_of.empty());
}

TEST(Flow, StepsOfAGroupDeployToo) {
  const Path path(boxes("a:") + R"(  policies:
    - {name: east, type: topology, properties: {clusters: [east]}}
    - {name: west, type: topology, properties: {clusters: [west]}}
  workflow:
    steps:
      - {name: first, type: deploy, properties: {policies: [east]}}
      - name: rest
        type: step-group
        subSteps: [{name: second, type: deploy, properties: {policies: [west]}}]
)");
  EXPECT_EQ(needs(path, "a@west/apply/ConfigMap/a"), "a@east/apply/ConfigMap/a requires\n");
}

// Of a component that an override policy does not select there is not even a render.
TEST(Flow, WhatNoDeployStepSelectsIsLeftOut) {
  const Path path(boxes("a:\nb:") + R"(  policies:
    - {name: some, type: override, properties: {selector: [a]}}
  workflow:
    steps:
      - {name: first, type: deploy, properties: {policies: [some]}}
)");
  EXPECT_EQ(path.steps(), "a/render\na/apply/ConfigMap/a\n");
  EXPECT_EQ(path.codes(), "component-not-applied");
}

// Two steps may deploy to one place: each what its own override policies select.
TEST(Flow, AStepDeploysWhatItsOwnPoliciesSelect) {
  const Path path(boxes("a:\nb:") + R"(  policies:
    - {name: east, type: topology, properties: {clusters: [east]}}
    - {name: first, type: override, properties: {selector: [a]}}
    - {name: rest, type: override, properties: {selector: [b]}}
  workflow:
    steps:
      - {name: one, type: deploy, properties: {policies: [east, first]}}
      - {name: look, type: suspend}
      - {name: two, type: deploy, properties: {policies: [east, rest]}}
)");
  EXPECT_EQ(path.codes(), "");
  EXPECT_EQ(needs(path, "*/hook/look"), "a@east/apply/ConfigMap/a requires\n");
  EXPECT_EQ(needs(path, "b@east/apply/ConfigMap/b"), "*/hook/look requires\n");
}

TEST(Flow, AStepAppliesNothingWhereDeployStepsDoNotPlaceIt) {
  const Path path(boxes("a:") + R"(  policies:
    - {name: east, type: topology, properties: {clusters: [east]}}
  workflow:
    steps:
      - {name: one, type: deploy, properties: {policies: [east]}}
      - {name: two, type: apply-component, properties: {component: a, cluster: west}}
)");
  EXPECT_EQ(path.codes(), "applied-elsewhere");
}

TEST(Flow, EnvironmentsOfOlderReleasesHaveAStepEach) {
  const Path path(boxes("a:") + R"(  policies:
    - {name: envs, type: env-binding, properties: {envs: [{name: test}, {name: prod}]}}
)");
  EXPECT_EQ(needs(path, "*/hook/deploy-envs-prod"), "*/hook/deploy-envs-test requires\n");
}

TEST(Flow, APlanHoldsItsPrograms) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: tell, type: request, properties: {url: http://x}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  Diagnostics problems;
  const auto again = Plan::parse(path.plan->json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->hash(), path.plan->hash());
  const Step& tell = again->steps()[*again->find("*/hook/tell")];
  ASSERT_TRUE(tell.more->flow);
  EXPECT_EQ(tell.more->flow->asks, std::vector{Action::http_do});
  EXPECT_EQ(tell.more->part_of, "tell");
}

// ---- runs

struct Told {
  std::vector<std::string> asked = {};
  std::map<std::string, Outcome> answers = {};   // by action

  Outcome perform(const Task& task) {
    asked.push_back(task.step + ' ' + task.action);
    const auto found = answers.find(task.action);
    return found == answers.end() ? Outcome::succeeded() : found->second;
  }
};

Done run_to_end(Run& run, Told& host, Time now = 0) {
  for (int i = 0; i < 1'000; ++i) {
    const Next next = run.next(now);
    if (const auto* task = std::get_if<Task>(&next)) run.report(task->id, host.perform(*task), now);
    else if (const auto* wait = std::get_if<Wait>(&next)) now = wait->until.value_or(now + 1);
    else return std::get<Done>(next);
  }
  return {};
}

Outcome returning(json::value value) {
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = share(std::move(value));
  return outcome;
}

using testing::ElementsAre;

TEST(Flow, AProgramAsksItsHost) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: get, type: request, properties: {url: http://x}, outputs: [{name: body, valueFrom: req.$returns.body}]}\n"
                                                        "    - {name: keep, type: export-data, inputs: [{from: body, parameterKey: data.body}], properties: {name: kept}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  host.answers["http/do"] = returning({{"statusCode", 200}, {"body", "{\"x\": 1}"}});
  host.answers["multicluster/get-placements-from-topology-policies"] = returning({{"placements", {{{"cluster", "local"}}}}});
  const Done done = run_to_end(run, host);
  EXPECT_TRUE(done.ok) << testing::PrintToString(done.reasons);
  EXPECT_THAT(host.asked, ElementsAre("a/apply/ConfigMap/a create", "*/hook/get http/do", "*/hook/keep multicluster/get-placements-from-topology-policies", "*/hook/keep kube/apply"));
}

TEST(Flow, AProgramThatWaitsFailsWhenItsTimeoutIsOver) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: get, type: request, timeout: 5s, properties: {url: http://x}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  for (const Time run_timeout : {0, 60'000}) {   // of a call: another matter
    oam::Run run(*path.plan, {.timeouts = {.run = run_timeout}});
    Told host;
    const Done done = run_to_end(run, host);
    EXPECT_EQ(run.state("*/hook/get"), State::failed);
    EXPECT_EQ(run.now(), 5'000);
    EXPECT_THAT(done.reasons, ElementsAre(testing::HasSubstr("not done after 5000 ms")));
  }
}

TEST(Flow, ASimulationOfAProgramThatWaitsEnds) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: get, type: request, timeout: 5s, properties: {url: http://x}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  Diagnostics problems;
  EXPECT_EQ(simulate(*path.plan, {}, problems)->done().result, RunResult::failed);
  const auto crashes = explore_crashes(*path.plan, {}, problems);
  EXPECT_EQ(crashes->different, 0u) << crashes->text();
  EXPECT_GT(crashes->undecided, 0u);
  EXPECT_THAT(crashes->text(), testing::HasSubstr("times a program waits for a decision"));
}

// Nobody is cut off, given up or told of a failure before somebody has decided about the program.
TEST(Flow, CrashesLeaveAProgramAndWhatWaitsForItUndecided) {
  const std::string workflow = "    - {name: get, type: request, timeout: 5s, properties: {url: http://x}}\n" + std::string(kA) + "    - {name: tell, type: print-message-in-status, if: status.get.failed, properties: {message: x}}\n";
  const std::string lanes = "  policies:\n  - {name: l, type: lifecycle, properties: {lanes: [{name: extra, selector: {components: [b]}, join: %}], hooks: [{name: last, point: finally, action: act}]}}\n";
  for (const char* join : {"all", "core-only", "detach", "quorum, quorum: 1", "core-then-deadline, deadline: 1s"}) {
    std::string text = with_workflow("a:\nb:", workflow + kB) + lanes;
    text.replace(text.find('%'), 1, join);
    const Path path(text);
    ASSERT_TRUE(path.plan) << path.problems;
    for (const OnFailure rule : {OnFailure::go_on, OnFailure::halt, OnFailure::abort}) {
      Diagnostics problems;
      const auto crashes = explore_crashes(*path.plan, {.simulate = {.run = {.on_failure = rule}}}, problems);
      EXPECT_EQ(crashes->different, 0u) << join << ' ' << crashes->text();
      EXPECT_GT(crashes->undecided, 0u) << join;
    }
  }
}

// As a plan may be written by hand.
TEST(Flow, ASimulationOfAProgramThatNothingBoundsEnds) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: get, type: request, timeout: 5s, properties: {url: http://x}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  json::value plan = json::parse(path.plan->json());
  plan.as_object().erase("hash");
  for (json::value& step : plan.at("steps").as_array()) step.as_object().erase("settle_timeout");
  Diagnostics problems;
  const auto unbound = Plan::parse(json::serialize(plan), problems);
  ASSERT_TRUE(unbound) << problems;
  const auto simulation = simulate(*unbound, {}, problems);
  EXPECT_EQ(simulation->done().result, RunResult::held);
  EXPECT_THAT(simulation->done().reasons, ElementsAre("*/hook/get waits for an answer that never comes in a simulation"));
  EXPECT_THAT(simulation->text(), testing::HasSubstr("settling, waits for an answer"));
}

std::string with_hook(const std::string& hook) {
  return boxes("a:") + "  policies:\n    - {name: care, type: lifecycle, properties: {hooks: [" + hook + "]}}\n";
}

TEST(Flow, AHookOfAStepTypeAsksLikeAStep) {
  const Path path(with_hook("{name: call, point: before-create, type: request, properties: {url: http://x}}"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  host.answers["http/do"] = returning({{"statusCode", 200}, {"body", "{}"}});
  EXPECT_TRUE(run_to_end(run, host).ok);
  EXPECT_THAT(host.asked, ElementsAre("*/hook/call http/do", "a/apply/ConfigMap/a create"));
}

TEST(Flow, AHookThatFailsAsAProgramFollowsItsRule) {
  for (const auto& [rule, ok] : {std::pair{"fail", false}, {"ignore", true}}) {
    const Path path(with_hook(std::string("{name: call, point: before-create, type: request, onFailure: ") + rule + ", properties: {url: http://x}}"));
    ASSERT_TRUE(path.plan) << path.problems;
    oam::Run run(*path.plan);
    Told host;
    host.answers["http/do"] = returning({{"statusCode", 500}, {"body", ""}});
    EXPECT_EQ(run_to_end(run, host).ok, ok) << rule;
  }
}

TEST(Flow, AHookMayWaitForSomebody) {
  const Path path(with_hook("{name: look, point: before-create, type: suspend}"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  EXPECT_EQ(run_to_end(run, host).result, RunResult::held);
  EXPECT_TRUE(run.decide("*/hook/look", Command::accept, 1));
  EXPECT_TRUE(run_to_end(run, host, 1).ok);
}

TEST(Flow, ParametersOfAHookAreChecked) {
  EXPECT_EQ(Path(with_hook("{name: call, point: before-create, type: request, properties: {url: 1}}")).codes(), "invalid-parameter");
}

// What it does not apply has no hooks either; a step whose turn never comes is no place for one.
TEST(Flow, AConditionSkipsTheHooksOfWhatItSkips) {
  const std::string hooks = "  policies:\n  - {name: l, type: lifecycle, properties: {hooks: [{name: before, point: before-create, action: act}, {name: after, point: after-create, action: act}, "
      "{name: last, point: finally, action: act, selector: {components: [a]}}]}}\n";
  const std::string text = with_workflow("a:", "    - {name: a, type: apply-component, if: 'context.name == \"other\"', properties: {component: a}}\n");
  const Path path(std::string(text).insert(text.find("  workflow:"), hooks));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  EXPECT_TRUE(run_to_end(run, host).ok);
  EXPECT_THAT(host.asked, testing::IsEmpty());
}

TEST(Flow, NobodysWordInTimeIsAFailure) {
  const Path path(with_workflow("a:", "    - {name: ask, type: suspend, timeout: 2s}\n    - {name: a, type: apply-component, if: status.ask.timeout, properties: {component: a}}\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run late(*path.plan), early(*path.plan);
  Told host;
  EXPECT_THAT(run_to_end(late, host).reasons, ElementsAre("*/hook/ask failed: nobody accepted it within 2.0 s"));
  EXPECT_EQ(late.state("a/apply/ConfigMap/a"), State::succeeded);
  EXPECT_EQ(std::get<Wait>(early.next(0)).until, 2'000);
  EXPECT_TRUE(early.decide("*/hook/ask", Command::approve, 1'000));
  EXPECT_TRUE(run_to_end(early, host, 1'000).ok);
  EXPECT_EQ(early.state("a/apply/ConfigMap/a"), State::skipped);
}

TEST(Flow, AGroupBoundsTheTimeOfItsSteps) {
  const Path path(with_workflow("a:", "    - {name: g, type: step-group, timeout: 5s, subSteps: [{name: ask, type: suspend}, {name: call, type: request, timeout: 3s, properties: {url: http://x}}]}\n" + std::string(kA)));
  ASSERT_TRUE(path.plan) << path.problems;
  const auto timeout = [&](std::string_view id) { return path.plan->steps()[*path.plan->find(id)].more->flow->timeout; };
  EXPECT_EQ(timeout("*/hook/ask"), 5'000);
  EXPECT_EQ(timeout("*/hook/call"), 3'000);
}

// Another step that would apply it only keeps its place in the order.
TEST(Flow, AComponentIsAppliedByTheFirstStepThatDoes) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: s, type: suspend}\n    - {name: again, type: apply-component, properties: {component: a}}\n    - {name: end, type: suspend}\n"));
  EXPECT_EQ(path.codes(), "applied-twice");
  EXPECT_EQ(needs(path, "a/apply/ConfigMap/a"), "");
  EXPECT_EQ(needs(path, "*/hook/again"), "*/hook/s requires\n");
  EXPECT_EQ(needs(path, "*/hook/end"), "*/hook/again requires\n");
  const Path other(with_workflow("a:", "    - {name: maybe, type: apply-component, if: 'context.name == \"x\"', properties: {component: a}}\n    - {name: s, type: suspend}\n" + std::string(kA)));
  EXPECT_EQ(needs(other, "a/apply/ConfigMap/a"), "*/hook/s requires\n");
}

TEST(Flow, AConditionSkipsWhatStandsBehindIt) {
  const Path path(with_workflow("a:\nb:", std::string(kA) + "    - {name: b, type: apply-component, if: status.a.failed, properties: {component: b}}\n"));
  oam::Run run(*path.plan);
  Told host;
  const Done done = run_to_end(run, host);
  EXPECT_TRUE(done.ok);
  EXPECT_EQ(run.state("b/apply/ConfigMap/b"), State::skipped);
}

TEST(Flow, ASuspendWaitsForSomebody) {
  const Path path(with_workflow("a:\nb:", std::string(kA) + "    - {name: look, type: suspend}\n" + kB));
  oam::Run run(*path.plan);
  Told host;
  EXPECT_EQ(run_to_end(run, host).result, RunResult::held);
  EXPECT_EQ(run.state("b/apply/ConfigMap/b"), State::waiting);
  EXPECT_TRUE(run.decide("*/hook/look", Command::accept, 1));
  EXPECT_TRUE(run_to_end(run, host, 1).ok);
}

TEST(Flow, ASuspendWithADurationIsOverByItself) {
  const Path path(with_workflow("a:", "    - {name: rest, type: suspend, properties: {duration: 30s}}\n" + std::string(kA)));
  oam::Run run(*path.plan);
  Told host;
  EXPECT_TRUE(run_to_end(run, host).ok);
  EXPECT_GE(run.now(), 30'000);
}

TEST(Flow, AProgramThatWaitsAsksAgain) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: other, type: depends-on-app, properties: {name: other, namespace: far}}\n"));
  oam::Run run(*path.plan);
  Told host;
  Next next = run.next(0);
  run.report(std::get<Task>(next).id, Outcome::succeeded(), 0);
  const auto answer = [&](const char* status, Time now) {
    const Next asked = run.next(now);
    const auto* task = std::get_if<Task>(&asked);
    ASSERT_TRUE(task);
    EXPECT_EQ(task->action, "kube/read");
    run.report(task->id, returning({{"value", {{"status", {{"status", status}}}}}}), now);
  };
  answer("starting", 0);
  next = run.next(0);
  ASSERT_TRUE(std::holds_alternative<Wait>(next));
  const Time later = *std::get<Wait>(next).until;
  answer("running", later);
  EXPECT_TRUE(std::holds_alternative<Done>(run.next(later)));
  EXPECT_EQ(run.state("*/hook/other"), State::succeeded);
}

TEST(Flow, AfterACrashAProgramBeginsAnew) {
  const Path path(with_workflow("a:", std::string(kA) + "    - {name: other, type: depends-on-app, properties: {name: other, namespace: far}}\n"));
  oam::Run run(*path.plan, {.id = "r", .journal = true});
  std::vector<std::string> records;
  const auto take = [&](oam::Run& of) {
    for (std::string& each : of.take_records()) records.push_back(std::move(each));
  };
  Next next = run.next(0);
  run.report(std::get<Task>(next).id, Outcome::succeeded(), 0);
  next = run.next(0);
  take(run);
  Diagnostics problems;
  auto again = oam::Run::restore(*path.plan, "", records, 1, problems);
  ASSERT_TRUE(again) << problems;
  Told host;
  host.answers["kube/read"] = returning({{"value", {{"status", {{"status", "running"}}}}}});
  EXPECT_TRUE(run_to_end(*again, host, 1).ok);
  EXPECT_THAT(host.asked, ElementsAre("*/hook/other kube/read"));
}

Plan with_request(const std::string& more = "") {
  const Path path(with_workflow("a:", "    - {name: get, type: request, properties: {url: http://x}}\n" + more));
  EXPECT_TRUE(path.plan) << path.problems;
  return *path.plan;
}

// Its program may have sent what must not be sent twice: it was under way when the host died.
struct InDoubt {
  InDoubt() {
    oam::Run first(plan, {.id = "r", .journal = true});
    task = std::get<Task>(first.next(0));
    const std::vector<std::string> records = first.take_records();
    Diagnostics problems;
    run.emplace(*oam::Run::restore(plan, "", records, 1, problems));
    host.answers["http/do"] = returning({{"statusCode", 200}, {"body", "{}"}});
  }

  Plan plan = with_request(kA);
  Task task;
  std::optional<oam::Run> run;
  Told host;
};

TEST(Flow, AProgramInDoubtThatIsAcceptedIsDone) {
  InDoubt at;
  EXPECT_EQ(run_to_end(*at.run, at.host, 1).result, RunResult::held);
  EXPECT_FALSE(at.run->decide("*/hook/get", Command::approve, 2));
  EXPECT_TRUE(at.run->decide("*/hook/get", Command::accept, 2));
  EXPECT_TRUE(run_to_end(*at.run, at.host, 2).ok);
  EXPECT_THAT(at.host.asked, ElementsAre("a/apply/ConfigMap/a create"));
}

TEST(Flow, AProgramInDoubtThatIsTriedAgainBeginsAnew) {
  InDoubt at;
  EXPECT_TRUE(at.run->decide("*/hook/get", Command::retry, 2));
  EXPECT_TRUE(run_to_end(*at.run, at.host, 2).ok);
  EXPECT_THAT(at.host.asked, ElementsAre("*/hook/get http/do", "a/apply/ConfigMap/a create"));
}

// A host could tell of one call alone, and what those before it were answered is not kept.
TEST(Flow, NoHostIsAskedAboutAProgramInDoubt) {
  InDoubt at;
  EXPECT_EQ(at.run->in_doubt("*/hook/get"), std::nullopt);
  EXPECT_EQ(at.run->report(at.task.id, Outcome::succeeded(), 2), Report::late);
  EXPECT_EQ(at.run->state("*/hook/get"), State::held);
}

// Of its first call and of a later one.
TEST(Flow, AProgramThatMayHaveSentSomethingIsHeldWhenItsHostDoesNotKnow) {
  for (const std::size_t call : {0, 1}) {
    const Path path(with_workflow("a:", "    - {name: post, type: webhook, properties: {url: {value: http://x}}}\n" + std::string(kA)));
    ASSERT_TRUE(path.plan) << path.problems;
    oam::Run run(*path.plan);
    Told host;
    host.answers["kube/read"] = returning({{"value", {{"kind", "Application"}}}});
    host.answers[call == 0 ? "kube/read" : "http/do"] = Outcome::unknown("no idea");
    EXPECT_EQ(run_to_end(run, host).result, RunResult::held);
    EXPECT_EQ(host.asked.size(), call + 1);
    EXPECT_TRUE(run.decide("*/hook/post", Command::accept, 1));
    EXPECT_TRUE(run_to_end(run, host, 1).ok);
  }
}

// A call that is never answered is given up in time; it is not sent once more.
TEST(Flow, ACallThatIsGivenUpIsNotMadeAgain) {
  oam::Run run(with_request(), {.timeouts = {.run = 1'000}});
  EXPECT_TRUE(std::holds_alternative<Task>(run.next(0)));
  EXPECT_EQ(std::get<Done>(run.next(1'000)).result, RunResult::held);
}

// Each of its calls is a new task: of one that is given up the call in flight is the last.
TEST(Flow, AProgramThatIsCancelledMakesNoMoreCalls) {
  for (const bool whole : {false, true}) {
    const Path path(with_workflow("a:", "    - {name: post, type: webhook, properties: {url: {value: http://x}}}\n" + std::string(kA)));
    ASSERT_TRUE(path.plan) << path.problems;
    oam::Run run(*path.plan);
    const Task read = std::get<Task>(run.next(0));
    EXPECT_EQ(read.action, "kube/read");
    EXPECT_TRUE(whole ? run.cancel(0) : run.decide("*/hook/post", Command::cancel, 0));
    EXPECT_EQ(run.report(read.id, returning({{"value", {{"kind", "Application"}}}}), 0), Report::accepted);
    EXPECT_EQ(run.state("*/hook/post"), State::cancelled);
    EXPECT_EQ(std::get<Done>(run.next(0)).result, whole ? RunResult::cancelled : RunResult::failed);
    if (whole) continue;
    EXPECT_TRUE(run.decide("*/hook/post", Command::retry, 0));   // it begins anew
    EXPECT_EQ(std::get<Task>(run.next(0)).action, "kube/read");
  }
}

// It may have done what must not be done twice: a cancel does not tell.
TEST(Flow, ACancelLeavesAProgramInDoubt) {
  const Path path(with_workflow("a:", "    - {name: post, type: webhook, properties: {url: {value: http://x}}}\n"));
  oam::Run first(*path.plan, {.id = "r", .journal = true});
  first.report(std::get<Task>(first.next(0)).id, returning({{"value", {{"kind", "Application"}}}}), 0);
  EXPECT_TRUE(std::holds_alternative<Task>(first.next(0)));
  first.cancel(0);
  Diagnostics problems;
  auto run = oam::Run::restore(*path.plan, "", first.take_records(), 1, problems);
  ASSERT_TRUE(run) << problems;
  EXPECT_EQ(run->state("*/hook/post"), State::held);
  EXPECT_TRUE(run->decide("*/hook/post", Command::cancel, 1));
  EXPECT_EQ(run->state("*/hook/post"), State::cancelled);
}

TEST(Flow, AHookThatFailedAndIsAcceptedIsNotBegunAnew) {
  const Path path(with_hook("{name: call, point: before-create, type: request, onFailure: hold, properties: {url: http://x}}"));
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  host.answers["http/do"] = returning({{"statusCode", 500}, {"body", ""}});
  EXPECT_EQ(run_to_end(run, host).result, RunResult::held);
  host.asked.clear();
  EXPECT_TRUE(run.decide("*/hook/call", Command::accept, 1));
  EXPECT_TRUE(run_to_end(run, host, 1).ok);
  EXPECT_THAT(host.asked, ElementsAre("a/apply/ConfigMap/a create"));
}

TEST(Flow, AProgramOfAGroupThatHasHaltedBeginsWhenItIsApproved) {
  const char* objects = "    - name: db\n      type: k8s-objects\n      properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: db-0}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: db-1}}]}\n";
  const std::string life = "  policies:\n  - {name: l, type: lifecycle, properties: {order: {ordinals: [{selector: {components: [db]}, abortThreshold: 1}]}, "
      "hooks: [{name: call, point: before-create, scope: resource, type: request, selector: {components: [db]}, properties: {url: http://x}}]}}\n";
  const Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n" + std::string(objects) + life);
  ASSERT_TRUE(path.plan) << path.problems;
  oam::Run run(*path.plan);
  Told host;
  host.answers["http/do"] = returning({{"statusCode", 200}, {"body", "{}"}});
  host.answers["create"] = Outcome::failed("no");
  run_to_end(run, host);
  ASSERT_THAT(run.halted(), ElementsAre("db/hook/call/ConfigMap/db-1"));
  host.asked.clear();
  EXPECT_TRUE(run.decide("db/hook/call/ConfigMap/db-1", Command::approve, 1));
  run_to_end(run, host, 1);
  EXPECT_EQ(run.state("db/hook/call/ConfigMap/db-1"), State::succeeded);
  EXPECT_EQ(host.asked.front(), "db/hook/call/ConfigMap/db-1 http/do");
}

constexpr const char* kRead = "    - {name: rd, type: read-object, properties: {apiVersion: v1, kind: ConfigMap, name: c}, outputs: [{name: size, valueFrom: output.value.data.size}]}\n";

// What the host was asked to apply in step `id`.
struct Applying : Told {
  std::map<std::string, Value> objects = {};

  Done run(oam::Run& run) {
    for (int i = 0; i < 1'000; ++i) {
      const Next next = run.next(i);
      if (const auto* done = std::get_if<Done>(&next)) return *done;
      const auto* task = std::get_if<Task>(&next);
      if (!task) continue;
      objects[task->step] = task->object;
      Outcome outcome = perform(*task);
      if (task->action == "create") outcome.object = task->object, outcome.ready = true;
      run.report(task->id, std::move(outcome), i);
    }
    return {};
  }
};

// Whether the input stands at the step or at the component, and whatever renders that.
TEST(Flow, AComponentReadsWhatAStepPutsOut) {
  const std::string object = boxes("a:"), at_component = boxes("a:") + "    inputs: [{from: size, parameterKey: 'objects[0].data.size'}]\n";
  const std::string service = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n  - {name: a, type: webservice, properties: {cpu: '1'}}\n";
  const std::string flow = std::string("  workflow:\n    steps:\n") + kRead;
  const struct {
    std::string text, step, at;
  } kCases[] = {{at_component + flow + kA, "a/apply/ConfigMap/a", "/data/size"},
                {object + flow + "    - {name: a, type: apply-component, properties: {component: a}, inputs: [{from: size, parameterKey: 'properties.objects[0].data.size'}]}\n", "a/apply/ConfigMap/a", "/data/size"},
                {service + flow + "    - {name: a, type: apply-component, properties: {component: a}, inputs: [{from: size, parameterKey: image}]}\n", "a/apply/Deployment.apps/a", "/spec/template/spec/containers/0/image"}};
  for (const auto& [text, step, at] : kCases) {
    const Path path(text);
    ASSERT_TRUE(path.plan) << path.problems;
    Diagnostics problems;
    const auto saved = Plan::parse(path.plan->json(), problems);
    ASSERT_TRUE(saved) << problems;
    EXPECT_EQ(saved->hash(), path.plan->hash());
    oam::Run run(*saved);
    Applying host;
    host.answers["kube/read"] = returning({{"value", {{"data", {{"size", "large"}}}}}});
    const Done done = host.run(run);
    EXPECT_TRUE(done.ok) << text << testing::PrintToString(done.reasons);
    ASSERT_TRUE(host.objects[step]);
    EXPECT_EQ(host.objects[step]->at_pointer(at), "large");
  }
}

TEST(Flow, AStepReadsWhatAComponentPutsOut) {
  const Path path(boxes("a:") + "    outputs: [{name: who, valueFrom: output.metadata.name}]\n  workflow:\n    steps:\n" + kA +
                  "    - {name: tell, type: request, properties: {url: x}, inputs: [{from: who, parameterKey: url}]}\n");
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(needs(path, "*/hook/tell"), "a/apply/ConfigMap/a requires\na/apply/ConfigMap/a requires\n");   // it stands behind it, and reads of it
  oam::Run run(*path.plan);
  Applying host;
  host.answers["http/do"] = returning({{"statusCode", 200}, {"body", "{}"}});
  EXPECT_TRUE(host.run(run).ok);
  EXPECT_EQ(host.objects["*/hook/tell"]->at_pointer("/url"), "a");
}

// A part of a value, or one that is known before, is told: it would never come.
TEST(Flow, AComponentTakesWholeValuesOfOtherSteps) {
  const std::string flow = std::string("  workflow:\n    steps:\n") + kRead;
  const auto codes = [&](const std::string& from) {
    return Path(boxes("a:") + flow + "    - {name: a, type: apply-component, properties: {component: a}, inputs: [{from: " + from + ", parameterKey: 'objects[0].data.x'}]}\n").codes();
  };
  EXPECT_EQ(codes("size"), "");
  EXPECT_EQ(codes("size.x"), "late-input");
  EXPECT_EQ(codes("context.name"), "late-input");
  EXPECT_EQ(codes("sice"), "unknown-input");
  const std::string held = boxes("a:") + "    inputs: [{from: word, parameterKey: 'objects[0].data.x'}]\n  workflow:\n    steps:\n    - {name: ask, type: suspend, outputs: [{name: word, valueFrom: x}]}\n" + kA;
  EXPECT_EQ(Path(held).codes(), "unknown-input");   // it puts nothing out
}

}  // namespace
}  // namespace oam::tests
