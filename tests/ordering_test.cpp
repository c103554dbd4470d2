// The rules of order: which edge each makes, and what happens where two contradict.
#include <fstream>

#include <gtest/gtest.h>

#include <oam/json.hpp>

#include "support/corpus.hpp"
#include "support/document.hpp"

namespace oam::tests {
namespace {

// "web: Deployment web, ConfigMap settings" lines: components of objects, the first the
// workload. A pod mounts what stands in brackets: Deployment web [ConfigMap settings].
std::string object(const std::string& text) {
  const auto space = text.find(' '), bracket = text.find(" [");
  const std::string kind = text.substr(0, space), name = text.substr(space + 1, std::min(bracket, text.size()) - space - 1);
  const std::string group = kind == "Deployment" ? "apps/v1" : kind == "CustomResourceDefinition" ? "apiextensions.k8s.io/v1" : kind == "Card" ? "example.com/v1" : "v1";
  std::string spec;
  if (bracket != text.npos) {
    const std::string inside = text.substr(bracket + 2, text.size() - bracket - 3);
    const std::string of = inside.substr(0, inside.find(' ')), named = inside.substr(inside.find(' ') + 1);
    spec = ", spec: {template: {spec: {volumes: [" +
           (of == "Secret" ? "{secret: {secretName: " + named + "}}" : "{configMap: {name: " + named + "}}") + "]}}}";
  }
  if (kind == "CustomResourceDefinition") spec = ", spec: {group: example.com, scope: Namespaced, names: {kind: Card, plural: cards}}";
  return "{apiVersion: " + group + ", kind: " + kind + ", metadata: {name: " + name + "}" + spec + "}";
}

std::string application(const std::vector<std::pair<std::string, std::vector<std::string>>>& components, const std::string& policies = "") {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n";
  for (const auto& [name, objects] : components) {
    out += "  - name: " + name + "\n    type: k8s-objects\n    properties: {objects: [";
    for (const std::string& each : objects) out += (&each == objects.data() ? "" : ", ") + object(each);
    out += "]}\n";
  }
  return out + (policies.empty() ? "" : "  policies:\n" + policies);
}

// USER <- NEED (rule), a line each, but for render-first.
std::string edges(const Path& path) {
  if (!path.plan) return path.problems.text();
  std::string out;
  for (const Step& s : path.plan->steps())
    for (const Need& n : s.needs)
      if (path.plan->reason(n).rule != "render-first")
        out += s.id + " <- " + path.plan->steps()[n.step].id + " (" + std::string(path.plan->reason(n).rule) + ")\n";
  return out;
}

TEST(Ordering, WorkloadsComeAfterTheConfigurationOfTheirComponent) {
  EXPECT_EQ(edges(Path(application({{"web", {"Deployment web", "ConfigMap settings"}}, {"other", {"Secret key"}}}))),
            "web/apply/Deployment.apps/web <- web/apply/ConfigMap/settings (config-first)\n");
}

// Its trait comes after the Deployment, which names what the trait makes: that order yields,
// and what waits for the component waits for the last of it.
TEST(Ordering, WhatWaitsForAComponentWaitsForAllOfItWhereARuleYields) {
  const Path path(R"(apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: settings}
spec:
  stage: PostDispatch
  schematic: {cue: {template: 'outputs: settings: {apiVersion: "v1", kind: "ConfigMap", metadata: name: "settings"}, parameter: {}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app}
spec:
  components:
  - name: web
    type: k8s-objects
    properties: {objects: [)" + object("Deployment web [ConfigMap settings]") + R"(]}
    traits: [{type: settings}]
  - name: other
    dependsOn: [web]
    type: k8s-objects
    properties: {objects: [)" + object("Secret key") + "]}\n");
  EXPECT_EQ(path.codes(), "rule-dropped");
  EXPECT_EQ(edges(path), "web/apply/ConfigMap/settings <- web/apply/Deployment.apps/web (trait-stage)\n"
                         "other/apply/Secret/key <- web/apply/ConfigMap/settings (depends-on)\n");
}

// A trait is not listed after itself: what its objects are says in which order they come.
TEST(Ordering, ATraitIsListedAfterOthersAlone) {
  const Path path(R"(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app}
spec:
  components:
  - name: web
    type: webservice
    properties: {image: nginx}
    traits:
    - {type: service-account, properties: {name: web, create: true, privileges: [{verbs: [get], resources: [pods], scope: cluster}, {verbs: [get], resources: [pods], scope: namespace}]}}
)");
  EXPECT_EQ(path.codes(), "");
  EXPECT_EQ(edges(path).find("trait-order"), std::string::npos) << edges(path);
}

TEST(Ordering, WhatIsNamedComesFirstWhoeverHasIt) {
  EXPECT_EQ(edges(Path(application({{"web", {"Deployment web [Secret key]"}}, {"other", {"Secret key"}}}))),
            "web/apply/Deployment.apps/web <- other/apply/Secret/key (reference)\n");
}

TEST(Ordering, AResourceComesAfterTheDefinitionOfItsKind) {
  EXPECT_EQ(edges(Path(application({{"web", {"Card web"}}, {"kinds", {"CustomResourceDefinition cards.example.com"}}}))),
            "web/apply/Card.example.com/web <- kinds/apply/CustomResourceDefinition.apiextensions.k8s.io/cards.example.com (crd-first)\n");
}

TEST(Ordering, NamespacesComeBeforeWhatIsInThem) {
  EXPECT_EQ(edges(Path(application({{"web", {"ConfigMap a"}}, {"space", {"Namespace default"}}}))),
            "web/apply/ConfigMap/a <- space/apply/Namespace/default (namespace-first)\n");
}

std::string order(const std::string& properties) {
  return "  - {name: order, type: lifecycle, properties: {order: {" + properties + "}}}\n";
}

TEST(Ordering, EachRuleIsSwitchedOffByItsId) {
  const std::string web = "Deployment web [Secret key]";
  EXPECT_EQ(edges(Path(application({{"web", {web, "Secret key"}}}, order("without: [config-first]")))),
            "web/apply/Deployment.apps/web <- web/apply/Secret/key (reference)\n");
  EXPECT_EQ(edges(Path(application({{"web", {web, "Secret key"}}}, order("without: [reference]")))),
            "web/apply/Deployment.apps/web <- web/apply/Secret/key (config-first)\n");
  EXPECT_EQ(edges(Path(application({{"web", {web, "Secret key"}}}, order("without: [reference], profile: none")))), "");
}

TEST(Ordering, TheProfileOfKappReachesAcrossComponents) {
  EXPECT_EQ(edges(Path(application({{"web", {"Deployment web"}}, {"other", {"Secret key"}}}, order("profile: kapp")))),
            "web/apply/Deployment.apps/web <- other/apply/Secret/key (config-first)\n");
}

TEST(Ordering, AuthorsHaveRulesOfTheirOwn) {
  const std::string rules = "rules: [{id: a, group: 'schema/{namespace}', selector: {components: [db]}}, "
                            "{id: b, rule: 'upsert after upserting schema/default', selector: {kinds: [ConfigMap]}}]";
  EXPECT_EQ(edges(Path(application({{"web", {"ConfigMap web"}}, {"db", {"Secret db"}}}, order(rules)))),
            "web/apply/ConfigMap/web <- db/apply/Secret/db (change-rule)\n");
}

TEST(Ordering, AnnotationsOfKappHavePlaceholdersToo) {
  const auto config = [](const std::string& name, const std::string& word, const std::string& text) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", annotations: {kapp.k14s.io/change-" + word + ": \"" + text + "\"}}}";
  };
  const Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n  - {name: web, type: k8s-objects, properties: {objects: [" +
                  config("a", "group", "own/{name}/{kind}{api-group}") + ", " + config("b", "rule", "upsert before upserting own/a/{kind}{api-group}") + "]}}\n");
  EXPECT_EQ(edges(path), "web/apply/ConfigMap/a <- web/apply/ConfigMap/b (change-rule)\n");
  EXPECT_EQ(path.codes(), "");
}

TEST(Ordering, SourcesOfClaimsAndClassesOfGatewaysComeFirst) {
  const Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n  - name: web\n    type: k8s-objects\n    properties:\n      objects:\n"
                  "      - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: copy}, spec: {dataSource: {kind: PersistentVolumeClaim, name: first}}}\n"
                  "      - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: back}, spec: {dataSourceRef: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: last}}}\n"
                  "      - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: first}}\n"
                  "      - {apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshot, metadata: {name: last}, spec: {source: {persistentVolumeClaimName: first}}}\n"
                  "      - {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gate}, spec: {gatewayClassName: all}}\n"
                  "      - {apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: all}, spec: {controllerName: x}}\n"
                  "  policies:\n  - {name: order, type: lifecycle, properties: {order: {profile: none}}}\n");
  const std::string all = edges(path);
  EXPECT_NE(all.find("PersistentVolumeClaim/copy <- web/apply/PersistentVolumeClaim/first (reference)"), std::string::npos) << all;
  EXPECT_NE(all.find("PersistentVolumeClaim/back <- web/apply/VolumeSnapshot.snapshot.storage.k8s.io/last (reference)"), std::string::npos) << all;
  EXPECT_NE(all.find("VolumeSnapshot.snapshot.storage.k8s.io/last <- web/apply/PersistentVolumeClaim/first (reference)"), std::string::npos) << all;
  EXPECT_NE(all.find("Gateway.gateway.networking.k8s.io/gate <- web/apply/GatewayClass.gateway.networking.k8s.io/all (reference)"), std::string::npos) << all;
}

TEST(Ordering, ManyForManyGoThroughABarrier) {
  std::vector<std::string> objects;
  for (int i = 0; i < 9; ++i) objects.push_back("Deployment d" + std::to_string(i));
  for (int i = 0; i < 9; ++i) objects.push_back("ConfigMap c" + std::to_string(i));
  Path path(application({{"web", objects}}));
  ASSERT_TRUE(path.plan) << path.problems;
  ASSERT_TRUE(path.plan->find("web/hook/serving-first"));
  std::size_t needs = 0;
  for (const Step& s : path.plan->steps()) needs += s.needs.size();
  EXPECT_EQ(needs, 18u + 9u + 9u);   // renders, into the barrier, out of it
}

TEST(Ordering, AnOptionalRuleYieldsToTheAuthorAndIsTold) {
  std::string text = application({{"web", {"Deployment web [ConfigMap settings]"}}, {"settings", {"ConfigMap settings"}}});
  text.replace(text.find("  - name: settings"), 18, "  - name: settings\n    dependsOn: [web]");
  Path path(text);
  EXPECT_EQ(edges(path), "settings/apply/ConfigMap/settings <- web/apply/Deployment.apps/web (depends-on)\n");
  EXPECT_EQ(path.codes(), "rule-dropped");
}

TEST(Ordering, WhatYieldsDoesNotHangOnTheOrderOfComponents) {
  const auto plan_of = [](bool turned) {
    std::vector<std::pair<std::string, std::vector<std::string>>> all{{"a", {"Deployment a [ConfigMap b]", "ConfigMap a"}}, {"b", {"Deployment b [ConfigMap a]", "ConfigMap b"}}};
    if (turned) std::swap(all[0], all[1]);
    std::string text = application(all);
    for (const std::string name : {"a", "b"}) {   // each ConfigMap waits for the other's Deployment
      const std::string old = "kind: ConfigMap, metadata: {name: " + name + "}";
      text.replace(text.find(old), old.size(), "kind: ConfigMap, metadata: {name: " + name + ", annotations: {kapp.k14s.io/change-rule: upsert after upserting of-" + (name == "a" ? "a" : "b") + "}}");
      const std::string workload = "kind: Deployment, metadata: {name: " + name + "}";
      text.replace(text.find(workload), workload.size(), "kind: Deployment, metadata: {name: " + name + ", annotations: {kapp.k14s.io/change-group: of-" + (name == "a" ? "b" : "a") + "}}");
    }
    return text;
  };
  Path one(plan_of(false)), other(plan_of(true));
  ASSERT_TRUE(one.plan && other.plan) << one.problems;
  EXPECT_GT(one.problems.warnings(), 0u);
  EXPECT_EQ(one.plan->hash(), other.plan->hash());
}

TEST(Ordering, InstancesStartInAscendingOrder) {
  const std::string ordinals = "ordinals: [{selector: {components: [db]}}]";
  EXPECT_EQ(edges(Path(application({{"db", {"Secret db-1", "Secret db-10", "Secret db-0", "Secret other"}}}, order(ordinals)))),
            "db/apply/Secret/db-1 <- db/apply/Secret/db-0 (ordinal)\n"
            "db/apply/Secret/db-10 <- db/apply/Secret/db-1 (ordinal)\n");
}

TEST(Ordering, InstancesAreChangedInDescendingOrderSoManyAtOnce) {
  Path path(application({{"db", {"Secret db-0", "Secret db-1", "Secret db-2", "Secret db-3"}}}, order("ordinals: [{selector: {components: [db]}, maxUnavailable: 2}]")));
  GraphOptions options;
  options.changes.assign(path.model->resources().size(), Change::update);
  const auto made = graph(*path.model, path.problems, options);
  ASSERT_TRUE(made) << path.problems;
  std::string out;
  for (const NodeId n : made->order())
    for (const Edge& e : made->needs(n))
      if (made->reason(e).rule == "ordinal") out += made->reason(e).text() + '\n';
  EXPECT_EQ(out, "db-1 is changed after db-3\ndb-0 is changed after db-2\n");
}

TEST(Ordering, WhatOthersOwnIsWaitedForIfAsked) {
  const auto text = [](const char* assumed) { return application({{"web", {"Deployment web [Secret key]"}}}, order(std::string("assumed: ") + assumed)); };
  EXPECT_EQ(edges(Path(text("observe"))), "");
  Path path(text("wait"));
  EXPECT_EQ(edges(path), "web/apply/Deployment.apps/web <- */hook/assumed/Secret/key (assumed)\n");
  const Step& s = path.plan->steps()[*path.plan->find("*/hook/assumed/Secret/key")];
  EXPECT_EQ(s.more->does, "observe");
  EXPECT_EQ(s.gate, Step::Gate::ready);
  EXPECT_EQ(s.object->at("kind"), "Secret");
}

TEST(Ordering, WavesEndInBarriers) {
  std::string text = application({{"a", {"ConfigMap a"}}, {"b", {"ConfigMap b"}}, {"c", {"ConfigMap c"}}});
  const auto wave = [&](const std::string& name, int number) {
    const std::string old = "metadata: {name: " + name + "}";
    text.replace(text.find(old), old.size(), "metadata: {name: " + name + ", annotations: {argocd.argoproj.io/sync-wave: '" + std::to_string(number) + "'}}");
  };
  wave("a", 2);
  wave("b", -1);
  EXPECT_EQ(edges(Path(text)),
            "*/hook/wave-minus-1 <- b/apply/ConfigMap/b (wave)\n"
            "c/apply/ConfigMap/c <- */hook/wave-minus-1 (wave)\n"
            "*/hook/wave-0 <- */hook/wave-minus-1 (wave)\n"
            "*/hook/wave-0 <- c/apply/ConfigMap/c (wave)\n"
            "a/apply/ConfigMap/a <- */hook/wave-0 (wave)\n");
}

TEST(Ordering, AComponentStandsOnceForEachPlacement) {
  Path path(boxes("web: db\ndb:") + "  policies:\n  - {name: eu, type: topology, properties: {clusters: [paris, madrid]}}\n"
                                    "  - {name: us, type: topology, properties: {clusters: [austin], namespace: shop}}\n");
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(edges(path), "web@eu.paris/apply/ConfigMap/web <- db@eu.paris/apply/ConfigMap/db (depends-on)\n"
                         "web@eu.madrid/apply/ConfigMap/web <- db@eu.madrid/apply/ConfigMap/db (depends-on)\n"
                         "db@us/apply/ConfigMap/db <- web@eu.paris/apply/ConfigMap/web (workflow)\n"
                         "db@us/apply/ConfigMap/db <- web@eu.madrid/apply/ConfigMap/web (workflow)\n"
                         "web@us/apply/ConfigMap/web <- db@us/apply/ConfigMap/db (depends-on)\n");
  const Step& madrid = path.plan->steps()[*path.plan->find("db@eu.madrid/apply/ConfigMap/db")];
  EXPECT_EQ(madrid.target, (Target{Name("madrid"), Name("default")}));
  const Step& austin = path.plan->steps()[*path.plan->find("db@us/apply/ConfigMap/db")];
  EXPECT_EQ(austin.target, (Target{Name("austin"), Name("shop")}));
  EXPECT_EQ(austin.object->at("metadata").at("namespace"), "shop");
}

// As where an application names them: a host may slip too.
TEST(Ordering, RefusesToSwitchOffWhatIsNoRule) {
  const Path path(boxes("web: db\ndb:"));
  const auto codes = [&](std::string rule) {
    Diagnostics problems;
    const bool made = graph(*path.model, problems, {.without = {rule}}).has_value();
    EXPECT_EQ(made, problems.empty());
    return problems.empty() ? "" : std::string(problems.items()[0].code) + ": " + problems.items()[0].message + '?' + problems.items()[0].hint;
  };
  EXPECT_EQ(codes("config-first"), "");
  EXPECT_EQ(codes("depends-on"), "unknown-rule: rule \"depends-on\" cannot be switched off?");
  EXPECT_EQ(codes("konfig-first"), "unknown-rule: there is no rule \"konfig-first\"?did you mean \"config-first\"?");
}

TEST(Ordering, EveryRuleStandsInTheDocs) {
  const std::string docs = slurp(OAM_SOURCE_DIR "/docs/ordering.md");
  for (const Rule& rule : rules()) EXPECT_NE(docs.find("### " + std::string(rule.id) + "\n"), docs.npos) << rule.id;
}

}  // namespace
}  // namespace oam::tests
