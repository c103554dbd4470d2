#include "cue/format/format.hpp"

#include <gtest/gtest.h>

#include "cue/format/columns.hpp"
#include "cue/parse/parse.hpp"
#include "dump.hpp"
#include "strip.hpp"

namespace oam::cue {
namespace {

struct Row {
  const char* text;
  const char* expected;
};

enum class Places { kept, stripped };

std::string formatted(const std::string& text, const FormatOptions& options = {}, Places places = Places::kept) {
  Arena arena;
  std::vector<SyntaxError> errors;
  const ast::File* file = parse_file(arena, text, 1, errors);
  if (!errors.empty()) return "error: " + errors[0].message;
  if (places == Places::stripped) strip(*file);
  return format_file(*file, options);
}

// What comes out is also what stays as it is.
void check(std::span<const Row> rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(formatted(row.text), row.expected) << row.text;
    EXPECT_EQ(formatted(row.expected), row.expected);
  }
}

TEST(Columns, AreAsWideAsTheirWidestCell) {
  Columns columns(8);
  const auto line = [&](const char* a, const char* b, const char* c) {
    columns.text(a), columns.mark(), columns.text(b);
    if (*c) columns.mark(), columns.text(c);
  };
  line("a:", "1", "// x"), columns.line_end();
  line("long:", "2000", ""), columns.line_end();
  line("é:", "3", "// y"), columns.block_end();
  line("b:", "4", "");
  EXPECT_EQ(columns.take(), "a:    1 // x\nlong: 2000\né:    3 // y\nb: 4");
}

TEST(Columns, LeadEmptyCellsWithTabs) {
  Columns columns(8);
  columns.tab(), columns.text("a:"), columns.mark(), columns.text("1"), columns.line_end();
  columns.tab(), columns.tab(), columns.text("b");
  EXPECT_EQ(columns.take(), "\ta: 1\n\t\tb");
}

TEST(Format, FieldsInColumns) {
  const Row rows[] = {
      {"a:1\nbcd:   2", "a:   1\nbcd: 2\n"},
      {"a: 1 // x\nbcd: 22 // y", "a:   1  // x\nbcd: 22 // y\n"},
      {"a: 1\n\n\n\nbcd: 2", "a: 1\n\nbcd: 2\n"},
      {"a: 1\nb: {c: 1}\ndef: 2", "a: 1\nb: {c: 1}\ndef: 2\n"},
      {"a: b: 1\nccc: d: 2", "a: b:   1\nccc: d: 2\n"},
      {"a: 1 @x()\nbb?: 22 @y()  @z()", "a:   1  @x()\nbb?: 22 @y() @z()\n"},
      {"a: 1, b: 2,\nc: 3", "a: 1, b: 2\nc: 3\n"},
      {"a: \"\"\"\n  x\n  \"\"\"\nbb: 1", "a: \"\"\"\n\tx\n\t\"\"\"\nbb: 1\n"},
      {"a:\n  1", "a:\n\t1\n"},
  };
  check(rows);
}

TEST(Format, Structs) {
  const Row rows[] = {
      {"a: {}", "a: {}\n"},
      {"a: {  }", "a: {}\n"},
      {"a: {b: 1, c: 2}", "a: {b: 1, c: 2}\n"},
      {"a: {\nb: 1\n}", "a: {\n\tb: 1\n}\n"},
      {"a: {b: 1\nccc: 2}", "a: {b: 1\n\tccc: 2\n}\n"},
      {"a: {\n\n\tb: 1\n\n}", "a: {\n\n\tb: 1\n}\n"},
      {"{a: 1}", "{a: 1}\n"},
      {"a: {b\n...}", "a: {b\n\t...\n}\n"},
      {"a: b:\n\tc: 1", "a: b:\n\tc: 1\n"},
      {"a: b: 1 @x()", "a: {\n\tb: 1 @x()\n}\n"},
      {"a: {let x = 1, b: x}", "a: { let x = 1, b: x}\n"},
      {"let x=1\nlet yy = 2", "let x = 1\nlet yy = 2\n"},
      {"a:   X={b: X}", "a: X={b: X}\n"},
      {"X=a: 1", "X=a: 1\n"},
      {"[X=string]:int", "[X=string]: int\n"},
      {"#\"a b\"#: 1", "\"a b\": 1\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(formatted(row.text), row.expected) << row.text;
}

TEST(Format, Lists) {
  const Row rows[] = {
      {"a: [ 1,2 , 3 ]", "a: [1, 2, 3]\n"},
      {"a: []", "a: []\n"},
      {"a: [\n1,\n2\n]", "a: [\n\t1,\n\t2,\n]\n"},
      {"a: [\n1\n2]", "a: [\n\t1\n\t2]\n"},   // commas left out stay so
      {"a: [{\nb: 1\n}, {c: 1}]", "a: [{\n\tb: 1\n}, {c: 1}]\n"},
      {"a: [\n{b: 1},\n{\nc: 2\n},\n]", "a: [\n\t{b: 1},\n\t{\n\t\tc: 2\n\t},\n]\n"},
      {"a: [...]", "a: [...]\n"},
      {"a: [1, ...int]", "a: [1, ...int]\n"},
      {"a: [for x in y {x}, if z {1}]", "a: [for x in y {x}, if z {1}]\n"},
      {"a: [for x in y {\nx\n}]", "a: [for x in y {\n\tx\n}]\n"},
      {"a: [X=string,]", "a: [X=string]\n"},
  };
  check(rows);
}

TEST(Format, Expressions) {
  const Row rows[] = {
      {"1+2*3", "1 + 2*3"},
      {"(1+2)*3", "(1 + 2) * 3"},
      {"a[b+1]", "a[b+1]"},
      {"f(a+b)", "f(a + b)"},
      {"f(a+b, c*d)", "f(a+b, c*d)"},
      {"a&b|c&d", "a & b | c & d"},
      {"((a))", "(a)"},
      {"!a&& -b<+c", "!a && -b < +c"},
      {"- -a", "- -a"},
      {"a- -b", "a - -b"},
      {">=1&<=2", ">=1 & <=2"},
      {"*1|int", "*1 | int"},
      {"a . b . c", "a.b.c"},
      {"a[1 :2]", "a[1:2]"},
      {"a[b+1:c]", "a[b+1 : c]"},
      {"\"\\(a + b)c\"", "\"\\(a+b)c\""},
      {"#'a\\#( b )'#", "#'a\\#( b )'#"},
      {"a |\nb", "a |\nb"},
      {"f(\na,\nb,\n)", "f(\na,\nb,\n)"},
      {".5 + 1. + 1.5E3 + 1.Ki", "0.5 + 1.0 + 1.5e3 + 1.0Ki"},
      {"0xAB + 0XE", "0xAB + 0XE"},
      {"_|_", "_|_"},
  };
  for (const Row& row : rows) {
    Arena arena;
    std::vector<SyntaxError> errors;
    const ast::Expr* x = parse_expression(arena, row.text, 1, errors);
    ASSERT_TRUE(x) << row.text;
    EXPECT_EQ(format_expression(*x), row.expected) << row.text;
  }
}

TEST(Format, Comprehensions) {
  const Row rows[] = {
      {"if a{b: 1}", "if a {b: 1}\n"},
      {"for k,v in a if v  {\nb: 1\n}", "for k, v in a if v {\n\tb: 1\n}\n"},
      {"for x in a\nlet y = x\nif y {\nb: 1\n}", "for x in a\nlet y = x\nif y {\n\tb: 1\n}\n"},
      {"a: {if b {c: 1}\n}", "a: {if b {c: 1}\n}\n"},
      {"@experiment(try)\nif a {b: 1} else {c: 1}\ntry x=y? {z: x}",
       "@experiment(try)\nif a {b: 1} else {c: 1}\ntry x = y? {z: x}\n"},
      {"@experiment(aliasv2)\na~X: 1\n[string]~(K,V): 2", "@experiment(aliasv2)\na~(X):          1\n[string]~(K,V): 2\n"},
  };
  check(rows);
}

TEST(Format, Preambles) {
  const Row rows[] = {
      {"package a\nimport \"b\"\nc: 1", "package a\n\nimport \"b\"\n\nc: 1\n"},
      {"import (\n\"b\"\nx   \"c\"\n\n\"a\"\n)\nc: 1", "import (\n\t\"b\"\n\tx \"c\"\n\n\t\"a\"\n)\n\nc: 1\n"},
      {"// doc\npackage a", "// doc\npackage a\n"},
      {"// apart\n\n// doc\npackage a", "// apart\n\n// doc\npackage a\n"},
      {"", "\n"},
      {"// alone", "// alone\n"},
  };
  check(rows);
}

TEST(Format, Comments) {
  const Row rows[] = {
      {"//a\nb: 1", "//a\nb: 1\n"},
      {"a: 1\n// b\nc: 1", "a: 1\n// b\nc: 1\n"},
      {"a: {\nb: 1\n// end\n}", "a: {\n\tb: 1\n\t// end\n}\n"},
      {"a: {\n// only\n}", "a: {\n\t// only\n}\n"},
      {"a: [ // x\n1, // y\n// z\n2,\n// end\n]", "a: [// x\n\t1, // y\n\t// z\n\t2,\n\t// end\n]\n"},
      {"a: 1\n\n// end", "a: 1\n\n// end\n"},
      {"#A: 1\n// doc\nb: 1", "#A: 1\n\n// doc\nb: 1\n"},
      {"a: x & // why\ny", "a: x & // why\n\ty\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(formatted(row.text), row.expected) << row.text;
}

TEST(Format, TreesWithoutPlaces) {
  const FormatOptions eval{.spaces = 4}, def{.simplify = true};
  const char* text = "a: {b: {c: 1}, d: [1, {e: 1}, {}, [2]], ee: \"x\"}";
  EXPECT_EQ(formatted(text, {}, Places::stripped),
            "a: {\n\tb: {\n\t\tc: 1\n\t}\n\td: [1, {\n\t\te: 1\n\t}, {}, [2]]\n\tee: \"x\"\n}\n");
  EXPECT_EQ(formatted("a: {b: {c: 1}}\nl: [{x: 1, yy: 2}]\nm: 1, nn: 2", eval, Places::stripped),
            "a: {\n    b: {\n        c: 1\n    }\n}\nl: [{\n    x:  1\n    yy: 2\n}]\nm:  1\nnn: 2\n");
  EXPECT_EQ(formatted("a: {b: {c: 1}}, \"d\": {_h: 1}, #e: {f: 1, ...}", def, Places::stripped),
            "a: b: c: 1\nd: _h: 1\n#e: {\n\tf: 1\n\t...\n}\n");
  EXPECT_EQ(formatted("a: 1 & {b: 2}\nif x {c: 1}\nlet y = 1", {}, Places::stripped),
            "a: 1 & {\n\tb: 2\n}\nif x {\n\tc: 1\n}\nlet y = 1\n");
}

TEST(Format, Simplification) {
  const FormatOptions simple{.simplify = true};
  EXPECT_EQ(formatted("\"a\": 1, \"b c\": 2, \"_d\": 3, \"#e\": 4", simple), "a: 1, \"b c\": 2, \"_d\": 3, \"#e\": 4\n");
  EXPECT_EQ(formatted("a: 1\nb: {\"a\": a}", simple), "a: 1\nb: \"a\": a\n");   // else a would be itself
  EXPECT_EQ(formatted("b: {\n\t...\n\tc: 1\n}", simple), "b: {\n\tc: 1\n\t...\n}\n");
  EXPECT_EQ(formatted("b: {\n\tc: 1\n\t[string]: _\n}", simple), "b: {\n\tc: 1\n\t...\n}\n");
}

TEST(Format, DeepTrees) {
  const auto repeat = [](std::string_view what, std::size_t count) {
    std::string out;
    for (; count > 0; --count) out += what;
    return out;
  };
  for (const auto& [open, close] : {std::pair{"(", ")"}, {"[", "]"}, {"{a: ", "}"}, {"a: ", ""}, {"f(", ")"}, {"-", ""}}) {
    const std::string text = "x: " + repeat(open, 450) + "1" + repeat(close, 450);
    EXPECT_NE(formatted(text).substr(0, 3), "err") << open;
  }
  EXPECT_EQ(formatted("x: b" + repeat(" | b", kMaxHeight - 50) + "\n").size(), 5 + 4 * (kMaxHeight - 50));
}

}  // namespace
}  // namespace oam::cue
