// Expressions as syntax, with the names of what they refer to.
#include <algorithm>

#include "cue/builtin/builtin.hpp"
#include "cue/eval/program.hpp"
#include "cue/export/exporter.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

using ast::Op;
using K = ir::ExprKind;

bool goes_before(const ir::Expr& a, const ir::Expr& b);   // syntax_value.cpp

void for_each_part(const ir::Expr& x, const std::function<void(const ir::Expr&)>& visit) {
  const auto one = [&](const ir::Expr* part) { if (part) visit(*part); };
  const auto all = [&](std::span<const ir::Expr* const> parts) { for (const ir::Expr* each : parts) visit(*each); };
  switch (x.kind) {
    case K::structure:
      for (const ir::Decl* d : ir::as<ir::Struct>(x).decls) one(d->key), one(d->value);
      return;
    case K::list: all(ir::as<ir::List>(x).elements); return one(ir::as<ir::List>(x).rest);
    case K::disjunction:
      for (const ir::Alternative& each : ir::as<ir::Disjunction>(x).alternatives) one(each.expr);
      return;
    case K::unify: case K::binary: one(ir::as<ir::Binary>(x).x); return one(ir::as<ir::Binary>(x).y);
    case K::open: case K::bound: case K::unary: return one(ir::as<ir::Unary>(x).x);
    case K::selector: return one(ir::as<ir::Selector>(x).x);
    case K::index: one(ir::as<ir::Index>(x).x); return one(ir::as<ir::Index>(x).index);
    case K::slice: one(ir::as<ir::Slice>(x).x); one(ir::as<ir::Slice>(x).low); return one(ir::as<ir::Slice>(x).high);
    case K::interpolation: return all(ir::as<ir::Interpolation>(x).parts);
    case K::call: one(ir::as<ir::Call>(x).fun); return all(ir::as<ir::Call>(x).args);
    case K::comprehension: {
      const auto& c = ir::as<ir::Comprehension>(x);
      for (const ir::Clause* each : c.clauses) one(each->x);
      one(c.value);
      return one(c.fallback);
    }
    default: return;
  }
}

Environment* Exporter::up(Environment* env, std::uint32_t levels) {
  while (env && levels-- > 0) env = env->up;
  return env;
}

Environment* Exporter::inside(Environment* env, Vertex* v) {
  return e_.environment(env, v);
}

Vertex* Exporter::evaluate(Environment* env, const ir::Expr& x) {
  auto* v = e_.arena().make<Vertex>(e_.arena());
  v->tag = Tag::vertex;
  v->kind = kTop;
  v->conjuncts.push_back({env, &x, nullptr, {}});
  e_.guarded([&] { e_.finalize(v); });
  return v;
}

// Inside of an operator or call.
Exporter::X Exporter::inner(Environment* env, const ir::Expr& x) { return expr(env, x); }

Exporter::X Exporter::expr(Environment* env, const ir::Expr& x) {
  if (is_package_member(x)) return package_member(x);
  if (x.kind == K::value) {
    const Value* v = ir::as<ir::ValueExpr>(x).value;
    Vertex* vertex = to_vertex(v);
    if (vertex && !vertex->is_data && !vertex->conjuncts.empty()) return merge(vertex, vertex->conjuncts);
    return value(v);
  }
  if (x.kind == K::structure) {
    const Conjunct c{env, &x, nullptr, {}};
    return merge(nullptr, {&c, 1});
  }
  return plain(env, x);
}

Exporter::X Exporter::list(Environment* env, const ir::List& l) {
  std::vector<X> all;
  Environment* within = inside(env, node_);
  for (const ir::Expr* each : l.elements) all.push_back(element(within, *each));
  if (l.open) {
    auto* rest = make_.make<ast::Ellipsis>();
    if (l.rest) rest->type = expr(within, *l.rest);
    all.push_back(rest);
  }
  return make_.list(all);
}

Exporter::X Exporter::slice(Environment* env, const ir::Slice& s) {
  auto* made = make_.make<ast::Slice>();
  made->x = inner(env, *s.x);
  if (s.low) made->low = inner(env, *s.low);
  if (s.high) made->high = inner(env, *s.high);
  return made;
}

Exporter::X Exporter::plain(Environment* env, const ir::Expr& x) {
  switch (x.kind) {
    case K::structure: return as_is(env, ir::as<ir::Struct>(x));
    case K::list: return list(env, ir::as<ir::List>(x));
    case K::disjunction: {
      std::vector<X> all;
      for (const ir::Alternative& each : ir::as<ir::Disjunction>(x).alternatives) {
        X made = expr(env, *each.expr);
        all.push_back(each.marked ? make_.unary(Op::mark, made) : made);
      }
      return make_.chain(Op::disjoin, all);
    }
    case K::unify: return sorted_unify(env, ir::as<ir::Binary>(x));
    case K::binary: return make_.binary(ir::as<ir::Binary>(x).op, inner(env, *ir::as<ir::Binary>(x).x), inner(env, *ir::as<ir::Binary>(x).y));
    case K::bound: case K::unary: return make_.unary(ir::as<ir::Unary>(x).op, inner(env, *ir::as<ir::Unary>(x).x));
    case K::open: {
      auto* made = make_.make<ast::Open>();
      made->x = inner(env, *ir::as<ir::Unary>(x).x);
      return made;
    }
    case K::interpolation: return interpolation(env, ir::as<ir::Interpolation>(x));
    case K::slice: return slice(env, ir::as<ir::Slice>(x));
    case K::call: {
      X fun = inner(env, *ir::as<ir::Call>(x).fun);
      std::vector<X> args;
      for (const ir::Expr* each : ir::as<ir::Call>(x).args) args.push_back(inner(env, *each));
      return make_.call(fun, args);
    }
    case K::comprehension: return comprehension(env, ir::as<ir::Comprehension>(x));
    case K::value: return expr(env, x);
    default: return resolver(env, x);
  }
}

// Operands in the order in which the reference shows them; `_` says nothing.
Exporter::X Exporter::sorted_unify(Environment* env, const ir::Binary& x) {
  std::vector<const ir::Expr*> operands;
  const auto flatten = [&](auto&& self, const ir::Expr& part) -> void {
    if (part.kind != K::unify) return operands.push_back(&part);
    self(self, *ir::as<ir::Binary>(part).x);
    self(self, *ir::as<ir::Binary>(part).y);
  };
  flatten(flatten, x);
  std::ranges::stable_sort(operands, [](const ir::Expr* a, const ir::Expr* b) { return goes_before(*a, *b); });
  std::vector<X> all;
  for (const ir::Expr* each : operands) {
    const bool top = each->kind == K::value && ir::as<ir::ValueExpr>(*each).value->tag == Tag::type && ir::as<ir::ValueExpr>(*each).value->kind == kTop;
    if (!top) all.push_back(inner(env, *each));
  }
  return all.empty() ? make_.ident("_") : make_.chain(Op::unify, all);
}

Exporter::X Exporter::optional(X x, bool is) {
  if (!is) return x;
  if (x->kind == ast::ExprKind::ident) static_cast<ast::Ident*>(x)->optional = true;
  if (x->kind == ast::ExprKind::selector) static_cast<ast::Selector*>(x)->optional = true;
  if (x->kind == ast::ExprKind::index) static_cast<ast::Index*>(x)->optional = true;
  return x;
}

// The name in the source, where it is one.
Exporter::X Exporter::name_of(const ir::Expr& x, Label label) {
  if (x.source && x.source->kind == ast::ExprKind::ident) return make_.ident(static_cast<const ast::Ident*>(x.source)->name);
  return make_.ident(text_of(label));
}

Exporter::X Exporter::resolver(Environment* env, const ir::Expr& x) {
  switch (x.kind) {
    case K::field_ref: return field_ref(env, ir::as<ir::Reference>(x));
    case K::let_ref: return let_ref(env, ir::as<ir::Reference>(x));
    case K::value_ref:
      for (auto it = value_aliases_.rbegin(); it != value_aliases_.rend(); ++it)
        if (it->first == text_of(ir::as<ir::Reference>(x).label)) return make_.ident(it->second);
      [[fallthrough]];
    case K::dynamic_ref: return name_of(x, ir::as<ir::Reference>(x).label);
    case K::label_ref: return label_ref(env, ir::as<ir::Reference>(x));
    case K::import_ref: return import_ref(ir::as<ir::ImportRef>(x));
    case K::selector: {
      const auto& s = ir::as<ir::Selector>(x);
      if (X made = inlined(env, x, *s.x)) return made;
      return optional(make_.select(inner(env, *s.x), label(s.label)), s.optional);
    }
    case K::index: {
      auto* made = make_.make<ast::Index>();
      made->x = inner(env, *ir::as<ir::Index>(x).x);
      made->index = inner(env, *ir::as<ir::Index>(x).index);
      return optional(made, ir::as<ir::Index>(x).optional);
    }
    default: return make_.ident("_");
  }
}

// What a name of an imported package stands for, unless it leads back to itself.
Exporter::X Exporter::inlined(Environment* env, const ir::Expr& x, const ir::Expr& package) {
  if (!o_.inline_imports || package.kind != K::import_ref || find_package(ir::as<ir::ImportRef>(package).path)) return nullptr;
  return inlined(deref(evaluate(env, x)));
}

Exporter::X Exporter::inlined(Vertex* target) {
  if (target->conjuncts.empty() || std::ranges::find(open_, target) != open_.end()) return nullptr;
  open_.push_back(target);
  X made = merge(target, target->conjuncts);
  open_.pop_back();
  return made;
}

// A field of an imported package, but not of the value of it that is being written.
bool Exporter::is_outside(const Vertex* target) const {
  const Vertex* top = target;
  for (const Vertex* v = target; v; v = v->parent) {
    if (std::ranges::find(open_, v) != open_.end()) return false;
    top = v;
  }
  return top != e_.root();
}

// A field without a name that could stand alone is referred to by an alias.
Exporter::X Exporter::field_ref(Environment* env, const ir::Reference& x) {
  const std::string_view name = text_of(x.label);
  if (x.source && x.source->kind == ast::ExprKind::ident) {
    const std::string_view written = static_cast<const ast::Ident*>(x.source)->name;
    if (written != name && shown_aliases_.contains(written)) return optional(make_.ident(written), x.optional);
  }
  const bool has_name = !x.label.is_string() || is_identifier(name);
  Environment* there = up(env, x.up);
  Vertex* target = there && there->vertex ? there->vertex->find(x.label) : nullptr;
  if (o_.inline_imports && target && is_outside(target))
    if (X made = inlined(deref(target))) return made;
  if (has_name) {
    ast::Ident* made = make_.ident(name);
    if (target) references_[made] = target;
    return optional(made, x.optional);
  }
  X made = name_of(x, x.label);
  if (target) aliases_[target] = static_cast<ast::Ident*>(made)->name;
  return optional(made, x.optional);
}

Exporter::X Exporter::let_ref(Environment* env, const ir::Reference& x) {
  const std::uint32_t key = x.label.bits();
  const auto decl = let_decls_.find(key);
  const auto open = lets_.find(key);
  if (open != lets_.end() && decl != let_decls_.end()) {
    ast::Let* let = open->second;
    if (!let->ident) {
      let->ident = make_.ident(unique_name(static_cast<const ast::Let*>(decl->second->source)->ident->name));
      let->x = expr(up(env, x.up), *decl->second->value);
    }
    return make_.ident(let->ident->name);
  }
  Environment* there = up(env, x.up);
  if (Vertex* v = there && there->vertex ? there->vertex->find(x.label) : nullptr; v && !v->conjuncts.empty())
    return expr(v->conjuncts[0].env, *v->conjuncts[0].expr);
  return decl != let_decls_.end() ? expr(there, *decl->second->value) : name_of(x, x.label);
}

// The label that a pattern was applied to, or the name it has for all of them.
Exporter::X Exporter::label_ref(Environment* env, const ir::Reference& x) {
  const Environment* there = up(env, x.up);
  if (there && there->dynamic_label) return make_.string(text_of(there->dynamic_label));
  if (!x.source || x.source->kind != ast::ExprKind::ident) return make_.ident("string");
  const std::string_view name = static_cast<const ast::Ident*>(x.source)->name;
  for (auto it = patterns_.rbegin(); it != patterns_.rend(); ++it)
    if (it->first == name) return make_.ident(it->second);
  return make_.ident("string");
}

void Exporter::use_names(const ir::Expr& x) {
  const auto use = [this](Label l) {
    if (l && !l.is_let() && !l.is_integer()) names_.insert(text_of(l));
  };
  if (x.kind == K::structure)
    for (const ir::Decl* d : ir::as<ir::Struct>(x).decls) use(d->label);
  if (x.kind == K::field_ref || x.kind == K::value_ref) use(ir::as<ir::Reference>(x).label);
  if (x.kind == K::selector) use(ir::as<ir::Selector>(x).label);
  if (x.kind == K::comprehension)
    for (const ir::Clause* each : ir::as<ir::Comprehension>(x).clauses) use(each->key), use(each->value);
  for_each_part(x, [this](const ir::Expr& part) { use_names(part); });
}

std::string_view Exporter::unique_name(std::string_view base) {
  if (names_.insert(base).second) return base;
  for (int i = 1;; ++i) {
    const std::string_view name = make_.keep(std::string(base) + "_" + std::to_string(i));
    if (names_.insert(name).second) return name;
  }
}

static std::string_view default_name(std::string_view path) {
  if (const auto colon = path.rfind(':'); colon != path.npos) return path.substr(colon + 1);
  std::string_view last = path.substr(path.rfind('/') + 1);
  return last.substr(0, last.find('@'));
}

std::string_view Exporter::import_name(std::string_view path) {
  for (const auto& [known, name] : imports_)
    if (known == path) return name;
  imports_.emplace_back(path, default_name(path));
  return imports_.back().second;
}

Exporter::X Exporter::import_ref(const ir::ImportRef& x) {
  if (x.source && x.source->kind == ast::ExprKind::ident) {
    const std::string_view name = static_cast<const ast::Ident*>(x.source)->name;
    const bool known = std::ranges::any_of(imports_, [&](const auto& each) { return each.first == x.path; });
    if (!known) imports_.emplace_back(x.path, name);
  }
  return make_.ident(import_name(x.path));
}

std::string_view Exporter::path_of_import(std::string_view name, Pos pos) const {
  const SourceSet& sources = e_.program().sources;
  for (const ast::File* file : e_.program().trees) {
    if (pos != kNoPos && sources.file_of(file->begin) != sources.file_of(pos)) continue;
    for (const ast::Decl* d : file->decls) {
      if (d->kind != ast::DeclKind::import) continue;
      const auto& import = static_cast<const ast::Import&>(*d);
      if ((import.name ? import.name->name : default_name(import.path)) == name) return import.path;
    }
  }
  return name;
}

Exporter::X Exporter::package_member(const ir::Expr& x) {
  const auto& s = static_cast<const ast::Selector&>(*x.source);
  const std::string_view package = s.x->kind == ast::ExprKind::ident ? static_cast<const ast::Ident*>(s.x)->name : "";
  const std::string_view member = s.name->kind == ast::ExprKind::ident ? static_cast<const ast::Ident*>(s.name)->name : "";
  ir::ImportRef import;
  import.source = s.x;
  import.path = path_of_import(package, x.source->begin);
  return make_.select(import_ref(import), make_.ident(member));
}

// Pieces of text with their escapes, the outer ones with the quotes.
Exporter::X Exporter::interpolation(Environment* env, const ir::Interpolation& x) {
  const auto piece = [&](std::size_t i) { return as<Text>(*ir::as<ir::ValueExpr>(*x.parts[i]).value).text; };
  bool lines = false;
  for (std::size_t i = 0; i < x.parts.size(); i += 2) lines |= piece(i).find('\n') != std::string_view::npos;
  const std::string indent(depth_, '\t');
  const std::size_t quotes = lines ? 3 : 1;
  const auto escaped = [&](std::string_view text, bool last) {
    if (!lines || text.find('\n') == text.npos) {
      const std::string quoted = x.bytes ? quote_bytes(text) : quote_string(text);
      return quoted.substr(1, quoted.size() - 2);
    }
    std::string quoted = quote_lines(text, depth_, x.bytes);
    const std::size_t hashes = quoted.find_first_not_of('#');
    quoted = quoted.substr(hashes + 4, quoted.size() - 2 * hashes - 8 - indent.size());
    if (quoted.starts_with(indent)) quoted.erase(0, indent.size());
    if (text.ends_with('\n') && !last) quoted += indent;
    return quoted;
  };
  const std::string quote(quotes, x.bytes ? '\'' : '"');
  auto* made = make_.make<ast::Interpolation>();
  std::vector<std::string_view> texts;
  std::vector<X> exprs;
  for (std::size_t i = 0; i < x.parts.size(); ++i) {
    if (i % 2 == 1) {
      exprs.push_back(inner(env, *x.parts[i]));
      continue;
    }
    std::string text = escaped(piece(i), i + 1 == x.parts.size());
    if (i == 0) text = quote + (lines ? "\n" + indent : "") + text;
    if (i + 1 == x.parts.size()) text += (lines ? "\n" + indent : "") + quote;
    texts.push_back(make_.keep(text));
  }
  made->texts = make_.span(texts);
  made->exprs = make_.span(exprs);
  made->bytes = x.bytes;
  return made;
}

}  // namespace oam::cue
