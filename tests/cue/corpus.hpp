// Files of the corpora, for tests that are skipped, visibly, where these are absent.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>

namespace oam::cue {

inline const std::filesystem::path kCorpus = OAM_SHARED_DATA "/corpus";

#define SKIP_WITHOUT(folder) \
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no corpus at " << (folder)

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder, std::string_view extension) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

inline boost::json::value parsed(const std::filesystem::path& path) {
  boost::json::parse_options options;
  options.max_depth = 1000;
  return boost::json::parse(slurp(path), {}, options);
}

}  // namespace oam::cue
