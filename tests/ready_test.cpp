#include <gtest/gtest.h>

#include "support/plans.hpp"
#include "support/ready.hpp"

namespace oam::tests {
namespace {

// `kind` is apps/v1 Deployment; the rest are fields of the object.
std::string ready(const std::string& kind, const std::string& rest) {
  const auto space = kind.find(' ');
  const Value object = json(R"({"apiVersion": ")" + kind.substr(0, space) + R"(", "kind": ")" + kind.substr(space + 1) +
                            R"(", "metadata": {"generation": 2}, )" + rest + "}");
  if (!object) return "no JSON";
  const detail::Readiness found = detail::readiness(*object);
  static constexpr const char* kNames[] = {"ready", "suspended", "progressing", "troubled", "failed", "unknown"};
  return kNames[static_cast<std::size_t>(found.status)] + (found.message.empty() ? "" : ": " + found.message);
}

struct Case {
  const char *kind, *fields, *expected;
};

class Ready : public ::testing::TestWithParam<Case> {};

TEST_P(Ready, IsJudgedByItsStatus) { EXPECT_EQ(ready(GetParam().kind, GetParam().fields), GetParam().expected) << GetParam().fields; }

INSTANTIATE_TEST_SUITE_P(Kinds, Ready, ::testing::Values(
    Case{"v1 ConfigMap", R"("data": {})", "ready"},
    Case{"v1 Pod", R"("status": {"phase": "Pending", "containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "ImagePullBackOff"}}}]})", "troubled: web: ImagePullBackOff"},
    Case{"v1 PersistentVolume", R"("status": {"phase": "Failed", "message": "gone"})", "failed: gone"},
    Case{"apps/v1 Deployment", R"("status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "quota"}]})", "troubled: quota"},
    Case{"autoscaling/v2 HorizontalPodAutoscaler", R"("status": {"conditions": [{"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric"}]})", "troubled: FailedGetResourceMetric"},
    Case{"networking.k8s.io/v1 Ingress", R"("status": {})", "ready: no address yet"},
    Case{"networking.k8s.io/v1 Ingress", R"("status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}})", "ready: 192.0.2.1"},
    Case{"v1 Pod", R"("status": {"phase": "Unknown"})", "unknown: its node does not answer"},
    Case{"v1 ConfigMap", R"("status": {"observedGeneration": 1})", "progressing: generation 2 has not been seen yet"},
    Case{"apps/v1 Deployment", R"("spec": {"replicas": 2})", "progressing: 0 of 2 created"},
    Case{"apps/v1 Deployment", R"("status": {"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1})", "ready: 1 of 1 ready"},
    Case{"apps/v1 Deployment", R"("status": {"replicas": 2, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1})", "progressing: 1 old still to go"},
    Case{"apps/v1 Deployment", R"("spec": {"replicas": 0}, "status": {})", "ready: 0 of 0 ready"},
    Case{"apps/v1 Deployment", R"("spec": {"paused": true}, "status": {})", "suspended: paused"},
    Case{"apps/v1 Deployment", R"("status": {"conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "too slow"}]})", "failed: too slow"},
    Case{"example.com/v1 Deployment", R"("spec": {"replicas": 2})", "ready"},
    Case{"apps/v1 StatefulSet", R"("spec": {"replicas": 3}, "status": {"readyReplicas": 2})", "progressing: 2 of 3 ready"},
    Case{"apps/v1 StatefulSet", R"("spec": {"replicas": 3}, "status": {"readyReplicas": 3, "updatedReplicas": 1})", "progressing: 1 of 3 updated"},
    Case{"apps/v1 StatefulSet", R"("spec": {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}, "status": {"readyReplicas": 3, "updatedReplicas": 1})", "ready: 3 of 3 ready"},
    Case{"apps/v1 DaemonSet", R"("status": {})", "progressing: not yet scheduled"},
    Case{"apps/v1 DaemonSet", R"("status": {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberReady": 2, "numberAvailable": 2})", "ready: 2 of 2 ready"},
    Case{"apps/v1 DaemonSet", R"("status": {"desiredNumberScheduled": 2, "updatedNumberScheduled": 0, "numberReady": 2, "numberAvailable": 2})", "progressing: 0 of 2 updated"},
    Case{"apps/v1 DaemonSet", R"("spec": {"updateStrategy": {"type": "OnDelete"}}, "status": {"desiredNumberScheduled": 2, "updatedNumberScheduled": 0, "numberReady": 2, "numberAvailable": 2})", "ready: 2 of 2 ready"},
    Case{"apps/v1 DaemonSet", R"("spec": {"updateStrategy": {"type": "OnDelete"}}, "status": {"desiredNumberScheduled": 2, "numberReady": 2, "numberAvailable": 1})", "progressing: 1 of 2 available"},
    Case{"apps/v1 StatefulSet", R"("spec": {"replicas": 2}, "status": {"replicas": 3, "readyReplicas": 2, "updatedReplicas": 2})", "progressing: 1 still to go"},
    Case{"apps/v1 ReplicaSet", R"("status": {"replicas": 2, "readyReplicas": 2})", "progressing: 1 still to go"},
    Case{"apps/v1 ReplicaSet", R"("status": {"replicas": 1, "readyReplicas": 1})", "ready: 1 of 1 ready"},
    Case{"apps/v1 ReplicaSet", R"("status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "quota"}]})", "troubled: quota"},
    Case{"v1 ReplicationController", R"("status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}]})", "troubled: FailedCreate"},
    Case{"batch/v1 Job", R"("status": {"active": 1})", "progressing: 0 of 1 complete"},
    Case{"batch/v1 Job", R"("status": {"conditions": [{"type": "Complete", "status": "True"}]})", "ready: complete"},
    Case{"batch/v1 Job", R"("status": {"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]})", "failed: BackoffLimitExceeded"},
    Case{"batch/v1 CronJob", R"("spec": {"suspend": true})", "suspended: suspended"},
    Case{"v1 Pod", R"("status": {"phase": "Running"})", "progressing: running, not ready"},
    Case{"v1 Pod", R"("status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]})", "ready: running"},
    Case{"v1 Pod", R"("status": {"phase": "Failed"})", "failed: failed"},
    Case{"v1 PersistentVolumeClaim", R"("status": {"phase": "Pending"})", "progressing: not yet bound"},
    Case{"v1 Service", R"("spec": {"type": "ClusterIP"})", "ready"},
    Case{"v1 Service", R"("spec": {"type": "LoadBalancer"})", "progressing: no address yet"},
    Case{"v1 Service", R"("spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}})", "ready"},
    Case{"apiextensions.k8s.io/v1 CustomResourceDefinition", R"("spec": {})", "progressing: not yet established"},
    Case{"example.com/v1 Foo", R"("status": {"state": "pending"})", "ready"},
    Case{"example.com/v1 Foo", R"("status": {"conditions": [{"type": "Ready", "status": "Unknown", "reason": "Starting"}]})", "progressing: Starting"},
    Case{"example.com/v1 Foo", R"("status": {"conditions": [{"type": "Available", "status": "False"}]})", "progressing: Available"},
    Case{"example.com/v1 Foo", R"("status": {"conditions": [{"type": "Stalled", "status": "True", "message": "no quota"}]})", "failed: no quota"},
    Case{"example.com/v1 Foo", R"("status": "odd", "spec": 7)", "ready"}));

TEST(Ready, IsNothingThatIsBeingDeleted) {
  EXPECT_EQ(detail::readiness(*json(R"({"kind": "ConfigMap", "metadata": {"deletionTimestamp": "now"}})")).message, "is being deleted");
}

TEST(Ready, StandsAnyValue) {
  for (const char* text : {"null", "[]", "7", "\"text\"", "{}"}) EXPECT_EQ(detail::readiness(*json(text)).status, detail::Readiness::Status::ready);
}

}  // namespace
}  // namespace oam::tests
