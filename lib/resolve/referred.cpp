#include "resolve/referred.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return made;
}

// What an object has because it exists, which nobody may say of one to be applied.
json::value as_wanted(json::value object) {
  constexpr std::string_view kMetadata[] = {"creationTimestamp", "deletionTimestamp", "generation", "managedFields", "ownerReferences", "resourceVersion", "uid"};
  json::object& whole = object.get_object();
  whole.stable_erase("status");
  if (json::value* metadata = whole.if_contains("metadata"); metadata && metadata->is_object())
    for (const std::string_view each : kMetadata) metadata->get_object().stable_erase(each);
  const bool is_service = text_at(object, "kind") == "Service" && text_at(object, "apiVersion") == "v1";
  if (is_service && member(object, "spec", "clusterIP") && text_at(object, "spec", "clusterIP") != "None")
    for (const char* each : {"clusterIP", "clusterIPs"}) whole["spec"].get_object().stable_erase(each);
  return object;
}

class Referred {
 public:
  Referred(const Resolution& shared, const Component& c) : shared_(shared), c_(c) {}

  // Those that the reference means, in the order of the documents, as they may be applied.
  json::array all(const json::value& reference) const {
    json::array found;
    for (const std::uint32_t each : shared_.app.others)
      if (fits(reference, *shared_.app.documents[each])) found.push_back(as_wanted(*shared_.app.documents[each]));
    return found;
  }

  // deployment "podinfo" of apps
  std::string title(const json::value& reference) const {
    const std::string_view resource = text_at(reference, "resource"), kind = text_at(reference, "kind"), group = text_at(reference, "group");
    std::string text(!resource.empty() ? resource : !kind.empty() ? kind : "an object");
    if (member(reference, "labelSelector")) text += " with labels " + to_json(*member(reference, "labelSelector"));
    else text += " \"" + name(reference) + '"';
    return text + (group.empty() ? "" : " of group " + std::string(group));
  }

 private:
  std::string name(const json::value& reference) const {
    const std::string_view written = text_at(reference, "name");
    return std::string(written.empty() ? std::string_view(c_.name) : written);
  }

  static bool is_kind(const json::value& reference, const json::value& object) {
    const std::string kind = lower(text_at(object, "kind")), resource = lower(text_at(reference, "resource"));
    if (resource.empty()) return text_at(reference, "kind") == text_at(object, "kind");
    return resource == kind || resource == kind + 's' || resource == kind + "es" || (kind.ends_with('y') && resource == kind.substr(0, kind.size() - 1) + "ies");
  }

  bool fits(const json::value& reference, const json::value& object) const {
    if (!is_kind(reference, object)) return false;
    const std::string_view group = text_at(reference, "group"), space = text_at(reference, "namespace"), own = text_at(object, "metadata", "namespace");
    if (!group.empty() && group != group_of(text_at(object, "apiVersion"))) return false;
    if (!own.empty() && own != (space.empty() ? std::string_view(shared_.app.namespace_) : space)) return false;
    const json::value* labels = member(reference, "labelSelector");
    if (!labels || !labels->is_object()) return text_at(object, "metadata", "name") == name(reference);
    return std::ranges::all_of(labels->get_object(), [&](const auto& each) {
      return each.value().is_string() && text_at(object, "metadata", "labels", std::string_view(each.key())) == std::string_view(each.value().get_string());
    });
  }

  const Resolution& shared_;
  const Component& c_;
};

}  // namespace

std::optional<json::value> with_referred_objects(const Resolution& shared, const Component& c, const json::value& properties) {
  const Referred referred(shared, c);
  const Place place{c.place.document, c.place.pointer + "/properties"};
  bool fine = true;
  const auto tell = [&](std::string_view code, const std::string& below, std::string message) {
    fine = false;
    return shared.problems.error(code, {place.document, place.pointer + below}, std::move(message));
  };
  const json::value* urls = member(properties, "urls");
  if (urls && urls->is_array() && !urls->get_array().empty())
    tell("cluster-reference", "/urls", "the objects of " + c.name + " stand at URLs, which nobody reads here").hint("give their documents beside the application (-f)");
  const json::value* objects = member(properties, "objects");
  if (!objects || !objects->is_array()) return fine ? std::optional(properties) : std::nullopt;
  json::array found;
  std::size_t i = 0;
  for (const json::value& each : objects->get_array()) {
    const std::string at = join_pointer("/objects", i++);
    if (!each.is_object() || (!text_at(each, "apiVersion").empty() && !text_at(each, "kind").empty() && member(each, "spec"))) {
      found.push_back(each);   // an object as it is
      continue;
    }
    if (!text_at(each, "name").empty() && member(each, "labelSelector")) {
      tell("invalid-value", at, "an object is referred to by its name or by its labels, not by both");
      continue;
    }
    json::array these = referred.all(each);
    if (these.empty())
      tell("cluster-reference", at, "this refers to " + referred.title(each) + " of the cluster, which is not among the documents")
          .hint("give its document beside the application (-f), or write the object in a component of type k8s-objects");
    for (json::value& one : these) found.push_back(std::move(one));
  }
  if (!fine) return std::nullopt;
  json::value made = properties;
  made.get_object()["objects"] = std::move(found);
  return made;
}

}  // namespace oam::detail
