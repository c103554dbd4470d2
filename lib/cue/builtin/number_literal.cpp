#include "cue/builtin/number_literal.hpp"

#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

bool is_digit(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0' < base;
  return base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

// Reads a literal from the front to the back; the first error stays.
class Reader {
 public:
  Reader(std::string_view text, std::string& error) : text_(text), rest_(text), error_(error) {}

  std::optional<NumberLiteral> read() {
    if (text_.empty()) return fail("invalid number");
    negative_ = take('-');
    if (!negative_) take('+');
    if (rest_.size() > 1 && rest_[0] == '0')
      for (const auto& [letters, base, name] : kPrefixes)
        if (letters.find(rest_[1]) != letters.npos) return based(base, name);
    return decimal();
  }

 private:
  struct Prefix {
    std::string_view letters;
    int base;
    std::string_view name;
  };
  static constexpr Prefix kPrefixes[] = {{"xX", 16, "hexadecimal"}, {"b", 2, "binary"}, {"o", 8, "octal"}};

  std::nullopt_t fail(std::string_view what) {
    if (error_.empty()) error_ = std::string(what) + " " + quote_text(text_);
    return std::nullopt;
  }

  bool take(char c) {
    const bool found = rest_.starts_with(c);
    if (found) rest_.remove_prefix(1);
    return found;
  }

  // Digits without their separators; a misplaced separator is an error.
  std::string digits(int base) {
    std::string found;
    char last = 0;
    for (; !rest_.empty() && (is_digit(rest_[0], base) || rest_[0] == '_'); rest_.remove_prefix(1)) {
      if (last == '_' && rest_[0] == '_') error_ = "illegal '_' in number";
      if ((last = rest_[0]) != '_') found += last;
    }
    if (last == '_') error_ = "illegal '_' in number";
    return found;
  }

  std::optional<NumberLiteral> finish(std::optional<Decimal> value, bool is_float) {
    if (!error_.empty()) return std::nullopt;
    if (!rest_.empty()) return fail("illegal number");
    if (!value) return fail("number out of range");
    return NumberLiteral{negative_ ? value->with_sign(true) : *value, is_float};
  }

  std::optional<NumberLiteral> based(int base, std::string_view name) {
    rest_.remove_prefix(2);
    const std::string found = digits(base);
    if (found.empty() && error_.empty()) return fail("illegal " + std::string(name) + " number");
    return finish(Decimal::parse_integer(found, base), false);
  }

  std::optional<NumberLiteral> decimal() {
    std::string whole = digits(10), fraction, exponent;
    const bool point = take('.');
    if (point) fraction = digits(10);
    if (whole.empty() && fraction.empty()) return fail(point ? "illegal fraction" : "illegal number start");
    const bool scaled = !rest_.empty() && std::string_view("KMGTP").find(rest_[0]) != std::string_view::npos;
    const std::string number = whole + (point ? "." + fraction : "");
    if (scaled) return multiplied(number);
    const bool has_exponent = take('e') || take('E');
    if (has_exponent) {
      exponent = take('-') ? "e-" : (take('+'), "e");
      const std::string found = digits(10);
      if (found.empty()) return fail("illegal exponent");
      exponent += found;
    }
    if (!point && !has_exponent && whole.size() > 1 && whole[0] == '0') return fail("illegal integer number");
    return finish(Decimal::parse(number + exponent), point || has_exponent);
  }

  std::optional<NumberLiteral> multiplied(const std::string& number) {
    const auto power = 1 + static_cast<int>(std::string_view("KMGTP").find(rest_[0]));
    rest_.remove_prefix(1);
    const bool binary = take('i');
    if (!rest_.empty()) return fail("illegal trailing characters in number");
    Decimal scale = Decimal::from_int64(1);
    for (int i = 0; i < power; ++i) scale = multiply(scale, Decimal::from_int64(binary ? 1024 : 1000)).value;
    const auto value = Decimal::parse(number);
    const Computed product = multiply(value.value_or(Decimal()), scale);
    if (error_.empty() && !product.value.is_integer()) error_ = "number cannot be represented as int";
    return finish(value ? std::optional(product.value.truncated()) : std::nullopt, false);
  }

  std::string_view text_, rest_;
  std::string& error_;
  bool negative_ = false;
};

}  // namespace

std::optional<NumberLiteral> parse_number_literal(std::string_view text, std::string& error) {
  error.clear();
  return Reader(text, error).read();
}

}  // namespace oam::cue
