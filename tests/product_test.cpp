#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/product.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An application of one component, and the product that it names.
std::string application(const std::string& name, const std::string& product, const std::string& objects, const std::string& more = "") {
  std::string text = "---\napiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: " + name + more;
  if (!product.empty()) text += ", labels: {app.kubernetes.io/part-of: " + product + "}";
  return text + "}\nspec: {components: [{name: all, type: k8s-objects, properties: {objects: [" + objects + "]}}]}\n";
}
const std::string kMap = "{apiVersion: v1, kind: ConfigMap, metadata: {name: ";
std::string map(const std::string& name) { return kMap + name + "}}"; }

struct Several {
  std::vector<Model> models;
  Diagnostics problems;

  explicit Several(const std::string& text) {
    const Source source{"all.yaml", text};
    for (const Application& each : load_all(std::span(&source, 1), problems))
      if (auto model = resolve(each, Catalog::standard(), {}, problems)) models.push_back(std::move(*model));
  }
  SolutionAssessment on(const Observed& observed) { return assess(std::span<const Model>(models), observed, {}, problems); }
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const Diagnostic& d : problems.items()) all.emplace_back(d.code);
    return all;
  }
};

Value object(const Model& model, std::size_t resource = 0) { return model.resources()[resource].object; }

TEST(LoadAll, ReadsEachInItsOrder) {
  Diagnostics problems;
  const Source source{"all.yaml", application("b", "", map("b")) + application("a", "", map("a"))};
  const auto all = load_all(std::span(&source, 1), problems);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name(), "b");
  EXPECT_EQ(all[1].components().size(), 1u);
  EXPECT_TRUE(problems.empty()) << problems;
  LoadOptions one;
  one.app = "a";
  EXPECT_EQ(load_all(std::span(&source, 1), problems, one).size(), 1u);
}

TEST(LoadAll, HasNoneIfOneIsWrong) {
  Diagnostics problems;
  const Source source{"all.yaml", application("a", "", map("a")) + "---\n{apiVersion: core.oam.dev/v1beta1, kind: Application, metadata: {name: b}, spec: {comps: []}}\n"};
  EXPECT_THAT(load_all(std::span(&source, 1), problems), IsEmpty());
  EXPECT_TRUE(problems.has_errors());
}

TEST(Product, IsAsItsWorstApplicationAndNamesIt) {
  Several all(application("shop", "market", map("web")) + application("pay", "market", map("keys")) + application("blog", "", map("posts")));
  const SolutionAssessment state = all.on(Observed({object(all.models[0]), object(all.models[2])}));
  EXPECT_TRUE(all.problems.empty()) << all.problems;
  ASSERT_EQ(state.products.size(), 2u);
  EXPECT_EQ(state.health, Health::missing);
  EXPECT_THAT(state.cause, ElementsAre("pay"));
  EXPECT_EQ(state.products[0].name, "market");
  EXPECT_EQ(state.products[0].health, Health::missing);
  EXPECT_EQ(state.products[1].health, Health::healthy);
  EXPECT_TRUE(state.products[1].alone);
  EXPECT_THAT(state.products[1].cause, IsEmpty());
  EXPECT_EQ(state.text(),
            "1 product, 1 application    Missing      2 of 3 resources, because of pay\n"
            "├─ market                   Missing      1 of 2 resources, because of pay\n"
            "│  ├─ shop                  Healthy      1 of 1 resources\n"
            "│  └─ pay                   Missing      0 of 1 resources\n"
            "│     └─ all                Missing\n"
            "│        └─ ConfigMap keys  Missing      not found\n"
            "└─ blog                     Healthy      1 of 1 resources\n");
}

// By the order of Health: what is degraded is worse than what is missing.
TEST(Product, NamesAllThatAreAsBad) {
  Several all(application("a", "p", map("a")) + application("b", "p", map("b")) + application("c", "p", map("c")));
  const SolutionAssessment state = all.on(Observed({object(all.models[1])}));
  EXPECT_THAT(state.cause, ElementsAre("a", "c"));
  std::vector<Assessment> made = state.products[0].applications;
  made[1].health = Health::degraded;
  EXPECT_THAT(roll_up(made).cause, ElementsAre("b"));
}

TEST(Product, CallsNothingExtraThatIsAnothers) {
  Several all(application("a", "p", map("a")) + application("b", "p", map("b")));
  const Value moved = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b", "namespace": "default", "labels": {"app.oam.dev/name": "a"}}})");
  const Value left = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "left", "namespace": "default", "labels": {"app.oam.dev/name": "b"}}})");
  const Value nobodys = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "nobodys", "namespace": "default"}})");
  const auto entry = [](std::string name) { return InventoryEntry{"v1", "ConfigMap", "default", std::move(name), "", nullptr, {}}; };
  const SolutionAssessment state = all.on(Observed({object(all.models[0]), moved, left, nobodys}, {entry("a"), entry("b"), entry("left"), entry("nobodys")}));
  const auto& applications = state.products[0].applications;
  EXPECT_THAT(applications[0].extra, ElementsAre("ConfigMap/default.nobodys"));   // counts once
  EXPECT_THAT(applications[1].extra, ElementsAre("ConfigMap/default.left"));
  EXPECT_EQ(state.extra, 2u);
  EXPECT_FALSE(state.complete());
}

// Of a component that none of them has: the nearest is asked, not simply the first.
TEST(Product, WhatIsLeftOverGoesToTheApplicationOfItsNamespace) {
  Several all(application("a", "p", map("a")) + application("b", "p", map("b"), ", namespace: south"));
  const Value left = json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "left", "namespace": "south"}})");
  const SolutionAssessment state = all.on(Observed({left}, {{"v1", "ConfigMap", "south", "left", "gone", nullptr, {}}}));
  EXPECT_TRUE(state.products[0].applications[0].extra.empty());
  EXPECT_THAT(state.products[0].applications[1].extra, testing::SizeIs(1));
}

TEST(Product, LooksForExtrasInEachCluster) {
  Several all(application("a", "p", map("a")) + application("b", "p", map("b")));
  const auto left = [](std::string name, const std::string& labels) { return json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "default", "name": ")" + name + "\"" + labels + "}}"); };
  const Observed east({left("bare", ""), left("bees", R"(, "labels": {"app.oam.dev/name": "b"})"), left("strange", R"(, "labels": {"app.oam.dev/name": "c"})")},
                      {{"v1", "ConfigMap", "default", "bare", "all", nullptr, {}}, {"v1", "ConfigMap", "default", "strange", "all", nullptr, {}}});
  const SolutionAssessment state = all.on(Observed().with_cluster("east", east));
  EXPECT_THAT(state.products[0].applications[0].extra, ElementsAre("east:ConfigMap/default.bare"));
  EXPECT_THAT(state.products[0].applications[1].extra, ElementsAre("east:ConfigMap/default.bees"));
}

TEST(Product, TellsWhoMakesWhatIsAssumedAndBlamesNobody) {
  const std::string pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, envFrom: [{configMapRef: {name: keys}}, {configMapRef: {name: theirs}}]}]}}";
  Several all(application("shop", "p", pod) + application("pay", "p", map("keys")));
  boost::json::object web = object(all.models[0])->as_object();
  web["status"] = {{"phase", "Succeeded"}};
  const SolutionAssessment state = all.on(Observed({share(web)}));
  const Assessment& shop = state.products[0].applications[0];
  EXPECT_EQ(shop.health, Health::healthy);
  ASSERT_EQ(shop.assumed.size(), 2u);
  EXPECT_EQ(shop.assumed[0].name + ' ' + shop.assumed[0].made_by, "keys pay");
  EXPECT_EQ(shop.assumed[0].health, Health::missing);
  EXPECT_EQ(shop.assumed[1].made_by, "");
  EXPECT_THAT(state.cause, ElementsAre("pay"));
  EXPECT_THAT(state.text(), testing::HasSubstr("  shop: ConfigMap keys  Missing  (all), made by pay\n"));
}

TEST(Product, RefusesTwoOfOneNameAndTwoThatMakeOneObject) {
  Several named(application("a", "", map("x")) + application("a", "", map("z"), ", namespace: default"));
  named.on({});
  EXPECT_THAT(named.codes(), ElementsAre("duplicate-application"));
  Several made(application("a", "", map("x")) + application("b", "", map("x")));
  made.on({});
  EXPECT_THAT(made.codes(), ElementsAre("duplicate-resource"));
  Several apart(application("a", "", map("x")) + application("a", "", map("x"), ", namespace: there"));
  const SolutionAssessment state = apart.on({});
  EXPECT_THAT(apart.codes(), IsEmpty());
  EXPECT_THAT(state.cause, ElementsAre("default/a", "there/a"));
}

TEST(Product, LetsApplicationsShareAnObject) {
  const auto sharing = [](std::string text) { return text.insert(text.rfind("}\n"), ", policies: [{name: shared, type: shared-resource, properties: {rules: [{selector: {resourceTypes: [ConfigMap]}}]}}]"); };
  Several all(sharing(application("a", "", map("x"))) + sharing(application("b", "", map("x"))));
  all.on({});
  EXPECT_THAT(all.codes(), IsEmpty()) << all.problems;
}

// Applications that were read apart have no documents in common.
TEST(Product, ToldOfTwoThatWereReadApart) {
  Several first(application("a", "", map("x"))), second(application("b", "", map("x")));
  first.models.push_back(second.models[0]);
  first.on({});
  ASSERT_THAT(first.codes(), ElementsAre("duplicate-resource"));
  EXPECT_EQ(first.problems.items()[0].related[0].where.line, 5u);
}

}  // namespace
}  // namespace oam::tests
