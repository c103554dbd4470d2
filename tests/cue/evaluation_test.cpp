// What expressions come to. What is expected was printed by the reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cue/export/tree.hpp"
#include "evaluated.hpp"

#include <boost/json/serialize.hpp>

namespace oam::cue {
namespace {

struct Row {
  const char* name;
  const char* text;
  const char* shown;
};

class Evaluation : public testing::TestWithParam<Row> {};

TEST_P(Evaluation, IsThatOfTheReference) {
  Evaluated e(GetParam().text);
  EXPECT_EQ(e.evaluator().describe(e.root()), GetParam().shown);
}

constexpr Row kRows[] = {
    {"CloseTakesTheDefault", "a: close(*{b: 1} | 0)", "{a:{b:1}}"},
    {"CloseOfAChosenDefault", "a: *{b: 1, c?: int} | {d: 2}\nx: close(a)\ny: x & {c: 3}",
     "{a:*{b:1,c?:int} | {d:2},x:{b:1,c?:int},y:{c:3,b:1}}"},
    {"CloseOfAChoiceLeavesItOpen", "x: close(*{b: 1} | {d: 2})\ny: x & {c: 3}\nz: {x, c: 3}", "{x:{b:1},y:{c:3,b:1},z:{c:3,b:1}}"},
    {"EmbeddedFieldThatAGuardMakes", "A: a: 1\nD: {m: 1, if m == 1 {f: \"\\(0)\": A}, f: {}, f[\"0\"]}",
     "{A:{a:1},D:{m:1,f:{\"0\":{a:1}},a:1}}"},
    {"AlternativeThatLeadsBackToItself",
     "#D: or([for k, v in #A {(k): v}])\n#A: {s: string, t: string, r: #D}\no: #D & {r: s: \"x\"}",
     "{#D:{s:string} | {t:string},#A:{s:string,t:string,r:{s:string} | {t:string}},o:{r:{s:\"x\"}}}"},
    {"DefaultOfAlternativesThatAreEqualSoFar",
     "#D: {\n*{} | {a: 1}\n*{} | {c: 1}\n*{} | {e: 1}\n}\nx: #D & {a: 1, e: 1}\ny: x.a",
     "{#D:*{} | {e:1} | {c:1} | {c:1,e:1} | {a:1} | {a:1,e:1} | {a:1,c:1} | {a:1,c:1,e:1},"
     "x:*{a:1,e:1} | {a:1,e:1,c:1},y:1}"},
    {"DefaultThatARingGoesThrough", "d: e - 1\ne: 1 + d\ne: *2 | 0", "{d:1,e:*2 | 0}"},
    {"WordsBetweenOperands", "a: 7 div 2 + 1\nb: [9 quo 4, -5 rem 3]\nmod: 7 mod 4 * 2", "{a:4,b:[2,-2],mod:6}"},
    {"ElementOfAListThatABuiltinMade",
     "import \"strings\"\nt: {o: strings.Split(\"a,b\", \",\")[1]}\nx: t & {o: string}\ny: t.o & string\nz: close(t) & {o: \"b\"}",
     "{t:{o:\"b\"},x:{o:\"b\"},y:\"b\",z:{o:\"b\"}}"},
    {"ElementsAreEqualByKindToo", "import \"list\"\na: [5, 5.0] & list.UniqueItems\nb: list.Contains([5], 5.0)\nc: 5 == 5.0",
     "{a:[5,5.0],b:false,c:true}"},
    {"AlternativesThatAreNotEqual", "#B: {h?: null | 1, a?: int}\nx: #B & (*{h?: null} | {}) & ({a: 1} | {})",
     "{#B:{h?:null | 1,a?:int},x:*{h?:null,a:1} | *{h?:null,a?:int} | {a:1,h?:null | 1} | {h?:null | 1,a?:int}}"},
    {"MarksOfANestedDisjunctionAreMasked", "r: (*3 | (*1 | 2)) & (1 | 2)\nx: *r | 4", "{r:1 | 2,x:1 | 2 | 4}"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Evaluation, testing::ValuesIn(kRows), [](const auto& info) { return info.param.name; });

TEST(Evaluation, UnifiesWithAnElementOfAListThatABuiltinMade) {
  Evaluated e("import \"strings\"\nt: {o: strings.Split(\"a,b\", \",\")[1]}\nx: t & {o: \"c\"}");
  EXPECT_EQ(e.json(), "error: conflicting values \"b\" and \"c\"");
}

TEST(Evaluation, ShowsAListThatIsRefusedWhole) {
  Evaluated e("import \"list\"\na: [1, 2]\na: list.MinItems(3)");
  EXPECT_THAT(e.json(), testing::StartsWith("error: invalid value [1,2] (does not satisfy list.MinItems(3))"));
}

TEST(Evaluation, TellsOfABoundOnAStruct) {
  Evaluated e("n: {}\nm: {b: n}\nx: {b: >0, m}");
  EXPECT_THAT(e.json(), testing::HasSubstr("(mismatched types number and struct)"));
}

std::string tree(const char* text) {
  Evaluated e(text);
  return boost::json::serialize(tree_json(e.evaluator(), e.root()));
}

TEST(Tree, ShowsStructsOfADisjunctionAndArguments) {
  EXPECT_EQ(tree("d: {a: 1} | {b: 2}"),
            R"__({"kind":"struct","arcs":[{"label":"d","let":false,"constraint":"","v":{"kind":"struct",)__"
            R"__("value":"|((struct){\n  a: (int){ 1 }\n}, (struct){\n  b: (int){ 2 }\n})"}}]})__");
  EXPECT_EQ(tree("m: matchN(1, [int])"),
            R"__({"kind":"struct","arcs":[{"label":"m","let":false,"constraint":"","v":{"kind":"_",)__"
            R"__("value":"matchN(1, (#list){\n  0: (_|_){\n  }\n})"}}]})__");
}

TEST(Tree, HasNothingBelowAFailedDisjunction) {
  EXPECT_THAT(tree("p: {\na\na: a: 2 | 1\n}"), testing::HasSubstr(R"__("label":"a","let":false,"constraint":"","v":{"kind":"_","value":"_"})__"));
}

}  // namespace
}  // namespace oam::cue
