#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/testing.hpp>

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

TEST(Application, AComponentDefinitionMayNameItsWorkloadDefinition) {
  const std::string definitions = R"(---
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: foo}
spec: {workload: {type: foos}}
---
apiVersion: core.oam.dev/v1beta1
kind: WorkloadDefinition
metadata: {name: foos}
spec: {definitionRef: {name: foos.example.com}}
)";
  const std::string crd = R"(---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec: {group: example.com, scope: Cluster, names: {plural: foos, kind: Foo}, versions: [{name: v1}]}
)";
  const std::string text = kHead + "  components: [{name: web, type: foo, properties: {spec: {}}}]\n" + definitions;
  EXPECT_EQ(Path(text + crd).steps(), "web/render\nweb/apply/Foo.example.com/web\n");
  EXPECT_EQ(Path(text).codes(), "missing-kind");
}

TEST(Application, PartialGoesOnToFindMore) {
  LoadOptions options;
  options.partial = true;
  Diagnostics problems;
  const std::string text = boxes("web: db\ndb: web") + "  - {name: end, type: k8s-object, bogus: 1, traits: [{type: none}]}\n";
  const auto application = load(Source{"app.yaml", text}, problems, options);
  ASSERT_TRUE(application) << problems;
  const auto model = resolve(*application, Catalog::standard(), {.cluster = "", .lenient = false, .partial = true}, problems);
  ASSERT_TRUE(model) << problems;
  EXPECT_FALSE(graph(*model, problems));
  std::vector<std::string_view> codes;
  for (const Diagnostic& d : problems.items()) codes.push_back(d.code);
  EXPECT_THAT(codes, ::testing::UnorderedElementsAre("dependency-cycle", "unknown-field", "unknown-type", "unknown-trait")) << problems;
}

TEST(Application02, ARequiredParameterIsMissed) {
  std::string text = kOld;
  text.replace(text.find("{name: image, value: \"nginx:1\"}, "), 33, "");
  EXPECT_EQ(Path(text).codes(), "missing-parameter");
}

TEST(Application02, ATraitIsChosenByLabel) {
  const std::string definitions = R"(---
apiVersion: core.oam.dev/v1alpha2
kind: WorkloadDefinition
metadata: {name: containerizedworkloads.core.oam.dev, labels: {scalable: "true"}}
spec: {definitionRef: {name: containerizedworkloads.core.oam.dev}}
---
apiVersion: core.oam.dev/v1alpha2
kind: TraitDefinition
metadata: {name: manualscalertraits.core.oam.dev}
spec: {appliesToWorkloads: ["labelSelector:scalable=true"], definitionRef: {name: manualscalertraits.core.oam.dev}}
)";
  EXPECT_EQ(Path(kOld + definitions).codes(), "");
  std::string other = definitions;
  other.replace(other.find("\"true\""), 6, "\"no\"");
  EXPECT_EQ(Path(kOld + other).codes(), "trait-not-applicable");
}

const std::string kStore = R"(apiVersion: core.oam.dev/v1alpha2
kind: Component
metadata: {name: source}
spec: {workload: {apiVersion: example.com/v1, kind: Foo, metadata: {name: source}, spec: {mode: quick}}}
---
apiVersion: core.oam.dev/v1alpha2
kind: ApplicationConfiguration
metadata: {name: app}
spec:
  components:
  - componentName: source
    dataOutputs:
    - outputStore:
        apiVersion: v1
        kind: ConfigMap
        name: store
        operations:
        - {op: add, toFieldPath: data.always, value: '"a"', conditions: [{op: eq, value: '"a"'}]}
        - {op: add, toFieldPath: data.never, value: '"n"', conditions: [{op: eq, value: other}]}
        - {op: add, toFieldPath: data.fast, value: '"f"', conditions: [{op: eq, fieldPath: spec.mode, value: quick}]}
)";

TEST(Application02, ALiteralIsWrittenWhenItsConditionHolds) {
  Path path(kStore, lenient());
  ASSERT_TRUE(path.plan) << path.problems;
  const Step& store = path.plan->steps().back();
  ASSERT_EQ(store.more->inputs.size(), 2u);   // what can never be is left out
  EXPECT_EQ(store.more->inputs[0].from, Fill::kLiteral);
  EXPECT_EQ(path.plan->steps()[store.more->inputs[1].from].id, "source/apply/Foo.example.com/source");
  oam::Run run(*path.plan, {.id = "r"});
  testing::VirtualClock clock;
  hosts::Memory host;
  EXPECT_TRUE(drive(run, host, clock).ok);
  EXPECT_EQ(host.observe().find("v1", "ConfigMap", "default", "store")->at("data"), (boost::json::value{{"always", "a"}, {"fast", "f"}}));
}

TEST(Application02, ALiteralWhoseConditionNeverHoldsEndsTheRun) {
  std::string text = kStore;
  text.replace(text.find("quick}}"), 5, "slow");
  Path path(text, lenient());
  oam::Run run(*path.plan, {.id = "r"});
  testing::VirtualClock clock;
  hosts::Memory host;
  const Done done = drive(run, host, clock);
  ASSERT_FALSE(done.ok);
  EXPECT_THAT(done.reasons[0], ::testing::HasSubstr("if spec.mode = \"quick\"), which never came"));
}

TEST(Application02, ConvertsToV1beta1) {
  Path path(kOld);
  const std::string text = path.application->dump(Format::yaml);
  EXPECT_NE(text.find("core.oam.dev/v1beta1"), std::string::npos);
  EXPECT_FALSE(path.application->lost().empty());
}

// What ref-objects means by its name has a part in the application.
TEST(Application, AReferredDocumentIsNotUnused) {
  const std::string object = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: there}\n";
  const std::string used = kHead + "  components:\n  - {name: web, type: ref-objects, properties: {objects: [{resource: configmap, name: there}]}}\n";
  EXPECT_EQ(Path(used + object).codes(), "");
  EXPECT_EQ(Path(kHead + "  components:\n  - {name: web, type: worker, properties: {image: x}}\n" + object).codes(), "unused-document");
}

TEST(Application, AnOverrideMaySayAnExternalRevision) {
  EXPECT_EQ(Path(kHead + "  components:\n  - {name: web, type: worker, properties: {image: x}}\n"
                         "  policies:\n  - {name: o, type: override, properties: {components: [{name: web, externalRevision: v2}]}}\n").codes(), "");
}

}  // namespace
}  // namespace oam::tests
