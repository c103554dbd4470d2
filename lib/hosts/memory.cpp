#include <oam/hosts/memory.hpp>

#include <oam/json.hpp>

#include "support/json.hpp"
#include "support/list_keys.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace oam::hosts {

namespace {

namespace json = boost::json;
using detail::text_at;

// apps/Deployment; core/Pod
std::string type_of(const json::value& object) {
  const std::string_view version = text_at(object, "apiVersion");
  const auto slash = version.find('/');
  return std::string(slash == std::string_view::npos ? "core" : version.substr(0, slash)) + '/' +
         std::string(text_at(object, "kind"));
}

// Deployment.apps/web
std::string shown_name(const json::value& object) {
  const std::string_view version = text_at(object, "apiVersion");
  const auto slash = version.find('/');
  return std::string(text_at(object, "kind")) + (slash == version.npos ? "" : '.' + std::string(version.substr(0, slash))) + '/' + std::string(text_at(object, "metadata", "name"));
}

std::string key_of(const json::value& object) {
  return type_of(object) + '/' + std::string(text_at(object, "metadata", "namespace")) + '/' +
         std::string(text_at(object, "metadata", "name"));
}

// The element of a list that has the key; null: none has, or elements of such lists have none.
json::value* element(json::value& list, std::string_view field, const std::string& key) {
  if (!list.is_array() || key.empty()) return nullptr;
  for (json::value& each : list.get_array())
    if (detail::list_key(field, each) == key) return &each;
  return nullptr;
}

// Of a list with keys: the elements that were set before.
bool take_elements_out(std::string_view name, json::array& live, const json::array& before) {
  json::array left;
  for (json::value& each : live) {
    const std::string key = detail::list_key(name, each);
    const auto was = std::ranges::find_if(before, [&](const json::value& other) { return !key.empty() && detail::list_key(name, other) == key; });
    if (!key.empty() && was == before.end()) left.push_back(each);
  }
  live = std::move(left);
  return live.empty();
}

// Takes out of a field what was set before; what others have set in it stays. True: nothing is left.
bool take_out(std::string_view name, json::value& live, const json::value& before) {
  if (live.is_array() && before.is_array()) return take_elements_out(name, live.get_array(), before.get_array());
  if (!live.is_object() || !before.is_object()) return true;
  json::object& fields = live.get_object();
  for (const auto& field : before.get_object())
    if (json::value* there = fields.if_contains(field.key()); there && take_out(field.key(), *there, field.value())) fields.erase(field.key());
  return fields.empty();
}

json::value merged(std::string_view name, const json::value& live, const json::value& before, const json::value& now);

// `now`, each element into the one that has its key; behind them those of others.
json::value merged_list(std::string_view name, const json::value& live, json::value before, const json::array& now) {
  json::value there = live;
  json::array result;
  for (const json::value& each : now) {
    const std::string key = detail::list_key(name, each);
    if (key.empty()) return now;   // a list without keys is replaced whole
    const json::value *old = element(there, name, key), *set = element(before, name, key);
    result.push_back(old ? merged("", *old, set ? *set : json::value(), each) : each);
  }
  json::value whole = now;
  for (json::value& each : there.get_array()) {
    const std::string key = detail::list_key(name, each);
    if (!key.empty() && !element(whole, name, key) && !element(before, name, key)) result.push_back(each);
  }
  return result;
}

// `now` as it is set, `live` otherwise, without what was set `before` and is no
// longer. As deep as a document may be.
json::value merged(std::string_view name, const json::value& live, const json::value& before, const json::value& now) {
  if (live.is_array() && now.is_array()) return merged_list(name, live, before, now.get_array());
  if (!live.is_object() || !now.is_object()) return now;
  json::object result = live.get_object();
  if (before.is_object())
    for (const auto& field : before.get_object())
      if (json::value* there = now.get_object().contains(field.key()) ? nullptr : result.if_contains(field.key()); there && take_out(field.key(), *there, field.value()))
        result.erase(field.key());
  for (const auto& field : now.get_object()) {
    const json::value* old = live.get_object().if_contains(field.key());
    const json::value* set = before.is_object() ? before.get_object().if_contains(field.key()) : nullptr;
    result[field.key()] = old ? merged(field.key(), *old, set ? *set : json::value(), field.value()) : field.value();
  }
  return result;
}

json::value conditions(const char* type, bool holds) {
  return json::array{json::object{{"type", type}, {"status", holds ? "True" : "False"}}};
}

// `part` of `whole` in thousandths, rounded down.
std::int64_t share_of(std::int64_t whole, Time thousandths) { return whole * thousandths / 1'000; }

json::object replica_status(const json::value& object, Time progress) {
  const json::value* found = detail::member(object, "spec", "replicas");
  const std::int64_t wanted = found && found->is_int64() ? std::clamp<std::int64_t>(found->get_int64(), 0, 1'000'000) : 1;
  const std::int64_t there = share_of(wanted, progress);
  return {{"replicas", wanted},        {"updatedReplicas", there}, {"readyReplicas", there},
          {"availableReplicas", there}, {"currentReplicas", there}, {"conditions", conditions("Available", there == wanted)}};
}

json::object daemon_status(const json::value&, Time progress) {
  const std::int64_t nodes = 3, there = share_of(nodes, progress);
  return {{"desiredNumberScheduled", nodes}, {"updatedNumberScheduled", there}, {"numberReady", there}, {"numberAvailable", there}};
}

json::object job_status(const json::value& object, Time progress) {
  const json::value* found = detail::member(object, "spec", "completions");
  const std::int64_t wanted = found && found->is_int64() ? std::clamp<std::int64_t>(found->get_int64(), 0, 1'000'000) : 1;
  const std::int64_t there = share_of(wanted, progress);
  return {{"active", wanted - there}, {"succeeded", there}, {"conditions", conditions("Complete", there == wanted)}};
}

json::object pod_status(const json::value&, Time progress) {
  const bool ready = progress >= 1'000;
  return {{"phase", ready ? "Running" : "Pending"}, {"podIP", "10.1.0.1"}, {"conditions", conditions("Ready", ready)}};
}

json::object claim_status(const json::value&, Time progress) { return {{"phase", progress >= 1'000 ? "Bound" : "Pending"}}; }

json::object namespace_status(const json::value&, Time) { return {{"phase", "Active"}}; }

json::object definition_status(const json::value&, Time progress) {
  return {{"conditions", conditions("Established", progress >= 1'000)}};
}

json::object service_status(const json::value& object, Time progress) {
  if (text_at(object, "spec", "type") != "LoadBalancer" || progress < 1'000) return {};
  return {{"loadBalancer", json::object{{"ingress", json::array{json::object{{"ip", "192.0.2.1"}}}}}}};
}

using StatusOf = json::object (*)(const json::value& object, Time progress);

// What the controllers of a cluster publish; `progress` goes from 0 to 1000.
const std::map<std::string, StatusOf, std::less<>> kStatus = {
    {"apiextensions.k8s.io/CustomResourceDefinition", definition_status},
    {"apps/DaemonSet", daemon_status},
    {"apps/Deployment", replica_status},
    {"apps/ReplicaSet", replica_status},
    {"apps/StatefulSet", replica_status},
    {"batch/Job", job_status},
    {"core/Namespace", namespace_status},
    {"core/PersistentVolumeClaim", claim_status},
    {"core/Pod", pod_status},
    {"core/ReplicationController", replica_status},
    {"core/Service", service_status},
};

struct Object {
  json::value live;         // without what as_it_is() adds
  json::value applied;      // as it was asked for last
  std::int64_t number = 0;  // among all that were ever made
  std::int64_t revision = 0, generation = 0;
  Time since = 0;           // the last change
  bool stalled = false;
};

struct Fault {
  Outcome outcome;
  int times = 0;
};

bool same_but_metadata(const json::value& a, const json::value& b) {
  if (!a.is_object() || !b.is_object()) return a == b;
  json::object left = a.get_object(), right = b.get_object();
  for (const char* key : {"metadata", "status"}) left.erase(key), right.erase(key);
  return left == right;
}

}  // namespace

struct Memory::Data {
  Options options;
  mutable std::mutex mutex;
  Time now = 0;
  std::int64_t made = 0, revision = 0;
  std::map<std::string, Object> objects;
  std::map<std::string, Fault> faults;
  std::set<std::string, std::less<>> stalled, muted;
  std::map<std::string, std::vector<Shown>, std::less<>> shown;   // by object; the earlier time first

  Outcome apply(const Task& task);
  Outcome look(const Task& task) const;
  Outcome remove(const Task& task);
  Outcome release(const Task& task);
  Outcome act(const Task& task);
  Outcome apply_all(const Task& task);
  Outcome list(const Task& task) const;
  json::value as_it_is(const Object& object) const;
  const std::vector<Shown>* script_of(const json::value& object) const;
  std::optional<json::object> status_of(const json::value& value, const Object& object) const;
  Outcome answer(Outcome outcome, const Task& task, const Object& object) const;
};

namespace {

Outcome not_found() {
  Outcome outcome;
  outcome.result = Outcome::Result::not_found;
  outcome.message = "it is not there";
  return outcome;
}

}  // namespace

Outcome Memory::Data::apply(const Task& task) {
  Object& object = objects[key_of(*task.object)];
  const bool is_new = object.number == 0;
  if (is_new) object.number = ++made;
  json::value live = is_new ? *task.object : merged("", object.live, object.applied, *task.object);
  object.applied = *task.object;
  object.stalled = stalled.contains(task.step);
  if (!is_new && live == object.live) return answer(Outcome::unchanged(), task, object);
  if (is_new || !same_but_metadata(live, object.live)) ++object.generation;
  object.live = std::move(live);
  object.revision = ++revision;
  object.since = now;
  return answer(Outcome::succeeded(), task, object);
}

Outcome Memory::Data::look(const Task& task) const {
  const auto found = objects.find(key_of(*task.object));
  return found == objects.end() ? not_found() : answer(Outcome::succeeded(), task, found->second);
}

Outcome Memory::Data::remove(const Task& task) {
  return objects.erase(key_of(*task.object)) > 0 ? Outcome::succeeded() : not_found();
}

// It stays, and belongs to no application any more.
Outcome Memory::Data::release(const Task& task) {
  const auto found = objects.find(key_of(*task.object));
  if (found == objects.end()) return Outcome::succeeded();
  json::value* metadata = found->second.live.get_object().if_contains("metadata");
  json::value* labels = metadata && metadata->is_object() ? metadata->get_object().if_contains("labels") : nullptr;
  if (labels && labels->is_object())
    for (const char* name : {"app.oam.dev/name", "app.oam.dev/namespace"}) labels->get_object().erase(name);
  found->second.revision = ++revision;
  return answer(Outcome::succeeded(), task, found->second);
}

namespace {

// The object that a call of a workflow step is about, where it says no namespace in the one of the task.
Task about(const Task& task, const json::value& value) {
  json::object object = value.is_object() ? value.get_object() : json::object();
  json::value& metadata = object["metadata"];
  if (!metadata.is_object()) metadata.emplace_object();
  if (text_at(metadata, "namespace").empty()) metadata.get_object()["namespace"] = task.target.namespace_.empty() ? "default" : std::string(task.target.namespace_);
  Task made = task;
  made.object = share(std::move(object));
  return made;
}

Outcome with_value(Outcome outcome) {
  if (outcome.object) outcome.outputs = share(json::object{{"value", *outcome.object}});
  return outcome;
}

bool has_labels(const json::value& object, const json::value* wanted) {
  if (!wanted || !wanted->is_object()) return true;
  return std::ranges::all_of(wanted->get_object(), [&](const auto& label) {
    const json::value* found = detail::member(object, "metadata", "labels", std::string_view(label.key()));
    return found && *found == label.value();
  });
}

}  // namespace

// What workflow steps ask of objects.
Outcome Memory::Data::act(const Task& task) {
  const json::value* value = task.object ? detail::member(*task.object, "value") : nullptr;
  if (task.action == "kube/list") return list(task);
  if (!value) return Outcome::succeeded();
  if (task.action == "kube/apply") return with_value(apply(about(task, *value)));
  if (task.action == "kube/apply-in-parallel") return apply_all(task);
  if (task.action == "kube/read") return with_value(look(about(task, *value)));
  if (task.action == "kube/delete") {
    remove(about(task, *value));
    return Outcome::succeeded();
  }
  return Outcome::succeeded();
}

Outcome Memory::Data::apply_all(const Task& task) {
  json::array all;
  const json::value& values = task.object->at("value");
  if (values.is_array())
    for (const json::value& each : values.get_array())
      if (const Outcome one = apply(about(task, each)); one.object) all.push_back(*one.object);
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = share(json::object{{"value", std::move(all)}});
  return outcome;
}

Outcome Memory::Data::list(const Task& task) const {
  const json::value params = task.object ? *task.object : json::value();
  const std::string_view space = text_at(params, "filter", "namespace");
  json::array items;
  for (const auto& [key, object] : objects) {
    const bool kind = text_at(object.live, "kind") == text_at(params, "resource", "kind") && text_at(object.live, "apiVersion") == text_at(params, "resource", "apiVersion");
    const bool here = space.empty() || text_at(object.live, "metadata", "namespace") == space;
    if (kind && here && has_labels(object.live, detail::member(params, "filter", "matchingLabels"))) items.push_back(as_it_is(object));
  }
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = share(json::object{{"values", {{"apiVersion", text_at(params, "resource", "apiVersion")}, {"kind", text_at(params, "resource", "kind")}, {"items", std::move(items)}}}});
  return outcome;
}

Outcome Memory::Data::answer(Outcome outcome, const Task& task, const Object& object) const {
  if (!muted.contains(task.step)) outcome.object = share(as_it_is(object));
  outcome.revision = std::to_string(object.revision);
  return outcome;
}

// The object with what a cluster adds: identity, an address, a status. A status
// that the author wrote stays.
json::value Memory::Data::as_it_is(const Object& object) const {
  json::value value = object.live;
  if (!value.is_object()) return value;
  json::value& metadata = value.get_object()["metadata"];
  if (!metadata.is_object()) metadata = json::object();
  metadata.get_object()["uid"] = "uid-" + std::to_string(object.number);
  metadata.get_object()["resourceVersion"] = std::to_string(object.revision);
  metadata.get_object()["generation"] = object.generation;
  const std::string type = type_of(value);
  if (json::value* spec = value.get_object().if_contains("spec"); type == "core/Service" && spec && spec->is_object())
    spec->get_object().emplace("clusterIP", "10.96.0." + std::to_string(object.number % 250 + 1));
  auto status = status_of(value, object);
  if (!status) return value;
  status->emplace("observedGeneration", object.generation);
  value.get_object()["status"] = std::move(*status);
  return value;
}

// Null: nobody said what it shows.
const std::vector<Shown>* Memory::Data::script_of(const json::value& object) const {
  if (shown.empty()) return nullptr;
  const auto found = shown.find(shown_name(object));
  if (found == shown.end()) return nullptr;
  const std::string_view space = text_at(object, "metadata", "namespace");
  const bool any = std::ranges::any_of(found->second, [&](const Shown& each) { return each.namespace_.empty() || each.namespace_ == space; });
  return any ? &found->second : nullptr;
}

// Nothing: it shows none, or the one that its author wrote.
std::optional<json::object> Memory::Data::status_of(const json::value& value, const Object& object) const {
  const Time age = object.stalled ? 0 : now - object.since, all = std::max<Time>(options.ready_after, 1);
  if (const auto* script = script_of(value)) {
    const std::string_view space = text_at(value, "metadata", "namespace");
    std::optional<json::object> made;
    for (const Shown& each : *script)
      if (each.after <= age && (each.namespace_.empty() || each.namespace_ == space)) made = each.status && each.status->is_object() ? each.status->get_object() : json::object();
    return made;
  }
  const auto publishes = kStatus.find(type_of(value));
  if (publishes == kStatus.end() || value.get_object().contains("status")) return std::nullopt;
  return publishes->second(value, object.stalled ? 0 : options.ready_after <= 0 ? 1'000 : std::min<Time>(age, all) * 1'000 / all);
}

Memory::Memory() : Memory(Options()) {}
Memory::Memory(Options options) : data_(std::make_unique<Data>()) { data_->options = options; }
Memory::Memory(Memory&&) noexcept = default;
Memory& Memory::operator=(Memory&&) noexcept = default;
Memory::~Memory() = default;

Outcome Memory::perform(const Task& task) {
  if (task.kind == Step::Kind::render) return render(task);
  const std::lock_guard lock(data_->mutex);
  data_->now += data_->options.task_takes;
  if (const auto fault = data_->faults.find(task.step); fault != data_->faults.end() && fault->second.times > 0) {
    --fault->second.times;
    return fault->second.outcome;
  }
  if (task.kind == Step::Kind::hook && task.action.starts_with("kube/")) return data_->act(task);
  if (task.kind == Step::Kind::hook && task.action.find('/') != task.action.npos)
    return Outcome::failed("nobody answers " + task.action + " in memory (a program may: --host exec:PROGRAM)");
  if (!task.object || !task.object->is_object()) return Outcome::succeeded();
  if (task.action == "observe") return data_->look(task);
  if (task.action == "delete") return data_->remove(task);
  if (task.action == "forget") return Outcome::succeeded();
  if (task.action == "orphan") return data_->release(task);
  if (task.action == "replace") data_->objects.erase(key_of(*task.object));
  return data_->apply(task);
}

void Memory::adopt(const Value& object, Time since) {
  if (!object || !object->is_object()) return;
  const std::lock_guard lock(data_->mutex);
  Object& made = data_->objects[key_of(*object)];
  if (made.number == 0) made.number = ++data_->made;
  const Value applied = Observed({object}).applied(text_at(*object, "apiVersion"), text_at(*object, "kind"), text_at(*object, "metadata", "namespace"), text_at(*object, "metadata", "name"));
  made.live = *object;
  made.applied = applied ? *applied : *object;
  made.revision = ++data_->revision;
  ++made.generation;
  made.since = since;
}

Observed Memory::observe() const {
  const std::lock_guard lock(data_->mutex);
  std::vector<Value> all;
  for (const auto& [key, object] : data_->objects) all.push_back(share(data_->as_it_is(object)));
  return Observed(std::move(all));
}

Time Memory::now() const noexcept {
  const std::lock_guard lock(data_->mutex);
  return data_->now;
}

void Memory::sleep_until(Time until) {
  const std::lock_guard lock(data_->mutex);
  data_->now = std::max(data_->now + 1, until);
}

void Memory::show(Shown shown) {
  const std::lock_guard lock(data_->mutex);
  std::vector<Shown>& script = data_->shown[shown.object];
  script.insert(std::ranges::upper_bound(script, shown.after, {}, &Shown::after), std::move(shown));
}

void Memory::fail(std::string step, Outcome outcome, int times) {
  const std::lock_guard lock(data_->mutex);
  data_->faults[std::move(step)] = {std::move(outcome), times};
}

void Memory::stall(std::string step) {
  const std::lock_guard lock(data_->mutex);
  data_->stalled.insert(std::move(step));
}

void Memory::mute(std::string step) {
  const std::lock_guard lock(data_->mutex);
  data_->muted.insert(std::move(step));
}

}  // namespace oam::hosts
