// What the library brings itself, as text: the definitions of lib/catalog/*.cue, the
// packages of lib/packages/*.cue.
#pragma once

#include <span>
#include <string_view>

namespace oam::detail {

struct StandardFile {
  std::string_view name, text;
};

// Of the build: lib/catalog/embed.cmake
std::span<const StandardFile> standard_files();
std::span<const StandardFile> package_files();

}  // namespace oam::detail
