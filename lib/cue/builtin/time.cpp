// Package time. It has no clock: every moment is an argument.
#include <algorithm>

#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"
#include "cue/builtin/time_layout.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

// --- durations: nanoseconds in 64 bits ---

constexpr std::pair<View, std::uint64_t> kUnits[] = {
    {"ns", 1}, {"us", 1'000}, {"\u00B5s", 1'000}, {"\u03BCs", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000},
    {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads "1h15m30.918s". Nothing: `error` says why.
class DurationReader {
 public:
  DurationReader(View text, std::string& error) : text_(text), rest_(text), error_(error) {}

  std::optional<std::int64_t> read() {
    const bool negative = rest_.starts_with('-');
    if (negative || rest_.starts_with('+')) rest_.remove_prefix(1);
    if (rest_ == "0") return 0;
    if (rest_.empty()) return invalid();
    while (!rest_.empty())
      if (!term()) return std::nullopt;
    if (negative) return static_cast<std::int64_t>(0 - total_);
    return total_ < kLimit ? std::optional(static_cast<std::int64_t>(total_)) : invalid();
  }

 private:
  std::nullopt_t invalid() {
    error_ = "time: invalid duration " + quote_text(text_);
    return std::nullopt;
  }

  // The whole part: too large a number fails.
  bool whole(std::uint64_t& value) {
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
      if (value > kLimit / 10) return false;
      value = value * 10 + static_cast<std::uint64_t>(rest_[0] - '0');
      if (value > kLimit) return false;
    }
    return true;
  }

  // Digits after the point, as many as count; the rest is read over.
  double fraction() {
    std::uint64_t value = 0;
    double scale = 1;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
      if (value > (kLimit - 1) / 10) continue;
      value = value * 10 + static_cast<std::uint64_t>(rest_[0] - '0');
      scale *= 10;
    }
    fraction_ = value;
    return scale;
  }

  bool term() {
    std::uint64_t value = 0;
    const std::size_t before = rest_.size();
    if (rest_[0] != '.' && !is_digit(rest_[0])) return invalid(), false;
    if (!whole(value)) return invalid(), false;
    bool digits = rest_.size() < before;
    double scale = 1;
    fraction_ = 0;
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      const std::size_t at_point = rest_.size();
      scale = fraction();
      digits |= rest_.size() < at_point;
    }
    return digits ? unit(value, scale) : (invalid(), false);
  }

  bool unit(std::uint64_t value, double scale) {
    const std::size_t size = std::min(rest_.find_first_of(".0123456789"), rest_.size());
    const View name = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (name.empty()) return error_ = "time: missing unit in duration " + quote_text(text_), false;
    const auto found = std::ranges::find(kUnits, name, &std::pair<View, std::uint64_t>::first);
    if (found == std::end(kUnits))
      return error_ = "time: unknown unit " + quote_text(name) + " in duration " + quote_text(text_), false;
    const std::uint64_t nanoseconds = found->second;
    if (value > kLimit / nanoseconds) return invalid(), false;
    const double part = static_cast<double>(fraction_) * (static_cast<double>(nanoseconds) / scale);
    value = value * nanoseconds + static_cast<std::uint64_t>(part);
    total_ += value;
    return value <= kLimit && total_ <= kLimit ? true : (invalid(), false);
  }

  View text_, rest_;
  std::string& error_;
  std::uint64_t total_ = 0, fraction_ = 0;
};

// value/10^digits without zeros at the end.
std::string decimal_text(std::uint64_t value, int digits) {
  std::string fraction;
  for (int i = 0; i < digits; ++i, value /= 10)
    if (value % 10 || !fraction.empty()) fraction.insert(0, 1, static_cast<char>('0' + value % 10));
  return std::to_string(value) + (fraction.empty() ? "" : "." + fraction);
}

std::string duration_text(std::int64_t duration) {
  const std::uint64_t size = duration < 0 ? 0 - static_cast<std::uint64_t>(duration) : static_cast<std::uint64_t>(duration);
  const std::string sign = duration < 0 ? "-" : "";
  if (size == 0) return "0s";
  if (size < 1'000) return sign + std::to_string(size) + "ns";
  if (size < 1'000'000) return sign + decimal_text(size, 3) + "\u00B5s";
  if (size < 1'000'000'000) return sign + decimal_text(size, 6) + "ms";
  const std::uint64_t minutes = size / 60'000'000'000;
  std::string text = decimal_text(size % 60'000'000'000, 9) + "s";
  if (minutes) text = std::to_string(minutes % 60) + "m" + text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h" + text;
  return sign + text;
}

const Value* duration(Call& call) {
  std::string error;
  return DurationReader(call.text(0), error).read() ? call.make(true) : call.fail(error);
}

const Value* parse_duration(Call& call) {
  std::string error;
  const auto nanoseconds = DurationReader(call.text(0), error).read();
  return nanoseconds ? call.make(*nanoseconds) : call.fail(error);
}

const Value* format_duration(Call& call) {
  const auto nanoseconds = call.integer(0);
  return nanoseconds ? call.make_string(duration_text(*nanoseconds)) : call.failure();
}

// --- moments ---

const Value* check_time(Call& call, View layout) {
  std::string error;
  if (parse_time(call.text(0), layout, error)) return call.make(true);
  return call.fail("invalid time " + quote_text(call.text(0)));
}

const Value* time(Call& call) { return check_time(call, kRfc3339Nano); }
const Value* format(Call& call) { return check_time(call, call.text(1)); }

template <class Make>
const Value* with_time(Call& call, std::size_t i, View layout, Make make) {
  std::string error;
  const auto moment = parse_time(call.text(i), layout, error);
  return moment ? make(*moment) : call.fail(error);
}

const Value* format_string(Call& call) {
  return with_time(call, 1, kRfc3339Nano, [&](const Moment& moment) {
    return call.make_string(format_time(moment, call.text(0)));
  });
}

const Value* parse(Call& call) {
  return with_time(call, 1, call.text(0), [&](const Moment& moment) {
    return call.make_string(format_time({moment.seconds, moment.nanoseconds, 0}, kRfc3339Nano));
  });
}

const Value* unix_time(Call& call) {
  const auto seconds = call.integer(0), nanoseconds = seconds ? call.integer(1) : std::nullopt;
  if (!nanoseconds) return call.failure();
  constexpr std::int64_t kSecond = 1'000'000'000, kFar = std::int64_t{1} << 60;
  if (std::abs(*seconds / 2) > kFar / 2) return call.fail("time out of range");
  std::int64_t rest = *nanoseconds % kSecond, carry = *nanoseconds / kSecond;
  if (rest < 0) {
    rest += kSecond;
    --carry;
  }
  return call.make_string(format_time({*seconds + carry, static_cast<std::int32_t>(rest), 0}, kRfc3339Nano));
}

const Value* to_unix(Call& call) {
  return with_time(call, 0, kRfc3339Nano, [&](const Moment& moment) { return call.make(moment.seconds); });
}

const Value* to_unix_nano(Call& call) {
  return with_time(call, 0, kRfc3339Nano, [&](const Moment& moment) {
    const std::uint64_t wrapped = static_cast<std::uint64_t>(moment.seconds) * 1'000'000'000;
    return call.make(static_cast<std::int64_t>(wrapped + static_cast<std::uint64_t>(moment.nanoseconds)));
  });
}

const Value* split(Call& call) {
  return with_time(call, 0, kRfc3339Nano, [&](const Moment& moment) {
    const CivilTime t = civil_time(moment);
    const auto number = [&](std::int64_t value) { return call.make(value); };
    const Named fields[] = {{"year", number(t.year)}, {"month", number(t.month)}, {"day", number(t.day)},
                            {"hour", number(t.hour)}, {"minute", number(t.minute)}, {"second", number(t.second)},
                            {"nanosecond", number(moment.nanoseconds)}};
    return call.make_struct(fields);
  });
}

constexpr Builtin kFunctions[] = {
    {"time", "Duration", kOneString, kBool, duration},
    {"time", "FormatDuration", kOneInt, kString, format_duration},
    {"time", "ParseDuration", kOneString, kInt, parse_duration},
    {"time", "Time", kOneString, kBool, time},
    {"time", "Format", kTwoStrings, kBool, format},
    {"time", "FormatString", kTwoStrings, kString, format_string},
    {"time", "Parse", kTwoStrings, kString, parse},
    {"time", "Unix", kTwoInts, kString, unix_time},
    {"time", "ToUnix", kOneString, kInt, to_unix},
    {"time", "ToUnixNano", kOneString, kInt, to_unix_nano},
    {"time", "Split", kOneString, kStruct, split},
};

constexpr Constant kConstants[] = {
    {"time", "Nanosecond", "1"},
    {"time", "Microsecond", "1000"},
    {"time", "Millisecond", "1000000"},
    {"time", "Second", "1000000000"},
    {"time", "Minute", "60000000000"},
    {"time", "Hour", "3600000000000"},
    {"time", "ANSIC", "\"Mon Jan _2 15:04:05 2006\""},
    {"time", "UnixDate", "\"Mon Jan _2 15:04:05 MST 2006\""},
    {"time", "RubyDate", "\"Mon Jan 02 15:04:05 -0700 2006\""},
    {"time", "RFC822", "\"02 Jan 06 15:04 MST\""},
    {"time", "RFC822Z", "\"02 Jan 06 15:04 -0700\""},
    {"time", "RFC850", "\"Monday, 02-Jan-06 15:04:05 MST\""},
    {"time", "RFC1123", "\"Mon, 02 Jan 2006 15:04:05 MST\""},
    {"time", "RFC1123Z", "\"Mon, 02 Jan 2006 15:04:05 -0700\""},
    {"time", "RFC3339", "\"2006-01-02T15:04:05Z07:00\""},
    {"time", "RFC3339Nano", "\"2006-01-02T15:04:05.999999999Z07:00\""},
    {"time", "RFC3339Date", "\"2006-01-02\""},
    {"time", "Kitchen", "\"3:04PM\""},
    {"time", "Kitchen24", "\"15:04\""},
    {"time", "January", "1"}, {"time", "February", "2"}, {"time", "March", "3"}, {"time", "April", "4"},
    {"time", "May", "5"}, {"time", "June", "6"}, {"time", "July", "7"}, {"time", "August", "8"},
    {"time", "September", "9"}, {"time", "October", "10"}, {"time", "November", "11"}, {"time", "December", "12"},
    {"time", "Sunday", "0"}, {"time", "Monday", "1"}, {"time", "Tuesday", "2"}, {"time", "Wednesday", "3"},
    {"time", "Thursday", "4"}, {"time", "Friday", "5"}, {"time", "Saturday", "6"},
};

}  // namespace

const Package kTimePackage = {"time", kFunctions, kConstants};

}  // namespace oam::cue
