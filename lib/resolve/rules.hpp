// Which traits a workload may have, and which objects may stand side by side.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

void check_applies(const Resolution& shared, const Definition& definition, const Component& c, const Trait& t,
                   const Resource& workload);
// `definitions` are those of each trait, null for one that has none; its objects begin at `first`.
void check_conflicts(const Resolution& shared, const Component& c, const std::vector<const Definition*>& definitions, std::size_t first);
// Is an object rendered twice?
void check_duplicates(const Resolution& shared);
void check_exclusive_keys(const Resolution& shared);

}  // namespace oam::detail
