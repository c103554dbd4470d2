#include <gtest/gtest.h>

#include <oam/drive.hpp>
#include <oam/hosts/memory.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using hosts::Memory;

Task applying(std::string_view object, std::string action = "create") {
  Task task;
  task.step = "a";
  task.action = std::move(action);
  task.object = json(object);
  return task;
}

const char* const kWeb = R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 4}})";

TEST(MemoryHost, GivesWhatAClusterGives) {
  Memory host;
  const Outcome outcome = host.perform(applying(kWeb));
  EXPECT_EQ(outcome.result, Outcome::Result::succeeded);
  EXPECT_EQ(outcome.revision, "1");
  EXPECT_EQ(outcome.object->at("metadata").at("uid"), "uid-1");
  EXPECT_EQ(outcome.object->at("metadata").at("generation"), 1);
}

TEST(MemoryHost, GetsReadyLittleByLittle) {
  Memory host({.ready_after = 1'000, .task_takes = 0});
  host.perform(applying(kWeb));
  const auto ready = [&] { return host.perform(applying(kWeb, "observe")).object->at("status").at("readyReplicas"); };
  EXPECT_EQ(ready(), 0);
  host.sleep_until(500);
  EXPECT_EQ(ready(), 2);
  host.sleep_until(1'000);
  EXPECT_EQ(ready(), 4);
}

TEST(MemoryHost, MergesWhatIsAppliedAgain) {
  Memory host;
  const auto apply = [&](const std::string& spec) {
    return host.perform(applying(R"({"apiVersion": "example.com/v1", "kind": "Foo", "metadata": {"name": "a"}, "spec": )" + spec + "}"));
  };
  apply(R"({"a": 1, "b": {"c": 1, "d": 1}, "list": [1, 2]})");
  EXPECT_EQ(apply(R"({"a": 1, "b": {"c": 1, "d": 1}, "list": [1, 2]})").result, Outcome::Result::unchanged);
  const Outcome changed = apply(R"({"b": {"c": 2}, "list": [3]})");
  EXPECT_EQ(changed.result, Outcome::Result::succeeded);
  EXPECT_EQ(changed.object->at("spec"), *json(R"({"b": {"c": 2}, "list": [3]})"));
  EXPECT_EQ(changed.object->at("metadata").at("generation"), 2);
  EXPECT_EQ(changed.object->at("metadata").at("uid"), "uid-1");
}

// Others have set a field in each of the maps but the last.
TEST(MemoryHost, LeavesWhatOthersHaveSetInWhatIsDropped) {
  boost::json::object there = json(R"({"apiVersion": "example.com/v1", "kind": "Foo", "metadata": {"name": "a"}})")->as_object();
  there["spec"] = *json(R"({"a": {"ours": 1, "theirs": 1}, "b": {"c": {"ours": 1, "theirs": 1}, "d": {"ours": 1}}, "e": {"ours": {"x": 1}}})");
  there["metadata"].as_object()["annotations"] = {{"app.oam.dev/last-applied-configuration",
      R"({"apiVersion": "example.com/v1", "kind": "Foo", "metadata": {"name": "a"}, "spec": {"a": {"ours": 1}, "b": {"c": {"ours": 1}, "d": {"ours": 1}}, "e": {"ours": {"x": 1}}}})"}};
  Memory host;
  host.adopt(share(there), 0);
  const Outcome outcome = host.perform(applying(R"({"apiVersion": "example.com/v1", "kind": "Foo", "metadata": {"name": "a"}, "spec": {}})"));
  EXPECT_EQ(outcome.object->at("spec"), *json(R"({"a": {"theirs": 1}, "b": {"c": {"theirs": 1}}})"));
}

// Lists whose elements have keys are no wholes: those of others stay, whether the list is dropped or changed.
TEST(MemoryHost, LeavesElementsOfOthers) {
  const auto applied = [](const char* now) {
    boost::json::object there = json(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}})")->as_object();
    there["spec"] = *json(R"({"volumes": [{"name": "ours", "emptyDir": {}}, {"name": "theirs"}], "args": ["a", "b"]})");
    there["metadata"].as_object()["annotations"] = {{"app.oam.dev/last-applied-configuration",
        R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"volumes": [{"name": "ours", "emptyDir": {}}], "args": ["a"]}})"}};
    Memory host;
    host.adopt(share(there), 0);
    return host.perform(applying(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": )" + std::string(now) + "}")).object->at("spec");
  };
  EXPECT_EQ(applied("{}"), *json(R"({"volumes": [{"name": "theirs"}]})"));
  EXPECT_EQ(applied(R"({"volumes": [{"name": "new"}], "args": ["c"]})"), *json(R"({"volumes": [{"name": "new"}, {"name": "theirs"}], "args": ["c"]})"));
  EXPECT_EQ(applied(R"({"volumes": [{"name": "ours", "hostPath": {}}]})"), *json(R"({"volumes": [{"name": "ours", "hostPath": {}}, {"name": "theirs"}]})"));
}

TEST(MemoryHost, KeepsAStatusThatWasWritten) {
  Memory host;
  const Outcome outcome = host.perform(applying(R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "status": {"state": "pending"}})"));
  EXPECT_EQ(outcome.object->at("status"), *json(R"({"state": "pending"})"));
}

TEST(MemoryHost, FailsAsOftenAsItIsTold) {
  Memory host;
  host.fail("a", Outcome::retry("busy"), 2);
  EXPECT_EQ(host.perform(applying(kWeb)).message, "busy");
  EXPECT_EQ(host.perform(applying(kWeb)).message, "busy");
  EXPECT_TRUE(host.observe().empty());
  EXPECT_EQ(host.perform(applying(kWeb)).result, Outcome::Result::succeeded);
}

TEST(MemoryHost, StallsAndFallsSilent) {
  Memory host;
  host.stall("a");
  host.perform(applying(kWeb));
  host.sleep_until(1'000'000);
  EXPECT_EQ(host.observe().objects()[0]->at("status").at("readyReplicas"), 0);
  host.mute("a");
  EXPECT_FALSE(host.perform(applying(kWeb, "observe")).object);
}

TEST(MemoryHost, DeletesAndTellsWhatIsNotThere) {
  Memory host;
  EXPECT_EQ(host.perform(applying(kWeb, "observe")).result, Outcome::Result::not_found);
  host.perform(applying(kWeb));
  EXPECT_EQ(host.perform(applying(kWeb, "delete")).result, Outcome::Result::succeeded);
  EXPECT_EQ(host.perform(applying(kWeb, "delete")).result, Outcome::Result::not_found);
}

// Every kind that has a status gets ready in the end, by the rules of the gate.
TEST(MemoryHost, BringsEveryKindThroughItsGate) {
  for (const char* kind : {"apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "apps/v1 ReplicaSet", "batch/v1 Job", "v1 Pod",
                           "v1 PersistentVolumeClaim", "v1 Service", "v1 Namespace", "v1 ConfigMap",
                           "apiextensions.k8s.io/v1 CustomResourceDefinition", "example.com/v1 Foo"}) {
    const std::string_view text = kind;
    Step step = make_step("a");
    step.gate = Step::Gate::ready;
    step.object = json(R"({"apiVersion": ")" + std::string(text.substr(0, text.find(' '))) + R"(", "kind": ")" +
                       std::string(text.substr(text.find(' ') + 1)) + R"(", "metadata": {"name": "a"}, "spec": {"type": "LoadBalancer"}})");
    Memory host;
    oam::Run run(make_plan({step}));
    EXPECT_TRUE(drive(run, host, host).ok) << kind;
  }
}

TEST(MemoryHost, NeverMeetsTheGateOfAStalledStep) {
  Step step = make_step("a");
  step.gate = Step::Gate::ready;
  step.object = json(kWeb);
  Memory host;
  host.stall("a");
  oam::Run run(make_plan({step}));
  EXPECT_EQ(drive(run, host, host).reasons, std::vector<std::string>{"a failed: not ready after 10000 ms: 0 of 4 updated"});
}

TEST(ConcurrentMemoryHost, MayBeAskedFromManyThreads) {
  std::vector<Step> steps;
  for (int i = 0; i < 50; ++i) {
    Step step = make_step("s" + std::to_string(i));
    step.gate = Step::Gate::ready;
    step.object = json(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p)" + std::to_string(i) + R"("}})");
    steps.push_back(std::move(step));
  }
  Memory host;
  oam::Run run(make_plan(std::move(steps)));
  EXPECT_TRUE(drive(run, host, host, {.parallel = 4}).ok);
  EXPECT_EQ(host.observe().objects().size(), 50u);
}

const char* const kCard = R"({"apiVersion": "example.com/v1", "kind": "Card", "metadata": {"name": "a", "namespace": "far"}})";

boost::json::value phase_of(Memory& host) {
  const Outcome outcome = host.perform(applying(kCard, "observe"));
  return outcome.object->as_object().contains("status") ? outcome.object->at("status").at("phase") : boost::json::value();
}

TEST(MemoryHost, ShowsWhatItIsTold) {
  Memory host({.ready_after = 0, .task_takes = 0});
  host.show({"Card.example.com/a", "", 500, json(R"({"phase": "Ready"})")});
  host.show({"Card.example.com/a", "", 100, json(R"({"phase": "Making"})")});
  host.perform(applying(kCard));
  EXPECT_EQ(phase_of(host), nullptr);
  host.sleep_until(100);
  EXPECT_EQ(phase_of(host), "Making");
  host.sleep_until(500);
  EXPECT_EQ(phase_of(host), "Ready");
  EXPECT_EQ(host.perform(applying(kCard, "observe")).object->at("status").at("observedGeneration"), 1);
}

TEST(MemoryHost, ShowsItOfTheObjectInItsNamespaceAlone) {
  Memory host({.ready_after = 0, .task_takes = 0});
  host.show({"Card.example.com/a", "near", 0, json(R"({"phase": "Making"})")});
  host.perform(applying(kCard));
  EXPECT_EQ(phase_of(host), nullptr);
  host.show({"Card.example.com/a", "far", 0, json(R"({"phase": "Ready"})")});
  EXPECT_EQ(phase_of(host), "Ready");
}

TEST(MemoryHost, ShowsAnOldGenerationWhereItIsTold) {
  Memory host({.ready_after = 0, .task_takes = 0});
  host.show({"Deployment.apps/web", "", 0, json(R"({"observedGeneration": 0})")});
  EXPECT_EQ(host.perform(applying(kWeb)).object->at("status"), *json(R"({"observedGeneration": 0})"));
}

}  // namespace
}  // namespace oam::tests
