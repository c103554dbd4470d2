// Decimals from and to text. Boost reads and writes big integers in quadratic time;
// here they are split in halves, so a hundred thousand digits take milliseconds.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "cue/value/decimal.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;

constexpr std::size_t kMaxDigits = Decimal::kMaxExponent + 1;
constexpr std::size_t kPlainDigits = 400;      // below this Boost's way is as fast

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Above base 36 capitals are digits of their own.
int digit_value(char c, int base) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + (base > 36 ? 36 : 10);
  return 99;
}

Integer read_digits(std::string_view digits, int base) {
  if (digits.size() > kPlainDigits) {
    const std::size_t low = digits.size() / 2;
    const Integer high = read_digits(digits.substr(0, digits.size() - low), base);
    const Integer scale = pow(Integer(base), static_cast<unsigned>(low));
    return high * scale + read_digits(digits.substr(digits.size() - low), base);
  }
  Integer value = 0;
  for (const char c : digits) value = value * base + digit_value(c, base);
  return value;
}

// `width` digits, zeros in front; all of them where width is 0.
void write_digits(const Integer& value, std::size_t width, std::string& out) {
  const std::size_t length = width ? width : static_cast<std::size_t>(count_digits(value));
  if (length <= kPlainDigits) {
    const std::string digits = value.str();
    out.append(width > digits.size() ? width - digits.size() : 0, '0').append(digits);
    return;
  }
  Integer high, low;
  const std::size_t half = length / 2;
  divide_qr(value, power_of_ten(static_cast<std::int64_t>(half)), high, low);
  write_digits(high, width ? width - half : 0, out);
  write_digits(low, half, out);
}

std::string plain_text(std::string digits, std::int32_t exponent) {
  if (exponent == 0) return digits;
  const auto places = static_cast<std::size_t>(-exponent);
  if (digits.size() <= places) digits.insert(0, places - digits.size() + 1, '0');
  return digits.insert(digits.size() - places, 1, '.');
}

std::string scientific_text(std::string digits, std::int64_t adjusted, char letter) {
  if (digits.size() > 1) digits.insert(1, 1, '.');
  digits.append(1, letter).append(1, adjusted < 0 ? '-' : '+');
  return digits.append(std::to_string(std::abs(adjusted)));
}

// "e-12" at the end of a number; the text before it stays in `text`.
std::optional<std::int64_t> take_exponent(std::string_view& text) {
  const std::size_t at = text.find_first_of("eE");
  if (at == text.npos) return 0;
  std::string_view digits = text.substr(at + 1);
  text = text.substr(0, at);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (std::abs(exponent) > Decimal::kMaxExponent) return std::nullopt;
  return exponent;
}

bool take_minus(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

}  // namespace

Integer power_of_ten(std::int64_t n) { return pow(Integer(10), static_cast<unsigned>(n)); }

int count_digits(const Integer& value) {
  if (value.is_zero()) return 1;
  const Integer magnitude = abs(value);
  const auto bits = static_cast<double>(msb(magnitude));
  const int low = static_cast<int>(bits * 0.30102999566398119521) + 1;   // at most one too small
  if (low < 18) {
    std::uint64_t left = static_cast<std::uint64_t>(magnitude);
    int digits = 0;
    for (; left; left /= 10) ++digits;
    return digits;
  }
  return magnitude >= power_of_ten(low) ? low + 1 : low;
}

std::string digits_text(const Integer& value) {
  std::string text = value.sign() < 0 ? "-" : "";
  write_digits(abs(value), 0, text);
  return text;
}

std::string digits_text(const Integer& value, int base) {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  // Several digits at once: as many as a 32-bit divisor holds.
  std::uint64_t chunk = static_cast<std::uint64_t>(base);
  int width = 1;
  for (; chunk * static_cast<std::uint64_t>(base) <= UINT32_MAX; ++width) chunk *= static_cast<std::uint64_t>(base);
  std::string text;
  for (Integer left = abs(value); !left.is_zero(); left /= chunk) {
    auto part = static_cast<std::uint64_t>(left % chunk);
    for (int i = 0; i < width; ++i, part /= static_cast<std::uint64_t>(base))
      text += kDigits[part % static_cast<std::uint64_t>(base)];
  }
  text.resize(text.find_last_not_of('0') + 1);
  if (text.empty()) return "0";
  if (value.sign() < 0) text += '-';
  std::ranges::reverse(text);
  return text;
}

std::optional<Integer> parse_digits(std::string_view digits, int base) {
  const bool legal = std::ranges::all_of(digits, [&](char c) { return digit_value(c, base) < base; });
  if (!legal || digits.empty() || digits.size() > 4 * kMaxDigits) return std::nullopt;
  return read_digits(digits, base);
}

std::optional<Decimal> Decimal::parse_integer(std::string_view digits, int base) {
  const bool negative = take_minus(digits);
  auto value = parse_digits(digits, base);
  if (!value || count_digits(*value) > static_cast<int>(kMaxDigits)) return std::nullopt;
  return Decimal(std::move(*value), 0, negative);
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = take_minus(text);
  auto exponent = take_exponent(text);
  if (!exponent) return std::nullopt;
  std::string digits(text);
  if (const std::size_t point = text.find('.'); point != text.npos) {
    digits.erase(point, 1);
    *exponent -= static_cast<std::int64_t>(digits.size() - point);
  }
  if (digits.size() > kMaxDigits) return std::nullopt;
  auto coefficient = parse_digits(digits, 10);
  if (!coefficient || std::abs(*exponent) > kMaxExponent) return std::nullopt;
  Decimal value(std::move(*coefficient), static_cast<std::int32_t>(*exponent), negative);
  if (std::abs(value.adjusted()) > kMaxExponent) return std::nullopt;
  return value;
}

std::string Decimal::text(char exponent_letter) const {
  if (form_ == Form::nan) return "NaN";
  const std::string sign = negative_ ? "-" : "";
  if (form_ == Form::infinite) return sign + "Infinity";
  std::string digits = digits_text(coefficient_);
  // Zeros are written out: 0.0000000, not 0E-7.
  const bool written_zero = is_zero() && exponent_ < 0 && exponent_ >= -2000;
  const std::int64_t place = std::int64_t{exponent_} + static_cast<std::int64_t>(digits.size()) - 1;
  if (written_zero || (exponent_ <= 0 && place >= -6)) return sign + plain_text(std::move(digits), exponent_);
  return sign + scientific_text(std::move(digits), place, exponent_letter);
}

std::string Decimal::cue_text(bool is_float) const {
  std::string written = text('e');
  if (is_float && written.find_first_of("e.") == written.npos) written += ".0";
  return written;
}

}  // namespace oam::cue
