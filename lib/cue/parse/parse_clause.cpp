// Comprehensions.
#include "cue/parse/parser.hpp"

namespace oam::cue {

using ast::ClauseKind;

// Whether the `for` or `if` here is a name: `if: 1`. `try` never is.
bool Parser::is_keyword_label() const {
  if (at(Tok::try_)) return false;
  switch (peek().kind) {
    case Tok::colon: case Tok::bind: case Tok::option: case Tok::comma: case Tok::end: return true;
    case Tok::not_: return at(Tok::for_) || peek(2).kind == Tok::colon;
    default: return false;
  }
}

ast::Expr* Parser::comprehension() {
  const Nest level(*this);
  auto* node = start<ast::Comprehension>();
  std::vector<ast::Clause*> clauses;
  while (at_any({Tok::for_, Tok::if_, Tok::let, Tok::try_})) {
    clauses.push_back(clause());
    accept(Tok::comma);
  }
  node->clauses = arena_.copy(std::span<ast::Clause* const>(clauses));
  node->value = structure();
  if (at_any({Tok::else_, Tok::fallback, Tok::otherwise})) node->fallback = fallback(node->clauses);
  return finish(node);
}

ast::Clause* Parser::clause() {
  const Comments comments = take_comments();
  auto* node = start<ast::Clause>();
  const Tok kind = token_.kind;
  advance();
  if (kind == Tok::for_)
    for_clause(*node);
  else if (kind == Tok::let)
    let_clause(*node);
  else if (kind == Tok::try_)
    try_clause(*node);
  else
    node->x = expression();
  attach(*node, comments);
  return finish(node);
}

void Parser::for_clause(ast::Clause& clause) {
  clause.kind = ClauseKind::for_;
  clause.value = declared_identifier();
  if (accept(Tok::comma)) {
    clause.key = clause.value;
    clause.value = declared_identifier();
  }
  expect(Tok::in);
  clause.x = expression();
}

void Parser::let_clause(ast::Clause& clause) {
  clause.kind = ClauseKind::let;
  clause.value = declared_identifier();
  expect(Tok::bind);
  clause.x = expression();
}

void Parser::try_clause(ast::Clause& clause) {
  clause.kind = ClauseKind::try_;
  if (!at(Tok::identifier)) return;
  clause.value = identifier();
  expect(Tok::bind);
  clause.x = expression();
}

// One condition has an `else`, anything else an `otherwise` (`fallback` is its old name).
ast::Struct* Parser::fallback(std::span<ast::Clause* const> clauses) {
  if (!experiments_.try_) error(token_.begin, joined(token_name(token_.kind), " requires @experiment(try)"));
  const bool guard =
      clauses.size() == 1 && (clauses[0]->kind == ClauseKind::if_ || clauses[0]->kind == ClauseKind::try_);
  if (guard && !at(Tok::else_)) error(token_.begin, "use 'else' with single 'if' or 'try' clause");
  if (!guard && at(Tok::else_))
    error(token_.begin, "use 'otherwise' for comprehensions with multiple clauses or 'for' clauses");
  advance();
  return structure();
}

}  // namespace oam::cue
