#include "cue/builtin/text.hpp"

#include <algorithm>
#include <iterator>

#include "cue/parse/characters.hpp"

namespace oam::cue {
namespace {

struct CaseRange {
  std::int32_t first, last, step, delta;
};

struct RuneRange {
  std::int32_t first, last;
};

#include "cue/builtin/unicode_tables.inc"

template <class Range, std::size_t n>
const Range* find_range(const Range (&ranges)[n], char32_t rune) {
  const auto code = static_cast<std::int32_t>(rune);
  const auto after = std::ranges::upper_bound(ranges, code, {}, &Range::first);
  if (after == std::begin(ranges)) return nullptr;
  const Range* range = std::prev(after);
  return code <= range->last ? range : nullptr;
}

template <std::size_t n>
char32_t mapped(const CaseRange (&ranges)[n], char32_t rune) {
  const CaseRange* range = find_range(ranges, rune);
  if (!range || (static_cast<std::int32_t>(rune) - range->first) % range->step) return rune;
  return static_cast<char32_t>(static_cast<std::int32_t>(rune) + range->delta);
}

template <class Map>
std::string map_runes(std::string_view text, Map map) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t rune : runes_of(text)) append_rune(out, map(rune));
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

bool is_plain(char32_t rune, Quoting quoting) {
  if (quoting == Quoting::ascii) return rune >= 0x20 && rune < 0x7F;
  return quoting == Quoting::graphic ? is_graphic(rune) : is_printable(rune);
}

void append_escaped(std::string& out, const Rune& rune, std::string_view bytes, char quote, Quoting quoting) {
  static constexpr std::string_view kNamed = "\a\b\f\n\r\t\v", kNames = "abfnrtv";
  const char32_t value = rune.value;
  if (!rune.valid) {
    out += "\\x";
    return append_hex(out, static_cast<unsigned char>(bytes[0]), 2);
  }
  if (value == static_cast<unsigned char>(quote) || value == '\\') {
    out += '\\';
    out += static_cast<char>(value);
  } else if (is_plain(value, quoting)) {
    append_rune(out, value);
  } else if (const auto at = value < 0x80 ? kNamed.find(static_cast<char>(value)) : kNamed.npos; at != kNamed.npos) {
    out += '\\';
    out += kNames[at];
  } else if (value < 0x20 || value == 0x7F) {
    out += "\\x";
    append_hex(out, value, 2);
  } else {
    out += value < 0x10000 ? "\\u" : "\\U";
    append_hex(out, value, value < 0x10000 ? 4 : 8);
  }
}

}  // namespace

Rune first_rune(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const int size = sequence_length(lead);
  const Rune bad{kReplacement, 1, false};
  if (size == 0 || static_cast<std::size_t>(size) > text.size()) return bad;
  if (size == 1) return {lead, 1};
  char32_t value = lead & (0x7F >> size);
  for (int i = 1; i < size; ++i) {
    if (!is_continuation(text[static_cast<std::size_t>(i)])) return bad;
    value = value << 6 | (static_cast<unsigned char>(text[static_cast<std::size_t>(i)]) & 0x3F);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return bad;
  return {value, size};
}

Rune last_rune(std::string_view text) {
  std::size_t start = text.size() - 1;
  while (start > 0 && text.size() - start < 4 && is_continuation(text[start])) --start;
  const Rune rune = first_rune(text.substr(start));
  if (start + static_cast<std::size_t>(rune.size) == text.size()) return rune;
  return {kReplacement, 1, false};
}

std::vector<char32_t> runes_of(std::string_view text) {
  std::vector<char32_t> runes;
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    runes.push_back(rune.value);
    text.remove_prefix(static_cast<std::size_t>(rune.size));
  }
  return runes;
}

std::size_t count_runes(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(static_cast<std::size_t>(first_rune(text).size));
  return count;
}

void append_rune(std::string& out, char32_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000)) rune = kReplacement;
  if (rune < 0x80) {
    out += static_cast<char>(rune);
    return;
  }
  const int size = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
  static constexpr unsigned char kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[size] | rune >> (6 * (size - 1)));
  for (int i = size - 2; i >= 0; --i) out += static_cast<char>(0x80 | ((rune >> (6 * i)) & 0x3F));
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    if (!rune.valid) return false;
    text.remove_prefix(static_cast<std::size_t>(rune.size));
  }
  return true;
}


bool is_graphic(char32_t rune) {
  const bool separator = rune >= 0x80 && rune != 0x85 && rune != 0x2028 && rune != 0x2029 && is_space(rune);
  return separator || is_printable(rune);
}

char32_t to_upper(char32_t rune) { return mapped(kUpper, rune); }
char32_t to_lower(char32_t rune) { return mapped(kLower, rune); }
char32_t to_title(char32_t rune) { return mapped(kTitle, rune); }
std::string upper_text(std::string_view text) { return map_runes(text, to_upper); }
std::string lower_text(std::string_view text) { return map_runes(text, to_lower); }

std::string_view trim_space(std::string_view text) {
  for (Rune rune; !text.empty() && is_space((rune = first_rune(text)).value);)
    text.remove_prefix(static_cast<std::size_t>(rune.size));
  for (Rune rune; !text.empty() && is_space((rune = last_rune(text)).value);)
    text.remove_suffix(static_cast<std::size_t>(rune.size));
  return text;
}

std::string quote_text(std::string_view text, Quoting quoting) {
  std::string out = "\"";
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    append_escaped(out, rune, text, '"', quoting);
    text.remove_prefix(static_cast<std::size_t>(rune.size));
  }
  return out += '"';
}

std::string quote_rune(char32_t rune, Quoting quoting) {
  std::string bytes;
  append_rune(bytes, rune);
  std::string out = "'";
  append_escaped(out, first_rune(bytes), bytes, '\'', quoting);
  return out += '\'';
}

std::string base64_encode(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) out += j <= count ? kAlphabet[(group >> (18 - 6 * j)) & 63] : '=';
  }
  return out;
}

namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

std::size_t skip_line_ends(std::string_view text, std::size_t at) {
  while (at < text.size() && is_line_end(text[at])) ++at;
  return at;
}

// After the first '=' of a group with `digits` digits: where it goes wrong, else npos.
std::size_t check_padding(std::string_view text, std::size_t at, int digits) {
  const std::size_t first = at - 1;
  if (digits < 2) return first;
  if (digits == 2) {
    at = skip_line_ends(text, at);
    if (at == text.size()) return text.size();
    if (text[at] != '=') return first;
    ++at;
  }
  at = skip_line_ends(text, at);
  return at == text.size() ? text.npos : at;
}

void append_group(std::string& out, std::uint32_t group, int digits) {
  group <<= 6 * (4 - digits);
  for (int i = 0; i < digits - 1; ++i) out += static_cast<char>(group >> (16 - 8 * i));
}

}  // namespace

bool base64_decode(std::string_view text, std::string& out, std::size_t& error_at) {
  std::uint32_t group = 0;
  int digits = 0;
  std::size_t start = 0;   // of the group
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (is_line_end(c)) continue;
    if (c == '=') {
      error_at = check_padding(text, at, digits);
      append_group(out, group, digits);
      return error_at == text.npos;
    }
    const int digit = base64_digit(c);
    error_at = at - 1;
    if (digit < 0) return false;
    if (digits == 0) start = at - 1;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (++digits < 4) continue;
    append_group(out, group, digits);
    group = 0;
    digits = 0;
  }
  error_at = start;
  return digits == 0;
}

std::string hex_text(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) append_hex(out, static_cast<unsigned char>(c), 2);
  return out;
}

}  // namespace oam::cue
