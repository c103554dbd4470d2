#include "cue/parse/scan.hpp"

#include <array>

#include "cue/parse/characters.hpp"

namespace oam::cue {
namespace {

constexpr std::array kNames = {
#define X(name, text) std::string_view(text),
    OAM_CUE_TOKENS(X)
#undef X
};

Tok keyword_or_identifier(std::string_view name) {
  for (auto kind = static_cast<std::size_t>(Tok::if_); kind < kNames.size(); ++kind)
    if (kNames[kind] == name) return static_cast<Tok>(kind);
  return Tok::identifier;
}

// Whether a line's end behind such a token counts as a comma.
bool ends_element(Tok kind) {
  switch (kind) {
    case Tok::rparen: case Tok::rbrack: case Tok::rbrace: case Tok::ellipsis: case Tok::option: case Tok::semicolon:
    case Tok::attribute:
      return true;
    case Tok::interpolation:   // its expression follows
      return false;
    default:
      return is_literal(kind) || is_keyword(kind);
  }
}

bool is_plain_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_ascii(char c) { return is_plain_digit(c) || c == '_' || c == '$' || is_letter(static_cast<unsigned char>(c)); }

}  // namespace

std::string_view token_name(Tok kind) { return kNames[static_cast<std::size_t>(kind)]; }

Scanner::Scanner(std::string_view text, Errors* errors) : text_(text), errors_(errors) {
  if (starts("\xef\xbb\xbf")) pos_ = checked_ = 3;
}

void Scanner::stop() {
  pos_ = checked_ = text_.size();
  comma_due_ = false;
  errors_ = nullptr;
}

bool Scanner::accept(char c) {
  if (at_end() || byte() != c) return false;
  ++pos_;
  return true;
}

void Scanner::error(std::size_t offset, std::string message) {
  if (errors_) errors_->add(offset, std::move(message));
}

// Bytes that are no text are errors wherever they stand, also in comments and strings.
void Scanner::check_encoding(std::size_t to) {
  while (checked_ < to) {
    const auto c = static_cast<unsigned char>(text_[checked_]);
    if (c == 0) error(checked_, "illegal character NUL");
    if (c < 0x80) {
      ++checked_;
      continue;
    }
    const Decoded d = decode(text_, checked_);
    if (is_invalid(d)) error(checked_, "illegal UTF-8 encoding");
    if (d.character == kByteOrderMark) error(checked_, "illegal byte order mark");
    checked_ += static_cast<std::size_t>(d.width);
  }
}

void Scanner::skip_space() {
  for (; !at_end(); ++pos_) {
    switch (byte()) {
      case ' ': case '\t':
        ++blanks_;
        break;
      case '\r':
        break;
      case '\n':
        if (comma_due_) return;
        ++lines_;
        ++line_;
        break;
      default:
        return;
    }
  }
}

ast::Gap Scanner::gap() const {
  if (lines_ > 1) return ast::Gap::section;
  if (lines_ == 1) return ast::Gap::newline;
  return blanks_ > 0 ? ast::Gap::blank : ast::Gap::none;
}

// Whether the place behind white space is a comma: the end of a line or of the text,
// or a comment. Not so before a ',' or ':' on a later line, as JSON may have them.
bool Scanner::comma_at_line_end(Token& token) {
  if (!comma_due_ || !(at_end() || byte() == '\n' || starts("//"))) return false;
  token.kind = Tok::comma;
  token.automatic = true;
  token.begin = token.end = static_cast<std::uint32_t>(pos_);
  token.line = token.end_line = line_;
  token.text = "\n";
  comma_due_ = false;
  if (at_end() || byte() != '\n') return true;
  skip_space();
  return byte() != ',' && byte() != ':';
}

Token Scanner::next() {
  skip_space();
  Token token;
  if (comma_at_line_end(token)) return token;
  token = Token{};
  token.gap = gap();
  token.line = line_;
  token.begin = static_cast<std::uint32_t>(pos_);
  token.kind = at_end() ? Tok::end : dispatch();
  token.end = static_cast<std::uint32_t>(pos_);
  token.end_line = line_;
  token.text = text_.substr(token.begin, token.end - token.begin);
  if (token.kind != Tok::illegal) comma_due_ = ends_element(token.kind);
  lines_ = blanks_ = 0;
  if (errors_) check_encoding(pos_);
  return token;
}

Token Scanner::resume(const Quote& quote, std::uint32_t rparen) {
  Token token;
  token.begin = rparen;
  token.line = line_;
  pos_ = std::min<std::size_t>(rparen + 1, text_.size());
  token.kind = string_body(quote, rparen, true);
  token.end = static_cast<std::uint32_t>(pos_);
  token.end_line = line_;
  token.text = text_.substr(token.begin, token.end - token.begin);
  comma_due_ = ends_element(token.kind);
  lines_ = blanks_ = 0;
  if (errors_) check_encoding(pos_);
  return token;
}

Tok Scanner::dispatch() {
  const char c = byte();
  if (is_plain_digit(c)) return number();
  switch (c) {
    case '_': return underscore();
    case '#': return hash();
    case '"': case '\'': return string(0);
    case '@': return attribute();
    case '.': return dots();
    case '/': return slash();
    default: break;
  }
  if (c == '$' || is_letter(decode(text_, pos_).character)) return name();
  return punctuation(c);
}

Tok Scanner::punctuation(char c) {
  ++pos_;
  switch (c) {
    case ':': return Tok::colon;
    case ';': return Tok::semicolon;
    case '?': return Tok::option;
    case '~': return Tok::tilde;
    case ',': return Tok::comma;
    case '(': return Tok::lparen;
    case ')': return Tok::rparen;
    case '[': return Tok::lbrack;
    case ']': return Tok::rbrack;
    case '{': return Tok::lbrace;
    case '}': return Tok::rbrace;
    case '+': return Tok::add;
    case '-': return Tok::sub;
    case '*': return Tok::mul;
    default: return operator_of(c);
  }
}

Tok Scanner::operator_of(char c) {
  switch (c) {
    case '<': return accept('-') ? Tok::arrow : accept('=') ? Tok::le : Tok::lt;
    case '>': return accept('=') ? Tok::ge : Tok::gt;
    case '=': return accept('~') ? Tok::match : accept('=') ? Tok::eq : Tok::bind;
    case '!': return accept('~') ? Tok::not_match : accept('=') ? Tok::ne : Tok::not_;
    case '&': return accept('&') ? Tok::land : Tok::and_;
    case '|': return accept('|') ? Tok::lor : Tok::or_;
    default:
      --pos_;
      return illegal();
  }
}

Tok Scanner::illegal() {
  const Decoded d = decode(text_, pos_);
  if (d.character != kByteOrderMark) error(pos_, joined("illegal character ", describe(d.character)));
  pos_ += static_cast<std::size_t>(d.width);
  return Tok::illegal;
}

void Scanner::name_rest() {
  while (!at_end()) {
    if (static_cast<unsigned char>(byte()) < 0x80) {
      if (!is_name_ascii(byte())) return;
      ++pos_;
      continue;
    }
    const Decoded d = decode(text_, pos_);
    if (!is_letter(d.character) && !is_digit(d.character)) return;
    pos_ += static_cast<std::size_t>(d.width);
  }
}

Tok Scanner::name() {
  const std::size_t begin = pos_;
  name_rest();
  return keyword_or_identifier(text_.substr(begin, pos_ - begin));
}

// "#" and a name; "#" alone before a digit.
void Scanner::hash_name() {
  ++pos_;
  if (at_end() || is_digit(decode(text_, pos_).character)) return;
  name_rest();
}

Tok Scanner::underscore() {
  const std::size_t begin = pos_;
  if (starts("_|_")) {
    pos_ += 3;
    return Tok::bottom;
  }
  ++pos_;
  if (byte() == '#') {
    hash_name();
    return Tok::identifier;
  }
  name_rest();
  if (pos_ - begin != 2 || byte(0) != '#' || text_[begin + 1] != '_') return Tok::identifier;
  hash_name();
  error(begin, joined("illegal token \"", text_.substr(begin, pos_ - begin), "\""));
  return Tok::illegal;
}

// A definition's name or the hashes before a string.
Tok Scanner::hash() {
  int hashes = 0;
  while (byte(static_cast<std::size_t>(hashes)) == '#') ++hashes;
  const char behind = byte(static_cast<std::size_t>(hashes));
  if (behind == '"' || behind == '\'') {
    pos_ += static_cast<std::size_t>(hashes);
    return string(hashes);
  }
  if (hashes > 1) {
    pos_ += static_cast<std::size_t>(hashes);
    return Tok::illegal;
  }
  hash_name();
  return Tok::identifier;
}

Tok Scanner::dots() {
  const std::size_t begin = pos_++;
  if (is_plain_digit(byte())) {
    mantissa(10);
    return exponent(Tok::floating);
  }
  if (!accept('.')) return Tok::period;
  if (accept('.')) return Tok::ellipsis;
  error(begin, "illegal token '..'; expected '.'");
  return Tok::illegal;
}

Tok Scanner::slash() {
  if (!starts("//")) {
    ++pos_;
    return Tok::quo;
  }
  pos_ = std::min(text_.find('\n', pos_), text_.size());
  return Tok::comment;
}

}  // namespace oam::cue
