// Every file of the corpus comes out as `cue fmt` writes it, and comes out so again;
// what exporters wrote comes out the same from its tree alone.
#include <iostream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "corpus.hpp"
#include "cue/format/format.hpp"
#include "cue/parse/parse.hpp"
#include "strip.hpp"

namespace oam::cue {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

// The reference moves a comment out of the struct that it ends.
const std::set<std::string> kKnownDifferences = {
    "cue/eval-inline/eval__merge/in/in.cue",
    "cue/eval-v0141-tree/eval__merge/in/in.cue",
};

// Exports of v0.14 that look otherwise today (multi-line strings in blanks), a lone
// value, and one whose tree kept the places of its source.
const std::set<std::string> kNotFromTrees = {
    "definitions__issue317", "export__000", "export__001", "export__003", "interpolation__042_multiline_interpolation",
};

std::string digest(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char out[17];
  std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(hash));
  return out;
}

std::string formatted(const std::string& text, bool stripped = false) {
  Arena arena;
  std::vector<SyntaxError> errors;
  const ast::File* file = parse_file(arena, text, 1, errors);
  if (!errors.empty()) return "error: " + errors[0].message;
  if (stripped) strip(*file);
  return format_file(*file);
}

TEST(FormatCorpus, AgreesWithTheReference) {
  SKIP_WITHOUT(kCorpus / "cue");
  std::istringstream lines(slurp(OAM_SOURCE_DIR "/tests/cue/format_corpus.txt"));
  std::size_t total = 0, same = 0;
  for (std::string expected, path; lines >> expected;) {
    std::getline(lines >> std::ws, path);
    if (expected == "#") continue;
    ASSERT_TRUE(fs::exists(kCorpus / path)) << path;
    const std::string text = slurp(kCorpus / path), out = formatted(text);
    const bool agrees = expected == "=" ? out == text : digest(out) == expected;
    ++total;
    same += agrees;
    EXPECT_NE(agrees, kKnownDifferences.contains(path)) << path << "\n" << out;
    EXPECT_EQ(formatted(out), out) << path;
  }
  std::cout << "cue fmt: " << same << " of " << total << " files agree\n";
  EXPECT_GE(same * 1000, total * 995);
}

TEST(FormatCorpus, WritesExportsFromTheirTrees) {
  SKIP_WITHOUT(kCorpus / "cue/eval-v0141-tree");
  std::size_t total = 0;
  for (const fs::path& path : files_below(kCorpus / "cue/eval-v0141-tree", ".json")) {
    if (path.filename() != "case.json" || kNotFromTrees.contains(path.parent_path().filename())) continue;
    const json::value described = parsed(path);
    for (const json::value& check : described.at("checks").as_array()) {
      if (check.at("kind") != "golden-export") continue;
      const std::string text(check.at("text").as_string());
      EXPECT_EQ(formatted(text, true), text) << path;
      ++total;
    }
  }
  std::cout << "exports: " << total << "\n";
  EXPECT_GT(total, 0u);
}

}  // namespace
}  // namespace oam::cue
