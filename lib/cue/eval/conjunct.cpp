// Conjuncts into a node: what is plain goes in at once, what needs evaluation
// becomes a task.
#include <algorithm>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

static bool makes_struct(const ir::Decl& d) {
  return d.arc == ArcType::member && (d.kind == ir::DeclKind::dynamic_field || (d.kind == ir::DeclKind::field && d.label.is_string()));
}

static void set_optional(Origin& origin) {
  if (origin.cycle == CycleKind::none) origin.cycle = CycleKind::optional;
}

void Evaluator::schedule(Node& n, const Conjunct& c, const Origin& origin) {
  if (c.origin.from_definition) n.vertex->closed_recursive = true;
  mark_non_cyclic(n, origin);
  const ir::Expr& x = *c.expr;
  Conjunct with{c.env, c.expr, c.decl, origin};
  switch (x.kind) {
    case ir::ExprKind::value: return schedule_value(n, c, origin);
    case ir::ExprKind::open: {
      with.expr = ir::as<ir::Unary>(x).x;
      with.origin.opened = true;
      return schedule(n, with, with.origin);
    }
    case ir::ExprKind::unify: return schedule_unify(n, c, origin);
    case ir::ExprKind::structure:
      unshare(n);
      return schedule_struct(n, c.env, ir::as<ir::Struct>(x), origin);
    case ir::ExprKind::list: {
      unshare(n);
      note_field_value(n, origin);
      with.env = environment(c.env, n.vertex);
      update_kind(n, kList, nullptr, &x, origin);
      add_task(n, TaskKind::list, with);
      return;
    }
    case ir::ExprKind::disjunction: return schedule_alternatives(n, c, origin);
    case ir::ExprKind::comprehension: return schedule_comprehension(n, with, settled_guards(x, c.env));
    case ir::ExprKind::call: return schedule_call(n, with, origin);
    default: break;
  }
  if (ir::is_resolver(x)) {
    add_task(n, TaskKind::resolver, with);
    return;
  }
  unshare(n);
  add_task(n, TaskKind::expression, with);
}

void Evaluator::schedule_value(Node& n, const Conjunct& c, Origin origin) {
  const Value* v = ir::as<ir::ValueExpr>(*c.expr).value;
  Vertex* vertex = to_vertex(v);
  if (!vertex || vertex->is_data || vertex->conjuncts.empty()) {
    if (vertex) unshare(n);
    return insert_value(n, c.env, v, origin);
  }
  n.vertex->said_closed |= vertex->said_closed;
  if (vertex->closed_once) {
    n.vertex->closed_once = true;
    origin = add_reference_group(n, vertex, origin, false);
  }
  schedule_vertex(n, c, vertex, origin);
}

void Evaluator::schedule_unify(Node& n, const Conjunct& c, Origin origin) {
  if (origin.opened) {   // (a & b)...: they still check each other
    origin.opened = false;
    origin.conjunct_opened = origin.from_embed = true;
    origin = new_scope(n, origin, Group::Kind::embedding, c.expr->pos);
  }
  const auto& both = ir::as<ir::Binary>(*c.expr);
  for (const ir::Expr* each : {both.x, both.y}) schedule(n, {c.env, each, c.decl, origin}, origin);
}

void Evaluator::schedule_alternatives(Node& n, const Conjunct& c, Origin origin) {
  unshare(n);
  set_optional(origin);
  const auto& d = ir::as<ir::Disjunction>(*c.expr);
  Hole hole{.key = d.source ? static_cast<const void*>(d.source) : &d, .env = c.env, .origin = origin, .pos = d.pos};
  hole.alternatives = arena_.array<Hole::Alternative>(d.alternatives.size());
  Hole::Alternative* to = hole.alternatives.data();
  for (const ir::Alternative& each : d.alternatives)
    *to++ = {each.expr, !d.has_defaults ? DefaultMode::maybe
                                            : each.marked   ? DefaultMode::is_default
                                                            : DefaultMode::not_default, nullptr};
  schedule_disjunction(n, std::move(hole));
  add_evidence(n, kTop, origin, 0);
}

// What its guards decide at once needs no task. `holds`: settled_guards()
void Evaluator::schedule_comprehension(Node& n, const Conjunct& c, std::optional<bool> holds) {
  if (!holds) {
    add_task(n, TaskKind::comprehension, c);
    return;
  }
  step();
  const auto& x = ir::as<ir::Comprehension>(*c.expr);
  const ir::Expr* body = *holds ? x.value : x.fallback;
  if (body) schedule(n, {c.env, body, nullptr, c.origin}, c.origin);
}

static bool has_resolver(const ir::Expr& x) {
  switch (x.kind) {
    case ir::ExprKind::value: return false;
    case ir::ExprKind::binary: case ir::ExprKind::unify:
      return has_resolver(*ir::as<ir::Binary>(x).x) || has_resolver(*ir::as<ir::Binary>(x).y);
    case ir::ExprKind::unary: return has_resolver(*ir::as<ir::Unary>(x).x);
    case ir::ExprKind::call:
      return std::ranges::any_of(ir::as<ir::Call>(x).args, [](const auto* a) { return has_resolver(*a); });
    case ir::ExprKind::list:
      return std::ranges::any_of(ir::as<ir::List>(x).elements, [](const auto* a) { return has_resolver(*a); });
    default: return true;
  }
}

// A call inside a ring may go round for ever: it waits until something that is not
// part of the ring is there.
void Evaluator::schedule_call(Node& n, const Conjunct& c, const Origin& origin) {
  unshare(n);
  const auto& args = ir::as<ir::Call>(*c.expr).args;
  const bool refers = std::ranges::any_of(args, [](const auto* a) { return has_resolver(*a); });
  if (origin.is_cyclic() && !n.has_non_cycle && !n.has_non_cyclic && refers) {
    n.has_ancestor_cycle = true;
    n.cyclic_conjuncts.in(arena_).push_back({c, nullptr});
    return;
  }
  add_task(n, TaskKind::expression, c);
}

void Evaluator::schedule_struct(Node& n, Environment* env, const ir::Struct& s, Origin origin) {
  note_field_value(n, origin);
  add_evidence(n, kStruct, origin, flag::structure);
  // Here references get their meaning: the fields' environment leads to this vertex.
  Environment* inner = environment(env, n.vertex);
  n.has_struct = true;
  const std::uint32_t turn = env ? env->turn : 0;
  const auto known = std::ranges::find(n.vertex->structs, &s, &StructInfo::structure);
  if (known != n.vertex->structs.end()) ++known->repeats;
  else n.vertex->structs.push_back({&s, turn});
  if (n.vertex->arcs.empty()) n.vertex->arcs.reserve(s.decls.size());
  if (s.has_embedding) origin = split_struct(n, s, origin);
  bool has_ellipsis = false, marked = false;   // as a struct; what is embedded may have changed it
  const auto mark = [&] {
    n.is_struct = true;
    marked = update_kind(n, kStruct, nullptr, &s, origin);
  };
  for (const ir::Decl* each : s.decls) {
    has_ellipsis |= each->kind == ir::DeclKind::ellipsis;
    if (each->kind == ir::DeclKind::embed) marked = false;
    if (!marked && makes_struct(*each)) mark();
    schedule_decl(n, inner, s, *each, origin);
  }
  if (has_ellipsis) {
    n.vertex->has_ellipsis = true;
    add_evidence(n, kTop, origin, flag::ellipsis);
  }
  if (!s.has_embedding && !marked) mark();
}

void Evaluator::schedule_decl(Node& n, Environment* env, const ir::Struct& s, const ir::Decl& d, const Origin& origin) {
  Origin inner = for_field(origin);
  switch (d.kind) {
    case ir::DeclKind::field:
      if (d.arc == ArcType::optional) set_optional(inner);
      insert_arc(n, d.label, d.arc, {env, d.value, &d, inner}, inner, true);
      return;
    case ir::DeclKind::let:
      insert_arc(n, d.label, ArcType::member, {env, d.value, &d, inner}, inner, true);
      if (d.multi)
        if (Vertex* arc = n.vertex->find(d.label)) arc->multi_let = true;
      return;
    case ir::DeclKind::dynamic_field: add_task(n, TaskKind::dynamic_field, {env, d.value, &d, inner}); return;
    case ir::DeclKind::pattern:
      set_optional(inner);
      add_task(n, TaskKind::pattern, {env, d.value, &d, inner});
      return;
    case ir::DeclKind::embed: schedule_embedding(n, env, s, *d.value, origin); return;
    case ir::DeclKind::ellipsis: return;
  }
}

// What its guards leave out needs no scope.
void Evaluator::schedule_embedding(Node& n, Environment* env, const ir::Struct& s, const ir::Expr& x, const Origin& origin) {
  if (x.kind != ir::ExprKind::comprehension) {
    const Origin inner = embedding(n, s, x, origin);
    return schedule(n, {env, &x, nullptr, inner}, inner);
  }
  if (origin.from_definition) n.vertex->closed_recursive = true;
  mark_non_cyclic(n, origin);
  const auto holds = settled_guards(x, env);
  if (holds && !*holds && !ir::as<ir::Comprehension>(x).fallback) return step();
  schedule_comprehension(n, {env, &x, nullptr, embedding(n, s, x, origin)}, holds);
}

static bool names_definition(const ir::Expr& x) {
  if (x.kind == ir::ExprKind::field_ref) return ir::as<ir::Reference>(x).label.is_definition();
  if (x.kind == ir::ExprKind::selector)
    return ir::as<ir::Selector>(x).label.is_definition() || names_definition(*ir::as<ir::Selector>(x).x);
  if (x.kind == ir::ExprKind::index) return names_definition(*ir::as<ir::Index>(x).x);
  return false;
}

// What was made of a chosen default keeps the choice wherever its conjuncts go.
static void adopt_choices(Arena& arena, Node& n, const Vertex& made) {
  std::vector<Choice> all(n.vertex->choices.begin(), n.vertex->choices.end());
  for (Choice each : made.choices) {
    const auto seen = std::ranges::find(n.occurrences, each.disjunction, &std::pair<const void*, std::uint32_t>::first);
    if (seen != n.occurrences.end()) each.occurrence += seen->second + 1;
    all.push_back(each);
  }
  n.vertex->choices = arena.copy(all);
}

// All conjuncts of another vertex, now and later.
void Evaluator::schedule_vertex(Node& n, Conjunct c, Vertex* arc, Origin origin) {
  if (!arc->closed_recursive && !arc->closed_once && origin.embed) origin.from_definition = false;
  if (origin.opened || origin.conjunct_opened) {
    if (arc->closed_recursive) n.embed_closedness = 2;
    else if (arc->closed_once) n.embed_closedness = std::max<std::uint8_t>(n.embed_closedness, 1);
  }
  if (same(n.vertex, arc)) {
    if (n.shared) add_shared(n, origin);
    return;
  }
  if (share(n, c, arc, origin)) {
    node(arc);
    return;
  }
  const bool definition = names_definition(*c.expr) || arc->label.is_definition() || origin.top_definition;
  if (definition) {
    if (origin.opened || origin.conjunct_opened) n.embed_closedness = 2;
    n.is_definition = true;
    origin.from_definition = true;
    origin.top_definition = false;
  }
  origin = add_reference_group(n, arc, origin, !definition);
  // Unification is idempotent: each vertex needs to go in but once.
  if (std::ranges::find(n.included, arc) != n.included.end()) return;
  n.included.in(arena_).push_back(arc);
  if (arc->conjuncts.empty() && arc->status == Status::finalized && arc->value)   // made by a builtin
    return insert_vertex(n, c.env, arc, origin);
  if (!arc->choices.empty() && !arc->is_disjunct) adopt_choices(arena_, n, *arc);
  notify_later(n, arc, origin);
  for (std::size_t i = 0; i < arc->conjuncts.size(); ++i) {
    const Conjunct each = arc->conjuncts[i];
    schedule(n, each, origin);
  }
  if (bare_node(arc)) n.to_complete = true;
}

// The other vertex may still get conjuncts from its parent: n wants them too.
void Evaluator::notify_later(Node& n, Vertex* arc, const Origin& origin) {
  if (!arc->parent || (n.vertex->non_rooted && !n.vertex->is_dynamic)) return;
  Node* parent = node(arc->parent);
  Node* state = bare_node(arc);
  if (!parent || !state || meets(*parent, known::ancestors | known::field_conjuncts)) return;
  const bool in_progress = state->initialized;
  if (in_progress && meets(*state, known::ancestors)) return;
  for (const Notify& each : state->notify)
    if (each.vertex == n.vertex) return;
  state->notify.in(arena_).push_back({n.vertex, origin});
}

void Evaluator::change_arc_type(Vertex* v, ArcType mode) {
  if (v->arc == ArcType::pending && v->node && (v->node->frozen & known::arc_type)) {
    fail(missing_error(v->parent, pos_, v->label, "cyclic reference to field {}", "cyclic reference to field {}"));
    return;
  }
  if (mode >= v->arc || v->arc == ArcType::not_present) return;
  if (v->parent && v->parent->arc == ArcType::pending && v->parent->node) unshare(*v->parent->node);
  v->arc = mode;
}

Vertex* Evaluator::get_arc(Node& n, Label label, ArcType mode, bool* is_new) {
  Vertex& v = *n.vertex;
  if (is_new) *is_new = false;
  if (Vertex* arc = v.find(label)) {
    if (label.is_let()) arc->multi_let = true;
    update_arc_type(arc, mode);
    return arc;
  }
  Vertex* arc = make_vertex(&v, label);
  arc->arc = mode;
  arc->non_rooted = v.is_dynamic || v.non_rooted;
  arc->anonymous = v.anonymous || v.label.is_let();
  if (v.origin)
    if (Vertex* original = v.origin->find(label)) arc->origin = original->origin ? original->origin : original;
  if (n.frozen & known::field_set) {
    fail(ErrorCode::eval, pos_, "adding field {} not allowed as field set was already referenced", {arg(label)});
    arc->arc = ArcType::not_present;
  }
  v.arcs.push_back(arc);
  if (is_new) *is_new = true;
  return arc;
}

bool Evaluator::insert_conjunct(Vertex* v, const Conjunct& c, const Origin& origin, ArcType mode, bool check) {
  if (v->status == Status::finalized) return false;
  if (!v->node) enter(*v);
  if (origin.cycle <= CycleKind::optional) (v->node ? v->node->has_non_cyclic : v->has_non_cyclic) = true;
  update_arc_type(v, mode);
  bool added = true;
  if (check)
    for (const Conjunct& each : v->conjuncts) {
      if (each.expr != c.expr || !same_environment(each.env, c.env)) continue;
      if (each.origin.group) replace_group(*bare_node(v), origin.group, each.origin.group);
      added = false;
      break;
    }
  if (added) v->conjuncts.push_back(c);
  Node* n = v->node;
  if (!n) return added;
  if (v->status != Status::finalized && n->initialized) schedule(*n, c, origin);
  for (std::size_t i = 0; i < n->notify.size(); ++i) {
    const Notify each = n->notify[i];
    if (!each.vertex->node || each.vertex->status == Status::finalized) continue;
    schedule(*each.vertex->node, c, each.origin);
  }
  return added;
}

Vertex* Evaluator::insert_arc(Node& n, Label label, ArcType mode, const Conjunct& c, const Origin& origin, bool check) {
  bool is_new = false;
  Vertex* arc = get_arc(n, label, mode, &is_new);
  if (is_new && !n.vertex->patterns) {
    enter(*arc);
    arc->has_non_cyclic = origin.cycle <= CycleKind::optional;
    arc->conjuncts.push_back(c);
    return arc;
  }
  Scoped<Vertex*> at(vertex_, arc);
  if (insert_conjunct(arc, c, origin, mode, check) && n.vertex->patterns) constrain_arc(n, arc, mode, check);
  return arc;
}

}  // namespace oam::cue
