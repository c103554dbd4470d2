#include "cue/builtin/time_layout.hpp"

#include <algorithm>
#include <array>

#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

enum class Part : std::uint8_t {
  none, long_month, month, number_month, zero_month, long_weekday, weekday, day, under_day, zero_day, under_year_day,
  zero_year_day, hour, hour12, zero_hour12, minute, zero_minute, second, zero_second, long_year, year, upper_pm,
  lower_pm, zone_name, zone, fraction_fixed, fraction_trimmed,
};

constexpr View kMonths[] = {"January", "February", "March", "April", "May", "June", "July",
                            "August", "September", "October", "November", "December"};
constexpr View kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

// Longer examples before the ones they start with.
constexpr std::pair<View, Part> kExamples[] = {
    {"January", Part::long_month}, {"Jan", Part::month}, {"Monday", Part::long_weekday}, {"Mon", Part::weekday},
    {"MST", Part::zone_name}, {"002", Part::zero_year_day}, {"01", Part::zero_month}, {"02", Part::zero_day},
    {"03", Part::zero_hour12}, {"04", Part::zero_minute}, {"05", Part::zero_second}, {"06", Part::year},
    {"15", Part::hour}, {"1", Part::number_month}, {"2006", Part::long_year}, {"2", Part::day},
    {"__2", Part::under_year_day}, {"_2", Part::under_day}, {"3", Part::hour12}, {"4", Part::minute},
    {"5", Part::second}, {"PM", Part::upper_pm}, {"pm", Part::lower_pm}, {"-070000", Part::zone},
    {"-07:00:00", Part::zone}, {"-0700", Part::zone}, {"-07:00", Part::zone}, {"-07", Part::zone},
    {"Z070000", Part::zone}, {"Z07:00:00", Part::zone}, {"Z0700", Part::zone}, {"Z07:00", Part::zone},
    {"Z07", Part::zone},
};

bool is_digit(View text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }
bool is_lower(View text, std::size_t at) { return at < text.size() && text[at] >= 'a' && text[at] <= 'z'; }

struct Chunk {
  View literal;    // before the example
  Part part = Part::none;
  View example;
  View rest;
};

// ".000" or ",999": a run of one digit that ends there.
std::size_t fraction_size(View layout) {
  if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',') || (layout[1] != '0' && layout[1] != '9')) return 0;
  const std::size_t end = std::min(layout.find_first_not_of(layout[1], 1), layout.size());
  return is_digit(layout, end) ? 0 : end;
}

std::pair<Part, std::size_t> example_at(View layout) {
  if (const std::size_t size = fraction_size(layout))
    return {layout[1] == '0' ? Part::fraction_fixed : Part::fraction_trimmed, size};
  if (layout.starts_with("_2006")) return {Part::none, 0};   // the '_' stays, the year comes next
  for (const auto& [example, part] : kExamples) {
    if (!layout.starts_with(example)) continue;
    const bool word = part == Part::month || part == Part::weekday;
    if (word && is_lower(layout, example.size())) continue;
    return {part, example.size()};
  }
  return {Part::none, 0};
}

Chunk next_chunk(View layout) {
  for (std::size_t at = 0; at < layout.size(); ++at) {
    const auto [part, size] = example_at(layout.substr(at));
    if (part != Part::none) return {layout.substr(0, at), part, layout.substr(at, size), layout.substr(at + size)};
  }
  return {layout, Part::none, {}, {}};
}

// --- the calendar ---

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int month, std::int64_t year) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

int days_before(int month, std::int64_t year) {
  int days = 0;
  for (int m = 1; m < month; ++m) days += days_in(m, year);
  return days;
}

// Days from 1970-01-01, by years that start in March.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = floor_divide(year, 400), of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

void set_date(CivilTime& time, std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floor_divide(days, 146'097), of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  time.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  time.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  time.year = year + era * 400 + (time.month <= 2);
}

// --- writing ---

std::string padded(std::int64_t value, std::size_t width, char fill = '0') {
  std::string digits = std::to_string(value < 0 ? -value : value);
  digits.insert(0, digits.size() < width ? width - digits.size() : 0, fill);
  return value < 0 ? "-" + digits : digits;
}

// In the shape of the example: "-07:00", "Z0700" …
std::string zone_text(int offset, View example) {
  if (example[0] == 'Z' && offset == 0) return "Z";
  const int size = std::abs(offset);
  const View colon = example.find(':') != example.npos ? ":" : "";
  const auto digits = std::ranges::count_if(example, [](char c) { return c >= '0' && c <= '9'; });
  const auto parts = digits / 2;
  std::string out = offset < 0 ? "-" : "+";
  out += padded(size / 3600, 2);
  if (parts > 1) out.append(colon).append(padded(size / 60 % 60, 2));
  if (parts > 2) out.append(colon).append(padded(size % 60, 2));
  return out;
}

std::string fraction_text(std::int32_t nanoseconds, View example) {
  std::string digits = padded(nanoseconds, 9);
  digits.resize(std::min<std::size_t>(example.size() - 1, 9));
  if (example[1] == '9') digits.resize(digits.find_last_not_of('0') + 1);
  else digits.resize(example.size() - 1, '0');
  return digits.empty() ? "" : example[0] + digits;
}

std::string part_text(const CivilTime& t, const Moment& moment, const Chunk& chunk) {
  const int hour12 = t.hour % 12 == 0 ? 12 : t.hour % 12;
  switch (chunk.part) {
    case Part::none: return "";
    case Part::long_month: return std::string(kMonths[t.month - 1]);
    case Part::month: return std::string(kMonths[t.month - 1].substr(0, 3));
    case Part::number_month: return std::to_string(t.month);
    case Part::zero_month: return padded(t.month, 2);
    case Part::long_weekday: return std::string(kWeekdays[t.weekday]);
    case Part::weekday: return std::string(kWeekdays[t.weekday].substr(0, 3));
    case Part::day: return std::to_string(t.day);
    case Part::under_day: return padded(t.day, 2, ' ');
    case Part::zero_day: return padded(t.day, 2);
    case Part::under_year_day: return padded(t.year_day, 3, ' ');
    case Part::zero_year_day: return padded(t.year_day, 3);
    case Part::hour: return padded(t.hour, 2);
    case Part::hour12: return std::to_string(hour12);
    case Part::zero_hour12: return padded(hour12, 2);
    case Part::minute: return std::to_string(t.minute);
    case Part::zero_minute: return padded(t.minute, 2);
    case Part::second: return std::to_string(t.second);
    case Part::zero_second: return padded(t.second, 2);
    case Part::long_year: return padded(t.year, 4);
    case Part::year: return padded(std::abs(t.year % 100), 2);
    case Part::upper_pm: return t.hour >= 12 ? "PM" : "AM";
    case Part::lower_pm: return t.hour >= 12 ? "pm" : "am";
    case Part::zone_name: return moment.offset == 0 ? "UTC" : zone_text(moment.offset, "-0700");
    case Part::zone: return zone_text(moment.offset, chunk.example);
    case Part::fraction_fixed: case Part::fraction_trimmed: return fraction_text(moment.nanoseconds, chunk.example);
  }
  return "";
}

// --- reading ---

class Parser {
 public:
  Parser(View text, View layout) : text_(text), layout_(layout), rest_(text) {}

  std::optional<Moment> parse() {
    for (View layout = layout_;;) {
      const Chunk chunk = next_chunk(layout);
      const View before = rest_;
      if (!skip_literal(chunk.literal)) return wrong(before, chunk.literal);
      if (chunk.part == Part::none) break;
      layout = chunk.rest;
      const View value = rest_;
      if (!part(chunk) || (is_second(chunk.part) && !loose_fraction(layout))) return wrong(value, chunk.example);
      if (!range_.empty()) return problem(": " + std::string(range_) + " out of range");
    }
    if (!rest_.empty()) return problem(": extra text: " + quote_text(rest_));
    return finish();
  }

  const std::string& error() const { return error_; }

 private:
  std::nullopt_t problem(std::string what) {
    error_ = "parsing time " + quote_text(text_) + what;
    return std::nullopt;
  }

  std::nullopt_t wrong(View value, View example) {
    return problem(" as " + quote_text(layout_) + ": cannot parse " + quote_text(value) + " as " + quote_text(example));
  }

  // A space in the layout is any number of spaces.
  bool skip_literal(View literal) {
    while (!literal.empty()) {
      if (literal[0] == ' ') {
        if (!rest_.empty() && rest_[0] != ' ') return false;
        literal.remove_prefix(std::min(literal.find_first_not_of(' '), literal.size()));
        rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
        continue;
      }
      if (rest_.empty() || rest_[0] != literal[0]) return false;
      literal.remove_prefix(1);
      rest_.remove_prefix(1);
    }
    return true;
  }

  static bool is_second(Part part) { return part == Part::second || part == Part::zero_second; }

  // Two digits, or one unless `fixed`.
  bool number(bool fixed, int& value) {
    if (!is_digit(rest_, 0) || (fixed && !is_digit(rest_, 1))) return false;
    return digits(is_digit(rest_, 1) ? 2 : 1, value);
  }

  bool digits(std::size_t count, int& value) {
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_, i)) return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool ranged(bool fixed, int low, int high, View name, int& value) {
    if (!number(fixed, value)) return false;
    if (value < low || value > high) range_ = name;
    return true;
  }

  template <std::size_t n>
  bool name(const View (&names)[n], std::size_t size, int& index) {
    for (std::size_t i = 0; i < n; ++i) {
      const View name = names[i].substr(0, size);
      if (lower_text(rest_.substr(0, name.size())) != lower_text(name)) continue;
      rest_.remove_prefix(name.size());
      index = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool month_name(std::size_t size) {
    int index = 0;
    const bool found = name(kMonths, size, index);
    month_ = index + 1;
    return found;
  }

  bool long_year() {
    int year = 0;
    const bool found = digits(4, year);
    year_ = year;
    return found;
  }

  bool short_year() {
    int year = 0;
    if (!digits(2, year)) return false;
    year_ = year >= 69 ? 1900 + year : 2000 + year;
    return true;
  }

  bool spaced_year_day(bool spaces) {
    for (int i = 0; spaces && i < 2 && rest_.starts_with(' '); ++i) rest_.remove_prefix(1);
    std::size_t count = 0;
    while (count < 3 && is_digit(rest_, count)) ++count;
    if (count == 0 || (!spaces && count < 3)) return false;
    return digits(count, year_day_);
  }

  bool half(View am, View pm) {
    const View found = rest_.substr(0, 2);
    if (found != am && found != pm) return false;
    (found == pm ? pm_ : am_) = true;
    rest_.remove_prefix(2);
    return true;
  }

  bool part(const Chunk& chunk) {
    int weekday = 0;
    switch (chunk.part) {
      case Part::none: return true;
      case Part::long_month: return month_name(View::npos);
      case Part::month: return month_name(3);
      case Part::number_month: case Part::zero_month:
        return ranged(chunk.part == Part::zero_month, 1, 12, "month", month_);
      case Part::long_weekday: return name(kWeekdays, View::npos, weekday);
      case Part::weekday: return name(kWeekdays, 3, weekday);
      case Part::under_day: if (rest_.starts_with(' ')) rest_.remove_prefix(1); [[fallthrough]];
      case Part::day: return number(false, day_);
      case Part::zero_day: return number(true, day_);
      case Part::under_year_day: return spaced_year_day(true);
      case Part::zero_year_day: return spaced_year_day(false);
      case Part::hour: return ranged(false, 0, 23, "hour", hour_);
      case Part::hour12: case Part::zero_hour12: return ranged(chunk.part == Part::zero_hour12, 0, 12, "hour", hour_);
      case Part::minute: case Part::zero_minute: return ranged(chunk.part == Part::zero_minute, 0, 59, "minute", minute_);
      case Part::second: case Part::zero_second: return ranged(chunk.part == Part::zero_second, 0, 59, "second", second_);
      case Part::long_year: return long_year();
      case Part::year: return short_year();
      case Part::upper_pm: return half("AM", "PM");
      case Part::lower_pm: return half("am", "pm");
      case Part::zone_name: return zone_name();
      case Part::zone: return zone(chunk.example);
      case Part::fraction_fixed: return fraction(chunk.example.size());
      case Part::fraction_trimmed: return optional_fraction();
    }
    return false;
  }

  static bool is_point(View text) { return text.starts_with('.') || text.starts_with(','); }

  // The point and the digits after it, `size` characters.
  bool fraction(std::size_t size) {
    if (rest_.size() < size || !is_point(rest_)) return false;
    nanoseconds_ = 0;
    for (std::size_t i = 1; i < size; ++i)
      if (!is_digit(rest_, i)) return false;
    for (std::size_t i = 1; i <= 9; ++i) nanoseconds_ = nanoseconds_ * 10 + (i < size ? rest_[i] - '0' : 0);
    rest_.remove_prefix(size);
    return true;
  }

  bool optional_fraction() {
    if (!is_point(rest_) || !is_digit(rest_, 1)) return true;
    std::size_t end = 1;
    while (end <= 9 && is_digit(rest_, end)) ++end;
    return fraction(end);
  }

  // Seconds may have a fraction that the layout does not show.
  bool loose_fraction(View layout) {
    if (!range_.empty() || !is_point(rest_) || !is_digit(rest_, 1)) return true;
    const Chunk next = next_chunk(layout);
    if (next.part == Part::fraction_fixed || next.part == Part::fraction_trimmed) return true;
    return fraction(std::min(rest_.find_first_not_of("0123456789", 1), rest_.size()));
  }

  bool zone(View example) {
    if (example[0] == 'Z' && rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      offset_ = 0;
      return true;
    }
    if (rest_.size() < example.size() || (rest_[0] != '+' && rest_[0] != '-')) return false;
    const bool west = rest_[0] == '-';
    static constexpr std::pair<View, int> kLimits[] = {
        {"time zone offset hour", 24}, {"time zone offset minute", 60}, {"time zone offset second", 60}};
    int total = 0, scale = 3600;
    std::size_t index = 0;
    for (std::size_t at = 1; at < example.size(); ++index, scale /= 60) {
      if (example[at] == ':' && rest_[at++] != ':') return false;
      if (!is_digit(rest_, at) || !is_digit(rest_, at + 1)) return false;
      const int value = (rest_[at] - '0') * 10 + (rest_[at + 1] - '0');
      if (value > kLimits[index].second && range_.empty()) range_ = kLimits[index].first;
      total += value * scale;
      at += 2;
    }
    rest_.remove_prefix(example.size());
    offset_ = west ? -total : total;
    return true;
  }

  // Hours after "GMT" or alone, a sign and a number up to 23: how long. They move nothing.
  static std::size_t signed_hours(View text) {
    if (!text.starts_with('+') && !text.starts_with('-')) return 0;
    std::size_t end = 1;
    int hours = 0;
    for (; is_digit(text, end) && end < 4; ++end) hours = hours * 10 + (text[end] - '0');
    return end == 1 || hours > 23 ? 0 : end;
  }

  std::size_t zone_name_size() {
    static constexpr View kOdd[] = {"ChST", "MeST"};
    for (const View odd : kOdd)
      if (rest_.starts_with(odd)) return odd.size();
    if (rest_.starts_with("GMT")) return 3 + signed_hours(rest_.substr(3));
    if (const std::size_t size = signed_hours(rest_); size >= 3) return size;
    std::size_t letters = 0;
    while (letters < 6 && letters < rest_.size() && rest_[letters] >= 'A' && rest_[letters] <= 'Z') ++letters;
    if (letters == 3) return 3;
    if (letters == 4) return rest_[3] == 'T' || rest_.starts_with("WITA") ? 4 : 0;
    return letters == 5 && rest_[4] == 'T' ? 5 : 0;
  }

  bool zone_name() {
    const std::size_t size = rest_.starts_with("UTC") ? 3 : zone_name_size();
    rest_.remove_prefix(size);
    return size > 0;
  }

  bool date_from_year_day() {
    if (year_day_ < 1 || year_day_ > (is_leap(year_) ? 366 : 365)) return range_ = "day-of-year", false;
    int month = 12;
    while (days_before(month, year_) >= year_day_) --month;
    const int day = year_day_ - days_before(month, year_);
    if (month_ > 0 && month_ != month) return range_ = "day-of-year does not match month", false;
    if (day_ > 0 && day_ != day) return range_ = "day-of-year does not match day", false;
    month_ = month;
    day_ = day;
    return true;
  }

  std::optional<Moment> finish() {
    if (pm_ && hour_ < 12) hour_ += 12;
    else if (am_ && hour_ == 12) hour_ = 0;
    if (year_day_ >= 0 && !date_from_year_day())
      return problem(": " + std::string(range_) + (range_ == "day-of-year" ? " out of range" : ""));
    const int month = month_ < 0 ? 1 : month_, day = day_ < 0 ? 1 : day_;
    if (day < 1 || day > days_in(month, year_)) return problem(": day out of range");
    const std::int64_t seconds = days_from_civil(year_, month, day) * 86'400 + hour_ * 3600 + minute_ * 60 + second_;
    return Moment{seconds - offset_, nanoseconds_, offset_};
  }

  View text_, layout_, rest_;
  View range_;                      // what is out of its range
  std::string error_;
  std::int64_t year_ = 0;
  int month_ = -1, day_ = -1, year_day_ = -1, hour_ = 0, minute_ = 0, second_ = 0, offset_ = 0;
  std::int32_t nanoseconds_ = 0;
  bool am_ = false, pm_ = false;
};

}  // namespace

CivilTime civil_time(const Moment& moment) {
  const std::int64_t local = moment.seconds + moment.offset, days = floor_divide(local, 86'400);
  const auto of_day = static_cast<int>(local - days * 86'400);
  CivilTime time;
  set_date(time, days);
  time.hour = of_day / 3600;
  time.minute = of_day / 60 % 60;
  time.second = of_day % 60;
  time.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  time.year_day = days_before(time.month, time.year) + time.day;
  return time;
}

std::string format_time(const Moment& moment, View layout) {
  const CivilTime time = civil_time(moment);
  std::string out;
  while (!layout.empty()) {
    const Chunk chunk = next_chunk(layout);
    out.append(chunk.literal).append(part_text(time, moment, chunk));
    layout = chunk.rest;
  }
  return out;
}

std::optional<Moment> parse_time(View text, View layout, std::string& error) {
  Parser parser(text, layout);
  auto moment = parser.parse();
  if (!moment) error = parser.error();
  return moment;
}

}  // namespace oam::cue
