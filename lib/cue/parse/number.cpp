// Number literals.
#include <algorithm>
#include <array>
#include <charconv>

#include "cue/parse/characters.hpp"
#include "cue/parse/errors.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

constexpr std::size_t kMostBasedDigits = 20'000;   // to another base takes quadratic time
constexpr std::int64_t kMostExponent = 1'000'000'000'000;

// A natural number in base 10^9, the least part first, to which digits of another
// base are added and that is multiplied.
class Natural {
 public:
  void multiply_add(std::uint32_t factor, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (std::uint32_t& part : parts_) {
      carry += std::uint64_t{part} * factor;
      part = static_cast<std::uint32_t>(carry % kBase);
      carry /= kBase;
    }
    if (carry > 0) parts_.push_back(static_cast<std::uint32_t>(carry));
  }

  std::string digits() const {
    std::string out;
    for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
      const std::string nine = std::to_string(*part);
      if (!out.empty()) out.append(9 - nine.size(), '0');
      out += nine;
    }
    return out.empty() ? "0" : out;
  }

 private:
  static constexpr std::uint32_t kBase = 1'000'000'000;
  std::vector<std::uint32_t> parts_;
};

std::string without_leading_zeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == digits.npos ? "0" : std::string(digits.substr(first));
}

class NumberReader {
 public:
  explicit NumberReader(std::string_view literal) : literal_(literal), rest_(literal) {}

  NumberText read() {
    if (literal_.empty())
      fail("invalid number");
    else if (literal_[0] != '.' && !is_decimal(literal_[0]))
      fail("illegal number start");
    else if (const int base = take_base(); base != 10)
      based(base);
    else
      decimal();
    return std::move(out_);
  }

 private:
  static bool is_decimal(char c) { return c >= '0' && c <= '9'; }

  void fail(std::string_view what) { out_.error = joined(what, " \"", literal_, "\""); }

  int take_base() {
    if (!literal_.starts_with('0') || literal_.size() < 2) return 10;
    const char c = literal_[1];
    const int base = c == 'x' || c == 'X' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
    if (base != 10) rest_.remove_prefix(2);
    return base;
  }

  // Digits without their separators.
  std::string take_digits(int base) {
    std::string digits;
    char last = 0;
    for (; !rest_.empty() && (rest_[0] == '_' || digit_value(rest_[0]) < base); rest_.remove_prefix(1)) {
      if (rest_[0] == '_' && last == '_') misplaced_ = true;
      last = rest_[0];
      if (last != '_') digits += last;
    }
    if (last == '_') misplaced_ = true;
    return digits;
  }

  void based(int base) {
    const std::string digits = take_digits(base);
    if (digits.empty())
      return fail(base == 16 ? "illegal hexadecimal number" : base == 8 ? "illegal octal number" : "illegal binary number");
    if (!rest_.empty() || misplaced_) return fail("illegal number");
    if (digits.size() > kMostBasedDigits) return fail("too many digits in number");
    Natural value;
    for (const char digit : digits) value.multiply_add(static_cast<std::uint32_t>(base), static_cast<std::uint32_t>(digit_value(digit)));
    out_.digits = value.digits();
  }

  void decimal() {
    std::string whole = take_digits(10);
    std::string fraction;
    if (rest_.starts_with('.')) {
      out_.is_float = true;
      rest_.remove_prefix(1);
      fraction = take_digits(10);
    }
    if (whole.empty() && fraction.empty()) return fail("illegal fraction");
    const bool scaled = !rest_.empty() && std::string_view("KMGTP").find(rest_[0]) != std::string_view::npos;
    if (!out_.is_float && !scaled && !is_exponent() && whole.size() > 1 && whole[0] == '0') return fail("illegal integer number");
    out_.exponent = -static_cast<std::int64_t>(fraction.size());
    out_.digits = without_leading_zeros(whole + fraction);
    if (scaled)
      multiply();
    else if (is_exponent())
      exponent();
    if (out_.ok() && (!rest_.empty() || misplaced_)) fail("illegal number");
  }

  bool is_exponent() const { return rest_.starts_with('e') || rest_.starts_with('E'); }

  void exponent() {
    out_.is_float = true;
    rest_.remove_prefix(1);
    const bool negative = rest_.starts_with('-');
    if (negative || rest_.starts_with('+')) rest_.remove_prefix(1);
    const std::string digits = take_digits(10);
    if (digits.empty()) return fail("illegal exponent");
    std::int64_t value = kMostExponent;   // stays so if the digits say more than an integer holds
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    value = std::min(value, kMostExponent);
    out_.exponent += negative ? -value : value;
  }

  // 1.5Ki is 1536: the product must be whole.
  void multiply() {
    const auto power = 1 + std::string_view("KMGTP").find(rest_[0]);
    rest_.remove_prefix(1);
    const bool binary = rest_.starts_with('i');
    if (binary) rest_.remove_prefix(1);
    Natural value;
    for (const char digit : out_.digits) value.multiply_add(10, static_cast<std::uint32_t>(digit - '0'));
    for (std::size_t i = 0; i < power; ++i) value.multiply_add(binary ? 1024 : 1000, 0);
    std::string product = value.digits();
    const auto drop = static_cast<std::size_t>(-out_.exponent);
    out_.is_float = false;
    out_.exponent = 0;
    if (product != "0") {
      const std::size_t zeros = product.size() - 1 - product.find_last_not_of('0');
      if (zeros < drop) {
        out_.error = "number cannot be represented as int";
        return;
      }
      product.resize(product.size() - drop);
    }
    out_.digits = product;
  }

  std::string_view literal_, rest_;
  bool misplaced_ = false;   // a "_" where none may be
  NumberText out_;
};

}  // namespace

NumberText read_number(std::string_view literal) { return NumberReader(literal).read(); }

}  // namespace oam::cue
