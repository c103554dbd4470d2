// Why, as data: ways, circles, fields.
#include <gtest/gtest.h>

#include <oam/explain.hpp>
#include <oam/json.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

TEST(Explain, AWayIsAListOfEdges) {
  Path path(boxes("c: b\nb: a\na:"));
  const auto way = reasons(*path.plan, "c", "a", path.problems);
  ASSERT_TRUE(way);
  ASSERT_EQ(way->size(), 2u);
  EXPECT_EQ(way->front().after, "c/apply/ConfigMap/c");
  EXPECT_EQ(way->front().rule, "depends-on");
  EXPECT_EQ(way->front().where.line, 8u);
  EXPECT_EQ(way->back().before, "a/apply/ConfigMap/a");
}

TEST(Explain, TheOtherWayRoundIsTold) {
  Path path(boxes("b: a\na:"));
  EXPECT_EQ(reasons(*path.plan, "a", "b", path.problems)->front().after, "b/apply/ConfigMap/b");
  Path apart(boxes("b:\na:"));
  EXPECT_TRUE(reasons(*apart.plan, "a", "b", apart.problems)->empty());
}

TEST(Explain, AStepHasNeedsAndUsers) {
  Path path(boxes("c: b\nb: a\na:"));
  const auto b = reasons(*path.plan, "b", path.problems);
  ASSERT_TRUE(b);
  ASSERT_EQ(b->needs.size(), 2u);
  EXPECT_EQ(b->needs.back().before, "a/apply/ConfigMap/a");
  ASSERT_EQ(b->users.size(), 1u);
  EXPECT_EQ(b->users.front().after, "c/apply/ConfigMap/c");
  EXPECT_FALSE(reasons(*path.plan, "d", path.problems));
}

TEST(Explain, ACircleHasTheRuleOfEachEdgeAndTheCheapest) {
  Path path(boxes("a: b\nb: c\nc: a\nd: a\ne: f\nf: e"));
  ASSERT_FALSE(path.plan);
  Diagnostics problems;
  const std::vector<Circle> all = circles(*path.model, problems);
  ASSERT_EQ(all.size(), 2u);
  ASSERT_EQ(all[0].edges.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all[0].edges[i].before, all[0].edges[(i + 1) % 3].after);
    EXPECT_EQ(all[0].edges[i].rule, "depends-on");
  }
  EXPECT_LT(all[0].cheapest, 3u);
  EXPECT_TRUE(circles(*Path(boxes("a:")).model, problems).empty());
}

TEST(Explain, AFieldHasSomebodyWhoSetIt) {
  const std::string text =
      "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
      "  - {name: web, type: webservice, properties: {image: nginx}, traits: [{type: scaler, properties: {replicas: 3}}]}\n";
  Diagnostics problems;
  const auto application = load(Source{"app.yaml", text}, problems);
  const auto model = resolve(*application, Catalog::standard(), {.provenance = true}, problems);
  const auto made = oam::plan(*model, {}, {}, problems);
  ASSERT_TRUE(made) << problems;
  const auto replicas = field_reasons(*model, *made, "web", "/spec/replicas", problems);
  ASSERT_TRUE(replicas && replicas->size() == 1) << problems;
  EXPECT_EQ(replicas->front().value, "3");
  EXPECT_EQ(replicas->front().by.name, "replicas");
  EXPECT_EQ(replicas->front().by.definition, "scaler");
  EXPECT_EQ(replicas->front().by.where.line, 6u);
  EXPECT_GT(field_reasons(*model, *made, "web", "/metadata/labels", problems)->size(), 2u);
  EXPECT_FALSE(field_reasons(*model, *made, "web", "/spec/replica", problems));
}

// A component with hooks at its end, and a trait that makes another object.
TEST(Explain, AComponentIsItsWorkload) {
  const std::string text =
      "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
      "  - {name: db, type: webservice, properties: {image: postgres}}\n"
      "  - {name: web, type: webservice, dependsOn: [db], properties: {image: nginx}, traits: [{type: gateway, properties: {domain: a.example, http: {\"/\": 80}}}]}\n"
      "  policies:\n  - name: careful\n    type: lifecycle\n    properties:\n      hooks:\n"
      "      - {name: last, point: finally, selector: {components: [db]}, action: a}\n      - {name: page, point: on-failure, selector: {components: [db, web]}, action: a}\n";
  Diagnostics problems;
  const auto application = load(Source{"app.yaml", text}, problems);
  const auto model = resolve(*application, Catalog::standard(), {.provenance = true}, problems);
  const auto made = oam::plan(*model, {}, {}, problems);
  ASSERT_TRUE(made) << problems;
  EXPECT_EQ(reasons(*made, "db", problems)->step, "db/apply/Deployment.apps/db");
  EXPECT_EQ(reasons(*made, "web", problems)->step, "web/apply/Deployment.apps/web");
  const auto way = reasons(*made, "web", "db", problems);
  ASSERT_TRUE(way && !way->empty());
  EXPECT_EQ(way->front().after.substr(0, 4), "web/");
  EXPECT_EQ(way->back().before.substr(0, 9), "db/apply/");
  EXPECT_TRUE(made->explain("db", "web", problems)->starts_with("it is the other way round: web/")) << *made->explain("db", "web", problems);
  EXPECT_EQ(field_reasons(*model, *made, "db", "/spec/replicas", problems).has_value(), field_reasons(*model, *made, "db/apply/Deployment.apps/db", "/spec/replicas", problems).has_value());
  EXPECT_TRUE(field_reasons(*model, *made, "web", "/spec/rules", problems)) << problems;   // of the Ingress alone
  EXPECT_FALSE(field_reasons(*model, *made, "db", "/spec/rules", problems));
  EXPECT_EQ(problems.items().back().message, "db/apply/Deployment.apps/db applies no field \"/spec/rules\"");
}

TEST(Explain, WhatIsInAValueThatComesLaterIsItsInputs) {
  const std::string text =
      "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
      "  - name: db\n    type: webservice\n    properties: {image: postgres}\n    outputs: [{name: args, valueFrom: output.spec.args}]\n"
      "  - name: web\n    type: webservice\n    properties: {image: nginx}\n    inputs: [{from: args, parameterKey: cmd}]\n";
  Diagnostics problems;
  const auto application = load(Source{"app.yaml", text}, problems);
  const auto model = resolve(*application, Catalog::standard(), {.provenance = true}, problems);
  const auto made = oam::plan(*model, {}, {}, problems);
  ASSERT_TRUE(made) << problems;
  for (const char* behind : {"", "/0"}) {
    const auto fields = field_reasons(*model, *made, "web", std::string("/spec/template/spec/containers/0/command") + behind, problems);
    ASSERT_TRUE(fields && fields->size() == 1) << behind << problems;
    EXPECT_EQ(fields->front().pointer, "/spec/template/spec/containers/0/command");
    EXPECT_EQ(fields->front().value, "\"(known after db/apply/Deployment.apps/db)\"");
    EXPECT_EQ(fields->front().by.by, Provenance::By::input);
    EXPECT_EQ(fields->front().by.name, "args");
    EXPECT_EQ(fields->front().by.where.line, 13u);
  }
}

TEST(Explain, WhatASecretHoldsIsNotTold) {
  const std::string text =
      "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
      "  - name: s\n    type: k8s-objects\n"
      "    properties: {objects: [{apiVersion: v1, kind: Secret, type: Opaque, metadata: {name: s}, data: {pw: c2VzYW1l}, stringData: {b: open}}]}\n";
  Diagnostics problems;
  const auto application = load(Source{"app.yaml", text}, problems);
  const auto model = resolve(*application, Catalog::standard(), {.provenance = true}, problems);
  const auto made = oam::plan(*model, {}, {}, problems);
  ASSERT_TRUE(made) << problems;
  for (const char* pointer : {"/data/pw", "/stringData/b", "/data", "/stringData"}) {
    const auto fields = field_reasons(*model, *made, "s", pointer, problems);
    ASSERT_TRUE(fields && fields->size() == 1) << pointer << problems;
    EXPECT_EQ(fields->front().value, "(secret)");
  }
  EXPECT_EQ(field_reasons(*model, *made, "s", "/type", problems)->front().value, "\"Opaque\"");
}

TEST(Explain, APageNeedsNoOther) {
  Path path(boxes("web: db\ndb:"));
  const std::string page = path.plan->graph().html();
  EXPECT_NE(page.find("web depends on db (depends-on, app.yaml:8)"), page.npos);
  EXPECT_EQ(page.find("src="), page.npos);
  EXPECT_EQ(page.find("<link"), page.npos);
  std::size_t boxes = 0;
  for (std::size_t at = page.find("<g class"); at != page.npos; at = page.find("<g class", at + 1)) ++boxes;
  EXPECT_EQ(boxes, path.plan->steps().size());
}

}  // namespace
}  // namespace oam::tests
