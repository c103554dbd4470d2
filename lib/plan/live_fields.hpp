// Fields that an update is to leave alone stand in the object of its step as they are in the
// cluster.
#pragma once

#include <string>
#include <vector>

#include <oam/model.hpp>

namespace oam::detail {

// The resource's object with what the cluster has at the pointers: a field that it does not have
// is left out. Elements of lists are found as the comparison finds them; an index counts the
// wanted list, or where that has no such element the observed one; * is any field or element. An
// element that the cluster does not have is as wanted, unless the pointer leads to it as a whole.
// Null: that is the object as it is.
Value with_live_fields(const Resource& resource, const Value& there, const std::vector<std::string>& pointers);

}  // namespace oam::detail
