// What the arguments of `oam cue` name: packages, CUE files, files of data.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "cue.hpp"

namespace oam::cli {
namespace {

namespace fs = std::filesystem;
using cue::DataFormat;
using cue::SourceText;

bool read_file(const fs::path& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  text.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

// As paths are told: from the working folder, with a dot in front.
std::string shown(const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  return text.starts_with(".") || text.starts_with("/") ? text : "./" + text;
}

// The module that the working folder is in, if any.
struct Module {
  fs::path root;       // relative to the working folder
  std::string name;    // without its version
};

std::optional<Module> find_module() {
  fs::path root = ".";
  for (fs::path folder = fs::current_path(); ; folder = folder.parent_path(), root /= "..") {
    if (fs::is_directory(folder / "cue.mod")) {
      std::string text;
      read_file(folder / "cue.mod/module.cue", text);
      const std::size_t at = text.find("module:"), begin = text.find('"', at) + 1;
      const bool named = at != text.npos && begin != 0;
      return Module{root, named ? text.substr(begin, text.find_first_of("@\"", begin) - begin) : ""};
    }
    if (folder == folder.root_path()) return std::nullopt;
  }
}

// The package clause of a file, read off its text; empty: none.
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

struct FoundFile {
  SourceText source;
  std::string package;
};

std::vector<FoundFile> files_in(const fs::path& folder) {
  std::vector<FoundFile> all;
  if (!fs::is_directory(folder)) return all;
  for (const auto& each : fs::directory_iterator(folder)) {
    const std::string name = each.path().filename().string();
    if (each.path().extension() != ".cue" || name.starts_with("_") || name.starts_with(".")) continue;
    if (name.ends_with("_tool.cue") || name.ends_with("_test.cue") || !each.is_regular_file()) continue;
    SourceText source{shown(each.path()), {}};
    if (!read_file(each.path(), source.text)) continue;
    std::string package = package_of(source.text);
    all.push_back({std::move(source), std::move(package)});
  }
  std::ranges::sort(all, {}, [](const FoundFile& f) { return f.source.name; });
  return all;
}

// The names of the packages in a folder; "_" for files without one.
std::set<std::string> package_names(const std::vector<FoundFile>& files) {
  std::set<std::string> all;
  for (const FoundFile& each : files)
    if (each.package != "_") all.insert(each.package);
  if (all.size() > 1) all.erase("");
  return all;
}

// Files of the same package in the folders above, up to the module's root, belong to it.
void add_ancestors(std::vector<SourceText>& files, const fs::path& folder, const std::string& package, const std::optional<Module>& module) {
  if (!module || package.empty() || package == "_") return;
  const fs::path root = fs::weakly_canonical(module->root);
  for (fs::path at = fs::weakly_canonical(folder); at != root && at.has_relative_path();) {
    at = at.parent_path();
    for (FoundFile& each : files_in(at.lexically_relative(fs::current_path())))
      if (each.package == package) files.push_back(std::move(each.source));
  }
}

// An argument such as "./x:name", "mod.com/x@v0:name", taken apart.
struct PackageArgument {
  std::string path, name;
};
PackageArgument take_apart(const std::string& text) {
  PackageArgument all{text, ""};
  const std::size_t colon = text.rfind(':');
  if (colon != text.npos) all = {text.substr(0, colon), text.substr(colon + 1)};
  const std::size_t at = all.path.find('@');
  if (at != all.path.npos) all.path.resize(at);
  while (all.path.size() > 1 && all.path.ends_with('/')) all.path.pop_back();
  if (all.path.empty()) all.path = ".";
  return all;
}

class Finding {
 public:
  explicit Finding(const CueOptions& options) : options_(options), module_(find_module()) {}

  CueInputs all() {
    std::vector<std::string> arguments = options_.inputs;
    if (arguments.empty()) arguments.push_back(".");
    std::string scope;
    for (const std::string& each : arguments) {
      if (!inputs_.error.empty()) break;
      if (is_scope(each)) scope = each.substr(0, each.size() - 1);
      else if (!scope.empty() || is_file(each)) file(each, scope);
      else package(each);
    }
    return std::move(inputs_);
  }

 private:
  void fail(std::string why) { inputs_.error = std::move(why); }

  static bool is_scope(const std::string& text) { return text.size() > 1 && text.ends_with(':') && text.find('/') == text.npos; }
  static bool is_file(const std::string& text) {
    if (text == "-") return true;
    const std::string extension = fs::path(text).extension().string();
    static const std::set<std::string> kKnown{".cue", ".json", ".jsonl", ".ndjson", ".ldjson", ".yaml", ".yml", ".toml", ".txt", ".textproto", ".proto"};
    if (text.find(':') != text.npos && !text.starts_with("./") && !text.starts_with(".:")) {
      const std::string kind = text.substr(0, text.find(':'));
      static const std::set<std::string> kKinds{"cue", "json", "yaml", "jsonl", "text", "toml", "binary"};
      if (kKinds.contains(kind)) return true;
    }
    return kKnown.contains(extension);
  }

  void file(std::string name, std::string kind) {
    const std::size_t colon = name.find(':');
    if (kind.empty() && colon != name.npos) {
      kind = name.substr(0, colon);
      name.erase(0, colon + 1);
    }
    if (kind.empty()) kind = kind_of(name);
    kind = kind.substr(0, kind.find('+'));
    SourceText source{name == "-" ? "-" : shown(name), {}};
    if (name == "-") source.text.assign(std::istreambuf_iterator<char>(std::cin), {});
    else if (!read_file(name, source.text)) return fail("no such file: " + name);
    static const std::map<std::string, DataFormat> kFormats{{"json", DataFormat::json}, {"jsonl", DataFormat::json_stream},
                                                            {"yaml", DataFormat::yaml}, {"text", DataFormat::text}};
    if (kind == "cue") return cue_file(std::move(source));
    const auto format = kFormats.find(kind);
    if (format == kFormats.end()) return fail(kind.empty() ? "unknown file extension " + fs::path(name).extension().string() : "unsupported encoding \"" + kind + "\"");
    inputs_.data.push_back({std::move(source), format->second});
  }
  static std::string kind_of(const std::string& name) {
    static const std::map<std::string, std::string> kKinds{
        {".cue", "cue"}, {".json", "json"}, {".jsonl", "jsonl"}, {".ndjson", "jsonl"}, {".ldjson", "jsonl"}, {".yaml", "yaml"},
        {".yml", "yaml"}, {".txt", "text"}, {".toml", "toml"}, {".textproto", "textproto"}, {".proto", "proto"}};
    if (name == "-") return "cue";
    const auto it = kKinds.find(fs::path(name).extension().string());
    return it == kKinds.end() ? "" : it->second;
  }
  void cue_file(SourceText source) {
    if (!inputs_.files) inputs_.files.emplace();
    const std::string package = package_of(source.text);
    if (!package.empty() && !package_.empty() && package != package_)
      return fail("found packages \"" + package_ + "\" and \"" + package + "\" in \"command-line-arguments\"");
    if (!package.empty()) package_ = package;
    inputs_.files->files.push_back(std::move(source));
  }

  void package(const std::string& argument) {
    if (argument.ends_with("/...") || argument == "...") return every_package(argument);
    const PackageArgument wanted = take_apart(argument);
    const bool is_relative = wanted.path.starts_with(".") || wanted.path.starts_with("/");
    fs::path folder = wanted.path;
    if (!is_relative) {
      const bool ours = module_ && !module_->name.empty() && (wanted.path + "/").starts_with(module_->name + "/");
      if (!ours && wanted.path.substr(0, wanted.path.find('/')).find('.') == std::string::npos)
        return fail("standard library import path \"" + argument + "\" cannot be imported as a CUE package");
      if (!ours) return fail("cannot find package \"" + argument + "\"");
      folder = module_->root / wanted.path.substr(std::min(wanted.path.size(), module_->name.size() + 1));
    }
    add_package(folder, wanted.name, argument, is_relative);
  }

  void add_package(const fs::path& folder, std::string name, const std::string& argument, bool is_relative) {
    std::vector<FoundFile> files = files_in(folder);
    if (files.empty()) return fail(is_relative && fs::is_directory(folder) ? "no CUE files in " + argument : "cannot find package \"" + argument + "\"");
    const std::set<std::string> names = package_names(files);
    // Of several packages, the one that is called as the folder.
    const std::string called = fs::weakly_canonical(folder).filename().string();
    if (name.empty() && names.size() > 1 && (!is_relative || (module_ && names.contains(called)))) name = called;
    if (name.empty() && names.size() > 1) return fail(several(files, folder));
    if (name.empty() && names.size() == 1) name = *names.begin();
    CueInstance made{argument, folder.string(), {}};
    for (FoundFile& each : files)
      if (each.package == name || (name == "_" && each.package.empty())) made.files.push_back(std::move(each.source));
    if (made.files.empty())
      return fail("build constraints exclude all CUE files in " + shown(folder) + ":\n" + excluded(files, name));
    add_ancestors(made.files, folder, name, module_);
    inputs_.packages.push_back(std::move(made));
  }
  static std::string excluded(const std::vector<FoundFile>& files, const std::string& name) {
    std::string out;
    for (const FoundFile& each : files)
      out += "    " + each.source.name + ": " + (each.package.empty() ? "no package name" : "package is " + each.package + ", want " + name) + "\n";
    if (!out.empty()) out.pop_back();
    return out;
  }
  static std::string several(const std::vector<FoundFile>& files, const fs::path& folder) {
    const FoundFile* first = nullptr;
    for (const FoundFile& each : files) {
      if (each.package.empty()) continue;
      if (!first) first = &each;
      else if (each.package != first->package)
        return "found packages \"" + first->package + "\" (" + fs::path(first->source.name).filename().string() + ") and \"" + each.package +
               "\" (" + fs::path(each.source.name).filename().string() + ") in \"" + shown(folder) + "\"";
    }
    return "no CUE files in " + shown(folder);
  }

  void every_package(const std::string& argument) {
    const fs::path root = argument == "..." ? "." : argument.substr(0, argument.size() - 4);
    std::vector<fs::path> folders{root};
    auto walk = fs::recursive_directory_iterator(root);
    for (auto it = fs::begin(walk); it != fs::end(walk); ++it) {
      const std::string name = it->path().filename().string();
      if (!it->is_directory()) continue;
      if (name == "cue.mod" || name.starts_with(".") || name.starts_with("_")) it.disable_recursion_pending();
      else folders.push_back(it->path());
    }
    std::ranges::sort(folders);
    for (const fs::path& folder : folders)
      for (const std::string& name : package_names(files_in(folder)))
        if (inputs_.error.empty()) add_package(folder, name, shown(folder), true);
    if (inputs_.packages.empty() && inputs_.error.empty()) fail("no CUE files in " + argument);
  }

  const CueOptions& options_;
  std::optional<Module> module_;
  CueInputs inputs_;
  std::string package_;
};

}  // namespace

CueInputs find_cue_inputs(const CueOptions& options) { return Finding(options).all(); }

std::optional<cue::PackageText> find_cue_package(std::string_view import) {
  const auto module = find_module();
  if (!module) return std::nullopt;
  const PackageArgument wanted = take_apart(std::string(import));
  std::vector<fs::path> places;
  if (!module->name.empty() && (wanted.path + "/").starts_with(module->name + "/"))
    places.push_back(module->root / wanted.path.substr(std::min(wanted.path.size(), module->name.size() + 1)));
  for (const char* each : {"cue.mod/pkg", "cue.mod/gen", "cue.mod/usr"}) places.push_back(module->root / each / wanted.path);
  const std::string name = wanted.name.empty() ? fs::path(wanted.path).filename().string() : wanted.name;
  cue::PackageText made{std::string(import), {}};
  for (const fs::path& place : places) {
    std::vector<FoundFile> files = files_in(place);
    const std::set<std::string> names = package_names(files);
    const std::string chosen = names.contains(name) || names.size() != 1 || !wanted.name.empty() ? name : *names.begin();
    for (FoundFile& each : files)
      if (each.package == chosen) made.files.push_back(std::move(each.source));
    if (!made.files.empty() && place == places[0]) add_ancestors(made.files, place, chosen, module);
  }
  return made.files.empty() ? std::nullopt : std::optional(std::move(made));
}

}  // namespace oam::cli
