// Comments and attributes: those of every declaration that went into a field.
#include <algorithm>

#include "cue/eval/program.hpp"
#include "cue/export/exporter.hpp"

namespace oam::cue {

namespace {

const ast::Field* field_of(const ir::Decl* d) {
  if (!d || !d->source || d->source->kind != ast::DeclKind::field) return nullptr;
  return static_cast<const ast::Field*>(d->source);
}

// The inner field of `a: b: …`.
const ast::Field* shorthand(const ast::Field& field) {
  if (!field.value || field.value->kind != ast::ExprKind::structure) return nullptr;
  const auto& inner = static_cast<const ast::Struct&>(*field.value);
  if (inner.braces || inner.decls.size() != 1 || inner.decls[0]->kind != ast::DeclKind::field) return nullptr;
  return static_cast<const ast::Field*>(inner.decls[0]);
}

bool has_plain_label(const ast::Field& field) {
  const ast::ExprKind kind = field.label->x->kind;
  return kind != ast::ExprKind::list && kind != ast::ExprKind::paren && kind != ast::ExprKind::interpolation;
}

bool gives_way_to_inner(const ast::Field& field) {
  const ast::Field* inner = shorthand(field);
  return inner && has_plain_label(*inner);
}

}  // namespace

// Comments at the end of a struct are those of its last field.
void Exporter::find_closing_comments(std::span<ast::Decl* const> decls, const ast::Node& around) {
  for (ast::Decl* d : decls) {
    const ast::Expr* x = nullptr;
    if (d->kind == ast::DeclKind::field) x = static_cast<const ast::Field*>(d)->value;
    if (d->kind == ast::DeclKind::embed) x = static_cast<const ast::Embed*>(d)->x;
    if (x && x->kind == ast::ExprKind::comprehension) x = static_cast<const ast::Comprehension*>(x)->value;
    if (x && x->kind == ast::ExprKind::structure) find_closing_comments(static_cast<const ast::Struct*>(x)->decls, *x);
  }
  if (decls.empty() || decls.back()->kind != ast::DeclKind::field) return;
  for (const ast::CommentGroup& each : around.comments)
    if (each.place == ast::Place::closing)
      closing_[decls.back()].push_back({.doc = true, .place = ast::Place::after, .gap = each.gap, .lines = each.lines});
}

void Exporter::add_docs(Docs& all, const ast::Node& node) const {
  if (const auto found = closing_.find(&node); found != closing_.end())
    all.insert(all.end(), found->second.begin(), found->second.end());
  for (const ast::CommentGroup& each : node.comments) {
    if (!each.doc) continue;
    const bool known = std::ranges::any_of(all, [&](const auto& a) { return std::ranges::equal(a.lines, each.lines); });
    if (known) continue;
    const ast::Gap gap = each.gap == ast::Gap::section ? each.gap : ast::Gap::unset;
    all.push_back({.pos = each.pos, .doc = true, .place = ast::Place::before, .gap = gap, .lines = each.lines});
  }
}

Exporter::Docs Exporter::docs_of(std::span<const Conjunct> conjuncts) const {
  Docs all;
  for (const Conjunct& c : conjuncts)
    if (const ast::Field* f = field_of(c.decl); f && !gives_way_to_inner(*f)) add_docs(all, *f);
  return all;
}

// A comment above `a: b: 1` is that of b.
Exporter::Docs Exporter::docs_of(std::span<const Conjunct> conjuncts, const Vertex* parent) const {
  Docs all = docs_of(conjuncts);
  std::vector<const ast::Field*> inner;
  for (const Conjunct& c : conjuncts)
    if (const ast::Field* f = field_of(c.decl); f && !gives_way_to_inner(*f)) inner.push_back(f);
  for (const Vertex* p = parent; p && !inner.empty(); p = p->parent) {
    std::vector<const ast::Field*> outer;
    for (const Conjunct& c : p->conjuncts) {
      const ast::Field* f = field_of(c.decl);
      if (!f || !gives_way_to_inner(*f) || std::ranges::find(inner, shorthand(*f)) == inner.end()) continue;
      outer.push_back(f);
      add_docs(all, *f);
    }
    inner = std::move(outer);
  }
  return all;
}

// Comments above a node become one.
void Exporter::document(ast::Node& node, const Docs& docs) {
  Docs run, all;
  const auto close = [&] {
    if (!run.empty()) all.push_back(joined(run));
    run.clear();
  };
  for (const ast::CommentGroup& each : docs) {
    if (!each.doc || each.place != ast::Place::before) close();
    if (each.doc && each.place == ast::Place::before) run.push_back(each);
    else all.push_back(each);
  }
  close();
  if (all.empty()) return;
  all.insert(all.end(), node.comments.begin(), node.comments.end());
  node.comments = make_.span(all);
}

// With an empty line between them.
ast::CommentGroup Exporter::joined(const Docs& docs) {
  std::vector<std::string_view> lines;
  for (const ast::CommentGroup& each : docs) {
    if (!lines.empty()) lines.push_back("//");
    lines.insert(lines.end(), each.lines.begin(), each.lines.end());
  }
  ast::CommentGroup all = docs.front();
  all.lines = make_.span(lines);
  return all;
}

static void add_attribute(std::vector<ast::Attribute>& all, const ast::Attribute& attribute) {
  if (std::ranges::find(all, attribute.text, &ast::Attribute::text) == all.end()) all.push_back({.text = attribute.text});
}

void Exporter::add_field_attributes(Attributes& all, const ir::Decl* d) {
  if (const ast::Field* f = field_of(d))
    for (const ast::Attribute& each : f->attributes) add_attribute(all, each);
}

Exporter::Attributes Exporter::attributes_of(std::span<const Conjunct> conjuncts) {
  Attributes all;
  for (const Conjunct& c : conjuncts) add_field_attributes(all, c.decl);
  return all;
}

const ast::File* Exporter::file_of(const ir::Struct& s) const {
  for (const ast::File* each : e_.program().trees)
    if (each->begin == s.pos) return each;
  return nullptr;
}

void Exporter::add_declared_attributes(Attributes& all, const ir::Struct& s) const {
  std::span<ast::Decl* const> decls;
  if (s.source && s.source->kind == ast::ExprKind::structure) decls = static_cast<const ast::Struct*>(s.source)->decls;
  bool in_preamble = s.is_file;
  if (s.is_file)
    if (const ast::File* f = file_of(s)) decls = f->decls;
  if (s.is_file)
    in_preamble = std::ranges::any_of(decls, [](const ast::Decl* d) { return d->kind == ast::DeclKind::package || d->kind == ast::DeclKind::import; });
  for (const ast::Decl* each : decls) {
    if (each->kind == ast::DeclKind::package || (in_preamble && each->kind == ast::DeclKind::import)) {
      in_preamble = false;
      continue;
    }
    if (each->kind == ast::DeclKind::attribute && !in_preamble)
      add_attribute(all, static_cast<const ast::AttributeDecl*>(each)->attribute);
  }
}

Exporter::Attributes Exporter::declared_attributes(const Vertex& v) const {
  Attributes all;
  for (const StructInfo& each : v.structs)
    if (each.structure) add_declared_attributes(all, *each.structure);
  return all;
}

}  // namespace oam::cue
