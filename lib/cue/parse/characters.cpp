#include "cue/parse/characters.hpp"

#include <algorithm>

namespace oam::cue {
namespace {

struct Range {
  char32_t first, last;
};

#include "cue/parse/unicode_ranges.inc"

template <std::size_t N>
bool within(const Range (&ranges)[N], char32_t c) {
  const Range* at = std::upper_bound(ranges, ranges + N, c, [](char32_t x, const Range& r) { return x < r.first; });
  return at != ranges && c <= at[-1].last;
}

bool is_ascii(char32_t c) { return c < 0x80; }

// How many bytes a sequence that begins with this one has; 0: it begins none.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

// Overlong forms, surrogates and what lies above U+10FFFF are no characters.
bool is_scalar(char32_t c, int length) {
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return c >= least[length] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

}  // namespace

Decoded decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int length = sequence_length(lead);
  if (length == 1) return {lead, 1};
  if (length == 0 || at + length > text.size()) return {kReplacement, 1};
  char32_t c = lead & (0x7f >> length);
  for (int i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0) != 0x80) return {kReplacement, 1};
    c = c << 6 | (next & 0x3f);
  }
  if (!is_scalar(c, length)) return {kReplacement, 1};
  return {c, length};
}

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) c = kReplacement;
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  constexpr unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(lead[length] | c >> 6 * (length - 1));
  for (int i = length - 2; i >= 0; --i) out += static_cast<char>(0x80 | (c >> 6 * i & 0x3f));
}

bool is_letter(char32_t c) {
  if (is_ascii(c)) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return within(kLetters, c);
}

bool is_digit(char32_t c) { return is_ascii(c) ? c >= '0' && c <= '9' : within(kDigits, c); }

bool is_printable(char32_t c) { return is_ascii(c) ? c >= ' ' && c < 0x7f : within(kPrintable, c); }

bool is_space(char32_t c) { return is_ascii(c) ? c == ' ' || (c >= '\t' && c <= '\r') : within(kSpaces, c); }

std::string describe(char32_t c) {
  std::string out;
  append_hex(out, c, c < 0x10000 ? 4 : c < 0x100000 ? 5 : 6);
  std::transform(out.begin(), out.end(), out.begin(), [](char digit) { return digit >= 'a' ? digit - 'a' + 'A' : digit; });
  out = "U+" + out;
  if (!is_printable(c)) return out;
  out += " '";
  append_utf8(out, c);
  return out + "'";
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) out += "0123456789abcdef"[value >> 4 * i & 0xf];
}

}  // namespace oam::cue
