// TOML text of JSON text, laid out as the reference does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oam::cue {

// Nothing: `error` says why. REQUIRES: `json` is valid.
std::optional<std::string> write_toml(std::string_view json, std::string& error);

}  // namespace oam::cue
