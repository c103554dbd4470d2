#include <gtest/gtest.h>

#include "cue/parse/scan.hpp"
#include "dump.hpp"

namespace oam::cue {
namespace {

// The tokens by name, with their text where the name does not tell it; a comma at a
// line's end is "\n".
std::string tokens(const std::string& text) {
  SourceSet sources;
  std::vector<SyntaxError> list;
  const Pos base = sources.add("test.cue", text);
  Errors errors(sources.text(0), base, list);
  Scanner scanner(sources.text(0), &errors);
  std::string out;
  for (Token token = scanner.next(); token.kind != Tok::end; token = scanner.next()) {
    const bool tells = is_literal(token.kind) || token.kind == Tok::comment || token.kind == Tok::attribute;
    if (!out.empty()) out += ' ';
    out += token.automatic ? "\\n" : std::string(token_name(token.kind));
    if (tells && token.kind != Tok::bottom) out += "(" + std::string(token.text) + ")";
  }
  errors.sort();
  return list.empty() ? out : out + "\n" + dump(sources, list);
}

TEST(Scan, Names) {
  EXPECT_EQ(tokens("a _a a_1 $a a$ é x٣"),
            "IDENT(a) IDENT(_a) IDENT(a_1) IDENT($a) IDENT(a$) IDENT(é) IDENT(x٣) \\n");
  EXPECT_EQ(tokens("#a _#a # #1 _ __a"), "IDENT(#a) IDENT(_#a) IDENT(#) IDENT(#) INT(1) IDENT(_) IDENT(__a) \\n");
  EXPECT_EQ(tokens("_|_ _|a"), "_|_ IDENT(_) | IDENT(a) \\n");
  EXPECT_EQ(tokens("__#a"), "ILLEGAL\n1:1: illegal token \"__#a\"\n");
  EXPECT_EQ(tokens("a#b"), "IDENT(a) IDENT(#b) \\n");
}

TEST(Scan, Keywords) {
  EXPECT_EQ(tokens("if else for in let try fallback otherwise func true false null iff"),
            "if else for in let try fallback otherwise func true false null IDENT(iff) \\n");
}

TEST(Scan, Operators) {
  EXPECT_EQ(tokens("+ - * / & | && || = == < > ! <- != <= >= =~ !~ ( [ { , . ... ) ] } ; : ? ~"),
            "+ - * / & | && || = == < > ! <- != <= >= =~ !~ ( [ { , . ... ) ] } ; : ? ~");
  EXPECT_EQ(tokens("a.."), "IDENT(a) ILLEGAL \\n\n1:2: illegal token '..'; expected '.'\n");
}

TEST(Scan, CommasAtLineEnds) {
  EXPECT_EQ(tokens("a\nb"), "IDENT(a) \\n IDENT(b) \\n");
  EXPECT_EQ(tokens("a,\nb +\n\n c"), "IDENT(a) , IDENT(b) + IDENT(c) \\n");
  EXPECT_EQ(tokens("a // c\nb"), "IDENT(a) \\n COMMENT(// c) IDENT(b) \\n");
  EXPECT_EQ(tokens("a\r\n  , b\n\t: c"), "IDENT(a) , IDENT(b) : IDENT(c) \\n");   // as JSON may have it
  EXPECT_EQ(tokens("}\n)\n]\n...\n?\n@a()\n\"\"\n{\n("), "} \\n ) \\n ] \\n ... \\n ? \\n ATTRIBUTE(@a()) \\n STRING(\"\") \\n { (");
}

TEST(Scan, Numbers) {
  EXPECT_EQ(tokens("0 1 1_000 0x1F 0Xa 0b10 0o17"),
            "INT(0) INT(1) INT(1_000) INT(0x1F) INT(0Xa) INT(0b10) INT(0o17) \\n");
  EXPECT_EQ(tokens("1K 1.5Mi 0Gi .5T 2Pi 1KB"), "INT(1K) INT(1.5Mi) INT(0Gi) INT(.5T) INT(2Pi) INT(1K) IDENT(B) \\n");
  EXPECT_EQ(tokens("1. .5 1.5 1e3 1E+3 1.5e-3 00.5"),
            "FLOAT(1.) FLOAT(.5) FLOAT(1.5) FLOAT(1e3) FLOAT(1E+3) FLOAT(1.5e-3) FLOAT(00.5) \\n");
  EXPECT_EQ(tokens("1...2"), "INT(1) ... INT(2) \\n");
}

TEST(Scan, WrongNumbers) {
  EXPECT_EQ(tokens("017"), "INT(017) \\n\n1:1: illegal integer number\n");
  EXPECT_EQ(tokens("0x"), "INT(0x) \\n\n1:1: illegal hexadecimal number\n");
  EXPECT_EQ(tokens("0b"), "INT(0b) \\n\n1:1: illegal binary number\n");
  EXPECT_EQ(tokens("0o"), "INT(0o) \\n\n1:1: illegal octal number\n");
  EXPECT_EQ(tokens("1__0 1_"), "INT(1__0) INT(1_) \\n\n1:3: illegal '_' in number\n1:7: illegal '_' in number\n");
  EXPECT_EQ(tokens("1e"), "FLOAT(1e) \\n\n1:3: illegal exponent in number\n");
}

TEST(Scan, Strings) {
  EXPECT_EQ(tokens(R"x("a" 'b' "" '' "a\"b" "'")x"), R"x(STRING("a") STRING('b') STRING("") STRING('') STRING("a\"b") STRING("'") \n)x");
  EXPECT_EQ(tokens(R"x(#"a"b"# #""# ##"a"#b"## #"\n\#n"# #"""# #'''#)x"),
            R"x(STRING(#"a"b"#) STRING(#""#) STRING(##"a"#b"##) STRING(#"\n\#n"#) STRING(#"""#) STRING(#'''#) \n)x");
  EXPECT_EQ(tokens("\"\"\"\n  a\"\"\"b\n  \"\"\" '''\n'''"), "STRING(\"\"\"\n  a\"\"\"b\n  \"\"\") STRING('''\n''') \\n");
  EXPECT_EQ(tokens("#\"\"\"\n\"\"\"\n\"\"\"#"), "STRING(#\"\"\"\n\"\"\"\n\"\"\"#) \\n");
  EXPECT_EQ(tokens("\"\"\"\r\n\ta\r\n\r\n\t\"\"\""), "STRING(\"\"\"\r\n\ta\r\n\r\n\t\"\"\") \\n");
}

TEST(Scan, WrongStrings) {
  EXPECT_EQ(tokens("\"a\nb"), "STRING(\"a) \\n IDENT(b) \\n\n1:1: string literal not terminated\n");
  EXPECT_EQ(tokens("'a"), "STRING('a) \\n\n1:1: string literal not terminated\n");
  EXPECT_EQ(tokens("\"\"\"a"), "STRING(\"\"\") IDENT(a) \\n\n1:1: expected newline after multiline quote \"\"\"\n");
  EXPECT_EQ(tokens("\"\"\"\n a\n  \"\"\""),
            "STRING(\"\"\"\n a\n  \"\"\") \\n\n1:1: non-matching whitespace for multiline strings\n");
  EXPECT_EQ(tokens("##"), "ILLEGAL");
}

TEST(Scan, Escapes) {
  EXPECT_EQ(tokens(R"x("\a\b\f\n\r\t\v\\\/\u00e9\U0001F600" '\x41\101\'')x"),
            R"x(STRING("\a\b\f\n\r\t\v\\\/\u00e9\U0001F600") STRING('\x41\101\'') \n)x");
  EXPECT_EQ(tokens(R"x("\x41")x"), "STRING(\"\\x41\") \\n\n1:3: hexadecimal escape not allowed in string literal\n");
  EXPECT_EQ(tokens(R"x("\101")x"), "STRING(\"\\101\") \\n\n1:3: octal escape not allowed in string literal\n");
  EXPECT_EQ(tokens(R"x("\q")x"), "STRING(\"\\q\") \\n\n1:3: unknown escape sequence\n");
  EXPECT_EQ(tokens(R"x("\u00g0")x"), "STRING(\"\\u00g0\") \\n\n1:6: illegal character U+0067 'g' in escape sequence\n");
  EXPECT_EQ(tokens(R"x("\U00110000")x"), "STRING(\"\\U00110000\") \\n\n1:3: escape sequence is invalid Unicode code point\n");
}

TEST(Scan, Attributes) {
  EXPECT_EQ(tokens(R"x(@a() @go(Name,type=[]string) @x("a)", {b: (1)}) c)x"),
            R"x(ATTRIBUTE(@a()) ATTRIBUTE(@go(Name,type=[]string)) ATTRIBUTE(@x("a)", {b: (1)})) IDENT(c) \n)x");
  EXPECT_EQ(tokens("@test(eq, {\n\ta: 1 @x(@y())\n})"), "ATTRIBUTE(@test(eq, {\n\ta: 1 @x(@y())\n})) \\n");
  EXPECT_EQ(tokens("@a"), "ATTRIBUTE(@a) \\n\n1:3: invalid attribute: expected '('\n");
  EXPECT_EQ(tokens("@a(b"), "ATTRIBUTE(@a(b) \\n\n1:5: attribute missing ')'\n");
  EXPECT_EQ(tokens("@a(])"), "ATTRIBUTE(@a(])) \\n\n1:5: unexpected ']'\n");
}

TEST(Scan, BytesThatAreNoText) {
  EXPECT_EQ(tokens("a \x01"), "IDENT(a) ILLEGAL \\n\n1:3: illegal character U+0001\n");
  EXPECT_EQ(tokens("// \xff\n"), "COMMENT(// \xff)\n1:4: illegal UTF-8 encoding\n");
  EXPECT_EQ(tokens(std::string("\"\0\"", 3)), std::string("STRING(\"\0\") \\n\n1:2: illegal character NUL\n", 42));
  EXPECT_EQ(tokens("\xef\xbb\xbf""a"), "IDENT(a) \\n");   // a byte order mark is good at the beginning
  EXPECT_EQ(tokens("a \xef\xbb\xbf"), "IDENT(a) ILLEGAL \\n\n1:3: illegal byte order mark\n");
}

TEST(Scan, GapsTellTheWhiteSpaceBefore) {
  Scanner scanner("a b(c\nd\n\n// e\nf", nullptr);
  std::string gaps;
  for (Token token = scanner.next(); token.kind != Tok::end; token = scanner.next())
    if (!token.automatic) gaps += "unbls"[static_cast<int>(token.gap)];
  EXPECT_EQ(gaps, "nbnnlsl");
}

}  // namespace
}  // namespace oam::cue
