// The life of a vertex: its tasks run, its value is settled, then its arcs.
#include <algorithm>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static constexpr Flags kFinal{.needs = known::all, .mode = Mode::finalize, .check_typos = true};

void Evaluator::finalize(Vertex* v) {
  Scoped<const Bottom*> errors(errs_, nullptr);
  unify(v, kFinal);
}

void Evaluator::finalize_at(Vertex* v, int depth) {
  Scoped<int> deeper(eval_depth_, depth);
  if (v->parent) finalize_named(v->parent, v, kFinal);
  finalize(v);
}

void Evaluator::complete_fields(Vertex* v) {
  Scoped<const Bottom*> errors(errs_, nullptr);
  const Flags flags{.needs = known::all & ~known::sub_fields, .mode = Mode::finalize};
  unify(v, flags);
  v = deref(v);
  unify(v, flags);
  if (v->node) check_typos(*v->node);
}

void Evaluator::complete_arcs_only(Vertex* v) {
  unify(v, {.needs = known::all & ~known::sub_fields, .mode = Mode::finalize});
  if (v->arc == ArcType::pending) fail(ErrorCode::incomplete, pos_, "undefined field: {}", {arg(v->label)});
}

// REQUIRES: it has a scalar.
void Evaluator::set_scalar(Node& n) {
  const Value* value = n.vertex->value;
  if (bottom_of(value) && bottom_of(value) != cycle_) return;
  const Vertex* to = to_vertex(value);
  if (!to || !to->is_disjunct) set_value(n, n.scalar);
  signal(n, known::scalar);
}

// Returns whether the needs are met.
bool Evaluator::unify(Vertex* v, Flags flags) {
  if (flags.mode == Mode::ignore) return false;
  Node* state = node(v);
  if (!state) return true;
  Node& n = *state;
  if (++nesting_ > limits_.depth) throw LimitReached{"depth"};
  struct Nesting { int& n; ~Nesting() { --n; } } nesting{nesting_};

  if ((v->is_dynamic || v->label.is_let() || v->non_rooted) || child_conjuncts_known(v->parent) || flags.mode == Mode::finalize)
    signal(n, known::ancestors);
  const Condition own = flags.needs & ~known::sub_fields;
  if (!v->value) v->value = cycle_;
  update_scalar(n);
  if (own == (known::scalar | known::arc_type) && meets(n, own)) return true;
  // Asked for itself while it is worked out at this very depth: a self-reference.
  const bool asks_itself = v->status == Status::evaluating && n.eval_depth == eval_depth_;
  if (asks_itself && flags.mode == Mode::attempt && !(flags.needs & known::field_set)) return false;

  v->status = Status::evaluating;
  Scoped<int> depth(n.eval_depth, eval_depth_);
  if (!n.cyclic_conjuncts.empty()) flush_cyclic(n);
  process(n, own, flags.mode);
  if (v->arc != ArcType::pending && meets(n, known::ancestors) && all_tasks_finished(n)) signal(n, known::arc_type);
  Scoped<Vertex*> at(vertex_, v);
  if (Vertex* chosen = deref_disjunct(v); chosen != v) {
    v->closed_recursive = chosen->closed_recursive;
    v->status = chosen->status;
    v->child_errors = combine(v->child_errors, chosen->child_errors);
    v->clear_arcs();
    return chosen->status == Status::finalized || meets(*chosen->node, flags.needs);
  }
  update_scalar(n);
  if (!meets(n, own) && flags.mode != Mode::finalize) return false;
  return settle(v, n, flags);
}

// The node's own value, then what is below.
bool Evaluator::settle(Vertex* v, Node& n, Flags flags) {
  if (n.shared) {
    if (n.unshared_value == cycle_) n.unshared_value = nullptr;
  } else {
    if (v->value == cycle_) v->value = nullptr;
    validate_value(n);
  }
  if (Vertex* to = to_vertex(v->value); to && n.share_cycle == CycleKind::none) {
    if (has_depth_cycle(to)) {
      cycle_error(n);
      return true;
    }
    unify(to, flags);
  }
  settle_arcs(v, n, flags);
  if (const Bottom* error = take_errors(n)) {
    n.errors = nullptr;
    if (const Bottom* before = bottom_of(v->value)) error = combine(before, error);
    set_value(n, error);
  }
  if (!n.disjuncts.empty()) finalize_disjunctions(n);
  if (flags.mode == Mode::attempt) return meets(n, flags.needs);
  if (const Condition mask = n.completed & flags.needs) signal(n, mask);
  if (Vertex* to = deref(v); to != v) return settle_forwarded(v, to, n, flags);
  if (!(n.completed & known::sub_fields)) return meets(n, flags.needs);
  Scoped<int> deeper(eval_depth_, eval_depth_ + 1);
  const bool open = n.has_top && !n.has_struct;
  if (n.is_definition && !open) v->closed_recursive = true;
  if (flags.check_typos) check_typos(n);
  v->status = Status::finalized;
  v->kind = kind_of(v);
  return meets(n, flags.needs);
}

void Evaluator::settle_arcs(Vertex* v, Node& n, Flags flags) {
  if (n.completed & known::sub_fields) return;
  if (!(flags.needs & known::sub_fields)) {
    if (flags.needs & known::field_set) complete_arc_types(n, flags.mode);
    return;
  }
  if (!report_structural_cycle(n) && v->status != Status::finalized && n.kind != kBottom) complete_all_arcs(n, flags);
  if (flags.mode == Mode::finalize) signal(n, known::sub_fields);
  if (!n.checks.empty()) run_checks(n);
}

// The vertex stands for another one: that must be as far as was asked of this.
bool Evaluator::settle_forwarded(Vertex* v, Vertex* to, Node& n, Flags flags) {
  v->clear_arcs();
  v->child_errors = nullptr;
  Flags of_target = flags;
  if (!(n.completed & known::sub_fields)) {
    of_target.check_typos = false;
    if (to->status == Status::unprocessed) unify(to, of_target);
    return meets(n, flags.needs);
  }
  v->closed_recursive |= to->closed_recursive;
  v->has_ellipsis |= to->has_ellipsis;
  v->status = to->status;
  finalize_sharing(n);
  if (has_ancestor(n, to) || leads_back(*to)) {
    cycle_error(n);
    return true;
  }
  unify(to, of_target);
  return true;
}

void Evaluator::validate_value(Node& n) {
  Vertex& v = *n.vertex;
  bool mark = n.is_struct;
  if (!mark && !v.structs.empty()) {
    mark = (n.kind & kStruct) && !n.has_top;
    for (const Vertex* arc : v.arcs) mark |= arc->label.is_regular() && arc->arc != ArcType::optional;
  }
  if (!v.value && mark) v.value = struct_marker_;
  const Value* value = base_value(v);
  if (!value || !is_concrete(value)) {
    if (!value || !is_bottom(value)) v.value = remaining(n);
    return;
  }
  if (n.kind == kBottom) return;   // that the types conflict is told already
  for (const Bound* bound : {n.lower, n.upper})
    if (bound)
      if (const Bottom* error = check_bound(*bound, value)) add_error(n, error);
}

void Evaluator::run_checks(Node& n) {
  const Value* value = base_value(*n.vertex);
  if (!value || !is_concrete(value)) return;
  const ArenaVector<Check> checks = n.checks.take(arena_);
  for (const Check& each : checks)
    if (const Bottom* error = check(each, n.vertex)) add_error(n, error);
}

void Evaluator::complete_all_arcs(Node& n, Flags flags) {
  complete_tasks(n, Mode::finalize);
  Scoped<int> deeper(eval_depth_, eval_depth_ + 1);
  if (n.has_disjunction) flags.check_typos = false;
  Vertex& v = *n.vertex;
  for (std::size_t i = 0; i < v.arcs.size(); ++i) {
    Vertex* arc = v.arcs[i];
    if (leaves_optional_ && arc->arc == ArcType::optional && arc->status == Status::unprocessed) continue;
    finalize_named(&v, arc, flags);
    unify(arc, flags);
    if (arc->arc == ArcType::pending) {
      if (arc->node && (arc->node->frozen & known::arc_type)) update_arc_type(arc, ArcType::not_present);
      arc->arc = ArcType::not_present;
      continue;
    }
    if (arc->arc > ArcType::required || !arc->label.is_string() || (n.kind & kStruct)) continue;
    if (bottom_of(&v) || bottom_of(arc)) continue;
    add_error(n, make_error(ErrorCode::eval, arc->conjuncts.empty() ? kNoPos : arc->conjuncts[0].expr->pos,
                            "cannot combine regular field {} with {}", {arg(arc->label), arg(base_value(v))}));
  }
  v.drop_arcs([](const Vertex* arc) { return arc->arc == ArcType::not_present; });
  for (std::size_t i = 0; i < v.arcs.size(); ++i) {
    Vertex* arc = v.arcs[i];
    if (arc->label.is_let() || arc->arc > ArcType::required) continue;
    if (const Bottom* error = bottom_of(deref(arc)->value)) add_child_error(n, error);
  }
  if (!n.post_checks.empty()) run_post_checks(n);
  finalize_sharing(n);
}

void Evaluator::complete_arc_types(Node& n, Mode mode) {
  for (std::size_t i = 0; i < n.vertex->arcs.size(); ++i) {
    Vertex* arc = n.vertex->arcs[i];
    if (arc->arc != ArcType::pending) continue;
    unify(arc, {.needs = known::arc_type, .mode = mode});
    if (arc->arc == ArcType::pending) update_arc_type(arc, ArcType::not_present);
  }
}

// A presence test gave an answer early; it must still be the same now.
void Evaluator::run_post_checks(Node& n) {
  for (std::size_t i = 0; i < n.post_checks.size(); ++i) {
    const PostCheck each = n.post_checks[i];
    bool is_error = false;
    {
      Place place(*this);
      env_ = each.env;
      errs_ = nullptr;
      pos_ = each.expr->pos;
      const Value* v = eval(*each.expr, {.needs = known::all, .mode = Mode::ignore, .final_status = true});
      bool ok = true;
      v = unwrap(take_default(v, ok));
      is_error = is_bottom(v);
    }
    if (is_error == each.expect_error) continue;
    const Bottom* error = make_error(ErrorCode::cycle, each.expr->pos,
                                     "circular dependency in evaluation of conditionals: {} changed after evaluation",
                                     {arg(*each.expr)});
    set_value(n, combine(base_value(*n.vertex), error));
    n.vertex->status = Status::finalized;
  }
}

void Evaluator::add_child_error(Node& n, const Bottom* error) {
  Vertex& v = *n.vertex;
  v.child_errors = combine(v.child_errors, error);
  if (error->code >= ErrorCode::incomplete) return;
  const Bottom* own = is_bottom(v.value) ? static_cast<const Bottom*>(v.value) : nullptr;
  Bottom* made = arena_.make<Bottom>(own && !own->close_check ? *own : *error);
  made->has_recursive = true;
  if (!own || own->close_check) {
    made->child = true;
    made->code = error->code;
    made->close_check = error->close_check;
  } else if (made->code > error->code) {
    made->code = error->code;
  }
  made->before = own ? own->before : v.value;
  set_value(n, made);
}

}  // namespace oam::cue
