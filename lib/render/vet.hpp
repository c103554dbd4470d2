// What is wrong with a definition, beyond what its kind's fields may be.
#pragma once

#include <oam/catalog.hpp>

#include "support/problems.hpp"

namespace oam::detail {

void vet_definition(const Definition& definition, Problems& problems);

}  // namespace oam::detail
