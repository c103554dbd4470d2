// Tokens, errors and comments; the productions are in parse_expr, parse_decl,
// parse_clause and parse_file.
//
// Comments are collected in pending_ while tokens are read. A declaration, list
// element or operand takes what is pending when it begins; it takes what stands on
// its last line when it ends; a bracket takes the rest when it closes.
#include "cue/parse/parse.hpp"

#include "cue/parse/parser.hpp"

namespace oam::cue {

Parser::Parser(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors)
    : arena_(arena), text_(text), base_(base), errors_(text, base, errors), scanner_(text, &errors_) {}

void Parser::advance() {
  if (!at(Tok::comma)) last_end_ = token_.end;
  const Token behind = token_;
  token_ = scanner_.next();
  if (at(Tok::comment)) read_comments(behind);
}

void Parser::read_comments(const Token& behind) {
  for (std::uint32_t line = behind.end_line; at(Tok::comment);) {
    ast::CommentGroup group;
    group.pos = here();
    group.gap = token_.gap;
    group.trailing = token_.line == behind.end_line;
    std::vector<std::string_view> lines;
    do {
      line = token_.line;
      lines.push_back(token_.text.substr(0, token_.text.find_last_not_of('\r') + 1));
      token_ = scanner_.next();
    } while (at(Tok::comment) && token_.line == line + 1 && !group.trailing);
    group.doc = !group.trailing && token_.line == line + 1 && !at(Tok::end) && !at(Tok::comment);
    group.lines = arena_.copy(lines);
    pending_.push_back(group);
  }
}

Token Parser::peek(int ahead) const {
  Scanner scanner = scanner_;
  scanner.silence();
  Token token = token_;
  while (ahead > 0 && token.kind != Tok::end) {
    token = scanner.next();
    ahead -= token.kind != Tok::comment;
  }
  return token;
}

bool Parser::at_any(std::initializer_list<Tok> kinds) const {
  return std::find(kinds.begin(), kinds.end(), token_.kind) != kinds.end();
}

bool Parser::accept(Tok kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

bool Parser::expect(Tok kind) {
  const bool found = at(kind);
  if (!found) expected(joined("'", token_name(kind), "'"));
  advance();   // in any case, so that no loop stands still
  return found;
}

void Parser::expect_closing(Tok kind, std::string_view context) {
  if (at(Tok::comma) && token_.automatic) {
    error(token_.begin, joined("missing ',' before newline in ", context));
    advance();
  }
  expect(kind);
}

// Whether a comma is here or should be.
bool Parser::at_comma(std::string_view context, std::initializer_list<Tok> closers) {
  if (at(Tok::comma)) return true;
  if (at_any(closers)) return false;
  error(token_.begin, joined("missing ',' in ", context));
  return true;
}

void Parser::error(std::size_t offset, std::string message) {
  if (stopped_ || errors_.last_is_on_line(offset)) return;
  if (errors_.size() > kMaxSyntaxErrors) return stop();
  errors_.add(offset, std::move(message));
}

void Parser::expected(std::string_view what) {
  std::string message = joined("expected ", what, ", found ");
  if (at(Tok::comma) && token_.automatic)
    message += "newline";
  else
    message += joined("'", token_name(token_.kind), "'");
  if (is_literal(token_.kind)) message += joined(" ", token_.text);
  error(token_.begin, std::move(message));
}

void Parser::stop() {
  stopped_ = true;
  scanner_.stop();
  const Token last = token_;
  token_ = Token{};
  token_.kind = Tok::end;
  token_.begin = token_.end = static_cast<std::uint32_t>(text_.size());
  token_.line = token_.end_line = last.line;
}

// To where something new may start: the next comma or closing bracket of this level.
void Parser::skip_to_comma() {
  for (int open = 0; !at(Tok::end); advance()) {
    if (at_any({Tok::lparen, Tok::lbrack, Tok::lbrace})) ++open;
    const bool closes = at_any({Tok::rparen, Tok::rbrack, Tok::rbrace});
    if (open == 0 && (closes || at(Tok::comma))) return;
    open -= closes;
  }
}

void Parser::deepen() {
  if (++depth_ <= kMaxNesting || stopped_) return;
  error(token_.begin, joined("expression exceeds maximum nesting depth of ", std::to_string(kMaxNesting)));
  stop();
}

void Parser::heighten() {
  if (++tallest_ <= kMaxHeight || stopped_) return;
  error(token_.begin, joined("expression exceeds maximum length of ", std::to_string(kMaxHeight), " operators"));
  stop();
}

Parser::Comments Parser::take_comments() { return std::exchange(pending_, {}); }

void Parser::take_rest(Comments& comments, ast::Place place) {
  for (ast::CommentGroup& group : pending_) {
    group.place = place;
    group.doc = false;   // what comes next is a bracket
    comments.push_back(group);
  }
  pending_.clear();
}

// Behind an opening bracket.
void Parser::take_opening(Comments& comments) {
  if (pending_.empty() || !pending_.front().trailing) return;
  comments.push_back(pending_.front());
  comments.back().place = ast::Place::opening;
  pending_.erase(pending_.begin());
}

void Parser::take_trailing(Comments& comments) {
  if (pending_.empty() || !pending_.front().trailing) return;
  comments.push_back(pending_.front());
  comments.back().place = ast::Place::after;
  pending_.erase(pending_.begin());
}

void Parser::attach(ast::Node& node, const Comments& comments) {
  if (comments.empty()) return;
  Comments all(node.comments.begin(), node.comments.end());
  all.insert(all.end(), comments.begin(), comments.end());
  node.comments = arena_.copy(all);
}

const ast::File* parse_file(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors) {
  return Parser(arena, text, base, errors).file();
}

const ast::Expr* parse_expression(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors) {
  return Parser(arena, text, base, errors).whole_expression();
}

}  // namespace oam::cue
