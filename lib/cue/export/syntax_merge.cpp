// Unevaluated: what conjuncts say, in one struct where that can be, else side by side.
#include <algorithm>
#include <map>

#include "cue/export/exporter.hpp"

namespace oam::cue {

using ast::Op;
using K = ir::ExprKind;

struct Exporter::Merging {
  struct Field {
    Label label;
    ArcType arc = ArcType::not_present;
    Vertex* vertex = nullptr;
    Conjuncts conjuncts = {};
  };
  Level level;
  Conjuncts values = {};                      // scalars, types and bounds: made one
  std::vector<X> embeds = {}, operands = {};
  std::vector<std::vector<Label>> fronts = {};   // the fields of each struct
  std::vector<Field> fields = {};
  Attributes attributes = {};
  bool has_ellipsis = false;
  bool is_data = false;
  bool has_lets = false;
  unsigned structs = 0;

  void add(Label label, ArcType arc, Conjunct c) {
    auto found = std::ranges::find(fields, label, &Field::label);
    if (found == fields.end()) found = fields.insert(fields.end(), Field{.label = label});
    found->arc = std::min(found->arc, arc);
    found->conjuncts.push_back(std::move(c));
  }
};

// Lets of the struct literals in an expression stand in the scope that is being written.
void Exporter::mark_lets(const ir::Expr& x) {
  if (x.kind == K::comprehension) return;
  if (x.kind != K::structure) return for_each_part(x, [this](const ir::Expr& part) { mark_lets(part); });
  for (const ir::Decl* d : ir::as<ir::Struct>(x).decls) {
    if (d->kind == ir::DeclKind::embed) mark_lets(*d->value);
    if (d->kind == ir::DeclKind::field && d->source)
      if (const ast::Ident* alias = static_cast<const ast::Field*>(d->source)->label->alias) shown_aliases_.insert(alias->name);
    if (d->kind != ir::DeclKind::let) continue;
    auto* let = make_.make<ast::Let>();
    lets_[d->label.bits()] = let;
    scope_->decls.push_back(let);
  }
}

static bool is_self_contained(const ir::Expr& x) {
  switch (x.kind) {
    case K::value: return !is_package_member(x);
    case K::unify: case K::binary: return is_self_contained(*ir::as<ir::Binary>(x).x) && is_self_contained(*ir::as<ir::Binary>(x).y);
    case K::unary: case K::bound: return is_self_contained(*ir::as<ir::Unary>(x).x);
    default: return false;
  }
}

// What cannot be taken apart without losing something.
static bool is_complex(const ir::Struct& s) {
  return std::ranges::any_of(s.decls, [](const ir::Decl* d) {
    switch (d->kind) {
      case ir::DeclKind::field:
        return d->source && static_cast<const ast::Field*>(d->source)->label->alias;
      case ir::DeclKind::embed: return d->value->kind == K::comprehension;
      case ir::DeclKind::ellipsis: return d->value != nullptr;
      case ir::DeclKind::let: return false;
      default: return true;
    }
  });
}

Exporter::X Exporter::merge(Vertex* src, std::span<const Conjunct> conjuncts) {
  Merging m{.level = {*this, src}};
  std::string_view alias;
  for (const Conjunct& c : conjuncts) {
    if (c.decl && c.decl->source && c.decl->source->kind == ast::DeclKind::field) {
      const ast::Expr* written = static_cast<const ast::Field*>(c.decl->source)->value;
      if (written && written->kind == ast::ExprKind::alias && alias.empty()) alias = static_cast<const ast::Alias*>(written)->ident->name;
    }
    mark_lets(*c.expr);
  }
  const std::string_view shown = alias.empty() ? alias : unique_name(alias);
  if (!alias.empty()) value_aliases_.emplace_back(alias, shown);
  m.has_lets = !m.level.scope.decls.empty();
  absl::flat_hash_set<const ir::Expr*> seen;
  for (const Conjunct& c : conjuncts)
    if (seen.insert(c.expr).second) take(m, c.env, src, *c.expr, false);
  X made = merged(m, src);
  if (alias.empty()) return made;
  value_aliases_.pop_back();
  auto* named = make_.make<ast::Alias>();
  named->ident = make_.ident(shown);
  named->x = made;
  return named;
}

void Exporter::take(Merging& m, Environment* env, Vertex* src, const ir::Expr& x, bool embedded) {
  if (x.kind == K::structure && !is_package_member(x)) return take_struct(m, env, src, ir::as<ir::Struct>(x));
  if (x.kind == K::value && !is_package_member(x)) {
    if (Vertex* v = to_vertex(ir::as<ir::ValueExpr>(x).value)) return take_vertex(m, env, src, x, v);
    return take_value(m, env, src, x);
  }
  if (x.kind == K::unify && !embedded) {
    take(m, env, src, *ir::as<ir::Binary>(x).x, false);
    return take(m, env, src, *ir::as<ir::Binary>(x).y, false);
  }
  if (is_self_contained(x)) return take_value(m, env, src, x);
  X made = expr(env, x);
  const bool top = made->kind == ast::ExprKind::ident && static_cast<ast::Ident*>(made)->name == "_";
  if (embedded) m.embeds.push_back(made);
  else if (!top) m.operands.push_back(made);
}

static bool is_top(const Value* v) { return v && v->tag == Tag::type && v->kind == kTop; }

void Exporter::take_value(Merging& m, Environment* env, Vertex* src, const ir::Expr& x) {
  const bool top = x.kind == K::value && is_top(ir::as<ir::ValueExpr>(x).value);
  if (top && src && src->value && !is_top(src->value)) return;
  m.values.push_back({env, &x, nullptr, {}});
}

void Exporter::take_vertex(Merging& m, Environment* env, Vertex* src, const ir::Expr& x, Vertex* v) {
  if (!v->is_data && !v->conjuncts.empty()) {
    for (const Conjunct& c : v->conjuncts) take(m, c.env, v, *c.expr, false);
    return;
  }
  v = deref(v);
  if (v->value && v->value->tag != Tag::struct_marker) return take_value(m, env, src, x);
  m.is_data = true;
  std::vector<Label> front;
  for (Vertex* arc : v->arcs) {
    if (!e_.is_defined(arc)) continue;
    auto* made = e_.arena().make<ir::ValueExpr>();
    made->kind = K::value;
    made->value = arc;
    m.add(arc->label, arc->arc, {env, made, nullptr, {}});
    front.push_back(arc->label);
  }
  m.fronts.push_back(std::move(front));
  ++m.structs;
}

void Exporter::take_struct(Merging& m, Environment* env, Vertex* src, const ir::Struct& s) {
  if (o_.attributes) add_declared_attributes(m.attributes, s);
  if (is_complex(s)) {
    Level inner(*this, src);
    m.embeds.push_back(as_is(env, s));
    return;
  }
  ++m.structs;
  Environment* within = inside(env, node_);
  std::vector<Label> front;
  const std::size_t place = m.fronts.size();   // before those of literals embedded in it
  m.fronts.emplace_back();
  for (const ir::Decl* d : s.decls) {
    if (d->kind == ir::DeclKind::let) continue;
    if (d->kind == ir::DeclKind::ellipsis) {
      m.has_ellipsis = true;
    } else if (d->kind == ir::DeclKind::embed) {
      take(m, within, nullptr, *d->value, true);
    } else {
      front.push_back(d->label);
      m.add(d->label, d->arc, {within, d->value, d, {}});
    }
  }
  m.fronts[place] = std::move(front);
}

Exporter::X Exporter::unified_values(Merging& m) {
  auto* v = e_.arena().make<Vertex>(e_.arena());
  v->tag = Tag::vertex;
  v->kind = kTop;
  v->conjuncts.assign(m.values.begin(), m.values.end());
  e_.guarded([&] { e_.finalize(v); });
  return vertex(v);
}

// Fields of several structs: always the first field of the first struct that no struct
// has behind one that is still to come. As in the reference, the last field of a struct
// waits for as long as anything else is left.
static std::vector<Label> in_order(std::vector<std::vector<Label>> fronts) {
  std::map<std::uint32_t, int> waits;
  for (const auto& front : fronts)
    for (std::size_t i = 1; i < front.size(); ++i) ++waits[front[i].bits()];
  std::vector<Label> all;
  std::vector<std::size_t> at(fronts.size());
  for (;;) {
    const auto has_more = [&](std::size_t i) { return at[i] < fronts[i].size(); };
    std::size_t next = fronts.size(), stuck = fronts.size();
    for (std::size_t i = 0; i < fronts.size() && next == fronts.size(); ++i) {
      if (!has_more(i)) continue;
      if (waits[fronts[i][at[i]].bits()] <= 0) next = i;
      else if (stuck == fronts.size()) stuck = i;
    }
    if (next == fronts.size() && stuck == fronts.size()) return all;
    if (next == fronts.size()) {
      waits[fronts[stuck][at[stuck]].bits()] = 0;
      continue;
    }
    const Label label = fronts[next][at[next]++];
    if (std::ranges::find(all, label) == all.end()) all.push_back(label);
    if (at[next] + 1 < fronts[next].size()) --waits[fronts[next][at[next]].bits()];
  }
}

void Exporter::merge_fields(Merging& m) {
  std::vector<Label> order = in_order(m.fronts);
  const auto place = [&](const Merging::Field& f) { return std::ranges::find(order, f.label) - order.begin(); };
  std::ranges::stable_sort(m.fields, [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (Merging::Field& f : m.fields) {
    if (f.label.is_let()) continue;
    ast::Field* made = make_.field(label(f.label), nullptr, f.arc);
    if (f.vertex) fields_[f.vertex] = made;
    made->value = merge(f.vertex, f.conjuncts);
    if (o_.docs) document(*made, docs_of(f.conjuncts, f.vertex ? f.vertex->parent : nullptr));
    if (o_.attributes) made->attributes = make_.span(attributes_of(f.conjuncts));
    m.level.scope.decls.push_back(made);
  }
}

Exporter::X Exporter::closed_if(Vertex* v, bool has_ellipsis, X x) {
  return v && v->closed_once && !has_ellipsis ? make_.call(make_.ident("close"), {x}) : x;
}

Exporter::X Exporter::merged(Merging& m, Vertex* src) {
  Scope& scope = m.level.scope;
  for (Merging::Field& f : m.fields)
    if (Vertex* arc = src ? src->find(f.label) : nullptr) {
      f.vertex = arc;
      f.arc = arc->arc;
    }
  for (const ast::Attribute& each : m.attributes) scope.decls.push_back(make_.attribute(each));
  if (!m.values.empty()) m.embeds.push_back(unified_values(m));
  if (m.fields.empty() && !m.has_ellipsis) {
    const std::size_t parts = m.embeds.size() + m.operands.size();
    if (parts == 0 && m.attributes.empty())
      return m.structs > 0 || m.is_data ? closed_if(src, false, finish(scope)) : make_.ident("_");
    if (parts == 1) {
      X only = m.operands.empty() ? m.embeds[0] : m.operands[0];
      if (m.attributes.empty() && !m.has_lets) return only;
      if (only->kind == ast::ExprKind::structure) {
        const auto& inner = static_cast<ast::Struct*>(only)->decls;
        scope.decls.insert(scope.decls.end(), inner.begin(), inner.end());
        return closed_if(src, false, finish(scope));
      }
    }
  }
  for (X each : m.embeds) scope.decls.push_back(make_.embed(each));
  merge_fields(m);
  if (m.has_ellipsis) scope.decls.push_back(make_.make<ast::EllipsisDecl>());
  const bool has_struct = m.structs > 0;
  ast::Struct* made = finish(scope);
  X closed = closed_if(src, m.has_ellipsis, made);
  if (m.operands.empty()) return closed;
  if (has_struct || !made->decls.empty()) m.operands.push_back(closed);
  return make_.chain(Op::unify, m.operands);
}

}  // namespace oam::cue
