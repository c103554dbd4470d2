#include "support/duration.hpp"

#include <algorithm>
#include <cstdint>

#include <absl/time/time.h>

namespace oam::detail {

std::optional<Time> parse_duration(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  absl::Duration duration;
  if (!absl::ParseDuration(absl::string_view(text.data(), text.size()), &duration)) return std::nullopt;
  const Time whole = absl::ToInt64Milliseconds(duration);
  if (whole < 0 || absl::Milliseconds(whole) != duration) return std::nullopt;
  return whole;
}

Time later(Time now, Time delay) {
  Time due = 0;
  return __builtin_add_overflow(now, std::max<Time>(delay, 0), &due) ? INT64_MAX : due;
}

std::string words_of(Time milliseconds) {
  const Time tenths = milliseconds / 100, seconds = milliseconds / 1'000, minutes = seconds / 60;
  const auto two = [](Time number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  if (seconds < 60) return std::to_string(seconds) + '.' + std::to_string(tenths % 10) + " s";
  if (minutes < 60) return std::to_string(minutes) + 'm' + two(seconds % 60) + '.' + std::to_string(tenths % 10) + 's';
  return std::to_string(minutes / 60) + 'h' + two(minutes % 60) + 'm';
}

}  // namespace oam::detail
