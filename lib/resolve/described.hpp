// Components as templates see them in context.components.
#pragma once

#include <boost/json/value.hpp>

#include <vector>

#include <oam/application.hpp>

namespace oam::detail {

boost::json::value described(const std::vector<Component>& all);

}  // namespace oam::detail
