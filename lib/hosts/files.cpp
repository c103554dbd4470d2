#include <oam/hosts/files.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace oam::hosts {
namespace {
namespace fs = std::filesystem;

void unreadable(const std::string& path, const std::string& why, Diagnostics& problems) {
  Diagnostic d;
  d.code = "file-unreadable";
  d.where.file = path;
  d.message = "\"" + path + "\" cannot be read: " + why;
  problems.add(std::move(d));
}

std::string all_of(std::istream& in) {
  std::string text;
  for (std::array<char, 1 << 14> part; in.read(part.data(), part.size()) || in.gcount() > 0;) text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  return text;
}

void read_file(const fs::path& path, std::vector<Source>& sources, Diagnostics& problems) {
  std::ifstream file(path, std::ios::binary);
  std::string text = all_of(file);
  if (!file.is_open() || file.bad()) return unreadable(path.string(), "no permission, or not a file", problems);
  sources.push_back({path.string(), std::move(text)});
}

bool is_document(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".yaml" || ending == ".yml" || ending == ".json" || ending == ".cue";
}

void read_folder(const fs::path& folder, std::vector<Source>& sources, Diagnostics& problems) {
  std::error_code error;
  std::vector<fs::path> files;
  auto at = fs::recursive_directory_iterator(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const bool hidden = at->path().filename().string().starts_with('.');
    if (hidden && at->is_directory(error)) at.disable_recursion_pending();
    else if (!hidden && at->is_regular_file(error) && is_document(at->path())) files.push_back(at->path());
  }
  if (error) unreadable(folder.string(), error.message(), problems);
  std::ranges::sort(files);
  for (const fs::path& file : files) read_file(file, sources, problems);
  if (files.empty() && !error) unreadable(folder.string(), "no .yaml, .yml or .json file in it", problems);
}

}  // namespace

std::vector<Source> read_files(const std::string& path, Diagnostics& problems) {
  std::vector<Source> sources;
  if (path == "-") {
    sources.push_back({"<stdin>", all_of(std::cin)});
    return sources;
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) unreadable(path, "there is no such file or folder", problems);
  else if (fs::is_directory(status)) read_folder(path, sources, problems);
  else read_file(path, sources, problems);
  return sources;
}

}  // namespace oam::hosts
