// Documents of the real systems: each loads, or says with a place why not.
#include <filesystem>

#include <gtest/gtest.h>

#include <oam/hosts/files.hpp>
#include <oam/hosts/memory.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files(const std::string& folder) {
  std::vector<fs::path> all;
  if (!fs::exists(folder)) return all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() && (ending == ".yaml" || ending == ".yml" || ending == ".json")) all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

TEST(Corpus, EveryFileLoadsOrSaysWhyNot) {
  const std::string shared = OAM_SHARED_DATA;
  auto all = files(shared + "/corpus/kubevela/apps");
  for (const fs::path& file : files(shared + "/corpus/workflow")) all.push_back(file);
  if (all.empty()) GTEST_SKIP() << "no corpus at " << shared;
  for (const fs::path& file : all) {
    Diagnostics reading;
    Path path(hosts::read_files(file.string(), reading), lenient());
    EXPECT_TRUE(reading.empty()) << reading;
    if (path.plan) continue;
    EXPECT_TRUE(path.problems.has_errors()) << file;
    for (const Diagnostic& d : path.problems.items())
      EXPECT_TRUE(d.code == "no-application" || d.where.line > 0) << file << '\n' << path.problems;
  }
}

TEST(Corpus, Oam02PlansAndRuns) {
  const std::string folder = std::string(OAM_SHARED_DATA) + "/corpus/oam-0.2/";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " << folder;
  std::size_t ran = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto all = files(entry.path().string());
    const auto is_app = [](const Source& s) { return s.text.find("kind: ApplicationConfiguration") != std::string::npos; };
    for (const fs::path& chosen : all) {
      std::vector<Source> sources;
      Diagnostics reading;
      for (const fs::path& file : all)
        for (Source& s : hosts::read_files(file.string(), reading))
          if (!is_app(s) || file == chosen) sources.push_back(std::move(s));
      if (std::ranges::none_of(sources, is_app)) continue;
      Path path(std::move(sources), lenient());
      ASSERT_TRUE(path.plan) << chosen << '\n' << path.problems;
      hosts::Memory host;
      oam::Run run(*path.plan);
      EXPECT_TRUE(drive(run, host, host).ok) << chosen;
      ++ran;
    }
  }
  EXPECT_EQ(ran, 5u);
}

}  // namespace
}  // namespace oam::tests
