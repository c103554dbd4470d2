// Values as literals.
#include <algorithm>

#include <absl/strings/ascii.h>

#include "cue/parse/characters.hpp"
#include "cue/parse/errors.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

class Quoter {
 public:
  Quoter(bool bytes, bool multi_line, std::size_t hashes, unsigned tabs)
      : bytes_(bytes), multi_line_(multi_line), hashes_(hashes, '#'), tabs_(tabs, '\t') {}

  std::string body(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const Decoded d = decode(text, i);
      if (bytes_ && is_invalid(d))
        hex(static_cast<unsigned char>(text[i]));
      else if (multi_line_ && d.character == '\n')
        line_end(text.substr(i + 1));
      else
        character(d.character);
      i += static_cast<std::size_t>(d.width);
    }
    return std::move(out_);
  }

 private:
  void line_end(std::string_view rest) {
    out_ += '\n';
    if (!rest.empty() && rest[0] != '\n') out_ += tabs_;
  }

  void escape(char c) { out_ += joined("\\", hashes_, std::string(1, c)); }

  void hex(unsigned char byte) {
    escape('x');
    append_hex(out_, byte, 2);
  }

  void character(char32_t c) {
    constexpr std::string_view values = "\a\b\f\n\r\t\v", names = "abfnrtv";
    const char mark = bytes_ ? '\'' : '"';
    if (c == '\\' || (c == static_cast<char32_t>(mark) && !multi_line_))
      escape(static_cast<char>(c));
    else if (is_printable(c))
      append_utf8(out_, c);
    else if (const std::size_t named = c < ' ' ? values.find(static_cast<char>(c)) : values.npos; named != values.npos)
      escape(names[named]);
    else if (c < ' ' && bytes_)
      hex(static_cast<unsigned char>(c));
    else
      code_point(c);
  }

  void code_point(char32_t c) {
    const bool small = c < 0x10000;
    escape(small ? 'u' : 'U');
    append_hex(out_, c, small ? 4 : 8);
  }

  bool bytes_, multi_line_;
  std::string hashes_, tabs_, out_;
};

// As many hashes as keep quotes inside from ending the literal.
std::size_t hashes_for(std::string_view text, char mark) {
  std::size_t most = 0;
  const std::string triple(3, mark);
  for (std::size_t at = text.find(triple); at != text.npos; at = text.find(triple, at)) {
    const std::size_t behind = std::min(text.find_first_not_of(mark, at), text.size());
    at = std::min(text.find_first_not_of('#', behind), text.size());
    most = std::max(most, at - behind + 1);
  }
  return most;
}

}  // namespace

std::string quote_string(std::string_view text) { return joined("\"", Quoter(false, false, 0, 0).body(text), "\""); }

std::string quote_bytes(std::string_view bytes) { return joined("'", Quoter(true, false, 0, 0).body(bytes), "'"); }

std::string quote_lines(std::string_view text, unsigned tabs, bool bytes) {
  const char mark = bytes ? '\'' : '"';
  const std::size_t count = hashes_for(text, mark);
  const std::string hashes(count, '#'), triple(3, mark), indent(tabs, '\t');
  std::string out = joined(hashes, triple, "\n");
  if (text.empty()) return joined(out, indent, triple, hashes);
  if (text[0] != '\n') out += indent;
  return joined(out, Quoter(bytes, true, count, tabs).body(text), "\n", indent, triple, hashes);
}

bool is_identifier(std::string_view name) {
  if (name.empty() || name[0] == '_' || is_digit(decode(name, 0).character)) return false;
  for (std::size_t i = 0; i < name.size();) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(name[i]))) {
      ++i;
      continue;
    }
    const Decoded d = decode(name, i);
    if (!is_letter(d.character) && !is_digit(d.character) && d.character != '_' && d.character != '$') return false;
    i += static_cast<std::size_t>(d.width);
  }
  return true;
}

std::string quote_label(std::string_view name) { return is_identifier(name) ? std::string(name) : quote_string(name); }

}  // namespace oam::cue
