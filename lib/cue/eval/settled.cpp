// What can be read off finished vertices: where a name leads, whether a guard holds.
// Nothing is worked out here, so an answer is the one that the long way would give; most
// guards ask for parameters, which are settled before anything refers to them.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

Evaluator::Settled Evaluator::settled(const ir::Expr& x, const Environment* env) const {
  const auto field_of = [&](const ir::Expr& operand, Label label) {
    const Settled of = settled(operand, env);
    if (!of.at) return of;
    Vertex* v = deref(of.at);
    return v->status == Status::finalized && v->value && !is_bottom(v->value) ? settled_field(v, label) : Settled{};
  };
  switch (x.kind) {
    case ir::ExprKind::field_ref: {
      const auto& ref = ir::as<ir::Reference>(x);
      for (std::uint32_t i = 0; i < ref.up && env; ++i) env = env->up;
      if (!env || !env->vertex || env->vertex->is_shared || ref.optional) return {};
      return settled_field(deref(env->vertex), ref.label);
    }
    case ir::ExprKind::selector: {
      const auto& s = ir::as<ir::Selector>(x);
      return s.optional ? Settled{} : field_of(*s.x, s.label);
    }
    case ir::ExprKind::index: {
      const auto& i = ir::as<ir::Index>(x);
      return i.optional || !i.label ? Settled{} : field_of(*i.x, i.label);
    }
    default: return {};
  }
}

Evaluator::Settled Evaluator::settled_field(Vertex* of, Label label) const {
  if (label.is_let()) return {};
  Vertex* arc = of->find(label);
  if (!arc || arc->arc == ArcType::optional) {
    const bool done = of->status == Status::finalized && of->value && of->value->tag == Tag::struct_marker && !of->child_errors;
    return {done, nullptr};
  }
  arc = deref_non_rooted(arc);
  const bool done = arc->arc == ArcType::member && arc->status == Status::finalized && deref(arc)->status == Status::finalized;
  return {done, done ? arc : nullptr};
}

// A scalar that is written out or settled, its default taken; null: it is none.
const Value* Evaluator::settled_scalar(const ir::Expr& x, const Environment* env) const {
  const Value* v = nullptr;
  if (x.kind == ir::ExprKind::value) v = ir::as<ir::ValueExpr>(x).value;
  else if (const Vertex* at = settled(x, env).at) v = deref(const_cast<Vertex*>(at))->value;
  while (v && v->tag == Tag::disjunction && as<Disjunction>(*v).defaults == 1) v = as<Disjunction>(*v).members[0];
  if (Vertex* chosen = to_vertex(v)) v = deref(chosen)->value;
  return v && is_scalar(*v) ? v : nullptr;
}

std::optional<bool> Evaluator::settled_presence(const ir::Expr& x, const Environment* env) const {
  const Settled place = settled(x, env);
  if (!place.at) return place.known ? std::optional(false) : std::nullopt;
  const Value* v = deref(place.at)->value;
  if (v && (v->tag == Tag::struct_marker || v->tag == Tag::list_marker)) return true;
  if (v && v->tag == Tag::type && !(v->kind & (kStruct | kList))) return false;
  return settled_scalar(x, env) ? std::optional(true) : std::nullopt;
}

std::optional<bool> Evaluator::settled_comparison(const ir::Binary& x, const Environment* env) {
  const Value* a = settled_scalar(*x.x, env);
  const Value* b = a ? settled_scalar(*x.y, env) : nullptr;
  if (!b || a->tag != b->tag) return std::nullopt;
  return operate_true(x.op, a, b);
}

std::optional<bool> Evaluator::settled_truth(const ir::Expr& x, const Environment* env) {
  if (x.kind == ir::ExprKind::unary && ir::as<ir::Unary>(x).op == ir::Op::logical_not) {
    const auto inner = settled_truth(*ir::as<ir::Unary>(x).x, env);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (x.kind != ir::ExprKind::binary) {
    const Value* v = settled_scalar(x, env);
    return v && v->tag == Tag::boolean ? std::optional(as<Boolean>(*v).value) : std::nullopt;
  }
  const auto& both = ir::as<ir::Binary>(x);
  switch (both.op) {
    case ir::Op::eq: case ir::Op::ne: {
      if (!is_presence_test(both)) return settled_comparison(both, env);
      const auto there = settled_presence(is_literal_bottom(*both.x) ? *both.y : *both.x, env);
      return there ? std::optional(*there == (both.op == ir::Op::ne)) : std::nullopt;
    }
    case ir::Op::land: case ir::Op::lor: {
      const bool decides = both.op == ir::Op::lor;
      const auto left = settled_truth(*both.x, env);
      if (!left || (*left == decides && !v0_14_)) return left;
      const auto right = settled_truth(*both.y, env);
      return right ? std::optional(decides ? *left || *right : *left && *right) : std::nullopt;
    }
    case ir::Op::lt: case ir::Op::le: case ir::Op::gt: case ir::Op::ge: return settled_order(both, env);
    default: return std::nullopt;
  }
}

// Of numbers and texts; what else has an order is left to the long way.
std::optional<bool> Evaluator::settled_order(const ir::Binary& x, const Environment* env) {
  const Value* a = settled_scalar(*x.x, env);
  const Value* b = a && a->tag >= Tag::number ? settled_scalar(*x.y, env) : nullptr;
  if (!b || a->tag != b->tag) return std::nullopt;
  return operate_true(x.op, a, b);
}

// Of a comprehension of guards alone: does its body go in?
std::optional<bool> Evaluator::settled_guards(const ir::Expr& x, const Environment* env) {
  const auto& c = ir::as<ir::Comprehension>(x);
  for (const ir::Clause* each : c.clauses) {
    const auto holds = each->kind == ir::ClauseKind::if_ ? settled_truth(*each->x, env) : std::nullopt;
    if (!holds || !*holds) return holds;
  }
  return true;
}

}  // namespace oam::cue
