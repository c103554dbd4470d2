// The walk that makes syntax of values. Inside of export/ only.
//
// syntax_value.cpp   evaluated values           syntax_expr.cpp    expressions
// syntax_merge.cpp   conjuncts made one         syntax_decl.cpp    structs as written, comprehensions
// syntax_docs.cpp    comments and attributes    syntax_nodes.cpp   small trees
// syntax.cpp         files                      syntax_scope.cpp   shadowed names
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "cue/eval/evaluator.hpp"
#include "cue/export/syntax.hpp"

namespace oam::cue {

// Makes nodes of syntax trees, which no parser has seen.
class Nodes {
 public:
  explicit Nodes(Arena& arena) : arena_(arena) {}

  template <class T, class... Args>
  T* make(Args&&... args) { return arena_.make<T>(std::forward<Args>(args)...); }
  std::string_view keep(std::string_view text) { return arena_.text(text); }
  std::size_t used() const { return arena_.used(); }
  template <class T>
  std::span<T> span(const std::vector<T>& items) { return arena_.copy(items); }

  ast::Ident* ident(std::string_view name);
  ast::Literal* literal(ast::ExprKind kind, std::string_view text);
  ast::Literal* string(std::string_view text) ;
  ast::Expr* unary(ast::Op op, ast::Expr* x);
  ast::Expr* binary(ast::Op op, ast::Expr* x, ast::Expr* y);    // the one that is there, if the other is null
  ast::Expr* chain(ast::Op op, std::span<ast::Expr* const> operands);   // null: there are none
  ast::Expr* call(ast::Expr* fun, const std::vector<ast::Expr*>& args);
  ast::Expr* select(ast::Expr* x, ast::Expr* name);
  ast::Struct* structure(const std::vector<ast::Decl*>& decls);
  ast::Expr* list(const std::vector<ast::Expr*>& elements);
  ast::Embed* embed(ast::Expr* x);
  ast::Field* field(ast::Expr* label, ast::Expr* value, ArcType arc);
  ast::AttributeDecl* attribute(const ast::Attribute& attribute);
  void comment(ast::Node& node, std::string_view line);

 private:
  Arena& arena_;
};

class Exporter {
 public:
  Exporter(Evaluator& e, const SyntaxOptions& options, Arena& arena);
  const ast::File* file(const Value* value);
  const ast::Expr* expression(const Value* v) { return value(v); }

 private:
  using X = ast::Expr*;
  using Conjuncts = std::vector<Conjunct>;
  using Attributes = std::vector<ast::Attribute>;
  using Docs = std::vector<ast::CommentGroup>;

  // A struct that is being made. Lets stand in it from the start and go at the end if nothing used them.
  struct Scope {
    std::vector<ast::Decl*> decls;
  };
  // One level of the output.
  struct Level {
    Exporter& e;
    Scope scope;
    X made = nullptr;   // the struct, if it became one
    Level(Exporter& exporter, Vertex* node) : e(exporter), outer_(e.scope_), outer_node_(e.node_) {
      e.scope_ = &scope;
      e.node_ = node;
      ++e.depth_;
    }
    ~Level() {
      e.scope_ = outer_;
      e.node_ = outer_node_;
      --e.depth_;
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Scope* outer_;
    Vertex* outer_node_;
  };

  // syntax_value.cpp
  X value(const Value* v, std::span<const Conjunct> from = {});
  X vertex(Vertex* v);
  X vertex_value(Vertex* v, Level& level);
  X as_conjuncts(Vertex* v);
  X scalar(const Value& v, std::span<const Conjunct> from);
  X number(const Number& v);
  X text(const Text& v);
  X bound(const Bound& v);
  X validator(const Validator& v);
  X function(const Builtin& b);
  X conjunction(const Conjunction& v);
  X disjunction(const Disjunction& v);
  X bottom(const Bottom& v);
  X list(Vertex* v);
  X ellipsis_type(Vertex* v);
  X structure(Vertex* v, Level& level, const Attributes& attributes);
  void field(Vertex* arc, Scope& into);
  bool shows(Label label, bool regular) const;
  bool shows_arcs(const Vertex& v) const;
  ast::Struct* finish(Scope& scope);

  // syntax_expr.cpp
  X expr(Environment* env, const ir::Expr& x);
  X inner(Environment* env, const ir::Expr& x);
  X plain(Environment* env, const ir::Expr& x);
  X list(Environment* env, const ir::List& l);
  X slice(Environment* env, const ir::Slice& s);
  X resolver(Environment* env, const ir::Expr& x);
  X field_ref(Environment* env, const ir::Reference& x);
  X inlined(Environment* env, const ir::Expr& x, const ir::Expr& package);
  X inlined(Vertex* target);
  bool is_outside(const Vertex* target) const;
  X let_ref(Environment* env, const ir::Reference& x);
  X label_ref(Environment* env, const ir::Reference& x);
  void use_names(const ir::Expr& x);
  std::string_view unique_name(std::string_view base);
  X import_ref(const ir::ImportRef& x);
  X package_member(const ir::Expr& x);
  std::string_view path_of_import(std::string_view name, Pos pos) const;
  X interpolation(Environment* env, const ir::Interpolation& x);
  X sorted_unify(Environment* env, const ir::Binary& x);
  X name_of(const ir::Expr& x, Label label);
  X optional(X x, bool is);
  std::string_view import_name(std::string_view path);
  static Environment* up(Environment* env, std::uint32_t levels);
  Environment* inside(Environment* env, Vertex* v);
  Vertex* evaluate(Environment* env, const ir::Expr& x);

  // syntax_decl.cpp
  X as_is(Environment* env, const ir::Struct& s);
  ast::Decl* decl(Environment* env, const ir::Decl& d);
  ast::Field* fixed_field(Environment* env, const ir::Decl& d);
  ast::Field* pattern(Environment* env, const ir::Decl& d);
  ast::Field* dynamic_field(Environment* env, const ir::Decl& d);
  void alias_value(ast::Field& made, const ir::Decl& d);
  X element(Environment* env, const ir::Expr& x);
  X comprehension(Environment* env, const ir::Comprehension& x);
  void keep_place(ast::Node& made, const ast::Node* written);
  ast::Struct* block(X x);

  // syntax_merge.cpp
  struct Merging;
  X merge(Vertex* src, std::span<const Conjunct> conjuncts);
  X merged(Merging& m, Vertex* src);
  void merge_fields(Merging& m);
  void take(Merging& m, Environment* env, Vertex* src, const ir::Expr& x, bool embedded);
  void take_struct(Merging& m, Environment* env, Vertex* src, const ir::Struct& s);
  void take_vertex(Merging& m, Environment* env, Vertex* src, const ir::Expr& x, Vertex* v);
  void take_value(Merging& m, Environment* env, Vertex* src, const ir::Expr& x);
  X unified_values(Merging& m);
  X closed_if(Vertex* v, bool has_ellipsis, X x);
  void mark_lets(const ir::Expr& x);

  // syntax_docs.cpp
  Docs docs_of(const Vertex& v) const { return docs_of(v.conjuncts, v.parent); }
  Docs docs_of(std::span<const Conjunct> conjuncts, const Vertex* parent) const;
  Docs docs_of(std::span<const Conjunct> conjuncts) const;
  void add_docs(Docs& all, const ast::Node& node) const;
  void find_closing_comments(std::span<ast::Decl* const> decls, const ast::Node& around);
  static Attributes attributes_of(std::span<const Conjunct> conjuncts);
  static void add_field_attributes(Attributes& all, const ir::Decl* d);
  Attributes declared_attributes(const Vertex& v) const;
  void add_declared_attributes(Attributes& all, const ir::Struct& s) const;
  void document(ast::Node& node, const Docs& docs);
  const ast::File* file_of(const ir::Struct& s) const;

  // syntax.cpp
  struct FileComments {
    Docs above, apart, on_line, behind;
    void add(const ast::File& file);
  };
  X label(Label l);
  std::string_view text_of(Label l) const { return e_.labels().text(l); }
  void add_package(std::vector<ast::Decl*>& decls, Docs& behind, const Value* value);
  ast::CommentGroup joined(const Docs& docs);
  std::vector<ast::Decl*> import_decls();
  X as_definition(X x);

  // syntax_scope.cpp: names that another field has taken on the way
  void unshadow(std::span<ast::Decl* const> decls);
  void unshadow(ast::Decl& d);
  void unshadow(ast::Expr* x);
  void unshadow_name(ast::Ident& ident);
  void unshadow_comprehension(ast::Comprehension& x);

  Evaluator& e_;
  SyntaxOptions o_;
  Nodes make_;
  Scope* scope_ = nullptr;
  Vertex* node_ = nullptr;            // that the current level shows
  unsigned depth_ = 0;
  std::vector<const Vertex*> open_;   // vertices that are being written
  absl::flat_hash_map<const ast::Node*, Docs> closing_;          // by field
  absl::flat_hash_map<std::uint32_t, ast::Let*> lets_;           // by label, once their struct is being written
  absl::flat_hash_map<std::uint32_t, const ir::Decl*> let_decls_;
  absl::flat_hash_map<const Vertex*, ast::Field*> fields_;       // where a vertex is shown
  absl::flat_hash_map<const ast::Ident*, const Vertex*> references_;   // what names stand for
  absl::flat_hash_map<const Vertex*, std::string_view> aliases_; // that references to it need
  std::vector<std::pair<std::string_view, std::string_view>> imports_;   // path, name
  std::vector<absl::flat_hash_map<std::string_view, const ast::Decl*>> scopes_;   // while looking for shadowed names
  absl::flat_hash_set<std::string_view> shown_aliases_;          // of fields, as written
  absl::flat_hash_set<std::string_view> names_;                  // that a made up name may not have
  std::vector<std::pair<std::string_view, std::string_view>> value_aliases_;
  std::vector<std::pair<std::string_view, std::string_view>> patterns_;  // aliases of the labels we are in: as written, as shown
};

// `strings.Join`: known to the compiler, shown as written.
inline bool is_package_member(const ir::Expr& x) {
  return (x.kind == ir::ExprKind::value || x.kind == ir::ExprKind::structure) && x.source && x.source->kind == ast::ExprKind::selector;
}

// What an expression is made of.
void for_each_part(const ir::Expr& x, const std::function<void(const ir::Expr&)>& visit);

}  // namespace oam::cue
