// Comprehensions: clauses make environments, one a turn; the body is a conjunct in
// each of them.
#include <algorithm>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

struct Evaluator::Comprehending {
  const ir::Comprehension& comprehension;
  const Turn& turn;
  std::uint32_t id;
  std::size_t clause = 0;
};

const Bottom* Evaluator::run_comprehension(Environment* env, const ir::Comprehension& c, Vertex* at, const Turn& turn) {
  Comprehending state{c, turn, ++next_turn_};
  const Bottom* before = take_error();
  Scoped<Environment*> in(env_, env);
  Scoped<Vertex*> on(vertex_, at ? at : vertex_);
  Scoped<Pos> pos(pos_, c.clauses[0]->pos);
  next_clause(state, env);
  const Bottom* error = take_error();
  errs_ = before;
  return error;
}

// Runs the clauses from `state.clause` on; false: an error was noted, stop.
bool Evaluator::next_clause(Comprehending& state, Environment* env) {
  step();
  if (state.clause >= state.comprehension.clauses.size()) {
    state.turn(env);
    return true;
  }
  step();
  const ir::Clause& clause = *state.comprehension.clauses[state.clause];
  const Bottom* before = take_error();
  Scoped<Environment*> in(env_, env);
  Scoped<Pos> pos(pos_, clause.pos);
  Scoped<std::size_t> next(state.clause, state.clause + 1);
  switch (clause.kind) {
    case ir::ClauseKind::if_: {
      if (const auto holds = settled_truth(*clause.x, env)) {
        if (*holds) next_clause(state, env);
        break;
      }
      const Value* v = plain(*clause.x, {.needs = known::scalar, .mode = Mode::yield});
      if (truth(v, {})) next_clause(state, env);
      break;
    }
    case ir::ClauseKind::for_: for_clause(state, clause); break;
    case ir::ClauseKind::let: next_clause(state, bound_environment(state.id, clause)); break;
    case ir::ClauseKind::try_: try_clause(state, clause); break;
  }
  const Bottom* error = take_error();
  errs_ = combine(before, error);
  return !errs_;
}

void Evaluator::try_clause(Comprehending& state, const ir::Clause& clause) {
  Environment* env = env_;
  const ir::Expr* x = clause.x ? clause.x : state.comprehension.value;
  bool skip = false;
  Vertex* v = inline_vertex({{env, x, nullptr, origin_}});
  if (Node* n = bare_node(v)) n->try_skip = &skip;
  v->parent = env->vertex;   // so that the skip is found from below
  finalize(v);
  if (v->node) v->node->try_skip = nullptr;
  if (skip) return;
  if (!clause.x) {
    next_clause(state, env);
    return;
  }
  next_clause(state, bound_environment(state.id, clause));
}

// The current environment with the clause's variable for its expression.
Environment* Evaluator::bound_environment(std::uint32_t turn, const ir::Clause& clause) {
  Vertex* frame = make_vertex(nullptr, {});
  Vertex* arc = make_vertex(nullptr, clause.value);
  arc->is_dynamic = arc->anonymous = true;
  arc->conjuncts.push_back({env_, clause.x, nullptr, origin_});
  frame->arcs.push_back(arc);
  frame->value = struct_marker_;
  Environment* inner = environment(env_, frame);
  inner->turn = turn;
  return inner;
}

Environment* Evaluator::loop_environment(std::uint32_t turn, const ir::Clause& clause, Vertex* element) {
  Vertex* frame = make_vertex(env_->vertex, {});
  frame->status = Status::finalized;
  frame->value = struct_marker_;
  frame->is_dynamic = frame->anonymous = true;
  if (clause.value) {
    Vertex* value = make_vertex(nullptr, clause.value);
    value->is_dynamic = value->anonymous = true;
    value->value = element;
    value->arc = ArcType::pending;
    frame->arcs.push_back(value);
  }
  if (clause.key) {
    Vertex* key = make_vertex(nullptr, clause.key);
    key->is_dynamic = key->anonymous = true;
    key->value = label_value(element->label);
    key->conjuncts.push_back({env_, as_expr(key->value), nullptr, {}});
    key->status = Status::finalized;
    frame->arcs.push_back(key);
  }
  Environment* inner = environment(env_, frame);
  inner->turn = turn;
  return inner;
}

void Evaluator::for_clause(Comprehending& state, const ir::Clause& clause) {
  Vertex* source = for_source(*clause.x);
  if (Node* n = node(source)) freeze(*n, known::field_set);
  for (std::size_t i = 0; i < source->arcs.size(); ++i) {
    Vertex* arc = source->arcs[i];
    if (!arc->label.is_regular()) continue;
    if (Node* n = node(arc)) process(*n, known::arc_type, Mode::attempt);
    if (arc->arc == ArcType::required) {
      Bottom* error = make_error(ErrorCode::incomplete, clause.pos, "missing required field in for comprehension: {}", {arg(arc->label)});
      fail(error);
      continue;
    }
    if (arc->arc != ArcType::member) continue;
    if (!next_clause(state, loop_environment(state.id, clause, arc))) break;
  }
}

// The struct or list that a `for` goes over; empty_ after an error.
Vertex* Evaluator::for_source(const ir::Expr& x) {
  if (Vertex* at = settled(x, env_).at; at && base_value(*deref(at)) == deref(at)) return deref(at);
  const Value* v = nullptr;
  {
    Scoped<int> detached(in_detached_, in_detached_ + 1);
    v = unify_node(x, {.needs = known::need_field_set, .mode = Mode::attempt});
  }
  if (Vertex* n = to_vertex(v)) unify(n, {.needs = known::need_field_set, .mode = Mode::finalize, .check_typos = true});
  bool ok = true;
  v = take_default(v, ok);
  if (!ok) return empty_;
  if (const Value* inner = unwrap(v); inner != cycle_) v = inner;
  Vertex* n = to_vertex(v);
  if (n && n->value != cycle_) v = base_value(*n);
  if (!v) {
    if (!errs_) fail(ErrorCode::incomplete, x.pos, "cannot range over {} (incomplete)", {arg(x)});
    return empty_;
  }
  if (is_bottom(v)) {
    fail(static_cast<const Bottom*>(v));
    return empty_;
  }
  const Kind kind = kind_of(v);
  if (!is_vertex(v)) {
    if (kind & (kStruct | kList))
      fail(ErrorCode::incomplete, x.pos, "cannot range over {} (incomplete type {})", {arg(x), arg_kind(kind)});
    else
      fail(ErrorCode::eval, x.pos, "cannot range over {} (found {}, want list or struct)", {arg(x), arg_kind(kind)});
    return empty_;
  }
  if ((kind & (kStruct | kList)) && kind != kStruct && kind != kList) {
    fail(ErrorCode::incomplete, x.pos, "cannot range over {} (incomplete type {})", {arg(x), arg_kind(kind)});
    return empty_;
  }
  return n ? n : to_vertex(v);
}

void Evaluator::do_comprehension(Task& t) {
  Node& n = *t.node;
  const auto& c = ir::as<ir::Comprehension>(*t.conjunct.expr);
  std::vector<Environment*> turns;
  const Bottom* error = run_comprehension(t.conjunct.env, c, n.vertex, [&](Environment* env) { turns.push_back(env); });
  if (error) {
    if (error->code >= ErrorCode::incomplete) t.error = combine(t.error, error);
    else add_error(n, error);
    return;
  }
  Scoped<bool> inserting(t.inserting, true);
  const Origin& origin = t.conjunct.origin;
  if (turns.empty() && c.fallback) schedule(n, {t.conjunct.env, c.fallback, nullptr, origin}, origin);
  for (Environment* env : turns) schedule(n, {env, c.value, nullptr, origin}, origin);
}

// Might the literal give its vertex the field?
static bool may_give(const ir::Struct& literal, Label field) {
  return std::ranges::any_of(literal.decls, [&](const ir::Decl* each) {
    if (each->kind == ir::DeclKind::field) return each->label == field;
    if (each->kind != ir::DeclKind::embed) return each->kind == ir::DeclKind::dynamic_field;
    if (each->value->kind == ir::ExprKind::comprehension) return may_give(*ir::as<ir::Comprehension>(*each->value).value, field);
    return each->value->kind != ir::ExprKind::structure || may_give(ir::as<ir::Struct>(*each->value), field);
  });
}

void Evaluator::find_awaited(Vertex* v, Environment* env, const ir::Struct& in, Label field, std::vector<const Bottom*>& all) {
  Environment* inside = environment(env, v);
  for (const ir::Decl* each : in.decls) {
    if (each->kind != ir::DeclKind::embed || each->value->kind != ir::ExprKind::comprehension) continue;
    const auto& c = ir::as<ir::Comprehension>(*each->value);
    if (!may_give(*c.value, field)) continue;
    const Bottom* error = run_comprehension(inside, c, v, [&](Environment* turn) { find_awaited(v, turn, *c.value, field, all); });
    if (error && error->code >= ErrorCode::incomplete && is_later(*error)) all.push_back(error);
  }
}

std::vector<const Bottom*> Evaluator::awaited_for(Vertex* v, Label field) {
  std::vector<const Bottom*> all;
  for (std::size_t i = 0; i < v->conjuncts.size(); ++i) {
    const Conjunct each = v->conjuncts[i];
    if (each.expr->kind == ir::ExprKind::structure) find_awaited(v, each.env, ir::as<ir::Struct>(*each.expr), field, all);
  }
  return all;
}

}  // namespace oam::cue
