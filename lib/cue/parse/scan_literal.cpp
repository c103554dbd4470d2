// The scanner's literals: numbers, strings and attributes.
#include <algorithm>
#include <vector>

#include "cue/parse/characters.hpp"
#include "cue/parse/scan.hpp"

namespace oam::cue {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view common_prefix(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return a.substr(0, static_cast<std::size_t>(differ - a.begin()));
}

// A string's line, as it begins: what it is indented with counts for the string if
// it has text, or white space alone (but not if it is empty).
void note_indent(Scanner::Quote& quote, std::string_view blanks, bool has_text) {
  while (!blanks.empty() && blanks.back() == '\r') blanks.remove_suffix(1);
  if (!has_text && blanks.empty()) return;
  quote.indent = quote.has_indent ? common_prefix(quote.indent, blanks) : blanks;
  quote.has_indent = true;
}

}  // namespace

// ---- numbers

void Scanner::mantissa(int base) {
  char last = 0;
  for (; byte() == '_' || digit_value(byte()) < base; ++pos_) {
    if (last == '_' && byte() == '_') error(pos_, "illegal '_' in number");
    last = byte();
  }
  if (last == '_') error(pos_ - 1, "illegal '_' in number");
}

Tok Scanner::number() {
  if (byte() == '0') return zero(pos_);
  mantissa(10);
  return fraction(Tok::integer);
}

Tok Scanner::zero(std::size_t begin) {
  ++pos_;
  if (byte() == 'x' || byte() == 'X') return based_number(begin, 16, "hexadecimal");
  if (byte() == 'b') return based_number(begin, 2, "binary");
  if (byte() == 'o') return based_number(begin, 8, "octal");
  const bool more = byte() >= '0' && byte() <= '9';
  if (more) mantissa(10);
  const bool range = byte() == '.' && byte(1) == '.';
  if (!range && (byte() == '.' || byte() == 'e' || byte() == 'E')) return fraction(Tok::integer);
  if (more) error(begin, "illegal integer number");
  return range ? Tok::integer : exponent(Tok::integer);
}

Tok Scanner::based_number(std::size_t begin, int base, std::string_view what) {
  ++pos_;
  mantissa(base);
  if (pos_ - begin <= 2) error(begin, joined("illegal ", what, " number"));
  return Tok::integer;
}

Tok Scanner::fraction(Tok kind) {
  if (byte() != '.') return exponent(kind);
  if (byte(1) == '.') return kind;   // the dots of a range or ellipsis
  ++pos_;
  mantissa(10);
  return exponent(Tok::floating);
}

Tok Scanner::exponent(Tok kind) {
  if (byte() != '\0' && std::string_view("KMGTP").find(byte()) != std::string_view::npos) {
    ++pos_;
    accept('i');
    return Tok::integer;
  }
  if (!accept('e') && !accept('E')) return kind;
  if (!accept('-')) accept('+');
  if (byte() != '_' && digit_value(byte()) >= 10) error(pos_, "illegal exponent in number");
  mantissa(10);
  return Tok::floating;
}

// ---- strings

// At the first quote, behind the hashes.
Tok Scanner::string(int hashes) {
  Quote quote;
  quote.mark = byte();
  quote.hashes = hashes;
  quote.begin = static_cast<std::uint32_t>(pos_) - static_cast<std::uint32_t>(hashes);
  const std::string triple(3, quote.mark);
  ++pos_;
  if (closes(quote) && !(hashes == 0 && byte(1) == quote.mark)) {   // empty
    pos_ += 1 + static_cast<std::size_t>(hashes);
    return Tok::string;
  }
  if (text_.substr(pos_ - 1, 3) != triple) return string_body(quote, quote.begin, false);
  ++pos_;
  if (hashes > 0 && closes(quote)) {   // #"""#: one quote
    pos_ += 1 + static_cast<std::size_t>(hashes);
    return Tok::string;
  }
  ++pos_;
  return open_triple(quote);
}

Tok Scanner::open_triple(Quote quote) {
  quote.multi_line = true;
  const std::size_t end = pos_;
  accept('\r');
  if (accept('\n')) {
    ++line_;
    return string_body(quote, quote.begin, false);
  }
  error(quote.begin, joined("expected newline after multiline quote ",
                                  text_.substr(quote.begin, end - quote.begin)));
  return Tok::string;
}

bool Scanner::closes(const Quote& quote) const {
  const std::size_t marks = quote.multi_line ? 3 : 1;
  for (std::size_t i = 0; i < marks; ++i)
    if (byte(i) != quote.mark) return false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(quote.hashes); ++i)
    if (byte(marks + i) != '#') return false;
  return true;
}

// Up to the closing quotes or an interpolation. A multi-line string closes only
// where nothing but white space stands before the quotes.
Tok Scanner::string_body(Quote quote, std::size_t begin, bool resumed) {
  bool fresh = quote.multi_line && !resumed;
  for (std::size_t line = pos_;;) {
    if (at_end() || (!quote.multi_line && byte() == '\n')) {
      error(begin, "string literal not terminated");
      return Tok::string;
    }
    if ((!quote.multi_line || fresh) && closes(quote)) {
      if (quote.has_indent && !quote.indent.starts_with(text_.substr(line, pos_ - line)))
        error(quote.begin, "non-matching whitespace for multiline strings");
      pos_ += (quote.multi_line ? 3 : 1) + static_cast<std::size_t>(quote.hashes);
      return Tok::string;
    }
    const char c = text_[pos_++];
    if (quote.multi_line && c == '\r') continue;
    if (fresh && !is_blank(c)) note_indent(quote, text_.substr(line, pos_ - 1 - line), c != '\n');
    fresh = quote.multi_line && (c == '\n' || (fresh && is_blank(c)));
    if (c == '\n') {
      line = pos_;
      ++line_;
    }
    if (c == '\\' && escape(quote)) return Tok::interpolation;
  }
}

// Behind a backslash. True if it begins an interpolation.
bool Scanner::escape(const Quote& quote) {
  for (int i = 0; i < quote.hashes; ++i)
    if (!accept('#')) return false;
  if (accept('(')) {
    quote_ = quote;
    return true;
  }
  const char c = byte();
  if (c != '\0' && (c == quote.mark || std::string_view("abfnrtv\\/").find(c) != std::string_view::npos))
    ++pos_;
  else if (c >= '0' && c <= '7')
    octal_escape(quote);
  else if (c == 'x')
    hex_escape(quote);
  else if (accept('u'))
    escape_digits(4, 16, 0x10ffff);
  else if (accept('U'))
    escape_digits(8, 16, 0x10ffff);
  else
    error(pos_, at_end() ? "escape sequence not terminated" : "unknown escape sequence");
  return false;
}

void Scanner::octal_escape(const Quote& quote) {
  if (quote.mark == '"') return error(pos_, "octal escape not allowed in string literal");
  escape_digits(3, 8, 255);
}

void Scanner::hex_escape(const Quote& quote) {
  if (quote.mark == '"') return error(pos_, "hexadecimal escape not allowed in string literal");
  ++pos_;
  escape_digits(2, 16, 255);
}

void Scanner::escape_digits(int count, int base, std::uint32_t most) {
  const std::size_t begin = pos_ - (base == 16);
  std::uint32_t value = 0;
  for (; count > 0; --count, ++pos_) {
    if (at_end()) return error(pos_, "escape sequence not terminated");
    const int digit = digit_value(byte());
    if (digit >= base) {
      return error(pos_, joined("illegal character ", describe(decode(text_, pos_).character), " in escape sequence"));
    }
    value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
  }
  if (value > most) error(begin, "escape sequence is invalid Unicode code point");
}

// ---- attributes

// "@name(" and tokens with balanced brackets up to the ")".
Tok Scanner::attribute() {
  ++pos_;
  name_rest();
  if (next().kind == Tok::lparen)
    attribute_body();
  else
    error(pos_, "invalid attribute: expected '('");
  return Tok::attribute;
}

void Scanner::attribute_body() {
  std::vector<Tok> closers = {Tok::rparen};
  while (!closers.empty()) {
    const Tok kind = attribute_token();
    if (kind == closers.back()) {
      closers.pop_back();
    } else if (kind == Tok::lparen || kind == Tok::lbrack || kind == Tok::lbrace) {
      closers.push_back(kind == Tok::lparen ? Tok::rparen : kind == Tok::lbrack ? Tok::rbrack : Tok::rbrace);
    } else if (kind == Tok::rparen || kind == Tok::rbrack || kind == Tok::rbrace) {
      error(pos_, joined("unexpected '", token_name(kind), "'"));
    } else if (kind == Tok::interpolation) {
      error(pos_ - 1, "interpolation not allowed in attribute");
      skip_interpolation();
    } else if (kind == Tok::end) {
      return error(pos_, "attribute missing ')'");
    }
  }
}

// Attributes within count as their opening bracket: no recursion, however deep they are.
Tok Scanner::attribute_token() {
  skip_space();
  const bool nested = accept('@');
  if (nested) name_rest();
  const Tok kind = next().kind;
  if (!nested || kind == Tok::lparen) return kind;
  error(pos_, "invalid attribute: expected '('");
  return kind == Tok::end ? kind : Tok::attribute;
}

void Scanner::skip_interpolation() {
  for (int open = 1; !at_end() && byte() != '\n' && open > 0; ++pos_) open += byte() == '(' ? 1 : byte() == ')' ? -1 : 0;
}

}  // namespace oam::cue
