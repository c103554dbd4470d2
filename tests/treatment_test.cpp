// What policies say about objects, and how components are copied.
#include <gmock/gmock.h>

#include <stdexcept>

#include <oam/json.hpp>
#include <oam/oam.hpp>

namespace oam {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kDefinitions[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {apiVersion: "v1", kind: "Box", metadata: name: "\(context.name)\(context.replicaKey)"}
        parameter: {...}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: lid}
spec:
  schematic: {cue: {template: "outputs: lid: {apiVersion: \"v1\", kind: \"Lid\", metadata: name: \"lid-\\(context.name)\\(context.replicaKey)\"}"}}
---
)yaml";

constexpr char kHead[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - {name: a, type: box, traits: [{type: lid}]}
  - {name: b, type: box}
  policies:
)yaml";

struct Resolved {
  std::optional<Model> model;
  Diagnostics problems;
};

Resolved resolved(const std::string& policies, const std::string& beside = "", bool lenient = false) {
  Resolved made;
  const auto app = load(Source{"shop.yaml", kDefinitions + beside + kHead + policies}, made.problems);
  if (app) made.model = resolve(*app, Catalog::standard(), {.lenient = lenient}, made.problems);
  if (!made.model) throw std::runtime_error(made.problems.text());   // nothing to look at
  return made;
}

const Treatment& treatment(const Resolved& of, std::string_view component, std::string_view kind) {
  for (const Resource& r : of.model->resources())
    if (r.component == component && r.kind == kind) return r.treatment;
  static const Treatment none;
  ADD_FAILURE() << "there is no " << kind << " of " << component;
  return none;
}

TEST(Treatment, TheFirstRuleThatFitsCounts) {
  const Resolved all = resolved(R"yaml(  - name: gc
    type: garbage-collect
    properties:
      keepLegacyResource: true
      rules:
      - {selector: {traitTypes: [lid]}, strategy: never}
      - {selector: {componentNames: [a]}, strategy: onAppDelete, propagation: orphan}
)yaml");
  EXPECT_EQ(treatment(all, "a", "Lid").collect, Treatment::Collect::never);
  EXPECT_EQ(treatment(all, "a", "Box").collect, Treatment::Collect::on_delete);
  EXPECT_EQ(treatment(all, "a", "Box").propagation, Treatment::Propagation::orphan);
  EXPECT_EQ(treatment(all, "b", "Box"), Treatment());
  EXPECT_TRUE(all.model->housekeeping().keep_legacy);
}

TEST(Treatment, AllThatASelectorSaysMustFit) {
  const Resolved all = resolved(R"yaml(  - name: ro
    type: read-only
    properties: {rules: [{selector: {componentNames: [a, b], resourceTypes: [Box], oamTypes: [COMPONENT]}}]}
  - name: own
    type: take-over
    properties: {rules: [{selector: {componentTypes: [box]}}]}
)yaml");
  EXPECT_TRUE(treatment(all, "a", "Box").read_only);
  EXPECT_TRUE(treatment(all, "b", "Box").take_over);
  EXPECT_FALSE(treatment(all, "a", "Lid").read_only);
  EXPECT_FALSE(treatment(all, "a", "Lid").take_over);   // a trait's object has no component type
}

TEST(Treatment, ApplyOnceWithoutRulesIsAboutAll) {
  const Resolved all = resolved("  - {name: once, type: apply-once, properties: {enable: true}}\n");
  ASSERT_TRUE(treatment(all, "a", "Lid").apply_once);
  EXPECT_THAT(treatment(all, "a", "Lid").apply_once->paths, ElementsAre("*"));
  const Resolved some = resolved(R"yaml(  - name: once
    type: apply-once
    properties: {enable: true, rules: [{selector: {componentNames: [b]}, strategy: {path: [spec.replicas], affect: onStateKeep}}]}
)yaml");
  EXPECT_FALSE(treatment(some, "a", "Box").apply_once);
  EXPECT_EQ(treatment(some, "b", "Box").apply_once->affects, Treatment::Affects::on_state_keep);
}

std::string complaint(const std::string& properties) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", std::string(kDefinitions) + kHead + "  - {name: gc, type: garbage-collect, properties: " + properties + "}\n"}, problems);
  EXPECT_FALSE(resolve(*app, Catalog::standard(), {}, problems));
  return problems.text();
}

TEST(Treatment, WhatIsWrittenWronglyIsToldAtItsPlace) {
  const std::string values = complaint("{keepLegacyResource: perhaps, rules: [{selector: {}, strategy: seldom}]}");
  EXPECT_THAT(values, HasSubstr("= at /spec/policies/0/properties/keepLegacyResource"));
  EXPECT_THAT(values, HasSubstr("= at /spec/policies/0/properties/rules/0/strategy"));
  const std::string name = complaint("{rulse: []}");
  EXPECT_THAT(name, HasSubstr("no parameter \"rulse\""));
  EXPECT_THAT(name, HasSubstr("did you mean \"rules\""));
}

TEST(Treatment, ANameMatchesAPartOfOneOnlyWithLenient) {
  constexpr char kPolicies[] = R"yaml(  - {name: o, type: override, properties: {components: [{name: a, properties: {size: 1}}]}}
  workflow:
    steps: [{name: go, type: deploy, properties: {policies: [o]}}]
)yaml";
  std::string text = std::string(kDefinitions) + kHead + kPolicies;
  text.replace(text.find("name: b,"), 8, "name: ab,");
  Diagnostics strict, lenient;
  EXPECT_TRUE(resolve(*load(Source{"shop.yaml", text}, strict), Catalog::standard(), {}, strict));
  EXPECT_EQ(strict.total(), 0u) << strict.text();
  EXPECT_TRUE(resolve(*load(Source{"shop.yaml", text}, lenient), Catalog::standard(), {.lenient = true}, lenient));
  ASSERT_EQ(lenient.total(), 1u);
  EXPECT_EQ(lenient.items()[0].code, "loose-override");
}

TEST(Treatment, AComponentIsCopiedForEachKey) {
  const Resolved all = resolved(R"yaml(  - {name: twice, type: replication, properties: {keys: [x, z], selector: [a]}}
  workflow:
    steps: [{name: go, type: deploy, properties: {policies: [twice]}}]
)yaml");
  std::vector<std::string> names;
  for (const Resource& r : all.model->resources())
    if (r.kind == "Box") names.push_back(r.name + ' ' + r.replica);
  EXPECT_THAT(names, ElementsAre("ax x", "az z", "b "));
}

TEST(Treatment, ASelectorNamesComponentsAsAnOverrideDoes) {
  const Resolved all = resolved(R"yaml(  - {name: some, type: override, properties: {selector: ["a*"]}}
  - {name: twice, type: replication, properties: {keys: [x, z], selector: ["*"]}}
  workflow:
    steps: [{name: go, type: deploy, properties: {policies: [some, twice]}}]
)yaml");
  std::vector<std::string> names;
  for (const Resource& r : all.model->resources())
    if (r.kind == "Box") names.push_back(r.name);
  EXPECT_THAT(names, ElementsAre("ax", "az"));
  EXPECT_THAT([] { resolved("  - {name: some, type: override, properties: {selector: [\"x*\"]}}\n"); }, testing::ThrowsMessage<std::runtime_error>(HasSubstr("selects component \"x*\", which does not exist")));
}

// What is wrong with two copies a and b of a component that puts out `ip`.
Diagnostics copied(const std::string& beside, bool lenient = false) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: "output: {apiVersion: \"v1\", kind: \"Box\", metadata: name: context.name + context.replicaKey}\nparameter: {...}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: lid}
spec:
  schematic: {cue: {template: "outputs: lid: {apiVersion: \"v1\", kind: \"Lid\", metadata: name: context.name}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  policies: [{name: twice, type: replication, properties: {keys: [a, b], selector: [web]}}]
  workflow: {steps: [{name: go, type: deploy, properties: {policies: [twice]}}]}
  components:
)yaml" + beside}, problems);
  if (app) resolve(*app, Catalog::standard(), {.lenient = lenient}, problems);
  return problems;
}

TEST(Treatment, CopiesOfOneNameAreToldAsCopies) {
  const Diagnostics problems = copied("  - {name: web, type: box, traits: [{type: lid}]}\n");
  ASSERT_EQ(problems.total(), 1u) << problems;
  EXPECT_EQ(problems.items()[0].code, "duplicate-resource");
  EXPECT_EQ(problems.items()[0].message, "Lid \"web\" is rendered by the copies a and b of component \"web\"");
}

TEST(Treatment, AnOutputOfCopiesIsNobodys) {
  const std::string text = "  - {name: web, type: box, outputs: [{name: ip, valueFrom: output.status.ip}]}\n  - {name: use, type: box, inputs: [{from: ip, parameterKey: to}]}\n";
  const Diagnostics problems = copied(text);
  ASSERT_EQ(problems.errors(), 1u) << problems;
  EXPECT_EQ(problems.items()[0].code, "duplicate-output");
  EXPECT_EQ(problems.items()[0].message, "output \"ip\" is put out by each copy of component \"web\", by a and by b");
  EXPECT_EQ(copied(text, true).errors(), 0u);
}

constexpr char kRendering[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: PolicyDefinition
metadata: {name: guard}
spec:
  schematic:
    cue:
      template: |
        output: {apiVersion: "v1", kind: "ConfigMap", data: to: parameter.to}
        outputs: {
          token: {apiVersion: "v1", kind: "Secret", metadata: name: "token-of-" + parameter.to}
          account: {apiVersion: "v1", kind: "ServiceAccount"}
        }
        parameter: to: string
---
)yaml";

TEST(Treatment, APolicyRendersItsOutputAndItsOutputs) {
  const Resolved all = resolved("  - {name: g, type: guard, properties: {to: x}}\n", kRendering);
  std::vector<std::string> names;
  for (const Resource& r : all.model->resources())
    if (r.role == Resource::Role::policy) names.push_back(r.kind + ' ' + r.name + ' ' + std::string(r.object->at_pointer("/metadata/labels/app.oam.dev~1component").as_string()));
  EXPECT_THAT(names, ElementsAre("ConfigMap g g", "Secret token-of-x g", "ServiceAccount g g"));
}

TEST(Treatment, WhatAPolicyRendersIsThePolicys) {
  const Resolved all = resolved("  - {name: g, type: guard, properties: {to: x}}\n", kRendering);
  for (const Resource& r : all.model->resources()) {
    if (r.role != Resource::Role::policy) continue;
    EXPECT_EQ(r.policy, "g");
  }
}

TEST(Treatment, APolicyThatLacksAParameterIsToldWhich) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", std::string(kDefinitions) + kRendering + kHead + "  - {name: g, type: guard, properties: {}}\n"}, problems);
  EXPECT_FALSE(resolve(*app, Catalog::standard(), {}, problems));
  ASSERT_EQ(problems.errors(), 1u) << problems;
  EXPECT_EQ(problems.items()[0].code, "missing-parameter");
  EXPECT_EQ(problems.items()[0].message, "parameter to (string) is not given");
  EXPECT_EQ(problems.items()[0].pointer, "/spec/policies/0/properties");
  EXPECT_EQ(problems.items()[0].related.size(), 1u);
}

constexpr char kScoped[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: PolicyDefinition
metadata: {name: team}
spec:
  scope: Application
  schematic:
    cue:
      template: |
        parameter: {team: string, active: *true | bool}
        enabled: parameter.active
        output: {
          labels: "team": parameter.team
          ctx: owner: parameter.team
          components: [for c in context.appComponents if c.name != "b" {c}]
        }
---
)yaml";

// What it would have given them they lack only because of it.
TEST(Treatment, ComponentsThatAWrongPolicyWouldHaveChangedAreNotJudged) {
  constexpr char kMore[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: crate}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: "output: {apiVersion: \"v1\", kind: \"Crate\", size: parameter.size}\nparameter: size: int"}}
---
apiVersion: core.oam.dev/v1beta1
kind: PolicyDefinition
metadata: {name: sizes}
spec:
  scope: Application
  schematic:
    cue:
      template: |
        parameter: size: int
        output: components: [for c in context.appComponents {
          name: c.name, type: c.type
          if c.name == "one" {properties: size: parameter.size}
        }]
---
)yaml";
  Diagnostics problems;
  const std::string head = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components: [{name: one, type: crate}, {name: two, type: crate}]\n";
  const auto app = load(Source{"shop.yaml", kMore + head + "  policies: [{name: s, type: sizes, properties: {}}]\n"}, problems);
  EXPECT_FALSE(resolve(*app, Catalog::standard(), {}, problems));
  std::vector<std::string> found;
  for (const Diagnostic& each : problems.items()) found.push_back(std::string(each.code) + ' ' + each.pointer);
  EXPECT_THAT(found, ElementsAre("missing-parameter /spec/components/1", "missing-parameter /spec/policies/0/properties"));
}

TEST(Treatment, APolicyOfScopeApplicationChangesTheApplication) {
  const Resolved all = resolved("  - {name: t, type: team, properties: {team: red}}\n", kScoped);
  ASSERT_EQ(all.model->application().components().size(), 1u);
  EXPECT_EQ(all.model->resources()[0].object->at("metadata").at("labels").at("team"), "red");
  const Resolved off = resolved("  - {name: t, type: team, properties: {team: red, active: false}}\n", kScoped);
  EXPECT_EQ(off.model->application().components().size(), 2u);
}

TEST(Treatment, AnApplicationThatAPolicyChangesStaysInItsNamespace) {
  const std::string text = kDefinitions + std::string(kScoped) + kHead + "  - {name: t, type: team, properties: {team: red}}\n";
  for (const char* space : {"default", "shops"}) {
    Diagnostics problems;
    LoadOptions options;
    options.namespace_ = space;
    const auto model = resolve(*load(Source{"shop.yaml", text}, problems, options), Catalog::standard(), {}, problems);
    ASSERT_TRUE(model) << problems.text();
    EXPECT_EQ(model->application().namespace_(), space);
    EXPECT_EQ(model->resources()[0].namespace_, space);
  }
}

}  // namespace
}  // namespace oam
