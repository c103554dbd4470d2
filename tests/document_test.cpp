#include <thread>

#include <gtest/gtest.h>

#include <oam/json.hpp>

#include "support/document.hpp"
#include "support/json.hpp"

namespace oam::tests {
namespace {

std::string first_code(std::string text, Limits limits = {}, std::string name = "t.yaml") {
  Diagnostics problems;
  const Source source{std::move(name), std::move(text)};
  const auto documents = read(std::span(&source, 1), limits, problems);
  return problems.empty() ? "" : std::string(problems.items()[0].code);
}

Value one(const std::string& text, const std::string& name = "t.yaml") {
  Diagnostics problems;
  const Source source{name, text};
  const auto documents = read(std::span(&source, 1), {}, problems);
  EXPECT_TRUE(documents && documents->size() == 1) << problems;
  return documents && documents->size() == 1 ? (*documents)[0] : share(nullptr);
}

TEST(Read, EveryLimitHasItsCode) {
  Limits limits;
  limits.bytes = 10;
  EXPECT_EQ(first_code("aaaaaaaaaaaaaaaaaaaa", limits), "too-large");
  limits = {};
  limits.depth = 3;
  EXPECT_EQ(first_code("[[[[1]]]]", limits), "too-deep");
  EXPECT_EQ(first_code("- - - - 1", limits), "too-deep");
  EXPECT_EQ(first_code("[[[[1]]]]", limits, "t.json"), "too-deep");
  limits = {};
  limits.nodes = 3;
  EXPECT_EQ(first_code("[1, 2, 3, 4]\n# yaml", limits), "too-many-nodes");
  limits = {};
  limits.expansion = 5;
  EXPECT_EQ(first_code("a: &a [1, 2, 3]\nb: [*a, *a]", limits), "alias-expansion");
  limits = {};
  limits.documents = 1;
  EXPECT_EQ(first_code("a: 1\n---\nb: 2", limits), "too-many-documents");
}

TEST(Read, DuplicateKeysAreRefusedInBothForms) {
  EXPECT_EQ(first_code("a: 1\na: 2\n"), "duplicate-key");
  EXPECT_EQ(first_code("{\"a\": 1, \"a\": 2}", {}, "t.json"), "duplicate-key");
}

TEST(Read, JsonNumbersAreExact) {
  EXPECT_EQ(dump(*one("[18446744073709551615, -9223372036854775808, 0.1, 1e-400]", "t.json"), Format::json, 0),
            "[18446744073709551615,-9223372036854775808,0.1,0.0]");
  EXPECT_EQ(first_code("[18446744073709551616]", {}, "t.json"), "number-out-of-range");
  EXPECT_EQ(first_code("[1e999]", {}, "t.json"), "number-out-of-range");
}

TEST(Read, MergesKeepWhatIsWritten) {
  EXPECT_EQ(dump(*one("a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}\n"), Format::json, 0), R"({"a":{"x":1,"z":2},"b":{"x":3,"z":2}})");
}

TEST(Read, AmbiguousScalarsAreWarnedOf) {
  for (const char* text : {"a: yes", "a: 0755", "a: 1_000", "on: 1", "a: 0b11"}) EXPECT_EQ(first_code(text), "ambiguous-scalar") << text;
  for (const char* text : {"a: true", "a: 755", "a: 'yes'", "a: 0.5", "a: 2001-01-01"}) EXPECT_EQ(first_code(text), "") << text;
}

TEST(Read, AnErrorAtTheEndPointsAtTheLastCharacter) {
  Diagnostics problems;
  const Source source{"t.yaml", "a: [1,\n   2\n\n"};
  EXPECT_FALSE(read(std::span(&source, 1), {}, problems));
  EXPECT_EQ(problems.items()[0].where.line, 2u);
  EXPECT_EQ(problems.items()[0].where.column, 4u);
}

TEST(Read, TextThatIsNotUtf8) { EXPECT_EQ(first_code("a: \xff"), "invalid-utf8"); }

// A value is immutable and shared by threads, so copying it must touch nothing of its own.
TEST(ConcurrentValues, AreCopiedOnAnyThread) {
  const Value value = one("a: {list: [1, 2, 3], text: longer than any text held in place}");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([value] {
      for (int n = 0; n < 100; ++n) {
        boost::json::value copy = *value;
        copy.as_object()["a"].as_object()["more"] = std::string(100, 'x');
        EXPECT_EQ(copy.as_object().size(), 1u);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(detail::to_json(*value), R"({"a":{"list":[1,2,3],"text":"longer than any text held in place"}})");
}

TEST(Dump, WhatCouldBeMisreadIsQuoted) {
  const boost::json::array words{"yes", "0755", "1_000", "null", "1:20", "2001-01-01", "", "a: b", "- x", "#", "~", "0x1f", "line\nbreak\n",
                                 " lead", "trail ", "tab\t", "\x01", "é", "=", "<<", "true", ".5", "1e3"};
  const std::string text = dump(words, Format::yaml);
  Diagnostics problems;
  const Source source{"t.yaml", text};
  const auto documents = read(std::span(&source, 1), {}, problems);
  ASSERT_TRUE(documents) << problems << text;
  EXPECT_EQ(*(*documents)[0], boost::json::value(words)) << text;
  EXPECT_TRUE(problems.empty()) << problems;
}

TEST(Dump, FloatsStayFloats) {
  EXPECT_EQ(dump(boost::json::array{5.0, 1e21, 0.1, 1e-7}, Format::json, 0), "[5.0,1.0e+21,0.1,1.0e-07]");
}

TEST(Locate, FindsKeysValuesAndWhatIsMissing) {
  Diagnostics problems;
  const Source source{"t.yaml", "x: 1\n---\na:\n  b: [10, 20]\n"};
  const auto documents = read(std::span(&source, 1), {}, problems);
  EXPECT_EQ(documents->locate({1, "/a/b/1"}).column, 11u);
  EXPECT_EQ(documents->locate({1, "/a/b"}, true).column, 3u);
  EXPECT_EQ(documents->locate({1, "/a/nothing/here"}).line, 4u);
}

TEST(Locate, FindsPlacesInJson) {
  Diagnostics problems;
  const Source source{"t.json", "{\"a\": {\n  \"b\": [10, \"x\"]}}"};
  const auto documents = read(std::span(&source, 1), {}, problems);
  EXPECT_EQ(documents->locate({0, "/a/b/1"}).line, 2u);
  EXPECT_EQ(documents->locate({0, "/a/b/1"}).column, 13u);
  EXPECT_EQ(documents->locate({0, "/a/b"}, true).column, 3u);
}

TEST(Locate, ReadsEscapesInJsonKeys) {
  Diagnostics problems;
  const Source source{"t.json", R"({"first": 1, "q\"\u0062": [2], "last": 3})"};
  const auto documents = read(std::span(&source, 1), {}, problems);
  EXPECT_EQ(documents->locate({0, "/q\"b"}, true).column, 14u);
  EXPECT_EQ(documents->locate({0, "/q\"b/0"}).column, 28u);
}

}  // namespace
}  // namespace oam::tests
