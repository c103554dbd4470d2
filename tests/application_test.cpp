#include <gtest/gtest.h>

#include "support/document.hpp"

namespace oam::tests {
namespace {

const std::string kHead = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n";

TEST(Application, ReadsComponentsInOrder) {
  Path path(boxes("web: db\ndb:"));
  ASSERT_TRUE(path.application) << path.problems;
  EXPECT_EQ(path.application->components()[0].name, "web");
  EXPECT_EQ(path.application->components()[0].depends_on[0].name, "db");
}

TEST(Application, AnUnknownFieldGetsAHint) {
  Path path(kHead + "  componets: []\n  components: []\n");
  ASSERT_EQ(path.codes(), "unknown-field");
  EXPECT_EQ(path.problems.items()[0].hint, "did you mean \"components\"?");
  EXPECT_EQ(path.problems.items()[0].where.line, 5u);
  EXPECT_EQ(path.problems.items()[0].where.column, 3u);
}

TEST(Application, LenientOnlyWarnsOfUnknownFields) {
  Path path(kHead + "  extra: 1\n  components: []\n", lenient());
  EXPECT_TRUE(path.application);
  EXPECT_EQ(path.problems.warnings(), 1u);
}

TEST(Application, StatusAndServerSetMetadataAreTolerated) {
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: a, uid: x, managedFields: []}\nspec: {components: []}\nstatus: {phase: running}\n");
  EXPECT_TRUE(path.application) << path.problems;
}

TEST(Application, AllMistakesAtOnce) {
  Path path(kHead + "  components:\n  - {name: a, type: k8s-objects, dependsOn: [b]}\n  - {name: -x, type: 3}\n  - {name: a, type: k8s-objects}\n");
  EXPECT_EQ(path.codes(), "unknown-dependency invalid-name wrong-type duplicate-component");
}

TEST(Application, SeveralNeedAChoice) {
  const std::string two = boxes("a:") + "---\n" + boxes("b:").replace(boxes("b:").find("name: app"), 9, "name: two");
  EXPECT_EQ(Path(two).codes(), "several-applications");
  LoadOptions options;
  options.app = "two";
  Path path(two, options);
  ASSERT_TRUE(path.application) << path.problems;
  EXPECT_EQ(path.application->name(), "two");
}

TEST(Application, ListsAreUnpacked) {
  Diagnostics problems;
  const Source source{"l.yaml", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: core.oam.dev/v1beta1\n  kind: Application\n  metadata: {name: a}\n  spec: {components: [], x: 1}\n"};
  EXPECT_FALSE(load(source, problems));
  EXPECT_EQ(problems.items()[0].where.line, 7u) << problems;
}

TEST(Application, TimeoutsHaveNoDays) {
  Path path(kHead + "  components: []\n  workflow: {steps: [{type: suspend, timeout: 1d, subSteps: [{type: x, timeout: 5 m}]}]}\n");
  EXPECT_EQ(path.codes(), "invalid-timeout invalid-timeout");
}

TEST(Application, BuiltInCodeIsTheSameAsRead) {
  Diagnostics problems;
  const auto app = ApplicationBuilder("shop")
                       .component("db", "k8s-objects", R"({"objects":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"db"}}]})")
                       .component("web", "k8s-objects", R"({"objects":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"}}]})")
                       .depends_on("db")
                       .build(problems);
  ASSERT_TRUE(app) << problems;
  EXPECT_EQ(app->components()[1].depends_on[0].name, "db");
}

TEST(Application, DumpReadsBackEqual) {
  Path path(boxes("web: db\ndb:"));
  Path again(path.application->dump(Format::yaml));
  ASSERT_TRUE(again.plan) << again.problems;
  EXPECT_EQ(again.plan->hash(), path.plan->hash());
}

const std::string kOld = R"(apiVersion: core.oam.dev/v1alpha2
kind: Component
metadata: {name: web}
spec:
  workload:
    apiVersion: core.oam.dev/v1alpha2
    kind: ContainerizedWorkload
    spec: {containers: [{name: web, image: none, port: 80}]}
  parameters:
  - {name: image, required: true, fieldPaths: ["spec.containers[0].image"]}
  - {name: port, fieldPaths: ["spec.containers[0].port"]}
---
apiVersion: core.oam.dev/v1alpha2
kind: ApplicationConfiguration
metadata: {name: old}
spec:
  components:
  - componentName: web
    parameterValues: [{name: image, value: "nginx:1"}, {name: port, value: "8080"}]
    traits:
    - trait: {apiVersion: core.oam.dev/v1alpha2, kind: ManualScalerTrait, spec: {replicaCount: 2}}
)";

TEST(Application02, ParametersAreWrittenToTheirFields) {
  Path path(kOld);
  ASSERT_TRUE(path.plan) << path.problems;
  const std::string json = path.plan->json();
  EXPECT_NE(json.find("\"image\":\"nginx:1\""), std::string::npos);
  EXPECT_NE(json.find("\"port\":8080"), std::string::npos);
}

TEST(Application02, ATraitComesAfterItsWorkload) {
  Path path(kOld);
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.plan->steps()[1].id, "web/apply/ContainerizedWorkload.core.oam.dev/web");
  EXPECT_EQ(path.plan->reason(path.plan->steps()[2].needs.back()).rule, "trait-order");
}

TEST(Application02, ARequiredParameterIsMissed) {
  std::string text = kOld;
  text.replace(text.find("{name: image, value: \"nginx:1\"}, "), 33, "");
  EXPECT_EQ(Path(text).codes(), "missing-parameter");
}

TEST(Application02, ConvertsToV1beta1) {
  Path path(kOld);
  const std::string text = path.application->dump(Format::yaml);
  EXPECT_NE(text.find("core.oam.dev/v1beta1"), std::string::npos);
  EXPECT_FALSE(path.application->lost().empty());
}

}  // namespace
}  // namespace oam::tests
