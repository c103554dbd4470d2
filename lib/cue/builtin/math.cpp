// Packages math and math/bits.
#include <algorithm>
#include <cmath>

#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;

const Value* number_or_fail(Call& call, const Computed& result) {
  return result.ok() ? call.make_number(result.value) : call.fail(std::string(result.error));
}

template <Computed (*function)(const Decimal&)>
const Value* of_decimal(Call& call) { return number_or_fail(call, function(call.number(0))); }

const Value* power_call(Call& call) { return number_or_fail(call, power(call.number(0), call.number(1))); }

const Value* exp2_call(Call& call) { return number_or_fail(call, power(Decimal::from_int64(2), call.number(0))); }

const Value* log2_call(Call& call) {
  const Computed log = logarithm(call.number(0));
  if (!log.ok()) return call.fail(std::string(log.error));
  return number_or_fail(call, divide(log.value, logarithm(Decimal::from_int64(2)).value));
}

template <double (*function)(double)>
const Value* of_double(Call& call) {
  const auto x = call.real(0);
  return x ? call.make_double(function(*x)) : call.failure();
}

template <double (*function)(double, double)>
const Value* of_doubles(Call& call) {
  const auto x = call.real(0), y = x ? call.real(1) : std::nullopt;
  return y ? call.make_double(function(*x, *y)) : call.failure();
}

constexpr std::int64_t kMaxOrder = 100'000;   // they count up to it

// libm's functions of an order and a number.
template <double (*function)(int, double)>
const Value* of_order(Call& call) {
  const auto n = call.integer(0);
  const auto x = n ? call.real(1) : std::nullopt;
  if (x && std::abs(*n) > kMaxOrder) return call.fail("order is too large");
  return x ? call.make_double(function(static_cast<int>(*n), *x)) : call.failure();
}

const Value* ldexp_call(Call& call) {
  const auto x = call.real(0);
  const auto exponent = x ? call.integer(1) : std::nullopt;
  if (!exponent) return call.failure();
  const auto within = std::clamp<std::int64_t>(*exponent, -100'000, 100'000);
  return call.make_double(std::ldexp(*x, static_cast<int>(within)));
}

const Value* floor_call(Call& call) {
  const Decimal x = call.number(0), whole = x.truncated();
  return call.make_int(x < whole ? subtract(whole, Decimal::from_int64(1)).value : whole);
}

const Value* ceil_call(Call& call) {
  const Decimal x = call.number(0), whole = x.truncated();
  return call.make_int(whole < x ? add(whole, Decimal::from_int64(1)).value : whole);
}

template <Rounding rounding>
const Value* round_call(Call& call) {
  const Decimal x = call.number(0);
  return x.is_finite() ? call.make_int(x.rescaled(0, rounding)) : call.make_number(x);
}

const Value* multiple_of(Call& call) {
  const Computed quotient = divide(call.number(0), call.number(1));
  return quotient.ok() ? call.make(quotient.value.is_integer()) : call.fail(std::string(quotient.error));
}

const Value* absolute(Call& call) { return call.make_number(call.number(0).absolute().rounded()); }

const Value* copy_sign(Call& call) { return call.make_number(call.number(0).with_sign(call.number(1).is_negative())); }

const Value* sign_bit(Call& call) { return call.make(call.number(0).is_negative()); }

const Value* dim(Call& call) {
  const Computed difference = subtract(call.number(0), call.number(1));
  if (difference.ok() && difference.value.is_negative()) return call.make(std::int64_t{0});
  return number_or_fail(call, difference);
}

const Value* pow10(Call& call) {
  const auto n = call.integer(0, INT32_MIN, INT32_MAX);
  if (!n) return call.failure();
  if (std::abs(*n) > Decimal::kMaxExponent) return call.fail("exponent out of range");
  return call.make_number(Decimal(1, static_cast<std::int32_t>(*n)));
}

double square_root(double x) { return std::sqrt(x); }

// Exponent of a number in binary, 0.5 <= fraction < 1 moved to 1 <= fraction < 2.
const Value* ilogb_call(Call& call) {
  const auto x = call.real(0);
  if (!x) return call.failure();
  if (*x == 0) return call.make(std::int64_t{INT32_MIN});
  if (!std::isfinite(*x)) return call.make(std::int64_t{INT32_MAX});
  return call.make(std::int64_t{std::ilogb(*x)});
}

// The inverse of the error function: a rational start, then Newton steps on erf (erfc near 1).
double inverse_erf(double x) {
  if (std::isnan(x) || x < -1 || x > 1) return std::nan("");
  if (std::abs(x) == 1) return x * HUGE_VAL;
  const double w = std::log1p(-x * x), a = 2 / (M_PI * 0.147) + w / 2;
  double y = std::copysign(std::sqrt(std::sqrt(a * a - w / 0.147) - a), x);
  if (x == 0) return x;
  for (int i = 0; i < 4; ++i) {
    const double rest = std::abs(x) > 0.5 ? std::copysign(std::erfc(std::abs(y)) - (1 - std::abs(x)), -x) : std::erf(y) - x;
    y -= rest / (M_2_SQRTPI * std::exp(-y * y));
  }
  return y;
}

double inverse_erfc(double x) { return inverse_erf(1 - x); }

// Not lgamma's sign by a global: tgamma is enough.
double gamma_of(double x) { return x < 0 && x == std::floor(x) ? std::nan("") : std::tgamma(x); }

const Value* jacobi(Call& call) {
  Integer a = call.number(0).to_integer(), n = call.number(1).to_integer();
  if ((abs(n) & 1) == 0)
    return call.fail("big: invalid 2nd argument to Int.Jacobi: need odd integer but got " + digits_text(n));
  int result = n < 0 && a < 0 ? -1 : 1;
  for (n = abs(n), a = ((a % n) + n) % n; a != 0; a %= n) {
    for (; (a & 1) == 0; a >>= 1)
      if (const Integer rest = n & 7; rest == 3 || rest == 5) result = -result;
    if ((a & 3) == 3 && (n & 3) == 3) result = -result;
    swap(a, n);
  }
  return call.make(std::int64_t{n == 1 ? result : 0});
}

constexpr Kind kOneNumber[] = {kNumber};
constexpr Kind kTwoNumbers[] = {kNumber, kNumber};
constexpr Kind kIntNumber[] = {kInt, kNumber};
constexpr Kind kNumberInt[] = {kNumber, kInt};

constexpr Builtin kMathFunctions[] = {
    {"math", "Jacobi", kTwoInts, kInt, jacobi},
    {"math", "Floor", kOneNumber, kInt, floor_call},
    {"math", "Ceil", kOneNumber, kInt, ceil_call},
    {"math", "Trunc", kOneNumber, kInt, round_call<Rounding::down>},
    {"math", "Round", kOneNumber, kInt, round_call<Rounding::half_up>},
    {"math", "RoundToEven", kOneNumber, kInt, round_call<Rounding::half_even>},
    {"math", "MultipleOf", kTwoNumbers, kBool, multiple_of},
    {"math", "Abs", kOneNumber, kNumber, absolute},
    {"math", "Acosh", kOneNumber, kNumber, of_double<std::acosh>},
    {"math", "Asin", kOneNumber, kNumber, of_double<std::asin>},
    {"math", "Acos", kOneNumber, kNumber, of_double<std::acos>},
    {"math", "Asinh", kOneNumber, kNumber, of_double<std::asinh>},
    {"math", "Atan", kOneNumber, kNumber, of_double<std::atan>},
    {"math", "Atan2", kTwoNumbers, kNumber, of_doubles<std::atan2>},
    {"math", "Atanh", kOneNumber, kNumber, of_double<std::atanh>},
    {"math", "Cbrt", kOneNumber, kNumber, of_decimal<cube_root>},
    {"math", "Copysign", kTwoNumbers, kNumber, copy_sign},
    {"math", "Dim", kTwoNumbers, kNumber, dim},
    {"math", "Erf", kOneNumber, kNumber, of_double<std::erf>},
    {"math", "Erfc", kOneNumber, kNumber, of_double<std::erfc>},
    {"math", "Erfinv", kOneNumber, kNumber, of_double<inverse_erf>},
    {"math", "Erfcinv", kOneNumber, kNumber, of_double<inverse_erfc>},
    {"math", "Exp", kOneNumber, kNumber, of_decimal<exponential>},
    {"math", "Exp2", kOneNumber, kNumber, exp2_call},
    {"math", "Expm1", kOneNumber, kNumber, of_double<std::expm1>},
    {"math", "Gamma", kOneNumber, kNumber, of_double<gamma_of>},
    {"math", "Hypot", kTwoNumbers, kNumber, of_doubles<std::hypot>},
    {"math", "J0", kOneNumber, kNumber, of_double<::j0>},
    {"math", "Y0", kOneNumber, kNumber, of_double<::y0>},
    {"math", "J1", kOneNumber, kNumber, of_double<::j1>},
    {"math", "Y1", kOneNumber, kNumber, of_double<::y1>},
    {"math", "Jn", kIntNumber, kNumber, of_order<::jn>},
    {"math", "Yn", kIntNumber, kNumber, of_order<::yn>},
    {"math", "Ldexp", kNumberInt, kNumber, ldexp_call},
    {"math", "Log", kOneNumber, kNumber, of_decimal<logarithm>},
    {"math", "Log10", kOneNumber, kNumber, of_decimal<logarithm10>},
    {"math", "Log2", kOneNumber, kNumber, log2_call},
    {"math", "Log1p", kOneNumber, kNumber, of_double<std::log1p>},
    {"math", "Logb", kOneNumber, kNumber, of_double<std::logb>},
    {"math", "Ilogb", kOneNumber, kInt, ilogb_call},
    {"math", "Mod", kTwoNumbers, kNumber, of_doubles<std::fmod>},
    {"math", "Pow", kTwoNumbers, kNumber, power_call},
    {"math", "Pow10", kOneInt, kNumber, pow10},
    {"math", "Remainder", kTwoNumbers, kNumber, of_doubles<std::remainder>},
    {"math", "Signbit", kOneNumber, kBool, sign_bit},
    {"math", "Cos", kOneNumber, kNumber, of_double<std::cos>},
    {"math", "Sin", kOneNumber, kNumber, of_double<std::sin>},
    {"math", "Sinh", kOneNumber, kNumber, of_double<std::sinh>},
    {"math", "Cosh", kOneNumber, kNumber, of_double<std::cosh>},
    {"math", "Sqrt", kOneNumber, kNumber, of_double<square_root>},
    {"math", "Tan", kOneNumber, kNumber, of_double<std::tan>},
    {"math", "Tanh", kOneNumber, kNumber, of_double<std::tanh>},
};

constexpr Constant kMathConstants[] = {
    {"math", "MaxExp", "2147483647"},
    {"math", "MinExp", "-2147483648"},
    {"math", "MaxPrec", "4294967295"},
    {"math", "ToNearestEven", "0"},
    {"math", "ToNearestAway", "1"},
    {"math", "ToZero", "2"},
    {"math", "AwayFromZero", "3"},
    {"math", "ToNegativeInf", "4"},
    {"math", "ToPositiveInf", "5"},
    {"math", "Below", "-1"},
    {"math", "Exact", "0"},
    {"math", "Above", "1"},
    {"math", "MaxBase", "62"},
    {"math", "E", "2.71828182845904523536028747135266249775724709369995957496696763"},
    {"math", "Pi", "3.14159265358979323846264338327950288419716939937510582097494459"},
    {"math", "Phi", "1.61803398874989484820458683436563811772030917980576286213544861"},
    {"math", "Sqrt2", "1.41421356237309504880168872420969807856967187537694807317667974"},
    {"math", "SqrtE", "1.64872127070012814684865078781416357165377610071014801157507931"},
    {"math", "SqrtPi", "1.77245385090551602729816748334114518279754945612238712821380779"},
    {"math", "SqrtPhi", "1.27201964951406896425242246173749149171560804184009624861664038"},
    {"math", "Ln2", "0.693147180559945309417232121458176568075500134360255254120680009"},
    {"math", "Log2E", "1.442695040888963407359924681001892137426645954152985934135449408"},
    {"math", "Ln10", "2.3025850929940456840179914546843642076011014886287729760333278"},
    {"math", "Log10E", "0.43429448190325182765112891891660508229439700580366656611445378"},
};

// --- math/bits: integers as endless two's complement ---

constexpr std::int64_t kMaxBits = 332'000;   // 100,000 digits

const Value* lsh(Call& call) {
  const auto n = call.integer(1, 0);
  if (!n) return call.failure();
  const Integer x = call.number(0).to_integer();
  if (x.is_zero()) return call.make(std::int64_t{0});
  if (*n + static_cast<std::int64_t>(msb(abs(x))) > kMaxBits) return call.fail("result has too many bits");
  return call.make_int(Decimal(x << static_cast<unsigned>(*n), 0));
}

const Value* rsh(Call& call) {
  const auto n = call.integer(1, 0);
  if (!n) return call.failure();
  const Integer x = call.number(0).to_integer();
  if (*n > kMaxBits * 4) return call.make(std::int64_t{x.sign() < 0 ? -1 : 0});
  return call.make_int(Decimal(x >> static_cast<unsigned>(*n), 0));
}

// -x-1 turns every bit of x over.
Integer inverted(const Integer& x) { return -x - 1; }

bool bit_of(const Integer& x, std::int64_t i) {
  if (i > kMaxBits * 4) return x.sign() < 0;
  return x.sign() < 0 ? !bit_test(inverted(x), static_cast<unsigned>(i)) : bit_test(x, static_cast<unsigned>(i));
}

const Value* at(Call& call) {
  const auto i = call.integer(1, 0);
  if (!i) return call.failure();
  if (*i > INT32_MAX) return call.fail("bit index too large");
  return call.make(std::int64_t{bit_of(call.number(0).to_integer(), *i)});
}

const Value* set(Call& call) {
  const auto i = call.integer(1), bit = i ? call.integer(2, 0) : std::nullopt;
  if (!bit) return call.failure();
  if (*i < 0) return call.fail("negative bit index");
  if (*bit > 1) return call.fail("set bit is not 0 or 1");
  const Integer x = call.number(0).to_integer();
  if (bit_of(x, *i) == (*bit == 1)) return call.make_int(call.number(0));
  if (*i > kMaxBits) return call.fail("result has too many bits");
  const Integer place = Integer(1) << static_cast<unsigned>(*i);
  return call.make_int(Decimal(*bit ? Integer(x + place) : Integer(x - place), 0));
}

Integer and_of(const Integer& a, const Integer& b) {
  if (a.sign() >= 0 && b.sign() >= 0) return a & b;
  if (a.sign() < 0 && b.sign() < 0) return inverted(inverted(a) | inverted(b));
  const Integer& positive = a.sign() < 0 ? b : a;
  const Integer rest = inverted(a.sign() < 0 ? a : b);
  return positive ^ (positive & rest);
}

Integer or_of(const Integer& a, const Integer& b) { return inverted(and_of(inverted(a), inverted(b))); }

Integer xor_of(const Integer& a, const Integer& b) {
  const Integer p = a.sign() < 0 ? inverted(a) : a, q = b.sign() < 0 ? inverted(b) : b;
  const Integer bits = p ^ q;
  return (a.sign() < 0) == (b.sign() < 0) ? bits : inverted(bits);
}

Integer clear_of(const Integer& a, const Integer& b) { return and_of(a, inverted(b)); }

template <Integer (*operation)(const Integer&, const Integer&)>
const Value* bits_of(Call& call) {
  return call.make_int(Decimal(operation(call.number(0).to_integer(), call.number(1).to_integer()), 0));
}

const Value* ones_count(Call& call) {
  std::int64_t count = 0;
  const Integer x = call.number(0).to_integer();
  for (std::size_t i = 0; i < x.backend().size(); ++i)
    count += __builtin_popcountll(static_cast<unsigned long long>(x.backend().limbs()[i]));
  return call.make(count);
}

const Value* length(Call& call) {
  const Integer x = abs(call.number(0).to_integer());
  return call.make(x.is_zero() ? std::int64_t{0} : static_cast<std::int64_t>(msb(x)) + 1);
}

constexpr Kind kThreeInts[] = {kInt, kInt, kInt};

constexpr Builtin kBitsFunctions[] = {
    {"math/bits", "Lsh", kTwoInts, kInt, lsh},
    {"math/bits", "Rsh", kTwoInts, kInt, rsh},
    {"math/bits", "At", kTwoInts, kInt, at},
    {"math/bits", "Set", kThreeInts, kInt, set},
    {"math/bits", "And", kTwoInts, kInt, bits_of<and_of>},
    {"math/bits", "Or", kTwoInts, kInt, bits_of<or_of>},
    {"math/bits", "Xor", kTwoInts, kInt, bits_of<xor_of>},
    {"math/bits", "Clear", kTwoInts, kInt, bits_of<clear_of>},
    {"math/bits", "OnesCount", kOneInt, kInt, ones_count},
    {"math/bits", "Len", kOneInt, kInt, length},
};

}  // namespace

const Package kMathPackage = {"math", kMathFunctions, kMathConstants};
const Package kBitsPackage = {"math/bits", kBitsFunctions, {}};

}  // namespace oam::cue
