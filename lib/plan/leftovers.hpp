// What is left of an application: applied before, or labelled as a part of it, and
// wanted no more.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <oam/model.hpp>
#include <oam/observed.hpp>

namespace oam::detail {

struct Leftover {
  InventoryEntry entry;   // of one that is only labelled: as its labels tell
  Value observed;         // null: it is gone already
};

// Of one cluster, by key. `wanted` are the keys there of what is none.
std::vector<Leftover> leftovers(const Application& application, const std::set<std::string>& wanted, const Observed& observed,
                                const std::string& cluster);

// The clusters to look at: the host's own, "", and those that the observation names.
std::vector<std::string> places_of(const Observed& observed);

// What is left as if it were wanted: for selectors.
Resource resource_of(const InventoryEntry& entry, const Value& object);

std::string key_of(const Resource& resource);

std::string full_name(const Resource& r);   // KIND[.GROUP]/NAME

// The application whose labels an object bears; empty: none's.
struct Owner {
  std::string_view name, namespace_;   // namespace empty: not said

  bool is(const Application& application) const;
};
Owner owner_of(const boost::json::value& object);

}  // namespace oam::detail
