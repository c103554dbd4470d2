// Observed: what exists now, and what was applied before, as told by the host.
//
// Immutable, cheap to copy, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/document.hpp>

namespace oam {

// An object that was applied before, as the host remembers it. `needs` are the
// objects it was applied after, by key().
struct OAM_API InventoryEntry {
  std::string api_version, kind, namespace_, name;
  std::string component;            // empty: not known
  Value applied;                    // as it was applied; null: not kept
  std::vector<std::string> needs;
  std::string cluster = {};         // empty: the host's own

  std::string key() const;          // [CLUSTER:]GROUP/KIND/NAMESPACE/NAME
};

class OAM_API Observed {
 public:
  Observed() = default;                               // nothing exists
  explicit Observed(std::vector<Value> objects, std::vector<InventoryEntry> inventory = {});   // complete objects, with status

  // {"objects": […], "inventory": [{"apiVersion", "kind", "namespace"?, "name", "component"?,
  // "applied"?, "needs"?: ["GROUP/KIND/NAMESPACE/NAME"]}]?, "clusters": {NAME: {"objects",
  // "inventory"?}}?}, or objects as kubectl prints them: documents, or a List. JSON or YAML;
  // what is wrong is told by place.
  static std::optional<Observed> parse(std::span<const Source> sources, Diagnostics& problems);
  std::string json() const;

  // Of several clusters: what was observed of each. The functions below see the host's own.
  Observed with_cluster(std::string name, const Observed& there) const;
  // What was observed of one, "" the host's own; an observation that names none is about all.
  Observed in(std::string_view cluster) const;
  std::vector<std::string> clusters() const;   // those it names

  bool empty() const noexcept { return objects().empty(); }
  std::span<const Value> objects() const noexcept;
  std::span<const InventoryEntry> inventory() const noexcept;

  // Null if it does not exist. `api_version` without its version part counts:
  // apps/v1 finds apps/v1beta1. What names no namespace stands in "default" too.
  Value find(std::string_view api_version, std::string_view kind, std::string_view namespace_,
             std::string_view name) const;

  // What the inventory has of it; null if nothing.
  const InventoryEntry* entry(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const;

  // The same object as it was applied last: from the inventory, else from what an
  // annotation of the object says; null if neither knows.
  Value applied(std::string_view api_version, std::string_view kind, std::string_view namespace_,
                std::string_view name) const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

}  // namespace oam
