// Objects that resources name and the application does not make.
#pragma once

#include <oam/assess.hpp>

namespace oam::detail {

std::vector<AssumedObject> assumed_objects(const Model& model, const Observed& observed);

}  // namespace oam::detail
