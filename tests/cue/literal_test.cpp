#include "cue/parse/literal.hpp"

#include <gtest/gtest.h>

namespace oam::cue {
namespace {

std::string read(std::string_view literal) {
  const Unquoted result = unquote(literal);
  return result.ok() ? result.value : "error: " + result.error;
}

std::string read_pieces(std::vector<std::string_view> texts) {
  const UnquotedPieces result = unquote_pieces(texts);
  if (!result.ok()) return "error: " + result.error;
  std::string out;
  for (const std::string& value : result.values) out += "<" + value + ">";
  return out;
}

TEST(Literal, Strings) {
  EXPECT_EQ(read(R"x("")x"), "");
  EXPECT_EQ(read(R"x("a\n\t\"\\\/é\u00e9")x"), "a\n\t\"\\/éé");
  EXPECT_EQ(read(R"x("\uD83D\uDE00\U0001F600")x"), "😀😀");
  EXPECT_EQ(read(R"x(#"a\n\#n"b"#)x"), "a\\n\n\"b");
  EXPECT_EQ(read(R"x(##"\#n\##n"##)x"), "\\#n\n");
  EXPECT_EQ(read(R"x('\x41\101\377\'')x"), "AA\377'");
  EXPECT_EQ(read(R"x(#"""#)x"), "\"");
  EXPECT_TRUE(unquote("'a'").bytes);
  EXPECT_FALSE(unquote("\"a\"").bytes);
}

TEST(Literal, Lines) {
  EXPECT_EQ(read("\"\"\"\n\"\"\""), "");
  EXPECT_EQ(read("\"\"\"\n\t\"\"\""), "");
  EXPECT_EQ(read("\"\"\"\n\ta\n\t\tb\n\n\tc\n\t\"\"\""), "a\n\tb\n\nc");
  EXPECT_EQ(read("\"\"\"\n\n\n\t\"\"\""), "\n");
  EXPECT_EQ(read("\"\"\"\r\n  a\r\n  b\r\n  \"\"\""), "a\nb");
  EXPECT_EQ(read("#'''\n\ta'''b\\n\\#n\n\t'''#"), "a'''b\\n\n");
  EXPECT_EQ(read("\"\"\"\n\ta \\\n\tb\n\t\"\"\""), "a b");
}

TEST(Literal, WrongStrings) {
  EXPECT_EQ(read(R"x("\uD83D")x"), "error: invalid string: unmatched surrogate pair");
  EXPECT_EQ(read(R"x("\uDE00")x"), "error: invalid string: unmatched surrogate pair");
  EXPECT_EQ(read("\"\xff\""), "error: invalid string: invalid UTF-8 encoding");
  EXPECT_EQ(read("\"a"), "error: invalid string: unmatched quote");
  EXPECT_EQ(read("\"\"\"\n a\n\t\"\"\""),
            "error: invalid string: non-matching whitespace for multiline string (expected \"\\t\", got \" \")");
  EXPECT_EQ(read("\"\"\"\na\"\"\""), "error: invalid string: closing quote of multiline string must follow a newline");
  EXPECT_EQ(read("\"\"\"\n\ta\\\n\t\"\"\""), "error: invalid string: last newline of multiline string cannot be escaped");
  for (const char* text : {"", "a", "\"a\"b\"", "\"\\q\"", "\"\\x41\"", "\"\\101\"", "'\\400'", "'\\x4'", "\"\\u12\"", "\"a\nb\""})
    EXPECT_FALSE(unquote(text).ok()) << text;
}

TEST(Literal, Pieces) {
  EXPECT_EQ(read_pieces({"\"a", "b\\n", "c\""}), "<a><b\n><c>");
  EXPECT_EQ(read_pieces({"#\"a\\n", "\"#"}), "<a\\n><>");
  EXPECT_EQ(read_pieces({"\"\"\"\n\ta ", " b\n\tc", "\n\t\"\"\""}), "<a >< b\nc><>");
  EXPECT_EQ(read_pieces({"\"\"\"\n\t", "\n\t\"\"\""}), "<><>");
  EXPECT_EQ(read_pieces({"\"\"\"\n  ", "\n\n  x\n  \"\"\""}), "<><\n\nx>");
}

std::string number(std::string_view literal) {
  const NumberText read = read_number(literal);
  if (!read.ok()) return "error: " + read.error;
  return read.is_float ? read.digits + "e" + std::to_string(read.exponent) : read.digits;
}

TEST(Literal, Integers) {
  EXPECT_EQ(number("0"), "0");
  EXPECT_EQ(number("1_000"), "1000");
  EXPECT_EQ(number("0x_f_F"), "255");
  EXPECT_EQ(number("0b101"), "5");
  EXPECT_EQ(number("0o777"), "511");
  EXPECT_EQ(number("0xffffffffffffffffffffffff"), "79228162514264337593543950335");
  EXPECT_EQ(number("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(number("0K"), "0");
  EXPECT_EQ(number("1.5K"), "1500");
  EXPECT_EQ(number("1.5Ki"), "1536");
  EXPECT_EQ(number(".25Mi"), "262144");
  EXPECT_EQ(number("2Pi"), "2251799813685248");
  EXPECT_EQ(number("1G"), "1000000000");
  EXPECT_EQ(number("0.0K"), "0");
}

TEST(Literal, Floats) {
  EXPECT_EQ(number("1.50"), "150e-2");
  EXPECT_EQ(number("1."), "1e0");
  EXPECT_EQ(number(".5"), "5e-1");
  EXPECT_EQ(number("00.5"), "5e-1");
  EXPECT_EQ(number("1.5e3"), "15e2");
  EXPECT_EQ(number("1E-7"), "1e-7");
  EXPECT_EQ(number("01e2"), "1e2");
  EXPECT_EQ(number("1e99999999999999999999"), "1e1000000000000");
}

TEST(Literal, WrongNumbers) {
  EXPECT_EQ(number("017"), "error: illegal integer number \"017\"");
  EXPECT_EQ(number("0x"), "error: illegal hexadecimal number \"0x\"");
  EXPECT_EQ(number("1.0001K"), "error: number cannot be represented as int");
  EXPECT_EQ(number("1.3Ki"), "error: number cannot be represented as int");
  for (const char* text : {"", "a", "-1", "1e", "1_", "1__0", "1KB", "0xg", "1x", ".", "1e2e3"})
    EXPECT_FALSE(read_number(text).ok()) << text;
}

TEST(Literal, Quoting) {
  EXPECT_EQ(quote_string("a\"b\\c\n\x01é\u200b\u00a0"), R"x("a\"b\\c\n\u0001é\u200b\u00a0")x");
  EXPECT_EQ(quote_string("\a\b\f\r\t\v'\x7f"), R"x("\a\b\f\r\t\v'\u007f")x");
  EXPECT_EQ(quote_string("\xff"), "\"\ufffd\"");
  EXPECT_EQ(quote_string("\U000e0001"), R"x("\U000e0001")x");
  EXPECT_EQ(quote_bytes("a'\"\xff\x01\n"), R"x('a\'"\xff\x01\n')x");
  EXPECT_EQ(quote_lines("a\n\nb\t\"", 1), "\"\"\"\n\ta\n\n\tb\\t\"\n\t\"\"\"");
  EXPECT_EQ(quote_lines("a\n", 1), "\"\"\"\n\ta\n\n\t\"\"\"");
  EXPECT_EQ(quote_lines("\n", 1), "\"\"\"\n\n\n\t\"\"\"");
  EXPECT_EQ(quote_lines("", 1), "\"\"\"\n\t\"\"\"");
  EXPECT_EQ(quote_lines("tab\tx\ny\"\"\"z", 1), "#\"\"\"\n\ttab\\#tx\n\ty\"\"\"z\n\t\"\"\"#");
  EXPECT_EQ(quote_lines("a\"\"\"##\n", 0), "###\"\"\"\na\"\"\"##\n\n\"\"\"###");
  EXPECT_EQ(quote_lines("a\xff\nb", 1, true), "'''\n\ta\\xff\n\tb\n\t'''");
}

TEST(Literal, QuotingAndReadingAreInverse) {
  for (const char* text : {"", "a", "\n", "\n\n", "a\n", "\na", "\"\"\"", "a\n\"\"\"#\n", "\\(x)", "\t a\n  b", "é\u200b\n"}) {
    EXPECT_EQ(read(quote_string(text)), text);
    EXPECT_EQ(read(quote_bytes(text)), text);
    for (unsigned tabs : {0u, 2u}) EXPECT_EQ(read(quote_lines(text, tabs)), text) << quote_lines(text, tabs);
  }
}

TEST(Literal, Labels) {
  for (const char* name : {"a", "$a", "é", "if", "true", "string", "a_1", "error"}) EXPECT_EQ(quote_label(name), name);
  EXPECT_EQ(quote_label("a b"), "\"a b\"");
  for (const char* name : {"", "_", "_a", "#a", "1a", "a-b", "a.b", "\xff"}) EXPECT_FALSE(is_identifier(name)) << name;
}

}  // namespace
}  // namespace oam::cue
