// Powers, the cube root and logarithms: computed by Boost with some 60 digits, then rounded.
#include <algorithm>
#include <utility>

#include <boost/multiprecision/cpp_dec_float.hpp>

#include "cue/value/decimal.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<70>, boost::multiprecision::et_off>;

constexpr std::string_view kOutOfRange = "exponent out of range";
constexpr int kWorkDigits = 64;
constexpr std::int64_t kMaxExponential = 23'000;   // the reference's limit

Wide widened(const Decimal& value) { return Wide(value.rounded(kWorkDigits).text()); }

// REQUIRES: finite.
Computed narrowed(const Wide& value, Rounding rounding = Rounding::half_up) {
  const auto parsed = Decimal::parse(value.str(kWorkDigits, std::ios_base::scientific));
  if (!parsed) return {{}, kOutOfRange};
  return {parsed->rounded(Decimal::kPrecision, rounding)};
}

Computed invalid() { return {Decimal::nan(), "invalid operation"}; }

// 0, infinity and nan have no logarithm to compute; nothing: the value is positive and finite.
std::optional<Computed> special_logarithm(const Decimal& a) {
  if (a.form() == Decimal::Form::nan) return Computed{a};
  if (a.is_zero()) return Computed{Decimal::infinity(true)};
  if (a.is_negative()) return invalid();
  if (!a.is_finite()) return Computed{a};
  if (a == Decimal::from_int64(1)) return Computed{Decimal()};
  return std::nullopt;
}

// a^b by squaring, b > 0; stops as soon as the result is out of range.
Computed integer_power(const Decimal& a, Integer b, int precision) {
  Decimal result = Decimal::from_int64(1), square = a;
  const auto times = [&](const Decimal& x, const Decimal& y) -> Computed {
    const std::int64_t exponent = std::int64_t{x.exponent()} + y.exponent();
    if (std::max(std::abs(exponent), std::abs(x.adjusted() + y.adjusted())) > Decimal::kMaxExponent)
      return {{}, kOutOfRange};
    return {Decimal(x.coefficient() * y.coefficient(), static_cast<std::int32_t>(exponent),
                    x.is_negative() != y.is_negative()).rounded(precision)};
  };
  while (true) {
    if ((b & 1) != 0) {
      Computed next = times(result, square);
      if (!next.ok()) return next;
      result = std::move(next.value);
    }
    b >>= 1;
    if (b.is_zero()) return {std::move(result)};
    Computed next = times(square, square);
    if (!next.ok()) return next;
    square = std::move(next.value);
  }
}

// 1/a with all its digits: the reference does not trim a power's zeros.
Decimal inverse(const Decimal& a, int precision) {
  const std::int64_t places = a.digits() - 1 + precision - 1;
  const Integer numerator = power_of_ten(places + 1);
  const std::int64_t exponent = -a.exponent() - places - 1;
  const Decimal value(numerator / a.coefficient(), static_cast<std::int32_t>(exponent), a.is_negative());
  return value.rounded(precision);
}

Computed power_special(const Decimal& a, const Decimal& b, bool odd) {
  if (a.form() == Decimal::Form::nan || b.form() == Decimal::Form::nan) return {Decimal::nan()};
  if (a.is_zero()) {
    if (b.sign() == 0) return invalid();
    return {b.sign() > 0 ? Decimal(0, 0, a.is_negative() && odd) : Decimal::infinity(a.is_negative() && odd)};
  }
  if (b.is_zero()) return {Decimal::from_int64(1)};
  if (b.is_negative()) return {Decimal(0, 0, a.is_negative() && odd)};
  return {Decimal::infinity(a.is_negative() && odd)};
}

Computed whole_power(const Decimal& a, const Decimal& whole, int precision) {
  if (whole.is_zero()) return {Decimal::from_int64(1)};
  Computed result = integer_power(a, abs(whole.to_integer()), precision);
  if (!result.ok() || !whole.is_negative()) return result;
  result.value = inverse(result.value, precision);
  return result;
}

}  // namespace

Computed power(const Decimal& a, const Decimal& b) {
  const bool whole = b.is_finite() && b.is_integer();
  const bool odd = whole && b.exponent() <= 0 && (b.to_integer() & 1) != 0;
  if (!a.is_finite() || !b.is_finite() || a.is_zero() || b.is_zero()) return power_special(a, b, odd);
  if (a.is_negative() && !whole) return invalid();
  // Only the powers of 1 are in range so far out.
  if (b.adjusted() > 9'000) {
    if (a.absolute() != Decimal::from_int64(1)) return {{}, kOutOfRange};
    return {Decimal(1, 0, a.is_negative() && odd)};
  }
  const int precision = std::max(Decimal::kPrecision, std::min(a.digits(), 1000)) + 10;
  Computed result = whole_power(a, b.truncated(), precision);
  if (!result.ok()) return result;
  if (!whole) {
    const Decimal fraction = subtract(b, b.truncated()).value;
    const Wide part = exp(log(widened(a)) * widened(fraction));
    return narrowed(widened(result.value) * part);
  }
  result.value = result.value.rounded();
  if (std::abs(result.value.adjusted()) > Decimal::kMaxExponent) return {{}, kOutOfRange};
  return result;
}

Computed cube_root(const Decimal& a) {
  if (!a.is_finite()) return {a};
  if (a.is_zero()) return {Decimal(0, a.exponent() / 3, a.is_negative())};
  Computed root = narrowed(cbrt(widened(a.absolute())));
  const Decimal exact = root.value.reduced();
  const Decimal cube = multiply(multiply(exact, exact).value, exact).value;
  root.value = (cube == a.absolute() ? exact : root.value).with_sign(a.is_negative());
  return root;
}

Computed exponential(const Decimal& a) {
  if (a.form() == Decimal::Form::nan) return {a};
  if (!a.is_finite()) return {a.is_negative() ? Decimal() : a};
  if (a.is_zero()) return {Decimal::from_int64(1)};
  if (a.adjusted() < -Decimal::kPrecision - 1) return {Decimal::from_int64(1)};
  if (!(a.absolute() < Decimal::from_int64(kMaxExponential))) return {{}, a.is_negative() ? "underflow, subnormal" : "overflow"};
  return narrowed(exp(widened(a)));
}

Computed logarithm(const Decimal& a) {
  if (const auto special = special_logarithm(a)) return *special;
  return narrowed(log(widened(a)));
}

Computed logarithm10(const Decimal& a) {
  if (const auto special = special_logarithm(a)) return *special;
  return narrowed(log10(widened(a)));
}

}  // namespace oam::cue
