// Characters as CUE's lexical rules see them: UTF-8 and the few Unicode classes
// that identifiers and quoting need. Stateless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace oam::cue {

inline constexpr char32_t kReplacement = 0xfffd;
inline constexpr char32_t kByteOrderMark = 0xfeff;

struct Decoded {
  char32_t character;
  int width;   // in bytes, at least 1
};

// The character at text[at], U+FFFD of width 1 if the bytes are none.
// REQUIRES: at < text.size().
Decoded decode(std::string_view text, std::size_t at);
inline bool is_invalid(Decoded d) { return d.character == kReplacement && d.width == 1; }

void append_utf8(std::string& out, char32_t c);   // U+FFFD if c is none

bool is_letter(char32_t c);      // general category L
bool is_digit(char32_t c);       // Nd
bool is_printable(char32_t c);   // L, M, N, P, S and the space
bool is_space(char32_t c);

std::string describe(char32_t c);   // as "U+0040 '@'"

int digit_value(char c);         // of a hexadecimal digit, 16 of any other
void append_hex(std::string& out, std::uint32_t value, int digits);   // lower case, the last so many

}  // namespace oam::cue
