#include <oam/hosts/memory.hpp>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

namespace oam::hosts {
namespace {
namespace json = boost::json;
using detail::text_at;

std::string key_of(const json::value& object) {
  return std::string(detail::group_of(text_at(object, "apiVersion"))) + '/' + std::string(text_at(object, "kind")) + '/' +
         std::string(text_at(object, "metadata", "namespace")) + '/' + std::string(text_at(object, "metadata", "name"));
}

json::value condition(std::string_view type, bool holds) {
  return {{"type", json::string_view(type.data(), type.size())}, {"status", holds ? "True" : "False"}};
}

std::int64_t replicas(const json::value& object) {
  const json::value* found = detail::member(object, "spec", "replicas");
  return found && found->is_int64() ? found->get_int64() : 1;
}

// The status a controller would publish, before and after it has done its work.
json::value status_of(const json::value& object, bool ready) {
  const std::string_view kind = text_at(object, "kind");
  const std::int64_t wanted = replicas(object), there = ready ? wanted : 0;
  if (kind == "Deployment" || kind == "StatefulSet" || kind == "ReplicaSet")
    return {{"observedGeneration", 1}, {"replicas", wanted}, {"updatedReplicas", there}, {"readyReplicas", there},
            {"availableReplicas", there}, {"currentReplicas", there}, {"conditions", {condition("Available", ready)}}};
  if (kind == "DaemonSet")
    return {{"observedGeneration", 1}, {"desiredNumberScheduled", 1}, {"updatedNumberScheduled", ready ? 1 : 0},
            {"numberReady", ready ? 1 : 0}, {"numberAvailable", ready ? 1 : 0}};
  if (kind == "Job") return {{"active", ready ? 0 : 1}, {"succeeded", ready ? 1 : 0}, {"conditions", {condition("Complete", ready)}}};
  if (kind == "Pod") return {{"phase", ready ? "Running" : "Pending"}, {"podIP", "10.1.0.1"}, {"conditions", {condition("Ready", ready)}}};
  if (kind == "PersistentVolumeClaim") return {{"phase", ready ? "Bound" : "Pending"}};
  if (kind == "Namespace") return {{"phase", "Active"}};
  if (kind == "CustomResourceDefinition") return {{"conditions", {condition("Established", ready)}}};
  if (kind == "Service" && text_at(object, "spec", "type") == "LoadBalancer" && ready)
    return {{"loadBalancer", {{"ingress", {{{"ip", "192.0.2.1"}}}}}}};
  return nullptr;
}

}  // namespace

Memory::Memory() : Memory(Options()) {}
Memory::Memory(Options options) : options_(options) {}

Outcome Memory::perform(const Task& task) {
  if (task.kind == Step::Kind::render) return render(task);
  const std::lock_guard lock(mutex_);
  now_ += options_.task_takes;
  if (const auto fault = faults_.find(task.step); fault != faults_.end() && fault->second.times > 0) {
    --fault->second.times;
    return fault->second.outcome;
  }
  if (!task.object) return Outcome::succeeded();
  return apply(task);
}

Outcome Memory::apply(const Task& task) {
  const std::string key = key_of(*task.object);
  if (task.action == "observe") {
    const auto found = objects_.find(key);
    if (found != objects_.end()) return Outcome::succeeded(as_it_is(found->second, 1));
    Outcome outcome = Outcome::failed("it is gone");
    outcome.result = Outcome::Result::not_found;
    return outcome;
  }
  Object& object = objects_[key];
  const bool changed = !object.value || *object.value != *task.object;
  if (changed) object = {task.object, now_, ++revision_, stalls_.contains(task.step)};
  Outcome outcome = changed ? Outcome::succeeded() : Outcome::unchanged();
  outcome.object = as_it_is(object, static_cast<std::size_t>(object.revision));
  outcome.revision = std::to_string(object.revision);
  return outcome;
}

// The object with what a cluster adds: identity, an address, a status. A status
// that the author wrote stays.
Value Memory::as_it_is(const Object& object, std::size_t number) const {
  json::value value = *object.value;
  detail::write_at(value, "/metadata/uid", json::value("uid-" + std::to_string(object.revision)));
  detail::write_at(value, "/metadata/resourceVersion", json::value(std::to_string(object.revision)));
  detail::write_at(value, "/metadata/generation", json::value(1));
  const bool ready = !object.stalled && now_ >= object.applied + options_.ready_after;
  if (text_at(value, "kind") == "Service" && text_at(value, "spec", "clusterIP").empty())
    detail::write_at(value, "/spec/clusterIP", json::value("10.96.0." + std::to_string(number % 250 + 1)));
  if (json::value status = status_of(value, ready); !status.is_null() && !detail::member(value, "status"))
    value.get_object()["status"] = std::move(status);
  return share(std::move(value));
}

Observed Memory::observe() const {
  const std::lock_guard lock(mutex_);
  std::vector<Value> all;
  for (const auto& [key, object] : objects_) all.push_back(as_it_is(object, static_cast<std::size_t>(object.revision)));
  return Observed(std::move(all));
}

void Memory::fail(std::string step, Outcome outcome, int times) { faults_[std::move(step)] = {std::move(outcome), times}; }
void Memory::stall(std::string step) { stalls_[std::move(step)] = true; }

}  // namespace oam::hosts
