// Objects that policies render by a template of their own.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

class DescribedComponents;

// After the components: policies see their objects. `components` as templates see them.
void render_policies(Resolution& shared, const DescribedComponents& components);

}  // namespace oam::detail
