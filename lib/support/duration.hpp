// Lengths of time as people write and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <oam/fwd.hpp>

namespace oam::detail {

// A Go duration ("90s", "1h30m", "250ms", "0") in milliseconds; nothing if it is
// none, negative, or no whole number of them.
std::optional<Time> parse_duration(std::string_view text);

// `delay` after `now`, where neither may be trusted to be small.
Time later(Time now, Time delay);

// 0.1 s, 42.0 s, 3m20.0s, 1h03m
std::string words_of(Time milliseconds);

}  // namespace oam::detail
