// What is worked out the short way is what the long way gives.
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "corpus.hpp"
#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"
#include "cue/export/json.hpp"
#include "cue/export/syntax.hpp"
#include "cue/load.hpp"

namespace oam::cue {
namespace {

constexpr Limits kLimits{.steps = 200'000, .memory = std::size_t{1} << 28, .depth = 1000};

// What the evaluation is worth to those who look at it.
std::string shown(Evaluator& e) {
  std::string all;
  e.guarded([&] {
    e.finalize(e.root());
    if (const Bottom* wrong = e.validate(e.root(), {.all_errors = true})) all += "wrong: " + e.message(*wrong) + "\n";
    const Bottom* error = nullptr;
    const auto json = json_text(e, e.root(), error, 1);
    all += json ? *json : "error: " + e.message(*error);
    all += "\n" + cue_text(e, e.root(), SyntaxOptions::eval());
  });
  if (const Bottom* limit = e.limit_error()) all += e.message(*limit);
  return all;
}

class Written {
 public:
  explicit Written(const std::string& text) {
    std::vector<LoadError> errors;
    program_ = load_program({{"in.cue", text}}, {}, errors);
    if (!errors.empty()) program_.reset();
  }
  explicit operator bool() const { return program_ != nullptr; }
  // Nothing: it is not that plain.
  std::optional<std::string> the_short_way() {
    Evaluator e(*program_, kLimits);
    e.leave_optional();
    return e.settle_directly() && e.settle_definitions() ? std::optional(shown(e)) : std::nullopt;
  }
  std::string the_long_way() {
    Evaluator e(*program_, kLimits);
    e.leave_optional();   // as an Instance does
    return shown(e);
  }

 private:
  std::unique_ptr<Program> program_;
};

class Plain : public testing::TestWithParam<const char*> {};

TEST_P(Plain, IsTheSameBothWays) {
  Written text(GetParam());
  ASSERT_TRUE(text);
  const auto given = text.the_short_way();
  ASSERT_TRUE(given) << "goes the long way";
  EXPECT_EQ(*given, text.the_long_way());
}

INSTANTIATE_TEST_SUITE_P(Direct, Plain, testing::Values(
    "a: 1, b: a + 1",
    "a: b, b: {c: 1, d: c}",
    "p: {x: int, y?: string, z: *3 | int}, p: {x: 1}, out: {a: p.x, if p.y != _|_ {b: p.y}, c: p.z}",
    "p: {l?: [...{n: string, v: *\"a\" | string}]}, p: {l: [{n: \"x\"}, {n: \"y\", v: \"b\"}]}, out: [for e in p.l {k: e.n, w: e.v}]",
    "p: [string]: int, p: {a: 1, b: 2}, out: {for k, v in p {\"\\(k)-\\(v)\": v}}",
    "#D: {kind: string, made: {if kind == \"a\" {x: 1}, if kind == \"b\" {y: 2}}}, out: (#D & {kind: \"b\"}).made",
    "x: {if true {1}}, n: *\"a\" | string, n: \"b\", m: *\"a\" | string",
    "let t = {a: 1}, b: t.a, c: [if b == 1 {2}, 3][0]",
    "a: int & >0 & <10, a: 3, b: !(a == 4), c: -a, d: 1.5, e: a * d",
    "a: {b: 1}, c: a & {d: 2}, e: {a, f: 3}",
    "a: [1, 2, ...], a: [1, 2, 3], b: [...int], c: len(a)",
    "import \"strings\"\na: strings.ToUpper(\"x\"), b: strings.Join([a, \"y\"], \"-\")",
    "_h: 1, #D: {a?: int}, o?: string, x: _h, d: #D & {a: 2}"));

class NotPlain : public testing::TestWithParam<const char*> {};

TEST_P(NotPlain, GoesTheLongWay) {
  Written text(GetParam());
  ASSERT_TRUE(text);
  EXPECT_FALSE(text.the_short_way());
}

INSTANTIATE_TEST_SUITE_P(Direct, NotPlain, testing::Values(
    "a: 1, a: 2",
    "a: b, b: a",
    "a: {b: a}",
    "#D: {a: 1}, d: #D & {b: 2}",
    "a: string, b: \"\\(a)\"",
    "a: {b?: int, if b == _|_ {c: 1}, if a.c == 1 {b: 2}}",
    "#D: {_h: {}}, d: #D & {_h: b: 1}",
    "x: {a: b: \"c\", (a.b): \"d\", (x.c): \"e\"}",
    "a: {b: 1, if b == 1 {b: int}}",
    "a: {c: 1} | {d: 2}",
    "a!: int"));

// Each text of the corpora by itself.
TEST(Direct, AgreesOnTheCorpora) {
  SKIP_WITHOUT(kCorpus);
  std::size_t plain = 0, total = 0;
  std::set<std::string> seen;
  for (const auto& path : files_below(kCorpus, ".cue")) {
    const std::string written = slurp(path);
    if (!seen.insert(written).second) continue;
    Written text(written);
    if (!text) continue;
    ++total;
    const auto given = text.the_short_way();
    if (!given) continue;
    ++plain;
    EXPECT_EQ(*given, text.the_long_way()) << path;
  }
  std::cout << plain << " of " << total << " texts go the short way\n";
}

// ---- texts made at random, most of which make sense

class Generating {
 public:
  explicit Generating(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string all;
    all += "a: {x: 1, y: \"s\"" + std::string(below(2) ? ", z: [1, 2]" : "") + "}\n";
    all += "b: " + structure(1) + "\n";
    if (below(2)) all += "c: " + expression(1) + "\n";
    if (below(3) == 0) all += "b: " + structure(2) + "\n";
    if (below(3) == 0) all += "_h: " + expression(1) + "\n";
    return all + "#D: " + (below(2) ? structure(2) : "{x: int, y?: string, z: *x | int, ...}") + "\n";
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string pick(std::initializer_list<const char*> all) { return *(all.begin() + below(static_cast<unsigned>(all.size()))); }
  std::string name() { return pick({"x", "y", "z", "q", "_i"}); }
  std::string reference() { return pick({"a.x", "a.x", "a.y", "a.z", "a", "b.x", "b.y", "x", "y", "z", "c", "#D", "_h"}); }

  std::string scalar() { return pick({"1", "1", "2", "\"s\"", "\"t\"", "true", "null", "1.5", "int", "_", "*1 | int", "*\"s\" | string", "int & >0 & <9"}); }
  std::string expression(int depth) {
    switch (below(depth < 3 ? 13 : 7)) {
      case 0: case 1: return scalar();
      case 2: case 3: return reference();
      case 4: return reference() + " + " + pick({"1", "\"s\"", "a.x"});
      case 5: return "\"\\(" + reference() + ")-\"";
      case 6: return "len(" + reference() + ")";
      case 7: return structure(depth + 1);
      case 8: return reference() + " & " + structure(depth + 1);
      case 9: return "[" + expression(depth + 1) + ", if " + guard() + " {" + expression(depth + 1) + "}, " + expression(depth + 1) + "][0]";
      case 10: return "[for k, v in " + reference() + " {" + pick({"v", "at: k, is: v", "if v != _|_ {v}", "x: v.x"}) + "}]";
      case 11: return "[..." + expression(depth + 1) + "] & [" + expression(depth + 1) + "]";
      default: return "(" + structure(depth + 1) + ")." + pick({"x", "y", "z"});
    }
  }
  std::string guard() {
    switch (below(5)) {
      case 0: return reference() + " != _|_";
      case 1: return reference() + " == _|_";
      case 2: return reference() + " == " + pick({"1", "\"s\"", "true"});
      case 3: return reference() + " != _|_ && " + reference() + " == _|_";
      default: return "!(" + reference() + " == 1) || true";
    }
  }
  std::string field(const std::string& label, int depth) { return label + pick({": ", ": ", ": ", "?: "}) + expression(depth); }
  std::string structure(int depth) {
    std::string all = "{";
    for (unsigned n = below(4); n > 0; --n) {
      switch (below(9)) {
        case 0: all += "if " + guard() + " {" + field(name(), depth + 1) + "}, "; break;
        case 1: all += "for k, v in " + reference() + " {\"\\(k)\": v}, "; break;
        case 2: all += "[string]: " + scalar() + ", "; break;
        case 3: all += reference() + ", "; break;
        case 4: all += "(" + pick({"\"x\"", "\"q\"", "a.x"}) + "): " + expression(depth + 1) + ", "; break;
        case 5: all += pick({"...", "let l = a, m: l", "_"}) + ", "; break;
        default: all += field(pick({"x", "y", "z"}), depth + 1) + ", "; break;
      }
    }
    return all + "}";
  }

  std::mt19937 random_;
};

TEST(Direct, AgreesOnTextsMadeAtRandom) {
  const char* wanted = std::getenv("OAM_DIRECT_SEEDS");   // more of them, by hand
  const auto seeds = wanted ? static_cast<unsigned>(std::atoi(wanted)) : 5'000u;
  std::size_t plain = 0;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    const std::string made = Generating(seed).text();
    Written text(made);
    const auto given = text ? text.the_short_way() : std::nullopt;
    if (!given) continue;
    ++plain;
    ASSERT_EQ(*given, text.the_long_way()) << "seed " << seed << ":\n" << made;
  }
  EXPECT_GT(plain, 100u);
  std::cout << plain << " texts go the short way\n";
}

}  // namespace
}  // namespace oam::cue
