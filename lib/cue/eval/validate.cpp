// What a finished tree lacks: errors, values that are not concrete, required fields.
#include <absl/container/flat_hash_set.h>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

namespace {
struct Validating {
  Strictness how;
  const Bottom* error = nullptr;
  int in_definition = 0;
  absl::flat_hash_set<const Vertex*> visited = {};

  bool wants_concrete() const { return how.concrete && in_definition == 0; }
  bool wants_final() const { return (how.concrete || how.final) && in_definition == 0; }
};
}  // namespace

// Does the walk for validate(); a class of its own would need all of Evaluator.
struct Evaluator::Validation {
  // A step of the walk: below a field that shares its value the tree has other names.
  struct Where {
    const Where* outer;
    Vertex* vertex;
    bool below_shared;
  };

  Evaluator& e;
  Validating state;

  void add(const Bottom* b) {
    if (!state.how.all_errors || !b->child) state.error = e.combine(state.error, b);
  }

  // What is missing, told where the walk came along and at the references that led there.
  // None of the places is the one at fault.
  void add_missing(const Bottom* b, std::vector<Pos> positions, const Where& at) {
    auto* made = e.arena_.make<Bottom>(*b);
    made->node = place(at);
    made->pos = kNoPos;
    for (const Where* each = &at; each; each = each->outer)
      if (deref(each->vertex) != each->vertex && !each->vertex->conjuncts.empty()) positions.push_back(each->vertex->conjuncts[0].expr->pos);
    made->positions = e.arena_.copy(positions);
    add(made);
  }

  void add_not_concrete(Vertex* x, const Where& at) {
    const Value* v = base_value(*x);
    std::vector<Pos> positions;
    if (has_place(v)) positions.push_back(v->pos);
    add_missing(e.not_concrete_at(x, at.vertex), std::move(positions), at);
  }

  void add_not_present(Vertex* arc, const Where& at) {
    const Bottom* b = e.missing_required(arc);
    add_missing(b, {b->positions.begin(), b->positions.end()}, at);
  }

  // What several places say together is nowhere.
  static bool has_place(const Value* v) {
    return v && v->pos != kNoPos && v->kind != kTop && v->tag != Tag::conjunction && v->tag != Tag::disjunction;
  }

  Vertex* place(const Where& at) {
    if (!at.below_shared) return at.vertex;
    auto* made = e.arena_.make<Vertex>(e.arena_);
    made->tag = Tag::vertex;
    made->label = at.vertex->label;
    made->parent = place(*at.outer);
    return made;
  }

  void visit(const Where& at) {
    Vertex* x = deref(at.vertex);
    const bool shares = x != at.vertex;
    if (shares && (state.in_definition > 0 || !state.visited.insert(x).second)) return;
    if (const Bottom* b = bottom_of(x)) {
      if (b->code < ErrorCode::incomplete) add(b);
      else if (b->code == ErrorCode::cycle ? state.wants_final() : state.how.report_incomplete || state.wants_concrete()) add(b);
      if (!b->has_recursive) return;
    } else if (state.wants_concrete()) {
      x = e.default_of(x);
      if (!e.is_concrete(x)) add_not_concrete(x, at);
    }
    for (Vertex* arc : x->arcs) {
      const Where below{&at, arc, at.below_shared || shares};
      if (arc->arc == ArcType::required && state.wants_final()) {
        add_not_present(arc, below);
        continue;
      }
      if (arc->label.is_let() || !e.is_defined(arc)) continue;
      if (!state.how.all_errors && state.error) return;
      state.in_definition += !arc->label.is_regular();
      visit(below);
      state.in_definition -= !arc->label.is_regular();
    }
  }
};

const Bottom* Evaluator::not_concrete_at(Vertex* x, Vertex* place) {
  std::vector<Pos> at;
  const Value* what = base_value(*x);
  if (!what || what->tag != Tag::conjunction) positions_of(*x, at);   // what several places say is nowhere
  Bottom* made = make_error(ErrorCode::incomplete, at.empty() ? kNoPos : at[0], "incomplete value {}", {arg(base_value(*x))});
  made->positions = arena_.copy(at);
  made->node = place;
  return made;
}

const Bottom* Evaluator::not_concrete(const Value* v) {
  if (Vertex* x = to_vertex(v)) return not_concrete_at(x, x);
  return make_error(ErrorCode::incomplete, v ? v->pos : kNoPos, "incomplete value {}", {arg(v)});
}

const Bottom* Evaluator::missing_required(Vertex* arc) {
  std::vector<Pos> at;
  for (const Conjunct& c : arc->conjuncts)
    if (c.decl && c.decl->kind == ir::DeclKind::field && c.decl->arc == ArcType::required) at.push_back(c.decl->pos);
  Bottom* made = make_error(ErrorCode::incomplete, at.empty() ? kNoPos : at[0], "field is required but not present");
  made->positions = arena_.copy(at);
  made->node = arc;
  return made;
}

const Bottom* Evaluator::validate(Vertex* v, Strictness how) {
  Validation walk{*this, {.how = how}};
  walk.visit({nullptr, v, false});
  const Bottom* own = bottom_of(deref(v));   // it may only repeat what stands elsewhere
  return walk.state.error || !own || own->code >= ErrorCode::incomplete ? walk.state.error : own;
}

}  // namespace oam::cue
