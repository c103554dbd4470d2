// The module that the working folder is in, and the packages in its folders.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cue/load.hpp"

namespace oam::cli {

struct CueModule {
  std::filesystem::path root;   // relative to the working folder
  std::string name;             // without its version
  std::string major;            // "v1"; empty: none is told
};
std::optional<CueModule> find_cue_module();

struct CueFile {
  cue::SourceText source;
  std::string package;          // of its clause; empty: none
};
std::vector<CueFile> cue_files_in(const std::filesystem::path& folder);   // by name
std::set<std::string> package_names(const std::vector<CueFile>& files);
std::string package_of(std::string_view text);

// An argument or import such as "./x:name", "mod.com/x@v0:name", taken apart.
struct PackagePath {
  std::string path, major, name;
  std::string folder_name() const { return std::filesystem::path(path).filename().string(); }
};
PackagePath take_apart(const std::string& text);

// The folder of a package of the module. Nothing: it is of another, or in a module of its own.
std::optional<std::filesystem::path> folder_of(const PackagePath& path, const CueModule& module);
bool is_in_nested_module(const std::filesystem::path& folder, const CueModule& module);

// The folders that may have an imported package, best first.
std::vector<std::filesystem::path> package_folders(const PackagePath& path, const CueModule& module);

// Files of the same package in the folders above, up to the module's root, belong to it.
void add_ancestors(std::vector<cue::SourceText>& files, const std::filesystem::path& folder, const std::string& package,
                   const std::optional<CueModule>& module);

// A package that a file imports.
cue::Loader::Found find_cue_package(std::string_view import);

bool read_file(const std::filesystem::path& path, std::string& text);
std::string shown_path(const std::filesystem::path& path);   // from the working folder, with a dot in front

}  // namespace oam::cli
