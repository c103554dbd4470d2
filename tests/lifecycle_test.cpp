// Hooks and lanes in plans.
#include <gtest/gtest.h>

#include <oam/json.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

std::string with(const std::string& lines, const std::string& properties) {
  return boxes(lines) + "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n" + properties;
}

std::string hook(const std::string& text) { return "      hooks: [{" + text + ", action: act}]\n"; }

std::string dump_of(const boost::json::value& value) { return dump(value, Format::json, 0); }

// The needs of one step, in order.
std::string needs(const Path& path, std::string_view step) {
  if (!path.plan || !path.plan->find(step)) return path.problems.text() + (path.plan ? path.steps() : "");
  std::string out;
  for (const Need& n : path.plan->steps()[*path.plan->find(step)].needs)
    out += std::string(name_of(n.kind)) + ' ' + path.plan->steps()[n.step].id + '\n';
  return out;
}

TEST(Lifecycle, AHookComesRightBeforeWhatItSelects) {
  Path path(with("web: db\ndb:", hook("name: check, point: before-create, selector: {components: [web]}")));
  EXPECT_EQ(path.steps(), "web/render\ndb/render\ndb/apply/ConfigMap/db\nweb/hook/check\nweb/apply/ConfigMap/web\n") << path.problems;
  EXPECT_EQ(needs(path, "web/hook/check"), "requires web/render\nrequires db/apply/ConfigMap/db\n");
  EXPECT_EQ(needs(path, "web/apply/ConfigMap/web"), "requires web/render\nrequires db/apply/ConfigMap/db\nrequires web/hook/check\n");
}

TEST(Lifecycle, NullStandsForWhatIsNotThere) {
  const std::string nothing = "      lanes: null\n      order: null\n      pace: null\n";
  Path path(with("db:", nothing + hook("name: check, point: before-create, selector: {components: [db], labels: null}, retry: null, if: null, weight: null")));
  EXPECT_EQ(path.steps(), "db/render\ndb/hook/check\ndb/apply/ConfigMap/db\n") << path.problems;
  EXPECT_TRUE(path.problems.empty()) << path.problems;
}

TEST(Lifecycle, LabelsOfASelectorAreTexts) {
  Path path(with("db:", hook("name: check, point: before-create, selector: {labels: {tier: 1}}")));
  ASSERT_FALSE(path.plan);
  EXPECT_NE(path.problems.text().find("\"tier\" has another type"), std::string::npos) << path.problems;
}

TEST(Lifecycle, WhatWaitsForAStepWaitsForTheHookBehindIt) {
  Path path(with("web: db\ndb:", hook("name: seed, point: after-create, selector: {components: [db]}")));
  EXPECT_EQ(needs(path, "web/apply/ConfigMap/web"), "requires web/render\nrequires db/apply/ConfigMap/db\nrequires db/hook/seed\n");
  EXPECT_EQ(needs(path, "db/hook/seed"), "requires db/apply/ConfigMap/db\n");
}

// In the way in which it waits for the step: here in order alone.
TEST(Lifecycle, WhatDoesWithoutAStepWaitsForTheHookBehindItToo) {
  const std::string volume = "{name: v, configMap: {name: db, optional: true}}";
  const std::string user = "  - {name: web, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {volumes: [" + volume + "]}}]}}\n";
  Path path(boxes("db:") + user + "  policies:\n  - {name: careful, type: lifecycle, properties: {hooks: [{name: check, point: after-create, selector: {components: [db]}, action: act}]}}\n");
  EXPECT_EQ(needs(path, "web/apply/Pod/web"), "after db/apply/ConfigMap/db\nafter db/hook/check\nrequires web/render\n");
}

TEST(Lifecycle, AHookThatMayFailDoesNotStopTheOneBesideIt) {
  for (const char* second : {"after-create", "before-healthy", "after-healthy"}) {
    Path path(with("db:", "      hooks:\n      - {name: first, point: after-create, selector: {components: [db]}, action: act, onFailure: ignore}\n      - {name: second, selector: {components: [db]}, action: act, point: " + std::string(second) + "}\n"));
    EXPECT_EQ(needs(path, "db/hook/second"), "requires db/apply/ConfigMap/db\nafter db/hook/first\n") << second;
  }
}

// The step that deletes what a hook left waits for what the hook waits for, and for no hook behind that.
TEST(Lifecycle, WhatAHookLeftGoesBeforeTheHooksBehindIt) {
  Path path(with("db:", "      hooks:\n      - {name: first, point: after-create, selector: {components: [db]}, action: act, retention: {objects: [{apiVersion: v1, kind: ConfigMap, name: made}], delete: [before]}}\n"
                        "      - {name: second, selector: {components: [db]}, action: act, point: after-create}\n"));
  EXPECT_EQ(needs(path, "db/hook/second"), "requires db/apply/ConfigMap/db\nrequires db/hook/first\n");
}

TEST(Lifecycle, WhatIsInALaneInPartIsWaitedForInTheCore) {
  const std::string component = "  - {name: db, type: worker, properties: {image: x}, traits: [{type: gateway, properties: {domain: d, http: {\"/\": 80}}}]}\n";
  std::string text = with("web: db", "      lanes: [{name: routes, selector: {traits: [gateway]}}]\n");
  text.replace(text.find("  - name: web"), 0, component);
  EXPECT_EQ(needs(Path(text), "web/apply/ConfigMap/web"), "requires db/apply/Deployment.apps/db\nrequires web/render\n");
}

TEST(Lifecycle, NobodyWaitsForWhatFollowsHealth) {
  Path path(with("web: db\ndb:", hook("name: tell, point: after-healthy, selector: {components: [db]}")));
  EXPECT_EQ(needs(path, "web/apply/ConfigMap/web"), "requires web/render\nrequires db/apply/ConfigMap/db\n");
}

TEST(Lifecycle, TheApplicationsHooksEncloseTheComponents) {
  Path path(with("db:", "      hooks:\n"
                        "      - {name: inner-after, point: after-create, selector: {components: [db]}, action: a}\n"
                        "      - {name: outer-after, point: after-create, action: a}\n"
                        "      - {name: inner, point: before-create, selector: {components: [db]}, action: a}\n"
                        "      - {name: outer, point: before-create, action: a}\n"
                        "      - {name: last, point: finally, action: a}\n"
                        "      - {name: rescue, point: on-failure, action: a}\n"));
  EXPECT_EQ(path.steps(), "db/render\n*/hook/outer\ndb/hook/inner\ndb/apply/ConfigMap/db\ndb/hook/inner-after\n*/hook/outer-after\n*/hook/rescue\n*/hook/last\n")
      << path.problems;
  EXPECT_EQ(needs(path, "*/hook/outer-after"), "requires db/apply/ConfigMap/db\nrequires db/hook/inner-after\n");
}

// The two select different objects of one component.
TEST(Lifecycle, TheEndOfAComponentComesAfterAllOfItsFailures) {
  const std::string two = "      hooks:\n"
                          "      - {name: last, point: finally, selector: {kinds: [Secret]}, scope: SCOPE, action: a}\n"
                          "      - {name: page, point: on-failure, selector: {kinds: [ConfigMap]}, action: a}\n"
                          "      - {name: rescue, point: on-failure, selector: {kinds: [ConfigMap]}, action: a}\n";
  const auto of_scope = [&](std::string scope) {
    std::string text = with("db:\nweb:", std::string(two).replace(two.find("SCOPE"), 5, scope));
    text.insert(text.find("{apiVersion: v1, kind: ConfigMap, metadata: {name: db}}"), "{apiVersion: v1, kind: Secret, metadata: {name: key}}, ");
    return Path(text);
  };
  EXPECT_EQ(needs(of_scope("component"), "db/hook/last"), "after db/apply/Secret/key\nafter db/hook/rescue\n");
  EXPECT_EQ(needs(of_scope("application"), "*/hook/last"), "after db/apply/Secret/key\nafter db/hook/rescue\n");
  EXPECT_EQ(needs(of_scope("resource"), "db/hook/last/Secret/key"), "after db/apply/Secret/key\n");
}

// Two of the traits render nothing: they act on the workload.
TEST(Lifecycle, AHookOfTraitsHasAStepForEach) {
  const auto hooks_of = [](const std::string& selector) {
    Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
              "  - {name: web, type: webservice, properties: {image: x}, traits: [{type: scaler}, {type: labels, properties: {a: b}}, {type: hpa, properties: {min: 1, max: 2}}]}\n"
              "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n" + hook("name: check, point: after-create, scope: trait, selector: " + selector));
    std::string out = path.plan ? "" : path.problems.text();
    for (const Step& s : path.plan ? path.plan->steps() : std::span<const Step>())
      if (s.kind == Step::Kind::hook) out += s.id + '\n';
    return out;
  };
  const std::string all = "web/hook/check/labels\nweb/hook/check/scaler\nweb/hook/check/hpa\n";
  EXPECT_EQ(hooks_of("{traits: [scaler, labels, hpa]}"), all);
  EXPECT_EQ(hooks_of("{components: [web]}"), all);
  EXPECT_EQ(hooks_of("{traits: [scaler]}"), "web/hook/check/scaler\n");
}

// Each of two hooks would take over what the other comes before; what named it yields.
TEST(Lifecycle, WhatAHookTakesOverYieldsAsWhatItIsTakenFrom) {
  const std::string pod = "{apiVersion: v1, kind: Pod, metadata: {name: NAME}, spec: {containers: [{name: c, image: i, envFrom: [{secretRef: {name: OTHER}}]}]}}";
  const auto component = [&](const std::string& name, const std::string& other) {
    std::string own = pod;
    own.replace(own.find("NAME"), 4, name).replace(own.find("OTHER"), 5, other + "-key");
    return "  - {name: " + name + ", type: k8s-objects, properties: {objects: [" + own + ", {apiVersion: v1, kind: Secret, metadata: {name: " + name + "-key}}]}}\n";
  };
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n" + component("web", "db") + component("db", "web") +
            "  policies:\n  - {name: careful, type: lifecycle, properties: {order: {without: [config-first]}, hooks: [{name: w, point: before-create, selector: {components: [web]}, action: a}, "
            "{name: d, point: before-create, selector: {components: [db]}, action: a}]}}\n");
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.codes(), "rule-dropped") << path.problems;
}

TEST(Lifecycle, ALaneWithoutASelectorHoldsWhatNamesIt) {
  Path path(with("web:", "      lanes: [{name: talk}]\n" + hook("name: tell, point: after-healthy, lane: talk")));
  ASSERT_TRUE(path.plan) << path.problems;
  for (const Step& s : path.plan->steps()) EXPECT_EQ(s.lane, s.kind == Step::Kind::hook ? "talk" : "core") << s.id;
}

TEST(Lifecycle, ManyHooksAtOnePointStandInARow) {
  std::string hooks = "      hooks:\n";
  for (const char* name : {"a", "b", "c", "d"})
    for (const char* point : {"before-create", "after-create"})
      hooks += "      - {name: " + std::string(point) + '-' + name + ", point: " + point + ", action: x}\n";
  Path path(with("web: db\ndb:", hooks));
  EXPECT_EQ(needs(path, "*/hook/after-create-d"), "requires web/apply/ConfigMap/web\nrequires */hook/after-create-c\n");
  EXPECT_EQ(path.plan->steps().back().id, "*/hook/after-create-d");
}

// A step applies and waits for its gate in one: both points are behind it, and only one is waited for.
TEST(Lifecycle, PointsAtHealthComeWhenTheGateIsMet) {
  for (const bool before : {true, false}) {
    Path path(with("web: db\ndb:", std::string("      hooks:\n      - {name: x, point: ") + (before ? "before" : "after") + "-healthy, selector: {components: [db]}, action: a}\n" +
                                       "      - {name: made, point: after-create, selector: {components: [db]}, action: a}\n"));
    ASSERT_TRUE(path.plan) << path.problems;
    EXPECT_EQ(needs(path, "db/hook/x"), "requires db/apply/ConfigMap/db\nrequires db/hook/made\n");
    EXPECT_EQ(needs(path, "web/apply/ConfigMap/web").find("db/hook/x") != std::string::npos, before);
    const std::string why = *path.plan->explain("db/hook/x", path.problems);
    EXPECT_EQ(why.find("runs once its gate is met, before others count on it") != std::string::npos, before) << why;
  }
}

TEST(Lifecycle, LighterHooksComeFirst) {
  Path path(with("db:", "      hooks:\n"
                        "      - {name: b, point: before-create, weight: 2, action: a}\n"
                        "      - {name: a, point: before-create, weight: -1, action: a}\n"));
  EXPECT_EQ(path.steps(), "db/render\n*/hook/a\n*/hook/b\ndb/apply/ConfigMap/db\n") << path.problems;
}

// A plan with a hook taken out of it again, as text: steps and edges.
std::string without(const Path& path, std::string_view hook) {
  std::string out;
  for (const Step& s : path.plan->steps()) {
    if (s.id == hook) continue;
    out += s.id + ' ' + std::string(name_of(s.action)) + ' ' + (s.object ? dump_of(*s.object) : "") + '\n';
    for (const Need& n : s.needs)
      if (path.plan->steps()[n.step].id != hook)
        out += "  " + std::string(name_of(n.kind)) + ' ' + path.plan->steps()[n.step].id + ' ' + path.plan->reason(n).text() + '\n';
  }
  return out;
}

TEST(Lifecycle, AHookChangesThePlanByItsStepAndEdgesAlone) {
  const std::string lines = "c: a b\nb: a\na:\nd:";
  const Path plain(boxes(lines));
  for (const char* point : {"before-create", "after-create", "before-healthy", "after-healthy", "on-failure", "finally"})
    for (const char* selector : {"", ", selector: {components: [b]}"}) {
      const std::string id = *selector ? "b/hook/x" : "*/hook/x";
      Path path(with(lines, hook(std::string("name: x, point: ") + point + selector)));
      ASSERT_TRUE(path.plan && path.plan->find(id)) << path.problems << point;
      EXPECT_EQ(without(path, id), without(plain, id)) << point << selector;
    }
}

TEST(Lifecycle, AHookOfAnUpdateIsInNoPlanFromNothing) {
  Path path(with("db:", hook("name: x, point: before-update")));
  EXPECT_EQ(path.steps(), "db/render\ndb/apply/ConfigMap/db\n") << path.problems;
}

TEST(Lifecycle, AHookSaysHowItIsTried) {
  Path path(with("db:", hook("name: x, point: finally, properties: {to: all}, class: idempotent, if: context.status.healthy, "
                             "retry: {attempts: 4, backoff: 5s}, timeout: 1m, onFailure: ignore")));
  ASSERT_TRUE(path.plan) << path.problems;
  const Step& s = path.plan->steps().back();
  EXPECT_EQ(s.more->does, "act");
  EXPECT_EQ(dump_of(*s.object), R"({"to":"all"})");
  EXPECT_EQ(s.class_, Step::Class::idempotent);
  EXPECT_EQ(*s.more->hook, (HookRules{HookPoint::finally, "context.status.healthy", 4, 5'000, 60'000, FailureRule::ignore}));
  EXPECT_TRUE(path.plan->explain(s.id, path.problems)->starts_with(
      "*/hook/x: hook, idempotent; act at finally, if context.status.healthy, 4 attempts, 60000 ms each; if it fails: ignore\n"))
      << *path.plan->explain(s.id, path.problems);
  const auto again = Plan::parse(path.plan->json(), path.problems);
  ASSERT_TRUE(again) << path.problems;
  EXPECT_EQ(again->bytes(), path.plan->bytes());
  EXPECT_EQ(again->json(), path.plan->json());
}

TEST(Lifecycle, NothingOfTheCoreWaitsForALane) {
  Path path(with("web: db\ndb:", "      lanes: [{name: extra, selector: {components: [web]}}]\n"));
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.plan->steps().back().lane, "extra");
  Path wrong(with("web: db\ndb:", "      lanes: [{name: extra, selector: {components: [db]}}]\n"));
  EXPECT_EQ(wrong.codes(), "lane-isolation") << wrong.problems;
}

TEST(Lifecycle, AHookOfALaneNeedsATimeoutToHoldUpTheCore) {
  const std::string lanes = "      lanes: [{name: extra, selector: {components: [web]}}]\n";
  const std::string hook = "      hooks: [{name: x, point: before-create, selector: {components: [db]}, lane: extra, action: a";
  EXPECT_EQ(Path(with("web:\ndb:", lanes + hook + "}]\n")).codes(), "lane-isolation");
  Path path(with("web:\ndb:", lanes + hook + ", timeout: 5s}]\n"));
  EXPECT_EQ(needs(path, "db/apply/ConfigMap/db"), "requires db/render\nafter db/hook/x\n");
}

std::string annotated(const std::string& annotation, const std::string& value) {
  return "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
         "  - name: db\n    type: k8s-objects\n    properties:\n      objects:\n"
         "      - {apiVersion: v1, kind: ConfigMap, metadata: {name: db}}\n"
         "      - {apiVersion: v1, kind: Secret, metadata: {name: job, annotations: {" + annotation + ": \"" + value + "\"}}}\n";
}

TEST(Lifecycle, ObjectsMayBeHooksThemselves) {
  const char* before = "db/render\ndb/apply/Secret/job\ndb/apply/ConfigMap/db\n";
  const char* after = "db/render\ndb/apply/ConfigMap/db\ndb/apply/Secret/job\n";
  const char* none = "db/render\ndb/apply/ConfigMap/db\n";
  EXPECT_EQ(Path(annotated("helm.sh/hook", "pre-install,pre-upgrade")).steps(), before);
  EXPECT_EQ(Path(annotated("helm.sh/hook", "post-install")).steps(), after);
  EXPECT_EQ(Path(annotated("helm.sh/hook", "test")).steps(), none);
  EXPECT_EQ(Path(annotated("helm.sh/hook", "pre-delete")).steps(), none);
  EXPECT_EQ(Path(annotated("argocd.argoproj.io/hook", "PreSync")).steps(), before);
  EXPECT_EQ(Path(annotated("argocd.argoproj.io/hook", "PostSync")).steps(), after);
  EXPECT_EQ(Path(annotated("argocd.argoproj.io/hook", "Skip")).steps(), none);
}

TEST(Lifecycle, ATraitThatRendersNothingStandsForItsWorkload) {
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
            "  - {name: web, type: webservice, properties: {image: nginx}, traits: [{type: scaler, properties: {replicas: 2}}]}\n"
            "  policies:\n  - {name: p, type: lifecycle, properties: {hooks: [{name: ask, point: before-create, selector: {traits: [scaler]}, action: ask}]}}\n");
  EXPECT_EQ(path.steps(), "web/render\nweb/hook/ask\nweb/apply/Deployment.apps/web\n") << path.problems;
}

TEST(Lifecycle, ADefinitionSaysItForAllThatUseIt) {
  const std::string definition = R"(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: card}
spec:
  workload: {type: autodetects.core.oam.dev}
  extension:
    lifecycle:
      hooks: [{name: check, point: before-create, action: look}]
  schematic: {cue: {template: 'output: {apiVersion: "example.com/v1", kind: "Card"}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app}
spec:
  components:
  - {name: a, type: card}
  - {name: b, type: card}
)";
  Path path(definition);
  EXPECT_EQ(path.steps(), "a/render\na/hook/check\na/apply/Card.example.com/a\nb/render\nb/hook/check\nb/apply/Card.example.com/b\n") << path.problems;
}

}  // namespace
}  // namespace oam::tests
