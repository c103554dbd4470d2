// Answers that were given beforehand, to calls that no template makes.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

void check_answers(const Resolution& shared);   // once all is rendered

}  // namespace oam::detail
