// The compiler's working state; compile.hpp is its interface.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "cue/ir/compile.hpp"
#include "cue/ir/scope.hpp"

namespace oam::cue {
struct Package;
}

namespace oam::cue::ir {

class Compiler {
 public:
  Compiler(const Surroundings& around, std::vector<CompileError>& errors)
      : around_(around), arena_(around.arena), errors_(errors) {}

  std::vector<const Struct*> files(std::span<const ast::File* const> files);
  const Expr* lone(const ast::Expr& x, const ast::Experiments& experiments);

 private:
  // compile.cpp: declarations
  bool is_redeclared(const ast::Import& import, std::string_view name, const ast::File& file);
  void imports(const ast::File& file);
  const Struct* file(const ast::File& file);
  void declare_package_fields(std::span<const ast::File* const> files);
  void decls(Struct& into, std::span<const ast::Decl* const> decls);
  void declare(const ast::Decl& decl);
  void declare_field(const ast::Field& field);
  void declare_alias(const ast::Ident& ident, Entry entry);
  void compile_alias_key(const ast::Field& field);
  Decl* decl(const ast::Decl& decl);
  Decl* field(const ast::Field& field);
  Decl* pattern(const ast::Field& field, const ast::List& label, const Expr* value);
  Decl* dynamic_field(const ast::Field& field, const ast::Expr& label, const Expr* value);
  Decl* let(const ast::Let& let);
  const Expr* field_value(const ast::Field& field);
  void field_aliases(const ast::Field& field, Scope& scope);
  void report_unused(const Scope& scope);
  void report_unused_imports(const Scope& scope);
  const Expr* let_reference(const ast::Ident& x, Reference& made);
  absl::flat_hash_set<std::uint32_t> lets_behind(std::uint32_t let) const;
  void report_let_cycles();

  // compile_expr.cpp: expressions
  const Expr* expr(const ast::Expr* x);
  const Expr* literal(const ast::Literal& x);
  const Expr* number(const ast::Literal& x);
  const Expr* text(const ast::Literal& x);
  const Expr* interpolation(const ast::Interpolation& x);
  const Expr* structure(const ast::Struct& x);
  const Expr* list(const ast::List& x);
  const Expr* unary(const ast::Unary& x);
  const Expr* binary(const ast::Binary& x);
  const Expr* call(const ast::Call& x);
  const Expr* selector(const ast::Selector& x);
  const Expr* of_package(const Package& package, std::string_view name, const ast::Selector& x);
  const Expr* index(const ast::Index& x);
  const Expr* slice(const ast::Slice& x);
  const Expr* disjunction(const ast::Binary& x);
  void alternatives(const ast::Expr& x, bool marked, std::vector<Alternative>& all, bool& has_defaults);
  const Expr* comprehension(const ast::Comprehension& x, bool in_list);
  const Clause* clause(const ast::Clause& x, bool in_list);
  void clause_scope(const ast::Clause& x, const Clause& compiled, bool is_variable);
  void require_concrete(const Expr& x, Op op);

  // compile_ident.cpp: names
  const Expr* ident(const ast::Ident& x);
  void refuse_beside(const ast::Ident& x);
  void check_optional(const ast::Expr& x, bool optional);
  const Expr* found(const ast::Ident& x, const Found& found);
  const Expr* label_alias(const ast::Ident& x, const Found& found);
  const Expr* unresolved(const ast::Ident& x);
  const Expr* predeclared(const ast::Ident& x);
  const Expr* range(std::string_view name, const ast::Ident& x);
  std::optional<Label> label(const ast::Expr& x);   // of a fixed label: an identifier or a literal

  // Making nodes.
  template <class T>
  T* make(ExprKind kind, const ast::Expr* source, Pos pos = kNoPos) {
    T* node = arena_.make<T>();
    node->kind = kind;
    node->source = source;
    node->pos = pos != kNoPos || !source ? pos : source->begin;
    return node;
  }
  const Expr* value(const Value* value, const ast::Expr* source);
  template <class T>
  T* make_value(Tag tag, Kind kind, Pos pos) {
    T* made = arena_.make<T>();
    made->tag = tag;
    made->kind = kind;
    made->pos = pos;
    return made;
  }
  const Expr* type(Kind kind, const ast::Expr* source);
  const Expr* error(Pos pos, std::string message, std::string hint = {});
  std::string path() const;

  const Surroundings& around_;
  Arena& arena_;
  std::vector<CompileError>& errors_;
  ast::Experiments experiments_;
  Scopes scopes_;
  bool refers_to_variable_ = false;
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t reach_ = kNowhere;   // the outermost scope that a name of the current field's value is declared in
  int in_try_ = 0;
  std::size_t filter_scopes_ = 0;   // of the pattern whose filter is being compiled: how many scopes are around it
  bool is_lone_ = false;       // names of the standard library's packages need no import
  absl::flat_hash_set<std::string_view> package_fields_;
  std::vector<std::string> path_;
  struct LetUse {
    std::uint32_t let;
    Pos pos;
    std::string path;
  };
  std::vector<Label> open_lets_;   // whose values are being compiled, innermost last
  absl::flat_hash_map<std::uint32_t, std::vector<LetUse>> let_uses_;   // by label: the lets that its value names
  std::vector<std::uint32_t> lets_;    // in the order written
};

}  // namespace oam::cue::ir
