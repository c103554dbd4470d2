#include "cue/value/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;
using boost::multiprecision::divide_qr;

constexpr std::string_view kOutOfRange = "exponent out of range";

bool in_range(std::int64_t exponent) {
  return exponent >= -Decimal::kMaxExponent && exponent <= Decimal::kMaxExponent;
}

bool in_range(const Decimal& value) {
  return !value.is_finite() || (in_range(value.exponent()) && in_range(value.adjusted()));
}

Computed checked(Decimal value) {
  if (!in_range(value)) return {{}, kOutOfRange};
  return {std::move(value)};
}

Computed invalid() { return {Decimal::nan(), "invalid operation"}; }

// Divides by 10^places, places > 0, and rounds what is cut off.
Integer cut(const Integer& value, std::int64_t places, Rounding rounding) {
  const Integer divisor = power_of_ten(places);
  Integer quotient, rest;
  divide_qr(value, divisor, quotient, rest);
  if (rounding == Rounding::down) return quotient;
  const int half = Integer(rest * 2).compare(divisor);
  const bool up = half > 0 || (half == 0 && (rounding == Rounding::half_up || (quotient & 1) != 0));
  return up ? Integer(quotient + 1) : quotient;
}

// Both coefficients at one exponent, with their signs.
struct Aligned {
  Integer a, b;
  std::int32_t exponent = 0;
};

Integer signed_coefficient(const Decimal& value) {
  return value.is_negative() ? Integer(-value.coefficient()) : value.coefficient();
}

Aligned align(const Decimal& a, const Decimal& b) {
  const std::int32_t exponent = std::min(a.exponent(), b.exponent());
  return {signed_coefficient(a) * power_of_ten(std::int64_t{a.exponent()} - exponent),
          signed_coefficient(b) * power_of_ten(std::int64_t{b.exponent()} - exponent), exponent};
}

// Where `small` lies far below every digit that can survive rounding, only that it is
// there and its sign matter: a stand-in nearer by keeps the addition short.
Decimal brought_near(const Decimal& big, const Decimal& small) {
  const std::int64_t floor =
      std::min<std::int64_t>(big.exponent(), big.adjusted() - Decimal::kPrecision - 4) - 1;
  if (big.is_zero() || small.adjusted() >= floor) return small;
  return Decimal(small.is_zero() ? 0 : 1, static_cast<std::int32_t>(floor), small.is_negative());
}

Decimal signed_decimal(Integer value, std::int32_t exponent, bool negative_zero) {
  const bool negative = value.sign() < 0 || (value.is_zero() && negative_zero);
  return Decimal(abs(value), exponent, negative);
}

Computed add_infinite(const Decimal& a, const Decimal& b) {
  if (!a.is_finite() && !b.is_finite() && a.is_negative() != b.is_negative()) return invalid();
  return {Decimal::infinity(a.is_finite() ? b.is_negative() : a.is_negative())};
}

bool any_nan(const Decimal& a, const Decimal& b) {
  return a.form() == Decimal::Form::nan || b.form() == Decimal::Form::nan;
}

Computed divide_special(const Decimal& a, const Decimal& b) {
  const bool negative = a.is_negative() != b.is_negative();
  if (any_nan(a, b)) return {Decimal::nan()};
  if (!a.is_finite()) return b.is_finite() ? Computed{Decimal::infinity(negative)} : invalid();
  if (!b.is_finite()) return {Decimal(0, 0, negative)};
  return {{}, a.is_zero() ? "division undefined" : "division by zero"};
}

// The reference trims a quotient's zeros but leaves one where there was a point.
Decimal reduced_as_float(const Decimal& value) {
  const Decimal reduced = value.reduced();
  if (value.exponent() >= 0 || reduced.exponent() < 0) return reduced;
  return Decimal(reduced.coefficient() * 10, reduced.exponent() - 1, reduced.is_negative());
}

}  // namespace

Decimal::Decimal(Integer coefficient, std::int32_t exponent, bool negative)
    : coefficient_(std::move(coefficient)), exponent_(exponent), negative_(negative) {
  if (coefficient_.sign() >= 0) return;
  coefficient_ = -coefficient_;
  negative_ = !negative_;
}

Decimal Decimal::from_double(double value) {
  if (std::isnan(value)) return nan();
  if (std::isinf(value)) return infinity(value < 0);
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return *parse({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
}

Decimal Decimal::infinity(bool negative) {
  Decimal value(0, 0, negative);
  value.form_ = Form::infinite;
  return value;
}

Decimal Decimal::nan() {
  Decimal value;
  value.form_ = Form::nan;
  return value;
}

bool Decimal::is_integer() const {
  if (!is_finite()) return false;
  if (exponent_ >= 0 || is_zero()) return true;
  if (-std::int64_t{exponent_} >= digits()) return false;
  return coefficient_ % power_of_ten(-std::int64_t{exponent_}) == 0;
}

int Decimal::digits() const { return count_digits(coefficient_); }

Decimal Decimal::negated() const { return with_sign(!is_zero() && !negative_); }

Decimal Decimal::absolute() const { return with_sign(false); }

Decimal Decimal::with_sign(bool negative) const {
  Decimal value = *this;
  value.negative_ = negative;
  return value;
}

Decimal Decimal::reduced() const {
  if (!is_finite()) return *this;
  if (is_zero()) return Decimal();
  Decimal value = *this;
  Integer quotient, rest;
  // Big strides first: a coefficient may have a hundred thousand zeros.
  for (std::int64_t stride = std::int64_t{1} << 16; stride > 0; stride /= 2) {
    if (stride >= value.digits()) continue;
    divide_qr(value.coefficient_, power_of_ten(stride), quotient, rest);
    if (!rest.is_zero()) continue;
    value.coefficient_ = quotient;
    value.exponent_ += static_cast<std::int32_t>(stride);
    stride *= 2;
  }
  return value;
}

Decimal Decimal::rounded(int precision, Rounding rounding) const {
  const int excess = is_finite() ? digits() - precision : 0;
  if (excess <= 0) return *this;
  Decimal value(cut(coefficient_, excess, rounding), exponent_ + excess, negative_);
  if (value.digits() <= precision) return value;   // 99.9 became 100.
  return Decimal(value.coefficient_ / 10, value.exponent_ + 1, negative_);
}

Decimal Decimal::rescaled(std::int32_t exponent, Rounding rounding) const {
  const std::int64_t places = std::int64_t{exponent} - exponent_;
  if (places <= 0) return Decimal(coefficient_ * power_of_ten(-places), exponent, negative_);
  if (places > digits()) return Decimal(0, exponent, negative_);
  return Decimal(cut(coefficient_, places, rounding), exponent, negative_);
}

Integer Decimal::to_integer() const { return signed_coefficient(truncated()); }

std::optional<std::int64_t> Decimal::to_int64() const {
  if (!is_integer() || adjusted() > 19) return std::nullopt;
  const Integer value = to_integer();
  if (value < std::numeric_limits<std::int64_t>::min() || value > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

double Decimal::to_double() const {
  if (form_ == Form::nan) return std::numeric_limits<double>::quiet_NaN();
  const double infinity = negative_ ? -HUGE_VAL : HUGE_VAL;
  if (form_ == Form::infinite) return infinity;
  const std::string digits = text();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  return adjusted() > 0 ? infinity : negative_ ? -0.0 : 0.0;
}

int compare(const Decimal& a, const Decimal& b) {
  if (a.sign() != b.sign()) return a.sign() < b.sign() ? -1 : 1;
  if (a.sign() == 0) return 0;
  if (!a.is_finite() || !b.is_finite()) {
    if (!a.is_finite() && !b.is_finite()) return 0;
    return (a.is_finite() ? -1 : 1) * a.sign();
  }
  if (a.exponent() != b.exponent() && a.adjusted() != b.adjusted())
    return (a.adjusted() < b.adjusted() ? -1 : 1) * a.sign();
  const Aligned both = align(a, b);
  const int order = both.a.compare(both.b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

Computed add(const Decimal& a, const Decimal& b) {
  if (any_nan(a, b)) return {Decimal::nan()};
  if (!a.is_finite() || !b.is_finite()) return add_infinite(a, b);
  const bool a_first = a.is_zero() ? false : b.is_zero() || a.adjusted() >= b.adjusted();
  const Decimal& big = a_first ? a : b;
  const Aligned both = align(big, brought_near(big, a_first ? b : a));
  const bool negative_zero = a.is_zero() && b.is_zero() && a.is_negative() && b.is_negative();
  return checked(signed_decimal(both.a + both.b, both.exponent, negative_zero).rounded());
}

Computed subtract(const Decimal& a, const Decimal& b) { return add(a, b.with_sign(!b.is_negative())); }

Computed multiply(const Decimal& a, const Decimal& b) {
  const bool negative = a.is_negative() != b.is_negative();
  if (any_nan(a, b)) return {Decimal::nan()};
  if (!a.is_finite() || !b.is_finite())
    return a.is_zero() || b.is_zero() ? invalid() : Computed{Decimal::infinity(negative)};
  const std::int64_t exponent = std::int64_t{a.exponent()} + b.exponent();
  if (!in_range(exponent)) return {{}, kOutOfRange};
  const Decimal product(a.coefficient() * b.coefficient(), static_cast<std::int32_t>(exponent), negative);
  if (!in_range(product)) return {{}, kOutOfRange};
  return checked(product.rounded());
}

Computed divide(const Decimal& a, const Decimal& b) {
  if (!a.is_finite() || !b.is_finite() || b.is_zero()) return divide_special(a, b);
  const bool negative = a.is_negative() != b.is_negative();
  if (a.is_zero()) {   // 0.0 stays a 0.0
    const bool point = a.exponent() < b.exponent();
    return {Decimal(0, point ? -1 : 0, false)};
  }
  // Enough digits for 34 of the quotient and one that says whether anything follows.
  const std::int64_t scale = std::max(0, b.digits() - a.digits() + Decimal::kPrecision + 1);
  Integer quotient, rest;
  divide_qr(Integer(a.coefficient() * power_of_ten(scale)), b.coefficient(), quotient, rest);
  const std::int64_t exponent = std::int64_t{a.exponent()} - b.exponent() - scale - 1;
  const int tail = rest.is_zero() ? 0 : 1;
  const Decimal exact(quotient * 10 + tail, static_cast<std::int32_t>(exponent), negative);
  const Decimal rounded = exact.rounded();
  if (!in_range(rounded)) return {{}, kOutOfRange};
  return {reduced_as_float(rounded)};
}

namespace {

// quotient and rest truncated toward zero, of the operands rounded to integers.
struct Quotient {
  Integer a, b, quotient, rest;
};

std::optional<Quotient> divide_integers(const Decimal& a, const Decimal& b) {
  Quotient q{signed_coefficient(a.rescaled(0, Rounding::half_up)),
             signed_coefficient(b.rescaled(0, Rounding::half_up)), 0, 0};
  if (q.b.is_zero()) return std::nullopt;
  divide_qr(q.a, q.b, q.quotient, q.rest);
  return q;
}

template <class Pick>
Computed integer_operation(const Decimal& a, const Decimal& b, Pick pick) {
  const auto q = divide_integers(a, b);
  if (!q) return {{}, "division by zero"};
  return {Decimal(pick(*q), 0)};
}

}  // namespace

Computed integer_quo(const Decimal& a, const Decimal& b) {
  return integer_operation(a, b, [](const Quotient& q) { return q.quotient; });
}

Computed integer_rem(const Decimal& a, const Decimal& b) {
  return integer_operation(a, b, [](const Quotient& q) { return q.rest; });
}

Computed integer_div(const Decimal& a, const Decimal& b) {
  return integer_operation(a, b, [](const Quotient& q) {
    return q.rest.sign() < 0 ? Integer(q.quotient - q.b.sign()) : q.quotient;
  });
}

Computed integer_mod(const Decimal& a, const Decimal& b) {
  return integer_operation(a, b, [](const Quotient& q) {
    return q.rest.sign() < 0 ? Integer(q.rest + abs(q.b)) : q.rest;
  });
}

}  // namespace oam::cue
