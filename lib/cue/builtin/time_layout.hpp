// Times written and read by example, as Go does: a layout shows how the moment
// 2006-01-02T15:04:05.999999999Z07:00 would look.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oam::cue {

struct Moment {
  std::int64_t seconds = 0;       // since 1970 in UTC
  std::int32_t nanoseconds = 0;   // 0 to 999999999
  std::int32_t offset = 0;        // of its zone, in seconds east
};

struct CivilTime {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int weekday = 0;                // 0 is Sunday
  int year_day = 1;
};

inline constexpr std::string_view kRfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

CivilTime civil_time(const Moment& moment);                 // as its own zone shows it
std::string format_time(const Moment& moment, std::string_view layout);

// Without a zone it is UTC, and so is every zone that only has a name. Nothing: `error`
// says why in the reference's words.
std::optional<Moment> parse_time(std::string_view text, std::string_view layout, std::string& error);

}  // namespace oam::cue
