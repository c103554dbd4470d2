#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/difference.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> found(std::string_view desired, std::string_view observed, std::string_view applied = "null", std::vector<IgnoreRule> ignore = {}) {
  std::vector<std::string> texts;
  for (const Difference& d : differences(json(desired), json(observed), json(applied), ignore)) texts.push_back(text_of(d));
  return texts;
}

TEST(Difference, IsAFieldThatHasAnotherValueOrIsNotThere) {
  EXPECT_THAT(found(R"({"spec": {"replicas": 3, "paused": true}})", R"({"spec": {"replicas": 5, "mode": "x"}})"),
              ElementsAre("spec.replicas: 3, observed 5", "spec.paused: true, not there"));
}

TEST(Difference, IsExtraIfItWasAppliedBefore) {
  const char* const observed = R"({"spec": {"a": 1, "b": 2, "c": 3}})";
  EXPECT_THAT(found(R"({"spec": {"a": 1}})", observed), IsEmpty());
  EXPECT_THAT(found(R"({"spec": {"a": 1}})", observed, R"({"spec": {"a": 1, "b": 2, "gone": 1}})"), ElementsAre("spec.b: set no more, still 2"));
}

TEST(Difference, OfADroppedMapIsWhatWasAppliedOfIt) {
  const auto of = [](const char* observed, const char* applied) { return found(R"({"metadata": {"name": "a"}})", observed, applied); };
  const char* const mine = R"({"metadata": {"annotations": {"mine": "1", "old": "2"}}})";
  EXPECT_THAT(of(R"({"metadata": {"name": "a", "annotations": {"team": "x"}}})", mine), IsEmpty());
  EXPECT_THAT(of(R"({"metadata": {"name": "a", "annotations": {"team": "x", "mine": "3"}}})", mine), ElementsAre("metadata.annotations.mine: set no more, still \"3\""));
  EXPECT_THAT(of(R"({"metadata": {"name": "a", "annotations": {"mine": "1"}}})", mine), ElementsAre("metadata.annotations: set no more, still {\"mine\":\"1\"}"));
  EXPECT_THAT(of(R"({"metadata": {"name": "a"}, "spec": {"a": {"b": {"c": 1, "d": 2}}}})", R"({"spec": {"a": {"b": {"c": 1}}}})"),
              ElementsAre("spec.a.b.c: set no more, still 1"));
  EXPECT_THAT(of(R"({"metadata": {"name": "a"}, "spec": {"containers": [{"name": "a"}, {"name": "b", "image": "x"}]}})", R"({"spec": {"containers": [{"name": "b"}]}})"),
              ElementsAre("spec.containers[b]: set no more, still {\"name\":\"b\",\"image\":\"x\"}"));
}

TEST(Difference, OfAListWithKeysGoesByTheKey) {
  const char* const desired = R"({"kind": "Pod", "spec": {"containers": [{"name": "web", "image": "a"}, {"name": "log", "image": "l"}]}})";
  EXPECT_THAT(found(desired, R"({"kind": "Pod", "spec": {"containers": [{"name": "proxy"}, {"name": "log", "image": "l"}, {"name": "web", "image": "b"}]}})"),
              ElementsAre("spec.containers[web].image: \"a\", observed \"b\""));
  EXPECT_THAT(found(R"({"spec": {"containers": []}})", R"({"spec": {"containers": [{"name": "a"}, {"name": "b"}]}})", R"({"spec": {"containers": [{"name": "b"}]}})"),
              ElementsAre("spec.containers[b]: set no more, still {\"name\":\"b\"}"));
  EXPECT_THAT(found(R"({"spec": {"ports": [{"port": 80, "targetPort": 8080}]}})", R"({"spec": {"ports": [{"port": 80, "protocol": "UDP"}, {"port": 80, "protocol": "TCP", "targetPort": 80}]}})"),
              ElementsAre("spec.ports[80/TCP].targetPort: 8080, observed 80"));
}

TEST(Difference, OfAnotherListGoesByPlaceOrIsTheWhole) {
  EXPECT_THAT(found(R"({"spec": {"args": ["a", "b"]}})", R"({"spec": {"args": ["a", "c"]}})"), ElementsAre("spec.args[1]: \"b\", observed \"c\""));
  EXPECT_THAT(found(R"({"spec": {"args": ["a"]}})", R"({"spec": {"args": ["a", "c"]}})"), ElementsAre("spec.args: [\"a\"], observed [\"a\",\"c\"]"));
}

TEST(Difference, IsNotWhatTheClusterFillsIn) {
  EXPECT_THAT(found(R"({"kind": "Deployment", "spec": {"replicas": 1, "template": {"spec": {"restartPolicy": "Always", "nodeSelector": {}}}}})",
                    R"({"kind": "Deployment", "spec": {"template": {"spec": {}}}})"), IsEmpty());
  EXPECT_THAT(found(R"({"kind": "Deployment", "spec": {"replicas": 2}})", R"({"kind": "Deployment", "spec": {}})"), ElementsAre("spec.replicas: 2, not there"));
  EXPECT_THAT(found(R"({"kind": "Deployment", "spec": {}})", R"({"kind": "Deployment", "spec": {"replicas": 1, "paused": true}})",
                    R"({"kind": "Deployment", "spec": {"replicas": 1, "paused": true}})"), ElementsAre("spec.paused: set no more, still true"));
}

TEST(Difference, IsNotAnotherWayToWriteTheSame) {
  EXPECT_THAT(found(R"({"resources": {"limits": {"cpu": "1000m", "memory": "1Gi"}}, "n": 1})", R"({"resources": {"limits": {"cpu": 1, "memory": "1024Mi"}}, "n": 1.0})"), IsEmpty());
  EXPECT_THAT(found(R"({"resources": {"limits": {"cpu": "500m"}}, "x": "1000m"})", R"({"resources": {"limits": {"cpu": "0.6"}}, "x": "1"})"),
              ElementsAre("resources.limits.cpu: \"500m\", observed \"0.6\"", "x: \"1000m\", observed \"1\""));
  EXPECT_THAT(found(R"({"apiVersion": "apps/v1"})", R"({"apiVersion": "apps/v1beta1"})"), IsEmpty());
}

TEST(Difference, IsNotWhatAClusterWrites) {
  EXPECT_THAT(found(R"({"metadata": {"name": "a", "uid": "1", "creationTimestamp": null}, "status": {"x": 1}})", R"({"metadata": {"name": "a", "uid": "2"}})"), IsEmpty());
}

TEST(Difference, OfASecretIsNotShown) {
  const char* const desired = R"({"kind": "Secret", "stringData": {"a": "plain", "b": "x"}})";
  EXPECT_THAT(found(desired, R"({"kind": "Secret", "data": {"a": "cGxhaW4=", "b": "eQ=="}})"), ElementsAre("data.b: (secret), observed (secret)"));
}

TEST(Difference, IsIgnoredByRule) {
  const char* const desired = R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3, "list": [{"a": 1}]}})";
  const char* const observed = R"({"spec": {"replicas": 5, "list": [{"a": 2}]}, "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}})";
  const auto left = [&](std::string_view text) {
    IgnoreRule rule;
    EXPECT_TRUE(IgnoreRule::parse(text, rule)) << text;
    return found(desired, observed, "null", {rule}).size();
  };
  EXPECT_EQ(left("/spec"), 0u);
  EXPECT_EQ(left("/spec/replicas"), 1u);
  EXPECT_EQ(left("/spec/list/*/a"), 1u);
  EXPECT_EQ(left("Deployment.apps/web:/spec"), 0u);
  EXPECT_EQ(left("Deployment/db:/spec"), 2u);
  EXPECT_EQ(left("Service:/spec"), 2u);
  IgnoreRule rule;
  for (const char* wrong : {"", "spec", "Deployment", ":/spec", "Deployment/:/spec"}) EXPECT_FALSE(IgnoreRule::parse(wrong, rule)) << wrong;
}

TEST(Difference, KnowsWhatWasAppliedLast) {
  const Value object = json(R"({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"spec\": 1}\n"}}})");
  EXPECT_EQ(*last_applied(*object), *json(R"({"spec": 1})"));
  EXPECT_EQ(last_applied(*json(R"({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{"}}})")), nullptr);
}

}  // namespace
}  // namespace oam::tests
