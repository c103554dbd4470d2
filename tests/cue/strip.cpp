#include "strip.hpp"

namespace oam::cue {
namespace {

using namespace ast;

// The tree is the test's own: it may be changed.
template <class T>
T& mine(const T& node) { return const_cast<T&>(node); }
template <class T, class Base>
T& mine_as(const Base& node) { return static_cast<T&>(const_cast<Base&>(node)); }

void bare(const Node& node) {
  mine(node).begin = mine(node).end = kNoPos;
  mine(node).gap = Gap::unset;
}

void child(const Expr* x) {
  if (x) strip(*x);
}

template <class List>
void children(const List& list) {
  for (const Expr* x : list) child(x);
}

void decls(std::span<Decl* const> list);

void strip_struct(Struct& x) {
  x.braces = true;
  x.one_line = false;
  x.close_gap = Gap::unset;
  decls(x.decls);
}

void strip_list(List& x) {
  x.bare = false;
  x.close_gap = Gap::unset;
  children(x.elements);
}

void strip_index(Index& x) {
  x.open_gap = x.close_gap = Gap::unset;
  child(x.x);
  child(x.index);
}

void strip_slice(Slice& x) {
  x.open_gap = x.close_gap = Gap::unset;
  children(std::initializer_list<const Expr*>{x.x, x.low, x.high});
}

void strip_call(Call& x) {
  x.open_gap = x.close_gap = Gap::unset;
  child(x.fun);
  children(x.args);
}

void strip_paren(Paren& x) {
  x.close_gap = Gap::unset;
  child(x.x);
}

void strip_comprehension(Comprehension& x) {
  for (const Clause* clause : x.clauses) {
    bare(*clause);
    children(std::initializer_list<const Expr*>{clause->key, clause->value, clause->x});
  }
  child(x.value);
  child(x.fallback);
}

void strip_label(Label& label) {
  bare(label);
  label.equal_gap = Gap::unset;
  children(std::initializer_list<const Expr*>{label.x, label.alias, label.postfix_alias, label.postfix_key});
}

void strip_decl(Decl& decl) {
  bare(decl);
  switch (decl.kind) {
    case DeclKind::field:
      strip_label(*mine_as<Field>(decl).label);
      return child(mine_as<Field>(decl).value);
    case DeclKind::embed: return child(mine_as<Embed>(decl).x);
    case DeclKind::ellipsis: return child(mine_as<EllipsisDecl>(decl).type);
    case DeclKind::let:
      child(mine_as<Let>(decl).ident);
      return child(mine_as<Let>(decl).x);
    case DeclKind::import:
      mine_as<Import>(decl).group_gap = mine_as<Import>(decl).close_gap = Gap::unset;
      return child(mine_as<Import>(decl).name);
    case DeclKind::package: return child(mine_as<Package>(decl).name);
    default: return;
  }
}

void decls(std::span<Decl* const> list) {
  for (Decl* decl : list) strip_decl(*decl);
}

}  // namespace

void strip(const Expr& x) {
  bare(x);
  switch (x.kind) {
    case ExprKind::interpolation:
      mine_as<Interpolation>(x).close_gaps = {};
      return children(mine_as<Interpolation>(x).exprs);
    case ExprKind::structure: return strip_struct(mine_as<Struct>(x));
    case ExprKind::list: return strip_list(mine_as<List>(x));
    case ExprKind::ellipsis: return child(mine_as<Ellipsis>(x).type);
    case ExprKind::selector: return children(std::initializer_list<const Expr*>{mine_as<Selector>(x).x, mine_as<Selector>(x).name});
    case ExprKind::index: return strip_index(mine_as<Index>(x));
    case ExprKind::slice: return strip_slice(mine_as<Slice>(x));
    case ExprKind::call: return strip_call(mine_as<Call>(x));
    case ExprKind::unary: return child(mine_as<Unary>(x).x);
    case ExprKind::binary: return children(std::initializer_list<const Expr*>{mine_as<Binary>(x).x, mine_as<Binary>(x).y});
    case ExprKind::paren: return strip_paren(mine_as<Paren>(x));
    case ExprKind::comprehension: return strip_comprehension(mine_as<Comprehension>(x));
    case ExprKind::alias:
      mine_as<Alias>(x).equal_gap = Gap::unset;
      return children(std::initializer_list<const Expr*>{mine_as<Alias>(x).ident, mine_as<Alias>(x).x});
    case ExprKind::open: return child(mine_as<Open>(x).x);
    default: return;
  }
}

void strip(const File& file) {
  bare(file);
  decls(file.decls);
}

}  // namespace oam::cue
