// Objects that a definition describes by their kind alone, without a template.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Puts apiVersion and kind at the head of the object, where people look for them: from
// the object, a CRD given beside, the definition, the 0.2 kinds. False, and told, if
// nothing says the kind.
bool set_kind(const Resolution& shared, const Definition& definition, boost::json::value& object, const Place& place);

// Writes which workload a trait at `place` is about where its definition, or its kind, has it.
void refer_to_workload(Problems& problems, const Definition* definition, const Place& place, const Resource& workload, boost::json::value& object);

}  // namespace oam::detail
