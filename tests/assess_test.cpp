#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/assess.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

Observed observed(std::vector<std::string_view> objects) {
  std::vector<Value> values;
  for (const auto object : objects) values.push_back(json(object));
  return Observed(std::move(values));
}

// What the model renders, as a cluster holds it: with the fields of `changes` laid over it.
Value held(const Model& model, std::size_t resource, std::string_view changes = "{}") {
  boost::json::object object = model.resources()[resource].object->as_object();
  const Value over = json(changes);
  for (const auto& field : over->as_object()) object[field.key()] = field.value();
  return share(std::move(object));
}

const char* const kShop = R"(
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: db}, data: {a: "1"}}]}
  - name: web
    type: k8s-objects
    properties: {objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3}}]}
)";
TEST(Assess, MissesWhatIsNotThere) {
  const Assessment state = assess(*Path(kShop).model, observed({}));
  EXPECT_EQ(state.health, Health::missing);
  EXPECT_FALSE(state.complete());
}

// They come and go: a hook that has been deleted, or has not had its turn, is missed by nobody.
TEST(Assess, MissesNoHooks) {
  const Path shop(std::string(kShop) + "  - name: jobs\n    type: k8s-objects\n    properties: {objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: migrate, annotations: {helm.sh/hook: pre-upgrade}}}]}\n");
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), held(*shop.model, 1)}));
  EXPECT_EQ(state.expected, 2u);
  EXPECT_NE(state.health, Health::missing);
}

TEST(Assess, TellsHowItStands) {
  const Path shop(kShop);
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0),
      held(*shop.model, 1, R"({"status": {"replicas": 3, "updatedReplicas": 1}, "spec": {"replicas": 4}})")}));
  EXPECT_EQ(state.text(),
            "shop                  Progressing  2 of 2 resources\n"
            "├─ db                 Healthy\n"
            "│  └─ ConfigMap db    Healthy\n"
            "└─ web                Progressing\n"
            "   └─ Deployment web  Progressing  3 of 4 created, drifted\n"
            "\ndrifted:\n"
            "  web, Deployment web\n"
            "    spec.replicas: 3, observed 4\n");
  EXPECT_EQ(state.diff(), "~ web, Deployment web\n    spec.replicas: 3, observed 4\n\nshop: 1 to change, 1 as wanted\n");
}

TEST(Assess, SeesDriftInWhatWeSetAndInNothingElse) {
  const Path shop(kShop);
  const auto drifted = [&](std::string_view changes) {
    return assess(*shop.model, Observed({held(*shop.model, 0, changes)})).components[0].resources[0].drifted;
  };
  EXPECT_FALSE(drifted("{}"));
  EXPECT_FALSE(drifted(R"({"data": {"a": "1", "b": "2"}, "status": {}})"));
  EXPECT_TRUE(drifted(R"({"data": {"a": "2"}})"));
  EXPECT_TRUE(drifted(R"({"data": {}})"));
}

TEST(Assess, IsAsHealthyAsItsWorstPart) {
  const Path shop(kShop);
  const char* const stuck = R"({"status": {"conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]}})";
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), held(*shop.model, 1, stuck)}));
  EXPECT_EQ(state.health, Health::degraded);
  EXPECT_EQ(state.components[0].health, Health::healthy);
}

TEST(Assess, IsCompleteOnlyWithoutWhatIsNoPartAnyMore) {
  const Path shop(kShop);
  const Value old = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "old", "namespace": "default", "labels": {"app.oam.dev/name": "shop"}}})");
  const Value foreign = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other", "namespace": "default"}})");
  const Value part = json(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1", "namespace": "default", "labels": {"app.oam.dev/name": "shop"}, "ownerReferences": [{"uid": "1"}]}})");
  const InventoryEntry entry{"v1", "ConfigMap", "default", "other", "db", nullptr, {}};
  const std::vector<Value> all{held(*shop.model, 0), held(*shop.model, 1), old, foreign, part};
  EXPECT_EQ(assess(*shop.model, Observed(all)).extra, std::vector<std::string>{"ConfigMap/default.old"});
  const Assessment remembered = assess(*shop.model, Observed(all, {entry}));
  EXPECT_EQ(remembered.extra, (std::vector<std::string>{"ConfigMap/default.old", "ConfigMap/default.other"}));
  EXPECT_FALSE(remembered.complete());
  EXPECT_EQ(remembered.present, remembered.expected);
}

// A plan forgets it and leaves it alone.
TEST(Assess, LeavesWhatAnotherApplicationHasTakenOver) {
  const Path shop(kShop);
  const Value taken = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "old", "namespace": "default", "labels": {"app.oam.dev/name": "blog"}}})");
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), held(*shop.model, 1), taken}, {{"v1", "ConfigMap", "default", "old", "db", nullptr, {}}}));
  EXPECT_TRUE(state.complete());
}

// Delete one: completeness falls, the health of the others does not.
TEST(Assess, TellsCompletenessApartFromHealth) {
  const Path shop(kShop);
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0)}));
  EXPECT_EQ(state.present, 1u);
  EXPECT_EQ(state.components[0].health, Health::healthy);
  EXPECT_EQ(state.components[1].health, Health::missing);
}

TEST(Assess, ReportsWhatIsAssumedAndBlamesNobody) {
  const char* const text = R"(
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: web
    type: k8s-objects
    properties:
      objects:
      - {apiVersion: v1, kind: Secret, metadata: {name: own}}
      - {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {imagePullSecrets: [{name: pull}], containers: [{name: web,
          envFrom: [{secretRef: {name: own}}, {configMapRef: {name: theirs}}, {configMapRef: {name: may, optional: true}}]}]}}
)";
  const Path shop(text);
  const Value theirs = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs", "namespace": "default"}})");
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), held(*shop.model, 1, R"({"status": {"phase": "Succeeded"}})"), theirs}));
  EXPECT_EQ(state.health, Health::healthy);
  ASSERT_EQ(state.assumed.size(), 2u);
  EXPECT_EQ(state.assumed[0].name + " " + std::string(name_of(state.assumed[0].health)), "theirs Healthy");
  EXPECT_EQ(state.assumed[1].name + " " + std::string(name_of(state.assumed[1].health)), "pull Missing");
  EXPECT_EQ(state.assumed[1].used_by, std::vector<std::string>{"web"});
}

// It was applied before and is wanted no more, so that it goes: that a pod uses it still makes it nobody else's.
TEST(Assess, WhatIsExtraIsNotAssumedToo) {
  const char* const text = R"(
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: web
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, envFrom: [{secretRef: {name: old}}]}]}}]}
)";
  const Path shop(text);
  const Value old = json(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "old", "namespace": "default"}})");
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), old}, {{"v1", "Secret", "default", "old", "db", nullptr, {}}}));
  EXPECT_EQ(state.extra, std::vector<std::string>{"Secret/default.old"});
  EXPECT_TRUE(state.assumed.empty());
}

// A definition with a health policy decides for its workload, whatever the kind says.
TEST(Assess, AsksTheDefinition) {
  const char* const text = R"yaml(
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {definition: {apiVersion: v1, kind: ConfigMap}}
  schematic: {cue: {template: "output: {apiVersion: \"v1\", kind: \"ConfigMap\", data: want: parameter.want}, parameter: want: string"}}
  status:
    healthPolicy: 'isHealth: context.output.data.have == parameter.want'
    customStatus: 'message: "has \(context.output.data.have)"'
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app}
spec: {components: [{name: web, type: box, properties: {want: a}}]}
)yaml";
  const Path app(text);
  ASSERT_TRUE(app.model) << app.problems;
  Diagnostics problems;
  const auto state = [&](std::string_view data) {
    const Assessment made = assess(*app.model, Observed({held(*app.model, 0, data)}), {.catalog = Catalog::standard()}, problems);
    return std::string(name_of(made.health)) + ": " + made.components[0].message;
  };
  EXPECT_EQ(state(R"({"data": {"have": "a", "want": "a"}})"), "Healthy: has a");
  EXPECT_EQ(state(R"({"data": {"have": "b", "want": "a"}})"), "Progressing: has b");
  EXPECT_TRUE(problems.empty()) << problems;
  state(R"({"data": {"want": "a"}})");
  EXPECT_FALSE(problems.empty());
}

TEST(Assess, IgnoresWhatItIsTold) {
  const Path shop(kShop);
  IgnoreRule rule;
  ASSERT_TRUE(IgnoreRule::parse("Deployment.apps/web:/spec/replicas", rule));
  Diagnostics problems;
  const Observed some({held(*shop.model, 0), held(*shop.model, 1, R"({"spec": {"replicas": 5}})")});
  EXPECT_EQ(assess(*shop.model, some).drifted(), 1u);
  EXPECT_EQ(assess(*shop.model, some, {.ignore = {rule}}, problems).drifted(), 0u);
}

}  // namespace
}  // namespace oam::tests
