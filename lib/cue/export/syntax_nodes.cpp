#include "cue/export/exporter.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

ast::Ident* Nodes::ident(std::string_view name) {
  auto* made = make<ast::Ident>();
  made->name = name;
  return made;
}

ast::Literal* Nodes::literal(ast::ExprKind kind, std::string_view text) {
  auto* made = make<ast::Literal>(kind);
  made->text = keep(text);
  return made;
}

ast::Literal* Nodes::string(std::string_view text) { return literal(ast::ExprKind::string, quote_string(text)); }

ast::Expr* Nodes::unary(ast::Op op, ast::Expr* x) {
  auto* made = make<ast::Unary>();
  made->op = op;
  made->x = x;
  return made;
}

ast::Expr* Nodes::binary(ast::Op op, ast::Expr* x, ast::Expr* y) {
  if (!x || !y) return x ? x : y;
  auto* made = make<ast::Binary>();
  made->op = op;
  made->x = x;
  made->y = y;
  return made;
}

ast::Expr* Nodes::chain(ast::Op op, std::span<ast::Expr* const> operands) {
  ast::Expr* all = nullptr;
  for (ast::Expr* each : operands) all = binary(op, all, each);
  return all;
}

ast::Expr* Nodes::call(ast::Expr* fun, const std::vector<ast::Expr*>& args) {
  auto* made = make<ast::Call>();
  made->fun = fun;
  made->args = span(args);
  return made;
}

ast::Expr* Nodes::select(ast::Expr* x, ast::Expr* name) {
  auto* made = make<ast::Selector>();
  made->x = x;
  made->name = name;
  return made;
}

ast::Struct* Nodes::structure(const std::vector<ast::Decl*>& decls) {
  auto* made = make<ast::Struct>();
  made->decls = span(decls);
  return made;
}

ast::Expr* Nodes::list(const std::vector<ast::Expr*>& elements) {
  auto* made = make<ast::List>();
  made->elements = span(elements);
  return made;
}

ast::Embed* Nodes::embed(ast::Expr* x) {
  auto* made = make<ast::Embed>();
  made->x = x;
  return made;
}

ast::Field* Nodes::field(ast::Expr* label, ast::Expr* value, ArcType arc) {
  auto* made = make<ast::Field>();
  made->label = make<ast::Label>();
  made->label->x = label;
  made->value = value;
  if (arc == ArcType::optional) made->constraint = ast::Constraint::optional;
  if (arc == ArcType::required) made->constraint = ast::Constraint::required;
  return made;
}

ast::AttributeDecl* Nodes::attribute(const ast::Attribute& attribute) {
  auto* made = make<ast::AttributeDecl>();
  made->attribute = {.text = attribute.text};
  return made;
}

// Behind the node, on its line.
void Nodes::comment(ast::Node& node, std::string_view line) {
  const std::vector<std::string_view> lines{keep(line)};
  ast::CommentGroup group{.trailing = true, .place = ast::Place::after, .lines = span(lines)};
  node.comments = span(std::vector<ast::CommentGroup>{group});
}

}  // namespace oam::cue
