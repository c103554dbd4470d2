#include <algorithm>

#include "cue/parse/parser.hpp"

namespace oam::cue {
namespace {

using ast::ExprKind;
using ast::Op;

struct Infix {
  int precedence = 0;   // 1: binds least; 0: no operator
  Op op = Op::none;
};

Infix infix(Tok kind) {
  switch (kind) {
    case Tok::or_: return {1, Op::disjoin};
    case Tok::and_: return {2, Op::unify};
    case Tok::lor: return {3, Op::lor};
    case Tok::land: return {4, Op::land};
    case Tok::eq: return {5, Op::eq};
    case Tok::ne: return {5, Op::ne};
    case Tok::lt: return {5, Op::lt};
    case Tok::le: return {5, Op::le};
    case Tok::gt: return {5, Op::gt};
    case Tok::ge: return {5, Op::ge};
    case Tok::match: return {5, Op::match};
    case Tok::not_match: return {5, Op::not_match};
    case Tok::add: return {6, Op::add};
    case Tok::sub: return {6, Op::sub};
    case Tok::mul: return {7, Op::mul};
    case Tok::quo: return {7, Op::div};
    default: return {};
  }
}

// The operator that a token is before an operand: comparisons make bounds.
Op prefix(Tok kind) {
  switch (kind) {
    case Tok::not_: return Op::logical_not;
    case Tok::mul: return Op::mark;
    default: {
      const Infix found = infix(kind);
      return found.precedence == 5 || found.precedence == 6 ? found.op : Op::none;
    }
  }
}

// Older CUE writes `x div y` for div(x, y). In this place no other name may stand.
bool is_word_operator(const Token& token) {
  constexpr std::string_view all[] = {"div", "mod", "quo", "rem"};
  return token.kind == Tok::identifier && std::ranges::find(all, token.text) != std::end(all);
}
constexpr int kWordPrecedence = 7;

bool is_reserved(std::string_view name) { return name.starts_with("__"); }

}  // namespace

bool is_label(const ast::Expr& x) {
  switch (x.kind) {
    case ExprKind::ident: return !static_cast<const ast::Ident&>(x).optional;
    case ExprKind::string: case ExprKind::null: case ExprKind::boolean: case ExprKind::interpolation: case ExprKind::list:
    case ExprKind::paren:
      return true;
    default: return false;
  }
}

ast::Expr* Parser::expression() { return binary(1); }

ast::Expr* Parser::binary(int least) {
  const Measure measure(*this);
  ast::Expr* left = unary();
  return binary_tail(least, left);
}

ast::Expr* Parser::binary_tail(int least, ast::Expr* left) {
  for (;;) {
    if (kWordPrecedence >= least && is_word_operator(token_)) {
      left = word_operation(left);
      continue;
    }
    const Infix found = infix(token_.kind);
    if (found.precedence < least) return left;
    auto* node = start_at<ast::Binary>(*left);
    node->op = found.op;
    node->op_pos = here();
    node->x = left;
    advance();
    node->y = binary(found.precedence + 1);
    heighten();
    left = finish(node);
  }
}

// The name with underscores means the builtin wherever it stands.
ast::Expr* Parser::word_operation(ast::Expr* left) {
  auto* node = start_at<ast::Call>(*left);
  left->gap = ast::Gap::unset;
  auto* fun = start<ast::Ident>();
  fun->gap = ast::Gap::unset;
  fun->name = arena_.text("__" + std::string(token_.text));
  advance();
  node->fun = finish(fun);
  const std::size_t mark = exprs_.size();
  exprs_.push_back(left);
  exprs_.push_back(binary(kWordPrecedence + 1));
  heighten();
  node->args = gather(exprs_, mark);
  return finish(node);
}

ast::Expr* Parser::unary() {
  const Nest nest(*this);
  const Comments comments = take_comments();
  const Op op = prefix(token_.kind);
  ast::Expr* x = op == Op::none ? primary() : prefixed(op);
  attach(*x, comments);
  return x;
}

ast::Expr* Parser::prefixed(Op op) {
  auto* node = start<ast::Unary>();
  node->op = op;
  node->op_pos = here();
  advance();
  node->x = unary();
  return finish(node);
}

ast::Expr* Parser::primary() {
  for (ast::Expr* x = operand();; heighten()) {
    switch (token_.kind) {
      case Tok::period: x = selector(x); break;
      case Tok::lbrack: x = index_or_slice(x); break;
      case Tok::lparen: x = call(x); break;
      case Tok::ellipsis: x = open(x); break;
      default: return x;
    }
  }
}

ast::Expr* Parser::operand() {
  switch (token_.kind) {
    case Tok::identifier: return reference();
    case Tok::lbrace: return structure();
    case Tok::lbrack: return list();
    case Tok::lparen: return paren();
    case Tok::interpolation: return interpolation();
    case Tok::bottom: return literal(ExprKind::bottom);
    case Tok::null: return literal(ExprKind::null);
    case Tok::true_: case Tok::false_: return literal(ExprKind::boolean);
    case Tok::integer: case Tok::floating: return literal(ExprKind::number);
    case Tok::string: return literal(ExprKind::string);
    default: return is_keyword(token_.kind) ? keyword_as_identifier() : bad_operand();
  }
}

ast::Expr* Parser::bad_operand() {
  auto* node = arena_.make<ast::Literal>(ExprKind::bad);
  node->begin = here();
  expected("operand");
  skip_to_comma();
  return finish(node);
}

ast::Expr* Parser::literal(ExprKind kind) {
  auto* node = arena_.make<ast::Literal>(kind);
  node->begin = here();
  node->gap = token_.gap;
  node->text = token_.text;
  advance();
  return finish(node);
}

ast::Ident* Parser::keyword_as_identifier() {
  auto* node = start<ast::Ident>();
  node->name = token_.text;
  advance();
  return finish(node);
}

ast::Ident* Parser::identifier() {
  auto* node = start<ast::Ident>();
  node->name = at(Tok::identifier) ? token_.text : "_";
  expect(Tok::identifier);
  return finish(node);
}

ast::Ident* Parser::declared_identifier() {
  ast::Ident* node = identifier();
  check_declared(*node);
  return node;
}

void Parser::check_declared(const ast::Ident& ident) {
  if (is_reserved(ident.name)) error(ident.begin - base_, "identifiers starting with '__' are reserved");
}

// A name, with the `?` of a reference to what may be missing. In `name?: x` it is
// the field's.
ast::Expr* Parser::reference() {
  ast::Ident* node = identifier();
  if (!at(Tok::option) || peek().kind == Tok::colon) return node;
  node->optional = accept(Tok::option);
  return finish(node);
}

ast::Expr* Parser::paren() {
  auto* node = start<ast::Paren>();
  advance();
  Comments comments;
  take_opening(comments);
  node->x = expression();
  take_rest(comments, ast::Place::closing);
  node->close_gap = token_.gap;
  expect(Tok::rparen);
  attach(*node, comments);
  return finish(node);
}

ast::Expr* Parser::interpolation() {
  auto* node = start<ast::Interpolation>();
  std::vector<std::string_view> texts;
  std::vector<ast::Gap> close_gaps;
  const std::size_t mark = exprs_.size();
  for (Token piece = token_;;) {
    const std::size_t behind_paren = texts.empty() ? 0 : 1;
    if (piece.kind != Tok::interpolation) {
      texts.push_back(piece.text.substr(std::min(behind_paren, piece.text.size())));
      break;
    }
    const Scanner::Quote quote = scanner_.quote();
    node->bytes = quote.mark == '\'';
    piece.text.remove_suffix(2 + static_cast<std::size_t>(quote.hashes));
    texts.push_back(piece.text.substr(behind_paren));
    advance();
    exprs_.push_back(expression());
    if (at(Tok::comma) && token_.automatic) advance();
    if (!at(Tok::rparen)) expected("')' for string interpolation");
    close_gaps.push_back(token_.gap);
    token_ = piece = scanner_.resume(quote, std::max(token_.end, 1u) - 1);
  }
  advance();
  node->texts = arena_.copy(texts);
  node->close_gaps = arena_.copy(close_gaps);
  node->exprs = gather(exprs_, mark);
  return finish(node);
}

ast::Expr* Parser::selector(ast::Expr* x) {
  auto* node = start_at<ast::Selector>(*x);
  node->x = x;
  advance();
  if (at(Tok::identifier)) {
    node->name = identifier();
  } else if (at(Tok::string) && token_.text.starts_with('"') && !token_.text.starts_with("\"\"")) {
    node->name = literal(ExprKind::string);
  } else if (is_keyword(token_.kind)) {
    node->name = keyword_as_identifier();
  } else {
    expected("selector");
    auto* name = start<ast::Ident>();
    name->name = "_";
    node->name = name;
    advance();
    return finish(node);
  }
  node->optional = accept(Tok::option);
  return finish(node);
}

ast::Expr* Parser::index_or_slice(ast::Expr* x) {
  const ast::Gap open_gap = token_.gap;
  advance();
  ast::Expr* low = at(Tok::colon) ? nullptr : expression();
  if (at(Tok::colon)) {
    advance();
    auto* node = start_at<ast::Slice>(*x);
    node->x = x;
    node->low = low;
    node->high = at_any({Tok::colon, Tok::rbrack, Tok::end}) ? nullptr : expression();
    node->open_gap = open_gap;
    node->close_gap = token_.gap;
    expect(Tok::rbrack);
    return finish(node);
  }
  auto* node = start_at<ast::Index>(*x);
  node->x = x;
  node->index = low;
  accept(Tok::comma);
  node->open_gap = open_gap;
  node->close_gap = token_.gap;
  expect(Tok::rbrack);
  node->optional = accept(Tok::option);
  return finish(node);
}

ast::Expr* Parser::call(ast::Expr* fun) {
  auto* node = start_at<ast::Call>(*fun);
  node->fun = fun;
  node->open_gap = token_.gap;
  advance();
  Comments comments;
  take_opening(comments);
  const std::size_t mark = exprs_.size();
  while (!at_any({Tok::rparen, Tok::end})) {
    ast::Expr* argument = expression();
    exprs_.push_back(argument);
    if (!at_comma("argument list", {Tok::rparen})) break;
    advance();
    Comments trailing;
    take_trailing(trailing);
    attach(*argument, trailing);
  }
  node->args = gather(exprs_, mark);
  take_rest(comments, ast::Place::closing);
  node->close_gap = token_.gap;
  expect_closing(Tok::rparen, "argument list");
  attach(*node, comments);
  return finish(node);
}

ast::Expr* Parser::open(ast::Expr* x) {
  const Pos at = here();
  const std::size_t offset = token_.begin;
  advance();
  if (experiments_.explicitopen) {
    auto* node = start_at<ast::Open>(*x);
    node->x = x;
    return finish(node);
  }
  if (!stopped_) errors_.add(offset, "postfix ... operator requires @experiment(explicitopen)");
  auto* node = arena_.make<ast::Literal>(ExprKind::bad);
  node->begin = at;
  return finish(node);
}

ast::Expr* Parser::list() {
  auto* node = start<ast::List>();
  advance();
  Comments comments;
  take_opening(comments);
  const std::size_t mark = exprs_.size();
  ListCommas commas;
  list_elements(commas);
  if (at(Tok::ellipsis)) exprs_.push_back(list_ellipsis(commas));
  node->elements = gather(exprs_, mark);
  node->bare = commas.missing_between || (node->elements.size() == 1 && commas.missing_last);
  take_rest(comments, ast::Place::closing);
  node->close_gap = token_.gap;
  expect_closing(Tok::rbrack, "list literal");
  attach(*node, comments);
  return finish(node);
}

void Parser::list_elements(ListCommas& commas) {
  for (bool more = true; more && !at_any({Tok::rbrack, Tok::ellipsis, Tok::end});) {
    commas.missing_between |= commas.missing_last;
    Comments comments = take_comments();
    ast::Expr* element = list_element();
    exprs_.push_back(element);
    const bool is_comprehension = element->kind == ExprKind::comprehension;
    const bool comma = is_comprehension ? at_comma("list literal", {Tok::rbrack})
                                        : at_comma("list literal", {Tok::rbrack, Tok::for_, Tok::if_});
    more = comma || is_comprehension;
    commas.missing_last = !comma || token_.automatic;
    if (comma) advance();
    take_trailing(comments);
    attach(*element, comments);
  }
}

ast::Expr* Parser::list_element() {
  if (at_any({Tok::for_, Tok::if_, Tok::try_})) {
    if (!is_keyword_label()) return comprehension();
    const Measure measure(*this);
    return alias(binary_tail(1, keyword_as_identifier()));
  }
  return alias(expression());
}

ast::Expr* Parser::list_ellipsis(ListCommas& commas) {
  commas.missing_between |= commas.missing_last;
  Comments comments = take_comments();
  auto* node = start<ast::Ellipsis>();
  advance();
  if (!at_any({Tok::comma, Tok::rbrack})) node->type = expression();
  finish(node);
  commas.missing_last = !at(Tok::comma) || token_.automatic;
  if (at_comma("list literal", {Tok::rbrack})) advance();
  take_trailing(comments);
  attach(*node, comments);
  return node;
}

ast::Struct* Parser::structure() {
  auto* node = start<ast::Struct>();
  const std::uint32_t line = token_.line;
  expect(Tok::lbrace);
  Comments comments;
  take_opening(comments);
  const std::size_t mark = decls_.size();
  declarations();
  node->decls = gather(decls_, mark);
  take_rest(comments, ast::Place::closing);
  node->close_gap = token_.gap;
  node->one_line = token_.line == line;
  expect_closing(Tok::rbrace, "struct literal");
  attach(*node, comments);
  return finish(node);
}

// `name=expr`, or what was read if there is no "=".
ast::Expr* Parser::alias(ast::Expr* left) {
  if (!at(Tok::bind)) return left;
  if (experiments_.aliasv2) {
    error(token_.begin,
          "old-style alias syntax (=) is not allowed with @experiment(aliasv2); use postfix syntax (~X or ~(K,V))");
    advance();
    return expression();
  }
  const ast::Gap equal_gap = token_.gap;
  advance();
  ast::Expr* x = expression();
  if (left->kind != ExprKind::ident || static_cast<ast::Ident*>(left)->optional) {
    expected("identifier for alias");
    return x;
  }
  auto* node = start_at<ast::Alias>(*left);
  node->ident = static_cast<ast::Ident*>(left);
  node->x = x;
  node->equal_gap = equal_gap;
  check_declared(*node->ident);
  return finish(node);
}

const ast::Expr* Parser::whole_expression() {
  advance();
  Comments comments;
  ast::Expr* x = expression();
  if (at(Tok::comma) && token_.automatic) advance();
  take_trailing(comments);
  attach(*x, comments);
  expect(Tok::end);
  errors_.sort();
  return errors_.size() == 0 ? x : nullptr;
}

}  // namespace oam::cue
