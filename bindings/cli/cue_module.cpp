#include "cue_module.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "render/packages.hpp"

namespace oam::cli {

namespace fs = std::filesystem;
using cue::SourceText;

bool read_file(const fs::path& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  text.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

std::string shown_path(const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  return text.starts_with(".") || text.starts_with("/") ? text : "./" + text;
}

std::optional<CueModule> find_cue_module() {
  fs::path root = ".";
  for (fs::path folder = fs::current_path(); ; folder = folder.parent_path(), root /= "..") {
    if (fs::is_directory(folder / "cue.mod")) {
      std::string text;
      read_file(folder / "cue.mod/module.cue", text);
      const std::size_t at = text.find("module:"), begin = text.find('"', at) + 1;
      if (at == text.npos || begin == 0) return CueModule{root, "", ""};
      const PackagePath path = take_apart(text.substr(begin, text.find('"', begin) - begin));
      return CueModule{root, path.path, path.major};
    }
    if (folder == folder.root_path()) return std::nullopt;
  }
}

// Read off the text: broken files have a package, too.
std::string package_of(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    if (line.empty() || line.starts_with("//") || line.starts_with("@")) continue;
    if (!line.starts_with("package ")) return "";
    line.remove_prefix(8);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return std::string(line.substr(0, line.find_first_of(" \t\r/")));
  }
  return "";
}

std::vector<CueFile> cue_files_in(const fs::path& folder) {
  std::vector<CueFile> all;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return all;
  for (const auto& each : fs::directory_iterator(folder)) {
    const std::string name = each.path().filename().string();
    if (each.path().extension() != ".cue" || name.starts_with("_") || name.starts_with(".")) continue;
    if (name.ends_with("_tool.cue") || name.ends_with("_test.cue") || !each.is_regular_file()) continue;
    SourceText source{shown_path(each.path()), {}};
    if (!read_file(each.path(), source.text)) continue;
    std::string package = package_of(source.text);
    all.push_back({std::move(source), std::move(package)});
  }
  std::ranges::sort(all, {}, [](const CueFile& f) { return f.source.name; });
  return all;
}

// Files without a package count where there is no other; those of "_" never do.
std::set<std::string> package_names(const std::vector<CueFile>& files) {
  std::set<std::string> all;
  for (const CueFile& each : files)
    if (each.package != "_") all.insert(each.package);
  if (all.size() > 1) all.erase("");
  return all;
}

PackagePath take_apart(const std::string& text) {
  PackagePath all{text, "", ""};
  const std::size_t colon = text.rfind(':');
  if (colon != text.npos) all.path = text.substr(0, colon), all.name = text.substr(colon + 1);
  const std::size_t at = all.path.find('@');
  if (at != all.path.npos) {
    all.major = all.path.substr(at + 1);
    all.path.resize(at);
  }
  while (all.path.size() > 1 && all.path.ends_with('/')) all.path.pop_back();
  if (all.path.empty()) all.path = ".";
  return all;
}

bool is_in_nested_module(const fs::path& folder, const CueModule& module) {
  const fs::path root = fs::weakly_canonical(module.root);
  for (fs::path at = fs::weakly_canonical(folder); at != root && at.has_relative_path(); at = at.parent_path())
    if (fs::is_directory(at / "cue.mod")) return true;
  return false;
}

std::optional<fs::path> folder_of(const PackagePath& path, const CueModule& module) {
  if (module.name.empty() || !(path.path + "/").starts_with(module.name + "/")) return std::nullopt;
  if (!path.major.empty() && path.major != (module.major.empty() ? "v0" : module.major)) return std::nullopt;
  const fs::path folder = module.root / path.path.substr(std::min(path.path.size(), module.name.size() + 1));
  return is_in_nested_module(folder, module) ? std::nullopt : std::optional(folder);
}

std::vector<fs::path> package_folders(const PackagePath& path, const CueModule& module) {
  std::vector<fs::path> all;
  if (const auto ours = folder_of(path, module)) all.push_back(*ours);
  for (const char* each : {"cue.mod/pkg", "cue.mod/gen", "cue.mod/usr"}) all.push_back(module.root / each / path.path);
  return all;
}

void add_ancestors(std::vector<SourceText>& files, const fs::path& folder, const std::string& package, const std::optional<CueModule>& module) {
  if (!module || package.empty() || package == "_") return;
  const fs::path root = fs::weakly_canonical(module->root);
  for (fs::path at = fs::weakly_canonical(folder); at != root && at.has_relative_path();) {
    at = at.parent_path();
    for (CueFile& each : cue_files_in(at.lexically_relative(fs::current_path())))
      if (each.package == package) files.push_back(std::move(each.source));
  }
}

// In the reference's words.
static std::string missing(const PackagePath& path, const std::string& import, bool any_files, const std::string& name) {
  const std::string shown = path.path + (path.major.empty() ? "" : "@" + path.major);
  if (any_files) return "import failed: cannot find package \"" + shown + "\": no files in package directory with package name \"" + name + "\"";
  if (path.path.substr(0, path.path.find('/')).find('.') == std::string::npos) return "builtin package \"" + import + "\" undefined";
  return "import failed: cannot find package \"" + shown + "\": cannot find module providing package " + shown;
}

// One that KubeVela gives its templates: vela/kube, vela/op, …
static std::vector<SourceText> template_package(std::string_view path) {
  std::vector<SourceText> files;
  for (const cue::Import& each : detail::template_packages())
    if (each.path == path)
      for (const Source& file : each.files) files.push_back({file.name, file.text});
  return files;
}

cue::Loader::Found find_cue_package(std::string_view import) {
  const PackagePath wanted = take_apart(std::string(import));
  cue::Loader::Found found{{std::string(import), {}}, {}};
  if (wanted.name == "_") {
    found.error = "import failed: _ is not a valid import path qualifier in \"" + std::string(import) + "\"";
    return found;
  }
  const auto module = find_cue_module();
  const std::vector<fs::path> places = module ? package_folders(wanted, *module) : std::vector<fs::path>();
  const std::string name = wanted.name.empty() ? wanted.folder_name() : wanted.name;
  bool any_files = false;
  for (const fs::path& place : places) {
    std::vector<CueFile> files = cue_files_in(place);
    any_files |= !files.empty();
    const bool first = found.package.files.empty();
    for (CueFile& each : files)
      if (each.package == name) found.package.files.push_back(std::move(each.source));
    if (first && !found.package.files.empty() && place == places[0]) add_ancestors(found.package.files, place, name, module);
  }
  if (found.package.files.empty() && !any_files) found.package.files = template_package(import);
  if (!found.package.files.empty()) return found;
  found.error = missing(wanted, std::string(import), any_files, name);
  if (!module && found.error.starts_with("import failed")) found.error = "import failed: imports are unavailable because there is no cue.mod/module.cue file";
  return found;
}

}  // namespace oam::cli
