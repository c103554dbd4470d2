// Which objects a Selector means.
#pragma once

#include "graph/draft.hpp"

namespace oam::detail {

// KIND or KIND.GROUP.
bool is_kind(const Resource& r, std::string_view kind);

bool selects(const Selector& selector, const Resource& r);   // lanes apart: items have them

// Indices of items, in order.
std::vector<std::uint32_t> selected(const Draft& draft, const Selector& selector);

// Tells each name of the selector that fits nothing; true if all of them do.
bool check_selector(const Draft& draft, const Selector& selector, const Place& place, std::string_view what);

}  // namespace oam::detail
