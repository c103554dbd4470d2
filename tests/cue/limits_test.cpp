// Texts that would take for ever or fill the machine stop at a limit that says which.
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"
#include "cue/export/json.hpp"
#include "cue/export/syntax.hpp"
#include "cue/export/tree.hpp"
#include "cue/load.hpp"

namespace oam::cue {
namespace {

std::string stops(const std::string& text, Limits limits = {}) {
  std::vector<LoadError> errors;
  const auto program = load_program({{"in.cue", text}}, {}, errors);
  EXPECT_TRUE(errors.empty());
  Evaluator e(*program, limits);
  e.guarded([&] { e.finalize(e.root()); });
  const Bottom* wrong = nullptr;
  if (!e.limit_error()) json_text(e, e.root(), wrong);
  return e.limit_error() ? e.message(*e.limit_error()) : "";
}

std::string doubling(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i)
    text += "a" + std::to_string(i) + ": {x: a" + std::to_string(i + 1) + ", y: a" + std::to_string(i + 1) + "}\n";
  return text + "a" + std::to_string(levels) + ": 1\n";
}

TEST(Limits, Steps) {
  EXPECT_EQ(stops("l: [for a in m for b in m for c in m for d in m {a}]\nm: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n", {.steps = 1000}),
            "evaluation stopped: limit on steps reached");
}
TEST(Limits, StepsCountTheWayRoundARing) {
  EXPECT_EQ(stops("p: {let P = {p}, x: P.x, P.x}\n", {.steps = 1'000'000}), "evaluation stopped: limit on steps reached");
}
TEST(Limits, Memory) {
  EXPECT_EQ(stops("x: \"a\" * 1000000\ny: x * 1000000\n"), "evaluation stopped: limit on memory reached");
}
TEST(Limits, TextsAreMeasuredBeforeTheyAreMade) {
  const auto grown = [](const std::string& twice) {
    std::string text = "a0: \"xxxxxxxxxxxxxxxx\"\n";
    for (int i = 0; i < 40; ++i) text += "a" + std::to_string(i + 1) + ": " + absl::StrReplaceAll(twice, {{"A", "a" + std::to_string(i)}}) + "\n";
    return stops(text, {.memory = 10u << 20});
  };
  EXPECT_EQ(grown("\"\\(A)\\(A)\""), "evaluation stopped: limit on memory reached");
  EXPECT_EQ(grown("A + A"), "evaluation stopped: limit on memory reached");
}
// `length` fields, each one more than the next, the last one more than `end`.
std::string chain(int length, const std::string& end) {
  std::string text;
  for (int i = 0; i < length; ++i) text += "a" + std::to_string(i) + ": a" + std::to_string(i + 1) + " + 1\n";
  return text + "a" + std::to_string(length) + ": " + end + "\n";
}

TEST(Limits, Depth) {
  std::string chains;
  for (int i = 0; i < 20; ++i) chains += "s" + std::to_string(i) + ": {" + chain(200, "s" + std::to_string(i + 1) + ".a0") + "}\n";
  EXPECT_EQ(stops(chains + "s20: a0: 1\n"), "evaluation stopped: limit on depth reached");
}
TEST(Limits, ChainsOfALargeStructAreNotDeep) { EXPECT_EQ(stops(chain(5000, "1")), ""); }
TEST(Limits, OutputOfSharedValues) {
  EXPECT_EQ(stops(doubling(60), {.memory = 10u << 20}), "evaluation stopped: limit on output reached");
  EXPECT_EQ(stops(doubling(4)), "");
}

}  // namespace
}  // namespace oam::cue
