// Values as JSON and YAML. What is expected was printed by the reference.
#include <gtest/gtest.h>

#include "evaluated.hpp"

namespace oam::cue {
namespace {

TEST(JsonText, WritesNumbersAsTheReference) {
  const auto one = [](const char* literal) { return Evaluated(literal).json(); };
  EXPECT_EQ(one("1.0"), "1.0");
  EXPECT_EQ(one("1e3"), "1E+3");
  EXPECT_EQ(one("0x10"), "16");
  EXPECT_EQ(one("1K"), "1000");
  EXPECT_EQ(one("0.1 + 0.2"), "0.3");
  EXPECT_EQ(one("1e-7"), "1E-7");
  EXPECT_EQ(one("100000000000000000000000000000000000001"), "100000000000000000000000000000000000001");
  EXPECT_EQ(one("1/3"), "0.3333333333333333333333333333333333");
}

TEST(JsonText, EscapesWhatJsonMust) {
  EXPECT_EQ(Evaluated(R"("x\ty\n\u0001\u007f\u2028 <>& \" \\")").json(), "\"x\\ty\\n\\u0001\x7f\\u2028 <>& \\\" \\\\\"");
  EXPECT_EQ(Evaluated(R"('bytes\x00\xff')").json(), R"("Ynl0ZXMA/w==")");
}

TEST(JsonText, IndentsAsTheReference) {
  EXPECT_EQ(Evaluated("a: [1, {b: 2}]\nc: {}\nd: []").json(4),
            "{\n    \"a\": [\n        1,\n        {\n            \"b\": 2\n        }\n    ],\n    \"c\": {},\n    \"d\": []\n}");
}

TEST(JsonText, TakesDefaultsAndLeavesOutWhatIsNotRegular) {
  EXPECT_EQ(Evaluated("a: *1 | int\n#d: 1\n_h: 2\no?: 3\nl: [1, ...]").json(), R"({"a":1,"l":[1]})");
}

TEST(JsonText, SaysWhatIsNotConcrete) {
  EXPECT_EQ(Evaluated("a: int").json().substr(0, 6), "error:");
  EXPECT_EQ(Evaluated("a!: 1").json().substr(0, 6), "error:");
}

TEST(YamlText, WritesBlockStyle) {
  EXPECT_EQ(Evaluated("a: [1, {b: 2, c: [3]}]\nd: {}\ne: []\nh: {g: true}").yaml(),
            "a:\n  - 1\n  - b: 2\n    c:\n      - 3\nd: {}\ne: []\nh:\n  g: true\n");
}

TEST(YamlText, QuotesWhatWouldReadAsSomethingElse) {
  EXPECT_EQ(Evaluated(R"(a: "true", b: "1", c: "null", d: "x: y", e: "plain", h: "")").yaml(),
            "a: \"true\"\nb: \"1\"\nc: \"null\"\nd: 'x: y'\ne: plain\nh: \"\"\n");
}

TEST(YamlText, KnowsBytesFloatsAndLines) {
  EXPECT_EQ(Evaluated("a: 'x'\nb: 1.0\nc: \"l1\\nl2\\n\"").yaml(), "a: !!binary eA==\nb: 1.0\nc: |\n  l1\n  l2\n");
}

TEST(YamlText, IsTheSameTwice) {
  Evaluated value("a: {b: 1, c: [1, 2]}");
  EXPECT_EQ(value.yaml(), value.yaml());
}

}  // namespace
}  // namespace oam::cue
