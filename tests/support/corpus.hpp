// What tests of a corpus share: its files, the definitions that KubeVela ships, and the
// lists of cases that are known to differ.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include <oam/oam.hpp>

namespace oam::tests {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "id  reason" lines of tests/LIST, by id; # begins a comment.
inline std::map<std::string, std::string> known_failures(const std::string& list) {
  std::map<std::string, std::string> all;
  std::istringstream lines(slurp(OAM_SOURCE_DIR "/tests/" + list));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#') all[line.substr(0, line.find(' '))] = line;
  return all;
}

inline Catalog catalog_of(const std::vector<Source>& sources) {
  Diagnostics problems;
  const auto made = load_catalog(sources, problems);
  EXPECT_TRUE(made) << problems;
  return made.value_or(Catalog());
}

// REQUIRES: the corpus is there.
inline const Catalog& shipped() {
  static const Catalog catalog = [] {
    std::vector<Source> sources;
    for (const auto& each : std::filesystem::directory_iterator(OAM_SHARED_DATA "/corpus/kubevela/definitions"))
      sources.push_back({each.path().filename(), slurp(each.path())});
    return catalog_of(sources);
  }();
  return catalog;
}

}  // namespace oam::tests
