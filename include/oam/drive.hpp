// drive(): the loop between a Run and a Host, as a header.
#pragma once

#include <oam/run.hpp>

namespace oam {

}  // namespace oam
