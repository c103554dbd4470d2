#include "support/comparable.hpp"

#include <absl/strings/escaping.h>

#include <oam/json.hpp>

#include "support/digest.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {

namespace {

namespace json = boost::json;

// What a cluster sets itself is nobody's wish, though a document may carry it along.
constexpr std::array<std::string_view, 7> kTheirs = {"creationTimestamp", "generation", "managedFields", "ownerReferences",
                                                     "resourceVersion", "selfLink", "uid"};

// They tell which revision applied the object last; a new one alone is no change.
constexpr std::array<std::string_view, 2> kRevisions = {"app.oam.dev/appRevision", "app.oam.dev/revision"};

std::string encoded(const json::string& text) { return absl::Base64Escape({text.data(), text.size()}); }

}  // namespace

// stringData is a way to write data; a cluster keeps data alone.
json::value with_data(json::value object) {
  json::value* given = object.is_object() ? object.get_object().if_contains("stringData") : nullptr;
  if (text_at(object, "kind") != "Secret" || !given || !given->is_object()) return object;
  const json::object texts = given->get_object();
  object.get_object().erase("stringData");
  json::value& data = object.get_object()["data"];
  if (!data.is_object()) data = json::object();
  for (const auto& field : texts)
    if (field.value().is_string()) data.get_object()[field.key()] = encoded(field.value().get_string());
  return object;
}

std::string as_data(std::string_view pointer) {
  constexpr std::string_view kTexts = "/stringData";
  const bool texts = pointer.starts_with(kTexts) && (pointer.size() == kTexts.size() || pointer[kTexts.size()] == '/');
  return texts ? "/data" + std::string(pointer.substr(kTexts.size())) : std::string(pointer);
}

namespace {

json::value without_theirs(json::value given) {
  json::value object = with_data(std::move(given));
  if (!object.is_object()) return object;
  object.get_object().erase("status");
  json::value* metadata = object.get_object().if_contains("metadata");
  if (!metadata || !metadata->is_object()) return object;
  for (const std::string_view field : kTheirs) metadata->get_object().erase(field);
  if (is_cluster_scoped(text_at(object, "apiVersion"), text_at(object, "kind"))) metadata->get_object().erase("namespace");
  if (json::value* labels = metadata->get_object().if_contains("labels"); labels && labels->is_object())
    for (const std::string_view name : kRevisions) labels->get_object().erase(name);
  if (json::value* notes = metadata->get_object().if_contains("annotations"); notes && notes->is_object())
    for (const std::string_view name : kLastApplied) notes->get_object().erase(name);
  return object;
}

}  // namespace

json::value comparable(const Value& object) { return object ? without_theirs(*object) : json::value(); }

json::value comparable(const Value& object, json::monotonic_resource& memory) {
  return object ? without_theirs(json::value(*object, &memory)) : json::value();
}

std::string comparable_digest(const Value& object) {
  json::monotonic_resource memory;
  return sha256_hex(to_json(comparable(object, memory), 0, true));
}

Value without_namespace(const Value& object) {
  if (!member(*object, "metadata", "namespace")) return object;
  json::value made = *object;
  made.at("metadata").get_object().erase("namespace");
  return share(std::move(made));
}

}  // namespace oam::detail
