#include <oam/observed.hpp>

#include <map>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_split.h>

#include <oam/difference.hpp>
#include <oam/json.hpp>

#include "support/comparable.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/problems.hpp"

namespace oam {

namespace {

namespace json = boost::json;
using detail::member;
using detail::text_at;

// No part can hold a slash but the group, which stands first and has none either.
std::string key_of(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string text(detail::group_part(api_version));
  for (const std::string_view part : {kind, namespace_, name}) (text += '/') += part;
  return text;
}

using Index = absl::flat_hash_map<std::string, std::size_t, std::hash<std::string>>;   // the first of its key

}  // namespace

struct Observed::Data {
  std::vector<Value> objects;
  std::vector<InventoryEntry> inventory;
  Index by_object, by_entry;
  std::map<std::string, Observed, std::less<>> clusters;
};

std::string InventoryEntry::key() const {
  const std::string here = key_of(api_version, kind, namespace_, name);
  return cluster.empty() ? here : cluster + ':' + here;
}

Observed::Observed(std::vector<Value> objects, std::vector<InventoryEntry> inventory) {
  auto made = std::make_shared<Data>();
  std::erase(objects, nullptr);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (detail::is_cluster_scoped(text_at(*objects[i], "apiVersion"), text_at(*objects[i], "kind"))) objects[i] = detail::without_namespace(objects[i]);
    const auto& object = *objects[i];
    made->by_object.emplace(key_of(text_at(object, "apiVersion"), text_at(object, "kind"), text_at(object, "metadata", "namespace"),
                                   text_at(object, "metadata", "name")), i);
  }
  for (std::size_t i = 0; i < inventory.size(); ++i) {
    InventoryEntry& entry = inventory[i];
    if (detail::is_cluster_scoped(entry.api_version, entry.kind)) entry.namespace_.clear();
    made->by_entry.emplace(key_of(entry.api_version, entry.kind, entry.namespace_, entry.name), i);
  }
  made->objects = std::move(objects);
  made->inventory = std::move(inventory);
  data = std::move(made);
}

Observed Observed::with_cluster(std::string name, const Observed& there) const {
  std::vector<InventoryEntry> entries(there.inventory().begin(), there.inventory().end());
  for (InventoryEntry& each : entries) {
    each.cluster = name;
    for (std::string& need : each.needs)
      if (!need.starts_with(name + ':')) need.insert(0, name + ':');
  }
  auto made = data ? std::make_shared<Data>(*data) : std::make_shared<Data>();
  made->clusters.insert_or_assign(std::move(name), Observed({there.objects().begin(), there.objects().end()}, std::move(entries)));
  Observed all;
  all.data = std::move(made);
  return all;
}

Observed Observed::in(std::string_view cluster) const {
  if (!data || cluster.empty() || data->clusters.empty()) return *this;
  const auto found = data->clusters.find(cluster);
  return found == data->clusters.end() ? Observed(std::vector<Value>()) : found->second;
}

std::vector<std::string> Observed::clusters() const {
  std::vector<std::string> names;
  if (data)
    for (const auto& [name, there] : data->clusters) names.push_back(name);
  return names;
}

std::span<const Value> Observed::objects() const noexcept {
  return data ? std::span<const Value>(data->objects) : std::span<const Value>();
}

std::span<const InventoryEntry> Observed::inventory() const noexcept {
  return data ? std::span<const InventoryEntry>(data->inventory) : std::span<const InventoryEntry>();
}

namespace {

// As it is written, else without the namespace that need not be.
const std::size_t* look_up(const Index& index, std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) {
  auto found = index.find(key_of(api_version, kind, namespace_, name));
  if (found == index.end() && namespace_ == "default") found = index.find(key_of(api_version, kind, "", name));
  return found == index.end() ? nullptr : &found->second;
}

}  // namespace

Value Observed::find(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const {
  const std::size_t* found = data ? look_up(data->by_object, api_version, kind, namespace_, name) : nullptr;
  return found ? data->objects[*found] : nullptr;
}

const InventoryEntry* Observed::entry(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const {
  const std::size_t* found = data ? look_up(data->by_entry, api_version, kind, namespace_, name) : nullptr;
  return found ? &data->inventory[*found] : nullptr;
}

Value Observed::applied(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const {
  if (!data) return nullptr;
  const InventoryEntry* known = entry(api_version, kind, namespace_, name);
  if (known && known->applied) return known->applied;
  const Value object = find(api_version, kind, namespace_, name);
  return object ? last_applied(*object) : nullptr;
}

namespace {

// Reads what a host observed; says what is wrong with it and where.
class Reader {
 public:
  Reader(const Documents& documents, detail::Problems& problems) : documents_(documents), problems_(problems) {}

  void read(std::uint32_t document) {
    at_ = document;
    const json::value& whole = *documents_[document];
    if (!whole.is_object()) return wrong("", "this is neither an object nor a list of objects", "{\"objects\": [...], \"inventory\": [...]}");
    if (member(whole, "objects") || member(whole, "inventory") || member(whole, "clusters")) return observation(whole.get_object());
    if (member(whole, "items")) return each(whole, "", "items", [this](const json::value& item, const std::string& at) { object(item, at); });
    object(whole, "");
  }

  Observed take() {
    Observed all = std::move(here_[""]).made();
    for (auto& [name, part] : here_)
      if (!name.empty()) all = all.with_cluster(name, std::move(part).made());
    return all;
  }

 private:
  struct Part {
    std::vector<Value> objects;
    std::vector<InventoryEntry> inventory;

    Observed made() && { return Observed(std::move(objects), std::move(inventory)); }
  };

  void wrong(const std::string& pointer, std::string message, std::string expected) {
    problems_.error("observed-malformed", {at_, pointer}, std::move(message)).expected(std::move(expected));
  }

  void observation(const json::object& whole) {
    part(whole, "", true);
    const json::value* clusters = whole.if_contains("clusters");
    if (!clusters || clusters->is_null()) return;
    if (!clusters->is_object()) return wrong("/clusters", "\"clusters\" is no map", "a map from the name of a cluster to its objects");
    for (const auto& [name, there] : clusters->get_object()) {
      const std::string at = detail::join_pointer("/clusters", std::string_view(name));
      cluster_ = name;
      if (there.is_object()) here_[cluster_], part(there.get_object(), at, false);
      else wrong(at, "this is no map", "{\"objects\": [...], \"inventory\": [...]}");
    }
    cluster_.clear();
  }

  void part(const json::object& whole, const std::string& at, bool may_have_clusters) {
    for (const auto& field : whole)
      if (field.key() != "objects" && field.key() != "inventory" && !(may_have_clusters && field.key() == "clusters"))
        wrong(detail::join_pointer(at, std::string_view(field.key())), "what was observed has no field \"" + std::string(field.key()) + '"',
              may_have_clusters ? "objects, inventory or clusters" : "objects or inventory");
    const json::value all(whole);
    each(all, at, "objects", [this](const json::value& item, const std::string& place) { object(item, place); });
    each(all, at, "inventory", [this](const json::value& item, const std::string& place) { entry(item, place); });
  }

  template <class Take>
  void each(const json::value& whole, const std::string& at, std::string_view field, const Take& take) {
    const json::value* list = member(whole, field);
    const std::string pointer = detail::join_pointer(at, field);
    if (!list || list->is_null()) return;
    if (!list->is_array()) return wrong(pointer, '"' + std::string(field) + "\" is no list", "a list");
    for (std::size_t i = 0; i < list->get_array().size(); ++i) take(list->get_array()[i], detail::join_pointer(pointer, i));
  }

  bool has(const json::value& value, std::string_view field, const std::string& at) {
    if (!text_at(value, field).empty()) return true;
    wrong(at, "there is no \"" + std::string(field) + '"', "an object with apiVersion, kind and a name");
    return false;
  }

  void object(const json::value& value, const std::string& at) {
    if (!has(value, "apiVersion", at) || !has(value, "kind", at)) return;
    if (text_at(value, "metadata", "name").empty()) return wrong(at, "there is no metadata.name", "an object with apiVersion, kind and a name");
    here_[cluster_].objects.push_back(share(value));
  }

  void entry(const json::value& value, const std::string& at) {
    if (!has(value, "apiVersion", at) || !has(value, "kind", at) || !has(value, "name", at)) return;
    InventoryEntry made;
    made.api_version = text_at(value, "apiVersion");
    made.kind = text_at(value, "kind");
    made.namespace_ = text_at(value, "namespace");
    made.name = text_at(value, "name");
    made.component = text_at(value, "component");
    if (const json::value* given = member(value, "applied"); given && !given->is_null()) made.applied = applied(*given, made, at + "/applied");
    each(value, at, "needs", [&](const json::value& need, const std::string& place) {
      if (need.is_string() && is_key(need.get_string())) made.needs.emplace_back(need.get_string());
      else wrong(place, "this is not what an object is known by", "GROUP/KIND/NAMESPACE/NAME, as apps/Deployment/default/web; of the core group /Secret/default/login");
    });
    here_[cluster_].inventory.push_back(std::move(made));
  }

  // As it was written: the namespace that it went to need not stand in it.
  Value applied(const json::value& given, const InventoryEntry& entry, const std::string& at) {
    const std::string_view space = text_at(given, "metadata", "namespace");
    const bool same = detail::group_part(text_at(given, "apiVersion")) == detail::group_part(entry.api_version) && text_at(given, "kind") == entry.kind &&
                      text_at(given, "metadata", "name") == entry.name && (space.empty() || entry.namespace_.empty() || space == entry.namespace_);
    if (!same) return wrong(at, "what was applied is another object than the entry", "the " + entry.kind + ' ' + entry.name + " as it was written"), nullptr;
    if (!space.empty() || entry.namespace_.empty()) return share(given);
    json::value made = given;
    made.get_object()["metadata"].get_object()["namespace"] = entry.namespace_;
    return share(std::move(made));
  }

  static bool is_key(std::string_view text) {
    const std::vector<std::string> parts = absl::StrSplit(absl::string_view(text.data(), text.size()), '/');
    return parts.size() == 4 && !parts[1].empty() && !parts[3].empty();
  }

  const Documents& documents_;
  detail::Problems& problems_;
  std::uint32_t at_ = 0;
  std::string cluster_;                  // whose objects are read
  std::map<std::string, Part> here_;     // by cluster
};

json::value to_value(const InventoryEntry& entry) {
  json::object out{{"apiVersion", entry.api_version}, {"kind", entry.kind}};
  if (!entry.namespace_.empty()) out["namespace"] = entry.namespace_;
  out["name"] = entry.name;
  if (!entry.component.empty()) out["component"] = entry.component;
  if (entry.applied) out["applied"] = *entry.applied;
  if (!entry.needs.empty()) out["needs"] = json::array(entry.needs.begin(), entry.needs.end());
  return out;
}

// As a file is that a failed command left behind: not that nothing is there.
void nothing_observed(const std::string& file, Diagnostics& sink) {
  Diagnostic d;
  d.code = "observed-malformed";
  d.where.file = file;
  d.message = "there is no document: it does not say what was observed, nor that nothing is there";
  d.expected = "{\"objects\": []}, if nothing is there";
  sink.add(std::move(d));
}

}  // namespace

std::optional<Observed> Observed::parse(std::span<const Source> sources, Diagnostics& sink) {
  const auto documents = oam::read(sources, {}, sink);
  if (!documents) return std::nullopt;
  if (documents->empty() && !sources.empty()) return nothing_observed(sources.front().name, sink), std::nullopt;
  detail::Problems problems(*documents, sink);
  Reader reader(*documents, problems);
  for (std::uint32_t i = 0; i < documents->size(); ++i) reader.read(i);
  if (problems.has_errors()) return std::nullopt;
  return reader.take();
}

static json::object to_value(const Observed& part) {
  json::array all, entries;
  for (const Value& object : part.objects()) all.push_back(*object);
  for (const InventoryEntry& entry : part.inventory()) entries.push_back(to_value(entry));
  json::object out{{"objects", std::move(all)}};
  if (!entries.empty()) out["inventory"] = std::move(entries);
  return out;
}

std::string Observed::json() const {
  json::object out = to_value(*this), there;
  for (const std::string& name : clusters()) there[name] = to_value(in(name));
  if (!there.empty()) out["clusters"] = std::move(there);
  return detail::to_json(out, 2) + '\n';
}

}  // namespace oam
