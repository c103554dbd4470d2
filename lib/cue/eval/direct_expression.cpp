// References and expressions of direct.hpp.
#include <algorithm>

#include "cue/eval/direct.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

// A field of a struct, or an element of a list. Null: it is not there.
Vertex* Direct::field(Vertex* of, Label label) {
  of = opened(of);
  Vertex* arc = of->find(label);
  const bool is_computed = arc && !arc->conjuncts.empty() && arc->conjuncts[0].decl && arc->conjuncts[0].decl->kind == ir::DeclKind::dynamic_field;
  if (of->stage == Stage::opening && is_computed) throw Deviation{};
  if (arc && (arc->arc == ir::ArcType::member || (arc->conjuncts.empty() && arc->value))) return arc;
  if (arc && arc->arc != ir::ArcType::optional) throw Deviation{};
  if (of->stage == Stage::opening) throw Deviation{};   // it may still come
  return nullptr;
}

Vertex* Direct::resolve(const ir::Expr& x, Environment* env) {
  switch (x.kind) {
    case ir::ExprKind::field_ref: case ir::ExprKind::let_ref: {
      const auto& ref = ir::as<ir::Reference>(x);
      for (std::uint32_t i = 0; i < ref.up && env; ++i) env = env->up;
      if (!env || !env->vertex || ref.optional) throw Deviation{};
      return field(env->vertex, ref.label);
    }
    case ir::ExprKind::selector: {
      const auto& s = ir::as<ir::Selector>(x);
      if (s.optional) throw Deviation{};
      Vertex* of = operand(*s.x, env);
      return of ? field(of, s.label) : nullptr;
    }
    case ir::ExprKind::index: {
      const auto& i = ir::as<ir::Index>(x);
      if (i.optional) throw Deviation{};
      Vertex* of = operand(*i.x, env);
      return of ? field(of, i.label ? i.label : label_of(*i.index, env)) : nullptr;
    }
    default: throw Deviation{};
  }
}

Vertex* Direct::existing(const ir::Expr& x, Environment* env) {
  Vertex* found = resolve(x, env);
  return found ? found : throw Deviation{};
}

// One whose fields are being put in is taken as it is.
Vertex* Direct::operand(const ir::Expr& x, Environment* env) {
  if (!ir::is_resolver(x)) {
    const Value* made = eval(x, env);
    return is_vertex(made) ? to_vertex(made) : throw Deviation{};
  }
  Vertex* v = resolve(x, env);
  if (!v) return nullptr;
  v = opened(v);
  const bool has_fields = v->stage == Stage::opening || (v->value && (v->value->tag == Tag::struct_marker || v->value->tag == Tag::list_marker));
  return has_fields ? v : throw Deviation{};
}

Label Direct::label_of(const ir::Expr& x, Environment* env) {
  const Value* v = scalar(x, env);
  if (v->tag == Tag::string) return e_.labels_.string(as<Text>(*v).text);
  if (v->tag != Tag::number || v->kind != kInt || as<Number>(*v).big) throw Deviation{};
  const std::int64_t index = as<Number>(*v).small;
  if (index < 0 || index > kMaxIndex) throw Deviation{};
  return e_.labels_.integer(static_cast<std::uint32_t>(index));
}

const Value* Direct::eval(const ir::Expr& x, Environment* env) {
  using K = ir::ExprKind;
  switch (x.kind) {
    case K::value: {
      const Value* v = ir::as<ir::ValueExpr>(x).value;
      return is_vertex(v) ? taken(to_vertex(v)) : v;
    }
    case K::structure: case K::list: case K::disjunction: case K::unify: return taken(inline_vertex(x, env));
    case K::label_ref: {
      for (std::uint32_t i = 0; i < ir::as<ir::Reference>(x).up && env; ++i) env = env->up;
      return env && env->dynamic_label ? e_.label_value(env->dynamic_label) : throw Deviation{};
    }
    case K::unary: return unary(ir::as<ir::Unary>(x), env);
    case K::binary: return binary(ir::as<ir::Binary>(x), env);
    case K::interpolation: return interpolation(ir::as<ir::Interpolation>(x), env);
    case K::call: return call(ir::as<ir::Call>(x), env);
    default: return taken(existing(x, env));
  }
}

Vertex* Direct::inline_vertex(const ir::Expr& x, Environment* env) {
  Vertex* v = e_.make_vertex(nullptr, {});
  v->is_dynamic = true;
  v->conjuncts.push_back({env, &x, nullptr, {}});
  return v;
}

// What it is worth in an expression: its default, out of its vertex.
const Value* Direct::taken(Vertex* v) {
  v = opened(v);
  const Value* value = v->value;
  if (value && value->tag == Tag::disjunction && as<Disjunction>(*value).defaults == 1) value = as<Disjunction>(*value).members[0];
  if (!value || v->stage == Stage::opening) throw Deviation{};
  if (value->tag == Tag::struct_marker || value->tag == Tag::list_marker) return v;
  return is_scalar(*value) || value->tag == Tag::type ? value : throw Deviation{};
}

const Value* Direct::scalar(const ir::Expr& x, Environment* env) {
  const Value* v = eval(x, env);
  return is_scalar(*v) ? v : throw Deviation{};
}

// A scalar, or a struct or list with all that is below it.
const Value* Direct::concrete(const ir::Expr& x, Environment* env) {
  const Value* v = eval(x, env);
  if (Vertex* made = to_vertex(v)) {
    complete(made);
    return v;
  }
  return is_scalar(*v) ? v : throw Deviation{};
}

const Value* Direct::fine(const Value* result) {
  if (!result || is_bottom(result) || e_.errs_) throw Deviation{};
  return result;
}

bool Direct::truth(const ir::Expr& x, Environment* env) {
  const Value* v = eval(x, env);
  return v->tag == Tag::boolean ? as<Boolean>(*v).value : throw Deviation{};
}

const Value* Direct::unary(const ir::Unary& x, Environment* env) {
  if (x.op == ir::Op::logical_not) return e_.make_bool(!truth(*x.x, env));
  const Value* v = scalar(*x.x, env);
  if (v->tag != Tag::number) throw Deviation{};
  return x.op == ir::Op::sub ? e_.make_number(e_.decimal(*v).negated(), v->kind) : v;
}

// Of a literal: >=1
const Value* Direct::bound(const ir::Unary& x) {
  if (x.x->kind != ir::ExprKind::value) throw Deviation{};
  const Value* made = fine(e_.eval_bound(x));
  return made->tag == Tag::bound ? made : throw Deviation{};
}

const Value* Direct::binary(const ir::Binary& x, Environment* env) {
  if (e_.is_presence_test(x)) return e_.make_bool(is_there(is_literal_bottom(*x.x) ? *x.y : *x.x, env) == (x.op == ir::Op::ne));
  if (x.op == ir::Op::land || x.op == ir::Op::lor) {
    const bool decides = x.op == ir::Op::lor;
    const bool left = truth(*x.x, env);
    if (left == decides && !e_.v0_14_) return e_.make_bool(left);
    const bool right = truth(*x.y, env);
    return e_.make_bool(decides ? left || right : left && right);
  }
  const Value* left = concrete(*x.x, env);
  const Value* right = concrete(*x.y, env);
  Scoped<Pos> at(e_.pos_, x.pos != kNoPos ? x.pos : e_.pos_);
  return fine(e_.operate(x.op, left, right, x.compare_structs && !e_.v0_14_));
}

// Is there a value without error? What is there and not concrete is left to the long way.
bool Direct::is_there(const ir::Expr& x, Environment* env) {
  if (!ir::is_resolver(x)) throw Deviation{};
  Vertex* v = resolve(x, env);
  if (!v) return false;
  const Value* value = taken(v);
  if (Vertex* inner = to_vertex(value)) {
    complete(inner);
    return true;
  }
  if (is_scalar(*value)) return true;
  return value->kind & (kStruct | kList) ? throw Deviation{} : false;
}

const Value* Direct::interpolation(const ir::Interpolation& x, Environment* env) {
  std::string text;
  for (const ir::Expr* each : x.parts) {
    const Value* v = scalar(*each, env);
    if (v->tag == Tag::null || v->tag == Tag::bytes) throw Deviation{};
    if (v->tag == Tag::string) e_.take_room(text.size() + as<Text>(*v).text.size());
    text += e_.interpolated(v);
  }
  if (x.bytes) throw Deviation{};
  return e_.make_text(text);
}

const Value* Direct::call(const ir::Call& x, Environment* env) {
  const Value* function = x.fun->kind == ir::ExprKind::value ? ir::as<ir::ValueExpr>(*x.fun).value : nullptr;
  if (!function || function->tag != Tag::function) throw Deviation{};
  const Builtin& b = *as<FunctionValue>(*function).builtin;
  if (b.raw || e_.is_validator(b, x.args.size())) throw Deviation{};
  std::vector<const Value*> args;
  for (const ir::Expr* each : x.args) args.push_back(concrete(*each, env));
  const Value* made = fine(e_.call_builtin(b, &x, args, false, x.pos));
  if (Vertex* v = to_vertex(made)) complete(v);
  return made;
}

bool Direct::comprehend(const ir::Comprehension& c, Environment* env, Turn turn) {
  return clauses_from(c, 0, ++e_.next_turn_, env, turn);
}

bool Direct::clauses_from(const ir::Comprehension& c, std::size_t i, std::uint32_t id, Environment* env, Turn turn) {
  if (i == c.clauses.size()) {
    turn(env);
    return true;
  }
  step();
  const ir::Clause& clause = *c.clauses[i];
  switch (clause.kind) {
    case ir::ClauseKind::if_: return truth(*clause.x, env) && clauses_from(c, i + 1, id, env, turn);
    case ir::ClauseKind::for_: return for_clause(c, i, id, env, turn);
    case ir::ClauseKind::let: {
      Scoped<Environment*> in(e_.env_, env);
      return clauses_from(c, i + 1, id, e_.bound_environment(id, clause), turn);
    }
    case ir::ClauseKind::try_: break;
  }
  throw Deviation{};
}

bool Direct::for_clause(const ir::Comprehension& c, std::size_t i, std::uint32_t id, Environment* env, Turn turn) {
  const ir::Clause& clause = *c.clauses[i];
  Vertex* source = operand(*clause.x, env);
  if (!source || source->stage == Stage::opening || source->mixed) throw Deviation{};
  bool any = false;
  for (std::size_t k = 0; k < source->arcs.size(); ++k) {
    Vertex* arc = source->arcs[k];
    if (!arc->label.is_regular() || arc->arc == ir::ArcType::optional) continue;
    if (arc->arc != ir::ArcType::member) throw Deviation{};
    Scoped<Environment*> in(e_.env_, env);
    any |= clauses_from(c, i + 1, id, e_.loop_environment(id, clause, arc), turn);
  }
  return any;
}

}  // namespace oam::cue
