// Disjunctions.
//
// A node with disjunctions is worked out once for every combination of their
// alternatives: a disjunct is a fresh vertex with the node's conjuncts and a list of
// choices, so that meeting a disjunction again it takes the chosen alternative
// instead. Disjunctions are taken one after the other; combinations that fail or
// equal another go at each step, and only the last step settles what is left.
// Defaults follow the specification: a combination is a default if all of its parts
// are, as long as any part has defaults left.
#include <algorithm>
#include <functional>
#include <numeric>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

// A combination so far. Of the start, `node` is the node itself.
struct Evaluator::Cross {
  Node* node = nullptr;
  std::vector<Choice> choices;
  DefaultMode mode = DefaultMode::maybe;       // of all disjunctions so far
  DefaultMode last = DefaultMode::maybe;       // of the alternative taken last
};

static DefaultMode combine_modes(DefaultMode a, DefaultMode b) { return std::max(a, b); }

static DefaultMode combine_modes(DefaultMode a, DefaultMode b, bool drop_a, bool drop_b) {
  return combine_modes(drop_a ? DefaultMode::maybe : a, drop_b ? DefaultMode::maybe : b);
}

void Evaluator::schedule_disjunction(Node& n, Hole hole) {
  auto& seen = n.occurrences.in(arena_);
  const auto it = std::ranges::find(seen, hole.key, &std::pair<const void*, std::uint32_t>::first);
  hole.occurrence = it == seen.end() ? 0 : it->second + 1;
  if (it == seen.end()) seen.emplace_back(hole.key, 0);
  else it->second = hole.occurrence;
  for (const Choice& each : n.vertex->choices) {
    if (each.disjunction != hole.key || each.occurrence != hole.occurrence) continue;
    if (each.alternative == kDeferred) {   // the node stays open until its turn comes
      if (std::exchange(n.deferred_holes, true)) return;
      n.provided |= known::any_disjunction;
      return add_counts(n, known::any_disjunction);
    }
    const auto& chosen = hole.alternatives[static_cast<std::size_t>(each.alternative)];
    Origin origin = hole.origin;
    origin.chosen = true;
    return schedule(n, {hole.env, chosen.expr, nullptr, origin}, origin);
  }
  if (n.holes.empty()) add_task(n, TaskKind::disjunctions, {});
  n.holes.in(arena_).push_back(std::move(hole));
  n.has_disjunction = true;
}

bool Evaluator::init_arcs(Vertex* v) {
  for (std::size_t i = 0; i < v->arcs.size(); ++i) {
    Vertex* arc = v->arcs[i];
    Node* n = node(arc);
    if (n && n->errors) {
      if (arc->arc == ArcType::member && !is_later(*n->errors)) return false;
    } else if (!init_arcs(arc)) {
      return false;
    }
  }
  return true;
}

const Bottom* Evaluator::own_error(Node& n) {
  if (const Bottom* b = bottom_of(n.vertex); b && b != cycle_) return b;
  if (n.vertex->child_errors) return n.vertex->child_errors;
  return n.errors ? n.errors : errs_;
}

static bool only_waits(const Bottom& b) { return b.code >= ErrorCode::incomplete && is_later(b); }

// A contradiction goes before what only waits for a value.
const Bottom* Evaluator::any_error(Node& n) {
  const Bottom* waits = own_error(n);
  if (waits && !only_waits(*waits)) return waits;
  for (std::size_t i = 0; i < n.vertex->arcs.size(); ++i) {
    Vertex* arc = n.vertex->arcs[i];
    if (arc->arc > ArcType::required || arc->label.is_let()) return waits;
    Node* below = node(arc);
    const Bottom* b = below ? any_error(*below) : nullptr;
    if (b && !only_waits(*b)) return b;
    if (!waits) waits = b;
  }
  return waits;
}

// Which alternative holds is known only once this one is.
static const Bottom* awaited_alternative(std::span<const Hole::Alternative> all) {
  for (const auto& each : all)
    if (each.error && only_waits(*each.error)) return each.error;
  return nullptr;
}

// Was a comprehension put off until the disjuncts of an ancestor are there?
static bool has_deferred_comprehension(const Vertex* v) {
  for (; v; v = v->parent) {
    if (!v->is_disjunct) continue;
    if (!v->node) return false;
    return std::ranges::any_of(v->node->tasks, [](const Task* t) {
      return t->kind == TaskKind::comprehension && t->completes == known::tasks;
    });
  }
  return false;
}

// No alternative stands, so what is below is in vain.
static void cancel_tasks_below(const Vertex& v) {
  for (const Vertex* arc : v.arcs) {
    if (!arc->node) continue;
    for (Task* t : arc->node->tasks)
      if (t->state < TaskState::succeeded) t->defunct = true;
    cancel_tasks_below(*arc);
  }
}

// How far an enclosing disjunct is worked out: while it has open holes, nothing is settled.
// ignore: there is none.
static Mode enclosing_mode(const Vertex* v) {
  for (; v; v = v->parent)
    if (v->is_disjunct) return v->node ? v->node->run_mode : Mode::finalize;
  return Mode::ignore;
}

static Mode last_mode(const Vertex* v, Mode outer) {
  const bool put_off = outer == Mode::attempt && has_deferred_comprehension(v);
  return outer == Mode::ignore || put_off ? Mode::finalize : outer;
}

void Evaluator::do_disjunctions(Task& t) {
  Node& n = *t.node;
  ArenaVector<Hole> holes = n.holes.take(arena_);
  if (!init_arcs(n.vertex)) {
    t.error = combine(t.error, own_error(n));
    return;
  }
  const Mode outer = enclosing_mode(n.vertex);
  std::vector<Cross> cross(1);
  cross[0].node = &n;
  cross[0].choices.assign(n.vertex->choices.begin(), n.vertex->choices.end());
  cross[0].mode = n.default_mode;
  cross[0].last = n.original_mode;
  for (std::size_t i = 0; i < holes.size(); ++i) {
    const Mode mode = i + 1 < holes.size() ? Mode::attempt : last_mode(n.vertex, outer);
    const bool plain = is_plain(n, holes);
    std::vector<Cross> made = cross_product(n, cross, i, holes, mode, plain);
    if (plain && made.empty()) made = cross_product(n, cross, i, holes, mode, false);   // for its errors
    cross = std::move(made);
    const Bottom* awaited = awaited_alternative(holes[i].alternatives);
    if (cross.empty() || awaited) {
      t.error = combine(t.error, awaited ? awaited : disjunction_error(n, &holes[i]));
      cancel_tasks_below(*n.vertex);
      return;
    }
  }
  for (const Cross& each : cross) each.node->default_mode = each.mode;
  if (cross.size() > 1) return take_several(n, cross);
  if (const Bottom* error = take_only(n, cross[0])) t.error = combine(t.error, error);
}

// What is left of the alternatives are the disjuncts of the vertex.
void Evaluator::take_several(Node& n, const std::vector<Cross>& cross) {
  Condition completed{0};
  std::size_t defaults = 0;
  for (const Cross& each : cross) {
    n.disjuncts.in(arena_).push_back(each.node);
    if (each.mode != DefaultMode::is_default) continue;
    ++defaults;
    completed = each.node->completed;
  }
  if (defaults == 1) signal(n, completed);
}

// The one that is left is the value of the vertex.
const Bottom* Evaluator::take_only(Node& n, const Cross& cross) {
  set_value(n, cross.node->vertex);
  if (n.default_mode == DefaultMode::maybe) n.default_mode = cross.mode;
  if (n.default_attempt && n.default_mode != DefaultMode::is_default) {
    Bottom* error = make_error(ErrorCode::cycle, pos_, "ambiguous default elimination by referencing {}", {arg(n.default_attempt)});
    set_value(n, error);
    return error;
  }
  signal(n, cross.node->completed);
  return nullptr;
}

std::vector<Evaluator::Cross> Evaluator::cross_product(Node& n, std::vector<Cross>& cross, std::size_t hole,
                                                       ArenaVector<Hole>& holes, Mode mode, bool plain) {
  std::vector<Cross> made;
  bool left_drops = true, right_drops = true;
  for (const Cross& left : cross) {
    for (std::size_t i = 0; i < holes[hole].alternatives.size(); ++i) {
      auto& alternative = holes[hole].alternatives[i];
      const Bottom* error = nullptr;
      Node* d = plain ? plain_disjunct(n, holes[hole], i) : do_disjunct(n, left, hole, holes, i, mode, error);
      if (plain && !d) continue;
      if (!d) {
        if (error->code == ErrorCode::user) n.user_errors.in(arena_).push_back(error);
        alternative.error = error;
        continue;
      }
      made.push_back({d, {d->vertex->choices.begin(), d->vertex->choices.end()}, d->default_mode, alternative.mode});
      left_drops &= left.mode != DefaultMode::is_default && left.last != DefaultMode::is_default;
      right_drops &= alternative.mode != DefaultMode::is_default;
    }
  }
  return flattened(made, left_drops, right_drops);
}

// Disjunctions in disjuncts come up, and equal ones are one.
std::vector<Evaluator::Cross> Evaluator::flattened(std::vector<Cross>& made, bool left_drops, bool right_drops) {
  std::vector<Cross> all;
  bool has_non_maybe = false;
  for (Cross& each : made) {
    if (each.node->disjuncts.empty()) {
      each.mode = combine_modes(each.mode, each.last, left_drops, right_drops);
      append_disjunct(all, std::move(each));
      continue;
    }
    for (Node* inner : each.node->disjuncts) {
      Cross next{inner, {inner->vertex->choices.begin(), inner->vertex->choices.end()}};
      next.last = inner->original_mode;
      const DefaultMode m = combine_modes(each.last, inner->default_mode);
      next.mode = combine_modes(each.mode, m, left_drops, false);
      has_non_maybe |= next.mode != DefaultMode::maybe;
      append_disjunct(all, std::move(next));
    }
  }
  if (has_non_maybe)
    for (Cross& each : all)
      if (each.mode == DefaultMode::maybe) each.mode = DefaultMode::not_default;
  return all;
}

// The vertex with one more choice made, not yet worked out.
Vertex* Evaluator::chosen(Vertex& original, const Cross& left, std::size_t hole, const ArenaVector<Hole>& holes, std::size_t alternative) {
  std::vector<Choice> choices = left.choices;
  std::erase_if(choices, [](const Choice& c) { return c.alternative == kDeferred; });
  for (const Choice& c : original.choices)
    if (c.alternative == kDeferred) choices.push_back(c);
  for (std::size_t i = hole; i < holes.size(); ++i)
    choices.push_back({holes[i].key, holes[i].occurrence, i == hole ? static_cast<std::int32_t>(alternative) : kDeferred});

  Vertex* d = make_vertex(original.parent, original.label);
  d->arc = original.arc;
  d->is_disjunct = true;
  d->is_dynamic = original.is_dynamic;
  d->non_rooted = original.non_rooted;
  d->anonymous = original.anonymous;
  d->multi_let = original.multi_let;
  d->closed_recursive = original.closed_recursive;
  d->choices = arena_.copy(choices);
  d->conjuncts = original.conjuncts;
  d->origin = original.origin ? original.origin : &original;
  return d;
}

// That vertex, worked out; null: it fails.
Node* Evaluator::do_disjunct(Node& n, const Cross& left, std::size_t hole, const ArenaVector<Hole>& holes,
                             std::size_t alternative, Mode mode, const Bottom*& error) {
  step();
  Vertex* d = chosen(*n.vertex, left, hole, holes, alternative);
  std::vector<Task*> blocked;
  blocked.swap(blocked_);
  Scoped<const Bottom*> errors(errs_, nullptr);
  Scoped<const Value*> forward(n.vertex->value, d);   // lookups from inside meet the disjunct
  Node* dn = bare_node(d);
  dn->is_disjunct = true;
  dn->run_mode = mode;
  dn->depth = n.depth;
  dn->default_mode = left.mode;
  dn->original_mode = holes[hole].alternatives[alternative].mode;
  dn->no_sharing = true;
  dn->drop_parent_requirements = n.drop_parent_requirements;
  dn->has_non_cyclic = n.has_non_cyclic;
  for (Task* t : n.parent_tasks)
    if (t->state < TaskState::succeeded) dn->parent_tasks.in(arena_).push_back(t);
  dn->try_skip = n.try_skip;
  try {
    Scoped<int> depth(n.eval_depth, eval_depth_);
    unify(d, {.needs = known::all, .mode = mode, .check_typos = true});
  } catch (...) {
    blocked_.swap(blocked);
    throw;
  }
  blocked_.swap(blocked);
  error = any_error(*dn);
  if (error && error != cycle_) return nullptr;
  return deref_disjunct(d)->node;
}

// Does anything demand that fields be allowed here?
bool Evaluator::is_checked(Node& n) {
  if (!is_closed_around(n.vertex)) return false;
  return std::ranges::any_of(requirements(n), [](const Requirement& r) { return !r.ignored && !r.removed; });
}

void Evaluator::append_disjunct(std::vector<Cross>& all, Cross x) {
  Vertex* vx = deref(x.node->vertex);
  for (Cross& each : all) {
    if (each.node == x.node) return;
    Vertex* vy = deref(each.node->vertex);
    const bool done = vx->status == Status::finalized && vy->status == Status::finalized;
    if (!(done ? equal(vx, vy, true, false) : equal_partial(x.node->vertex, each.node->vertex))) continue;
    if (x.mode == DefaultMode::is_default) each.mode = DefaultMode::is_default;
    // What is not final is worked out again: where fields may not be allowed, one of the two may go.
    if (!done && !vx->arcs.empty() && is_checked(*x.node)) {
      x.mode = each.mode;
      continue;
    }
    merge_evidence(*each.node, *x.node);
    return;
  }
  all.push_back(std::move(x));
}

// Fields of equal disjuncts are vouched for by both.
void Evaluator::merge_evidence(Node& into, const Node& from) {
  for (const Evidence& e : from.evidence)
    if (std::ranges::none_of(into.evidence, [&](const Evidence& x) { return x.id == e.id; })) into.evidence.push_back(e);
  for (const auto& r : from.replacements)
    if (std::ranges::find(into.replacements, r) == into.replacements.end()) into.replacements.in(arena_).push_back(r);
  for (const Vertex* arc : from.vertex->arcs)
    if (const Vertex* mine = into.vertex->find(arc->label); mine && mine->node && arc->node) merge_evidence(*mine->node, *arc->node);
}

static bool same_tasks(const Node& x, const Node& y) {
  const auto covered = [](const Node& a, const Node& b) {
    return std::ranges::all_of(a.tasks, [&](const Task* t) {
      return t->state != TaskState::ready ||
             std::ranges::any_of(b.tasks, [&](const Task* u) { return u->conjunct.expr == t->conjunct.expr; });
    });
  };
  return covered(x, y) && covered(y, x);
}

// Of vertices that are not settled yet: equal as far as they go, with the same left to do.
bool Evaluator::equal_partial(Vertex* x, Vertex* y) {
  Node* nx = node(x);
  Node* ny = node(y);
  if (!nx && !ny) return equal(x, y, true, false);
  if (!nx || !ny) return false;
  const auto same_value = [&](const Value* a, const Value* b) { return a == b || (a && b && equal(a, b, true, false)); };
  if (nx->kind != ny->kind || nx->has_top != ny->has_top || nx->checks.size() != ny->checks.size()) return false;
  if (!same_value(nx->scalar, ny->scalar) || !same_value(nx->lower, ny->lower) || !same_value(nx->upper, ny->upper)) return false;
  if (!same_tasks(*nx, *ny)) return false;
  for (std::size_t i = 0; i < nx->checks.size(); ++i)
    if (!same_value(nx->checks[i].value, ny->checks[i].value)) return false;
  if (!!x->patterns != !!y->patterns || (x->patterns && x->patterns->size() != y->patterns->size())) return false;
  if (x->patterns)
    for (std::size_t i = 0; i < x->patterns->size(); ++i) {
      const auto& px = (*x->patterns)[i].conjuncts;
      const auto& py = (*y->patterns)[i].conjuncts;
      if (px.size() != py.size() || !std::ranges::equal(px, py, {}, &Conjunct::expr, &Conjunct::expr)) return false;
    }
  if (x->arcs.size() != y->arcs.size()) return false;
  for (Vertex* arc : x->arcs) {
    Vertex* other = y->find(arc->label);
    if (!other || !equal_partial(arc, other)) return false;
  }
  return true;
}

// One of those that say the same of the same place.
std::vector<const Bottom*> Evaluator::without_repeated(const std::vector<const Bottom*>& all) const {
  std::vector<const Bottom*> chosen;
  for (const Bottom* b : all) {
    const auto same = [&](const Bottom* other) {
      return other->pos == b->pos && other->format == b->format && std::ranges::equal(other->positions, b->positions) && path(other->node) == path(b->node) &&
             message(*other) == message(*b);
    };
    if (std::ranges::none_of(chosen, same)) chosen.push_back(b);
  }
  return chosen;
}

// Of several failures, those that tell most: incomplete ones if there are any, one a place.
static std::vector<const Bottom*> select_errors(std::span<const Bottom* const> all) {
  if (all.size() <= 2) return {all.begin(), all.end()};
  const bool incomplete = std::ranges::any_of(all, [](const Bottom* b) { return b->code >= ErrorCode::incomplete; });
  std::vector<const Bottom*> chosen;
  std::vector<Pos> seen;
  for (const Bottom* b : all) {
    if (incomplete && b->code < ErrorCode::incomplete) continue;
    const bool news = b->positions.empty() || std::ranges::any_of(b->positions, [&](Pos p) { return std::ranges::find(seen, p) == seen.end(); }) ||
                      std::ranges::find(seen, b->pos) == seen.end();
    if (!news) continue;
    chosen.push_back(b);
    seen.push_back(b->pos);
    seen.insert(seen.end(), b->positions.begin(), b->positions.end());
  }
  return chosen;
}

// With all that it gathers.
static std::int64_t count_of(const Bottom& b) {
  if (b.causes.size() < 2) return 1;
  std::int64_t count = b.format.empty() ? 0 : 1;
  for (const Bottom* each : b.causes) count += count_of(*each);
  return count;
}

// Where the first of them is at odds.
static std::span<const Pos> first_positions(const std::vector<const Bottom*>& all) {
  const Bottom* first = all.empty() ? nullptr : all[0];
  while (first && first->format.empty() && !first->causes.empty()) first = first->causes[0];
  return first ? first->positions : std::span<const Pos>();
}

const Bottom* Evaluator::with_positions(const Bottom& error, std::span<const Pos> more) {
  auto* made = arena_.make<Bottom>(error);
  std::vector<Pos> all(error.positions.begin(), error.positions.end());
  all.insert(all.end(), more.begin(), more.end());
  made->positions = arena_.copy(all);
  return made;
}

// What error() says goes before what rules the other alternatives out, of which the first is told by its places.
const Bottom* Evaluator::disjunction_error(Node& n, const Hole* hole) {
  ErrorCode code = hole ? ErrorCode::eval : n.disjunct_errors.empty() ? ErrorCode::incomplete : ErrorCode::eval;
  if (hole)
    for (const auto& each : hole->alternatives)
      if (each.error && each.error->code != ErrorCode::user) n.disjunct_errors.in(arena_).push_back(each.error);
  for (const Bottom* b : n.disjunct_errors) code = std::max(code, b->code);
  const auto selected = select_errors(n.user_errors.empty() ? n.disjunct_errors : n.user_errors);
  auto chosen = without_repeated(selected);
  const std::span<const Pos> ruled_out = n.user_errors.empty() ? std::span<const Pos>() : first_positions(select_errors(n.disjunct_errors));
  if (chosen.size() == 1) chosen[0] = with_positions(*chosen[0], ruled_out);
  Bottom* made = nullptr;
  if (chosen.empty()) made = make_error(code, pos_, "empty disjunction");
  else if (selected.size() == 1) made = arena_.make<Bottom>(*chosen[0]);
  else if (chosen.size() == 1) made = make_error(code, pos_, "");
  else made = make_error(code, pos_, "{} errors in empty disjunction:",
                         {arg_number(std::transform_reduce(chosen.begin(), chosen.end(), std::int64_t{0}, std::plus(), [](const Bottom* b) { return count_of(*b); }))});
  if (chosen.size() > 1) made->positions = arena_.copy(ruled_out);
  if (selected.size() > 1) made->causes = arena_.copy(chosen);
  made->code = code;
  made->node = n.vertex;
  return made;
}

// REQUIRES: it has disjuncts.
void Evaluator::finalize_disjunctions(Node& n) {
  std::size_t failed = 0;
  for (Node* d : n.disjuncts) {
    const Bottom* b = d->errors;
    if (!b) continue;
    (b->code == ErrorCode::user ? n.user_errors : n.disjunct_errors).in(arena_).push_back(b);
    ++failed;
  }
  if (failed == n.disjuncts.size()) {
    set_value(n, disjunction_error(n, nullptr));
    n.vertex->status = Status::finalized;
    return;
  }
  auto* made = arena_.make<Disjunction>();
  made->tag = Tag::disjunction;
  std::vector<const Value*> members(n.disjuncts.size());
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < n.disjuncts.size(); ++i) {
    Node& d = *n.disjuncts[i];
    made->kind |= kind_of(d.vertex);
    made->has_defaults |= d.default_mode != DefaultMode::maybe;
    members[i] = d.vertex;
    if (d.default_mode != DefaultMode::is_default) continue;
    std::rotate(members.begin() + static_cast<std::ptrdiff_t>(defaults), members.begin() + static_cast<std::ptrdiff_t>(i),
                members.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ++defaults;
  }
  made->members = arena_.copy(members);
  made->defaults = static_cast<std::uint32_t>(defaults);
  if (n.default_attempt && defaults != 1) {
    set_value(n, make_error(ErrorCode::cycle, pos_, "cycle across unresolved disjunction referenced by {}", {arg(n.default_attempt)}));
  } else {
    set_value(n, made);
  }
  n.vertex->clear_arcs();
  n.vertex->child_errors = nullptr;
}

}  // namespace oam::cue
