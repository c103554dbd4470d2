#include "cue/builtin/string_literal.hpp"

#include <algorithm>

#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

class Literal {
 public:
  Literal(std::string& out, std::string& error) : out_(out), error_(error) {}

  bool read(View text) {
    const std::size_t marks = std::min(text.find_first_not_of('#'), text.size());
    escape_ = "\\" + std::string(marks, '#');
    View rest = text.substr(marks);
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return fail("invalid syntax");
    quote_ = rest[0];
    const bool multi = rest.size() > 2 && rest[1] == quote_ && rest[2] == quote_;
    const std::string closing = std::string(multi ? 3 : 1, quote_) + std::string(marks, '#');
    rest.remove_prefix(multi ? 3 : 1);
    if (!rest.ends_with(closing)) return fail("invalid string: unmatched quote");
    rest.remove_suffix(closing.size());
    return multi ? lines(rest) : line(rest);
  }

 private:
  bool fail(View why) {
    error_ = why;
    return false;
  }

  // The last line's space stands before every line.
  bool lines(View body) {
    if (body.starts_with('\r')) body.remove_prefix(1);
    if (!body.starts_with('\n'))
      return fail("invalid string: opening quote of multiline string must be followed by newline");
    const std::size_t last = body.rfind('\n');
    const View indent = body.substr(last + 1);
    if (indent.find_first_not_of(" \t") != indent.npos)
      return fail("invalid string: closing quote of multiline string must follow a newline");
    body = last == 0 ? View() : body.substr(1, last - 1);
    bool joined = true;   // to what comes before
    for (bool more = last > 0; more;) {
      const std::size_t end = std::min(body.find('\n'), body.size());
      View text = body.substr(0, end);
      more = end < body.size();
      body.remove_prefix(std::min(end + 1, body.size()));
      if (!joined) out_ += '\n';
      if (text.starts_with(indent)) text.remove_prefix(indent.size());
      else if (!text.empty() && text != "\r") return mismatch(indent, text);
      joined = text.ends_with(escape_);
      if (joined && !more) return fail("last newline of multiline string cannot be escaped");
      if (joined) text.remove_suffix(escape_.size());
      if (!characters(text, false)) return false;
    }
    return true;
  }

  bool mismatch(View indent, View text) {
    const View got = text.substr(0, std::min(text.find_first_not_of(" \t"), indent.size()));
    return fail("invalid string: non-matching whitespace for multiline string (expected " + quote_text(indent) + ", got " +
                quote_text(got) + ")");
  }

  bool line(View body) {
    return body.find('\n') == body.npos ? characters(body, escape_.size() == 1) : fail("invalid syntax");
  }

  bool characters(View text, bool no_quotes) {
    while (!text.empty()) {
      if (text.starts_with(escape_)) {
        text.remove_prefix(escape_.size());
        if (!escape(text)) return false;
        continue;
      }
      if (no_quotes && text[0] == quote_) return fail("invalid syntax");
      out_ += text[0];
      text.remove_prefix(1);
    }
    return true;
  }

  // "41" after \x, "00e9" after \u …
  bool number(View& text, std::size_t digits, int base, char32_t& value) {
    value = 0;
    if (text.size() < digits) return fail("invalid syntax");
    for (const char c : text.substr(0, digits)) {
      const int digit = hex_value(c);
      if (digit < 0 || digit >= base) return fail("invalid syntax");
      value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
    }
    text.remove_prefix(digits);
    return true;
  }

  bool code_point(View& text, std::size_t digits) {
    char32_t value = 0, low = 0;
    if (!number(text, digits, 16, value)) return false;
    if (value > 0x10FFFF) return fail("invalid syntax");
    if (value >= 0xD800 && value < 0xE000) {
      if (value >= 0xDC00 || !text.starts_with(escape_ + "u")) return fail("unmatched surrogate pair");
      text.remove_prefix(escape_.size() + 1);
      if (!number(text, 4, 16, low)) return false;
      if (low < 0xDC00 || low >= 0xE000) return fail("unmatched surrogate pair");
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    append_rune(out_, value);
    return true;
  }

  bool byte(View& text, std::size_t digits, int base) {
    char32_t value = 0;
    if (quote_ != '\'' || !number(text, digits, base, value) || value > 255) return fail("invalid syntax");
    out_ += static_cast<char>(value);
    return true;
  }

  bool escape(View& text) {
    static constexpr View kNames = "abfnrtv/\\", kMeanings = "\a\b\f\n\r\t\v/\\";
    if (text.empty()) return fail("invalid syntax");
    const char letter = text[0];
    if (letter >= '0' && letter <= '7') return byte(text, 3, 8);
    text.remove_prefix(1);
    if (letter == 'x') return byte(text, 2, 16);
    if (letter == 'u' || letter == 'U') return code_point(text, letter == 'u' ? 4 : 8);
    const std::size_t at = kNames.find(letter);
    if (at == kNames.npos && letter != quote_) return fail("invalid syntax");
    out_ += at == kNames.npos ? letter : kMeanings[at];
    return true;
  }

  std::string& out_;
  std::string& error_;
  std::string escape_;
  char quote_ = '"';
};

}  // namespace

bool unquote_literal(View literal, std::string& out, std::string& error) {
  out.clear();
  return Literal(out, error).read(literal);
}

}  // namespace oam::cue
