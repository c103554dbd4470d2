// A name that was moved to another place may meet a nearer field of the same name. The
// field that was meant then gets an alias, `x_9=x: …`, and the name becomes that alias.
#include <algorithm>

#include "cue/export/exporter.hpp"

namespace oam::cue {

static std::string_view label_name(const ast::Expr& label) {
  return label.kind == ast::ExprKind::ident ? static_cast<const ast::Ident&>(label).name : std::string_view();
}

void Exporter::unshadow(std::span<ast::Decl* const> decls) {
  auto& names = scopes_.emplace_back();
  for (const ast::Decl* d : decls) {
    if (d->kind == ast::DeclKind::let) names[static_cast<const ast::Let*>(d)->ident->name] = d;
    if (d->kind != ast::DeclKind::field) continue;
    const auto& f = static_cast<const ast::Field&>(*d);
    if (const std::string_view name = label_name(*f.label->x); !name.empty()) names.try_emplace(name, d);
  }
  for (ast::Decl* d : decls) unshadow(*d);
  scopes_.pop_back();
}

void Exporter::unshadow(ast::Decl& d) {
  switch (d.kind) {
    case ast::DeclKind::field: {
      auto& f = static_cast<ast::Field&>(d);
      if (f.label->x->kind != ast::ExprKind::ident) unshadow(f.label->x);
      return unshadow(f.value);
    }
    case ast::DeclKind::embed: return unshadow(static_cast<ast::Embed&>(d).x);
    case ast::DeclKind::ellipsis: return unshadow(static_cast<ast::EllipsisDecl&>(d).type);
    case ast::DeclKind::let: return unshadow(static_cast<ast::Let&>(d).x);
    default: return;
  }
}

void Exporter::unshadow_name(ast::Ident& ident) {
  const auto target = references_.find(&ident);
  if (target == references_.end()) return;
  const auto meant = fields_.find(target->second);
  if (meant == fields_.end()) return;
  const auto found = std::find_if(scopes_.rbegin(), scopes_.rend(), [&](const auto& names) { return names.contains(ident.name); });
  if (found == scopes_.rend()) return;
  const ast::Decl* nearest = found->find(ident.name)->second;
  ast::Field* field = meant->second;
  // Only a field around us can be named by an alias, and only one that is not in the same struct.
  const bool is_around = std::any_of(found, scopes_.rend(), [&](const auto& names) {
    const auto it = names.find(ident.name);
    return it != names.end() && it->second == field;
  });
  if (nearest == field || !is_around) return;
  if (!field->label->alias) field->label->alias = make_.ident(unique_name(make_.keep(std::string(ident.name) + "_9")));
  ident.name = field->label->alias->name;
}

void Exporter::unshadow_comprehension(ast::Comprehension& x) {
  const std::size_t outside = scopes_.size();
  for (ast::Clause* each : x.clauses) {
    unshadow(each->x);
    auto& names = scopes_.emplace_back();
    for (const ast::Ident* variable : {each->key, each->value})
      if (variable) names[variable->name] = nullptr;
  }
  unshadow(x.value);
  scopes_.resize(outside);
  unshadow(x.fallback);
}

void Exporter::unshadow(ast::Expr* x) {
  using K = ast::ExprKind;
  if (!x) return;
  const auto all = [this](std::span<ast::Expr* const> parts) { for (ast::Expr* each : parts) unshadow(each); };
  switch (x->kind) {
    case K::ident: return unshadow_name(static_cast<ast::Ident&>(*x));
    case K::interpolation: return all(static_cast<ast::Interpolation&>(*x).exprs);
    case K::structure: return unshadow(static_cast<ast::Struct&>(*x).decls);
    case K::list: return all(static_cast<ast::List&>(*x).elements);
    case K::selector: return unshadow(static_cast<ast::Selector&>(*x).x);
    case K::index: unshadow(static_cast<ast::Index&>(*x).x); return unshadow(static_cast<ast::Index&>(*x).index);
    case K::slice: {
      auto& s = static_cast<ast::Slice&>(*x);
      return all(std::vector<ast::Expr*>{s.x, s.low, s.high});
    }
    case K::call: unshadow(static_cast<ast::Call&>(*x).fun); return all(static_cast<ast::Call&>(*x).args);
    case K::unary: return unshadow(static_cast<ast::Unary&>(*x).x);
    case K::binary: unshadow(static_cast<ast::Binary&>(*x).x); return unshadow(static_cast<ast::Binary&>(*x).y);
    case K::paren: return unshadow(static_cast<ast::Paren&>(*x).x);
    case K::comprehension: return unshadow_comprehension(static_cast<ast::Comprehension&>(*x));
    case K::ellipsis: return unshadow(static_cast<ast::Ellipsis&>(*x).type);
    case K::alias: return unshadow(static_cast<ast::Alias&>(*x).x);
    case K::open: return unshadow(static_cast<ast::Open&>(*x).x);
    default: return;
  }
}

}  // namespace oam::cue
