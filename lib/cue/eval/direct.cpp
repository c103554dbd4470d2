#include "cue/eval/direct.hpp"

#include <algorithm>

#include "cue/eval/program.hpp"

namespace oam::cue {

// The long way is to have most of what the limits allow.
static constexpr int kPart = 8;

void Direct::step() {
  e_.step();
  if (e_.steps_ > e_.limits_.steps / kPart || e_.arena_.used() > e_.limits_.memory / kPart) throw Deviation{};
}

bool Evaluator::settle_directly() {
  if (!program_.experience.is_plain()) return false;
  const std::uint64_t steps = steps_;
  Vertex* before = root_;
  root_ = make_vertex(nullptr, {});
  root_->conjuncts = before->conjuncts;
  const bool is_plain = Direct(*this).settle(root_);
  program_.experience.tried(is_plain);
  if (is_plain) return true;
  root_ = before;
  steps_ = steps;
  errs_ = nullptr;
  definitions_.clear();
  return false;
}

bool Evaluator::settle_definitions() {
  for (Vertex* each : std::exchange(definitions_, {})) {
    const ir::Decl* decl = each->conjuncts[0].decl;
    const bool is_same_always = decl && decl->is_self_contained;
    if (is_same_always && program_.experience.is_sound(decl)) continue;
    finalize(each);
    if (const Bottom* b = bottom_of(each); b && b->code < ErrorCode::incomplete) return false;
    if (is_same_always) program_.experience.add_sound(decl);
  }
  return true;
}

bool Direct::settle(Vertex* v) {
  try {
    complete(v);
    forget_unfinished();
    return true;
  } catch (const Deviation&) {
    return false;
  } catch (const LimitReached&) {   // the long way tells of it
    return false;
  }
}

// What only served an expression may be worked out anew.
void Direct::forget_unfinished() {
  for (Vertex* each : opened_) {
    if (each->status == Status::finalized) continue;
    each->clear_arcs();
    each->structs.clear();
    each->value = nullptr;
    each->patterns = nullptr;
    each->is_shared = false;
    each->stage = Stage::none;
  }
}

// Its value, or which fields or elements it has.
void Direct::open(Vertex* v) {
  if (v->status == Status::finalized || v->stage >= Stage::open) return;
  if (v->stage == Stage::opening) throw Deviation{};   // it asks for itself
  if (v->conjuncts.empty()) {
    if (!v->value) throw Deviation{};
    return;                                            // the variable of a `for`
  }
  if (++depth_ > e_.limits_.depth / kPart) throw Deviation{};
  step();
  opened_.push_back(v);
  v->stage = Stage::opening;
  if (!is_literal(*v) && !share(v)) put_all(v);
  v->stage = Stage::open;
  --depth_;
}

// A scalar or type, written out or given, is its own value.
bool Direct::is_literal(Vertex& v) const {
  const Conjunct& c = v.conjuncts[0];
  if (v.conjuncts.size() > 1 || c.expr->kind != ir::ExprKind::value) return false;
  const Value* value = ir::as<ir::ValueExpr>(*c.expr).value;
  if (const Vertex* x = to_vertex(value); x && x->conjuncts.empty()) value = x->value;
  if (!value || !(is_scalar(*value) || value->tag == Tag::type)) return false;
  v.value = value;
  return true;
}

void Direct::put_all(Vertex* v) {
  Opening o{*v};
  for (std::size_t i = 0; i < v->conjuncts.size(); ++i) put(o, v->conjuncts[i]);
  for (std::size_t i = 0; i < o.rests.size(); ++i) put_rest(o, Rest(o.rests[i]));
  decide(o);
}

Vertex* Direct::opened(Vertex* v) {
  for (;;) {
    if (v->stage != Stage::opening) open(v);
    Vertex* to = to_vertex(v->value);
    if (!to) return v;
    v = to;
  }
}

void Direct::complete(Vertex* v) {
  if (v->status == Status::finalized) return;
  open(v);
  if (v->stage == Stage::completing) throw Deviation{};   // it stands in itself
  v->stage = Stage::completing;
  if (Vertex* to = to_vertex(v->value)) complete(to);
  for (std::size_t i = 0; i < v->arcs.size(); ++i) {
    Vertex* arc = v->arcs[i];
    if (arc->arc == ir::ArcType::optional) continue;
    if (arc->arc != ir::ArcType::member) throw Deviation{};
    if (arc->label.is_definition()) put_off(arc);
    else complete(arc);
  }
  v->status = Status::finalized;
  v->kind = e_.kind_of(v);
}

// A definition may want for what is unified with it: by itself it goes the long way.
void Direct::put_off(Vertex* definition) {
  if (definition->conjuncts.size() != 1) throw Deviation{};
  e_.definitions_.push_back(definition);
}

// A vertex that is one name is the vertex which that names.
bool Direct::share(Vertex* v) {
  const Conjunct& c = v->conjuncts[0];
  if (v->conjuncts.size() != 1 || !ir::is_resolver(*c.expr) || v->is_dynamic) return false;
  Vertex* to = opened(existing(*c.expr, c.env));
  if (to->stage == Stage::opening) throw Deviation{};
  if (to->is_dynamic || to->label.is_let() || !to->parent || (v->closed_recursive && !to->closed_recursive)) return false;
  for (const Vertex* p = v; p; p = p->parent)
    if (p == to) throw Deviation{};
  v->value = to;
  v->is_shared = true;
  v->closed_recursive = to->closed_recursive;
  v->has_ellipsis = to->has_ellipsis;
  return true;
}

void Direct::put(Opening& o, const Conjunct& c) {
  switch (c.expr->kind) {
    case ir::ExprKind::value: return put_value(o, c, ir::as<ir::ValueExpr>(*c.expr).value);
    case ir::ExprKind::structure: return put_struct(o, c.env, ir::as<ir::Struct>(*c.expr), c.origin);
    case ir::ExprKind::list: return put_list(o, c.env, ir::as<ir::List>(*c.expr), c.origin);
    case ir::ExprKind::unify: {
      const auto& both = ir::as<ir::Binary>(*c.expr);
      for (const ir::Expr* each : {both.x, both.y}) put(o, {c.env, each, c.decl, c.origin});
      return;
    }
    case ir::ExprKind::disjunction:
      if (o.choice) throw Deviation{};
      o.choice = c;
      return;
    case ir::ExprKind::open: throw Deviation{};
    default: o.rests.push_back({c}); return;
  }
}

void Direct::put_rest(Opening& o, const Rest& rest) {
  const Conjunct& c = rest.conjunct;
  if (rest.kind == ir::DeclKind::dynamic_field) return put_dynamic_field(o, c);
  if (rest.kind == ir::DeclKind::pattern) return put_pattern(o, c);
  if (c.expr->kind == ir::ExprKind::comprehension) return put_comprehension(o, c);
  if (ir::is_resolver(*c.expr)) return put_target(o, c, existing(*c.expr, c.env));
  if (c.expr->kind == ir::ExprKind::bound) return o.bounds.push_back(bound(ir::as<ir::Unary>(*c.expr)));
  put_value(o, c, eval(*c.expr, c.env));
}

void Direct::put_value(Opening& o, const Conjunct& c, const Value* value) {
  if (is_vertex(value)) return put_vertex(o, c, to_vertex(value));
  if (value->tag == Tag::bound) return o.bounds.push_back(value);
  if (value->tag == Tag::type && value->kind == kTop) o.is_top = true;
  else if (is_scalar(*value) || value->tag == Tag::type) add(o, value);
  else throw Deviation{};
}

// What a builtin made, and data.
void Direct::put_vertex(Opening& o, const Conjunct& c, Vertex* x) {
  if (x->closed_once || x->said_closed) throw Deviation{};
  if (!x->is_data && !x->conjuncts.empty()) return put_target(o, c, x);
  if (!x->value || is_vertex(x->value)) throw Deviation{};
  if (x->value->tag == Tag::struct_marker) {
    o.is_struct = true;
    o.sources += !x->arcs.empty();
    for (Vertex* arc : x->arcs)
      if (arc->arc == ir::ArcType::member) insert(o, arc->label, arc->arc, {nullptr, e_.as_expr(arc), nullptr, c.origin});
    o.v.structs.insert(o.v.structs.end(), x->structs.begin(), x->structs.end());
    if (x->structs.empty()) o.v.structs.push_back({.structure = nullptr, .turn = 0, .data = x});
  } else if (x->value->tag != Tag::list_marker) {
    put_value(o, c, x->value);
  } else {
    throw Deviation{};
  }
}

// All conjuncts of another vertex. REQUIRES: no more can come
void Direct::put_target(Opening& o, const Conjunct& c, Vertex* target) {
  if (Vertex* element = to_vertex(target->value); element && target->conjuncts.empty()) target = deref(element);   // the variable of a `for`
  if (target->parent && target->parent->stage == Stage::opening && !target->label.is_let()) throw Deviation{};
  for (const Vertex* p = &o.v; p; p = p->parent)
    if (p == target) throw Deviation{};
  if (target->is_disjunct || target->closed_once || target->said_closed || (target->conjuncts.empty() && !target->value)) throw Deviation{};
  if (target->conjuncts.empty()) return put_value(o, c, target);
  if (std::ranges::find(o.included, target) != o.included.end()) return;
  o.included.push_back(target);
  Origin origin = c.origin;
  for (const Trace* t = origin.trace; t; t = t->next)
    if (t->target == target) throw Deviation{};   // it leads back to itself
  if (target->closed_recursive) {
    origin.group = e_.new_group(e_.pos_);
    e_.containment_[origin.group] = c.origin.group;
    origin.from_definition = true;
    o.v.closed_recursive = true;
  }
  if (ir::is_resolver(*c.expr)) origin.trace = e_.arena_.make<Trace>(Trace{target, c.expr, &o.v, origin.trace, 0});
  for (std::size_t i = 0; i < target->conjuncts.size(); ++i) {
    const Conjunct each = target->conjuncts[i];
    put(o, {each.env, each.expr, each.decl, origin});
  }
}

void Direct::put_struct(Opening& o, Environment* env, const ir::Struct& s, const Origin& origin) {
  if (s.explicit_open) throw Deviation{};
  Environment* inner = e_.environment(env, &o.v);
  const auto known = std::ranges::find(o.v.structs, &s, &StructInfo::structure);
  if (known != o.v.structs.end()) ++known->repeats;
  else o.v.structs.push_back({&s, env ? env->turn : 0});
  if (o.v.arcs.empty()) o.v.arcs.reserve(s.decls.size());
  if (origin.from_definition && std::ranges::find(o.closings, origin.group, &Closing::group) == o.closings.end()) o.closings.push_back({origin.group});
  o.is_struct |= !s.has_embedding;
  const std::size_t before = o.v.arcs.size();
  for (const ir::Decl* each : s.decls) put_decl(o, inner, *each, origin);
  o.sources += o.v.arcs.size() > before;
}

void Direct::put_decl(Opening& o, Environment* env, const ir::Decl& d, const Origin& origin) {
  const Conjunct c{env, d.value, &d, for_field(origin)};
  switch (d.kind) {
    case ir::DeclKind::field:
      o.is_struct |= d.arc == ir::ArcType::member && d.label.is_string();
      insert(o, d.label, d.arc, c);
      return;
    case ir::DeclKind::let:
      if (d.multi || o.v.find(d.label)) throw Deviation{};
      insert(o, d.label, ir::ArcType::member, c);
      return;
    case ir::DeclKind::dynamic_field: case ir::DeclKind::pattern: o.rests.push_back({c, d.kind}); return;
    case ir::DeclKind::embed: return put(o, {env, d.value, nullptr, origin});
    case ir::DeclKind::ellipsis:
      if (d.value) throw Deviation{};
      o.v.has_ellipsis = true;
      for (Closing& each : o.closings) each.open |= each.group == origin.group;
      return;
  }
}

void Direct::put_list(Opening& o, Environment* env, const ir::List& list, const Origin& origin) {
  Environment* inner = e_.environment(env, &o.v);
  const Origin below = for_field(origin);
  std::uint32_t index = 0;
  const auto element = [&](Environment* in, const ir::Expr* value) {
    if (index >= kMaxIndex) throw Deviation{};
    insert(o, e_.labels_.integer(index++), ir::ArcType::member, {in, value, nullptr, below});
  };
  for (const ir::Expr* each : list.elements) {
    if (each->kind != ir::ExprKind::comprehension) {
      element(inner, each);
      continue;
    }
    const auto& c = ir::as<ir::Comprehension>(*each);
    if (!comprehend(c, inner, [&](Environment* in) { element(in, c.value); }) && c.fallback) element(inner, c.fallback);
  }
  if (o.is_list && ((o.is_closed_list && index > o.length) || (!list.open && index < o.length))) throw Deviation{};
  o.is_list = true;
  o.is_closed_list |= !list.open;
  o.length = std::max(o.length, index);
  if (list.open && list.rest) o.tails.push_back({index, {inner, list.rest, nullptr, below}});
}

void Direct::put_dynamic_field(Opening& o, const Conjunct& c) {
  const Value* key = scalar(*c.decl->key, c.env);
  if (key->tag != Tag::string) throw Deviation{};
  const Label label = e_.labels_.string(as<Text>(*key).text);
  Conjunct with = c;
  with.env = e_.arena_.make<Environment>(*c.env);
  if (c.decl->names_label) with.env->dynamic_label = label;
  o.is_struct |= c.decl->arc == ir::ArcType::member;
  insert(o, label, c.decl->arc, with);
  o.has_computed = true;
}

// Patterns on all fields alone.
void Direct::put_pattern(Opening& o, const Conjunct& c) {
  const Value* pattern = eval(*c.decl->key, c.env);
  if (pattern->tag != Tag::type || !(pattern->kind & kString)) throw Deviation{};
  if (!o.v.patterns) o.v.patterns = e_.arena_.list<PatternConstraint>();
  o.v.patterns->push_back({pattern, ArenaVector<Conjunct>({c}, e_.arena_)});
  for (Closing& each : o.closings) each.open |= each.group == c.origin.group;
  for (std::size_t i = 0; i < o.v.arcs.size(); ++i) constrain(o, o.v.arcs[i]);
}

void Direct::put_comprehension(Opening& o, const Conjunct& c) {
  const auto& x = ir::as<ir::Comprehension>(*c.expr);
  const std::size_t before = o.v.arcs.size();
  const int sources = o.sources;
  const auto body = [&](Environment* env) { put_struct(o, env, *x.value, c.origin); };
  const bool any = comprehend(x, c.env, body);
  if (!any) o.left_out.push_back(x.value);
  if (!any && x.fallback) put_struct(o, c.env, *x.fallback, c.origin);
  o.sources = sources + (o.v.arcs.size() > before ? 2 : 0);
}

Vertex* Direct::make_arc(Opening& o, Label label, ir::ArcType arc) {
  Vertex* made = e_.make_vertex(&o.v, label);
  made->arc = arc;
  made->non_rooted = o.v.is_dynamic || o.v.non_rooted;
  made->anonymous = o.v.anonymous || o.v.label.is_let();
  made->entered = true;
  made->closed_recursive = label.is_definition() || o.v.closed_recursive;
  o.v.arcs.push_back(made);
  return made;
}

Vertex* Direct::insert(Opening& o, Label label, ir::ArcType arc, const Conjunct& c) {
  Vertex* to = o.v.find(label);
  const bool is_new = !to;
  if (is_new) {
    to = make_arc(o, label, arc);
  } else {
    if (to->stage != Stage::none || label.is_let()) throw Deviation{};   // somebody saw it without this
    to->arc = std::min(to->arc, arc);
    for (const Conjunct& each : to->conjuncts)
      if (each.expr == c.expr && e_.same_environment(each.env, c.env)) return to;
  }
  if (c.origin.from_definition) to->closed_recursive = true;
  to->conjuncts.push_back(c);
  if (is_new && o.v.patterns) constrain(o, to);
  return to;
}

// What the patterns say of the field.
void Direct::constrain(Opening& o, Vertex* arc) {
  if (!arc->label.is_string()) return;
  for (std::size_t i = 0; i < o.v.patterns->size(); ++i)
    for (Conjunct c : (*o.v.patterns)[i].conjuncts) {
      c.env = e_.arena_.make<Environment>(*c.env);
      c.env->dynamic_label = arc->label;
      insert(o, arc->label, arc->arc, c);
    }
}

void Direct::add(Opening& o, const Value* value) {
  o.sum = o.sum ? e_.meet(o.sum, value) : value;
  if (!o.sum) throw Deviation{};
}

static bool may_be(const Value* sum, Kind kind) { return !sum || (sum->tag == Tag::type && (sum->kind & kind)); }

static bool is_computed_twice(const Vertex* arc) {
  return arc->conjuncts.size() > 1 &&
         std::ranges::any_of(arc->conjuncts, [](const Conjunct& c) { return c.decl && c.decl->kind == ir::DeclKind::dynamic_field; });
}

static bool declares_field_of(const ir::Struct& s, const Vertex& v) {
  return std::ranges::any_of(s.decls, [&](const ir::Decl* d) {
    if (d->kind == ir::DeclKind::field) return v.find(d->label) != nullptr;
    const bool nests = d->kind == ir::DeclKind::embed && d->value->kind == ir::ExprKind::comprehension;
    return nests && declares_field_of(*ir::as<ir::Comprehension>(*d->value).value, v);
  });
}

// The order of computed fields hangs on who was evaluated first, where others have their names.
bool Direct::is_order_unsure(const Opening& o) {
  return std::ranges::any_of(o.v.arcs, is_computed_twice) ||
         std::ranges::any_of(o.left_out, [&](const ir::Struct* each) { return declares_field_of(*each, o.v); });
}

// All conjuncts are in.
void Direct::decide(Opening& o) {
  Vertex& v = o.v;
  if (o.choice) o.sum = chosen(*o.choice, o.sum);
  v.mixed = o.sources > 2;   // a comprehension and something beside it, or three literals
  if (o.has_computed && is_order_unsure(o)) throw Deviation{};
  if (o.is_list) return decide_list(o);
  if (o.is_top && !o.is_struct && !v.structs.empty()) throw Deviation{};
  if (o.is_struct || (!o.sum && !v.structs.empty())) {
    if (!may_be(o.sum, kStruct) || !o.bounds.empty()) throw Deviation{};
    v.value = e_.struct_marker_;
    return check_closed(o);
  }
  if (!o.sum && !(o.is_top && o.bounds.empty())) throw Deviation{};
  if (!o.bounds.empty() && !is_scalar(*o.sum)) throw Deviation{};
  for (const Value* each : o.bounds)
    if (e_.check_bound(as<Bound>(*each), o.sum)) throw Deviation{};
  if (std::ranges::any_of(v.arcs, [](const Vertex* arc) { return !arc->label.is_let(); })) throw Deviation{};
  v.value = o.sum ? o.sum : e_.make_type(kTop);
}

void Direct::decide_list(Opening& o) {
  if (o.is_struct || !may_be(o.sum, kList) || !o.bounds.empty()) throw Deviation{};
  for (const Tail& each : o.tails)
    for (std::uint32_t i = each.from; i < o.length; ++i) insert(o, e_.labels_.integer(i), ir::ArcType::member, each.conjunct);
  auto* marker = e_.arena_.make<ListMarker>();
  marker->tag = Tag::list_marker;
  marker->kind = kList;
  marker->open = !o.is_closed_list;
  o.v.value = marker;
  check_closed(o);
}

// The alternatives that agree with the rest. Those that are no literals are worked out.
const Value* Direct::chosen(const Conjunct& c, const Value* sum) {
  const auto& x = ir::as<ir::Disjunction>(*c.expr);
  absl::InlinedVector<Evaluator::Alternative, 8> all;
  for (const ir::Alternative& each : x.alternatives) {
    const Value* value = eval(*each.expr, c.env);
    if (!is_scalar(*value) && !(value->tag == Tag::type && value->kind != kTop)) throw Deviation{};
    all.push_back({value, each.marked});
  }
  const Value* made = e_.choose(all, sum);
  return made ? made : throw Deviation{};
}

bool Direct::is_within(GroupId group, GroupId outer) const {
  while (group != 0 && group != outer) group = e_.containment_[group];
  return group == outer;
}

void Direct::check_closed(Opening& o) {
  for (const Closing& closing : o.closings) {
    if (closing.open) continue;
    for (const Vertex* arc : o.v.arcs) {
      const auto vouches = [&](const Conjunct& c) { return is_within(c.origin.group, closing.group); };
      if (arc->label.is_regular() && arc->arc == ir::ArcType::member && std::ranges::none_of(arc->conjuncts, vouches)) throw Deviation{};
    }
  }
}

}  // namespace oam::cue
