// The syntax tree of CUE, as the author wrote it: comments, attributes and the
// spelling of literals are kept, names are not yet resolved. The parser makes it,
// the compiler (ir/) reads it; the exporter (export/) makes one again and the
// formatter (format/) writes it.
//
// Nodes live in an Arena, are plain data and immutable once the parser is done.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cue/source.hpp"

namespace oam::cue::ast {

enum class Op : std::uint8_t {
  none,
  unify,       // &
  disjoin,     // |
  land, lor,   // && ||
  eq, ne, lt, le, gt, ge,
  match, not_match,   // =~ !~
  add, sub, mul, div,
  logical_not,        // ! (unary)
  mark,               // * (unary: a default)
};

enum class ExprKind : std::uint8_t {
  bad, bottom, null, boolean, number, string, interpolation, ident, structure, list,
  selector, index, slice, call, unary, binary, paren, comprehension, ellipsis, alias, open, func,
};

// The white space before a token, which the formatter keeps in part. A tree that
// was not parsed has `unset`: the formatter chooses.
enum class Gap : std::uint8_t { unset, none, blank, newline, section };   // section: an empty line or more

// Where a comment stands in its node.
enum class Place : std::uint8_t {
  before,    // above the node, or before it on its line
  opening,   // behind the opening bracket, on its line
  closing,   // on lines of its own before the closing bracket, or at the end of a file
  after,     // behind the node, on its last line
};

// A run of comment lines, without a blank line between them.
struct CommentGroup {
  Pos pos = kNoPos;
  bool doc = false;     // stands right above the node
  bool trailing = false;   // stands behind something else on its line
  Place place = Place::before;
  Gap gap = Gap::unset;
  std::span<const std::string_view> lines;   // with their "//"
};

struct Attribute {
  Pos pos = kNoPos;
  std::string_view text;   // "@name(body)"
};

struct Node {
  Pos begin = kNoPos, end = kNoPos;   // end: behind the last byte
  std::span<const CommentGroup> comments;
  Gap gap = Gap::unset;               // before `begin`
};

struct Expr : Node {
  explicit Expr(ExprKind k) : kind(k) {}
  ExprKind kind;
};

struct Ident;
struct Decl;

// _|_ null true false, numbers, and strings without interpolation. `text` is the
// literal as written, with quotes, hashes and multipliers (parse/literal.hpp reads it).
struct Literal : Expr {
  explicit Literal(ExprKind k) : Expr(k) {}
  std::string_view text;
};

// Pieces as written (the first with the opening quotes, the last with the closing
// ones, each without its `\(` and `)`), and the expressions between them:
// texts.size() == exprs.size() + 1.
struct Interpolation : Expr {
  Interpolation() : Expr(ExprKind::interpolation) {}
  std::span<const std::string_view> texts;
  std::span<Expr* const> exprs;
  std::span<const Gap> close_gaps;   // before the `)` of each expression; empty: unset
  bool bytes = false;
};

struct Ident : Expr {
  Ident() : Expr(ExprKind::ident) {}
  std::string_view name;   // with "#", "_", "_#", "$"; "_" alone is top
  bool optional = false;   // name?  (as Selector::optional)
};

struct Struct : Expr {
  Struct() : Expr(ExprKind::structure) {}
  std::span<Decl* const> decls;
  bool braces = true;      // false: the inner struct of a shorthand `a: b: c`
  bool one_line = false;   // the braces stand on one line
  Gap close_gap = Gap::unset;   // before the closing bracket; so in List, Paren, Call, Index, Slice, Import
};

struct List : Expr {
  List() : Expr(ExprKind::list) {}
  std::span<Expr* const> elements;   // with Comprehension, and Ellipsis as the last
  bool bare = false;                 // the author left commas out at line ends
  Gap close_gap = Gap::unset;
};

struct Ellipsis : Expr {   // `...` or `...T`, in a list or struct
  Ellipsis() : Expr(ExprKind::ellipsis) {}
  Expr* type = nullptr;
};

struct Selector : Expr {   // x.name or x."name"
  Selector() : Expr(ExprKind::selector) {}
  Expr* x = nullptr;
  Expr* name = nullptr;    // Ident or Literal (string)
  bool optional = false;   // x.name?  (only in `try` and `if` under the try experiment)
};

struct Index : Expr {
  Index() : Expr(ExprKind::index) {}
  Expr* x = nullptr;
  Expr* index = nullptr;
  bool optional = false;
  Gap open_gap = Gap::unset, close_gap = Gap::unset;
};

struct Slice : Expr {
  Slice() : Expr(ExprKind::slice) {}
  Expr* x = nullptr;
  Expr* low = nullptr;     // null: from the start
  Expr* high = nullptr;    // null: to the end
  Gap open_gap = Gap::unset, close_gap = Gap::unset;
};

struct Call : Expr {
  Call() : Expr(ExprKind::call) {}
  Expr* fun = nullptr;
  std::span<Expr* const> args;
  Gap open_gap = Gap::unset, close_gap = Gap::unset;
};

struct Unary : Expr {      // + - ! * and the bounds != < <= > >= =~ !~ ==
  Unary() : Expr(ExprKind::unary) {}
  Op op = Op::none;
  Pos op_pos = kNoPos;
  Expr* x = nullptr;
};

struct Binary : Expr {
  Binary() : Expr(ExprKind::binary) {}
  Op op = Op::none;
  Pos op_pos = kNoPos;
  Expr* x = nullptr;
  Expr* y = nullptr;
};

struct Paren : Expr {
  Paren() : Expr(ExprKind::paren) {}
  Gap close_gap = Gap::unset;
  Expr* x = nullptr;
};

struct Alias : Expr {      // the value alias `X=expr`, and the aliases in labels: `[X=expr]: …`, `X=(expr): …`
  Alias() : Expr(ExprKind::alias) {}
  Ident* ident = nullptr;
  Expr* x = nullptr;
  Gap equal_gap = Gap::unset;   // before the "="
};

struct Open : Expr {       // `x...` (experiment explicitopen)
  Open() : Expr(ExprKind::open) {}
  Expr* x = nullptr;
};

enum class ClauseKind : std::uint8_t { for_, if_, let, try_ };

struct Clause : Node {
  ClauseKind kind = ClauseKind::if_;
  Ident* key = nullptr;      // for k, v in …
  Ident* value = nullptr;    // for v in …, let v = …, try v = …; a bare `try` has none
  Expr* x = nullptr;         // source, condition or value
};

struct Comprehension : Expr {
  Comprehension() : Expr(ExprKind::comprehension) {}
  std::span<Clause* const> clauses;
  Expr* value = nullptr;     // a Struct
  Expr* fallback = nullptr;  // of `else`/`otherwise {…}`, null without
};

// A label: an Ident, a string Literal, an Interpolation, a Paren `(expr)`, a
// List of one element (a pattern `[expr]`, whose element may be an Alias), or a
// null or boolean Literal, which means the name it is written as.
struct Label : Node {
  Expr* x = nullptr;
  Ident* alias = nullptr;          // old style `X=label`
  Gap equal_gap = Gap::unset;
  Ident* postfix_alias = nullptr;  // `label~X`, or the value alias of `label~(K,V)`
  Ident* postfix_key = nullptr;    // K of `label~(K,V)`
};

enum class DeclKind : std::uint8_t { field, embed, ellipsis, let, attribute, import, package, bad };
enum class Constraint : std::uint8_t { none, optional, required };   // a  a?  a!

struct Decl : Node {
  explicit Decl(DeclKind k) : kind(k) {}
  DeclKind kind;
};

struct Field : Decl {
  Field() : Decl(DeclKind::field) {}
  Label* label = nullptr;
  Constraint constraint = Constraint::none;
  Expr* value = nullptr;           // a Struct without braces in `a: b: c`
  std::span<const Attribute> attributes;
  const Field* head = nullptr;     // of the last field of `a: b: c`: the first
};

struct Embed : Decl {              // an expression or a Comprehension
  Embed() : Decl(DeclKind::embed) {}
  Expr* x = nullptr;
};

struct EllipsisDecl : Decl {
  EllipsisDecl() : Decl(DeclKind::ellipsis) {}
  Expr* type = nullptr;
};

struct Let : Decl {
  Let() : Decl(DeclKind::let) {}
  Ident* ident = nullptr;
  Expr* x = nullptr;
};

struct AttributeDecl : Decl {
  AttributeDecl() : Decl(DeclKind::attribute) {}
  Attribute attribute;
};

struct Import : Decl {
  Import() : Decl(DeclKind::import) {}
  Ident* name = nullptr;           // null: the last element of the path
  std::string_view path;           // without quotes, with ":name" if given
  std::string_view text;           // the path as written; empty: with plain quotes
  Pos path_pos = kNoPos;
  Pos group = kNoPos;              // of the `(` that several imports share; kNoPos: alone
  Gap group_gap = Gap::unset;      // before the word `import`
  Gap close_gap = Gap::unset;      // of the group's last one: before the `)`
};

struct Package : Decl {
  Package() : Decl(DeclKind::package) {}
  Ident* name = nullptr;
};

// The experiments that the file asks for: @experiment(aliasv2, …).
struct Experiments {
  bool aliasv2 = false, explicitopen = false, try_ = false, shortcircuit = false, structcmp = true;
};

struct File : Node {
  std::span<Decl* const> decls;    // package, imports, attributes, then the rest, in the order written
  std::string_view package;        // empty: none
  Experiments experiments;
};

}  // namespace oam::cue::ast
