// What a plain YAML scalar is, and how a string is written so that it stays one: the
// rules of Go's yaml.v3, which reads YAML 1.2 with leftovers of 1.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace oam::cue {

enum class YamlType : std::uint8_t { string, null, boolean, integer, floating, timestamp, merge };

YamlType plain_type(std::string_view text);

// A string as a YAML scalar that starts on the current line. A block scalar's lines are
// indented by `indent` and end with a line break; nothing else ends with one.
std::string yaml_string(std::string_view text, int indent);

// Whether "key: value" on one line is how a mapping with this key is written.
bool is_simple_key(std::string_view key);

}  // namespace oam::cue
