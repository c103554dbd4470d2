// CUE string and bytes literals as strconv.Unquote takes them.
#pragma once

#include <string>
#include <string_view>

namespace oam::cue {

// What the literal says, without interpolations. False: `error` says why in the
// reference's words.
bool unquote_literal(std::string_view literal, std::string& out, std::string& error);

}  // namespace oam::cue
