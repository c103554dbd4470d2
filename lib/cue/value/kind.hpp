// The kinds of CUE values as bits, so that "int or string" is one mask.
#pragma once

#include <cstdint>
#include <string>

namespace oam::cue {

using Kind = std::uint16_t;

inline constexpr Kind kBottom = 0;
inline constexpr Kind kNull = 1;
inline constexpr Kind kBool = 2;
inline constexpr Kind kInt = 4;
inline constexpr Kind kFloat = 8;
inline constexpr Kind kString = 16;
inline constexpr Kind kBytes = 32;
inline constexpr Kind kFunc = 64;
inline constexpr Kind kList = 128;
inline constexpr Kind kStruct = 256;
inline constexpr Kind kNumber = kInt | kFloat;
inline constexpr Kind kScalar = kNull | kBool | kNumber | kString | kBytes;
inline constexpr Kind kTop = 511;

inline bool is_one_kind(Kind kind) { return kind != 0 && (kind & (kind - 1)) == 0; }

// "_|_", "int", "(int|string)", "_" …: as the reference writes them.
std::string kind_text(Kind kind);

}  // namespace oam::cue
