#include <gtest/gtest.h>

#include "cue/parse/parse.hpp"
#include "dump.hpp"

namespace oam::cue {
namespace {

struct Row {
  const char* text;
  const char* expected;
};

TEST(Parse, Operators) {
  const Row rows[] = {
      {"1 + 2 * 3", "(+ 1 (* 2 3))"},
      {"1 - 2 - 3", "(- (- 1 2) 3)"},
      {"a | b & c", "(| a (& b c))"},
      {"a || b && c == d", "(|| a (&& b (== c d)))"},
      {"a & b || c", "(& a (|| b c))"},   // & and | bind less than || and &&
      {"!a && -b < +c", "(&& (! a) (< (- b) (+ c)))"},
      {"*1 | int", "(| (* 1) int)"},
      {">=1 & <=2 & !=3", "(& (& (>= 1) (<= 2)) (!= 3))"},
      {"=~\"a\" | !~\"b\"", "(| (=~ \"a\") (!~ \"b\"))"},
      {"== 1", "(== 1)"},
      {"a =~ b != c", "(!= (=~ a b) c)"},
      {"(a | b) + 1 / 2", "(+ (paren (| a b)) (/ 1 2))"},
      {"a +\n b", "(+ a b)"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_expression(row.text), row.expected) << row.text;
}

TEST(Parse, Operands) {
  const Row rows[] = {
      {"null", "null"},
      {"_|_", "_|_"},
      {"1.5Ki", "1.5Ki"},
      {"#\"a\"#", "#\"a\"#"},
      {"a.b.\"c d\".#e.if", "(. (. (. (. a b) \"c d\") #e) if)"},
      {"a[0][\"b\"]", "(index (index a 0) \"b\")"},
      {"a[1:][:2][:][1:2]", "(slice (slice (slice (slice a 1 _|) _| 2) _| _|) 1 2)"},
      {"f(a, b,)(c)", "(call (call f a b) c)"},
      {"f(\n\ta,\n\tb,\n)", "(call f a b)"},
      {"[1, 2, ...int]", "(list 1 2 (... int))"},
      {"[...]", "(list ...)"},
      {"[\n\t1\n\t2\n]", "(list 1 2)"},
      {"[for k, v in a if v > 1 {v}, 3]", "(list (comprehension (for k v a) (if (> v 1)) (struct v)) 3)"},
      {"a?.b?[c]?", "(index (. a? b?) c?)"},
      {"{}", "(struct)"},
      {"{a: 1, b, ...}", "(struct (field a 1) b ...)"},
  };
  for (const Row& row : rows)
 EXPECT_EQ(dump_expression(row.text), row.expected) << row.text;
}

TEST(Parse, Interpolations) {
  const Row rows[] = {
      {R"x("a\(b)c")x", R"x((interpolation <"a> b <c">))x"},
      {R"x("\(a)\(b + 1)")x", R"x((interpolation <"> a <> (+ b 1) <">))x"},
      {R"x(#"\(a)\#(b)"#)x", R"x((interpolation <#"\(a)> b <"#>))x"},
      {R"x('\(a)')x", R"x((bytes-interpolation <'> a <'>))x"},
      {R"x("x\("y\(z)")")x", R"x((interpolation <"x> (interpolation <"y> z <">) <">))x"},
      {R"x("\({a: "b"}.a)")x", R"x((interpolation <"> (. (struct (field a "b")) a) <">))x"},
      {"\"\"\"\n\ta\\(\n\tb\n)\n\t\"\"\"", "(interpolation <\"\"\"\n\ta> b <\n\t\"\"\">)"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_expression(row.text), row.expected) << row.text;
}

TEST(Parse, Fields) {
  const Row rows[] = {
      {"a: 1", "(field a 1)"},
      {"a?: 1, b!: 2", "(field a? 1); (field b! 2)"},
      {"a: b: c: 1", "(field a (chain (field b (chain (field c 1)))))"},
      {"a: \"b\"?: c!: {d: 1}", "(field a (chain (field \"b\"? (chain (field c! (struct (field d 1)))))))"},
      {"\"a b\": 1", "(field \"a b\" 1)"},
      {"\"\\(a)\": 1", "(field (interpolation <\"> a <\">) 1)"},
      {"(a): 1", "(field (paren a) 1)"},
      {"[string]: int", "(field (list string) int)"},
      {"[X=string]: X", "(field (list (= X string)) X)"},
      {"X=a: 1", "(field X=a 1)"},
      {"X=[string]: 1, Y=(a): 2", "(field X=(list string) 1); (field Y=(paren a) 2)"},
      {"a: X={b: 1}", "(field a (= X (struct (field b 1))))"},
      {"a: X=5", "(field a (= X 5))"},
      {"a: X=b: 5", "(field a (chain (field X=b 5)))"},
      {"#a: 1, _b: 2, _#c: 3, $d: 4", "(field #a 1); (field _b 2); (field _#c 3); (field $d 4)"},
      {"a: 1 @x(1) @y(2)", "(field a 1 @x(1) @y(2))"},
      {"{\"a\"\n: 1\n, \"b\": 2}", "(struct (field \"a\" 1) (field \"b\" 2))"},
      {"a: {\n\tb\n\t\"c\"\n\t(d)\n\te.f\n}", "(field a (struct b \"c\" (paren d) (. e f)))"},
      {"a:\n1", "(field a 1)"},
      {"a?\n", "a?"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
}

TEST(Parse, KeywordsAsLabels) {
  for (const char* word : {"if", "else", "for", "in", "let", "fallback", "otherwise", "func", "true", "false", "null", "error",
                           "package1", "self", "string"})
    for (const char* mark : {"", "?", "!"})
      EXPECT_EQ(dump_file(std::string("a: 1\n") + word + mark + ": 1"),
                std::string("(field a 1); (field ") + word + mark + " 1)");
  EXPECT_EQ(dump_file("a: if: 1"), "(field a (chain (field if 1)))");
  EXPECT_EQ(dump_file("if: for: let: 1"), "(field if (chain (field for (chain (field let 1)))))");
  EXPECT_EQ(dump_file("try: 1"), "1:4: expected '{', found ':'\n");
}

TEST(Parse, Comprehensions) {
  const Row rows[] = {
      {"if a {b: 1}", "(comprehension (if a) (struct (field b 1)))"},
      {"for x in a {x}", "(comprehension (for x a) (struct x))"},
      {"for k, v in a let w = v if w {b: w}",
       "(comprehension (for k v a) (let w v) (if w) (struct (field b w)))"},
      {"for x in a\nfor y in b {}", "(comprehension (for x a) (for y b) (struct))"},
      {"let x = 1\na: x", "(let x 1); (field a x)"},
      {"if a if b {}", "(comprehension (if a) (if b) (struct))"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
}

TEST(Parse, Preambles) {
  const Row rows[] = {
      {"package a", "(package a)"},
      {"@x()\npackage a\n@y()\nimport \"b/c\"\nd: 1", "@x(); (package a); @y(); (import b/c); (field d 1)"},
      {"import (\n\t\"a\"\n\tb \"c:d\"\n)", "(import a); (import b c:d)"},
      {"import \"a\"; b: 1", "1:11: expected ',', found ';'\n"},
      {"a: 1\nimport \"b\"", "2:8: expected label or ':', found 'STRING' \"b\"\n"},
      {"package #a", "1:11: invalid package name #a\n"},
      {"import \"\"", "1:8: invalid import path: \"\"\n"},
      {"import #a \"b\"", "1:11: cannot import package as definition identifier\n"},
      {"", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
}

TEST(Parse, Experiments) {
  const Row rows[] = {
      {"@experiment(explicitopen)\na: b...", "@experiment(explicitopen); (field a (open b))"},
      {"a: b...", "1:5: postfix ... operator requires @experiment(explicitopen)\n"},
      {"@experiment(aliasv2, try)\na~X: 1\n[string]~(K,V): 2\n(x)~(Y): 3",
       "@experiment(aliasv2, try); (field a~X 1); (field (list string)~(K,V) 2); (field (paren x)~Y 3)"},
      {"a~X: 1", "1:2: postfix alias syntax requires @experiment(aliasv2)\n"},
      {"@experiment(aliasv2)\nX=a: 1",
       "2:2: old-style alias syntax (=) is not allowed with @experiment(aliasv2); use postfix syntax (~X or ~(K,V))\n"},
      {"@experiment(try)\nif a {} else {b: 1}\nfor x in y {} otherwise {}\ntry z = c? {z}",
       "@experiment(try); (comprehension (if a) (struct) else (struct (field b 1))); "
       "(comprehension (for x y) (struct) else (struct)); (comprehension (try z c?) (struct z))"},
      {"if a {} else {}", "1:9: else requires @experiment(try)\n"},
      {"@experiment(try)\nif a {} otherwise {}", "2:9: use 'else' with single 'if' or 'try' clause\n"},
      {"@experiment(try)\nfor x in y {} else {}",
       "2:15: use 'otherwise' for comprehensions with multiple clauses or 'for' clauses\n"},
      {"@experiment(nope)\na: 1", "2:1: parsing experiments for version \"v0.17.1\": unknown experiment \"nope\"\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
}

TEST(Parse, Comments) {
  const Row rows[] = {
      {"// a\n// b\nc: 1 // d\n", "/doc \"// a\" \"// b\" /after \"// d\" (field c 1)"},
      {"// a\n\n// b\nc: 1", "/before \"// a\" /doc \"// b\" (field c 1)"},
      {"// +patchKey=name\na: b: c: [1]", "/doc \"// +patchKey=name\" (field a (chain (field b (chain (field c (list 1))))))"},
      {"a: { // b\n\tc: 1\n\t// d\n}", "(field a /opening \"// b\" /closing \"// d\" (struct (field c 1)))"},
      {"a: 1, // b\nc: 2", "/after \"// b\" (field a 1); (field c 2)"},
      {"a: [ // b\n\t1, // c\n\t// d\n\t2,\n\t// e\n]",
       "(field a /opening \"// b\" /closing \"// e\" (list /after \"// c\" 1 /doc \"// d\" 2))"},
      {"a: 1\n\n// end", "/closing \"// end\" (field a 1)"},
      {"a: b | // c\n\td", "(field a (| b /before \"// c\" d))"},
      {"import (\n\t\"a\" // b\n\t// c\n\t\"d\"\n)", "/after \"// b\" (import a); /doc \"// c\" (import d)"},
      {"// a\r\nb: 1\r\n", "/doc \"// a\" (field b 1)"},
      {"// a", "/closing \"// a\" "},
      {"f: g(\n\t// a\n\tb, // c\n)", "(field f (call g /doc \"// a\" /after \"// c\" b))"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
}

TEST(Parse, Errors) {
  const Row rows[] = {
      {"a: }", "1:4: expected operand, found '}'\n"},
      {"a: {b: 1 c: 2}", "1:10: missing ',' in struct literal\n"},
      {"a: [1 2]", "1:7: missing ',' in list literal\n"},
      {"a: f(1 2)", "1:8: missing ',' in argument list\n"},
      {"a: {", "1:5: expected '}', found 'EOF'\n"},
      {"a: 1 +\n", "1:8: expected operand, found 'EOF'\n"},
      {"a b: 1", "1:3: expected label or ':', found 'IDENT' b\n"},
      {"a: b.", "1:6: expected selector, found 'EOF'\n"},
      {"a: b.1", "1:5: missing ',' in struct literal\n"},
      {"a: \"b\n", "1:4: string literal not terminated\n"},
      {"[a, b]: 1", "1:1: square bracket must have exactly one element\n"},
      {"__a: 1", "1:1: identifiers starting with '__' are reserved\n"},
      {"let a 1", "1:7: expected '=', found 'INT' 1\n"},
      {"for in x {}", "1:5: expected 'IDENT', found 'in'\n"},
      {"X={a: 1}", "1:9: expected label or ':', found newline\n"},
      {"a: \"\\(b\"", "1:8: string literal not terminated\n"},
      {"a: )5\nb: 4c:\n", "1:4: expected operand, found ')'\n2:5: missing ',' in struct literal\n"},
      {"a: [{b: )}, 1]\nc: 1 d: 2", "1:9: expected operand, found ')'\n2:6: missing ',' in struct literal\n"},
      {"?", "1:1: expected operand, found '?'\n"},
      {"`", "1:1: illegal character U+0060 '`'\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(dump_file(row.text), row.expected) << row.text;
  EXPECT_EQ(dump_expression("a b"), "1:3: expected 'EOF', found 'IDENT' b\n");
  EXPECT_EQ(dump_expression(""), "1:1: expected operand, found 'EOF'\n");
}

TEST(Parse, GivesUpBehindManyErrors) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "a: }\nb: )\n";
  const std::string errors = dump_file(text);
  EXPECT_LE(std::count(errors.begin(), errors.end(), '\n'), 11);
}

std::string repeat(std::string_view what, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += what;
  return out;
}

TEST(Parse, LimitsNesting) {
  for (const char* open : {"(", "[", "{a:", "a:", "-", "f(", "\"\\(", "if a {", "[for x in y {", "a|b&c||d&&e==f+g*(", "@a({"}) {
    const std::string errors = dump_file("x: {" + repeat(open, 100'000));
    EXPECT_LE(errors.size(), 2000u);
    const bool is_attribute = open[0] == '@';   // their brackets are no nesting
    EXPECT_EQ(errors.find("exceeds maximum nesting depth of 500") == errors.npos, is_attribute) << open << errors.substr(0, 300);
  }
  EXPECT_EQ(dump_file("a: " + repeat("(", 400) + "1" + repeat(")", 400)).find("nesting"), std::string::npos);
}

TEST(Parse, LimitsTheHeightOfChains) {
  EXPECT_NE(dump_file("a: b" + repeat("|b", 6000)).find("exceeds maximum length of 5000 operators"), std::string::npos);
  EXPECT_NE(dump_file("a: b" + repeat(".b", 6000)).find("exceeds maximum length of 5000 operators"), std::string::npos);
  EXPECT_EQ(dump_file("a: b" + repeat("|b", 4000)).substr(0, 10), "(field a (");
  EXPECT_EQ(dump_file(repeat("a: b|c\n", 10'000)).substr(0, 10), "(field a (");   // siblings do not add up
  EXPECT_EQ(dump_file("a: [" + repeat("b+c, ", 10'000) + "]").substr(0, 10), "(field a (");
}

TEST(Parse, PositionsSpanTheirNodes) {
  const std::string text = "// doc\na: b: [1, x.y] @c() // d\n";
  Arena arena;
  std::vector<SyntaxError> errors;
  const ast::File* file = parse_file(arena, text, 1, errors);
  const auto slice = [&](const ast::Node& node) { return text.substr(node.begin - 1, node.end - node.begin); };
  const auto& field = static_cast<const ast::Field&>(*file->decls[0]);
  EXPECT_EQ(slice(field), "a: b: [1, x.y] @c()");
  EXPECT_EQ(slice(*field.label), "a");
  EXPECT_EQ(slice(*field.value), "b: [1, x.y] @c()");
  const auto& inner = static_cast<const ast::Field&>(*static_cast<const ast::Struct&>(*field.value).decls[0]);
  const auto& list = static_cast<const ast::List&>(*inner.value);
  EXPECT_EQ(slice(list), "[1, x.y]");
  EXPECT_EQ(slice(*list.elements[1]), "x.y");
}

}  // namespace
}  // namespace oam::cue
