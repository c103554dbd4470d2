// Which quoted labels may lose their quotes. A label without quotes can be referred
// to by name; so a quoted one stays quoted if a reference inside its struct names it,
// as that reference finds something else today.
#include <absl/container/flat_hash_map.h>

#include "cue/format/formatter.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

using ast::DeclKind;
using ast::ExprKind;

class References {
 public:
  explicit References(Labels& found) : found_(found) {}

  void decls(std::span<ast::Decl* const> list) {
    scopes_.emplace_back();
    for (const ast::Decl* decl : list)
      if (decl->kind == DeclKind::field) declare(*as<ast::Field>(*decl).label->x);
    for (const ast::Decl* decl : list) this->decl(*decl);
    for (const ast::Decl* decl : list)
      if (decl->kind == DeclKind::field) decide(*as<ast::Field>(*decl).label);
    scopes_.pop_back();
  }

  void expr(const ast::Expr* x) {
    if (x) visit(*x);
  }

 private:
  // By name: whether no reference has found it.
  using Scope = absl::flat_hash_map<std::string, bool>;

  static std::string simple_name(const ast::Expr& label) {
    if (label.kind != ExprKind::string || !as<ast::Literal>(label).text.starts_with('"')) return {};
    const Unquoted read = unquote(as<ast::Literal>(label).text);
    return read.ok() && is_identifier(read.value) ? read.value : std::string();
  }

  void declare(const ast::Expr& label) {
    if (label.kind == ExprKind::ident) scopes_.back().emplace(as<ast::Ident>(label).name, true);
    if (label.kind == ExprKind::paren) declare(*as<ast::Paren>(label).x);
    if (const std::string name = simple_name(label); !name.empty()) scopes_.back().emplace(name, true);
  }

  void decide(const ast::Label& label) {
    const std::string name = label.alias ? std::string() : simple_name(*label.x);
    if (!name.empty() && scopes_.back()[name]) found_.insert(&label);
  }

  void refer(std::string_view name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      const auto at = scope->find(std::string(name));
      if (at == scope->end()) continue;
      at->second = false;
      return;
    }
  }

  void decl(const ast::Decl& decl) {
    switch (decl.kind) {
      case DeclKind::field: return expr(as<ast::Field>(decl).value);
      case DeclKind::embed: return expr(as<ast::Embed>(decl).x);
      case DeclKind::ellipsis: return expr(as<ast::EllipsisDecl>(decl).type);
      case DeclKind::let: return expr(as<ast::Let>(decl).x);
      default: return;
    }
  }

  template <class List>
  void all(const List& list) {
    for (const ast::Expr* x : list) expr(x);
  }

  void visit(const ast::Expr& x) {
    switch (x.kind) {
      case ExprKind::ident: return refer(as<ast::Ident>(x).name);
      case ExprKind::structure: return decls(as<ast::Struct>(x).decls);
      case ExprKind::list: return all(as<ast::List>(x).elements);
      case ExprKind::interpolation: return all(as<ast::Interpolation>(x).exprs);
      case ExprKind::ellipsis: return expr(as<ast::Ellipsis>(x).type);
      case ExprKind::selector: return expr(as<ast::Selector>(x).x);
      case ExprKind::index: return all(std::initializer_list<const ast::Expr*>{as<ast::Index>(x).x, as<ast::Index>(x).index});
      case ExprKind::slice: {
        const auto& slice = as<ast::Slice>(x);
        return all(std::initializer_list<const ast::Expr*>{slice.x, slice.low, slice.high});
      }
      case ExprKind::call:
        expr(as<ast::Call>(x).fun);
        return all(as<ast::Call>(x).args);
      case ExprKind::unary: return expr(as<ast::Unary>(x).x);
      case ExprKind::binary: return all(std::initializer_list<const ast::Expr*>{as<ast::Binary>(x).x, as<ast::Binary>(x).y});
      case ExprKind::paren: return expr(as<ast::Paren>(x).x);
      case ExprKind::alias: return expr(as<ast::Alias>(x).x);
      case ExprKind::open: return expr(as<ast::Open>(x).x);
      case ExprKind::comprehension: return comprehension(as<ast::Comprehension>(x));
      default: return;
    }
  }

  void comprehension(const ast::Comprehension& x) {
    for (const ast::Clause* clause : x.clauses) expr(clause->x);
    expr(x.value);
    expr(x.fallback);
  }

  Labels& found_;
  std::vector<Scope> scopes_;
};

}  // namespace

Labels needless_quotes(std::span<ast::Decl* const> decls) {
  Labels found;
  References(found).decls(decls);
  return found;
}

Labels needless_quotes(const ast::Expr& expr) {
  Labels found;
  References(found).expr(&expr);
  return found;
}

}  // namespace oam::cue
