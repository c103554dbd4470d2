// Lists with keys whose order says something all the same.
#pragma once

#include <boost/json/array.hpp>

#include <span>
#include <string>
#include <string_view>

namespace oam::detail {

// Is it a change if the elements of `list`, the field `field`, stand in the order `there` in
// place of `wanted`? Both hold the keys of elements that stand in both. Init containers run
// one after the other; a variable of `env` may refer to those before it: $(NAME).
bool is_order_changed(std::string_view field, const boost::json::array& list, std::span<const std::string> wanted, std::span<const std::string> there);

}  // namespace oam::detail
