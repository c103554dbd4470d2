// References: from a name to a vertex. Nothing: an error was noted, or the vertex is
// not known yet.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"

namespace oam::cue {

Environment* Evaluator::environment(Environment* up, Vertex* v) {
  auto* made = arena_.make<Environment>();
  made->up = up;
  made->vertex = v;
  if (up) made->turn = up->turn;
  return made;
}

Vertex* Evaluator::resolve(const ir::Expr& x, Flags flags) {
  switch (x.kind) {
    case ir::ExprKind::field_ref: {
      const auto& ref = ir::as<ir::Reference>(x);
      Environment* e = up(ref.up);
      if (!e || !e->vertex) return fail(ErrorCode::eval, x.pos, "reference {} cannot be resolved here", {arg(x)}), nullptr;
      return look_up_apart(e->vertex, x.pos, ref.label, ref.optional, flags);
    }
    case ir::ExprKind::value_ref: {
      const auto& ref = ir::as<ir::Reference>(x);
      return ref.up == 0 ? vertex_ : up(ref.up - 1)->vertex;
    }
    case ir::ExprKind::dynamic_ref: {
      const auto& ref = ir::as<ir::Reference>(x);
      Environment* e = up(ref.up);
      const Value* key = nullptr;
      {
        Scoped<Environment*> at(env_, e);
        key = plain(*ref.key, {.needs = known::scalar, .mode = Mode::yield});
      }
      if (!key || errs_) return nullptr;
      const Label label = label_of(*ref.key, key);
      return errs_ ? nullptr : lookup(e->vertex, x.pos, label, flags);
    }
    case ir::ExprKind::let_ref: return resolve_let(ir::as<ir::Reference>(x), flags);
    case ir::ExprKind::import_ref: return resolve_import(ir::as<ir::ImportRef>(x));
    case ir::ExprKind::selector: {
      const auto& s = ir::as<ir::Selector>(x);
      Vertex* n = operand_node(x, *s.x, s.label.is_regular());
      return n == empty_ ? n : look_up_apart(n, s.label_pos, s.label, s.optional, flags);
    }
    case ir::ExprKind::index: return resolve_index(ir::as<ir::Index>(x), flags);
    default: return nullptr;
  }
}

// A lookup whose own errors alone decide whether a `try` skips.
Vertex* Evaluator::look_up_apart(Vertex* v, Pos pos, Label label, bool optional, Flags flags) {
  const Bottom* before = take_error();
  Vertex* arc = skip_try(optional, lookup(v, pos, label, flags));
  errs_ = combine(errs_, before);
  return arc;
}

// Under `try`, a reference with `?` that is not there skips the clause.
Vertex* Evaluator::skip_try(bool optional, Vertex* arc) {
  if (arc || !optional || !errs_ || errs_->code < ErrorCode::incomplete) return arc;
  for (Vertex* v = vertex_; v; v = v->parent)
    if (v->node && v->node->try_skip) {
      *v->node->try_skip = true;
      break;
    }
  return nullptr;
}

Vertex* Evaluator::resolve_index(const ir::Index& x, Flags flags) {
  Vertex* n = operand_node(x, *x.x, true);
  if (x.label && n != empty_) return errs_ ? nullptr : skip_try(x.optional, lookup(n, x.index_pos, x.label, flags));
  const Value* index = plain(*x.index, {.needs = known::scalar, .mode = Mode::yield});
  if (n == empty_) return n;
  if (!index || errs_) {
    if (!errs_) fail(ErrorCode::incomplete, x.index_pos, "non-concrete index {}", {arg(*x.index)});
    return nullptr;
  }
  const Label label = label_of(*x.index, index);
  return errs_ ? nullptr : skip_try(x.optional, lookup(n, x.index_pos, label, flags));
}

// A let is worked out once for each environment that sees it.
Vertex* Evaluator::resolve_let(const ir::Reference& x, Flags flags) {
  Environment* e = up(x.up);
  Vertex* arc = lookup(e->vertex, x.pos, x.label, flags);
  if (!arc) return nullptr;
  const Bottom* b = bottom_of(arc);
  Node* state = node(arc);
  if (!arc->multi_let && ((!b && !state) || b == cycle_)) return arc;
  const Conjunct c = arc->conjuncts[0];
  if (!e->lets) e->lets = arena_.list<Environment::CachedLet>();
  Environment::CachedLet* cached = nullptr;
  for (auto& each : *e->lets)
    if (each.expr == c.expr && each.arc == arc) cached = &each;
  const bool stale = cached && bottom_of(cached->made) == cycle_ && arc->status != Status::finalized && !cached->again;
  if (cached && !stale) return cached->made;
  Vertex* made = make_vertex(arc->parent, x.label);
  made->is_dynamic = b && b->code == ErrorCode::structural_cycle;
  made->conjuncts.push_back({e, c.expr, nullptr, c.origin});
  if (cached) *cached = {c.expr, arc, made, true};
  else e->lets->push_back({c.expr, arc, made, false});
  return made;
}

Vertex* Evaluator::resolve_import(const ir::ImportRef& x) {
  const auto [it, added] = imports_.try_emplace(x.path, nullptr);
  if (!added) return it->second;
  Vertex* v = make_vertex(nullptr, {});
  it->second = v;
  if (const auto* files = program_.find(x.path)) {
    Environment* env = environment(nullptr, nullptr);
    for (const ir::Struct* file : *files) v->conjuncts.push_back({env, file, nullptr, {}});
    return v;
  }
  const Package* package = find_package(x.path);
  if (!package) {
    fail(ErrorCode::eval, x.pos, "cannot find package \"{}\"", {arg(x.path)});
    return nullptr;
  }
  v->value = struct_marker_;
  v->status = Status::finalized;
  const auto add = [&](std::string_view name) {
    const Value* member = package_member(*package, name, arena_);
    Vertex* arc = make_vertex(v, labels_.string(name));
    arc->value = member;
    arc->status = Status::finalized;
    v->arcs.push_back(arc);
  };
  for (const Builtin& each : package->functions) add(each.name);
  for (const Constant& each : package->constants) add(each.name);
  return v;
}

// The vertex that an operand of a selector or index stands for; empty_ after an error.
Vertex* Evaluator::operand_node(const ir::Expr& whole, const ir::Expr& x, bool scalar) {
  Scoped<bool> from_definition(origin_.from_definition, ir::is_resolver(x) && origin_.from_definition);
  bool ok = true;
  const Value* v = take_default(unify_node(x, {.needs = known::need_field_set, .mode = Mode::yield}), ok);
  if (!ok) return empty_;
  if (scalar)
    if (const Value* inner = unwrap(v); inner != cycle_) v = inner;
  Vertex* n = to_vertex(v);
  if (n && n->value != cycle_) v = base_value(*n);
  if (!v) {
    if (!errs_) fail(ErrorCode::incomplete, x.pos, "{} undefined ({} is incomplete)", {arg(whole), arg(x)});
    return empty_;
  }
  if (is_bottom(v)) {
    fail(static_cast<const Bottom*>(v));
    return empty_;
  }
  if (is_vertex(v)) {
    if (to_vertex(v)->non_rooted) complete_arcs_only(to_vertex(v));
    return n ? n : to_vertex(v);
  }
  const Kind kind = v->kind;
  if (kind & kStruct) {
    fail(ErrorCode::incomplete, x.pos, "{} undefined as {} is incomplete (type {})", {arg(whole), arg(x), arg_kind(kind)});
    return empty_;
  }
  if (!n) {
    fail(ErrorCode::eval, x.pos, "invalid operand {} (found {}, want list or struct)", {arg(x), arg_kind(kind)});
    return empty_;
  }
  return n;
}

// The vertex or value of an expression, worked out so far that its fields are known.
const Value* Evaluator::unify_node(const ir::Expr& x, Flags flags) {
  const Bottom* saved = take_error();
  const auto done = [&](const Value* result) -> const Value* {
    if (const Vertex* v = to_vertex(result))
      if (const Bottom* b = bottom_of(v); b && b->code < ErrorCode::incomplete) result = b;
    if (is_bottom(result)) errs_ = combine(errs_, result);
    errs_ = combine(errs_, saved);
    return errs_ ? errs_ : result;
  };
  if (x.kind == ir::ExprKind::value) return done(ir::as<ir::ValueExpr>(x).value);
  if (!ir::is_resolver(x)) {
    return done(eval_inner(x, flags));
  }
  Vertex* v = resolve(x, flags);
  if (errs_ || !v) return done(nullptr);
  v = deref(v);
  if (Node* n = node(v)) {
    if (!origin_.is_cyclic()) n->has_non_cycle = true;
    process(*n, known::arc_type | known::field_set, Mode::yield);
    if (!n->disjuncts.empty()) unify(v, {.needs = known::arc_type | known::field_set, .mode = Mode::yield});
  }
  return done(v);
}

Label Evaluator::label_of(const ir::Expr& source, const Value* value) {
  bool ok = true;
  value = unwrap(take_default(value, ok));
  if (!value) {
    if (!errs_) fail(ErrorCode::incomplete, source.pos, "invalid index {}: not concrete", {arg(source)});
    return {};
  }
  if (is_bottom(value)) {
    fail(static_cast<const Bottom*>(value));
    return {};
  }
  if (value->tag == Tag::string) return labels_.string(as<Text>(*value).text);
  if (value->tag == Tag::number && value->kind == kInt) {
    const auto& number = as<Number>(*value);
    if (!number.big && number.small >= 0 && number.small <= kMaxIndex) return labels_.integer(static_cast<std::uint32_t>(number.small));
    const bool negative = number.big ? number.big->is_negative() : number.small < 0;
    fail(ErrorCode::eval, source.pos, negative ? "invalid index {} (index must be non-negative)"
                                               : "invalid index {} (out of range)", {arg(value)});
    return {};
  }
  const bool may_be = value->kind != kTop && (value->kind & (kInt | kString));
  if (may_be) fail(ErrorCode::incomplete, value->pos != kNoPos ? value->pos : source.pos, "invalid non-ground value {} (must be concrete {})",
                   {arg(value), arg_kind(value->kind & (kInt | kString))});
  else fail(ErrorCode::eval, source.pos, "invalid index {} (invalid type {})", {arg(source), arg_kind(value->kind)});
  return {};
}

const Value* Evaluator::label_value(Label label) {
  return label.is_integer() ? make_int(label.index()) : make_text(labels_.text(label));
}

}  // namespace oam::cue
