// The rules follow what kubectl's status library and its kin agree on: never
// trust a status older than the spec, then the rule of the kind, then conditions.
#include "support/ready.hpp"

#include "support/json.hpp"

#include <algorithm>
#include <array>

namespace oam::detail {

namespace {

using boost::json::value;
using Status = Readiness::Status;

std::int64_t integer(const value* number, std::int64_t otherwise = 0) {
  if (!number) return otherwise;
  if (number->is_int64()) return number->get_int64();
  if (number->is_uint64()) return static_cast<std::int64_t>(number->get_uint64());
  return otherwise;
}

bool is_true(const value* flag) { return flag && flag->is_bool() && flag->get_bool(); }

const value* condition(const value& object, std::string_view type) {
  const value* list = member(object, "status", "conditions");
  if (!list || !list->is_array()) return nullptr;
  for (const value& item : list->get_array())
    if (text_at(item, "type") == type) return &item;
  return nullptr;
}

bool condition_is(const value& object, std::string_view type, std::string_view status) {
  const value* found = condition(object, type);
  return found && text_at(*found, "status") == status;
}

// The words of a condition: its message, or its reason, or its type.
std::string words(const value& condition) {
  for (const std::string_view key : {"message", "reason", "type"})
    if (const auto text = text_at(condition, key); !text.empty()) return std::string(text);
  return {};
}

std::string of(std::int64_t have, std::int64_t want, std::string_view what) {
  return std::to_string(have) + " of " + std::to_string(want) + " " + std::string(what);
}

Readiness progressing(std::string message) { return {Status::progressing, std::move(message)}; }

// The first count that is short of what is wanted.
struct Count {
  const char* field;
  const char* what;
};

template <std::size_t N>
Readiness counted(const value& object, std::int64_t want, const std::array<Count, N>& counts) {
  for (const Count& count : counts) {
    const std::int64_t have = integer(member(object, "status", count.field));
    if (have < want) return progressing(of(have, want, count.what));
  }
  return {Status::ready, of(want, want, "ready")};
}

// Pods that are still to go.
std::int64_t too_many(const value& object, std::int64_t want) { return std::max<std::int64_t>(integer(member(object, "status", "replicas")) - want, 0); }

Readiness deployment(const value& object) {
  const value* progress = condition(object, "Progressing");
  if (progress && text_at(*progress, "reason") == "ProgressDeadlineExceeded")
    return {Status::failed, words(*progress)};
  if (condition_is(object, "ReplicaFailure", "True")) return {Status::troubled, words(*condition(object, "ReplicaFailure"))};
  const std::int64_t want = integer(member(object, "spec", "replicas"), 1);
  const Readiness found = counted(object, want,
                                  std::array{Count{"replicas", "created"}, Count{"updatedReplicas", "updated"},
                                             Count{"readyReplicas", "ready"},
                                             Count{"availableReplicas", "available"}});
  if (found.status == Status::ready)
    if (const std::int64_t many = too_many(object, want); many > 0) return progressing(std::to_string(many) + " old still to go");
  if (is_true(member(object, "spec", "paused"))) return {Status::suspended, "paused"};
  return found;
}

// Its pods are as they were until somebody deletes them.
bool updates_on_delete(const value& object) { return text_at(object, "spec", "updateStrategy", "type") == "OnDelete"; }

Readiness stateful_set(const value& object) {
  const std::int64_t want = integer(member(object, "spec", "replicas"), 1);
  Readiness found = counted(object, want, std::array{Count{"readyReplicas", "ready"}});
  if (found.status != Status::ready) return found;
  if (const std::int64_t many = too_many(object, want); many > 0) return progressing(std::to_string(many) + " still to go");
  if (updates_on_delete(object)) return found;
  const std::int64_t kept = integer(member(object, "spec", "updateStrategy", "rollingUpdate", "partition"));
  const std::int64_t updated = integer(member(object, "status", "updatedReplicas"), want);
  if (updated < want - kept) return progressing(of(updated, want - kept, "updated"));
  const auto current = text_at(object, "status", "currentRevision");
  const auto update = text_at(object, "status", "updateRevision");
  if (kept == 0 && !update.empty() && current != update)
    return progressing("revision " + std::string(update) + " is being rolled out");
  return found;
}

Readiness replica_set(const value& object) {
  if (condition_is(object, "ReplicaFailure", "True")) return {Status::troubled, words(*condition(object, "ReplicaFailure"))};
  const std::int64_t want = integer(member(object, "spec", "replicas"), 1);
  const Readiness found = counted(object, want, std::array{Count{"readyReplicas", "ready"}});
  const std::int64_t many = found.status == Status::ready ? too_many(object, want) : 0;
  return many > 0 ? progressing(std::to_string(many) + " still to go") : found;
}

Readiness daemon_set(const value& object) {
  const value* want = member(object, "status", "desiredNumberScheduled");
  if (!want) return progressing("not yet scheduled");
  const std::array running{Count{"numberReady", "ready"}, Count{"numberAvailable", "available"}};
  if (updates_on_delete(object)) return counted(object, integer(want), running);
  return counted(object, integer(want), std::array{Count{"updatedNumberScheduled", "updated"}, running[0], running[1]});
}

// A container that cannot start, and why; null if there is none.
const value* stuck_container(const value& object) {
  constexpr auto kReasons = std::to_array<std::string_view>({"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull",
                                                             "CreateContainerConfigError", "CreateContainerError", "RunContainerError"});
  for (const std::string_view list : {"initContainerStatuses", "containerStatuses"}) {
    const value* all = member(object, "status", list);
    if (!all || !all->is_array()) continue;
    for (const value& each : all->get_array())
      if (std::ranges::find(kReasons, text_at(each, "state", "waiting", "reason")) != kReasons.end()) return &each;
  }
  return nullptr;
}

Readiness pod(const value& object) {
  if (const value* stuck = stuck_container(object))
    return {Status::troubled, std::string(text_at(*stuck, "name")) + ": " + std::string(text_at(*stuck, "state", "waiting", "reason"))};
  const auto phase = text_at(object, "status", "phase");
  if (phase == "Succeeded") return {Status::ready, "succeeded"};
  if (phase == "Failed") return {Status::failed, "failed"};
  if (phase == "Unknown") return {Status::unknown, "its node does not answer"};
  if (phase == "Running" && condition_is(object, "Ready", "True")) return {Status::ready, "running"};
  return progressing(phase.empty() ? "not yet started" : phase == "Running" ? "running, not ready" : "pending");
}

Readiness job(const value& object) {
  if (const value* failed = condition(object, "Failed"); failed && text_at(*failed, "status") == "True")
    return {Status::failed, words(*failed)};
  if (condition_is(object, "Complete", "True")) return {Status::ready, "complete"};
  if (is_true(member(object, "spec", "suspend"))) return {Status::suspended, "suspended"};
  const std::int64_t want = integer(member(object, "spec", "completions"), 1);
  return progressing(of(integer(member(object, "status", "succeeded")), want, "complete"));
}

Readiness cron_job(const value& object) {
  if (is_true(member(object, "spec", "suspend"))) return {Status::suspended, "suspended"};
  return {};
}

Readiness claim(const value& object) {
  const auto phase = text_at(object, "status", "phase");
  if (phase == "Bound") return {Status::ready, "bound"};
  if (phase == "Lost") return {Status::failed, "lost"};
  return progressing("not yet bound");
}

Readiness service(const value& object) {
  if (text_at(object, "spec", "type") != "LoadBalancer") return {};
  const value* ingress = member(object, "status", "loadBalancer", "ingress");
  if (ingress && ingress->is_array() && !ingress->get_array().empty()) return {};
  return progressing("no address yet");
}

Readiness volume(const value& object) {
  if (text_at(object, "status", "phase") == "Failed") return {Status::failed, std::string(text_at(object, "status", "message"))};
  return {};
}

// It serves inside the cluster without an address, too.
Readiness ingress(const value& object) {
  const value* list = member(object, "status", "loadBalancer", "ingress");
  if (!list || !list->is_array() || list->get_array().empty()) return {Status::ready, "no address yet"};
  const value& first = list->get_array().front();
  return {Status::ready, std::string(text_at(first, "ip").empty() ? text_at(first, "hostname") : text_at(first, "ip"))};
}

Readiness autoscaler(const value& object) {
  for (const std::string_view type : {"AbleToScale", "ScalingActive"})
    if (condition_is(object, type, "False") && text_at(*condition(object, type), "reason") != "ScalingDisabled")
      return {Status::troubled, words(*condition(object, type))};
  return {};
}

Readiness namespace_(const value& object) {
  if (text_at(object, "status", "phase") == "Terminating") return progressing("is being deleted");
  return {};
}

Readiness resource_definition(const value& object) {
  if (const value* names = condition(object, "NamesAccepted"); names && text_at(*names, "status") == "False")
    return {Status::failed, words(*names)};
  if (condition_is(object, "Established", "True")) return {Status::ready, "established"};
  return progressing("not yet established");
}

// Kinds that nobody here knows: conditions whose meaning is common property.
Readiness by_conditions(const value& object) {
  for (const std::string_view type : {"Stalled", "Failed"})
    if (condition_is(object, type, "True")) return {Status::failed, words(*condition(object, type))};
  if (condition_is(object, "Reconciling", "True")) return progressing(words(*condition(object, "Reconciling")));
  for (const std::string_view type : {"Ready", "Available"}) {
    const value* found = condition(object, type);
    if (!found) continue;
    if (text_at(*found, "status") == "True") return {};
    return progressing(words(*found));
  }
  return {};
}

struct Rule {
  std::string_view group, kind;
  Readiness (*judge)(const value&);
};

constexpr auto kRules = std::to_array<Rule>({
    {"", "Namespace", namespace_},
    {"", "PersistentVolume", volume},
    {"", "PersistentVolumeClaim", claim},
    {"", "Pod", pod},
    {"", "ReplicationController", replica_set},
    {"", "Service", service},
    {"apiextensions.k8s.io", "CustomResourceDefinition", resource_definition},
    {"apps", "DaemonSet", daemon_set},
    {"apps", "Deployment", deployment},
    {"apps", "ReplicaSet", replica_set},
    {"apps", "StatefulSet", stateful_set},
    {"autoscaling", "HorizontalPodAutoscaler", autoscaler},
    {"batch", "CronJob", cron_job},
    {"batch", "Job", job},
    {"networking.k8s.io", "Ingress", ingress},
});

}  // namespace

std::optional<std::string> unseen_generation(const value& object) {
  const value* seen = member(object, "status", "observedGeneration");
  const std::int64_t wanted = integer(member(object, "metadata", "generation"));
  if (!seen || integer(seen) >= wanted) return std::nullopt;
  return "generation " + std::to_string(wanted) + " has not been seen yet";
}

Readiness readiness(const value& object) {
  if (member(object, "metadata", "deletionTimestamp")) return progressing("is being deleted");
  if (auto unseen = unseen_generation(object)) return progressing(std::move(*unseen));
  const std::string_view version = text_at(object, "apiVersion");
  const auto slash = version.find('/');
  const std::string_view group = slash == std::string_view::npos ? std::string_view() : version.substr(0, slash);
  const std::string_view kind = text_at(object, "kind");
  for (const Rule& rule : kRules)
    if (rule.group == group && rule.kind == kind) return rule.judge(object);
  return by_conditions(object);
}

}  // namespace oam::detail
