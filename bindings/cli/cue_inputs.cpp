// What the arguments of `oam cue` name: packages, CUE files, files of data.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "cue.hpp"
#include "cue_file_type.hpp"
#include "cue_json_schema.hpp"
#include "cue_module.hpp"

namespace oam::cli {
namespace {

namespace fs = std::filesystem;
using cue::SourceText;

class Finding {
 public:
  explicit Finding(const CueOptions& options) : options_(options), module_(find_cue_module()) {}

  CueInputs all() {
    std::vector<std::string> arguments = options_.inputs;
    if (arguments.empty()) arguments.push_back(".");
    std::string scope;
    bool used = true;
    for (const std::string& each : arguments) {
      if (!inputs_.error.empty()) break;
      if (is_scope(each)) scope = each, used = false;
      else if (!scope.empty() || is_file(each)) file(each, scope), used = true;
      else package(each);
    }
    if (!used && inputs_.error.empty()) fail("scoped qualifier \"" + scope + "\" without file");
    if (inputs_.files) std::ranges::stable_sort(inputs_.files->files, {}, &SourceText::name);
    return std::move(inputs_);
  }

 private:
  void fail(std::string why) { inputs_.error = std::move(why); }

  static bool is_scope(const std::string& text) { return text.size() > 1 && text.ends_with(':') && text.find('/') == text.npos; }
  static bool is_relative(const std::string& text) { return text.starts_with(".") || text.starts_with("/"); }
  static bool is_file(const std::string& text) {
    if (text == "-") return true;
    const std::size_t colon = text.find(':');
    if (colon != text.npos && colon > 0 && !is_relative(text) && read_qualifier(text.substr(0, colon)).error.empty()) return true;
    if (!encoding_of_name(text).empty()) return true;
    return colon == text.npos && text.find('@') == text.npos && !is_relative(text) && !fs::path(text).extension().empty() && !text.ends_with("...");
  }

  void file(std::string name, std::string scope) {
    const std::size_t colon = name.find(':');
    if (scope.empty() && colon != name.npos && !is_relative(name)) {
      scope = name.substr(0, colon);
      name.erase(0, colon + 1);
    }
    CueFileType type = read_qualifier(scope);
    if (!type.error.empty()) return fail(type.error);
    if (name.empty()) return fail("empty file name");
    if (type.encoding.empty()) type.encoding = name == "-" ? "cue" : encoding_of_name(name);
    if (type.encoding.empty()) return fail("unknown file extension " + fs::path(name).extension().string());
    const auto format = data_format(type.encoding);
    const bool interpreted = !type.interpretation.empty() && type.interpretation != "auto" && !(type.interpretation == "jsonschema" && type.encoding == "json");
    if (type.encoding != "cue" && (!format || interpreted)) return fail("unsupported encoding \"" + (interpreted ? type.interpretation : type.encoding) + "\"");
    SourceText source{name == "-" ? "-" : shown_path(name), {}};
    if (name == "-") source.text.assign(std::istreambuf_iterator<char>(std::cin), {});
    else if (!read_file(name, source.text)) return fail("stat " + fs::absolute(name).lexically_normal().string() + ": no such file or directory");
    if (type.encoding == "cue") return cue_file(std::move(source));
    const bool by_itself = scope.empty() || type.interpretation == "auto";
    if (type.interpretation == "jsonschema" || (by_itself && type.encoding == "json" && is_json_schema(source.text))) return schema(std::move(source), type);
    inputs_.data.push_back({std::move(source), *format, by_itself});
  }
  // A schema counts as the CUE file that says the same.
  void schema(SourceText source, const CueFileType& type) {
    JsonSchemaOptions how{{}, options_.value("package"), !type.open_when_explicit, type.strict_keywords, type.strict_features};
    for (std::string each : options_.all("path")) {
      if (!each.ends_with(':')) return fail("the path of a schema must be labels, as in -l '#A:'");
      each.pop_back();
      how.labels.push_back(std::move(each));
    }
    std::string error;
    source.text = json_schema_to_cue(source.text, how, error);
    if (!error.empty()) return fail(error + ":\n    " + source.name);
    cue_file(std::move(source));
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
    if (argument.empty()) return fail("empty file name");
    if (argument.ends_with("/...") || argument == "...") return every_package(argument);
    const PackagePath wanted = take_apart(argument);
    if (wanted.name == "_") return fail("invalid import path qualifier _ in \"" + argument + "\"");
    if (is_relative(wanted.path)) {
      if (module_ && is_in_nested_module(wanted.path, *module_)) return fail("cannot determine import path for \"" + argument + "\" (directory is in a nested module)");
      return add_package(wanted.path, wanted.name, argument);
    }
    imported_package(wanted, argument);
  }

  // Named as an import names it: its name must be that of its folder, or be told.
  void imported_package(const PackagePath& wanted, const std::string& argument) {
    const bool ours = module_ && folder_of(wanted, *module_);
    if (!ours && wanted.path.substr(0, wanted.path.find('/')).find('.') == std::string::npos)
      return fail("standard library import path \"" + argument + "\" cannot be imported as a CUE package");
    const std::string name = !wanted.name.empty() ? wanted.name : wanted.folder_name(), shown = wanted.path + (wanted.major.empty() ? "" : "@" + wanted.major);
    bool any_files = false;
    for (const fs::path& folder : module_ ? package_folders(wanted, *module_) : std::vector<fs::path>()) {
      const std::vector<CueFile> files = cue_files_in(folder);
      any_files |= !files.empty();
      if (package_names(files).contains(name)) return add_package(folder, name, argument);
    }
    fail("cannot find package \"" + shown + "\": " + (any_files ? "no files in package directory with package name \"" + name + "\"" : "cannot find module providing package " + shown));
  }

  void add_package(const fs::path& folder, std::string name, const std::string& argument) {
    std::vector<CueFile> files = cue_files_in(folder);
    if (files.empty()) return fail(fs::is_directory(folder) ? "no CUE files in " + argument : "cannot find package \"" + argument + "\"");
    const std::set<std::string> names = package_names(files);
    // Of several packages, the one that is called as the folder.
    const std::string called = fs::weakly_canonical(folder).filename().string();
    if (name.empty() && names.size() > 1 && module_ && names.contains(called)) name = called;
    if (name.empty() && names.size() > 1) return fail(several(files, folder));
    if (name.empty() && names.size() == 1) name = *names.begin();
    CueInstance made{argument, folder.string(), {}};
    for (CueFile& each : files)
      if (each.package == name) made.files.push_back(std::move(each.source));
    if (made.files.empty())
      return fail("build constraints exclude all CUE files in " + shown_path(folder) + ":\n" + excluded(files, name));
    add_ancestors(made.files, folder, name, module_);
    inputs_.packages.push_back(std::move(made));
  }
  static std::string excluded(const std::vector<CueFile>& files, const std::string& name) {
    std::string out;
    for (const CueFile& each : files)
      out += "    " + each.source.name + ": " + (each.package.empty() ? "no package name" : "package is " + each.package + ", want " + name) + "\n";
    if (!out.empty()) out.pop_back();
    return out;
  }
  static std::string several(const std::vector<CueFile>& files, const fs::path& folder) {
    const CueFile* first = nullptr;
    for (const CueFile& each : files) {
      if (each.package.empty()) continue;
      if (!first) first = &each;
      else if (each.package != first->package)
        return "found packages \"" + first->package + "\" (" + fs::path(first->source.name).filename().string() + ") and \"" + each.package +
               "\" (" + fs::path(each.source.name).filename().string() + ") in \"" + folder.lexically_normal().string() + "\"";
    }
    return "no CUE files in " + shown_path(folder);
  }

  void every_package(const std::string& argument) {
    std::string path = argument == "..." ? "." : argument.substr(0, argument.size() - 4);
    if (path.empty()) path = "/";
    const auto ours = module_ && !is_relative(path) ? folder_of(take_apart(path), *module_) : std::nullopt;
    if (!is_relative(path) && !ours) return fail("pattern not allowed in external package path \"" + argument + "\"");
    const fs::path root = ours ? *ours : fs::path(path);
    std::error_code ignored;
    if (!fs::is_directory(root, ignored)) return fail("cue: \"" + argument + "\" matched no packages");
    std::vector<fs::path> folders{root};
    auto walk = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied);
    for (auto it = fs::begin(walk); it != fs::end(walk); ++it) {
      const std::string name = it->path().filename().string();
      if (!it->is_directory()) continue;
      if (name == "cue.mod" || name.starts_with(".") || name.starts_with("_") || fs::is_directory(it->path() / "cue.mod")) it.disable_recursion_pending();
      else folders.push_back(it->path());
    }
    std::ranges::sort(folders);
    for (const fs::path& folder : folders)
      for (const std::string& name : package_names(cue_files_in(folder)))
        if (inputs_.error.empty()) add_package(folder, name, shown_path(folder));
    if (inputs_.packages.empty() && inputs_.error.empty()) fail("no CUE files in " + argument);
  }

  const CueOptions& options_;
  std::optional<CueModule> module_;
  CueInputs inputs_;
  std::string package_;
};

}  // namespace

CueInputs find_cue_inputs(const CueOptions& options) { return Finding(options).all(); }

}  // namespace oam::cli
