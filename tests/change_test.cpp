// Plans against what was observed. tests/golden/changes/NAME holds an application,
// what was observed, and the plan as text (or what is wrong with it);
// OAM_UPDATE_GOLDEN=1 rewrites the plans.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/oam.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;

const fs::path kGolden = OAM_SOURCE_DIR "/tests/golden/changes";

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// An application beside what was observed.
struct Compared {
  Diagnostics problems;
  std::optional<Model> model;
  std::optional<Observed> observed;
  std::optional<Plan> plan;

  Compared(const std::string& application, const std::string& seen, const PlanOptions& options = {}) {
    const auto app = load({"app.yaml", application}, problems);
    if (app) model = resolve(*app, Catalog::standard(), {.provenance = true}, problems);
    observed = Observed::parse(std::vector{Source{"observed.yaml", seen}}, problems);
    if (model && observed) plan = oam::plan(*model, *observed, options, problems);
  }

  // + web/apply/ConfigMap/web, in order; without renders and barriers
  std::string actions() const {
    std::string out;
    if (!plan) return problems.text();
    for (const Step& s : plan->steps())
      if (s.kind == Step::Kind::apply) out += (out.empty() ? "" : "; ") + std::string(name_of(s.action)) + ' ' + s.id;
    return out;
  }
};

TEST(Changes, RulesOfApplyOnceCountOnceItIsEnabled) {
  const auto actions = [](const std::string& enable) {
    return Compared("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                    "  - {name: a, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {size: '1'}}]}}\n"
                    "  policies:\n  - {name: once, type: apply-once, properties: {" + enable + "rules: [{selector: {componentNames: [a]}, strategy: {path: [data.size]}}]}}\n",
                    "objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app.oam.dev/name: shop, app.oam.dev/component: a}}, data: {size: '2'}}]\n").plan->steps().back().change->fields.size();
  };
  EXPECT_EQ(actions("enable: false, "), actions("enable: true, ") + 1);
}

// The old service must go before the new one has its port, and what used it goes on to a third.
TEST(Changes, WhatIsGivenUpGoesBehindTheUpdateThatDoes) {
  const std::string service = "{apiVersion: v1, kind: Service, metadata: {name: NAME, labels: {app.oam.dev/name: shop}}, spec: {type: NodePort, ports: [{port: 80, nodePort: PORT}]}}";
  const auto of = [&](const std::string& name, const std::string& port) {
    std::string text = service;
    return text.replace(text.find("PORT"), 4, port).replace(text.find("NAME"), 4, name);
  };
  const auto ingress = [](const std::string& name) {
    return "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: gate, labels: {app.oam.dev/name: shop}}, spec: {defaultBackend: {service: {name: " + name + ", port: {number: 80}}}}}";
  };
  const Compared made("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n  - {name: web, type: k8s-objects, properties: {objects: [" +
                          of("new", "30001") + ", " + of("third", "30002") + ", " + ingress("third") + "]}}\n",
                      "objects: [" + of("old", "30001") + ", " + of("third", "30002") + ", " + ingress("old") + "]\n");
  ASSERT_TRUE(made.plan) << made.problems;
  const auto gone = std::ranges::find(made.plan->steps(), Step::Action::delete_, &Step::action);
  ASSERT_NE(gone, made.plan->steps().end()) << made.plan->text();
  EXPECT_TRUE(std::ranges::any_of(gone->needs, [&](const Need& n) { return made.plan->steps()[n.step].id == "web/apply/Ingress.networking.k8s.io/gate"; })) << made.plan->text();
}

TEST(Changes, EachFolderSaysWhatIsExpected) {
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    const Compared made(slurp(entry.path() / "app.yaml"), slurp(entry.path() / "observed.yaml"));
    const std::string text = made.problems.text() + (made.plan ? made.plan->text() : "");
    if (std::getenv("OAM_UPDATE_GOLDEN")) std::ofstream(entry.path() / "plan.txt") << text;
    EXPECT_EQ(text, slurp(entry.path() / "plan.txt")) << entry.path().filename();
  }
}

std::string observed(const std::vector<std::string>& objects, const std::vector<std::string>& inventory = {}) {
  std::string out = "{\"objects\": [";
  for (const std::string& object : objects) out += (out.back() == '[' ? "" : ",") + object;
  out += "], \"inventory\": [";
  for (const std::string& entry : inventory) out += (out.back() == '[' ? "" : ",") + entry;
  return out + "]}";
}

// A ConfigMap of this application.
std::string box(const std::string& name, const std::string& more = "") {
  return R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ")" + name + R"(", "namespace": "default", "labels": {"app.oam.dev/name": "app", "app.oam.dev/component": ")" + name +
         R"("}})" + more + "}";
}
std::string entry(const std::string& name, const std::string& needs = "") {
  return R"({"apiVersion": "v1", "kind": "ConfigMap", "namespace": "default", "name": ")" + name + R"(", "component": ")" + name + R"(", "needs": [)" + needs + "]}";
}

TEST(Changes, AnEmptyDifferenceIsAnEmptyPlan) {
  Path path(boxes("web: db\ndb:"));
  std::vector<Value> objects;
  for (const Resource& r : path.model->resources()) objects.push_back(r.object);
  const auto plan = oam::plan(*path.model, Observed(objects), {}, path.problems);
  EXPECT_TRUE(plan->empty()) << plan->text();
  EXPECT_EQ(plan->kept(), 2u);
}

TEST(Changes, NothingObservedIsNothingThere) {
  Path path(boxes("web: db\ndb:"));
  const auto plan = oam::plan(*path.model, Observed(std::vector<Value>()), {}, path.problems);
  EXPECT_EQ(plan->steps().size(), path.plan->steps().size());
  EXPECT_EQ(plan->steps().back().action, Step::Action::create);
}

TEST(Changes, DeletesGoInReverseOfWhatWasApplied) {
  const Compared made(boxes("keep:"), observed({box("a"), box("b"), box("c"), box("keep")},
                                               {entry("a"), entry("b", "\"/ConfigMap/default/a\""), entry("c", "\"/ConfigMap/default/b\""), entry("keep")}));
  EXPECT_EQ(made.actions(), "update keep/apply/ConfigMap/keep; delete c/apply/ConfigMap/c; delete b/apply/ConfigMap/b; delete a/apply/ConfigMap/a");
}

TEST(Changes, WhatIsGoneAlreadyIsForgotten) {
  const Compared made(boxes("keep:"), observed({}, {entry("old")}));
  EXPECT_EQ(made.actions(), "create keep/apply/ConfigMap/keep; forget old/apply/ConfigMap/old");
}

TEST(Changes, AnObjectOfNobodyIsAdoptedAndTold) {
  const Compared made(boxes("web:"), observed({R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}})"}));
  EXPECT_EQ(made.actions(), "adopt web/apply/ConfigMap/web");
  EXPECT_EQ(made.problems.items()[0].code, "adopted");
}

TEST(Changes, ALimitRefusesAPlan) {
  ChangeLimit one, half;
  ASSERT_TRUE(ChangeLimit::parse("1", one) && ChangeLimit::parse("50%", half) && half.percent);
  EXPECT_FALSE(ChangeLimit::parse("many", half) || ChangeLimit::parse("", half) || ChangeLimit::parse("3 %", half));
  EXPECT_FALSE(Compared(boxes("a:\nb:"), observed({}), {.changes = one}).plan);
  EXPECT_TRUE(Compared(boxes("a:"), observed({}), {.changes = one}).plan);
  EXPECT_TRUE(Compared(boxes("a:"), observed({box("b")}), {.deletes = one}).plan);
  const Compared two(boxes("a:"), observed({box("b"), box("c")}), {.deletes = {50, true}});
  EXPECT_FALSE(two.plan);
  EXPECT_EQ(two.problems.items()[0].code, "change-limit");
}

// All that nobody has observed is made; what is only looked at is not.
TEST(Changes, AreCountedAndHeldBackWithoutAnObservationToo) {
  const auto planned = [](const std::string& text, const PlanOptions& options, Diagnostics& problems) {
    const auto application = load(Source{"app.yaml", text}, problems);
    const auto model = application ? resolve(*application, Catalog::standard(), {}, problems) : std::nullopt;
    return model ? plan(*model, Observed(), options, problems) : std::nullopt;
  };
  Diagnostics over, fine, deleted;
  EXPECT_FALSE(planned(boxes("a:\nb:"), {.changes = {1}}, over));
  EXPECT_EQ(over.items()[0].code, "change-limit");
  const std::string policy = "  policies: [{name: look, type: read-only, properties: {rules: [{selector: {resourceTypes: [ConfigMap]}}]}}]\n";
  const auto made = planned(boxes("a:") + policy, {.changes = {1}}, fine);
  ASSERT_TRUE(made) << fine;
  EXPECT_EQ(made->steps()[*made->find("a/apply/ConfigMap/a")].action, Step::Action::keep);
  std::string going = boxes("a:");
  going.replace(going.find("metadata: {"), 11, "metadata: {deletionTimestamp: \"2026-01-01T00:00:00Z\", ");
  EXPECT_FALSE(planned(going, {}, deleted));
  EXPECT_EQ(deleted.items()[0].code, "deletion-unobserved");
}

TEST(Changes, IgnoredFieldsStayAsTheyAre) {
  const std::string app = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec: {components: [{name: web, type: k8s-objects, properties: {objects: "
                          "[{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: \"1\", b: \"1\"}}]}}]}\n";
  const Compared made(app, observed({box("web", R"(, "data": {"a": "2", "b": "2"})")}), {.ignore = {{.pointer = "/data/a"}}});
  const Step& step = made.plan->steps().back();
  EXPECT_EQ(step.action, Step::Action::update);
  EXPECT_EQ(step.object->at("data").at("a"), "2");
  EXPECT_EQ(step.object->at("data").at("b"), "1");
}

// The application holds one object; `ignore` are pointers that are left alone. The object of the update.
boost::json::value updated(const std::string& wanted, const std::string& there, const std::vector<std::string>& ignore) {
  const std::string app = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec: {components: [{name: web, type: k8s-objects, properties: {objects: [" + wanted + "]}}]}\n";
  PlanOptions options;
  for (const std::string& pointer : ignore) options.ignore.push_back({.pointer = pointer});
  const Compared made(app, observed({there}), options);
  if (!made.plan || made.plan->empty()) return boost::json::value(made.problems.text() + "no step");
  return *made.plan->steps().back().object;
}

std::string labelled(const std::string& kind, const std::string& more) {
  return R"({"apiVersion": "v1", "kind": ")" + kind + R"(", "metadata": {"name": "web", "namespace": "default", "labels": {"app.oam.dev/name": "app", "app.oam.dev/component": "web"}}, )" + more + "}";
}

std::string pod(const std::string& lists) { return R"({"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": "web"}, "template": {"spec": {)" + lists + "}}}"; }
std::string pod_there(const std::string& lists) { return labelled("PodTemplate", R"("template": {"spec": {)" + lists + "}}"); }

// Elements are found by their keys, as the comparison finds them.
TEST(Changes, IgnoredFieldsOfListsAreThoseOfTheSameElement) {
  const std::string wanted = pod(R"("hostname": "h", "containers": [{"name": "c", "image": "i:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}])");
  const std::string there = pod_there(R"("containers": [{"name": "mesh", "image": "m:9"}, {"name": "c", "image": "i:7", "env": [{"name": "B", "value": "8"}, {"name": "A", "value": "9"}]}])");
  const auto made = updated(wanted, there, {"/template/spec/containers/0/image", "/template/spec/containers/*/env/*/value"});
  EXPECT_EQ(made.at("template").at("spec"),
            *json(R"({"hostname": "h", "containers": [{"name": "c", "image": "i:7", "env": [{"name": "A", "value": "9"}, {"name": "B", "value": "8"}]}]})"));
}

TEST(Changes, AnIndexBeyondTheWantedListIsOneOfTheObserved) {
  const std::string wanted = pod(R"("hostname": "h", "containers": [{"name": "c", "image": "i:1"}, {"name": "new", "image": "n:1"}])");
  const std::string there = pod_there(R"("containers": [{"name": "c", "image": "i:1"}, {"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}])");
  EXPECT_EQ(updated(wanted, there, {"/template/spec/containers/2"}).at("template").at("spec").at("containers"),
            *json(R"([{"name": "c", "image": "i:1"}, {"name": "new", "image": "n:1"}, {"name": "b", "image": "b:1"}])"));
  EXPECT_EQ(updated(wanted, there, {"/template/spec/containers/1"}).at("template").at("spec").at("containers"), *json(R"([{"name": "c", "image": "i:1"}])"));
  EXPECT_EQ(updated(wanted, there, {"/template/spec/containers/*/image"}).at("template").at("spec").at("containers"),
            *json(R"([{"name": "c", "image": "i:1"}, {"name": "new", "image": "n:1"}])"));
}

TEST(Changes, IgnoredFieldsThatAreNotThereAreLeftOut) {
  const std::string wanted = R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "labels": {"new": "1"}}, "data": {"a": "1", "b": "1"}})";
  EXPECT_EQ(updated(wanted, labelled("ConfigMap", R"("data": {"a": "8", "c": "9"})"), {"/data/*"}).at("data"), *json(R"({"a": "8", "c": "9"})"));
  EXPECT_EQ(updated(wanted, labelled("ConfigMap", R"("data": {"a": "8"})"), {"/data/b"}).at("data"), *json(R"({"a": "1"})"));
  EXPECT_FALSE(updated(wanted, labelled("ConfigMap", R"("binaryData": {})"), {"/data/*"}).as_object().contains("data"));
  EXPECT_TRUE(updated(wanted, labelled("ConfigMap", R"("data": {"a": "8"})"), {"/metadata/labels"}).at("metadata").at("labels") == *json(R"({"app.oam.dev/name": "app", "app.oam.dev/component": "web"})"));
  const auto secret = updated(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "stringData": {"a": "1", "b": "1"}})", labelled("Secret", R"("data": {"a": "OA=="})"), {"/stringData/a"});
  EXPECT_EQ(secret.at("data"), *json(R"({"a": "OA==", "b": "MQ=="})"));
  EXPECT_FALSE(secret.as_object().contains("stringData"));
}

// An update keeps what the cluster has chosen: clusterIP: "" is no wish for another address.
TEST(Changes, WhatIsLeftToTheClusterStaysInAnUpdate) {
  const std::string wanted = R"({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"clusterIP": "", "selector": {"a": "c"}, "ports": [{"port": 80, "nodePort": 0}, {"port": 81, "nodePort": 30081}]}})";
  const auto made = updated(wanted, labelled("Service", R"("spec": {"clusterIP": "10.0.0.1", "selector": {"a": "b"}, "ports": [{"port": 81, "nodePort": 30082}, {"port": 80, "nodePort": 30001}]})"), {});
  EXPECT_EQ(made.at("spec"), *json(R"({"clusterIP": "10.0.0.1", "selector": {"a": "c"}, "ports": [{"port": 80, "nodePort": 30001}, {"port": 81, "nodePort": 30081}]})"));
}

TEST(Changes, SurviveJson) {
  const Compared made(boxes("web:"), observed({box("web", R"(, "data": {"a": "2"})"), box("old")}));
  Diagnostics problems;
  const auto again = Plan::parse(made.plan->json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->hash(), made.plan->hash());
  EXPECT_EQ(again->text(), made.plan->text());
  EXPECT_EQ(again->json(), made.plan->json());
}

TEST(Changes, AStatusThatMovesOnIsNoOtherPlan) {
  const auto seen = [](const char* version, const char* phase) {
    std::string object = box("old", std::string(R"(, "status": {"phase": ")") + phase + R"("})");
    return observed({object.insert(object.find("\"name\""), std::string(R"("resourceVersion": ")") + version + "\", ")});
  };
  const Compared a(boxes("web:"), seen("1", "Active")), b(boxes("web:"), seen("2", "Idle"));
  ASSERT_TRUE(a.plan && b.plan) << a.problems << b.problems;
  EXPECT_EQ(a.plan->hash(), b.plan->hash());
  EXPECT_NE(a.plan->json(), b.plan->json());
}

// What a plan says is what a cluster has after it.
TEST(Changes, CarriedOutLeaveNothingToDo) {
  const std::string before = boxes("web: db\ndb:\nold: web"), after = boxes("web: db new\ndb:\nnew:");
  hosts::Memory host;
  oam::Run first(*Path(before).plan, {.id = "first"});
  ASSERT_TRUE(drive(first, host, host).ok);
  Path path(after);
  const auto change = oam::plan(*path.model, host.observe(), {}, path.problems);
  ASSERT_TRUE(change) << path.problems;
  oam::Run second(*change, {.id = "second"});
  ASSERT_TRUE(drive(second, host, host).ok);
  const auto nothing = oam::plan(*path.model, host.observe(), {}, path.problems);
  EXPECT_TRUE(nothing->empty()) << nothing->text();
}

}  // namespace
}  // namespace oam::tests
