// What the reference accepts of the corpus the parser accepts, and refuses what it
// refuses.
#include <iostream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "corpus.hpp"
#include "cue/parse/parse.hpp"
#include "dump.hpp"

namespace oam::cue {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

std::string syntax_errors(const std::string& text) {
  SourceSet sources;
  Arena arena;
  std::vector<SyntaxError> errors;
  const Pos base = sources.add("", text);
  parse_file(arena, sources.text(0), base, errors);
  return dump(sources, errors);
}

// Texts of the documentation that the reference refuses, too: typographic or wrong
// quotes, `cue` commands, ellipses in prose.
const std::set<std::string> kNotCue = {
    "concept__cue-language-version_0/in/in.cue",
    "language-guide__data__bytes-values_0/in/in.cue",
    "language-guide__data__organizing-configuration_1/in/out.cue",
    "language-guide__data__string-values_1/in/in.cue",
    "language-guide__templating__formulas_10/in/in.cue",
};

// The inputs that a check is about: the file it names, or all.
std::vector<fs::path> inputs_of(const fs::path& folder, const json::value& check) {
  if (const auto* file = check.as_object().if_contains("file")) return {folder / "in" / file->as_string().c_str()};
  return files_below(folder, ".cue");
}

// The folder's cases whose check is `parse` or `parse-error`.
void check_cases(const fs::path& folder) {
  std::size_t total = 0;
  for (const fs::path& path : files_below(folder, ".json")) {
    if (path.filename() != "case.json") continue;
    const json::value described = parsed(path);
    for (const json::value& check : described.at("checks").as_array()) {
      const std::string_view kind = check.at("kind").as_string();
      if (kind != "parse" && kind != "parse-error") continue;
      ++total;
      for (const fs::path& input : inputs_of(path.parent_path(), check)) {
        const std::string errors = syntax_errors(slurp(input));
        const bool refused = kind == "parse-error" || kNotCue.contains(input.lexically_relative(folder).string());
        EXPECT_EQ(!errors.empty(), refused) << input << "\n" << errors;
      }
    }
  }
  std::cout << folder.filename().string() << ": " << total << " cases\n";
  EXPECT_GT(total, 0u);
}

TEST(ParseCorpus, SpecBlocks) {
  SKIP_WITHOUT(kCorpus / "cue/spec-blocks");
  check_cases(kCorpus / "cue/spec-blocks");
}

TEST(ParseCorpus, DocsSite) {
  SKIP_WITHOUT(kCorpus / "cue/docs-site-parse");
  check_cases(kCorpus / "cue/docs-site-parse");
}

TEST(ParseCorpus, KubevelaDefinitions) {
  SKIP_WITHOUT(kCorpus / "kubevela");
  std::size_t total = 0;
  for (const fs::path& path : files_below(kCorpus / "kubevela", ".cue")) {
    EXPECT_EQ(syntax_errors(slurp(path)), "") << path;
    ++total;
  }
  std::cout << "kubevela: " << total << " definitions\n";
  EXPECT_GT(total, 0u);
}

// The block scalars below a `template:` key of a YAML definition.
std::vector<std::string> templates_of(const std::string& yaml) {
  std::vector<std::string> found;
  std::istringstream lines(yaml);
  std::size_t key = std::string::npos, indent = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find_first_not_of(' ');
    if (key != std::string::npos && first != std::string::npos && first <= key) key = std::string::npos;
    if (key != std::string::npos) {
      if (indent == 0 && first != std::string::npos) indent = first;
      found.back() += (line.size() > indent ? line.substr(indent) : "") + "\n";
    } else if (first != std::string::npos && line.compare(first, std::string::npos, "template: |") == 0) {
      key = first;
      indent = 0;
      found.emplace_back();
    }
  }
  return found;
}

TEST(ParseCorpus, TemplatesInYaml) {
  SKIP_WITHOUT(kCorpus / "kubevela");
  std::size_t total = 0;
  for (const fs::path& path : files_below(kCorpus / "kubevela", ".yaml"))
    for (const std::string& text : templates_of(slurp(path))) {
      EXPECT_EQ(syntax_errors(text), "") << path << "\n" << text;
      ++total;
    }
  std::cout << "kubevela: " << total << " templates in YAML\n";
  EXPECT_GT(total, 0u);
}

}  // namespace
}  // namespace oam::cue
