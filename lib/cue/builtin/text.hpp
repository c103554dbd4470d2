// UTF-8 and Unicode as Go's strings and unicode packages see them; no locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cue/parse/characters.hpp"

namespace oam::cue {

struct Rune {
  char32_t value = kReplacement;
  int size = 1;               // in bytes; 1 for a byte that is not UTF-8
  bool valid = true;
};

Rune first_rune(std::string_view text);   // REQUIRES: not empty
Rune last_rune(std::string_view text);    // REQUIRES: not empty
std::vector<char32_t> runes_of(std::string_view text);
std::size_t count_runes(std::string_view text);
void append_rune(std::string& out, char32_t rune);   // what is no rune becomes U+FFFD
bool is_valid_utf8(std::string_view text);

bool is_graphic(char32_t rune);            // and other spaces
char32_t to_upper(char32_t rune);
char32_t to_lower(char32_t rune);
char32_t to_title(char32_t rune);
std::string upper_text(std::string_view text);
std::string lower_text(std::string_view text);

std::string_view trim_space(std::string_view text);

// In double quotes (or `quote`), escaped as Go writes it.
enum class Quoting : std::uint8_t { printable, ascii, graphic };
std::string quote_text(std::string_view text, Quoting quoting = Quoting::printable);
std::string quote_rune(char32_t rune, Quoting quoting);

std::string base64_encode(std::string_view bytes);
// The bytes, else nothing and `error_at` is the offset of the byte that is wrong.
bool base64_decode(std::string_view text, std::string& out, std::size_t& error_at);
std::string hex_text(std::string_view bytes);

}  // namespace oam::cue
