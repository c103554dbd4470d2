// The digests that also name-based UUIDs are made of.
#pragma once

#include <string>
#include <string_view>

namespace oam::cue {

std::string md5_of(std::string_view text);    // 16 bytes
std::string sha1_of(std::string_view text);   // 20 bytes

}  // namespace oam::cue
