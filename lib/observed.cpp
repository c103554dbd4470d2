#include <oam/observed.hpp>

#include <absl/container/flat_hash_map.h>

#include <oam/difference.hpp>
#include <oam/json.hpp>

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
};

std::string InventoryEntry::key() const { return key_of(api_version, kind, namespace_, name); }

Observed::Observed(std::vector<Value> objects, std::vector<InventoryEntry> inventory) {
  auto made = std::make_shared<Data>();
  std::erase(objects, nullptr);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& object = *objects[i];
    made->by_object.emplace(key_of(text_at(object, "apiVersion"), text_at(object, "kind"), text_at(object, "metadata", "namespace"),
                                   text_at(object, "metadata", "name")), i);
  }
  for (std::size_t i = 0; i < inventory.size(); ++i) made->by_entry.emplace(inventory[i].key(), i);
  made->objects = std::move(objects);
  made->inventory = std::move(inventory);
  data = std::move(made);
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
    if (member(whole, "objects") || member(whole, "inventory")) return observation(whole.get_object());
    if (member(whole, "items")) return each(whole, "items", [this](const json::value& item, const std::string& at) { object(item, at); });
    object(whole, "");
  }

  Observed take() { return Observed(std::move(objects_), std::move(inventory_)); }

 private:
  void wrong(const std::string& pointer, std::string message, std::string expected) {
    problems_.error("observed-malformed", {at_, pointer}, std::move(message)).expected(std::move(expected));
  }

  void observation(const json::object& whole) {
    for (const auto& field : whole)
      if (field.key() != "objects" && field.key() != "inventory")
        wrong(detail::join_pointer("", std::string_view(field.key().data(), field.key().size())), "what was observed has no field \"" + std::string(field.key()) + '"', "objects or inventory");
    const json::value all(whole);
    each(all, "objects", [this](const json::value& item, const std::string& at) { object(item, at); });
    each(all, "inventory", [this](const json::value& item, const std::string& at) { entry(item, at); });
  }

  template <class Take>
  void each(const json::value& whole, std::string_view field, const Take& take) {
    const json::value* list = member(whole, field);
    const std::string pointer = detail::join_pointer("", field);
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
    objects_.push_back(share(value));
  }

  void entry(const json::value& value, const std::string& at) {
    if (!has(value, "apiVersion", at) || !has(value, "kind", at) || !has(value, "name", at)) return;
    InventoryEntry made;
    made.api_version = text_at(value, "apiVersion");
    made.kind = text_at(value, "kind");
    made.namespace_ = text_at(value, "namespace");
    made.name = text_at(value, "name");
    made.component = text_at(value, "component");
    if (const json::value* applied = member(value, "applied"); applied && !applied->is_null()) made.applied = share(*applied);
    if (const json::value* needs = member(value, "needs"); needs && needs->is_array())
      for (const json::value& need : needs->get_array())
        if (need.is_string()) made.needs.emplace_back(need.get_string());
    inventory_.push_back(std::move(made));
  }

  const Documents& documents_;
  detail::Problems& problems_;
  std::uint32_t at_ = 0;
  std::vector<Value> objects_;
  std::vector<InventoryEntry> inventory_;
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

}  // namespace

std::optional<Observed> Observed::parse(std::span<const Source> sources, Diagnostics& sink) {
  const auto documents = oam::read(sources, {}, sink);
  if (!documents) return std::nullopt;
  detail::Problems problems(*documents, sink);
  Reader reader(*documents, problems);
  for (std::uint32_t i = 0; i < documents->size(); ++i) reader.read(i);
  if (problems.has_errors()) return std::nullopt;
  return reader.take();
}

std::string Observed::json() const {
  json::array all, entries;
  for (const Value& object : objects()) all.push_back(*object);
  for (const InventoryEntry& entry : inventory()) entries.push_back(to_value(entry));
  json::object out{{"objects", std::move(all)}};
  if (!entries.empty()) out["inventory"] = std::move(entries);
  return detail::to_json(out, 2) + '\n';
}

}  // namespace oam
