// The parser's state and productions: recursive descent for declarations, by
// precedence for operators. Inside of parse/ only.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cue/parse/ast.hpp"
#include "cue/parse/errors.hpp"
#include "cue/parse/parse.hpp"
#include "cue/parse/scan.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue {

class Parser {
 public:
  Parser(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors);
  const ast::File* file();
  const ast::Expr* whole_expression();

 private:
  using Comments = std::vector<ast::CommentGroup>;

  // While it lives, tallest_ is the height of one expression, not of its siblings.
  class Measure {
   public:
    explicit Measure(Parser& parser) : parser_(parser), before_(std::exchange(parser.tallest_, 0)) {}
    ~Measure() { parser_.tallest_ = std::max(before_, parser_.tallest_); }
    Measure(const Measure&) = delete;
    Measure& operator=(const Measure&) = delete;

   private:
    Parser& parser_;
    unsigned before_;
  };

  // One level of nesting, for as long as it is open.
  class Nest {
   public:
    explicit Nest(Parser& parser) : parser_(parser), measure_(parser) { parser_.deepen(); }
    ~Nest() {
      --parser_.depth_;
      ++parser_.tallest_;
    }

   private:
    Parser& parser_;
    Measure measure_;
  };

  // parse.cpp: tokens, errors, comments
  void advance();
  void read_comments(const Token& behind);
  void scan_first();
  Token peek(int ahead = 1) const;
  bool at(Tok kind) const { return token_.kind == kind; }
  bool at_any(std::initializer_list<Tok> kinds) const;
  bool accept(Tok kind);
  bool expect(Tok kind);                 // takes a token in any case
  void expect_closing(Tok kind, std::string_view context);
  bool at_comma(std::string_view context, std::initializer_list<Tok> closers);
  void error(std::size_t offset, std::string message);
  void expected(std::string_view what);
  void stop();                           // no more tokens, no more errors
  void skip_to_comma();
  void deepen();
  void heighten();

  Pos place(std::size_t offset) const { return base_ + static_cast<Pos>(offset); }
  Pos here() const { return place(token_.begin); }
  template <class T> T* start();
  template <class T> T* start_at(const ast::Node& first);
  template <class T> T* finish(T* node) const;
  template <class T> std::span<T* const> gather(std::vector<T*>& stack, std::size_t mark);

  Comments take_comments();
  void take_opening(Comments& comments);
  void take_rest(Comments& comments, ast::Place place);
  void take_trailing(Comments& comments);
  void attach(ast::Node& node, const Comments& comments);

  // parse_expr.cpp
  ast::Expr* expression();
  ast::Expr* binary(int least);
  ast::Expr* binary_tail(int least, ast::Expr* left);
  ast::Expr* word_operation(ast::Expr* left);
  ast::Expr* unary();
  ast::Expr* prefixed(ast::Op op);
  ast::Expr* primary();
  ast::Expr* operand();
  ast::Expr* literal(ast::ExprKind kind);
  ast::Expr* reference();
  ast::Ident* identifier();              // an error if there is none
  ast::Ident* declared_identifier();
  ast::Ident* keyword_as_identifier();
  void check_declared(const ast::Ident& ident);
  ast::Expr* bad_operand();
  ast::Expr* paren();
  ast::Expr* interpolation();
  ast::Expr* selector(ast::Expr* x);
  ast::Expr* index_or_slice(ast::Expr* x);
  ast::Expr* call(ast::Expr* fun);
  ast::Expr* open(ast::Expr* x);
  ast::Expr* list();
  struct ListCommas {
    bool missing_between = false, missing_last = false;   // behind the last element
  };
  void list_elements(ListCommas& commas);
  ast::Expr* list_element();
  ast::Expr* list_ellipsis(ListCommas& commas);
  ast::Struct* structure();
  ast::Expr* alias(ast::Expr* left);

  // parse_decl.cpp
  void declarations();                   // onto decls_, up to a "}" or the end
  ast::Decl* declaration();
  ast::Decl* declaration_without_comments();
  ast::Decl* attribute_decl();
  ast::Decl* ellipsis_decl();
  ast::Decl* let_decl();
  ast::Decl* embed(ast::Expr* x);
  ast::Decl* field_or_embed();
  ast::Decl* no_field(ast::Expr* x, Tok first);
  ast::Decl* bad_decl(Pos begin);
  ast::Decl* field(ast::Expr* label);
  void field_head(ast::Field& field, ast::Expr* label);
  void field_body(ast::Field& outer);
  bool is_chained(const ast::Expr& x) const;
  ast::Expr* behind_colon(const ast::Field& field);
  void nest(std::span<ast::Field* const> chain);
  ast::Expr* label_or_expression();
  void postfix_alias(ast::Label& label);
  void postfix_alias_pair(ast::Label& label);
  void check_pattern(const ast::Label& label);
  void field_attributes(ast::Field& field);
  void decl_comma();

  bool is_keyword_label() const;
  ast::Expr* comprehension();
  ast::Clause* clause();
  void for_clause(ast::Clause& clause);
  void try_clause(ast::Clause& clause);
  void let_clause(ast::Clause& clause);
  ast::Struct* fallback(std::span<ast::Clause* const> clauses);

  // parse_file.cpp
  bool preamble(ast::File& file);
  bool read_experiments(ast::File& file);
  bool set_experiment(std::string_view name);
  void package_clause(ast::File& file);
  void comma_or_end();
  void import_decls();
  ast::Import* import_spec(ast::Import& node, Comments comments);

  Arena& arena_;
  std::string_view text_;
  Pos base_;
  Errors errors_;
  Scanner scanner_;
  Token token_;
  std::size_t last_end_ = 0;             // of the last token that was taken, but for commas
  bool stopped_ = false;
  unsigned depth_ = 0;
  unsigned tallest_ = 0;                 // of what was made on this level
  ast::Experiments experiments_;
  Comments pending_;                     // read, and not yet given to a node
  // Children of the nodes that are being made, each node's behind its parent's.
  std::vector<ast::Decl*> decls_;
  std::vector<ast::Expr*> exprs_;
};

bool is_label(const ast::Expr& x);

template <class T>
T* Parser::start() {
  T* node = arena_.make<T>();
  node->begin = here();
  node->gap = token_.gap;
  return node;
}

// A node that begins with one that was read before.
template <class T>
T* Parser::start_at(const ast::Node& first) {
  T* node = arena_.make<T>();
  node->begin = first.begin;
  node->gap = first.gap;
  return node;
}

template <class T>
T* Parser::finish(T* node) const {
  node->end = std::max(place(last_end_), node->begin);
  return node;
}

// What was put on a stack of children since it had this size.
template <class T>
std::span<T* const> Parser::gather(std::vector<T*>& stack, std::size_t mark) {
  const auto kept = arena_.copy(std::span<T* const>(stack).subspan(mark));
  stack.resize(mark);
  return kept;
}

}  // namespace oam::cue
