// The definitions that the library brings itself: lib/catalog/*.cue, as text.
#pragma once

#include <span>
#include <string_view>

namespace oam::detail {

struct StandardFile {
  std::string_view name, text;
};

std::span<const StandardFile> standard_files();   // of the build: lib/catalog/embed.cmake

}  // namespace oam::detail
