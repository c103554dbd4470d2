// Instances: data in, values out; and laws that hold for any values.
#include <random>

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <oam/cue/instance.hpp>

namespace oam::cue {
namespace {

namespace js = boost::json;

Instance instance(std::string text, Limits limits = {}) {
  const Source file{"in.cue", std::move(text)};
  Errors errors;
  auto module = Module::compile({&file, 1}, {}, errors);
  EXPECT_TRUE(module) << (errors.empty() ? "" : errors[0].text());
  return Instance(*module, limits);
}

std::string json(const View& view) {
  Errors errors;
  const auto text = view.json_text(errors);
  return text ? *text : errors.empty() ? "?" : errors[0].code + ": " + errors[0].message;
}

TEST(CueInstance, FillsBeforeAndAfterItEvaluates) {
  Instance i = instance("a: int\nb: a + 1\n");
  EXPECT_EQ(i.lookup("b").error()->code, "incomplete");
  EXPECT_TRUE(i.fill("a", 2));
  EXPECT_EQ(json(i.lookup("b")), "3");
  EXPECT_TRUE(i.fill("a", 5));
  EXPECT_EQ(i.lookup("a").error()->code, "eval");
}

TEST(CueInstance, ViewsStayAsTheyAre) {
  Instance i = instance("a: int\n");
  const View before = i.lookup("a");
  i.fill("a", 1);
  EXPECT_EQ(before.kind(), "int");
  EXPECT_EQ(json(i.lookup("a")), "1");
}

TEST(CueInstance, FillsElementsAndHiddenFields) {
  Instance i = instance("l: [{x?: int}, {x?: int}]\n_h: {x?: int}\nsum: l[1].x + _h.x\n");
  EXPECT_TRUE(i.fill("l.1", js::object{{"x", 2}}));
  EXPECT_TRUE(i.fill("_h", js::object{{"x", 3}}));
  EXPECT_EQ(json(i.lookup("sum")), "5");
  EXPECT_EQ(json(i.lookup("l")), "[{},{\"x\":2}]");
  EXPECT_TRUE(i.fill("l.2", 1));
  EXPECT_EQ(i.lookup("l").error()->code, "eval");
}

TEST(CueInstance, FillsOnlyRegularFields) {
  Instance i = instance("a: _\n");
  EXPECT_FALSE(i.fill("#a", 1));
  EXPECT_FALSE(i.fill("a.", 1));
  EXPECT_TRUE(i.fill("a.\"b c\"", 1));
  EXPECT_EQ(json(i.lookup("a")), "{\"b c\":1}");
  EXPECT_TRUE(i.fill("", js::object{{"a", js::object{{"d", 2}}}}));
  EXPECT_EQ(json(i.lookup("a.d")), "2");
}

TEST(CueInstance, ShowsFieldsWithMarksCommentsAndAttributes) {
  Instance i = instance("s: {\n\t// What it is.\n\t// More.\n\ta: 1 @x(y,z)\n\tb?: int\n\tc!: int\n\t#d: 2\n\t_e: 3\n}\n");
  const std::vector<Field> all = i.lookup("s").fields();
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].label, "a");
  EXPECT_EQ(all[0].doc, "What it is.\nMore.\n");
  ASSERT_EQ(all[0].attributes.size(), 1u);
  EXPECT_EQ(all[0].attributes[0].name + "|" + all[0].attributes[0].body, "x|y,z");
  EXPECT_TRUE(all[1].optional);
  EXPECT_TRUE(all[2].required);
  EXPECT_TRUE(all[3].definition);
  EXPECT_TRUE(all[4].hidden);
}

TEST(CueInstance, TellsWhatSaysAValue) {
  const auto origin = [](const char* text, const char* path) {
    Instance i = instance(text);
    const View found = i.lookup("out").field(path);
    std::string all;
    for (const ConjunctAt& each : found.conjuncts())
      all += std::to_string(each.position.line) + ":" + std::to_string(each.position.column) + " " + each.reference + ";";
    return all;
  };
  EXPECT_EQ(origin("p: {image: \"x\"}\nout: a: p.image", "a"), "2:9 p.image;");
  EXPECT_EQ(origin("p: env: [{n: 1}]\nout: [for e in p.env {n: e.n}]", "0.n"), "2:26 p.env.0.n;");
  EXPECT_EQ(origin("p: x: 1\nlet l = p.x\nout: a: l", "a"), "3:9 p.x;");
  EXPECT_EQ(origin("p: x: 1\nout: {a: p.x, a: 1, b: \"\\(p.x)\"}", "a"), "2:10 p.x;2:18 ;");
  EXPECT_EQ(origin("p: x: 1\nout: {a: p.x, a: 1, b: \"\\(p.x)\"}", "b"), "2:24 ;");
  Instance i = instance("p: l: {k: 1}\nout: a: p.l");
  EXPECT_EQ(i.lookup("out").field("a").field("k").path(), "p.l.k");
}

TEST(CueInstance, TellsErrorsByDemand) {
  Instance i = instance("a: int\nb: 1\n");
  EXPECT_TRUE(i.errors().empty());
  const Errors all = i.errors(Demand::complete);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].text(), "a: incomplete value int:\n    in.cue:1:4\n");
  i.fill("b", 2);
  ASSERT_FALSE(i.errors().empty());
  EXPECT_EQ(i.errors()[0].path, "b");
}

TEST(CueInstance, EvaluatesExpressionsInItsScope) {
  Instance i = instance("a: \"x\"\n");
  Errors errors;
  EXPECT_EQ(json(*i.evaluate("strings.ToUpper(a)", errors)), "\"X\"");
  EXPECT_FALSE(i.evaluate("b", errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].message, "reference \"b\" not found");
}

TEST(CueInstance, StopsAtItsLimits) {
  Limits limits;
  limits.steps = 10'000;
  Instance i = instance("import \"list\"\na: [for x in list.Range(0, 1000, 1) for y in list.Range(0, 1000, 1) {x + y}]\n", limits);
  const Errors all = i.errors();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].code, "limit");
  EXPECT_FALSE(i.lookup("a").exists());
}

TEST(CueInstance, NumbersKeepTheirKind) {
  Instance i = instance("a: 1.0\nb: 12345678901234567890123\nc: 18446744073709551615\n");
  Errors errors;
  EXPECT_EQ(json(i.lookup("a")), "1.0");
  EXPECT_EQ(json(i.lookup("b")), "12345678901234567890123");
  EXPECT_EQ(js::serialize(*i.lookup("c").to_json(errors)), "18446744073709551615");
}

// ---- laws, on values made at random

class Generating {
 public:
  explicit Generating(unsigned seed) : random_(seed) {}

  std::string value(int depth = 0) {
    switch (random_() % (depth < 3 ? 8 : 5)) {
      case 0: return pick({"1", "2", "\"x\"", "true", "null", "1.5"});
      case 1: return pick({"int", "string", "number", "_", "bool"});
      case 2: return pick({">0", "<3", "!=2", ">=1 & <=2"});
      case 3: return "(" + pick({"*1 | int", "1 | 2", "\"x\" | *\"y\"", "null | string"}) + ")";
      case 4: return pick({"[...int]", "[1, 2]", "[...]", "[_, 2]"});
      default: return structure(depth);
    }
  }

 private:
  std::string pick(std::initializer_list<const char*> all) { return *(all.begin() + random_() % all.size()); }
  std::string structure(int depth) {
    std::string out = "{";
    for (unsigned n = random_() % 4; n > 0; --n)
      out += pick({"a", "b", "c", "d?", "e!"}) + ": " + value(depth + 1) + ", ";
    return out + "}";
  }
  std::mt19937 random_;
};

// All that can be told of a value, fields by name.
std::string shown(const View& view) {
  if (const auto error = view.error()) return "_|_[" + error->code + "]";
  std::string out = view.kind();
  std::vector<std::string> fields;
  for (const Field& each : view.fields())
    fields.push_back(each.label + (each.optional ? "?" : each.required ? "!" : "") + ":" + shown(each.value));
  std::ranges::sort(fields);
  for (const std::string& each : fields) out += " " + each;
  Errors none;
  return "(" + out + ")" + (fields.empty() ? view.json_text(none).value_or("") : "");
}

std::string evaluated(const std::string& expression) { return shown(instance("x: " + expression + "\n").lookup("x")); }

TEST(CueLaws, UnificationCommutes) {
  Generating g(1);
  for (int n = 0; n < 300; ++n) {
    const std::string a = g.value(), b = g.value();
    EXPECT_EQ(evaluated(a + " & " + b), evaluated(b + " & " + a)) << a << " & " << b;
  }
}

TEST(CueLaws, UnificationAssociates) {
  Generating g(2);
  for (int n = 0; n < 200; ++n) {
    const std::string a = g.value(), b = g.value(), c = g.value();
    EXPECT_EQ(evaluated("(" + a + " & " + b + ") & " + c), evaluated(a + " & (" + b + " & " + c + ")")) << a << " & " << b << " & " << c;
  }
}

TEST(CueLaws, UnificationIsIdempotent) {
  Generating g(3);
  for (int n = 0; n < 300; ++n) {
    const std::string a = g.value();
    EXPECT_EQ(evaluated(a + " & " + a), evaluated(a)) << a;
  }
}

TEST(CueInstance, ShowsWhatASchemaAdmits) {
  Instance i = instance("a: *1 | int\nb: \"x\" | \"y\"\nc: [...{n: int}]\nd: [string]: bool\ne: int\n");
  ASSERT_EQ(i.lookup("a").alternatives().size(), 2u);
  EXPECT_EQ(json(i.lookup("a").alternatives()[0]), "1");
  EXPECT_EQ(i.lookup("a").alternatives()[1].kind(), "int");
  EXPECT_EQ(json(i.lookup("b").alternatives()[1]), "\"y\"");
  EXPECT_EQ(i.lookup("c").rest().field("n").kind(), "int");
  EXPECT_EQ(i.lookup("d").rest().kind(), "bool");
  EXPECT_FALSE(i.lookup("e").rest().exists());
  EXPECT_TRUE(i.lookup("e").alternatives().empty());
}

TEST(CueInstance, WritesAValueAsAnExpression) {
  Instance i = instance("a: {b: *1 | int, _h: 2}\nc: [1, \"x\"]\nd: >=1\n");
  EXPECT_EQ(i.lookup("a").cue_text(), "{\n\tb: 1\n}");
  EXPECT_EQ(i.lookup("c").cue_text(), "[1, \"x\"]");
  EXPECT_EQ(i.lookup("d").cue_text(), ">=1");
}

TEST(CueInstance, FollowsAnOlderRelease) {
  const Source file{"in.cue", "a: true || b.c\nb: {}\nd: {x: 1} == {x: 1}\n"};
  Errors errors;
  const auto module = Module::compile({&file, 1}, {}, errors);
  Instance now(*module), before(*module, {}, Semantics::v0_14);
  EXPECT_EQ(json(now.lookup("a")), "true");
  EXPECT_EQ(json(now.lookup("d")), "true");
  EXPECT_EQ(before.lookup("a").error()->code, "incomplete");
  EXPECT_EQ(before.lookup("d").error()->code, "eval");
}

// Closedness by what the file embeds counts for the file, not for data beside it.
TEST(CueInstance, FillsBesideAnEmbeddedDefinition) {
  Instance i = instance("#H: a: bool\n#H\na: true\ndata: _\n");
  i.fill("data", js::object{{"x", 1}});
  EXPECT_FALSE(i.lookup("").error());
  EXPECT_TRUE(i.errors().empty());
}

TEST(CueLaws, TheOrderOfFieldsChangesNoValue) {
  Generating g(4);
  for (int n = 0; n < 200; ++n) {
    const std::string a = g.value(), b = g.value();
    Instance one = instance("p: " + a + "\nq: " + b + " & p\nr: q\n"), other = instance("r: q\nq: " + b + " & p\np: " + a + "\n");
    for (const char* each : {"p", "q", "r"}) EXPECT_EQ(shown(one.lookup(each)), shown(other.lookup(each))) << a << ", " << b;
  }
}

TEST(CueLaws, EvaluatingTwiceGivesTheSameBytes) {
  Generating g(5);
  for (int n = 0; n < 100; ++n) {
    const std::string text = "x: " + g.value() + " & " + g.value() + "\ny: {for k, v in {a: 1, b: x} {\"\\(k)\": v}}\n";
    std::string bytes[2];
    for (std::string& each : bytes)
      for (const Error& error : instance(text).errors(Demand::complete)) each += error.text();
    EXPECT_EQ(bytes[0], bytes[1]) << text;
  }
}

}  // namespace
}  // namespace oam::cue
