// Cuts a text into tokens. A line's end counts as a comma where the token before
// it can end an element (`automatic`); comments are tokens, white space is not.
//
// A string with an interpolation comes in pieces: after the token `interpolation`
// read tokens up to the `)` that ends the expression, then ask resume() for the next
// piece. Copy a Scanner to look ahead.
#pragma once

#include <cstdint>
#include <string_view>

#include "cue/parse/ast.hpp"
#include "cue/parse/errors.hpp"

namespace oam::cue {

// Each with its name in messages.
#define OAM_CUE_TOKENS(X)                                                                                   \
  X(illegal, "ILLEGAL") X(end, "EOF") X(comment, "COMMENT") X(attribute, "ATTRIBUTE")                       \
  X(identifier, "IDENT") X(integer, "INT") X(floating, "FLOAT") X(string, "STRING")                         \
  X(interpolation, "INTERPOLATION") X(bottom, "_|_")                                                        \
  X(add, "+") X(sub, "-") X(mul, "*") X(quo, "/") X(and_, "&") X(or_, "|") X(land, "&&") X(lor, "||")       \
  X(bind, "=") X(eq, "==") X(lt, "<") X(gt, ">") X(not_, "!") X(arrow, "<-") X(ne, "!=") X(le, "<=")        \
  X(ge, ">=") X(match, "=~") X(not_match, "!~") X(lparen, "(") X(lbrack, "[") X(lbrace, "{") X(comma, ",")  \
  X(period, ".") X(ellipsis, "...") X(rparen, ")") X(rbrack, "]") X(rbrace, "}") X(semicolon, ";")          \
  X(colon, ":") X(option, "?") X(tilde, "~")                                                                \
  X(if_, "if") X(else_, "else") X(for_, "for") X(in, "in") X(let, "let") X(try_, "try")                     \
  X(fallback, "fallback") X(otherwise, "otherwise") X(func, "func") X(true_, "true") X(false_, "false")     \
  X(null, "null")

enum class Tok : std::uint8_t {
#define X(name, text) name,
  OAM_CUE_TOKENS(X)
#undef X
};

std::string_view token_name(Tok kind);
inline bool is_literal(Tok kind) { return kind >= Tok::identifier && kind <= Tok::bottom; }
inline bool is_keyword(Tok kind) { return kind >= Tok::if_; }

struct Token {
  Tok kind = Tok::illegal;
  ast::Gap gap = ast::Gap::none;
  bool automatic = false;               // a comma that a line's end stands for
  std::uint32_t begin = 0, end = 0;     // offsets in the text
  std::uint32_t line = 0, end_line = 0;
  std::string_view text;                // as written; of an interpolation with the "\("
};

class Scanner {
 public:
  // Errors are dropped where the sink is null.
  Scanner(std::string_view text, Errors* errors);

  Token next();
  // The piece from the `)` that stands at this offset, of the string that began with
  // the interpolation that quote() belonged to.
  struct Quote {
    char mark = '"';
    int hashes = 0;
    bool multi_line = false;
    std::uint32_t begin = 0;              // offset of the literal
    bool has_indent = false;              // some line had text
    std::string_view indent;              // what all lines with text begin with
  };
  const Quote& quote() const { return quote_; }   // of the last interpolation piece
  Token resume(const Quote& quote, std::uint32_t rparen);

  void silence() { errors_ = nullptr; }
  void stop();                            // from now on the text is at its end

 private:
  bool at_end() const { return pos_ >= text_.size(); }
  char byte(std::size_t ahead = 0) const { return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0'; }
  bool starts(std::string_view what) const { return text_.substr(pos_, what.size()) == what; }
  bool accept(char c);
  void error(std::size_t offset, std::string message);
  void check_encoding(std::size_t from);

  void skip_space();
  ast::Gap gap() const;
  Token scan();
  Token automatic_comma(std::size_t at);
  bool comma_at_line_end(Token& token);
  Token finish(Tok kind, std::size_t begin);
  Tok dispatch();
  Tok punctuation(char c);
  Tok operator_of(char c);
  Tok name();
  Tok underscore();
  Tok hash();
  Tok dots();
  Tok slash();
  Tok illegal();
  void name_rest();
  void hash_name();

  Tok number();
  Tok based_number(std::size_t begin, int base, std::string_view what);
  Tok zero(std::size_t begin);
  Tok fraction(Tok kind);
  Tok exponent(Tok kind);
  void mantissa(int base);

  Tok string(int hashes);
  Tok open_triple(Quote quote);
  Tok string_body(Quote quote, std::size_t begin, bool resumed);
  bool closes(const Quote& quote) const;
  bool escape(const Quote& quote);
  void escape_digits(int count, int base, std::uint32_t most);
  void octal_escape(const Quote& quote);
  void hex_escape(const Quote& quote);

  Tok attribute();
  void attribute_body();
  Tok attribute_token();
  void skip_interpolation();

  std::string_view text_;
  Errors* errors_;
  std::size_t pos_ = 0;
  std::size_t checked_ = 0;          // the encoding is checked up to here
  std::uint32_t line_ = 1;
  bool comma_due_ = false;           // a line's end here would be a comma
  unsigned lines_ = 0, blanks_ = 0;  // since the last token
  Quote quote_;
};

}  // namespace oam::cue
