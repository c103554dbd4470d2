// Which lists of Kubernetes' own kinds have keys: from the merge keys of its OpenAPI.
// Inline, as the hosts' library, which sees no hidden symbol of the core, asks it too.
#pragma once

#include "support/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oam::detail {

// Keys of lists, by the field that holds the list. Where a name is used in several
// kinds, the first row whose keys the element has is the one.
struct ListKey {
  std::string_view field;
  std::array<std::string_view, 2> keys;
};

inline constexpr auto kListKeys = std::to_array<ListKey>({
    {"containers", {"name", ""}},
    {"initContainers", {"name", ""}},
    {"ephemeralContainers", {"name", ""}},
    {"volumes", {"name", ""}},
    {"env", {"name", ""}},
    {"volumeMounts", {"mountPath", ""}},
    {"volumeDevices", {"devicePath", ""}},
    {"imagePullSecrets", {"name", ""}},
    {"secrets", {"name", ""}},
    {"hostAliases", {"ip", ""}},
    {"resourceClaims", {"name", ""}},
    {"schedulingGates", {"name", ""}},
    {"topologySpreadConstraints", {"topologyKey", "whenUnsatisfiable"}},
    {"ports", {"containerPort", "protocol"}},
    {"ports", {"port", "protocol"}},
    {"webhooks", {"name", ""}},
    {"ownerReferences", {"uid", ""}},
});

// The element's value of a key, or what it is where it is left out; empty: it is not there.
inline std::string key_value(const boost::json::value& element, std::string_view key) {
  const boost::json::value* found = member(element, key);
  const bool written = found && !found->is_null() && !(found->is_string() && found->get_string().empty());
  if (!written) return key == "protocol" ? "TCP" : "";
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

// The element's values of the keys, with a slash between; nothing if one is not there.
inline std::optional<std::string> key_of(const ListKey& row, const boost::json::value& element) {
  std::string made;
  for (const std::string_view key : row.keys) {
    if (key.empty()) continue;
    const std::string value = key_value(element, key);
    if (value.empty()) return std::nullopt;
    made += (made.empty() ? "" : "/") + value;
  }
  return made;
}

// What tells the elements of the list `field` apart, such as "web" or "80/TCP"; empty if
// this element has no key, as those of most lists.
inline std::string list_key(std::string_view field, const boost::json::value& element) {
  for (const ListKey& row : kListKeys) {
    if (row.field != field) continue;
    if (auto key = key_of(row, element)) return *key;
  }
  return {};
}

// The keys of all elements; nothing if one has none, or two the same.
inline std::optional<std::vector<std::string>> list_keys(std::string_view field, const boost::json::array& list) {
  std::vector<std::string> keys;
  for (const boost::json::value& element : list) {
    keys.push_back(list_key(field, element));
    if (keys.back().empty()) return std::nullopt;
  }
  std::vector<std::string> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return std::nullopt;
  return keys;
}

}  // namespace oam::detail
