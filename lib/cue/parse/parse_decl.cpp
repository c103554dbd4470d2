#include "cue/parse/parser.hpp"

namespace oam::cue {
namespace {

using ast::Constraint;
using ast::DeclKind;
using ast::ExprKind;

ast::Ident* as_name(ast::Expr* x) { return x->kind == ExprKind::ident ? static_cast<ast::Ident*>(x) : nullptr; }

// Tokens that may begin a label; where no ":" follows they began an expression.
bool may_begin_label(Tok kind) {
  switch (kind) {
    case Tok::identifier: case Tok::lbrack: case Tok::lparen: case Tok::string: case Tok::interpolation:
      return true;
    default: return is_keyword(kind) && kind != Tok::func;
  }
}

}  // namespace

void Parser::declarations() {
  while (!at_any({Tok::rbrace, Tok::end})) {
    ast::Decl* decl = declaration();
    decls_.push_back(decl);
  }
}

ast::Decl* Parser::declaration() {
  const Measure measure(*this);
  Comments comments = take_comments();
  ast::Decl* decl = declaration_without_comments();
  take_trailing(comments);
  attach(*decl, comments);
  return decl;
}

ast::Decl* Parser::declaration_without_comments() {
  switch (token_.kind) {
    case Tok::attribute: return attribute_decl();
    case Tok::ellipsis: return ellipsis_decl();
    case Tok::let:
      if (peek().kind == Tok::identifier) return let_decl();
      break;
    case Tok::for_: case Tok::if_: case Tok::try_:
      if (is_keyword_label()) break;
      return embed(comprehension());
    default: break;
  }
  return field_or_embed();
}

void Parser::decl_comma() {
  if (at_comma("struct literal", {Tok::rbrace, Tok::end})) advance();
}

ast::Decl* Parser::attribute_decl() {
  auto* node = start<ast::AttributeDecl>();
  node->attribute = {here(), token_.text};
  advance();
  finish(node);
  decl_comma();
  return node;
}

ast::Decl* Parser::ellipsis_decl() {
  auto* node = start<ast::EllipsisDecl>();
  advance();
  finish(node);
  decl_comma();
  return node;
}

ast::Decl* Parser::let_decl() {
  auto* node = start<ast::Let>();
  advance();
  node->ident = declared_identifier();
  expect(Tok::bind);
  node->x = expression();
  finish(node);
  decl_comma();
  return node;
}

ast::Decl* Parser::embed(ast::Expr* x) {
  auto* node = start_at<ast::Embed>(*x);
  node->x = x;
  finish(node);
  decl_comma();
  return node;
}

ast::Decl* Parser::bad_decl(Pos begin) {
  auto* node = arena_.make<ast::Decl>(DeclKind::bad);
  node->begin = begin;
  return finish(node);
}

// What begins like a label is read as an expression first; then it shows.
ast::Expr* Parser::label_or_expression() {
  if (at(Tok::let)) return alias(keyword_as_identifier());
  ast::Expr* x = expression();
  return as_name(x) ? alias(x) : x;
}

ast::Decl* Parser::field_or_embed() {
  const Tok first = token_.kind;
  const Pos begin = here();
  ast::Expr* x = at_any({Tok::for_, Tok::if_}) ? alias(keyword_as_identifier()) : label_or_expression();
  if (x->kind == ExprKind::alias) {
    const ExprKind inner = static_cast<ast::Alias*>(x)->x->kind;
    if (inner != ExprKind::number && !is_label(*static_cast<ast::Alias*>(x)->x)) {
      expected("label or ':'");
      decl_comma();
      return bad_decl(begin);
    }
  } else if (!is_label(*x)) {
    return embed(x);
  }
  ast::Decl* decl = field(x);
  return decl ? decl : no_field(x, first);
}

// What looks like a label, but has no ":" behind it.
ast::Decl* Parser::no_field(ast::Expr* x, Tok first) {
  const bool ends = at_any({Tok::comma, Tok::rbrace, Tok::end});
  if (at(Tok::comma)) advance();
  if (ends && x->kind != ExprKind::alias && may_begin_label(first)) {
    auto* node = start_at<ast::Embed>(*x);
    node->x = x;
    return finish(node);
  }
  expected("label or ':'");
  return bad_decl(x->begin);
}

// The label's alias and constraint.
void Parser::field_head(ast::Field& field, ast::Expr* x) {
  auto* label = start_at<ast::Label>(*x);
  if (x->kind == ExprKind::alias) {
    label->alias = static_cast<ast::Alias*>(x)->ident;
    label->equal_gap = static_cast<ast::Alias*>(x)->equal_gap;
    x = static_cast<ast::Alias*>(x)->x;
  }
  label->x = x;
  field.label = finish(label);
  if (at(Tok::tilde)) postfix_alias(*label);
  if (at(Tok::option)) field.constraint = Constraint::optional;
  if (at(Tok::not_)) field.constraint = Constraint::required;
  if (field.constraint != Constraint::none) advance();
}

void Parser::check_pattern(const ast::Label& label) {
  if (label.alias || label.x->kind != ExprKind::list) return;
  if (static_cast<const ast::List*>(label.x)->elements.size() != 1)
    error(label.x->begin - base_, "square bracket must have exactly one element");
}

// Whether what was read behind a ":" is the next label of `a: b: c`.
bool Parser::is_chained(const ast::Expr& x) const {
  if (!at_any({Tok::colon, Tok::option, Tok::not_, Tok::tilde})) return false;
  if (x.kind != ExprKind::alias) return is_label(x);
  const ast::Expr& inner = *static_cast<const ast::Alias&>(x).x;
  return inner.kind == ExprKind::number || is_label(inner);
}

// From behind the first label of `a: b: c: value`. Null if no ":" follows it.
ast::Decl* Parser::field(ast::Expr* label) {
  auto* outer = start_at<ast::Field>(*label);
  field_head(*outer, label);
  if (!at(Tok::colon)) return nullptr;
  if (outer->label->x->kind == ExprKind::ident && !outer->label->alias)
    check_declared(*static_cast<ast::Ident*>(outer->label->x));
  field_body(*outer);
  finish(outer);
  decl_comma();
  return outer;
}

void Parser::field_body(ast::Field& outer) {
  const unsigned depth = depth_;
  std::vector<ast::Field*> chain = {&outer};
  ast::Expr* value = behind_colon(outer);
  while (is_chained(*value)) {
    deepen();
    heighten();
    auto* inner = start_at<ast::Field>(*value);
    field_head(*inner, value);
    chain.push_back(inner);
    value = behind_colon(*inner);
  }
  chain.back()->value = value;
  field_attributes(*chain.back());
  nest(chain);
  depth_ = depth;
}

ast::Expr* Parser::behind_colon(const ast::Field& field) {
  expect(Tok::colon);
  check_pattern(*field.label);
  return label_or_expression();
}

// Makes each field the only one in the struct that is the value of the one before it.
void Parser::nest(std::span<ast::Field* const> chain) {
  for (std::size_t i = chain.size() - 1; i > 0; --i) {
    auto* inner = start_at<ast::Struct>(*chain[i]);
    ast::Decl* const decl = finish(chain[i]);
    inner->decls = arena_.copy(std::span<ast::Decl* const>(&decl, 1));
    inner->braces = false;
    chain[i - 1]->value = finish(inner);
  }
  if (chain.size() > 1) chain.back()->head = chain[0];
}

void Parser::field_attributes(ast::Field& field) {
  std::vector<ast::Attribute> attributes;
  for (; at(Tok::attribute); advance()) attributes.push_back({here(), token_.text});
  field.attributes = arena_.copy(attributes);
}

// `~X` or `~(K,V)`
void Parser::postfix_alias(ast::Label& label) {
  if (!experiments_.aliasv2) error(token_.begin, "postfix alias syntax requires @experiment(aliasv2)");
  advance();
  if (at(Tok::identifier))
    label.postfix_alias = identifier();
  else if (accept(Tok::lparen))
    postfix_alias_pair(label);
  else
    expected("identifier or '('");
}

void Parser::postfix_alias_pair(ast::Label& label) {
  if (!at(Tok::identifier)) return expected("identifier for label alias");
  label.postfix_alias = identifier();
  if (accept(Tok::rparen)) return;
  if (!expect(Tok::comma)) return;
  label.postfix_key = label.postfix_alias;
  if (!at(Tok::identifier)) return expected("identifier for field alias");
  label.postfix_alias = identifier();
  expect(Tok::rparen);
}

}  // namespace oam::cue
