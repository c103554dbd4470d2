// Literals and their values: what a string, bytes or number literal says, and how
// a value is written as one. Stateless.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

// What a string literal says. `error`: the reference's words, empty if all is well.
struct Unquoted {
  std::string value;
  std::string error;
  bool bytes = false;   // it stands in single quotes
  bool ok() const { return error.empty(); }
};
Unquoted unquote(std::string_view literal);

// The same of an interpolation's pieces (ast::Interpolation::texts).
struct UnquotedPieces {
  std::vector<std::string> values;   // as many as texts, if ok()
  std::string error;
  bool bytes = false;
  bool ok() const { return error.empty(); }
};
UnquotedPieces unquote_pieces(std::span<const std::string_view> texts);

// What a number literal says: digits * 10^exponent. An integer's exponent is 0; its
// multiplier is applied. `digits` are decimal, without leading zeros but for "0".
struct NumberText {
  std::string digits;
  std::int64_t exponent = 0;   // kept within ±10^12
  bool is_float = false;
  std::string error;
  bool ok() const { return error.empty(); }
};
NumberText read_number(std::string_view literal);

// A text as a literal: "…", escaped where it must be. What is no UTF-8 becomes U+FFFD
// in a string, and \xff in bytes.
std::string quote_string(std::string_view text);
std::string quote_bytes(std::string_view bytes);

// """…""" indented with so many tabs (''' with bytes), hashes around it where the
// text needs them.
std::string quote_lines(std::string_view text, unsigned tabs, bool bytes = false);

// May the name of a regular field stand without quotes? Not if it would be read as a
// hidden field or definition.
bool is_identifier(std::string_view name);
std::string quote_label(std::string_view name);   // only where it needs quotes

}  // namespace oam::cue
