// Policies of type lifecycle, and spec.extension.lifecycle of definitions.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// Fills the Model's Lifecycle. The resources are made.
void resolve_lifecycle(Resolution& shared);

// What is wrong with spec.extension.lifecycle of a definition, whoever uses it; hooks may name step types that stand beside it.
void vet_lifecycle(const Definition& definition, const Catalog& beside, Problems& problems);

}  // namespace oam::detail
