// Golden folders: tests/golden/diag/NAME holds documents and expect.diag, the text
// of all that is wrong with them; tests/golden/plan/NAME an application and its plan.
// OAM_UPDATE_GOLDEN=1 rewrites the expectations.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include <oam/hosts/files.hpp>
#include <oam/verify.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;

const fs::path kGolden = OAM_SOURCE_DIR "/tests/golden/diag";

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Small bounds, so that a golden of a bound stays small.
LoadOptions options_of(const fs::path& folder) {
  LoadOptions options;
  if (folder.filename().string().starts_with("limit-")) options.limits = {2'000, 20, 100, 50, 5};
  return options;
}

Diagnostics problems_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename() != "expect.diag") files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Source> sources;
  for (const fs::path& file : files) sources.push_back({file.filename().string(), slurp(file)});
  return Path(std::move(sources), options_of(folder)).problems;
}

// Codes that no document provokes: plans, what was observed, records, outcomes and calls have tests of
// their own (plan_test, run_test, the program).
const std::set<std::string_view> kElsewhere = {"adopted", "change-limit", "claim-shrinks", "data-deleted", "data-kept", "decision-refused", "deleted-under-user", "duplicate-application", "file-unreadable", "journal-locked", "loose-override", "no-health-policy", "not-concrete", "object-missing", "observed-malformed", "owned-elsewhere", "protected-object", "read-only-missing", "wanted-goes-along",
                                               "outcome-malformed", "patch-hits-nothing", "plan-changed",
                                               "part-empty", "part-lacks-value", "plan-malformed", "plan-unchecked", "plan-version", "record-gap", "record-malformed", "record-version", "status-program", "subscription-malformed", "unknown-code", "unknown-record", "unknown-step",
                                               "unused-answer", "unused-output", "unused-parameter"};

TEST(Golden, EachFolderSaysWhatIsExpected) {
  const bool update = std::getenv("OAM_UPDATE_GOLDEN") != nullptr;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    const std::string text = problems_of(entry.path()).text();
    if (update) std::ofstream(entry.path() / "expect.diag") << text;
    EXPECT_EQ(text, slurp(entry.path() / "expect.diag")) << entry.path().filename();
  }
}

TEST(Golden, EachPlanIsAsExpected) {
  const bool update = std::getenv("OAM_UPDATE_GOLDEN") != nullptr;
  for (const auto& entry : fs::directory_iterator(kGolden.parent_path() / "plan")) {
    Path path({Source{"app.yaml", slurp(entry.path() / "app.yaml")}});
    const std::string text = path.problems.text() + (path.plan ? path.plan->text() : "");
    for (const Property& each : path.plan ? verify(*path.plan) : std::vector<Property>()) EXPECT_TRUE(each.holds) << entry.path().filename() << ' ' << each.id << ": " << each.text;
    for (const Property& each : path.plan ? verify(inverse(*path.plan).plan) : std::vector<Property>()) EXPECT_TRUE(each.holds) << entry.path().filename() << ", turned round: " << each.text;
    if (update) std::ofstream(entry.path() / "expect.plan") << text;
    EXPECT_EQ(text, slurp(entry.path() / "expect.plan")) << entry.path().filename();
  }
}

TEST(Golden, EveryCodeIsProvoked) {
  std::set<std::string_view> provoked = kElsewhere;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    const Diagnostics problems = problems_of(entry.path());
    for (const Diagnostic& d : problems.items()) provoked.insert(d.code);
  }
  for (const Code& code : codes()) EXPECT_TRUE(provoked.contains(code.slug)) << "no golden provokes " << code.slug;
}

}  // namespace
}  // namespace oam::tests
