#include "cue/value/decimal.hpp"

#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace oam::cue {
namespace {

Decimal number(std::string_view text) {
  const auto value = Decimal::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(Decimal());
}

std::string text(const Computed& computed) {
  return computed.ok() ? computed.value.text() : std::string(computed.error);
}

using Operation = Computed (*)(const Decimal&, const Decimal&);

std::string apply(Operation operation, std::string_view a, std::string_view b) {
  return text(operation(number(a), number(b)));
}

TEST(DecimalTest, TextKeepsZerosAndUsesExponentsSparingly) {
  const std::pair<const char*, const char*> cases[] = {
      {"1234", "1234"},   {"1.50", "1.50"},     {"1e10", "1E+10"},  {"-.1", "-0.1"},      {"5.", "5"},
      {"0.0", "0.0"},     {"-0.0", "-0.0"},     {"1E-7", "1E-7"},   {"0.000001", "0.000001"},
      {"0e-9", "0.000000000"}, {"1.5e-10", "1.5E-10"}, {"1_0", ""}, {"0.1e-99999", "1E-100000"},
  };
  for (const auto& [in, out] : cases) {
    const auto value = Decimal::parse(in);
    EXPECT_EQ(value ? value->text() : "", out) << in;
  }
}

TEST(DecimalTest, CueTextShowsAFloat) {
  EXPECT_EQ(number("1e3").cue_text(true), "1e+3");
  EXPECT_EQ(number("10").cue_text(true), "10.0");
  EXPECT_EQ(number("10").cue_text(false), "10");
}

TEST(DecimalTest, ParsesOtherBases) {
  EXPECT_EQ(Decimal::parse_integer("-ff", 16)->text(), "-255");
  EXPECT_FALSE(Decimal::parse_integer("12", 2));
  EXPECT_FALSE(Decimal::parse_integer("", 10));
}

TEST(DecimalTest, ArithmeticIsAsPythonDoesIt) {
  const std::map<std::string, Operation> operations = {
      {"+", add}, {"-", subtract}, {"*", multiply}, {"/", divide},
      {"ln", [](const Decimal& a, const Decimal&) { return logarithm(a); }},
      {"exp", [](const Decimal& a, const Decimal&) { return exponential(a); }},
  };
  std::ifstream rows(OAM_SOURCE_DIR "/tests/cue/decimal_rows.txt");
  std::string line, a, name, b, expected;
  int count = 0;
  while (std::getline(rows, line)) {
    std::istringstream(line) >> a >> name >> b >> expected;
    const std::string actual = apply(operations.at(name), a, b);
    EXPECT_EQ(actual, expected) << line;
    ++count;
  }
  EXPECT_GT(count, 1000);
}

TEST(DecimalTest, IntegersRoundToo) {
  EXPECT_EQ(apply(add, "1000000000000000000000000000000000000000000001", "1"),
            "1.000000000000000000000000000000000E+45");
  EXPECT_EQ(apply(add, "9223372036854775807", "1"), "9223372036854775808");
}

TEST(DecimalTest, DivisionGivesAPoint) {
  EXPECT_EQ(apply(divide, "10", "2"), "5.0");
  EXPECT_EQ(apply(divide, "1", "3"), "0.3333333333333333333333333333333333");
  EXPECT_EQ(apply(divide, "0", "5"), "0");
  EXPECT_EQ(apply(divide, "0.0", "5"), "0.0");
  EXPECT_EQ(apply(divide, "1e40", "10"), "1E+39");
  EXPECT_EQ(apply(divide, "1", "0"), "division by zero");
  EXPECT_EQ(apply(divide, "0", "0"), "division undefined");
}

TEST(DecimalTest, IntegerDivisionHasTwoKinds) {
  EXPECT_EQ(apply(integer_div, "-7", "2") + apply(integer_mod, "-7", "2"), "-41");
  EXPECT_EQ(apply(integer_div, "-7", "-2") + apply(integer_mod, "-7", "-2"), "41");
  EXPECT_EQ(apply(integer_quo, "-7", "2") + apply(integer_rem, "-7", "2"), "-3-1");
  EXPECT_EQ(apply(integer_mod, "7", "0"), "division by zero");
}

TEST(DecimalTest, QuotientAndRestMakeTheNumberAgain) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 500; ++i) {
    const Decimal a = Decimal::from_int64(static_cast<std::int64_t>(random()) >> (random() % 60));
    const Decimal b = Decimal::from_int64(static_cast<std::int64_t>(random()) >> (random() % 60));
    if (b.is_zero()) continue;
    const auto again = [&](const Computed& q, const Computed& r) {
      return q.value.to_integer() * b.to_integer() + r.value.to_integer();
    };
    EXPECT_EQ(again(integer_div(a, b), integer_mod(a, b)), a.to_integer());
    EXPECT_EQ(again(integer_quo(a, b), integer_rem(a, b)), a.to_integer());
    EXPECT_FALSE(integer_mod(a, b).value.is_negative());
  }
}

TEST(DecimalTest, ComparesByValue) {
  EXPECT_EQ(compare(number("1.0"), number("1")), 0);
  EXPECT_EQ(compare(number("-2"), number("1e-5")), -1);
  EXPECT_EQ(compare(number("1e99999"), number("1e-99999")), 1);
  EXPECT_EQ(compare(number("-1e3"), number("-999.9")), -1);
  EXPECT_EQ(compare(number("0.0"), number("-0")), 0);
}

TEST(DecimalTest, KnowsIntegers) {
  EXPECT_TRUE(number("2.00").is_integer());
  EXPECT_TRUE(number("1e3").is_integer());
  EXPECT_FALSE(number("2.5").is_integer());
  EXPECT_FALSE(number("1e-100000").is_integer());
  EXPECT_EQ(number("-9223372036854775808").to_int64(), INT64_MIN);
  EXPECT_EQ(number("9223372036854775808").to_int64(), std::nullopt);
  EXPECT_EQ(number("1e3").to_int64(), 1000);
}

TEST(DecimalTest, Doubles) {
  EXPECT_EQ(Decimal::from_double(0.1).text(), "0.1");
  EXPECT_EQ(Decimal::from_double(1e300).text(), "1E+300");
  EXPECT_EQ(number("0.30000000000000004").to_double(), 0.1 + 0.2);
  EXPECT_EQ(number("-1e5000").to_double(), -HUGE_VAL);
  EXPECT_EQ(number("1e-5000").to_double(), 0.0);
}

TEST(DecimalTest, Powers) {
  EXPECT_EQ(apply(power, "2", "10"), "1024");
  EXPECT_EQ(apply(power, "2", "-1"), "0.5000000000000000000000000000000000");
  EXPECT_EQ(apply(power, "3", "-2"), "0.1111111111111111111111111111111111");
  EXPECT_EQ(apply(power, "2", "0.5"), "1.414213562373095048801688724209698");
  EXPECT_EQ(apply(power, "0", "0"), "invalid operation");
  EXPECT_EQ(apply(power, "-8", "0.5"), "invalid operation");
  EXPECT_EQ(apply(power, "1e1000", "1000"), "exponent out of range");
  EXPECT_EQ(apply(power, "-1", "1e9999"), "1");
}

TEST(DecimalTest, RootsAndLogarithms) {
  EXPECT_EQ(text(cube_root(number("27"))), "3");
  EXPECT_EQ(text(cube_root(number("-2"))), "-1.259921049894873164767210607278228");
  EXPECT_EQ(text(logarithm(number("0"))), "-Infinity");
  EXPECT_EQ(text(logarithm10(number("1000"))), "3.000000000000000000000000000000000");
  EXPECT_EQ(text(exponential(number("1"))), "2.718281828459045235360287471352662");
  EXPECT_EQ(text(exponential(number("1e9"))), "overflow");
}

TEST(DecimalTest, Rounding) {
  EXPECT_EQ(number("2.5").rescaled(0, Rounding::half_up).text(), "3");
  EXPECT_EQ(number("2.5").rescaled(0, Rounding::half_even).text(), "2");
  EXPECT_EQ(number("-2.9").truncated().text(), "-2");
  EXPECT_EQ(number("99.96").rounded(3).text(), "100");
  EXPECT_EQ(number("1500").reduced().text(), "1.5E+3");
}

TEST(DecimalTest, RefusesWhatIsOutOfRange) {
  EXPECT_FALSE(Decimal::parse("1e1000000000"));
  EXPECT_FALSE(Decimal::parse("1e100001"));
  EXPECT_FALSE(Decimal::parse("0.1e-100000"));
  EXPECT_FALSE(Decimal::parse(std::string(200'000, '7')));
  EXPECT_EQ(apply(multiply, "1e100000", "10"), "exponent out of range");
  EXPECT_EQ(apply(divide, "1e-100000", "1e10"), "exponent out of range");
}

TEST(DecimalTest, LargeNumbersStayCheap) {
  const Decimal big = number(std::string(100'000, '7'));
  Decimal product = big;
  EXPECT_EQ(big.text().size(), 100'000u);
  EXPECT_EQ(text(multiply(big, big)), "exponent out of range");
  for (int i = 0; i < 20; ++i) product = add(big, product).value;
  EXPECT_EQ(product.digits(), 34);
  EXPECT_EQ(apply(add, "1e50000", "1e-50000"), "1.000000000000000000000000000000000E+50000");
}

}  // namespace
}  // namespace oam::cue
