// Regular expressions as Go's regexp package takes them, run by RE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace oam::cue {

// Nothing: `error` says why in the reference's words, "error parsing regexp: missing closing ): `a(`".
// The result may be used by several threads at once.
std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& error);

}  // namespace oam::cue
