// TOML 1.0 as a tree, in the order of the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

struct TomlNode {
  enum class Kind : unsigned char { table, array, string, number, boolean };
  Kind kind = Kind::table;
  std::string key;                  // in its table
  std::size_t at = 0, key_at = 0;   // where it and its key begin in the text
  std::string text;                 // of a scalar; dates and times are strings
  std::vector<TomlNode> children;
};

struct TomlError {
  std::size_t at = 0;
  std::string message;
};

// Nothing: `error` says why.
std::optional<TomlNode> read_toml(std::string_view text, TomlError& error);

}  // namespace oam::cue
