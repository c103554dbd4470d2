// Opt-in: complete Boost.JSON, and the way between text, values and our Value.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <oam/document.hpp>

namespace oam {

inline Value share(boost::json::value value) {
  return std::make_shared<const boost::json::value>(std::move(value));
}

// Reads one JSON text: exact numbers, no duplicate keys, bounded depth.
OAM_API std::optional<boost::json::value> parse_json(std::string_view text, Diagnostics& problems,
                                                     std::string_view name = "json");

}  // namespace oam
