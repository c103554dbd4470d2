#include "resolve/naming.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/digest.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

std::string_view revision_name(const Application::Data& app) {
  return text_at(*app.documents[app.place.document], "status", "latestRevision", "name");
}

json::object& map_at(json::object& object, std::string_view name) {
  json::value& found = object[json::string_view(name.data(), name.size())];
  if (!found.is_object()) found = json::object();
  return found.get_object();
}

std::string_view kind_of(const json::value& value) {
  if (value.is_number()) return "a number";
  if (value.is_string()) return "text";
  return value.is_bool() ? "true or false" : value.is_array() ? "a list" : value.is_object() ? "an object" : "null";
}

namespace {

// The names that an annotation of the application keeps back: a,b,c
std::vector<std::string_view> kept_back(const Pairs& annotations, std::string_view key) {
  const auto found = std::ranges::find(annotations, key, &std::pair<std::string, std::string>::first);
  std::vector<std::string_view> all;
  std::string_view rest = found == annotations.end() ? std::string_view() : found->second;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    all.push_back(one);
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return all;
}

// Of TYPE@vREVISION the name of the revision.
std::string as_label(std::string_view type) {
  std::string text(type);
  std::ranges::replace(text, '@', '-');
  return text;
}

// COMPONENT-TYPE-DIGEST, of the object as it is so far.
std::string invented_name(const std::string& component, std::string_view type, const json::value& object) {
  std::string lower = as_label(type);
  for (char& ch : lower) ch = ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
  return component + '-' + lower + '-' + sha256_hex(to_json(object, 0, true)).substr(0, 10);
}

void label(const Resolution& shared, const Component& c, const Resource& r, json::object& metadata, std::string_view type) {
  const bool workload = r.role == Resource::Role::workload;
  const auto without = kept_back(shared.app.annotations, "filter.oam.dev/label-keys");
  const auto passes = [&](std::string_view key) { return std::ranges::find(without, key) == without.end(); };
  json::object& all = map_at(metadata, "labels");
  constexpr std::size_t kOwn = 8;
  all.reserve(all.size() + shared.app.labels.size() + kOwn);
  all["app.oam.dev/resourceType"] = workload ? "WORKLOAD" : "TRAIT";
  if (!c.workload) all[workload ? "workload.oam.dev/type" : "trait.oam.dev/type"] = as_label(type);
  if (!c.workload && !r.output.empty()) all["trait.oam.dev/resource"] = r.output;
  for (const auto& [key, value] : shared.app.labels)
    if (passes(key)) all[key] = value;
  all["app.oam.dev/name"] = shared.app.name;
  all["app.oam.dev/component"] = c.name;
  if (!c.replica_key.empty()) all["app.oam.dev/replicaKey"] = c.replica_key;
  if (c.workload) {
    all["app.oam.dev/revision"] = c.revision.empty() ? c.name + "-v1" : c.revision;
    return;
  }
  all["app.oam.dev/appRevision"] = std::string(revision_name(shared.app));
  if (passes("app.oam.dev/namespace")) all["app.oam.dev/namespace"] = shared.app.namespace_;
}

// One that is no text spoils them all in KubeVela, which says nothing.
void check_texts(const Resolution& shared, const Resource& r, json::object& metadata, std::string_view name) {
  const json::value* all = metadata.if_contains(json::string_view(name.data(), name.size()));
  if (!all || !all->is_object()) return;
  const std::string pointer = "/metadata/" + std::string(name);
  const auto is_known = [&](std::string_view key) { return std::ranges::find(r.unknown, join_pointer(pointer, key), &UnknownField::pointer) == r.unknown.end(); };
  const auto wrong = std::ranges::find_if(all->get_object(), [&](const auto& each) { return !each.value().is_string() && is_known(each.key()); });
  if (wrong == all->get_object().end()) return;
  shared.problems
      .strict(shared.lenient, "wrong-type", r.place, std::string(name.substr(0, name.size() - 1)) + " \"" + std::string(wrong->key()) + "\" is " +
                                                         std::string(kind_of(wrong->value())) + ", not text")
      .hint(shared.lenient ? "the definition's " + std::string(name) + " are left out" : "");
  metadata.erase(json::string_view(name.data(), name.size()));
}

void annotate(const Application::Data& app, json::object& metadata) {
  if (app.annotations.empty()) return;
  json::object& all = map_at(metadata, "annotations");
  for (const auto& [key, value] : app.annotations)
    if (key != "kubectl.kubernetes.io/last-applied-configuration" && !key.starts_with("filter.oam.dev/")) all[key] = value;
  for (const std::string_view key : kept_back(app.annotations, "filter.oam.dev/annotation-keys")) all.erase(key);
}

}  // namespace

void name_and_label(const Resolution& shared, const Component& c, Resource& r, json::value& object, std::string_view type) {
  r.api_version = text_at(object, "apiVersion");
  r.kind = text_at(object, "kind");
  r.component = c.name;
  if (!object.is_object()) {
    shared.problems.error("wrong-type", r.place, "this is " + std::string(kind_of(object)) + ", not a Kubernetes object")
        .expected("an object with apiVersion and kind");
    return;
  }
  if (r.api_version.empty() || r.kind.empty()) {
    const std::string missing = r.api_version.empty() ? "apiVersion" : "kind";
    shared.problems.error("missing-kind", r.place, "this object has no " + missing);
    return;
  }
  if (const json::value* written = member(object, "metadata"); written && !written->is_object() && shared.lenient) {
    r.name = c.name;   // KubeVela names and labels nothing then
    return;
  }
  if (text_at(object, "metadata", "name").empty()) {
    std::string name = r.role == Resource::Role::workload ? c.name : invented_name(c.name, type, object);
    map_at(object.get_object(), "metadata")["name"] = std::move(name);
  }
  json::object& metadata = map_at(object.get_object(), "metadata");
  r.name = text_at(object, "metadata", "name");
  r.namespace_ = text_at(object, "metadata", "namespace");
  if (!is_namespaced(shared.catalog, r.api_version, r.kind)) {
    const bool written = !std::exchange(r.namespace_, {}).empty();
    const bool as_kubevela = shared.lenient && r.kind != "Namespace";   // which does not look where a kind lives
    if (as_kubevela && !written) metadata["namespace"] = shared.app.namespace_;
  } else if (r.namespace_.empty()) {
    metadata["namespace"] = r.namespace_ = shared.app.namespace_;
  }
  for (const std::string_view each : {"labels", "annotations"}) check_texts(shared, r, metadata, each);
  label(shared, c, r, metadata, type);
  annotate(shared.app, metadata);
}

}  // namespace oam::detail
