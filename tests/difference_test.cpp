#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/difference.hpp>
#include <oam/json.hpp>

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

// Likewise; what is observed is of the kind that is wanted.
std::vector<std::string> told(std::string_view desired, std::string_view observed, std::string_view applied = "null", std::vector<IgnoreRule> ignore = {}) {
  const Value wanted = json(desired);
  boost::json::value there = *json(observed);
  for (const char* name : {"apiVersion", "kind"})
    if (const auto* same = wanted->as_object().if_contains(name)) there.as_object()[name] = *same;
  std::vector<std::string> texts;
  for (const Difference& d : differences(wanted, share(std::move(there)), json(applied), ignore)) texts.push_back(text_of(d));
  return texts;
}

// {} is as good as nothing where the server drops maps and structs that hold nothing, or fills them in.
TEST(Difference, OfAnEmptyMapIsOneWhereItsPresenceMeansSomething) {
  const char* const peer = R"({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"ingress": [{"from": [{"namespaceSelector": {}}]}]}})";
  EXPECT_THAT(told(R"({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}})", peer, peer),
              ElementsAre("spec.ingress[0].from[0].podSelector: {}, not there", "spec.ingress[0].from[0].namespaceSelector: set no more, still {}"));
  EXPECT_THAT(told(R"({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": {"selector": {}}})", R"({"spec": {}})"), ElementsAre("spec.selector: {}, not there"));
  const char* const volume = R"({"kind": "Pod", "spec": {"volumes": [{"name": "v", "emptyDir": {}}]}})";
  EXPECT_THAT(told(R"({"kind": "Pod", "spec": {"volumes": [{"name": "v", "configMap": {"name": "c"}}]}})", volume, volume),
              ElementsAre("spec.volumes[v].configMap: {\"name\":\"c\"}, not there", "spec.volumes[v].emptyDir: set no more, still {}"));
  EXPECT_THAT(told(R"({"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "spec": {"selfSigned": {}}})", R"({"spec": {}})"), ElementsAre("spec.selfSigned: {}, not there"));
  EXPECT_THAT(told(R"({"apiVersion": "x.io/v1", "kind": "Thing", "spec": {"data": {}, "on": null}})", R"({"spec": {}})"), ElementsAre("spec.data: {}, not there"));
}

TEST(Difference, IsNotAnEmptyMapThatTheServerDrops) {
  EXPECT_THAT(told(R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": {}}, "spec": {"strategy": {}, "template": {"metadata": {"annotations": {}},
                        "spec": {"securityContext": {}, "containers": [{"name": "a", "resources": {"limits": {}}}]}}}})",
                    R"({"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}})"), IsEmpty());
  EXPECT_THAT(told(R"({"kind": "Pod", "spec": {"securityContext": {}}})", R"({"spec": {}})"), IsEmpty());
  EXPECT_THAT(told(R"({"kind": "ConfigMap", "data": {}})", "{}"), IsEmpty());
  EXPECT_THAT(told(R"({"apiVersion": "x.io/v1", "kind": "Thing", "metadata": {"labels": {}}})", R"({"metadata": {}})"), IsEmpty());
  EXPECT_THAT(told(R"({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": {"nodeSelector": {}}}}}]}})",
                    R"({"spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": {}}}}]}})"),
              ElementsAre("spec.versions[0].schema.openAPIV3Schema.properties.nodeSelector: {}, not there"));
}

// "", 0 and false are dropped where the field is no pointer.
TEST(Difference, IsNotAZeroThatTheServerDrops) {
  EXPECT_THAT(told(R"({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"minReadySeconds": 0, "template": {"spec": {"hostPID": false, "serviceAccountName": "", "containers":
                        [{"name": "a", "tty": false, "workingDir": "", "imagePullPolicy": "", "env": [{"name": "E", "value": ""}], "livenessProbe": {"exec": {}, "periodSeconds": 0}}]}}}})",
                    R"({"spec": {"template": {"spec": {"containers": [{"name": "a", "imagePullPolicy": "IfNotPresent", "env": [{"name": "E"}], "livenessProbe": {"exec": {}, "periodSeconds": 10}}]}}}})"),
              IsEmpty());
  EXPECT_THAT(told(R"({"kind": "Pod", "spec": {"automountServiceAccountToken": false, "containers": [{"name": "a", "securityContext": {"runAsUser": 0, "readOnlyRootFilesystem": false}}]}})",
                    R"({"spec": {"containers": [{"name": "a", "securityContext": {}}]}})"),
              ElementsAre("spec.automountServiceAccountToken: false, not there", "spec.containers[a].securityContext.runAsUser: 0, not there",
                          "spec.containers[a].securityContext.readOnlyRootFilesystem: false, not there"));
  EXPECT_THAT(told(R"({"kind": "PersistentVolumeClaim", "spec": {"storageClassName": ""}})", R"({"spec": {"storageClassName": "std"}})"), ElementsAre("spec.storageClassName: \"\", observed \"std\""));
  EXPECT_THAT(told(R"({"kind": "Pod", "spec": {"containers": [{"name": "a", "env": [{"name": "E", "value": ""}]}]}})", R"({"spec": {"containers": [{"name": "a", "env": [{"name": "E", "value": "x"}]}]}})"),
              ElementsAre("spec.containers[a].env[E].value: \"\", observed \"x\""));
  EXPECT_THAT(told(R"({"apiVersion": "x.io/v1", "kind": "Thing", "spec": {"minReadySeconds": 0}})", R"({"spec": {}})"), ElementsAre("spec.minReadySeconds: 0, not there"));
}

TEST(Difference, IsNotWhatIsLeftToTheCluster) {
  const char* const service = R"({"kind": "Service", "spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "loadBalancerIP": "1.1.1.1", "ports": [{"port": 80, "nodePort": 30001}]}})";
  const char* const open = R"({"kind": "Service", "spec": {"clusterIP": "", "clusterIPs": [""], "loadBalancerIP": "", "ports": [{"port": 80, "protocol": null, "nodePort": 0}]}})";
  EXPECT_THAT(told(open, service), IsEmpty());
  EXPECT_THAT(told(open, service, service), ElementsAre("spec.loadBalancerIP: \"\", observed \"1.1.1.1\""));
  EXPECT_THAT(told(R"({"kind": "Service", "spec": {"ports": [{"port": 80}]}})", service, open), IsEmpty());
  EXPECT_THAT(told(R"({"kind": "PersistentVolumeClaim", "spec": {"volumeName": ""}})", R"({"spec": {"volumeName": "pv-1"}})"), IsEmpty());
  EXPECT_THAT(told(R"({"apiVersion": "serving.knative.dev/v1", "kind": "Service", "spec": {"clusterIP": ""}})", service), ElementsAre("spec.clusterIP: \"\", observed \"10.0.0.1\""));
}

TEST(Difference, OfANullIsThatOfAFieldThatIsNotWritten) {
  const char* const null = R"({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": null}})";
  EXPECT_THAT(told(null, R"({"spec": {"replicas": 1}})"), IsEmpty());
  EXPECT_THAT(told(null, R"({"spec": {"replicas": 5}})"), IsEmpty());
  EXPECT_THAT(told(null, R"({"spec": {"replicas": 5}})", R"({"spec": {"replicas": 5}})"), ElementsAre("spec.replicas: set no more, still 5"));
  EXPECT_THAT(told(R"({"apiVersion": "x.io/v1", "kind": "Thing", "spec": {"a": null}})", R"({"spec": {"a": 5}})"), ElementsAre("spec.a: null, observed 5"));
}

// Init containers run in their order; a variable may refer to those before it.
TEST(Difference, OfTheOrderIsOneWhereItSaysSomething) {
  const auto pod = [](const std::string& lists) { return R"({"kind": "Pod", "spec": {)" + lists + "}}"; };
  const std::string a = R"({"name": "a", "image": "x"})", b = R"({"name": "b", "image": "x"})", mesh = R"({"name": "mesh"})";
  EXPECT_THAT(told(pod("\"initContainers\": [" + b + "," + a + "]"), pod("\"initContainers\": [" + mesh + "," + a + "," + b + "]")),
              ElementsAre("spec.initContainers (order): [\"b\",\"a\"], observed [\"a\",\"b\"]"));
  EXPECT_THAT(told(pod("\"initContainers\": [" + a + "," + b + "]"), pod("\"initContainers\": [" + mesh + "," + a + "," + b + "]")), IsEmpty());
  EXPECT_THAT(told(pod("\"containers\": [" + b + "," + a + "]"), pod("\"containers\": [" + a + "," + b + "]")), IsEmpty());
  const auto env = [&](const std::string& list) { return pod("\"containers\": [{\"name\": \"c\", \"env\": [" + list + "]}]"); };
  const std::string home = R"({"name": "HOME", "value": "/h"})", path = R"({"name": "PATH", "value": "$(HOME)/bin"})", cost = R"x({"name": "COST", "value": "$$(HOME)"})x";
  EXPECT_THAT(told(env(path + "," + home), env(home + "," + path)), ElementsAre("spec.containers[c].env (order): [\"PATH\",\"HOME\"], observed [\"HOME\",\"PATH\"]"));
  EXPECT_THAT(told(env(cost + "," + home + "," + path), env(home + "," + cost + "," + path)), IsEmpty());
}

// Index 0 is that of the wanted list, whatever stands in front in the cluster.
TEST(Difference, IsIgnoredByTheIndexOfTheWantedList) {
  const char* const wanted = R"({"kind": "Pod", "spec": {"containers": [{"name": "c", "image": "i:1"}]}})";
  const char* const there = R"({"spec": {"containers": [{"name": "old", "image": "o"}, {"name": "c", "image": "i:7"}]}})";
  EXPECT_THAT(told(wanted, there, there, {{.pointer = "/spec/containers/0"}}), ElementsAre("spec.containers[old]: set no more, still {\"name\":\"old\",\"image\":\"o\"}"));
  EXPECT_THAT(told(wanted, there, there, {{.pointer = "/spec/containers/*"}}), IsEmpty());
  EXPECT_THAT(told(R"({"kind": "Secret", "stringData": {"a": "x"}})", R"({"data": {"a": "eQ=="}})", "null", {{.pointer = "/stringData/a"}}), IsEmpty());
}

TEST(Difference, KnowsWhatWasAppliedLast) {
  const Value object = json(R"({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"spec\": 1}\n"}}})");
  EXPECT_EQ(*last_applied(*object), *json(R"({"spec": 1})"));
  EXPECT_EQ(last_applied(*json(R"({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{"}}})")), nullptr);
}

}  // namespace
}  // namespace oam::tests
