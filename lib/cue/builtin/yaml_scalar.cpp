#include "cue/builtin/yaml_scalar.hpp"

#include <algorithm>

#include <re2/re2.h>

#include "cue/builtin/text.hpp"
#include "cue/value/decimal.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

re2::StringPiece piece(View text) { return {text.data(), text.size()}; }

bool matches(const re2::RE2& pattern, View text) { return re2::RE2::FullMatch(piece(text), pattern); }

bool among(View text, std::initializer_list<View> words) { return std::ranges::find(words, text) != words.end(); }

bool is_timestamp(View text) {
  static const re2::RE2 kPattern(
      R"(\d\d\d\d-\d\d?-\d\d?([Tt]\d\d?:\d\d?:\d\d?(\.\d*)?(Z|[-+]\d\d:\d\d)?|[ \t]\d\d?:\d\d?:\d\d?(\.\d*)?)?)");
  return matches(kPattern, text);
}

YamlType number_type(View text) {
  static const re2::RE2 kInteger(R"([-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0))");
  static const re2::RE2 kFloat(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  if (is_timestamp(text)) return YamlType::timestamp;
  std::string plain(text);
  std::erase(plain, '_');
  if (matches(kInteger, plain)) return YamlType::integer;
  if (!matches(kFloat, plain)) return YamlType::string;
  const auto value = Decimal::parse(plain);
  return value && value->adjusted() <= 308 ? YamlType::floating : YamlType::string;   // what a double holds
}

// Strings that readers of YAML 1.1 would take for something else.
bool is_legacy_word(View text) {
  return among(text, {"y", "Y", "yes", "Yes", "YES", "n", "N", "t", "T", "f", "F", "no", "No", "NO", "true", "True",
                      "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", ".Nan"});
}

bool is_like_number(View text) {
  static const re2::RE2 kPattern(R"([-+0-9:\. \t]+([-:]|[tT])[-+0-9:\. \t]+[zZ]?|0x[a-fA-F0-9]+)");
  return matches(kPattern, text);
}

// What a scalar's text allows, by the rules of YAML's reference emitter.
struct Shape {
  bool indicators = false;        // cannot be plain
  bool breaks = false, lines = false;   // has any line break; has '\n'
  bool special = false, tab = false;
  bool edge_space = false, edge_break = false;   // first or last
  bool space_break = false, break_space = false;
};

bool is_break(char32_t rune) { return rune == '\n' || rune == '\r' || rune == 0x85 || rune == 0x2028 || rune == 0x2029; }

bool is_blank_after(View rest) {
  if (rest.empty()) return true;
  const char32_t rune = first_rune(rest).value;
  return rune == ' ' || rune == '\t' || is_break(rune);
}

bool is_yaml_printable(char32_t rune) {
  return rune == '\n' || (rune >= 0x20 && rune <= 0x7E) || (rune >= 0xA0 && rune < 0xD800) ||
         (rune >= 0xE000 && rune < 0xFFFE && rune != 0xFEFF);
}

bool is_indicator(View text, std::size_t at, bool after_blank) {
  const char c = text[at];
  const bool blank_after = is_blank_after(text.substr(at + 1));
  if (at == 0) {
    if (View("#,[]{}&*!|>'\"%@`").find(c) != View::npos) return true;
    if (View("?:-").find(c) != View::npos) return blank_after;
  }
  return (c == ':' && blank_after) || (c == '#' && after_blank);
}

Shape shape_of(View text) {
  Shape shape;
  shape.indicators = text.starts_with("---") || text.starts_with("...");
  bool after_space = false, after_break = false;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = first_rune(text.substr(at));
    const std::size_t end = at + static_cast<std::size_t>(rune.size);
    const bool space = rune.value == ' ', line_end = is_break(rune.value), edge = at == 0 || end == text.size();
    shape.indicators |= is_indicator(text, at, at == 0 || after_space || after_break);
    shape.tab |= rune.value == '\t';
    shape.special |= rune.value != '\t' && !is_yaml_printable(rune.value);
    shape.breaks |= line_end;
    shape.lines |= rune.value == '\n';
    shape.edge_space |= space && edge;
    shape.edge_break |= line_end && edge;
    shape.space_break |= line_end && after_space;
    shape.break_space |= space && after_break;
    after_space = space;
    after_break = line_end;
    at = end;
  }
  return shape;
}

void append_upper_hex(std::string& out, char32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789ABCDEF"[(value >> shift) & 15];
}

void append_escape(std::string& out, char32_t rune) {
  static constexpr std::pair<char32_t, char> kNamed[] = {
      {0, '0'}, {7, 'a'}, {8, 'b'}, {9, 't'}, {10, 'n'}, {11, 'v'}, {12, 'f'}, {13, 'r'}, {27, 'e'}, {'"', '"'},
      {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
  out += '\\';
  for (const auto& [value, name] : kNamed)
    if (value == rune) {
      out += name;
      return;
    }
  const int digits = rune <= 0xFF ? 2 : rune <= 0xFFFF ? 4 : 8;
  out += digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
  append_upper_hex(out, rune, digits);
}

std::string double_quoted(View text) {
  // After a byte order mark the reference escapes everything.
  const bool all = text.starts_with("\uFEFF");
  std::string out = "\"";
  for (const char32_t rune : runes_of(text)) {
    if (all || !is_yaml_printable(rune) || is_break(rune) || rune == '"' || rune == '\\') append_escape(out, rune);
    else append_rune(out, rune);
  }
  return out += '"';
}

std::string single_quoted(View text, int indent) {
  std::string out = "'";
  bool after_break = false;
  for (const char32_t rune : runes_of(text)) {
    if (after_break && !is_break(rune)) out.append(static_cast<std::size_t>(indent), ' ');
    if (rune == '\'') out += '\'';
    append_rune(out, rune);
    after_break = is_break(rune);
  }
  return out += '\'';
}

std::string literal_block(View text, int indent) {
  std::string out = "|";
  const char32_t first = first_rune(text).value;
  if (first == ' ' || is_break(first)) out += '2';
  if (!text.ends_with('\n')) out += '-';
  else if (text == "\n" || text.ends_with("\n\n")) out += '+';
  out += '\n';
  bool line_start = true;
  for (const char c : text) {
    if (line_start && c != '\n') out.append(static_cast<std::size_t>(indent), ' ');
    out += c;
    line_start = c == '\n';
  }
  if (!line_start) out += '\n';
  return out;
}

}  // namespace

YamlType plain_type(View text) {
  if (among(text, {"", "~", "null", "Null", "NULL"})) return YamlType::null;
  if (among(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) return YamlType::boolean;
  if (text == "<<") return YamlType::merge;
  View unsigned_text = text;
  if (unsigned_text[0] == '+' || unsigned_text[0] == '-') unsigned_text.remove_prefix(1);
  if (among(unsigned_text, {".inf", ".Inf", ".INF"}) || among(text, {".nan", ".NaN", ".NAN"})) return YamlType::floating;
  const bool number = is_digit(text[0]) || text[0] == '+' || text[0] == '-' || text[0] == '.';
  return number ? number_type(text) : YamlType::string;
}

std::string yaml_string(View text, int indent) {
  const Shape shape = shape_of(text);
  if (shape.lines) {
    const bool block = !shape.space_break && !shape.special && text != "";
    return block ? literal_block(text, indent) : double_quoted(text);
  }
  const YamlType type = plain_type(text);
  const bool other_type = type != YamlType::string && type != YamlType::merge;
  if (other_type || is_legacy_word(text) || is_like_number(text)) return double_quoted(text);
  if (shape.space_break || shape.special || shape.tab || shape.break_space) return double_quoted(text);
  const bool plain = !shape.indicators && !shape.edge_space && !shape.edge_break && !shape.breaks;
  return plain ? std::string(text) : single_quoted(text, indent);
}

bool is_simple_key(View key) { return key.size() <= 128 && !shape_of(key).breaks; }

}  // namespace oam::cue
