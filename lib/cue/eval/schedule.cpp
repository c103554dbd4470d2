// Tasks and conditions.
//
// Each task says which conditions of its node it may contribute to. A condition is
// met when no such task is left and no ancestor can add conjuncts. A task that needs
// a condition of another node waits on it (Yield); when nothing moves any more the
// waiting tasks are in a ring, and are let go with what is known: first those that
// wait for a scalar or the existence of a field, then all others. Before any of them
// runs, what they waited for is frozen, so that the result does not depend on the
// order in which they are let go.
#include <algorithm>
#include <bit>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static constexpr Condition kAutoUnblock = known::scalar | known::arc_type;
static constexpr int kFieldConjuncts = 4, kTasks = 6, kArcType = 1;   // bits, as indexes of counters

// A field gets its node when it is worked out: most are settled without one.
void Evaluator::enter(Vertex& v) {
  if (std::exchange(v.entered, true)) return;
  if (v.label.is_definition() || (v.parent && v.parent->closed_recursive)) v.closed_recursive = true;
}

Node* Evaluator::make_node(Vertex* v) {
  Node& n = *(v->node = arena_.make<Node>(arena_));
  n.vertex = v;
  n.has_non_cyclic = v->has_non_cyclic;
  enter(*v);
  if (v->parent && v->parent->node) {
    n.depth = v->parent->node->depth + 1;
    n.is_disjunct = v->parent->node->is_disjunct;
    n.provided |= known::ancestors;
  }
  n.provided |= known::scalar | known::arc_type;
  return &n;
}

// REQUIRES: neither finalized nor begun.
Node* Evaluator::begin(Vertex* v) {
  if (settle_plain(v)) return nullptr;
  Node* n = bare_node(v);
  schedule_conjuncts(*n);
  return n;
}

void Evaluator::schedule_conjuncts(Node& n) {
  step();
  n.initialized = true;
  Vertex& v = *n.vertex;
  v.value = cycle_;   // until something is known; a reference that comes back sees it
  Scoped<Vertex*> at(vertex_, &v);
  for (std::size_t i = 0; i < v.conjuncts.size(); ++i) {
    const Conjunct c = v.conjuncts[i];
    Origin origin = c.origin;
    if (origin_.is_cyclic()) {
      origin.cycle = origin_.cycle;
      origin.trace = origin_.trace;
    }
    schedule(n, c, origin);
  }
}

// Of a disjunct: does the task of the vertex that it was made for wait for something
// outside? Then that may wait for the disjunction in its turn: it is not asked again.
static bool waits_outside(const Node& n, const Conjunct& c) {
  const Vertex* original = n.vertex->origin;
  if (!n.vertex->is_disjunct || !original || !original->node) return false;
  for (const Task* t : original->node->tasks) {
    if (t->state != TaskState::waiting || !t->blocked_on || t->conjunct.expr != c.expr || t->conjunct.env != c.env) continue;
    const Vertex* on = t->blocked_on->vertex;
    while (on && on != original) on = on->parent;
    if (!on) return true;
  }
  return false;
}

Task& Evaluator::add_task(Node& n, TaskKind kind, const Conjunct& c) {
  static constexpr Condition kCompletes[] = {
      known::any_conjunct, known::any_conjunct, known::field_conjunct, known::field_conjunct,
      known::field_conjunct, known::field_conjunct, known::field_conjunct, known::any_disjunction};
  Task& t = *arena_.make<Task>();
  t.kind = kind;
  t.node = &n;
  t.conjunct = c;
  t.completes = kCompletes[static_cast<int>(kind)];
  if (kind == TaskKind::expression && waits_outside(n, c)) t.state = TaskState::waiting;
  if (kind == TaskKind::comprehension) t.completes = push_down(n, t, *c.expr);
  n.provided |= t.completes;
  add_counts(n, t.completes);
  auto at = n.tasks.end();   // disjunctions come last
  if (kind != TaskKind::disjunctions)
    while (at != n.tasks.begin() && (*std::prev(at))->kind == TaskKind::disjunctions) --at;
  n.tasks.insert(at, &t);
  return t;
}

// A comprehension with fixed labels in its body holds up those fields alone, not the
// whole struct: so guards may depend on each other's fields.
Condition Evaluator::push_down(Node& n, Task& t, const ir::Expr& x) {
  if (x.kind == ir::ExprKind::comprehension)
    return push_down(n, t, *ir::as<ir::Comprehension>(x).value);
  if (x.kind != ir::ExprKind::structure) return known::value | known::field_conjuncts | known::tasks;
  Condition completes = known::tasks;
  for (const ir::Decl* each : ir::as<ir::Struct>(x).decls) completes |= push_down(n, t, *each);
  return completes;
}

Condition Evaluator::push_down(Node& n, Task& t, const ir::Decl& x) {
  switch (x.kind) {
    case ir::DeclKind::field: {
      Vertex* arc = get_arc(n, x.label, ArcType::pending, nullptr);
      if (Node* below = bare_node(arc)) {
        below->parent_tasks.in(arena_).push_back(&t);
        push_down(*below, t, *x.value);
      }
      return 0;
    }
    case ir::DeclKind::let: n.vertex->multi_let = true; return known::field_conjuncts;
    case ir::DeclKind::embed:
      if (x.value->kind == ir::ExprKind::value) return known::value;
      return push_down(n, t, *x.value);
    case ir::DeclKind::dynamic_field: case ir::DeclKind::pattern: case ir::DeclKind::ellipsis:
      return known::field_conjuncts;
  }
  return 0;
}

void Evaluator::add_counts(Node& n, Condition c) {
  for (c &= known::counted; c; c &= static_cast<Condition>(c - 1)) ++n.counters[std::countr_zero(c)];
}

void Evaluator::drop_counts(Node& n, Condition c) {
  Condition completed = 0;
  for (c &= known::counted; c; c &= static_cast<Condition>(c - 1))
    if (--n.counters[std::countr_zero(c)] == 0) completed |= static_cast<Condition>(1u << std::countr_zero(c));
  signal(n, completed);
}

bool Evaluator::all_tasks_started(const Node& n) const {
  return std::ranges::none_of(n.tasks, [](const Task* t) { return t->state == TaskState::ready; });
}
bool Evaluator::all_tasks_finished(const Node& n) const {
  return std::ranges::all_of(n.tasks, [](const Task* t) { return t->state >= TaskState::succeeded; });
}
bool Evaluator::has_active_parent_task(const Node& n) const {
  return std::ranges::any_of(n.parent_tasks, [](const Task* t) { return t->state < TaskState::succeeded; });
}

bool Evaluator::child_conjuncts_known(Vertex* v) {
  if (!v) return true;
  Node* n = node(v);
  return !n || meets(*n, known::field_conjuncts | known::ancestors);
}

// What follows from what is completed.
Condition Evaluator::completions(Node& n) {
  Condition x = n.completed;
  Vertex& v = *n.vertex;
  if (x & known::ancestors) {
    x |= known::counted & ~n.provided;
    if (n.counters[kArcType] == 0 && (x & known::sub_fields)) x |= known::arc_type;
  }
  if (v.arc == ArcType::member || v.arc == ArcType::not_present) x |= known::arc_type;
  else if ((x & known::arc_type) && v.arc == ArcType::pending && !has_active_parent_task(n)) v.arc = ArcType::not_present;
  if ((x & known::value) && (v.arc == ArcType::member || v.arc == ArcType::not_present)) x |= known::scalar;
  constexpr Condition kFields = known::need_field_conjuncts | known::need_tasks;
  if ((x & kFields) != kFields || n.counters[kTasks] > 0 || n.counters[kFieldConjuncts] > 0) return x;
  if (!(x & known::sub_fields))
    for (const Vertex* arc : v.arcs)
      if (arc->arc == ArcType::pending) return x;
  return x | known::field_set;
}

void Evaluator::meet_conditions(Node& n, Condition completed) {
  const Condition before = n.completed;
  n.completed |= completed;
  const Condition to_freeze = without_open_field_set(n, completed);
  if (before == n.completed) {
    n.frozen |= to_freeze;
    return;
  }
  n.completed |= completions(n);
  n.frozen |= to_freeze;
  for (std::size_t i = 0; i < n.blocking.size(); ++i) {
    Task& t = *n.blocking[i];
    if (t.blocked_on != &n || (t.block_condition & n.completed) != t.block_condition) continue;
    t.blocked_on = nullptr;
    t.block_condition = known::never;
    run(t, Mode::attempt);
  }
}

void Evaluator::freeze(Node& n, Condition c) {
  n.frozen |= without_open_field_set(n, c);
  n.completed |= c;
  completions(n);
  n.explicitly_frozen = true;
}

// The set of fields is not frozen while a task other than the current one may add to
// it; a running comprehension is the exception, as it is what a ring is made of.
Condition Evaluator::without_open_field_set(const Node& n, Condition c) const {
  if (!(c & known::field_set)) return c;
  const Condition without = static_cast<Condition>(c & ~known::field_set);
  for (const Task* t : n.parent_tasks)
    if (t->state < TaskState::succeeded && t != current()) return without;
  for (const Task* t : n.tasks) {
    if (t->state == TaskState::ready) return without;
    if (t->state == TaskState::running && t->kind != TaskKind::comprehension) return without;
  }
  return c;
}

// Conjuncts may come from above: let the ancestors run what may add some.
bool Evaluator::process_ancestors(Node& n, Mode mode) {
  if (meets(n, known::ancestors)) return true;
  bool done = true;
  Vertex& v = *n.vertex;
  if (Node* p = v.parent ? v.parent->node : nullptr; p && !meets(*p, known::child_conjuncts)) {
    done = process_ancestors(*p, mode);
    if (p->counters[kFieldConjuncts] > 0) process(*p, known::field_conjuncts, mode);
    if (done && p->counters[kFieldConjuncts] == 0) p->completed |= known::child_conjuncts;
  }
  if (v.is_dynamic || v.label.is_let() || child_conjuncts_known(v.parent)) signal(n, known::ancestors);
  return done;
}

void Evaluator::run_parent_tasks(Node& n, Condition needs, Mode mode) {
  bool ran = false;
  for (std::size_t i = 0; i < n.parent_tasks.size(); ++i) {
    if (n.parent_tasks[i]->state != TaskState::ready) continue;
    run(*n.parent_tasks[i], mode);
    ran = true;
  }
  if (ran && !meets(n, needs)) process_ancestors(n, mode);
}

void Evaluator::run_ready(Node& n, std::size_t& position, Condition needs, Mode mode) {
  if (position >= n.tasks.size()) return;
  if (needs & known::scalar) needs |= known::value;
  if (needs & known::field_set) needs |= known::field_conjuncts;
  bool comprehending = false, inserting = false, disjunction_waits = false;
  for (const Task* t : n.tasks) {
    if (t->state == TaskState::running && t->kind == TaskKind::comprehension) {
      comprehending = true;
      inserting |= t->inserting;
    }
    disjunction_waits |= t->state == TaskState::ready && t->kind == TaskKind::disjunctions;
  }
  while (position < n.tasks.size()) {
    Task& t = *n.tasks[position++];
    if (t.state != TaskState::ready || !(t.completes & needs)) continue;
    const bool comprehension = t.kind == TaskKind::comprehension;
    if (comprehending && comprehension) continue;                    // it may depend on what the other adds
    if (inserting && t.kind == TaskKind::resolver) continue;
    if (disjunction_waits && comprehension && t.completes == known::tasks) continue;   // runs in each disjunct
    run(t, mode);
  }
}

bool Evaluator::process(Node& n, Condition needs, Mode mode) {
  signal(n, completions(n));
  if (!meets(n, needs)) process_ancestors(n, mode);
  if (!n.parent_tasks.empty()) run_parent_tasks(n, needs, mode);
  if (n.vertex->arc == ArcType::pending && mode == Mode::finalize) n.tasks.clear();
  n.started = true;
  std::size_t position = 0;
  run_ready(n, position, needs, mode);
  if (mode == Mode::finalize) {
    unblock_all(n, position, needs);
    return true;
  }
  if (meets(n, needs)) return true;
  if (mode == Mode::yield)
    if (Task* t = current()) {
      block(*t, n, needs);
      throw Yield{};
    }
  return false;
}

void Evaluator::unblock_all(Node& n, std::size_t& position, Condition needs) {
  if (blocked_.empty() && position >= n.tasks.size()) return;
  std::size_t handled = 0;
  do {
    for (std::size_t i = 0; i < blocked_.size(); ++i)
      if (Node* on = blocked_[i]->blocked_on) signal(*on, kAutoUnblock);
    for (Task* t : blocked_)
      if (t->blocked_on) {
        freeze(*t->blocked_on, t->block_condition);
        t->unblocked = true;
      }
    handled = blocked_.size();
    for (std::size_t i = 0; i < blocked_.size(); ++i) {
      Task& t = *blocked_[i];
      if (!t.blocked_on || t.defunct) continue;
      Node& on = *std::exchange(t.blocked_on, nullptr);
      signal(on, std::exchange(t.block_condition, known::never));
      run(t, Mode::attempt);
    }
    run_ready(n, position, needs, Mode::finalize);
  } while (handled < blocked_.size());
  blocked_.clear();
}

void Evaluator::block(Task& t, Node& on, Condition needs) {
  on.needs |= needs;
  t.state = TaskState::waiting;
  t.block_condition = needs;
  t.blocked_on = &on;
  on.blocking.in(arena_).push_back(&t);
  blocked_.push_back(&t);
}

// Work that would go round a ring of references to an ancestor without end.
bool Evaluator::skips_for_cycle(Task& t) {
  if (!t.node->has_ancestor_cycle) return false;
  const bool skip = t.kind == TaskKind::disjunctions ||
                    (t.kind == TaskKind::comprehension && only_cyclic(*t.node));
  if (skip) t.state = TaskState::succeeded;
  return skip;
}

void Evaluator::run(Task& t, Mode mode) {
  if (t.defunct) {
    t.state = TaskState::cancelled;
    return;
  }
  if (skips_for_cycle(t) || t.state >= TaskState::succeeded) return;
  Node& n = *t.node;
  {
    Place place(*this);
    vertex_ = n.vertex;
    errs_ = nullptr;
    if (t.conjunct.env || t.conjunct.expr) {
      env_ = t.conjunct.env;
      origin_ = t.conjunct.origin;
      if (t.conjunct.expr) pos_ = t.conjunct.expr->pos;
    }
    running_.push_back(&t);
    const std::size_t depth = running_.size();
    t.state = TaskState::running;
    t.error = nullptr;
    try {
      perform(t, mode);
      finish(t);
    } catch (const Yield&) {
    }
    running_.resize(depth - 1);
  }
  if (std::exchange(n.to_complete, false)) complete_tasks(n, Mode::attempt);
}

void Evaluator::perform(Task& t, Mode mode) {
  step();
  switch (t.kind) {
    case TaskKind::expression: return do_expression(t, mode);
    case TaskKind::resolver: return do_resolver(t, mode);
    case TaskKind::dynamic_field: return do_dynamic_field(t, mode);
    case TaskKind::pattern: return do_pattern(t);
    case TaskKind::comprehension: return do_comprehension(t);
    case TaskKind::list: return do_list(t, mode);
    case TaskKind::list_vertex: return do_list_vertex(t);
    case TaskKind::disjunctions: return do_disjunctions(t);
  }
}

void Evaluator::finish(Task& t) {
  Node& n = *t.node;
  const Bottom* error = take_error();
  for (std::size_t i = 0; i < n.deferred.size(); ++i) {
    Vertex* v = n.deferred[i]->vertex;
    complete_arcs_only(v);
    if (is_bottom(v->value)) add_error(n, static_cast<const Bottom*>(v->value));
  }
  if (std::exchange(t.retry, false)) {
    t.state = TaskState::ready;
    return;
  }
  if (t.state == TaskState::waiting) return;
  t.blocked_on = nullptr;
  t.block_condition = known::never;
  t.error = combine(t.error, error);
  t.state = t.error ? TaskState::failed : TaskState::succeeded;
  if (t.error) add_error(n, t.error);
  drop_counts(n, std::exchange(t.completes, Condition{0}));
}

void Evaluator::complete_tasks(Node& n, Mode mode) {
  if ((mode == Mode::attempt && !n.initialized) || n.completing > 0) return;
  Scoped<int> completing(n.completing, n.completing + 1);
  Vertex& v = *n.vertex;
  if (v.is_dynamic || v.label.is_let() || child_conjuncts_known(v.parent)) signal(n, known::ancestors);
  if (all_tasks_started(n)) return;
  process(n, known::value | known::field_conjuncts, mode);
  update_scalar(n);
}

}  // namespace oam::cue
