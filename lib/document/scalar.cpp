#include "document/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace oam::detail {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - from;
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const bool whole = digits() > 0;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0 && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// The decimal exponent of the first digit that is not 0, or nothing for a zero.
// Only its sign matters: is a number that fits no double too large or too small?
bool is_tiny(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == mantissa.npos) return true;
  if (e != text.npos) return text.size() > e + 1 && text[e + 1] == '-';
  return mantissa.find('.') < first;
}

// A finite double, or nothing if it is too large; what is too small is 0.
std::optional<double> to_double(std::string_view text) {
  if (!looks_like_float(text)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return is_tiny(text) ? std::optional(0.0) : std::nullopt;
  return value;
}

struct Digits {
  std::string_view text;
  int base;
};

// The digits behind a prefix of Go's base 0: 0x, 0o, 0b, or a leading 0.
Digits after_prefix(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return {text, 10};
  switch (text[1]) {
    case 'x': case 'X': return {text.substr(2), 16};
    case 'o': case 'O': return {text.substr(2), 8};
    case 'b': case 'B': return {text.substr(2), 2};
    default: return {text.substr(1), 8};
  }
}

std::optional<Scalar> to_integer(std::string_view text, bool any_base) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const Digits digits = any_base ? after_prefix(text) : Digits{text, 10};
  std::uint64_t value = 0;
  const char* const last = digits.text.data() + digits.text.size();
  const auto [end, error] = std::from_chars(digits.text.data(), last, value, digits.base);
  if (error != std::errc() || end != last) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (negative && value > kMost + 1) return std::nullopt;
  if (negative) return Scalar(static_cast<std::int64_t>(0 - value));
  return value <= kMost ? Scalar(static_cast<std::int64_t>(value)) : Scalar(value);
}

struct Word {
  std::string_view text;
  Scalar value;
};

const auto kWords = std::to_array<Word>({
    {"", nullptr}, {"~", nullptr}, {"null", nullptr}, {"Null", nullptr}, {"NULL", nullptr},
    {"true", true}, {"True", true}, {"TRUE", true}, {"false", false}, {"False", false}, {"FALSE", false},
    {".nan", std::nan("")}, {".NaN", std::nan("")}, {".NAN", std::nan("")},
    {".inf", kInfinity}, {".Inf", kInfinity}, {".INF", kInfinity},
    {"+.inf", kInfinity}, {"+.Inf", kInfinity}, {"+.INF", kInfinity},
    {"-.inf", -kInfinity}, {"-.Inf", -kInfinity}, {"-.INF", -kInfinity},
});
const auto kOldWords = std::to_array<Word>({   // YAML 1.1 alone
    {"y", true}, {"Y", true}, {"yes", true}, {"Yes", true}, {"YES", true}, {"on", true}, {"On", true}, {"ON", true},
    {"n", false}, {"N", false}, {"no", false}, {"No", false}, {"NO", false},
    {"off", false}, {"Off", false}, {"OFF", false},
});

constexpr std::size_t kLongestWord = 5;

template <class Words>
const Word* find(const Words& words, std::string_view text) {
  if (text.size() > kLongestWord) return nullptr;
  const auto found = std::ranges::find(words, text, &Word::text);
  return found == words.end() ? nullptr : &*found;
}

}  // namespace

Scalar resolve_yaml11(std::string_view text) {
  if (const Word* word = find(kWords, text)) return word->value;
  if (const Word* word = find(kOldWords, text)) return word->value;
  const char hint = text.front();
  if (hint == '.') {
    const auto value = to_double(text);
    return value ? Scalar(*value) : Scalar(Text{});
  }
  if (!is_digit(hint) && hint != '-' && hint != '+') return Text{};
  std::string plain(text);
  std::erase(plain, '_');
  if (plain.empty()) return Text{};
  if (auto integer = to_integer(plain, true)) return *integer;
  if (auto value = to_double(plain)) return *value;
  return Text{};
}

Scalar resolve_yaml12(std::string_view text) {
  if (const Word* word = find(kWords, text)) return word->value;
  const bool prefixed = text.starts_with("0o") || text.starts_with("0x");
  if (auto integer = to_integer(text, prefixed)) return *integer;
  if (!looks_like_float(text)) return Text{};
  const auto value = to_double(text);
  return value ? *value : kInfinity;
}

bool same(const Scalar& a, const Scalar& b) {
  const auto number = [](const Scalar& s) -> std::optional<double> {
    if (const auto* i = std::get_if<std::int64_t>(&s)) return static_cast<double>(*i);
    if (const auto* u = std::get_if<std::uint64_t>(&s)) return static_cast<double>(*u);
    if (const auto* d = std::get_if<double>(&s)) return *d;
    return std::nullopt;
  };
  const auto x = number(a), y = number(b);
  if (x && y) return *x == *y || (std::isnan(*x) && std::isnan(*y));
  return a.index() == b.index() && a == b;
}

bool may_be_misread(std::string_view text) {
  if (text.empty() || text == "=" || text == "<<") return true;
  const bool numeric = is_digit(text[0]) || text[0] == '-' || text[0] == '+' || text[0] == '.';
  constexpr std::string_view kBeginWords = "~nNtTfFyYoO";
  if (!numeric && (text.size() > kLongestWord || kBeginWords.find(text[0]) == kBeginWords.npos)) return false;
  if (!std::holds_alternative<Text>(resolve_yaml11(text)) || !std::holds_alternative<Text>(resolve_yaml12(text)))
    return true;
  // Sexagesimals, timestamps, numbers of other dialects: 1:20, 2001-12-14, 0x_1f, 1,000.
  return numeric && text.find_first_not_of("0123456789abcdefABCDEFxXoOtTzZ_.,:+- ") == text.npos;
}

}  // namespace oam::detail
