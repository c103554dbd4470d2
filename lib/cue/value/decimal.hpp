// Decimal is the number behind every CUE int that is not small and every float:
// sign, coefficient and power of ten, so 1.50 keeps its zero. Arithmetic rounds to
// 34 digits, half up, for integers too, as the reference does.
//
// Nothing here grows without bound: a number whose exponent, or whose first digit's
// place, lies beyond 10^±100000 is refused. Values are immutable and thread-safe to read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

namespace oam::cue {

enum class Rounding : std::uint8_t { down, half_up, half_even };

struct Computed;

class Decimal {
 public:
  using Integer = boost::multiprecision::cpp_int;
  // Infinite and nan come only out of package math; no literal makes them.
  enum class Form : std::uint8_t { finite, infinite, nan };

  static constexpr int kPrecision = 34;
  static constexpr std::int32_t kMaxExponent = 100'000;

  Decimal() = default;   // 0
  Decimal(Integer coefficient, std::int32_t exponent, bool negative = false);   // a negative coefficient turns the sign
  static Decimal from_int64(std::int64_t value) { return Decimal(Integer(value), 0); }
  static Decimal from_double(double value);      // the shortest text that reads back the same
  static Decimal infinity(bool negative);
  static Decimal nan();

  // Decimal text without separators or multipliers: "1234", "1.50", "1e10", "-.1". Nothing: not such
  // text, or out of range.
  static std::optional<Decimal> parse(std::string_view text);
  // The digits of an integer in base 2 to 62, a sign allowed.
  static std::optional<Decimal> parse_integer(std::string_view digits, int base);

  const Integer& coefficient() const { return coefficient_; }   // never negative
  std::int32_t exponent() const { return exponent_; }
  Form form() const { return form_; }
  bool is_finite() const { return form_ == Form::finite; }
  bool is_negative() const { return negative_; }                // true of -0.0
  bool is_zero() const { return is_finite() && coefficient_.is_zero(); }
  bool is_integer() const;                                      // 2.0 and 1e3 are
  int sign() const { return is_zero() ? 0 : negative_ ? -1 : 1; }
  int digits() const;                                           // of the coefficient; 1 for zero
  std::int64_t adjusted() const { return std::int64_t{exponent_} + digits() - 1; }   // place of the first digit

  Decimal negated() const;          // of zero: 0, without sign
  Decimal absolute() const;
  Decimal with_sign(bool negative) const;
  Decimal reduced() const;          // no trailing zeros: 1.50 is 1.5, 100 is 1E+2
  Decimal rounded(int precision = kPrecision, Rounding rounding = Rounding::half_up) const;
  Decimal rescaled(std::int32_t exponent, Rounding rounding) const;   // REQUIRES: finite
  Decimal truncated() const { return rescaled(0, Rounding::down); }
  Integer to_integer() const;       // the whole part, signed. REQUIRES: finite

  std::optional<std::int64_t> to_int64() const;   // nothing: not whole, or too big
  double to_double() const;

  // "1.50", "1E+3": digits and an exponent where there would be more than six zeros. JSON and
  // messages take 'E', CUE source takes 'e'.
  std::string text(char exponent_letter = 'E') const;
  // As CUE source: a float that looks like an integer gets ".0".
  std::string cue_text(bool is_float) const;

  friend int compare(const Decimal& a, const Decimal& b);   // by value: 1.0 and 1 are equal. REQUIRES: no nan
  friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a, b) == 0; }
  friend bool operator<(const Decimal& a, const Decimal& b) { return compare(a, b) < 0; }

 private:
  Integer coefficient_ = 0;
  std::int32_t exponent_ = 0;
  Form form_ = Form::finite;
  bool negative_ = false;
};

// A result, or why there is none in the reference's words: "division by zero",
// "division undefined", "exponent out of range", "invalid operation".
struct Computed {
  Decimal value;
  std::string_view error = {};
  bool ok() const { return error.empty(); }
};

Computed add(const Decimal& a, const Decimal& b);
Computed subtract(const Decimal& a, const Decimal& b);
Computed multiply(const Decimal& a, const Decimal& b);
Computed divide(const Decimal& a, const Decimal& b);   // always to be taken as a float

// Of integers, exact. REQUIRES: finite; what follows the point is rounded away.
Computed integer_div(const Decimal& a, const Decimal& b);   // Euclidean: div(-7, 2) is -4
Computed integer_mod(const Decimal& a, const Decimal& b);   // never negative
Computed integer_quo(const Decimal& a, const Decimal& b);   // truncated: quo(-7, 2) is -3
Computed integer_rem(const Decimal& a, const Decimal& b);   // with the sign of a

Computed power(const Decimal& a, const Decimal& b);
Computed cube_root(const Decimal& a);
Computed exponential(const Decimal& a);
Computed logarithm(const Decimal& a);     // natural
Computed logarithm10(const Decimal& a);

// 10^n. REQUIRES: 0 <= n <= 4 * kMaxExponent.
Decimal::Integer power_of_ten(std::int64_t n);
int count_digits(const Decimal::Integer& value);   // of the absolute value; 1 for zero
// Decimal digits of a number of any size in less than quadratic time.
std::string digits_text(const Decimal::Integer& value);
std::string digits_text(const Decimal::Integer& value, int base);   // 2 to 62: after z come capitals
std::optional<Decimal::Integer> parse_digits(std::string_view digits, int base);

}  // namespace oam::cue
