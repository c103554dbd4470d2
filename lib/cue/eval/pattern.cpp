// Patterns: constraints on all fields whose labels match, now and later.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

bool Evaluator::same_environment(const Environment* a, const Environment* b) const {
  for (;; a = a->up, b = b->up) {
    if (a == b) return true;
    if (!a || !b || a->dynamic_label != b->dynamic_label || a->vertex != b->vertex) return false;
  }
}

// True if the pattern with this constraint is new here.
bool Evaluator::keep_pattern(Node& n, const Value* pattern, const Conjunct& c) {
  Vertex& v = *n.vertex;
  if (!v.patterns) v.patterns = arena_.list<PatternConstraint>();
  for (PatternConstraint& each : *v.patterns) {
    if (!equal(each.pattern, pattern, false, false)) continue;
    for (const Conjunct& x : each.conjuncts) {
      if (x.expr != c.expr || !same_environment(x.env, c.env)) continue;
      replace_group(n, c.origin.group, x.origin.group);
      return false;
    }
    each.conjuncts.push_back(c);
    return true;
  }
  v.patterns->push_back({pattern, ArenaVector<Conjunct>({c}, arena_)});
  return true;
}

void Evaluator::insert_pattern(Node& n, const Value* pattern, const Conjunct& c) {
  if (!keep_pattern(n, pattern, c)) return;
  for (std::size_t i = 0; i < n.vertex->arcs.size(); ++i) {
    Vertex* arc = n.vertex->arcs[i];
    if (arc->arc != ArcType::pending && matches(pattern, arc->label)) add_constraint(n, arc, arc->arc, c, true);
  }
}

void Evaluator::constrain_arc(Node& n, Vertex* arc, ArcType mode, bool check) {
  auto* patterns = n.vertex->patterns;
  for (std::size_t i = 0; i < patterns->size(); ++i) {
    if (!matches((*patterns)[i].pattern, arc->label)) continue;
    for (std::size_t k = 0; k < (*patterns)[i].conjuncts.size(); ++k)
      add_constraint(n, arc, mode, (*patterns)[i].conjuncts[k], check);
  }
}

void Evaluator::add_constraint(Node&, Vertex* arc, ArcType mode, Conjunct c, bool check) {
  Environment* env = arena_.make<Environment>(*c.env);
  env->dynamic_label = arc->label;
  c.env = env;
  insert_conjunct(arc, c, c.origin, mode, check);
}

// What is no regular expression is wrong as soon as a field asks.
bool Evaluator::bounds_label(const Bound& b, const Value* label) {
  if (b.op != BoundOp::match && b.op != BoundOp::not_match) return bound_holds(b, label);
  const Bottom* before = take_error();
  const Value* v = operate(op_of(b.op), label, b.limit, false);
  errs_ = before;
  if (!is_bottom(v)) return as<Boolean>(*v).value;
  fail(static_cast<const Bottom*>(v));
  return false;
}

bool Evaluator::matches(const Value* pattern, Label label) {
  if (!pattern || !label.is_regular()) return false;
  if (Vertex* v = to_vertex(pattern)) unify(v, {.needs = known::scalar, .mode = Mode::finalize});
  pattern = unwrap(pattern);
  if (!pattern) return false;
  const Kind kind = label.is_string() ? kString : kInt;
  if (is_bottom(pattern)) {
    if (pattern == cycle_) fail(ErrorCode::eval, pattern->pos, "cyclic pattern constraint");
    if (!errs_) fail(static_cast<const Bottom*>(pattern));
    return false;
  }
  if (!(pattern->kind & kind)) return false;
  switch (pattern->tag) {
    case Tag::type: return true;
    case Tag::string: return label.is_string() && labels_.text(label) == as<Text>(*pattern).text;
    case Tag::bound: return bounds_label(as<Bound>(*pattern), label_value(label));
    case Tag::conjunction:
      for (const Value* each : as<Conjunction>(*pattern).members)
        if (!matches(each, label)) return false;
      return true;
    case Tag::disjunction:
      for (const Value* each : as<Disjunction>(*pattern).members)
        if (matches(each, label)) return true;
      return false;
    default: break;
  }
  Vertex* both = inline_vertex({{env_, as_expr(pattern), nullptr, origin_}, {env_, as_expr(label_value(label)), nullptr, origin_}});
  finalize(both);
  return !bottom_of(both);
}

}  // namespace oam::cue
