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

}  // namespace oam::detail
