// The order of exported fields. What is expected was printed by the reference.
#include <gtest/gtest.h>

#include "cue/export/field_graph.hpp"
#include "evaluated.hpp"

namespace oam::cue {
namespace {

struct Row {
  const char* name;
  const char* text;
  const char* json;
};

class Order : public testing::TestWithParam<Row> {};

TEST_P(Order, IsThatOfTheReference) { EXPECT_EQ(Evaluated(GetParam().text).json(), GetParam().json); }

constexpr Row kRows[] = {
    {"AsWritten", "x: {z: 1, y: 2}", R"({"x":{"z":1,"y":2}})"},
    {"DeclarationsOfOnePlace", "c: {z: 1, y: 1}\nc: {x: 1, w: 1}", R"({"c":{"z":1,"y":1,"x":1,"w":1}})"},
    {"OperandsSayNothingOfEachOther", "x: {z: 1, y: 1} & {y: 1, w: 1, z: 1}", R"({"x":{"w":1,"y":1,"z":1}})"},
    {"EmbeddingsInOrder", "_b: {x: 1, w: 1}\n_a: {z: 1, y: 1}\nc: {_a, _b}", R"({"c":{"z":1,"y":1,"x":1,"w":1}})"},
    {"EmbeddingByItsFieldsPlace", "_a: {y: 1, x: 2}\nb: {z: 3, _a}", R"({"b":{"y":1,"x":2,"z":3}})"},
    {"ReferencesByTheirPlace", "_a: {x: 5}\n_b: {y: 7}\nc: _b\nc: _a", R"({"c":{"y":7,"x":5}})"},
    {"Dynamic", "for x in [\"B\", \"A\"] {(x): 1, \"\\(x)x\": 2}", R"({"B":1,"Bx":2,"A":1,"Ax":2})"},
    {"ComprehensionFirst", "b: {q: 1, for k, v in {z: 1, b: 2} {(k): v}, a: 2}", R"({"b":{"z":1,"b":2,"q":1,"a":2}})"},
    {"Definition", "#D: {c: int, a: string}\nx: #D & {a: \"s\", c: 1}", R"({"x":{"a":"s","c":1}})"},
    {"Data", "import \"encoding/json\"\na: json.Unmarshal(\"{\\\"z\\\":1,\\\"b\\\":2}\")", R"({"a":{"z":1,"b":2}})"},
    {"Marshal", "import \"encoding/json\"\ne: json.Marshal({z: 1, a: 2})", R"({"e":"{\"z\":1,\"a\":2}"})"},
    {"Guards", "a: {if true {z: 1}, b: 1, if true {a: 1, c: 3}}", R"({"a":{"z":1,"b":1,"a":1,"c":3}})"},
    {"Default", "a: *{z: 1, b: 2} | {b: 3}", R"({"a":{"z":1,"b":2}})"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Order, testing::ValuesIn(kRows), [](const auto& info) { return info.param.name; });

TEST(FieldGraph, KeepsCyclesTogetherByRank) {
  FieldGraph graph(4);   // 3 -> 1 <-> 0 -> 2
  graph.add_edge(3, 1);
  graph.add_edge(1, 0);
  graph.add_edge(0, 1);
  graph.add_edge(0, 2);
  EXPECT_EQ(graph.sorted({0, 1, 2, 3}), (std::vector<std::uint32_t>{3, 0, 1, 2}));
}

TEST(FieldGraph, SortsALongChainWithoutRecursion) {
  constexpr std::uint32_t kNodes = 200'000;
  FieldGraph graph(kNodes);
  std::vector<std::uint32_t> rank(kNodes);
  for (std::uint32_t i = 0; i < kNodes; ++i) rank[i] = i;
  for (std::uint32_t i = 1; i < kNodes; ++i) graph.add_edge(i, i - 1);
  EXPECT_EQ(graph.sorted(rank).front(), kNodes - 1);
}

// Where fields stand never changes what they are.
TEST(Order, OfDeclarationsDoesNotChangeTheSet) {
  const std::string a = Evaluated("x: {a: 1, b: 2}\nx: {c: 3}").json();
  const std::string b = Evaluated("x: {c: 3}\nx: {a: 1, b: 2}").json();
  EXPECT_EQ(a, R"({"x":{"a":1,"b":2,"c":3}})");
  EXPECT_EQ(b, R"({"x":{"c":3,"a":1,"b":2}})");
}

}  // namespace
}  // namespace oam::cue
