// Package strconv.
#include <array>
#include <charconv>
#include <cmath>

#include "cue/builtin/number_literal.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/string_literal.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;
using View = std::string_view;

constexpr View kSyntax = "invalid syntax", kRange = "value out of range";

// "strconv.Atoi: parsing "x": invalid syntax"
const Value* number_error(Call& call, View function, View text, View why) {
  return call.fail("strconv." + std::string(function) + ": parsing " + quote_text(text) + ": " + std::string(why));
}

const Value* parse_bool(Call& call) {
  const View text = call.text(0);
  for (const View yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return call.make(true);
  for (const View no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return call.make(false);
  return number_error(call, "ParseBool", text, kSyntax);
}

const Value* format_bool(Call& call) { return call.make_string(call.boolean(0) ? "true" : "false"); }

std::optional<double> special_float(View text) {
  const double sign = text.starts_with('-') ? -1 : 1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::string word = lower_text(text);
  if (word == "inf" || word == "infinity") return sign * HUGE_VAL;
  if (word == "nan") return std::nan("");
  return std::nullopt;
}

// Separators stand between digits, one may follow a base's prefix.
bool separators_fit(View digits) {
  return !digits.ends_with('_') && digits.find("__") == digits.npos && !digits.starts_with('_');
}

// Digits that from_chars takes: without '+' and separators.
struct FloatDigits {
  std::string digits;
  bool negative = false, hex = false;
};

FloatDigits float_digits(View text) {
  FloatDigits out;
  out.negative = text.starts_with('-');
  if (out.negative || text.starts_with('+')) text.remove_prefix(1);
  out.hex = text.starts_with("0x") || text.starts_with("0X");
  if (out.hex) text.remove_prefix(2);
  if (out.hex && text.starts_with('_')) text.remove_prefix(1);
  if (!separators_fit(text)) return out;
  out.digits = text;
  std::erase(out.digits, '_');
  return out;
}

template <class Real>
std::errc read_float(const FloatDigits& text, double& value) {
  Real real = 0;
  const char* end = text.digits.data() + text.digits.size();
  const bool starts = !text.digits.empty() && View("-ni").find(text.digits[0]) == View::npos;   // from_chars takes more
  if (!starts || (text.hex && text.digits.find_first_of("pP") == View::npos)) return std::errc::invalid_argument;
  const auto format = text.hex ? std::chars_format::hex : std::chars_format::general;
  const auto [stop, error] = std::from_chars(text.digits.data(), end, real, format);
  if (stop != end) return std::errc::invalid_argument;
  value = text.negative ? -static_cast<double>(real) : static_cast<double>(real);
  return error;
}

const Value* parse_float(Call& call) {
  const auto bits = call.integer(1);
  if (!bits) return call.failure();
  const View text = call.text(0);
  if (const auto special = special_float(text)) return call.make_double(*special);
  const FloatDigits digits = float_digits(text);
  double value = 0;
  const std::errc error = *bits == 32 ? read_float<float>(digits, value) : read_float<double>(digits, value);
  if (error == std::errc::invalid_argument) return number_error(call, "ParseFloat", text, kSyntax);
  if (error == std::errc()) return call.make_double(value);
  // Out of range says nothing of the direction; too small is zero.
  const auto decimal = digits.hex ? std::nullopt : Decimal::parse(digits.digits);
  if (decimal && decimal->adjusted() < 0) return call.make_double(digits.negative ? -0.0 : 0.0);
  return number_error(call, "ParseFloat", text, kRange);
}

const Value* parse_number(Call& call) {
  std::string error;
  const auto number = parse_number_literal(call.text(0), error);
  if (!number) return number_error(call, "ParseNumber", call.text(0), error);
  return call.make_number(number->value);
}

// The base that "0x", "0b", "0o" or "0" in front says, and takes it away.
int take_base(View& digits) {
  if (!digits.starts_with('0') || digits.size() < 2) return 10;
  const View letter = digits.substr(1, 1);
  const int base = letter == "x" || letter == "X" ? 16 : letter == "b" || letter == "B" ? 2 : 8;
  digits.remove_prefix(base == 8 && letter != "o" && letter != "O" ? 1 : 2);
  return base;
}

std::optional<Integer> parse_integer(View text, int base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string digits(text);
  if (base == 0) {
    const bool prefixed = text.starts_with('0') && text.size() > 1;
    base = take_base(text);
    if (prefixed && text.starts_with('_')) text.remove_prefix(1);
    if (!separators_fit(text)) return std::nullopt;
    digits = text;
    std::erase(digits, '_');
  }
  const auto value = parse_digits(digits, base);
  if (!value || !negative) return value;
  return Integer(-*value);
}

unsigned bit_length(const Integer& value) { return value.is_zero() ? 0 : msb(abs(value)) + 1; }

bool fits_signed(const Integer& value, std::int64_t bits) {
  const Integer shifted = value.sign() < 0 ? Integer(value + 1) : value;
  return bits == 0 || static_cast<std::int64_t>(bit_length(shifted)) <= bits - 1;
}

bool fits_unsigned(const Integer& value, std::int64_t bits) {
  return bits == 0 || static_cast<std::int64_t>(bit_length(value)) <= bits;
}

const Value* parse_integer(Call& call, View function, std::int64_t base, std::int64_t bits, bool is_signed) {
  const View text = call.text(0);
  if (bits < 0) return number_error(call, function, text, kRange);
  if (base != 0 && (base < 2 || base > 62)) return call.fail("invalid number base " + std::to_string(base));
  const auto value = parse_integer(text, static_cast<int>(base));
  if (!value) return number_error(call, function, text, kSyntax);
  const bool fits = is_signed ? fits_signed(*value, bits) : value->sign() >= 0 && fits_unsigned(*value, bits);
  if (!fits) return number_error(call, function, text, kRange);
  const Decimal number(*value, 0);
  if (number.adjusted() > Decimal::kMaxExponent) return number_error(call, function, text, kRange);
  return call.make_int(number);
}

template <bool is_signed>
const Value* parse_sized(Call& call) {
  const auto base = call.integer(1), bits = base ? call.integer(2) : std::nullopt;
  if (!bits) return call.failure();
  return parse_integer(call, is_signed ? "ParseInt" : "ParseUint", *base, *bits, is_signed);
}

const Value* atoi(Call& call) { return parse_integer(call, "Atoi", 10, 0, true); }

// Digits and the place of the point before them: 0.00123 is "123" and -2.
struct Digits {
  std::string digits;
  int point = 0;
};

constexpr int kMaxPrecision = 2'000;

// precision < 0: as few digits as tell the number from its neighbours.
template <class Real>
std::string to_text(Real value, std::chars_format format, int precision) {
  std::array<char, kMaxPrecision + 400> buffer;
  char* end = buffer.data() + buffer.size();
  const auto result = precision < 0 ? std::to_chars(buffer.data(), end, value, format)
                                    : std::to_chars(buffer.data(), end, value, format, precision);
  return {buffer.data(), result.ptr};
}

// %g: scientific where the exponent is below -4 or at the precision (21 digits and the shortest: 6) or above.
template <class Real>
std::string general_text(Real value, int precision) {
  if (precision == 0) precision = 1;
  std::string scientific = to_text(value, std::chars_format::scientific, precision < 0 ? -1 : precision - 1);
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const std::size_t sign = scientific[e + 1] == '+' ? 2 : 1;
  std::from_chars(scientific.data() + e + sign, scientific.data() + scientific.size(), exponent);
  std::string mantissa = scientific.substr(0, e);
  if (precision >= 0 && mantissa.find('.') != mantissa.npos) {
    mantissa.resize(mantissa.find_last_not_of('0') + 1);
    if (mantissa.ends_with('.')) mantissa.pop_back();
  }
  int digits = 0;
  for (const char c : mantissa) digits += c >= '0' && c <= '9';
  const int limit = precision < 0 ? 6 : precision > digits && digits >= exponent + 1 ? digits : precision;
  if (exponent < -4 || exponent >= limit) return mantissa + scientific.substr(e);
  return to_text(value, std::chars_format::fixed, std::max(digits - exponent - 1, 0));
}

template <class Real>
std::string binary_text(Real value) {
  constexpr int kBits = std::is_same_v<Real, float> ? 24 : 53;
  int exponent = 0;
  const Real fraction = std::frexp(std::abs(value), &exponent);
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, kBits));
  exponent = value == 0 ? (kBits == 24 ? -149 : -1074) : exponent - kBits;
  return (std::signbit(value) ? "-" : "") + std::to_string(mantissa) + "p" + (exponent < 0 ? "" : "+") +
         std::to_string(exponent);
}

template <class Real>
std::string hex_float_text(Real value, int precision) {
  std::string text = to_text(value, std::chars_format::hex, precision);
  const std::size_t p = text.find('p');
  if (text.size() == p + 3) text.insert(p + 2, 1, '0');
  text.insert(text.starts_with('-') ? 1 : 0, "0x");
  return text;
}

template <class Real>
std::optional<std::string> format_real(Real value, char format, int precision) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  switch (format) {
    case 'e': case 'E': return to_text(value, std::chars_format::scientific, precision);
    case 'f': return to_text(value, std::chars_format::fixed, precision);
    case 'g': case 'G': return general_text(value, precision);
    case 'b': return binary_text(value);
    case 'x': case 'X': return hex_float_text(value, precision);
    default: return std::nullopt;
  }
}

// The format letter of argument 1, else nothing and `failure` says why.
std::optional<char> format_letter(Call& call, const Value*& failure) {
  const Value& format = *call.resolve(*call.arg(1));
  if (format.tag == Tag::string) {
    const View text = as<Text>(format).text;
    if (text.size() == 1) return text[0];
    return failure = call.fail("expected single character string"), std::nullopt;
  }
  if (format.tag != Tag::number || format.kind != kInt)
    return failure = call.fail("unexpected kind " + kind_text(format.kind)), std::nullopt;
  const auto& number = as<Number>(format);
  if (!number.big && number.small >= 0 && number.small <= 255) return static_cast<char>(number.small);
  return failure = call.fail("format value " + call.to_cue(format) + " out of range [0, 255]"), std::nullopt;
}

const Value* format_float(Call& call) {
  const auto value = call.real(0);
  const auto precision = value ? call.integer(2) : std::nullopt, bits = precision ? call.integer(3) : std::nullopt;
  if (!bits) return call.failure();
  const Value* failure = nullptr;
  const auto letter = format_letter(call, failure);
  if (!letter) return failure;
  if (*bits != 32 && *bits != 64) return call.fail("strconv: illegal AppendFloat/FormatFloat bitSize");
  if (*precision > kMaxPrecision) return call.fail("precision is too large");
  const int digits = static_cast<int>(std::max<std::int64_t>(*precision, -1));
  auto text = *bits == 32 ? format_real(static_cast<float>(*value), *letter, digits)
                          : format_real(*value, *letter, digits);
  if (!text) return call.make_string(std::string("%") + *letter);
  if (*letter == 'E' || *letter == 'G' || *letter == 'X')
    for (char& c : *text)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return call.make_string(*text);
}

const Value* format_integer(Call& call) {
  const auto base = call.integer(1);
  if (!base) return call.failure();
  if (*base < 2 || *base > 62) return call.fail("invalid base");
  return call.make_string(digits_text(call.number(0).to_integer(), static_cast<int>(*base)));
}

template <Quoting quoting>
const Value* quote(Call& call) { return call.make_string(quote_text(call.text(0), quoting)); }

// An integer as the 32 bits of a rune.
std::optional<char32_t> rune(Call& call) {
  const auto value = call.integer(0, -std::int64_t{UINT32_MAX}, INT32_MAX);
  if (!value) return std::nullopt;
  return static_cast<char32_t>(*value);
}

template <Quoting quoting>
const Value* quote_rune_call(Call& call) {
  const auto value = rune(call);
  return value ? call.make_string(quote_rune(*value, quoting)) : call.failure();
}

template <bool (*test)(char32_t)>
const Value* test_rune(Call& call) {
  const auto value = rune(call);
  return value ? call.make(test(*value)) : call.failure();
}

constexpr Kind kFormatFloat[] = {kNumber, kTop, kInt, kInt};
constexpr Kind kOneBool[] = {kBool};

const Value* unquote(Call& call) {
  std::string text, error;
  return unquote_literal(call.text(0), text, error) ? call.make_string(text) : call.fail(error);
}

constexpr Builtin kFunctions[] = {
    {"strconv", "Unquote", kOneString, kString, unquote},
    {"strconv", "ParseBool", kOneString, kBool, parse_bool},
    {"strconv", "FormatBool", kOneBool, kString, format_bool},
    {"strconv", "ParseFloat", kStringInt, kNumber, parse_float},
    {"strconv", "ParseNumber", kOneString, kNumber, parse_number},
    {"strconv", "ParseUint", kStringIntInt, kInt, parse_sized<false>},
    {"strconv", "ParseInt", kStringIntInt, kInt, parse_sized<true>},
    {"strconv", "Atoi", kOneString, kInt, atoi},
    {"strconv", "FormatFloat", kFormatFloat, kString, format_float},
    {"strconv", "FormatUint", kTwoInts, kString, format_integer},
    {"strconv", "FormatInt", kTwoInts, kString, format_integer},
    {"strconv", "Quote", kOneString, kString, quote<Quoting::printable>},
    {"strconv", "QuoteToASCII", kOneString, kString, quote<Quoting::ascii>},
    {"strconv", "QuoteToGraphic", kOneString, kString, quote<Quoting::graphic>},
    {"strconv", "QuoteRune", kOneInt, kString, quote_rune_call<Quoting::printable>},
    {"strconv", "QuoteRuneToASCII", kOneInt, kString, quote_rune_call<Quoting::ascii>},
    {"strconv", "QuoteRuneToGraphic", kOneInt, kString, quote_rune_call<Quoting::graphic>},
    {"strconv", "IsPrint", kOneInt, kBool, test_rune<is_printable>},
    {"strconv", "IsGraphic", kOneInt, kBool, test_rune<is_graphic>},
};

constexpr Constant kConstants[] = {{"strconv", "IntSize", "64"}};

}  // namespace

const Package kStrconvPackage = {"strconv", kFunctions, kConstants};

}  // namespace oam::cue
