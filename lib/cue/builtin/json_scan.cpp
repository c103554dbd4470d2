#include "cue/builtin/json_scan.hpp"

#include <algorithm>

#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

constexpr std::size_t kMaxDepth = 1'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

class Scanner {
 public:
  Scanner(std::string_view text, std::vector<JsonToken>& tokens, std::string& error)
      : text_(text), tokens_(tokens), error_(error) {}

  // A value and, after it, as many closings and commas as follow, until no bracket is open.
  bool scan() {
    do {
      if (!value()) return false;
    } while (!open_.empty() && more());
    return error_.empty();
  }

  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }

 private:
  bool fail(std::string_view where) {
    error_ = at_ >= text_.size() ? "unexpected end of JSON input" : invalid_character(rest(), where);
    return false;
  }

  // Inside a token even the end is wrong: the reference puts a space there.
  bool fail_inside(std::string_view where) {
    error_ = invalid_character(at_ >= text_.size() ? " " : rest(), where);
    return false;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    std::string_view after = rest();
    skip_json_space(after);
    at_ = text_.size() - after.size();
  }

  void add(char kind, std::size_t start) { tokens_.push_back({kind, text_.substr(start, at_ - start)}); }

  void punctuation() {
    ++at_;
    add(text_[at_ - 1], at_ - 1);
  }

  // Opens brackets until a scalar or an empty pair stands there.
  bool value() {
    while (true) {
      skip_space();
      const char c = peek();
      if (c != '{' && c != '[') return scalar(c);
      if (open_.size() == kMaxDepth) return error_ = "exceeded max depth", false;
      punctuation();
      open_ += c;
      skip_space();
      if (peek() == (c == '{' ? '}' : ']')) return close(), true;
      if (c == '{' && !key()) return false;
    }
  }

  void close() {
    punctuation();
    open_.pop_back();
  }

  // After a value: true if another one follows in an open bracket.
  bool more() {
    while (!open_.empty()) {
      skip_space();
      const bool object = open_.back() == '{';
      if (peek() == (object ? '}' : ']')) {
        close();
        continue;
      }
      if (peek() != ',') return fail(object ? "after object key:value pair" : "after array element");
      punctuation();
      return !object || key();
    }
    return false;
  }

  bool key() {
    skip_space();
    if (peek() != '"') return fail("looking for beginning of object key string");
    if (!string()) return false;
    skip_space();
    if (peek() != ':') return fail("after object key");
    punctuation();
    return true;
  }

  bool scalar(char c) {
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"})
      if (c == word[0]) return take_word(word);
    return fail("looking for beginning of value");
  }

  bool take_word(std::string_view word) {
    const std::size_t start = at_++;
    for (std::size_t i = 1; i < word.size(); ++i, ++at_)
      if (peek() != word[i])
        return fail_inside("in literal " + std::string(word) + " (expecting '" + word[i] + "')");
    add('w', start);
    return true;
  }

  bool string() {
    const std::size_t start = at_++;
    while (peek() != '"') {
      if (at_ >= text_.size() || static_cast<unsigned char>(peek()) < 0x20) return fail("in string literal");
      if (peek() == '\\' && !escape()) return false;
      ++at_;
    }
    ++at_;
    add('s', start);
    return true;
  }

  // Leaves at the last character of the escape.
  bool escape() {
    ++at_;
    const char letter = peek();
    if (letter != 'u') {
      const bool known = at_ < text_.size() && std::string_view("\"\\/bfnrt").find(letter) != std::string_view::npos;
      return known || fail_inside("in string escape code");
    }
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (hex_digit(peek()) < 0) return fail_inside("in \\u hexadecimal character escape");
    }
    return true;
  }

  bool digits(std::string_view where) {
    if (!is_digit(peek())) return fail_inside(where);
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') ++at_;
    else if (!digits("in numeric literal")) return false;
    if (peek() == '.' && (++at_, !digits("after decimal point in numeric literal"))) return false;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits("in exponent of numeric literal")) return false;
    }
    add('n', start);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;
  std::vector<JsonToken>& tokens_;
  std::string& error_;
};

char32_t code_unit(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits.substr(0, 4)) value = value * 16 + static_cast<char32_t>(hex_digit(c));
  return value;
}

// "u" with four hexadecimal digits, and the second half where it is a pair; takes it away.
bool take_code_point(std::string_view& rest, std::string& out) {
  char32_t value = code_unit(rest.substr(1));
  rest.remove_prefix(5);
  if (value >= 0xD800 && value < 0xE000) {
    const bool pair = value < 0xDC00 && rest.starts_with("\\u");
    const char32_t low = pair ? code_unit(rest.substr(2)) : 0;
    if (low < 0xDC00 || low >= 0xE000) return false;
    value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    rest.remove_prefix(6);
  }
  append_rune(out, value);
  return true;
}

}  // namespace

void skip_json_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

std::string invalid_character(std::string_view text, std::string_view where) {
  std::string character;   // the reference shows a byte as if it were a character
  append_rune(character, static_cast<unsigned char>(text[0]));
  std::string shown = quote_text(character);
  shown = text[0] == '"' ? "\"" : text[0] == '\'' ? "\\'" : shown.substr(1, shown.size() - 2);
  return "invalid character '" + shown + "' " + std::string(where);
}

bool scan_json(std::string_view& text, std::vector<JsonToken>& tokens, std::string& error) {
  error.clear();
  Scanner scanner(text, tokens, error);
  const bool found = scanner.scan();
  text = scanner.rest();
  return found;
}

bool unquote_json(std::string_view token, std::string& out) {
  static constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  for (std::string_view rest = token.substr(1, token.size() - 2); !rest.empty();) {
    if (rest[0] != '\\') {
      const std::size_t plain = std::min(rest.find('\\'), rest.size());
      out += rest.substr(0, plain);
      rest.remove_prefix(plain);
      continue;
    }
    rest.remove_prefix(1);
    if (rest[0] == 'u') {
      if (!take_code_point(rest, out)) return false;
      continue;
    }
    out += kMeanings[kNames.find(rest[0])];
    rest.remove_prefix(1);
  }
  return true;
}

}  // namespace oam::cue
