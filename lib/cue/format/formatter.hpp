// The walk over the tree that asks a Layout for tokens and joints. Inside of format/
// only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "cue/format/format.hpp"
#include "cue/format/layout.hpp"
#include "cue/parse/ast.hpp"

namespace oam::cue {

// The labels whose quotes say nothing: without them no reference would find something
// else than it does now.
using Labels = absl::flat_hash_set<const ast::Label*>;
Labels needless_quotes(std::span<ast::Decl* const> decls);
Labels needless_quotes(const ast::Expr& expr);

class Formatter {
 public:
  Formatter(const FormatOptions& options, Labels unquoted);
  void file(const ast::File& file);
  void decl(const ast::Decl& decl);
  void expr(const ast::Expr& expr) { expr_in(expr, 0, 1); }
  std::string take();

 private:
  using Gap = ast::Gap;
  using Groups = std::vector<const ast::CommentGroup*>;
  using Unit = std::span<ast::Decl* const>;   // a declaration, or the imports in one pair of parentheses

  // format.cpp: comments, and what declarations have in common
  Gap kept(Gap gap) const { return flat_ && gap >= Gap::newline ? Gap::unset : gap; }
  static bool may_break(Gap gap) { return gap == Gap::unset || gap >= Gap::newline; }
  void comments(const Groups& groups);
  void comment(const ast::CommentGroup& group);
  static Groups placed(const ast::Node& node, ast::Place place);
  void before(const ast::Node& node, Groups groups = {});
  void after(const ast::Node& node, const Groups& rest = {});
  void block();   // a line break, but in a struct that stays on one line
  void decls(std::span<ast::Decl* const> list, const Groups& opening, const Groups& closing);
  void between(const Unit& last, const Unit& next, unsigned nesting, bool commented);
  void behind(const Unit& next);
  void unit(const Unit& unit, const Groups& opening, const Groups& closing);
  void decl_body(const ast::Decl& decl);

  // format_decl.cpp
  void field(const ast::Field& field);
  void field_value(const ast::Field& field, bool column);
  void chain(const ast::Field& inner);
  bool needs_lines(const ast::Expr& value) const;
  bool argument_needs_lines(const ast::Expr& x) const;
  const ast::Field* chained(const ast::Field& field) const;
  void label(const ast::Label& label);
  void label_text(const ast::Label& label);
  void postfix_alias(const ast::Label& label);
  void let(const ast::Let& let);
  void embed(const ast::Embed& embed);
  void package(const ast::Package& package);
  void imports(const Unit& unit, const Groups& opening);
  void import_spec(const ast::Import& import, const Groups& first);

  // format_expr.cpp
  void expr_in(const ast::Expr& expr, int least, int depth);
  void expr_body(const ast::Expr& expr, int least, int depth);
  void token(std::string_view text, Gap gap) { out_.token(text, kept(gap)); }
  void ident(const ast::Ident& ident);
  void literal(const ast::Literal& literal);
  void interpolation(const ast::Interpolation& x, int depth);
  void structure(const ast::Struct& x);
  void list(const ast::List& x);
  void ellipsis(Gap gap, const ast::Expr* type);
  void selector(const ast::Selector& x, int depth);
  void index(const ast::Index& x, int depth);
  void slice(const ast::Slice& x, int depth);
  void call(const ast::Call& x, int depth);
  void unary(const ast::Unary& x, int least, int depth);
  void binary(const ast::Binary& x, int least, int depth);
  void right_side(const ast::Binary& x, bool blanks, int depth);
  void in_parens(const ast::Expr& x, int depth);
  void paren(const ast::Paren& x, int depth);
  void alias(const ast::Alias& x);
  void comprehension(const ast::Comprehension& x);
  void clause(const ast::Clause& clause);
  void assignment(const ast::Clause& clause);
  void optional_mark(bool optional);

  FormatOptions options_;
  Labels unquoted_;
  Layout out_;
  bool is_block_ = false;   // the next struct is that of a comprehension
  bool one_line_ = false;   // in a struct that stays on one line
  bool flat_ = false;       // in an interpolation that does
};

template <class T>
const T& as(const ast::Node& node) { return static_cast<const T&>(node); }   // REQUIRES: its kind says so

ast::Gap first_gap(const ast::Expr& expr);      // before its first token
bool has_comments(const ast::Decl& decl);
bool is_short(const ast::Struct& x);            // may stand on one line with its braces
unsigned nesting_of(const ast::Decl& decl);     // how many labels `a: b: c:` has; 0: no such field

}  // namespace oam::cue
