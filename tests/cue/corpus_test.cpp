// The conformance corpus of CUE, counted. What is known to fail stands in
// known_failures.txt with its reason; anything else that fails breaks the test, and so
// does what passes though it is listed.
//
// OAM_CUE_ONLY=TEXT     runs only cases whose "category/name" holds TEXT
// OAM_CUE_VERBOSE=1     shows what failing checks expect and got; 2: also where only words differ
// OAM_CUE_WRITE=FILE    appends the failing checks, in the form of known_failures.txt
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "corpus/corpus.hpp"

namespace oam::cue::corpus {
namespace {

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// "category/case index kind": reason
std::map<std::string, std::string> known_failures() {
  std::map<std::string, std::string> all;
  std::istringstream lines(read_text(OAM_SOURCE_DIR "/tests/cue/known_failures.txt"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t hash = line.find("  # ");
    if (!line.empty() && line[0] != '#') all[line.substr(0, hash)] = hash == line.npos ? "" : line.substr(hash + 4);
  }
  return all;
}

struct Count {
  int passed = 0, total = 0, words = 0;
};

class Tally {
 public:
  explicit Tally(std::string category) : category_(std::move(category)) {}

  void add(const Case& c, std::size_t index, const Verdict& verdict) {
    if (!verdict.asks) return;
    const std::string kind = text_of(c.checks[index].as_object(), "kind");
    for (Count* each : {&kinds_[kind], &all_}) {
      ++each->total;
      each->passed += verdict.passed;
      each->words += verdict.words_differ;
    }
    const std::string key = c.id() + " " + std::to_string(index) + " " + kind;
    show(key, verdict);
    const auto known = known_.find(key);
    if (verdict.passed == (known != known_.end()))
      surprises_ += key + (verdict.passed ? " passes now: take it off tests/cue/known_failures.txt\n" : " fails\n");
    if (!verdict.passed && !setting("OAM_CUE_WRITE").empty())
      std::ofstream(setting("OAM_CUE_WRITE"), std::ios::app) << key << "  # " << (known == known_.end() ? "?" : known->second) << '\n';
  }

  // Prints the counts; what is not as the list says.
  std::string finish() const {
    for (const auto& [kind, count] : kinds_) print(kind, count);
    if (kinds_.size() > 1) print("all", all_);
    return surprises_;
  }

 private:
  static void show(const std::string& key, const Verdict& verdict) {
    const std::string verbose = setting("OAM_CUE_VERBOSE");
    if (verbose.empty() || (verdict.passed && !(verbose == "2" && verdict.words_differ))) return;
    std::cout << (verdict.passed ? "WORDS " : "FAIL  ") << key << "\n     " << verdict.note << '\n';
  }
  void print(const std::string& kind, const Count& n) const {
    std::printf("%-18s %-14s %5d of %5d  %5.1f %%", category_.c_str(), kind.c_str(), n.passed, n.total, n.total ? 100.0 * n.passed / n.total : 0.0);
    if (n.words) std::printf("  (%d in other words)", n.words);
    std::printf("\n");
    std::fflush(stdout);
  }

  std::string category_;
  std::map<std::string, std::string> known_ = known_failures();
  std::map<std::string, Count> kinds_;
  Count all_;
  std::string surprises_;
};

class CueCorpus : public testing::TestWithParam<const char*> {};

TEST_P(CueCorpus, AgreesWithTheReference) {
  const auto cases = read_cases(OAM_SHARED_DATA "/corpus/cue", GetParam(), setting("OAM_CUE_ONLY"));
  if (cases.empty()) GTEST_SKIP() << "no cases at " OAM_SHARED_DATA;
  Tally tally(GetParam());
  for (const Case& c : cases) {
    const std::vector<Verdict> verdicts = run_isolated(c, 60);
    ASSERT_EQ(verdicts.size(), c.checks.size()) << c.id();
    for (std::size_t i = 0; i < verdicts.size(); ++i) tally.add(c, i, verdicts[i]);
  }
  EXPECT_EQ(tally.finish(), "") << "OAM_CUE_VERBOSE=1 shows what was expected";
}

constexpr const char* kCategories[] = {"eval-inline", "eval-v0141-tree", "stdlib",     "cmd-script",
                                       "docs-site",   "docs-site-parse", "spec-rows", "spec-blocks"};

INSTANTIATE_TEST_SUITE_P(All, CueCorpus, testing::ValuesIn(kCategories), [](const auto& info) {
  std::string name(info.param);
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace oam::cue::corpus
