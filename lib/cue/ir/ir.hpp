// The intermediate form: what a module means, with every name resolved to "so many
// scopes up, that label". The compiler makes it once; evaluations only read it.
#pragma once

#include <cstdint>
#include <span>

#include "cue/ir/label.hpp"
#include "cue/parse/ast.hpp"
#include "cue/value/value.hpp"

namespace oam::cue::ir {

using ast::Op;

enum class ExprKind : std::uint8_t {
  value,          // a literal or type: nothing to evaluate
  structure, list,
  disjunction, unify, open,
  // Resolvers: they name a Vertex.
  field_ref, value_ref, dynamic_ref, let_ref, import_ref, selector, index,
  // Evaluators: they make a value.
  label_ref, bound, unary, binary, interpolation, slice, call,
  comprehension,
};

struct Expr {
  ExprKind kind;
  Pos pos = kNoPos;
  const ast::Expr* source = nullptr;   // null for what the compiler made up
};

inline bool is_resolver(const Expr& x) { return x.kind >= ExprKind::field_ref && x.kind <= ExprKind::index; }

struct ValueExpr : Expr {
  const Value* value = nullptr;
};

// How a field stands in its struct. The order is that of precedence: what is
// nearer to `member` wins where several declarations meet.
enum class ArcType : std::uint8_t { member, required, optional, pending, not_present };

enum class DeclKind : std::uint8_t { field, dynamic_field, pattern, let, ellipsis, embed };

struct Struct;

struct Decl {
  DeclKind kind;
  ArcType arc = ArcType::member;
  bool multi = false;                 // a let that depends on variables of a comprehension
  Label label = {};                        // of a field or let
  Pos pos = kNoPos;
  const Expr* key = nullptr;          // of a dynamic field; the filter of a pattern
  const Expr* value = nullptr;        // null for a bare ellipsis
  bool is_self_contained = false;     // of a field: no name in its value is declared outside of it
  bool names_label = false;           // the value refers to the label by an alias
  const ast::Decl* source = nullptr;
  const Struct* in = nullptr;         // the literal that it stands in
};

struct Struct : Expr {
  std::span<const Decl* const> decls;
  bool has_embedding = false;         // a comprehension or expression among the decls
  bool is_file = false;
  bool explicit_open = false;         // experiment explicitopen
};

struct List : Expr {
  std::span<const Expr* const> elements;   // with comprehensions
  bool open = false;                       // ends with `...`
  const Expr* rest = nullptr;              // T of `...T`
  Pos rest_pos = kNoPos;
};

struct Alternative {
  const Expr* expr = nullptr;
  bool marked = false;
};

struct Disjunction : Expr {
  std::span<const Alternative> alternatives;
  bool has_defaults = false;
};

struct Reference : Expr {       // field_ref, value_ref, dynamic_ref, let_ref, label_ref
  std::uint32_t up = 0;
  Label label;
  const Expr* key = nullptr;    // of a dynamic_ref
  bool optional = false;
};

struct ImportRef : Expr {
  std::string_view path;
};

struct Selector : Expr {
  const Expr* x = nullptr;
  Label label;
  Pos label_pos = kNoPos;
  bool optional = false;
};

struct Index : Expr {
  const Expr* x = nullptr;
  const Expr* index = nullptr;
  Label label = {};             // where the index is a literal
  Pos index_pos = kNoPos;
  bool optional = false;
};

struct Slice : Expr {
  const Expr* x = nullptr;
  const Expr* low = nullptr;
  const Expr* high = nullptr;
};

struct Unary : Expr {           // unary and bound; open uses x alone
  Op op = Op::none;
  const Expr* x = nullptr;
};

struct Binary : Expr {          // binary and unify
  Op op = Op::none;
  bool short_circuit = true;
  bool compare_structs = true;
  const Expr* x = nullptr;
  const Expr* y = nullptr;
};

struct Interpolation : Expr {
  std::span<const Expr* const> parts;
  bool bytes = false;
};

struct Call : Expr {
  const Expr* fun = nullptr;
  std::span<const Expr* const> args;
};

enum class ClauseKind : std::uint8_t { for_, if_, let, try_ };

struct Clause {
  ClauseKind kind = ClauseKind::if_;
  Pos pos = kNoPos;
  Label key, value;             // variables; none where not asked for
  const Expr* x = nullptr;      // null for a bare `try`
};

struct Comprehension : Expr {
  std::span<const Clause* const> clauses;
  const Struct* value = nullptr;
  const Struct* fallback = nullptr;
};

template <class T>
const T& as(const Expr& x) { return static_cast<const T&>(x); }

}  // namespace oam::cue::ir
