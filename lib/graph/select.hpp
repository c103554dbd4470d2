// Which objects a Selector means.
#pragma once

#include "graph/draft.hpp"

namespace oam::detail {

// KIND or KIND.GROUP.
bool is_kind(const Resource& r, std::string_view kind);

bool selects(const Selector& selector, const Resource& r);   // lanes apart: items have them

// Indices of items, in order.
std::vector<std::uint32_t> selected(const Draft& draft, const Selector& selector);

// Traits of an item's component that the selector names, or all, which render nothing: they act on
// the item, a workload. In the author's order.
std::vector<std::string_view> acting_traits(const Draft& draft, const Selector& selector, const Item& item);

// Tells each name of the selector that fits nothing; true if all of them do.
bool check_selector(const Draft& draft, const Selector& selector, const Place& place, std::string_view what);

}  // namespace oam::detail
