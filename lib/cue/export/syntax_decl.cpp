// Structs as they were written, and comprehensions.
#include "cue/export/exporter.hpp"

namespace oam::cue {

static const ast::Field& field_of(const ir::Decl& d) { return *static_cast<const ast::Field*>(d.source); }

Exporter::X Exporter::as_is(Environment* env, const ir::Struct& s) {
  Environment* within = inside(env, node_);
  Scope scope;
  for (const ir::Decl* each : s.decls) {
    ast::Decl* made = decl(within, *each);
    if (!made) continue;
    if (o_.docs && each->source) {
      Docs docs;
      add_docs(docs, *each->source);
      document(*made, docs);
    }
    scope.decls.push_back(made);
  }
  return make_.structure(scope.decls);
}

ast::Decl* Exporter::decl(Environment* env, const ir::Decl& d) {
  switch (d.kind) {
    case ir::DeclKind::field: return fixed_field(env, d);
    case ir::DeclKind::pattern: return pattern(env, d);
    case ir::DeclKind::dynamic_field: return dynamic_field(env, d);
    case ir::DeclKind::let: return nullptr;   // stands there already, see mark_lets
    case ir::DeclKind::ellipsis: {
      auto* made = make_.make<ast::EllipsisDecl>();
      if (d.value) made->type = expr(env, *d.value);
      return made;
    }
    case ir::DeclKind::embed: {
      ast::Embed* made = make_.embed(element(env, *d.value));
      if (made->x->kind == ast::ExprKind::comprehension) made->gap = made->x->gap;
      return made;
    }
  }
  return nullptr;
}

// `a: X=…`: the alias stays with the value.
void Exporter::alias_value(ast::Field& made, const ir::Decl& d) {
  const ast::Expr* written = field_of(d).value;
  if (!written || written->kind != ast::ExprKind::alias) return;
  auto* alias = make_.make<ast::Alias>();
  alias->ident = make_.ident(static_cast<const ast::Alias*>(written)->ident->name);
  alias->x = made.value;
  made.value = alias;
}

ast::Field* Exporter::fixed_field(Environment* env, const ir::Decl& d) {
  ast::Field* made = make_.field(label(d.label), nullptr, d.arc);
  if (const ast::Ident* alias = field_of(d).label->alias) made->label->alias = make_.ident(alias->name);
  Vertex* arc = node_ ? node_->find(d.label) : nullptr;
  if (d.value->kind == ir::ExprKind::structure) {
    const Conjunct c{env, d.value, nullptr, {}};
    made->value = merge(arc, {&c, 1});
  } else {
    made->value = expr(env, *d.value);
  }
  if (arc) fields_.try_emplace(arc, made);
  alias_value(*made, d);
  Attributes attributes;
  add_field_attributes(attributes, &d);
  made->attributes = make_.span(attributes);
  return made;
}

ast::Field* Exporter::pattern(Environment* env, const ir::Decl& d) {
  X filter = inner(env, *d.key);
  const auto& written = static_cast<const ast::List&>(*field_of(d).label->x);
  const ast::Ident* name = field_of(d).label->postfix_key;
  if (!written.elements.empty() && written.elements[0]->kind == ast::ExprKind::alias)
    name = static_cast<const ast::Alias*>(written.elements[0])->ident;
  const bool named = name && name->name != "_";
  if (named) {
    auto* alias = make_.make<ast::Alias>();
    alias->ident = make_.ident(unique_name(name->name));
    alias->x = filter;
    filter = alias;
    patterns_.emplace_back(name->name, alias->ident->name);
  }
  ast::Field* made = make_.field(make_.list({filter}), expr(env, *d.value), ArcType::member);
  if (named) patterns_.pop_back();
  alias_value(*made, d);
  if (const ast::Ident* alias = field_of(d).label->alias) made->label->alias = make_.ident(alias->name);
  Attributes attributes;
  add_field_attributes(attributes, &d);
  made->attributes = make_.span(attributes);
  return made;
}

ast::Field* Exporter::dynamic_field(Environment* env, const ir::Decl& d) {
  const Value* key = ir::is_resolver(*d.key) ? nullptr : base_value(*deref(evaluate(env, *d.key)));
  X name = key && key->tag == Tag::string ? scalar(*key, {}) : inner(env, *d.key);
  if (name->kind != ast::ExprKind::interpolation && name->kind != ast::ExprKind::string) {
    auto* paren = make_.make<ast::Paren>();
    paren->x = name;
    name = paren;
  }
  ast::Field* made = make_.field(name, nullptr, d.arc);
  if (const ast::Ident* alias = field_of(d).label->alias) made->label->alias = make_.ident(alias->name);
  made->value = expr(env, *d.value);
  alias_value(*made, d);
  Attributes attributes;
  add_field_attributes(attributes, &d);
  made->attributes = make_.span(attributes);
  return made;
}

Exporter::X Exporter::element(Environment* env, const ir::Expr& x) {
  if (x.kind == ir::ExprKind::comprehension) return comprehension(env, ir::as<ir::Comprehension>(x));
  return expr(env, x);
}

// Comprehensions keep their line breaks and comments.
void Exporter::keep_place(ast::Node& made, const ast::Node* written) {
  if (!written) return;
  made.gap = written->gap;
  if (!o_.docs) return;
  Docs docs;
  add_docs(docs, *written);
  document(made, docs);
}

ast::Struct* Exporter::block(X x) {
  if (x->kind == ast::ExprKind::structure) return static_cast<ast::Struct*>(x);
  return make_.structure({make_.embed(x)});
}

Exporter::X Exporter::comprehension(Environment* env, const ir::Comprehension& x) {
  auto* made = make_.make<ast::Comprehension>();
  std::vector<ast::Clause*> clauses;
  Environment* const outside = env;
  const unsigned depth = depth_;
  const auto name = [&](Label l) { return make_.ident(l ? text_of(l) : std::string_view("_")); };
  const auto* written = static_cast<const ast::Comprehension*>(x.source);
  keep_place(*made, written);
  for (std::size_t i = 0; i < x.clauses.size(); ++i) {
    const ir::Clause* each = x.clauses[i];
    auto* clause = make_.make<ast::Clause>();
    if (written && i < written->clauses.size()) keep_place(*clause, written->clauses[i]);
    clause->kind = static_cast<ast::ClauseKind>(each->kind);
    if (each->x) clause->x = inner(env, *each->x);
    if (each->kind != ir::ClauseKind::if_ && each->x) {
      clause->value = name(each->value);
      const bool has_key = each->key || (written && i < written->clauses.size() && written->clauses[i]->key);
      if (has_key) clause->key = name(each->key);
      env = inside(env, nullptr);
      ++depth_;
    }
    clauses.push_back(clause);
  }
  made->clauses = make_.span(clauses);
  made->value = block(expr(env, *x.value));
  depth_ = depth;
  if (x.fallback) made->fallback = block(expr(outside, *x.fallback));
  return made;
}

}  // namespace oam::cue
