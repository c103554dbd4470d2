#include "cue/builtin/toml_tree.hpp"
#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

ast::Expr* build(Arena& arena, const TomlNode& node, Pos base) {
  const Pos pos = base + static_cast<Pos>(node.at);
  switch (node.kind) {
    case TomlNode::Kind::string: return make_literal(arena, ast::ExprKind::string, arena.text(quote_string(node.text)), pos);
    case TomlNode::Kind::boolean: return make_literal(arena, ast::ExprKind::boolean, arena.text(node.text), pos);
    case TomlNode::Kind::number: return make_number(arena, arena.text(node.text), pos);
    case TomlNode::Kind::array: {
      std::vector<ast::Expr*> elements;
      for (const TomlNode& each : node.children) elements.push_back(build(arena, each, base));
      return make_list(arena, elements, pos);
    }
    case TomlNode::Kind::table: break;
  }
  std::vector<ast::Decl*> fields;
  for (const TomlNode& each : node.children)
    fields.push_back(make_field(arena, each.key, build(arena, each, base), base + static_cast<Pos>(each.key_at)));
  return make_struct(arena, fields, pos);
}

}  // namespace

std::vector<ast::Expr*> read_toml_data(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors) {
  TomlError error;
  const auto tree = read_toml(text, error);
  if (tree) return {build(arena, *tree, base)};
  errors.push_back({base + static_cast<Pos>(error.at), std::move(error.message)});
  return {};
}

}  // namespace oam::cue
