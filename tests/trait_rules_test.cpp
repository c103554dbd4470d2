// Which traits go with which workloads, and with each other.
#include <gmock/gmock.h>

#include <oam/oam.hpp>

namespace oam {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHead[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box, labels: {size: large, kind: box}}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: "output: {apiVersion: \"apps/v1\", kind: \"Deployment\"}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: door, labels: {kind: door}}
spec:
  schematic: {cue: {template: "outputs: door: {apiVersion: \"networking.k8s.io/v1\", kind: \"Ingress\", metadata: name: \"door\"}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components: [{name: web, type: box, traits: [{type: lid}, {type: door}]}]
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: lid}
spec:
  schematic: {cue: {template: "patch: metadata: annotations: lid: \"on\""}}
  )yaml";

// What is wrong with a trait `lid` on a component `box`, a Deployment, beside a trait `door`, an Ingress.
std::vector<std::string> codes(const std::string& field, const std::string& entry) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", kHead + field + ": ['" + entry + "']\n"}, problems);
  if (app) resolve(*app, {}, {}, problems);
  std::vector<std::string> all;
  for (const Diagnostic& each : problems.items()) all.emplace_back(each.code);
  return all;
}

TEST(TraitRules, AKindMayBeWrittenInManyWays) {
  for (const char* each : {"*", "box", "Deployment", "deployments.apps", "deployment.apps", "Deployment.apps", "deployments.apps/v1", "apps/v1.Deployment",
                           "*.apps", "labelSelector:size=large", "labelSelector:size in (small, large),kind==box,!lid"})
    EXPECT_THAT(codes("appliesToWorkloads", each), IsEmpty()) << each;
  for (const char* each : {"web", "StatefulSet", "deployments", "deployments.apps/v2", "apps/v2.Deployment", "*.batch", "labelSelector:size=small",
                           "labelSelector:size notin (large)", "labelSelector:!size", "labelSelector:"})
    EXPECT_THAT(codes("appliesToWorkloads", each), ElementsAre("trait-not-applicable")) << each;
}

TEST(TraitRules, ATraitConflictsWithWhatAnotherOneRenders) {
  for (const char* each : {"door", "Ingress", "ingresses.networking.k8s.io", "*.networking.k8s.io", "labelSelector:kind=door", "labelSelector:kind notin (box)"})
    EXPECT_THAT(codes("conflictsWith", each), ElementsAre("trait-conflict")) << each;
  for (const char* each : {"lid", "box", "Deployment", "*.apps", "labelSelector:kind=box", "labelSelector:kind!=door"})
    EXPECT_THAT(codes("conflictsWith", each), IsEmpty()) << each;
}

constexpr char kNaming[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: guard}
spec:
  workloadRefPath: spec.of[0].ref
  schematic: {cue: {template: 'outputs: g: {apiVersion: "v1", kind: "Guard"}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components: [{name: web, type: webservice, properties: {image: nginx}, traits: [{type: guard}]}]
)yaml";

TEST(TraitRules, TheListThatNamesAWorkloadIsMade) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", kNaming}, problems);
  const auto model = app ? resolve(*app, Catalog::standard(), {}, problems) : std::nullopt;
  ASSERT_TRUE(model) << problems.text();
  EXPECT_EQ(model->resources()[1].object->at("spec").at("of").at(0).at("ref").at("name"), "web");
}

}  // namespace
}  // namespace oam
