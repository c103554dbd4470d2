#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/observed.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

std::optional<Observed> parse(std::string text, Diagnostics& problems) {
  const std::vector<Source> sources{{"observed", std::move(text)}};
  return Observed::parse(sources, problems);
}

const char* const kDeployment = R"({"apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "web"}})";

TEST(Observed, FindsByGroupNotByVersion) {
  const Observed some({json(kDeployment)});
  EXPECT_TRUE(some.find("apps/v1", "Deployment", "", "web"));
  EXPECT_FALSE(some.find("v1", "Deployment", "", "web"));
  EXPECT_TRUE(some.find("apps/v1", "Deployment", "default", "web"));   // what names no namespace may stand there
  EXPECT_FALSE(some.find("apps/v1", "Deployment", "other", "web"));
  EXPECT_FALSE(Observed().find("apps/v1", "Deployment", "", "web"));
}

TEST(Observed, IsReadAsHostsAndKubectlWriteIt) {
  Diagnostics problems;
  const std::string object = kDeployment;
  for (const std::string& text : {"{\"objects\": [" + object + "]}", "{\"kind\": \"List\", \"items\": [" + object + "]}", object, "---\n" + object + "\n---\n" + object}) {
    const auto some = parse(text, problems);
    ASSERT_TRUE(some) << problems;
    EXPECT_TRUE(some->find("apps/v1", "Deployment", "", "web")) << text;
  }
}

TEST(Observed, RemembersWhatWasApplied) {
  Diagnostics problems;
  const auto some = parse(R"({"inventory": [{"apiVersion": "v1", "kind": "Secret", "namespace": "a", "name": "s", "component": "db",
                                       "applied": {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "a"}}, "needs": ["/Namespace//a"]}]})", problems);
  ASSERT_TRUE(some) << problems;
  EXPECT_EQ(*some->applied("v1", "Secret", "a", "s"), *json(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "a"}})"));
  EXPECT_EQ(some->inventory()[0].key(), "/Secret/a/s");
  EXPECT_EQ(some->inventory()[0].needs[0], "/Namespace//a");
  EXPECT_EQ(parse(some->json(), problems)->json(), some->json());
}

TEST(Observed, KeepsClustersApart) {
  Diagnostics problems;
  const auto some = parse(R"({"objects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "here"}}],
    "clusters": {"east": {"objects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "there"}}],
                          "inventory": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "there", "needs": ["/Secret//s"]}]}}})", problems);
  ASSERT_TRUE(some) << problems;
  EXPECT_EQ(some->clusters(), std::vector<std::string>{"east"});
  EXPECT_TRUE(some->find("v1", "ConfigMap", "", "here") && some->in("").find("v1", "ConfigMap", "", "here"));
  EXPECT_FALSE(some->find("v1", "ConfigMap", "", "there") || some->in("east").find("v1", "ConfigMap", "", "here"));
  EXPECT_TRUE(some->in("east").find("v1", "ConfigMap", "", "there"));
  EXPECT_TRUE(some->in("west").empty());
  const InventoryEntry* entry = some->in("east").entry("v1", "ConfigMap", "", "there");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->key() + ' ' + entry->needs[0], "east:/ConfigMap//there east:/Secret//s");
  EXPECT_EQ(parse(some->json(), problems)->json(), some->json());
}

TEST(Observed, OfOneClusterIsAboutAll) {
  const Observed some({json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})")});
  EXPECT_TRUE(some.in("east").find("v1", "ConfigMap", "", "c"));
}

TEST(Observed, KnowsFromAnAnnotationWhatWasApplied) {
  const Observed some({json(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "annotations": {"app.oam.dev/last-applied-configuration": "{\"data\": {}}"}}})")});
  EXPECT_EQ(*some.applied("v1", "ConfigMap", "", "c"), *json(R"({"data": {}})"));
  EXPECT_FALSE(some.applied("v1", "ConfigMap", "", "d"));
}

TEST(Observed, TellsWhatIsWrongWithATextAndWhere) {
  const auto problem = [](std::string text) {
    Diagnostics problems;
    EXPECT_FALSE(parse(text, problems)) << text;
    return problems.empty() ? "" : std::string(problems.items()[0].code) + " " + problems.items()[0].pointer;
  };
  EXPECT_EQ(problem("[]"), "observed-malformed ");
  EXPECT_EQ(problem(R"({"objects": {}})"), "observed-malformed /objects");
  EXPECT_EQ(problem(R"({"objects": [], "objcts": []})"), "observed-malformed /objcts");
  EXPECT_EQ(problem(R"({"objects": [{"kind": "A"}]})"), "observed-malformed /objects/0");
  EXPECT_EQ(problem(R"({"inventory": [{"apiVersion": "v1", "kind": "A"}]})"), "observed-malformed /inventory/0");
  EXPECT_EQ(problem(R"({"clusters": []})"), "observed-malformed /clusters");
  EXPECT_EQ(problem(R"({"clusters": {"east": []}})"), "observed-malformed /clusters/east");
  EXPECT_EQ(problem(R"({"clusters": {"east": {"clusters": {}}}})"), "observed-malformed /clusters/east/clusters");
  EXPECT_EQ(problem(R"({"clusters": {"east": {"objects": [{"kind": "A"}]}}})"), "observed-malformed /clusters/east/objects/0");
  EXPECT_EQ(problem("{"), "yaml-syntax ");
  const auto entry = [](const std::string& more) { return R"({"inventory": [{"apiVersion": "v1", "kind": "ConfigMap", "namespace": "shop", "name": "a", )" + more + "}]}"; };
  EXPECT_EQ(problem(entry(R"("needs": "y")")), "observed-malformed /inventory/0/needs");
  EXPECT_EQ(problem(entry(R"("needs": ["apps/Deployment/shop/web", "Secret/login"])")), "observed-malformed /inventory/0/needs/1");
  EXPECT_EQ(problem(entry(R"("applied": [])")), "observed-malformed /inventory/0/applied");
  EXPECT_EQ(problem(entry(R"("applied": {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}})")), "observed-malformed /inventory/0/applied");
}

// The namespace that it went to stood in no file.
TEST(Observed, KnowsWhereWhatWasAppliedIs) {
  Diagnostics problems;
  const auto observed = parse(R"({"inventory": [{"apiVersion": "v1", "kind": "ConfigMap", "namespace": "shop", "name": "a", "needs": ["/Secret/shop/b"],
      "applied": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}}]})", problems);
  ASSERT_TRUE(observed) << problems;
  EXPECT_EQ(observed->applied("v1", "ConfigMap", "shop", "a")->at("metadata").at("namespace"), "shop");
}

}  // namespace
}  // namespace oam::tests
