// The tree that an evaluation builds. A Vertex is a place in it: its conjuncts say
// what it must be, its arcs are the fields or elements below it, its value is what
// came out. A Node is the scratch state of a Vertex while it is being worked out.
//
// Everything lives in the evaluation's Arena and belongs to one thread.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "cue/ir/ir.hpp"
#include "cue/support/arena.hpp"
#include "cue/value/value.hpp"

namespace oam::cue {

struct Node;
struct Task;
struct Environment;
using ir::ArcType;

using GroupId = std::uint32_t;   // of what may close a struct, see closed.cpp; 0: none

// Does a conjunct come from a reference that leads back to where we are? See cycle.cpp.
enum class CycleKind : std::uint8_t { none, optional, maybe, cyclic };

// A reference that was followed on the way to a conjunct.
struct Trace {
  const Vertex* target;
  const ir::Expr* reference;
  const Vertex* node;
  const Trace* next;
  int depth;
};

// Travels with a conjunct: whom its fields count for, and where it came from.
struct Origin {
  GroupId group = 0;
  GroupId embed = 0;        // the embedding that encloses it
  GroupId outer = 0;        // the struct that is closed once all embeddings are in
  bool from_embed = false;
  bool from_definition = false;
  bool top_definition = false;
  bool opened = false;            // x...
  bool conjunct_opened = false;   // (a & b)...
  bool chosen = false;            // an alternative of a disjunction, or in one
  CycleKind cycle = CycleKind::none;
  const Trace* trace = nullptr;

  bool is_cyclic() const { return cycle == CycleKind::cyclic; }
};
inline Origin for_field(Origin origin) {
  origin.from_embed = false;
  return origin;
}

// One thing a vertex must be: an expression in the environment it was written in.
struct Conjunct {
  Environment* env = nullptr;
  const ir::Expr* expr = nullptr;
  const ir::Decl* decl = nullptr;    // the field it is the value of, if any
  Origin origin;
};

// The scopes an expression sees, innermost first.
struct Environment {
  Environment* up = nullptr;
  Vertex* vertex = nullptr;
  Label dynamic_label;               // what `[X=string]` stands for
  std::uint32_t turn = 0;            // of a comprehension: which of its turns made this, or what it is in
  struct CachedLet {
    const ir::Expr* expr;
    Vertex* arc;
    Vertex* made;
    bool again;                      // made anew after a cycle
  };
  ArenaVector<CachedLet>* lets = nullptr;
};

enum class Status : std::uint8_t { unprocessed, evaluating, finalized };

// How far a vertex is on the short way (direct.hpp).
enum class Stage : std::uint8_t { none, opening, open, completing };

struct PatternConstraint {
  const Value* pattern;
  ArenaVector<Conjunct> conjuncts;
};

// A struct literal, or a struct of data, that went into a vertex, for the order of
// fields (export/order.cpp).
struct StructInfo {
  const ir::Struct* structure;
  std::uint32_t turn;          // of a comprehension; 0: none
  std::uint32_t repeats = 0;   // how often it went in again
  const Vertex* data = nullptr;   // its fields, where there is no literal
};

// An alternative that was chosen for a disjunction on a disjunct's vertex.
struct Choice {
  const void* disjunction;     // its expression or value
  std::uint32_t occurrence;    // the how manieth on this vertex
  std::int32_t alternative;    // kDeferred: not yet chosen
};
inline constexpr std::int32_t kDeferred = -1;

struct Vertex : Value {
  static constexpr bool kAllInArena = true;
  explicit Vertex(Arena& arena) : Value{Tag::vertex}, arcs(arena), conjuncts(arena), structs(arena) {}

  Vertex* parent = nullptr;
  Label label;
  ArcType arc = ArcType::member;
  Status status = Status::unprocessed;
  Stage stage = Stage::none;

  bool closed_recursive = false;   // a definition: closed at all levels
  bool closed_once = false;        // by close(): this level alone
  bool said_closed = false;        // by close(), of what a disjunction gave: fields may be added all the same
  bool opened_shared = false;
  bool has_ellipsis = false;
  bool multi_let = false;
  bool is_dynamic = false;         // made for an expression, no place in the tree
  bool non_rooted = false;
  bool anonymous = false;
  bool is_disjunct = false;
  bool is_shared = false;          // value is the Vertex that this one equals
  bool is_data = false;            // conjuncts are not to be used again
  bool mixed = false;              // fields of several origins, on the short way: their order is not the long way's
  bool entered = false;            // its parent told it what a new node has to know
  bool has_non_cyclic = false;     // of a node that is not made yet

  const Value* value = nullptr;    // scalar, bottom, marker, disjunction, …, or a Vertex it stands for
  const Bottom* child_errors = nullptr;
  ArenaVector<Vertex*> arcs;
  ArenaVector<PatternConstraint>* patterns = nullptr;
  ArenaVector<Conjunct> conjuncts;
  ArenaVector<StructInfo> structs;
  std::span<const Choice> choices;
  Vertex* origin = nullptr;        // of a disjunct (or below one): the vertex it was made for
  Node* node = nullptr;

  Vertex* find(Label wanted) const {
    if (wanted.is_integer() && wanted.index() < arcs.size() && arcs[wanted.index()]->label == wanted) return arcs[wanted.index()];
    if (arcs.size() > kFewArcs) return find_indexed(wanted);
    for (Vertex* each : arcs)
      if (each->label == wanted) return each;
    return nullptr;
  }
  template <class F>
  void drop_arcs(F&& which) {
    if (std::erase_if(arcs, which) > 0) index = nullptr;
  }
  void clear_arcs() {
    arcs.clear();
    index = nullptr;
  }

 private:
  static constexpr std::size_t kFewArcs = 16;   // so many are found faster one by one
  struct Index {
    const Vertex* owner;                        // a copy of the vertex has none yet
    std::size_t known = 0;                      // so many of its arcs are in
    absl::flat_hash_map<std::uint32_t, Vertex*> by_label = {};
  };
  mutable Index* index = nullptr;

  Vertex* find_indexed(Label wanted) const {
    if (!index || index->owner != this || index->known > arcs.size()) index = arcs.get_allocator().arena().make<Index>(Index{this});
    for (; index->known < arcs.size(); ++index->known) index->by_label.try_emplace(arcs[index->known]->label.bits(), arcs[index->known]);
    const auto found = index->by_label.find(wanted.bits());
    return found == index->by_label.end() ? nullptr : found->second;
  }
};

inline bool is_vertex(const Value* value) { return value && value->tag == Tag::vertex; }
// Vertices are reached through values; an evaluation may work on any of its own.
inline Vertex* to_vertex(const Value* value) {
  return is_vertex(value) ? const_cast<Vertex*>(static_cast<const Vertex*>(value)) : nullptr;
}

// What a vertex stands for: through sharing and chosen disjuncts.
inline Vertex* deref(Vertex* v) {
  while (Vertex* to = to_vertex(v->value)) v = to;
  return v;
}
inline Vertex* deref_disjunct(Vertex* v) {   // through chosen disjuncts alone
  for (Vertex* to = to_vertex(v->value); to && to->is_disjunct; to = to_vertex(v->value)) v = to;
  return v;
}
inline Vertex* deref_non_disjunct(Vertex* v) {   // through sharing alone
  for (Vertex* to = to_vertex(v->value); to && !to->is_disjunct; to = to_vertex(v->value)) v = to;
  return v;
}
inline Vertex* deref_non_rooted(Vertex* v) {   // through variables alone
  for (Vertex* to = to_vertex(v->value); to && !to->is_disjunct && (!v->is_shared || to->label.is_let()); to = to_vertex(v->value)) v = to;
  return v;
}
inline bool is_below(const Vertex* v, const Vertex* root) {   // or the root itself
  while (v->parent) v = v->parent;
  return v == root;
}
inline const Value* base_value(const Vertex& v) {   // itself for structs and lists
  if (!v.value) return nullptr;
  return v.value->tag == Tag::struct_marker || v.value->tag == Tag::list_marker ? &v : v.value;
}
inline const Bottom* bottom_of(const Value* value) {   // through vertices; null: no error
  while (is_vertex(value)) value = static_cast<const Vertex*>(value)->value;
  return is_bottom(value) ? static_cast<const Bottom*>(value) : nullptr;
}

// ---- while a vertex is worked out

using Condition = std::uint16_t;

// What may be known of a node. Tasks say what they may add to; a condition holds
// when no task that could change it is left and no ancestor can add conjuncts.
namespace known {
inline constexpr Condition ancestors = 1;          // all conjuncts from above are in
inline constexpr Condition arc_type = 2;           // whether the field exists
inline constexpr Condition value = 4;              // its kind
inline constexpr Condition scalar = 8;
inline constexpr Condition field_conjuncts = 16;   // the conjuncts of all fields
inline constexpr Condition field_set = 32;         // which fields there are
inline constexpr Condition tasks = 64;             // all tasks are done
inline constexpr Condition sub_fields = 128;       // everything below is done
inline constexpr Condition disjunction = 256;
inline constexpr Condition child_conjuncts = 512;

inline constexpr Condition all = 0x3ff;
inline constexpr Condition never = 0x8000;
inline constexpr Condition counted = arc_type | value | field_conjuncts | tasks | disjunction;
inline constexpr Condition any_conjunct = tasks | scalar | value | field_conjuncts;
inline constexpr Condition any_disjunction = any_conjunct | disjunction;
inline constexpr Condition field_conjunct = tasks | field_conjuncts | value;
inline constexpr Condition scalar_value = scalar | disjunction;
inline constexpr Condition need_field_conjuncts = field_conjuncts | ancestors;
inline constexpr Condition need_field_set = field_set | ancestors;
inline constexpr Condition need_tasks = ancestors | tasks;
}  // namespace known

// What to do when a condition does not hold yet.
enum class Mode : std::uint8_t {
  ignore,     // do nothing at all
  attempt,    // do what can be done now
  yield,      // put the current task aside until it holds
  finalize,   // nothing more will come: settle it
};

enum class TaskKind : std::uint8_t {
  expression, resolver, dynamic_field, pattern, comprehension, list, list_vertex, disjunctions,
};
enum class TaskState : std::uint8_t { ready, running, waiting, succeeded, failed, cancelled };

struct Task {
  TaskKind kind;
  TaskState state = TaskState::ready;
  Condition completes = 0;
  bool defunct = false;
  bool unblocked = false;
  bool inserting = false;      // a comprehension that adds what its clauses gave
  bool retry = false;
  Node* blocked_on = nullptr;
  Condition block_condition = 0;
  const Bottom* error = nullptr;
  Node* node = nullptr;
  Conjunct conjunct;
  const Vertex* list = nullptr;   // of list_vertex
};

enum class DefaultMode : std::uint8_t { maybe, is_default, not_default };

// A disjunction that a node must satisfy.
struct Hole {
  const void* key = nullptr;
  std::uint32_t occurrence = 0;
  Environment* env = nullptr;
  Origin origin;
  Pos pos = kNoPos;
  struct Alternative {
    const ir::Expr* expr;
    DefaultMode mode;
    const Bottom* error;
  };
  std::span<Alternative> alternatives = {};
};

struct Check {                 // a bound or validator
  const Value* value;
  Origin origin;
  Environment* env;
};

struct Notify {
  Vertex* vertex;
  Origin origin;
};

// Groups that may close a vertex, see closed.cpp.
struct Group {
  const Vertex* vertex;
  GroupId id, parent, embed;
  bool ignore;
  enum class Kind : std::uint8_t { embedding, reference, structure } kind;
  bool recursive;
  bool conjunct_opened;
};
struct Evidence {
  GroupId id, embed;
  Kind kind;
  std::uint8_t flags;
};
struct Requirement {
  GroupId id, parent, embed;
  Group::Kind kind;
  bool once, ignored, removed, conjunct_opened;
};

struct PostCheck {
  Environment* env;
  const ir::Expr* expr;
  bool expect_error;
};

struct Node {
  static constexpr bool kAllInArena = true;
  explicit Node(Arena& where) : arena(where) {}

  Arena& arena;
  Vertex* vertex = nullptr;

  // scheduling
  bool initialized = false;
  bool started = false;             // process() ran at least once
  bool explicitly_frozen = false;
  Condition completed = 0, needs = 0, provided = 0, frozen = 0;
  std::int32_t counters[10] = {};
  ArenaVector<Task*> tasks{arena};
  Rarely<Task*> parent_tasks;
  Rarely<Task*> blocking;      // waiting for this node
  Rarely<Node*> deferred;
  Rarely<Notify> notify;
  bool to_complete = false;
  int completing = 0;
  Mode run_mode = Mode::ignore;     // of a disjunct
  bool* try_skip = nullptr;

  // cycles
  int eval_depth = 0;
  int depth = 0;
  bool has_cyclic_conjunct = false;
  bool has_ancestor_cycle = false;
  bool has_non_cycle = false;
  bool has_non_cyclic = false;
  bool has_field_value = false;
  struct CyclicConjunct {
    Conjunct conjunct;
    Vertex* target;
  };
  Rarely<CyclicConjunct> cyclic_conjuncts;
  Rarely<const Vertex*> included;   // vertices whose conjuncts are in

  // the value so far
  Kind kind = kTop;
  const Value* kind_value = nullptr;     // what narrowed the kind last
  const ir::Expr* kind_expr = nullptr;
  GroupId kind_group = 0;
  bool kind_chosen = false;
  const Value* scalar = nullptr;
  GroupId scalar_group = 0;
  bool scalar_chosen = false;
  const Bound* lower = nullptr;
  const Bound* upper = nullptr;
  Rarely<Check> checks;
  Rarely<PostCheck> post_checks;
  const Bottom* errors = nullptr;
  bool is_struct = false;
  bool has_top = false;
  bool has_struct = false;
  bool is_definition = false;
  bool list_closed = false;
  int list_length = 0;

  // sharing
  bool shared = false;
  bool no_sharing = false;
  const Conjunct* shared_conjunct = nullptr;
  CycleKind share_cycle = CycleKind::none;
  const Value* unshared_value = nullptr;
  Rarely<Origin> shared_origins;
  bool shared_counted = false;
  Vertex* attached = nullptr;

  // disjunctions
  Rarely<Hole> holes;
  Rarely<std::pair<const void*, std::uint32_t>> occurrences;
  Rarely<Node*> disjuncts;
  Rarely<const Bottom*> disjunct_errors;
  Rarely<const Bottom*> user_errors;
  DefaultMode default_mode = DefaultMode::maybe;
  DefaultMode original_mode = DefaultMode::maybe;   // of the alternative that a disjunct is for
  bool has_disjunction = false;
  bool deferred_holes = false;           // disjunctions that are not yet its turn
  bool is_disjunct = false;
  Vertex* default_attempt = nullptr;     // who asked for the default while it was open

  // closedness
  ArenaVector<Group> groups{arena};
  bool closes = false;                   // one of them is not ignored
  Rarely<std::pair<GroupId, GroupId>> replacements;        // from, to
  Rarely<std::pair<GroupId, GroupId>> all_replacements;    // with those of the ancestors, by `to`, falling
  bool replacements_gathered = false;
  ArenaVector<Evidence> evidence{arena};
  Rarely<Requirement> requirements;
  bool requirements_made = false;
  bool drop_parent_requirements = false;
  std::uint8_t embed_closedness = 0;     // 0 open, 1 by close(), 2 by a definition
};

}  // namespace oam::cue
