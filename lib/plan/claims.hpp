// Claims of storage: what is in them goes with them, so a plan says of each what becomes of it.
#pragma once

#include "plan/changes.hpp"

namespace oam::detail {

bool is_claim(const boost::json::value& object);

// The claims of its own that a StatefulSet takes with it, as its retention policy says, when it becomes
// another or (null) goes: "data-db-1, data-db-2". Empty: none, or it is no StatefulSet.
std::string claims_that_go(const boost::json::value& was, const boost::json::value* now);

// Does it hold what a numbered instance has stored? Its name ends in a number, or its component has
// instances. (Whether the instance itself is still there says nothing: it may have gone before.)
bool is_of_instance(const Model& model, const InventoryEntry& claim, const Value& object);

// Warns of each claim that is deleted, and of each that stays when its instance goes.
void check_claims(const Model& model, const Observed& observed, const Changes& changes, Problems& problems);

}  // namespace oam::detail
