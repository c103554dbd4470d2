// Values as CUE syntax. The folder syntax/ holds texts and what the reference prints of
// them. Where the reference is there it is asked itself whether it reads what we print.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include <gtest/gtest.h>

#include "cue/parse/parse.hpp"
#include "corpus.hpp"
#include "evaluated.hpp"

namespace oam::cue {
namespace {

namespace fs = std::filesystem;

// "-- name --" lines and what follows each.
std::map<std::string, std::string> sections(const std::string& text) {
  std::map<std::string, std::string> all;
  std::string* current = nullptr;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("-- ") && line.ends_with(" --")) current = &all[line.substr(3, line.size() - 6)];
    else if (current) *current += line + "\n";
  }
  return all;
}

SyntaxOptions options(const std::string& command) {
  SyntaxOptions o = SyntaxOptions::eval();
  if (command == "def") return SyntaxOptions::def();
  if (command == "export --out cue") return SyntaxOptions::exported();
  if (command == "eval -c") return SyntaxOptions::concrete();
  if (command == "eval -a") o.optional = o.hidden = true;
  if (command == "eval -A") o.attributes = true;
  return o;
}

class Syntax : public testing::TestWithParam<std::string> {};

std::string golden(const std::string& name) { return slurp(fs::path(OAM_SOURCE_DIR "/tests/cue/syntax") / (name + ".txt")); }

TEST_P(Syntax, IsThatOfTheReference) {
  const auto parts = sections(golden(GetParam()));
  ASSERT_GT(parts.size(), 1u);
  Evaluated value(parts.at("in.cue"));
  for (const auto& [command, text] : parts) {
    if (command == "in.cue") continue;
    EXPECT_EQ(value.cue(options(command)), text) << command;
  }
}

TEST_P(Syntax, CanBeReadAgain) {
  Evaluated value(sections(golden(GetParam())).at("in.cue"));
  for (const std::string& text : {value.eval(), value.def()}) {
    Arena arena;
    std::vector<SyntaxError> errors;
    parse_file(arena, text, 1, errors);
    EXPECT_TRUE(errors.empty()) << text << errors[0].message;
  }
}

TEST_P(Syntax, OfWhatWasPrintedIsTheSameAgain) {
  const std::string once = Evaluated(sections(golden(GetParam())).at("in.cue")).def();
  EXPECT_EQ(Evaluated(once).json(), Evaluated(sections(golden(GetParam())).at("in.cue")).json());
}

std::string reference() {
  const char* named = std::getenv("OAM_CUE_REFERENCE");
  if (named) return named;
  return std::system("cue version >/dev/null 2>&1") == 0 ? "cue" : "";
}

// Its standard output; nothing if it fails.
std::optional<std::string> output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  for (char buffer[4096]; const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe);) out.append(buffer, n);
  return pclose(pipe) == 0 ? std::optional(out) : std::nullopt;
}

TEST_P(Syntax, MeansTheSameToTheReference) {
  const std::string cue = reference();
  if (cue.empty()) GTEST_SKIP() << "no reference: set OAM_CUE_REFERENCE, or put cue on the PATH";
  const fs::path folder = fs::path(testing::TempDir()) / ("syntax-" + GetParam());
  fs::create_directories(folder);
  const std::string text = sections(golden(GetParam())).at("in.cue");
  const auto ask = [&](const char* verb, const std::string& what) {
    std::ofstream(folder / "out.cue") << what;
    return output_of("'" + cue + "' " + verb + " '" + (folder / "out.cue").string() + "' 2>/dev/null");
  };
  const std::string def = Evaluated(text).def();
  EXPECT_TRUE(ask("vet -c=false", def)) << def;
  EXPECT_EQ(ask("export", def), ask("export", text));
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Golden, Syntax,
                         testing::Values("aliases", "comments", "comprehensions", "definitions", "incomplete", "lets",
                                         "merging", "patterns", "values"),
                         [](const auto& info) { return info.param; });

TEST(Syntax, ShowsErrorsWhereTheyAreIfAsked) {
  SyntaxOptions shown = SyntaxOptions::eval();
  shown.errors = true;
  const std::string text = Evaluated("a: 1 & 2\nb: 1").cue(shown);
  EXPECT_TRUE(text.starts_with("a: _|_ // a: conflicting values ")) << text;
  EXPECT_TRUE(text.ends_with("\nb: 1\n")) << text;
}

TEST(Syntax, KeepsWhatANameStandsFor) {
  EXPECT_EQ(Evaluated("s: int\no: {x: [{s: s_}], s_: s}\np: {s: s2}\ns2: s").def(),
            "s: int\no: {\n\tx: [{\n\t\ts: s_\n\t}]\n\ts_: s\n}\np: s: s2\ns2: s\n");
}

}  // namespace
}  // namespace oam::cue
