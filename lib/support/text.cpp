#include "support/text.hpp"

#include <algorithm>

namespace oam::detail {

Lines::Lines(std::string_view text) : text_(text), begins_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r') begins_.push_back(i + 1);
  }
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Lines::Position Lines::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::ranges::upper_bound(begins_, offset);
  const auto line = static_cast<std::size_t>(after - begins_.begin());
  const std::size_t begin = begins_[line - 1];
  return {static_cast<std::uint32_t>(line),
          static_cast<std::uint32_t>(columns(text_.substr(begin, offset - begin)) + 1)};
}

std::size_t Lines::begin(std::uint32_t line) const {
  return line == 0 || line > begins_.size() ? text_.size() : begins_[line - 1];
}

std::string Lines::excerpt(std::uint32_t line) const {
  const std::size_t from = begin(line);
  std::string_view rest = text_.substr(from, kExcerpt);
  return std::string(rest.substr(0, std::min(rest.find('\n'), rest.find('\r'))));
}

namespace {

// The bytes of the control character that begins at `at`; 0: there is none. U+0080 to U+009F have two.
std::size_t control_at(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]), next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : 0);
  return c < 0x20 || c == 0x7f ? 1 : c == 0xc2 && next >= 0x80 && next < 0xa0 ? 2 : 0;
}

}  // namespace

bool has_controls(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (control_at(text, i) > 0) return true;
  return false;
}

std::string visible(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t length = control_at(text, i);
    if (length == 0) {
      out += text[i];
      continue;
    }
    i += length - 1;
    const auto c = static_cast<unsigned char>(text[i]);
    out.append("\\x").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
  return out;
}

namespace {

std::size_t sequence_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

// Overlong forms, surrogates, beyond U+10FFFF.
bool out_of_range(unsigned char lead, unsigned char second) {
  return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90);
}

}  // namespace

std::size_t invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return i;
    if (length > 2 && out_of_range(lead, static_cast<unsigned char>(text[i + 1]))) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_object_name(std::string_view name) {
  const auto letter = [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto inner = [&](unsigned char c) { return letter(c) || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= 253 && letter(name.front()) && letter(name.back()) && std::ranges::all_of(name, inner);
}

bool is_namespace(std::string_view name) { return name.size() <= 63 && is_object_name(name) && name.find('.') == name.npos; }

}  // namespace oam::detail
