#include "cue/export/syntax.hpp"

#include <algorithm>

#include "cue/eval/program.hpp"
#include "cue/export/exporter.hpp"
#include "cue/format/format.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

Exporter::Exporter(Evaluator& e, const SyntaxOptions& options, Arena& arena) : e_(e), o_(options), make_(arena) {
  const auto find_lets = [this](auto&& self, const ir::Expr& x) -> void {
    if (x.kind == ir::ExprKind::structure)
      for (const ir::Decl* d : ir::as<ir::Struct>(x).decls)
        if (d->kind == ir::DeclKind::let) let_decls_.emplace(d->label.bits(), d);
    for_each_part(x, [&](const ir::Expr& part) { self(self, part); });
  };
  if (o_.docs)
    for (const ast::File* each : e.program().trees) find_closing_comments(each->decls, ast::Node{});
  for (const ir::Struct* each : e.program().files) find_lets(find_lets, *each);
}

Exporter::X Exporter::label(Label l) {
  const std::string_view name = text_of(l);
  if (l.is_integer()) return make_.literal(ast::ExprKind::number, std::to_string(l.index()));
  if (l.is_string() && !is_identifier(name)) return make_.string(name);
  return make_.ident(name);
}

// The comments of a file by where they go: above the package clause, made one; apart
// from it; on its line; behind it.
void Exporter::FileComments::add(const ast::File& file) {
  const ast::Decl* first = nullptr;
  for (const ast::Decl* d : file.decls) {
    if (d->kind != ast::DeclKind::package && !first) first = d;
    if (d->kind != ast::DeclKind::package) continue;
    for (const ast::CommentGroup& each : d->comments)
      (each.place != ast::Place::before ? on_line : each.doc ? above : apart).push_back(each);
  }
  const bool has_package = !file.package.empty();
  bool promoted = has_package;   // without a package clause the first comment stands for that above it
  for (const ast::Node* node : std::initializer_list<const ast::Node*>{&file, first}) {
    if (!node) continue;
    for (const ast::CommentGroup& group : node->comments) {
      const bool of_value = node == first && first->kind == ast::DeclKind::embed;   // it has no field to stand above
      if (group.place != ast::Place::before || (group.doc && !of_value)) continue;
      (has_package ? behind : std::exchange(promoted, true) ? apart : above).push_back(group);
    }
  }
}

void Exporter::add_package(std::vector<ast::Decl*>& decls, Docs& behind, const Value* value) {
  const Vertex* v = to_vertex(value);
  if (!v || v->parent || v->conjuncts.empty()) return;
  const std::string_view name = e_.program().package;
  FileComments comments;
  if (o_.docs)
    for (const ast::File* file : e_.program().trees) comments.add(*file);
  behind = comments.behind;
  Docs& apart = comments.apart;
  if (!comments.above.empty()) {
    ast::CommentGroup above = joined(comments.above);
    if (!apart.empty()) above.gap = ast::Gap::section;
    apart.insert(name.empty() ? apart.begin() : apart.end(), above);
  }
  if (name.empty()) {
    behind.insert(behind.begin(), apart.begin(), apart.end());
    return;
  }
  auto* made = make_.make<ast::Package>();
  made->name = make_.ident(name);
  if (!apart.empty() && comments.above.empty()) made->gap = ast::Gap::section;
  apart.insert(apart.end(), comments.on_line.begin(), comments.on_line.end());
  made->comments = make_.span(apart);
  decls.push_back(made);
}

std::vector<ast::Decl*> Exporter::import_decls() {
  std::vector<ast::Decl*> all;
  for (const auto& [path, name] : imports_) {
    auto* made = make_.make<ast::Import>();
    made->path = path;
    const std::string_view last = path.substr(path.find_last_of("/:") + 1);
    if (name != last.substr(0, last.find('@'))) made->name = make_.ident(name);
    if (imports_.size() > 1) made->group = 1;
    all.push_back(made);
  }
  return all;
}

static bool names_definition(const ast::Expr& x) {
  const auto is_definition = [](const ast::Expr& name) {
    return name.kind == ast::ExprKind::ident &&
           (static_cast<const ast::Ident&>(name).name.starts_with('#') || static_cast<const ast::Ident&>(name).name.starts_with("_#"));
  };
  switch (x.kind) {
    case ast::ExprKind::ident: return is_definition(x);
    case ast::ExprKind::selector: {
      const auto& s = static_cast<const ast::Selector&>(x);
      return is_definition(*s.name) || names_definition(*s.x);
    }
    case ast::ExprKind::index: return names_definition(*static_cast<const ast::Index&>(x).x);
    default: return false;
  }
}

// What is closed stays so: `_#def, _#def: {…}`.
Exporter::X Exporter::as_definition(X x) {
  if (x->kind == ast::ExprKind::structure)
    for (const ast::Decl* d : static_cast<ast::Struct*>(x)->decls)
      if (d->kind == ast::DeclKind::embed && names_definition(*static_cast<const ast::Embed*>(d)->x)) return x;
  X name = make_.ident("_#def");
  name->gap = ast::Gap::none;   // no empty line before it
  return make_.structure({make_.embed(name), make_.field(make_.ident("_#def"), x, ArcType::member)});
}

const ast::File* Exporter::file(const Value* v) {
  X x = nullptr;
  Vertex* vertex = to_vertex(v);
  if (vertex)
    for (const Conjunct& c : vertex->conjuncts) use_names(*c.expr);
  if (o_.as_written && vertex && !vertex->conjuncts.empty() && !vertex->is_data) {
    x = merge(vertex, vertex->conjuncts);
    if (vertex->closed_recursive && e_.kind_of(vertex) == kStruct) x = as_definition(x);
  } else {
    x = value(v);
  }
  for (const auto& [target, alias] : aliases_)
    if (const auto shown = fields_.find(target); shown != fields_.end()) shown->second->label->alias = make_.ident(alias);
  auto* file = make_.make<ast::File>();
  std::vector<ast::Decl*> decls;
  Docs behind;
  if (o_.package_clause) add_package(decls, behind, v);
  const std::size_t first = decls.size();
  for (ast::Decl* each : import_decls()) decls.push_back(each);
  if (x->kind == ast::ExprKind::structure) {
    const auto& inner = static_cast<ast::Struct*>(x)->decls;
    decls.insert(decls.end(), inner.begin(), inner.end());
  } else {
    decls.push_back(make_.embed(x));
  }
  if (o_.as_written) unshadow(decls);
  if (decls.size() > first) {
    behind.insert(behind.end(), decls[first]->comments.begin(), decls[first]->comments.end());
    decls[first]->comments = make_.span(behind);
  }
  file->decls = make_.span(decls);
  return file;
}

const ast::File* cue_syntax(Evaluator& e, const Value* value, const SyntaxOptions& options, Arena& arena) {
  return Exporter(e, options, arena).file(value);
}

static std::string written(Evaluator& e, const Value* value, const SyntaxOptions& options) {
  Arena arena;
  const ast::File& file = *cue_syntax(e, value, options, arena);
  const FormatOptions format{.simplify = options.simplify, .compact = options.compact, .short_structs = options.short_structs, .spaces = options.spaces};
  if (file.decls.size() != 1 || file.decls[0]->kind != ast::DeclKind::embed || !file.decls[0]->comments.empty()) return format_file(file, format);
  return format_expression(*static_cast<const ast::Embed*>(file.decls[0])->x, format) + "\n";
}

std::string expression_text(Evaluator& e, const Value* value, const SyntaxOptions& options) {
  Arena arena;
  return format_expression(*Exporter(e, options, arena).expression(value), {.simplify = options.simplify, .compact = options.compact, .short_structs = options.short_structs, .spaces = options.spaces});
}

std::string cue_text(Evaluator& e, const Value* value, const SyntaxOptions& options) {
  try {
    return written(e, value, options);
  } catch (const LimitReached& limit) {
    return "_|_ // " + e.message(*e.stopped(limit)) + "\n";
  }
}

}  // namespace oam::cue
