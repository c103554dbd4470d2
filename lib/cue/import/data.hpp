// Data files as syntax trees, so that their values keep their places and are unified
// as if they stood in CUE source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cue/parse/ast.hpp"
#include "cue/source.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue {

// The values of a text, in order: one of a JSON file, any number of a JSON or YAML
// stream. `base` is the position of the first byte; `text` must outlive the tree.
// Errors are in the reference's words.
std::vector<ast::Expr*> read_json_data(Arena& arena, std::string_view text, Pos base, bool stream,
                                       std::vector<SyntaxError>& errors);
std::vector<ast::Expr*> read_toml_data(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors);
std::vector<ast::Expr*> read_yaml_data(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors);

// Nodes for trees that nobody wrote.
ast::Literal* make_literal(Arena& arena, ast::ExprKind kind, std::string_view text, Pos pos);
ast::Field* make_field(Arena& arena, std::string_view name, ast::Expr* value, Pos pos);   // a quoted label: no scope
ast::Struct* make_struct(Arena& arena, const std::vector<ast::Decl*>& decls, Pos pos);
ast::List* make_list(Arena& arena, const std::vector<ast::Expr*>& elements, Pos pos);
ast::Expr* make_number(Arena& arena, std::string_view text, Pos pos);   // "-1.5": a sign and a literal
ast::File* make_file(Arena& arena, ast::Expr* value);   // the value alone, as a file

}  // namespace oam::cue
