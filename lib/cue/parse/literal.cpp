#include "cue/parse/literal.hpp"

#include <algorithm>
#include <optional>

#include "cue/parse/characters.hpp"
#include "cue/parse/errors.hpp"

namespace oam::cue {
namespace {

constexpr std::string_view kInvalid = "invalid string: ";
constexpr std::string_view kSyntax = "invalid syntax";

// How a literal is quoted; pieces of an interpolation share it.
struct Form {
  char mark = '"';
  std::size_t hashes = 0;
  bool multi_line = false;
  std::string_view indent;   // of the closing quotes' line
  std::string delimiter() const { return std::string(multi_line ? 3 : 1, mark) + std::string(hashes, '#'); }
};

// The white space that a line begins with.
std::string_view blanks_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string wrong_indent(std::string_view expected, std::string_view line) {
  return joined("invalid string: non-matching whitespace for multiline string (expected ", quote_string(expected), ", got ",
                quote_string(blanks_of(line.substr(0, line.find('\n')))), ")");
}

// Takes the opening quotes off the first piece.
std::string open_form(Form& form, std::string_view& first) {
  form.hashes = std::min(first.find_first_not_of('#'), first.size());
  std::string_view rest = first.substr(form.hashes);
  if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return std::string(kSyntax);
  form.mark = rest[0];
  const bool triple = rest.size() > 3 && rest[1] == form.mark && rest[2] == form.mark && rest[3] != '#';
  rest.remove_prefix(triple ? 3 : 1);
  if (triple) {
    form.multi_line = true;
    if (rest.starts_with('\r')) rest.remove_prefix(1);
    if (!rest.starts_with('\n')) return "invalid string: opening quote of multiline string must be followed by newline";
    rest.remove_prefix(1);
  }
  first = rest;
  return {};
}

// Takes the closing quotes off the last piece, with the last line's end and indent.
// Where the string has no line between the quotes, the piece is that line.
std::string close_form(Form& form, std::string_view& last) {
  if (!last.ends_with(form.delimiter())) return "invalid string: unmatched quote";
  last.remove_suffix(form.delimiter().size());
  if (!form.multi_line) return {};
  const std::size_t end = last.find_last_not_of(" \t\r") + 1;   // npos + 1 is 0
  form.indent = last.substr(end);
  last = last.substr(0, end);
  if (last.empty()) return {};
  if (last.back() != '\n') return "invalid string: closing quote of multiline string must follow a newline";
  return {};
}

// Reads one piece.
class Piece {
 public:
  Piece(const Form& form, std::string_view text, bool first, bool last)
      : form_(form), text_(text), first_(first), last_(last),
        keep_returns_(!form.multi_line && form.hashes == 0 && text.find('\\') == text.npos) {}

  std::string read(std::string& out) {
    if (form_.multi_line && first_) line_begins();
    while (error_.empty() && at_ < text_.size()) step(out);
    if (!error_.empty() || !form_.multi_line || !last_) return error_;
    if (escaped_end_) fail("last newline of multiline string cannot be escaped");
    if (out.ends_with('\n') && ended_with_line_) out.pop_back();
    return error_;
  }

 private:
  void fail(std::string_view error) {
    if (error_.empty()) error_ = error.starts_with(kInvalid) ? std::string(error) : joined(kInvalid, error);
  }

  void step(std::string& out) {
    const char c = text_[at_];
    escaped_end_ = false;
    ended_with_line_ = false;
    if (c == '\r' && !keep_returns_)
      ++at_;
    else if (c == '\n')
      line_end(out);
    else if (c == '\\' && text_.substr(at_ + 1, form_.hashes) == std::string(form_.hashes, '#'))
      escape(out);
    else
      plain(out, c);
  }

  void line_end(std::string& out) {
    ++at_;
    if (!form_.multi_line) return fail(kSyntax);
    out += '\n';
    ended_with_line_ = true;
    line_begins();
  }

  // Every line but an empty one has the indent of the closing quotes.
  void line_begins() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with(form_.indent))
      at_ += form_.indent.size();
    else if (!(rest.empty() && last_) && !rest.starts_with('\n') && !rest.starts_with("\r\n"))
      return fail(wrong_indent(form_.indent, rest));
    if (text_.substr(at_).starts_with(form_.delimiter())) fail(kSyntax);
  }

  void plain(std::string& out, char c) {
    if (!form_.multi_line && c == form_.mark && text_.substr(at_).starts_with(form_.delimiter())) return fail(kSyntax);
    if (c == '\0') return fail(kSyntax);
    const Decoded d = decode(text_, at_);
    if (is_invalid(d)) return fail("invalid UTF-8 encoding");
    out.append(text_.substr(at_, static_cast<std::size_t>(d.width)));
    at_ += static_cast<std::size_t>(d.width);
  }

  void escape(std::string& out) {
    at_ += 1 + form_.hashes;
    if (at_ >= text_.size()) return fail(kSyntax);
    const char c = text_[at_++];
    constexpr std::string_view names = "abfnrtv/\\", values = "\a\b\f\n\r\t\v/\\";
    if (const std::size_t simple = names.find(c); simple != names.npos)
      out += values[simple];
    else if (c == form_.mark)
      out += c;
    else if (c == 'u' || c == 'U')
      code_point(out, c == 'u' ? 4 : 8);
    else if (c == 'x' && form_.mark == '\'')
      byte(out, 2, 16);
    else if (c >= '0' && c <= '7' && form_.mark == '\'')
      octal(out);
    else if (form_.multi_line && (c == '\n' || (c == '\r' && text_.substr(at_).starts_with('\n'))))
      escaped_line_end(c);
    else
      fail(kSyntax);
  }

  void escaped_line_end(char c) {
    at_ += c == '\r';
    line_begins();
    escaped_end_ = true;
  }

  std::optional<std::uint32_t> digits(std::size_t count, std::uint32_t base) {
    if (text_.size() - at_ < count) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto digit = static_cast<std::uint32_t>(digit_value(text_[at_ + i]));
      if (digit >= base) return std::nullopt;
      value = value * base + digit;
    }
    at_ += count;
    return value;
  }

  void byte(std::string& out, std::size_t count, std::uint32_t base) {
    const auto value = digits(count, base);
    if (!value || *value > 255) return fail(kSyntax);
    out += static_cast<char>(*value);
  }

  void octal(std::string& out) {
    --at_;   // back to the first digit
    byte(out, 3, 8);
  }

  // Two surrogates make one character, as in JSON.
  void code_point(std::string& out, std::size_t count) {
    const auto value = digits(count, 16);
    if (!value || *value > 0x10ffff) return fail(kSyntax);
    if (*value < 0xd800 || *value > 0xdfff) return append_utf8(out, *value);
    const auto low = *value < 0xdc00 ? second_surrogate() : std::nullopt;
    if (!low || *low < 0xdc00 || *low > 0xdfff) return fail("unmatched surrogate pair");
    append_utf8(out, 0x10000 + (*value - 0xd800) * 0x400 + (*low - 0xdc00));
  }

  std::optional<std::uint32_t> second_surrogate() {
    const std::string lead = "\\" + std::string(form_.hashes, '#');
    if (!text_.substr(at_).starts_with(lead)) return std::nullopt;
    at_ += lead.size();
    if (at_ >= text_.size() || (text_[at_] != 'u' && text_[at_] != 'U')) return std::nullopt;
    return digits(text_[at_++] == 'u' ? 4 : 8, 16);
  }

  const Form& form_;
  std::string_view text_;
  bool first_, last_, keep_returns_;
  std::size_t at_ = 0;
  bool escaped_end_ = false, ended_with_line_ = false;
  std::string error_;
};

}  // namespace

UnquotedPieces unquote_pieces(std::span<const std::string_view> texts) {
  UnquotedPieces result;
  std::vector<std::string_view> pieces(texts.begin(), texts.end());
  Form form;
  result.error = open_form(form, pieces.front());
  result.bytes = form.mark == '\'';
  if (result.ok()) result.error = close_form(form, pieces.back());
  for (std::size_t i = 0; result.ok() && i < pieces.size(); ++i)
    result.error = Piece(form, pieces[i], i == 0, i + 1 == pieces.size()).read(result.values.emplace_back());
  return result;
}

Unquoted unquote(std::string_view literal) {
  UnquotedPieces read = unquote_pieces({&literal, 1});
  return {read.ok() ? std::move(read.values[0]) : std::string(), std::move(read.error), read.bytes};
}

}  // namespace oam::cue
