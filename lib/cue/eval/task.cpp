// What each kind of task does.
#include "cue/eval/evaluator.hpp"

namespace oam::cue {

// A validator that the node had before it was split into disjuncts serves them all.
const Value* Evaluator::validator_before(const Task& t) const {
  const Vertex* original = t.node->vertex->origin;
  if (t.conjunct.expr->kind != ir::ExprKind::call || !original || !original->node) return nullptr;
  for (const Check& each : original->node->checks)
    if (each.env == t.conjunct.env && each.value->tag == Tag::validator && each.value->pos == t.conjunct.expr->pos) return each.value;
  return nullptr;
}

void Evaluator::do_expression(Task& t, Mode mode) {
  if (const Value* before = validator_before(t)) return insert_value(*t.node, t.conjunct.env, before, t.conjunct.origin);
  Origin origin;
  const Value* v = eval(*t.conjunct.expr, {.needs = known::scalar, .mode = mode}, &origin);
  if (v) insert_value(*t.node, t.conjunct.env, v, origin);
}

void Evaluator::do_resolver(Task& t, Mode mode) {
  Node& n = *t.node;
  bool pending_parent = false;
  Vertex* arc = nullptr;
  {
    Scoped<bool> pending(lookup_pending_parent_, false);
    arc = resolve(*t.conjunct.expr, {.needs = known::field_set, .mode = mode});
    pending_parent = lookup_pending_parent_;
  }
  if (!arc || arc == empty_) {
    t.retry = !arc && mode == Mode::attempt && !errs_ && pending_parent;   // another task may still make the field
    return;
  }
  Origin origin = origin_;
  if (arc->opened_shared || t.conjunct.origin.opened) origin.opened = true;
  if (t.conjunct.origin.conjunct_opened) origin.conjunct_opened = true;
  arc = deref_non_disjunct(arc);
  Vertex* target = deref_disjunct(arc);
  if (detect_cycle(n, target, t.conjunct.env, *t.conjunct.expr, origin)) return unshare(n);
  if (t.defunct) return;
  if (is_bottom(target->value) && as<Bottom>(*target->value).code == ErrorCode::structural_cycle)
    return fail(static_cast<const Bottom*>(target->value));
  schedule_vertex(n, {t.conjunct.env, t.conjunct.expr, t.conjunct.decl, origin}, arc, origin);
}

void Evaluator::do_dynamic_field(Task& t, Mode mode) {
  Node& n = *t.node;
  const ir::Decl& field = *t.conjunct.decl;
  const Value* key = eval(*field.key, {.needs = known::scalar_value, .mode = mode, .concrete = true});
  bool ok = true;
  key = unwrap(take_default(key, ok));
  if (!key || errs_) return;
  if (const Vertex* v = to_vertex(key); v && v->status == Status::evaluating)
    return add_error(n, make_error(ErrorCode::incomplete, field.key->pos, "key value of dynamic field not yet known"));
  if (is_bottom(key)) return add_error(n, static_cast<const Bottom*>(key));
  if (!is_concrete(key))
    return add_error(n, make_error(ErrorCode::incomplete, field.key->pos,
                                   "key value of dynamic field must be concrete, found {}", {arg(key)}));
  const Label label = label_of(*field.key, key);
  if (errs_) return;
  if (label.is_integer()) return add_error(n, make_error(ErrorCode::eval, field.key->pos, "integer fields not supported"));
  Conjunct c = t.conjunct;
  c.env = arena_.make<Environment>(*c.env);
  if (field.names_label) c.env->dynamic_label = label;
  insert_arc(n, label, field.arc, c, c.origin, true);
}

void Evaluator::do_pattern(Task& t) {
  const Value* pattern = eval(*t.conjunct.decl->key, {.needs = known::scalar_value, .mode = Mode::yield});
  if (pattern) insert_pattern(*t.node, pattern, t.conjunct);
}

bool Evaluator::list_element(Task& t, const ir::Expr& x, std::uint32_t& index, bool& has_comprehension, Mode) {
  Node& n = *t.node;
  const Origin origin = for_field(t.conjunct.origin);
  const auto add = [&](Environment* env, const ir::Expr* value) {
    if (index >= kMaxIndex) throw LimitReached{"list length"};
    insert_arc(n, labels_.integer(index++), ArcType::member, {env, value, nullptr, origin}, origin, true);
  };
  if (x.kind != ir::ExprKind::comprehension) {
    add(t.conjunct.env, &x);
    return true;
  }
  const auto& c = ir::as<ir::Comprehension>(x);
  const std::uint32_t before = index;
  const Bottom* error = run_comprehension(t.conjunct.env, c, nullptr, [&](Environment* env) { add(env, c.value); });
  has_comprehension = true;
  if (error) {
    add_error(n, error);
    return false;
  }
  if (index == before && c.fallback) add(t.conjunct.env, c.fallback);
  return true;
}

void Evaluator::do_list(Task& t, Mode mode) {
  Node& n = *t.node;
  const auto& list = ir::as<ir::List>(*t.conjunct.expr);
  note_field_value(n, t.conjunct.origin);
  std::uint32_t index = 0;
  bool has_comprehension = false;
  for (const ir::Expr* each : list.elements)
    if (!list_element(t, *each, index, has_comprehension, mode)) return;
  if (list.open) {
    Origin origin = for_field(t.conjunct.origin);
    if (origin.cycle == CycleKind::none) origin.cycle = CycleKind::optional;
    auto* beyond = arena_.make<Bound>();
    beyond->tag = Tag::bound;
    beyond->kind = kNumber;
    beyond->op = BoundOp::ge;
    beyond->limit = make_int(index);
    insert_pattern(n, beyond, {t.conjunct.env, list.rest ? list.rest : as_expr(make_type(kTop)), nullptr, origin});
  }
  set_list_length(n, static_cast<int>(index), !list.open, has_comprehension, list.pos);
  update_list(n, t.conjunct.origin, !list.open, list.pos);
}

// Lists of different lengths agree if the shorter ones are open.
void Evaluator::set_list_length(Node& n, int length, bool closed, bool has_comprehension, Pos pos) {
  const auto mismatch = [&](int a, int b) {
    add_error(n, make_error(ErrorCode::eval, pos, "incompatible list lengths ({} and {})", {arg_number(a), arg_number(b)}));
  };
  if (length < n.list_length) {
    if (closed) mismatch(length, n.list_length);
    return;
  }
  if (length > n.list_length) {
    if (n.list_closed) return mismatch(n.list_length, length);
  } else if (!(closed && !n.list_closed) && !(closed == n.list_closed && !has_comprehension)) {
    return;
  }
  n.list_length = length;
  n.list_closed = closed;
}

void Evaluator::do_list_vertex(Task& t) {
  Node& n = *t.node;
  const Vertex& list = *t.list;
  std::vector<Vertex*> all = elements(const_cast<Vertex*>(&list));
  const bool closed = is_closed_list(list);
  set_list_length(n, static_cast<int>(all.size()), closed, !closed, list.pos);
  for (Vertex* each : all) {
    if (each->conjuncts.empty()) {
      insert_arc(n, each->label, ArcType::member, {nullptr, as_expr(each), nullptr, t.conjunct.origin}, t.conjunct.origin, true);
      continue;
    }
    for (std::size_t i = 0; i < each->conjuncts.size(); ++i)
      insert_arc(n, each->label, ArcType::member, each->conjuncts[i], t.conjunct.origin, true);
  }
  update_list(n, t.conjunct.origin, closed, list.pos);
}

void Evaluator::update_list(Node& n, const Origin& origin, bool closed, Pos pos) {
  if (n.kind == kBottom) return;
  const Value* before = n.vertex->value;
  const bool was_open = !before || before->tag != Tag::list_marker || as<ListMarker>(*before).open;
  auto* marker = arena_.make<ListMarker>();
  marker->tag = Tag::list_marker;
  marker->kind = kList;
  marker->pos = pos;
  marker->open = was_open && !closed;
  set_value(n, marker);
  if (n.kind != kList) update_kind(n, kList, marker, nullptr, origin);
}

}  // namespace oam::cue
