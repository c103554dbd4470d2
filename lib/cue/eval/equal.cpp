// Kinds, concreteness, defaults, equality.
#include <algorithm>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

Kind Evaluator::kind_of(const Value* value) {
  if (!value) return kTop;
  if (value->tag == Tag::disjunction) {
    Kind kind = kBottom;
    for (const Value* each : as<Disjunction>(*value).members) kind |= kind_of(each);
    return kind;
  }
  const Vertex* v = to_vertex(value);
  if (!v) return value->kind;
  if (v->node && v->node->kind == kBottom) return kBottom;
  if (v->value && v->value != cycle_) return kind_of(v->value);
  return v->node ? v->node->kind : kTop;
}

bool Evaluator::is_concrete(const Value* value) {
  while (is_vertex(value)) {
    const auto* v = static_cast<const Vertex*>(value);
    if (!v->value) return false;
    value = v->value;
  }
  if (!value) return false;
  return is_scalar(*value) || value->tag == Tag::struct_marker || value->tag == Tag::list_marker ||
         value->tag == Tag::function || value->tag == Tag::bottom;
}

bool Evaluator::is_list(const Vertex& v) const { return v.value && v.value->tag == Tag::list_marker; }

bool Evaluator::is_closed_list(const Vertex& v) const { return is_list(v) && !as<ListMarker>(*v.value).open; }

bool Evaluator::is_closed_struct(const Vertex& v) const {
  if (!v.value) return false;
  if (v.value->tag == Tag::vertex) return v.closed_recursive && !v.has_ellipsis;
  if (v.value->tag != Tag::struct_marker && v.value->tag != Tag::disjunction) return false;
  return v.closed_recursive || v.closed_once || v.said_closed;
}

std::vector<Vertex*> Evaluator::elements(Vertex* list) const {
  std::vector<Vertex*> all;
  for (Vertex* arc : deref(list)->arcs)
    if (arc->label.is_integer() && arc->arc == ArcType::member) all.push_back(arc);
  return all;
}

bool Evaluator::is_defined(Vertex* arc) {
  if (arc->arc == ArcType::member) return true;
  if (arc->parent && arc->parent->status == Status::finalized) return false;
  finalize(arc);
  return arc->arc == ArcType::member;
}

bool Evaluator::accepts(Vertex* v, Label label) {
  if (!label.is_regular()) return true;
  v = deref(v);
  if (v->value && v->value->tag == Tag::disjunction)
    return std::ranges::any_of(as<Disjunction>(*v->value).members,
                               [&](const Value* each) { return is_vertex(each) && accepts(to_vertex(each), label); });
  if (label.is_integer()) {
    if (!is_list(*v)) return kind_of(v) & kList;
    return label.index() < elements(v).size() || !is_closed_list(*v);
  }
  const Kind kind = kind_of(v);
  if (!(kind & kStruct) && kind != kBottom) return false;
  const bool closed = is_closed_struct(*v) || (v->closed_once && is_unprocessed(*v));
  if (v->has_ellipsis || !closed || v->find(label)) return true;
  if (v->patterns)
    for (const PatternConstraint& each : *v->patterns)
      if (matches(each.pattern, label)) return true;
  return false;
}

// Of a disjunction its default; all else as it is.
const Value* Evaluator::chosen_of(const Value* value) {
  Vertex* v = to_vertex(value);
  const Value* inner = v ? deref(v)->value : value;
  return inner && inner->tag == Tag::disjunction && as<Disjunction>(*inner).defaults == 1 ? default_of(value) : value;
}

const Value* Evaluator::default_of(const Value* value) {
  if (Vertex* v = to_vertex(value)) return default_of(v);
  if (!value || value->tag != Tag::disjunction) return value;
  const auto& d = as<Disjunction>(*value);
  if (d.defaults == 0) return value;
  if (d.defaults == 1) return default_of(d.members[0]);
  auto* made = arena_.make<Disjunction>(d);
  made->members = d.members.subspan(0, d.defaults);
  made->defaults = 0;
  made->has_defaults = false;
  return made;
}

Vertex* Evaluator::default_of(Vertex* v) {
  v = deref(v);
  if (!v->value) return v;
  const bool open_list = is_list(*v) && as<ListMarker>(*v->value).open;
  const bool disjunction = v->value->tag == Tag::disjunction && as<Disjunction>(*v->value).defaults > 0;
  if (!open_list && !disjunction) return v;
  if (disjunction) {
    const Value* chosen = default_of(v->value);
    if (Vertex* x = to_vertex(chosen)) return x;
    Vertex* made = arena_.make<Vertex>(*v);
    made->node = nullptr;
    made->status = Status::finalized;
    made->value = chosen;
    return made;
  }
  Vertex* made = arena_.make<Vertex>(*v);   // an open list is closed by default
  auto* marker = arena_.make<ListMarker>(as<ListMarker>(*v->value));
  marker->open = false;
  made->value = marker;
  made->node = nullptr;
  made->status = Status::finalized;
  return made;
}

bool Evaluator::equal(const Value* a, const Value* b, bool structural, bool regular_only) {
  if (a == b) return true;
  if (!a || !b) return false;
  if (!structural) {
    a = default_of(a);
    b = default_of(b);
  }
  const Vertex* x = to_vertex(a);
  const Vertex* y = to_vertex(b);
  if (x && y) return equal_vertices(x, y, structural, regular_only);
  if (x || y) {   // a scalar in a vertex is that scalar
    const Value* inner = unwrap(x ? a : b);
    return inner && !is_vertex(inner) && equal_values(inner, x ? b : a, structural, regular_only);
  }
  return equal_values(a, b, structural, regular_only);
}

bool Evaluator::equal_vertices(const Vertex* x, const Vertex* y, bool structural, bool regular_only) {
  if (x->arc != y->arc) return false;
  x = deref(const_cast<Vertex*>(x));
  y = deref(const_cast<Vertex*>(y));
  if (x == y) return true;
  if (leaves_optional_)
    for (const Vertex* each : {x, y})
      if (each->status == Status::unprocessed) finalize(const_cast<Vertex*>(each));
  if (kind_of(x) != kind_of(y)) return false;
  if (structural && (is_closed_struct(*x) != is_closed_struct(*y) || is_closed_list(*x) != is_closed_list(*y))) return false;
  const ArcType most = structural ? ArcType::optional : ArcType::required;
  const auto counts = [&](const Vertex* arc) {
    return (!regular_only || arc->label.is_regular()) && arc->arc <= most && !arc->label.is_let();
  };
  for (const Vertex* arc : x->arcs) {
    if (!counts(arc)) continue;
    const Vertex* other = y->find(arc->label);
    if (!other || other->arc != arc->arc || !equal(arc, other, structural, regular_only)) return false;
  }
  for (const Vertex* arc : y->arcs) {
    if (!counts(arc)) continue;
    const Vertex* other = x->find(arc->label);
    if (!other || other->arc > most) return false;
  }
  const Value* vx = x->value;
  const Value* vy = y->value;
  const auto is_marker = [](const Value* v) { return v && (v->tag == Tag::struct_marker || v->tag == Tag::list_marker); };
  if ((!vx || is_marker(vx)) && (!vy || is_marker(vy))) return true;
  return vx && vy && equal_values(vx, vy, structural, regular_only);
}

bool Evaluator::equal_values(const Value* a, const Value* b, bool structural, bool regular_only) {
  if (a == b) return true;
  if (is_scalar(*a) && is_scalar(*b)) return operate_true(ir::Op::eq, a, b);
  if (a->tag != b->tag) return false;
  const auto all = [&](std::span<const Value* const> x, std::span<const Value* const> y) {
    return x.size() == y.size() && std::ranges::equal(x, y, [&](const Value* p, const Value* q) { return equal(p, q, structural, regular_only); });
  };
  switch (a->tag) {
    case Tag::bottom: return true;
    case Tag::type: return a->kind == b->kind;
    case Tag::bound: return as<Bound>(*a).op == as<Bound>(*b).op && equal(as<Bound>(*a).limit, as<Bound>(*b).limit, structural, regular_only);
    case Tag::conjunction: return all(as<Conjunction>(*a).members, as<Conjunction>(*b).members);
    case Tag::disjunction: return all(as<Disjunction>(*a).members, as<Disjunction>(*b).members);
    case Tag::validator:
      return as<Validator>(*a).builtin == as<Validator>(*b).builtin && all(as<Validator>(*a).args, as<Validator>(*b).args);
    case Tag::function: return as<FunctionValue>(*a).builtin == as<FunctionValue>(*b).builtin;
    default: return false;
  }
}

}  // namespace oam::cue
