// JSON text cut into tokens, checked on the way, so that it can be written again with
// other spaces and its numbers keep their spelling.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

struct JsonToken {
  char kind = 0;              // one of { } [ ] , : or s(tring) n(umber) w(ord: true, false, null)
  std::string_view text;      // as written
};

// Scans one value (and the space before it) at the front of `text` and takes it away.
// False: `error` says why in the reference's words, `text` is where. Deeper than 1000
// levels is refused.
bool scan_json(std::string_view& text, std::vector<JsonToken>& tokens, std::string& error);

void skip_json_space(std::string_view& text);

// "invalid character 'x' after top-level value"
std::string invalid_character(std::string_view text, std::string_view where);

// What a string token says. False: half of a surrogate pair.
bool unquote_json(std::string_view token, std::string& out);

}  // namespace oam::cue
