// One evaluation of a module: a tree of vertices that is worked out on demand.
//
// The theory is in docs/design/cue.md. In short: a vertex collects conjuncts; a
// conjunct that needs evaluation is a task of the vertex's node; a task that needs
// what is not known yet is put aside (Yield) and taken up when it is; when nothing
// moves any more, what is unknown is settled as it stands.
//
// schedule.cpp   tasks and conditions          unify.cpp        the life of a vertex
// conjunct.cpp   conjuncts into a node         value.cpp        values into a node
// task.cpp       what each kind of task does   lookup.cpp       a field of a vertex
// resolve.cpp    references                    expression.cpp   everything else
// comprehension.cpp  disjunction.cpp  plain.cpp  closed.cpp  cycle.cpp  share.cpp  pattern.cpp
// settled.cpp    what can be read off finished vertices
// siblings.cpp   the order of evaluation in large structs
// bounds.cpp     bounds made one               operator.cpp     + - == < …
// equal.cpp      equality, defaults            validate.cpp     what is missing or wrong
// direct.cpp     the short way for whole modules
// call.cpp       builtins                      language.cpp     len, close, matchN …
// error.cpp      making errors
//
// Not thread-safe: one evaluation, one thread. The module may be shared.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>
#include <boost/json/fwd.hpp>

#include "cue/builtin/builtin.hpp"
#include "cue/eval/vertex.hpp"
#include "cue/support/arena.hpp"
#include "cue/support/regexp.hpp"
#include "cue/support/scoped.hpp"

#include <oam/cue/limits.hpp>

namespace oam::cue {

struct Program;   // what a Module holds, see program.hpp

// Thrown by what cannot go on before something else is known, caught where tasks run.
struct Yield {};
// Thrown when a limit is reached, caught at the door.
struct LimitReached {
  std::string_view what;
};

// What validate() counts as wrong.
struct Strictness {
  bool concrete = false;            // what is not concrete
  bool final = false;               // required fields that are not there, unresolved cycles
  bool report_incomplete = false;   // incomplete errors
  bool all_errors = false;          // go on behind the first
};

struct Flags {
  Condition needs = known::scalar;
  Mode mode = Mode::yield;
  bool concrete = false;
  bool final_status = false;
  bool check_typos = false;
};

class Evaluator {
 public:
  Evaluator(const Program& program, Limits limits);
  ~Evaluator();

  // ---- the door (evaluator.cpp)
  Vertex* root() { return root_; }
  // All at once, the short way (direct.hpp), but for definitions. False: nothing was done.
  bool settle_directly();
  bool settle_definitions();           // those. False: one is wrong, and so is what it stands in; that takes the long way
  void finalize(Vertex* v);            // works out a vertex and all below it
  void finalize_at(Vertex* v, int depth);   // so many levels below the root, which is not settled yet
  void complete_fields(Vertex* v);     // so far that its fields are known, not what they are
  const Bottom* limit_error();         // set once a limit was reached: nothing more is evaluated
  template <class F>
  void guarded(F&& work) {             // runs work; a limit becomes limit_error()
    if (limit_error_) return;
    try {
      work();
    } catch (const LimitReached& limit) {
      stop(limit.what);
    }
  }
  void leave_optional() { leaves_optional_ = true; }   // until somebody asks: exported values do not need them
  void follow_v0_14() { v0_14_ = true; }   // && and || need both sides, structs do not compare
  Vertex* evaluate_expression(const ir::Expr& expr, Vertex* scope);
  Vertex* evaluate_open(const ir::Expr& expr, Vertex* scope);   // in which fields may be added to what is closed
  const Value* from_json(const boost::json::value& json);
  // What stands at a JSON pointer comes later, by the name beside it. REQUIRES: each is in the value
  using Later = std::pair<std::string, std::string>;
  const Value* from_json(const boost::json::value& json, std::span<const Later> later);
  const Bottom* make_later(std::string_view name);
  // What the comprehensions at a settled vertex wait for that may yet give it the field.
  std::vector<const Bottom*> awaited_for(Vertex* v, Label field);
  Label copied(Label label, const Evaluator& from);
  const Value* copy_data(const Value* data, const Evaluator& from);   // what from_json() gave another evaluation
  Vertex* data_struct(Label label, const Value* value);
  const ir::Expr* as_expr(const Value* value);
  Environment* environment(Environment* up, Vertex* v);
  // Told by exporters, value by value: shared parts may make a text without end.
  void count_output(std::size_t bytes) {
    step();
    if (bytes > limits_.memory / 8) throw LimitReached{"output"};
  }
  const Bottom* stopped(const LimitReached& limit) {
    stop(limit.what);
    return limit_error_;
  }
  Arena& arena() { return arena_; }
  Labels& labels() { return labels_; }
  const Program& program() const { return program_; }
  std::string path(const Vertex* v) const;

  // ---- for export and checks
  const Bottom* validate(Vertex* v, Strictness how);
  const Value* chosen_of(const Value* value);   // of a disjunction its one default
  const Value* default_of(const Value* value);  // and open lists closed
  Vertex* default_of(Vertex* v);
  bool is_concrete(const Value* value);
  bool is_defined(Vertex* arc);        // after finalize: does the field exist
  bool is_closed_struct(const Vertex& v) const;
  bool is_closed_list(const Vertex& v) const;
  bool is_list(const Vertex& v) const;
  bool is_unprocessed(const Vertex& v) const { return !v.value || v.value == cycle_; }   // below an error
  bool accepts(Vertex* v, Label label);   // may the field be added
  Kind kind_of(const Value* value);
  bool equal(const Value* a, const Value* b, bool structural, bool regular_only);
  Vertex* unify_values(const Value* a, const Value* b);
  std::vector<Vertex*> elements(Vertex* list) const;
  const Bottom* not_concrete(const Value* v);
  const Bottom* missing_required(Vertex* arc);
  std::string message(const Bottom& error) const;
  std::string describe(const Value* value, bool in_message = false) const;   // CUE syntax, short: for messages

 private:
  friend class EvalCall;
  friend class Direct;
  struct Validation;
  const Bottom* not_concrete_at(Vertex* x, Vertex* place);

  // ---- equal.cpp
  bool equal_vertices(const Vertex* x, const Vertex* y, bool structural, bool regular_only);
  bool equal_values(const Value* a, const Value* b, bool structural, bool regular_only);

  // ---- schedule.cpp
  void enter(Vertex& v);
  Node* bare_node(Vertex* v) {         // null: finalized
    return v->status == Status::finalized ? nullptr : v->node ? v->node : make_node(v);
  }
  Node* make_node(Vertex* v);
  Node* node(Vertex* v) {              // with its conjuncts scheduled
    return v->status == Status::finalized ? nullptr : v->node && v->node->initialized ? v->node : begin(v);
  }
  Node* begin(Vertex* v);
  void schedule_conjuncts(Node& n);
  Task& add_task(Node& n, TaskKind kind, const Conjunct& c);
  void run(Task& t, Mode mode);
  bool skips_for_cycle(Task& t);
  void perform(Task& t, Mode mode);
  void finish(Task& t);
  bool process(Node& n, Condition needs, Mode mode);
  void run_parent_tasks(Node& n, Condition needs, Mode mode);
  void run_ready(Node& n, std::size_t& position, Condition needs, Mode mode);
  void unblock_all(Node& n, std::size_t& position, Condition needs);
  bool process_ancestors(Node& n, Mode mode);
  bool meets(const Node& n, Condition needs) const {
    if (n.started) needs &= n.provided;   // what no task provides holds by itself
    return (n.completed & needs) == needs;
  }
  void signal(Node& n, Condition completed) {
    if ((n.completed & completed) == completed && !(completed & known::field_set)) n.frozen |= completed;
    else meet_conditions(n, completed);
  }
  void meet_conditions(Node& n, Condition completed);
  void freeze(Node& n, Condition c);
  Condition without_open_field_set(const Node& n, Condition c) const;
  Condition completions(Node& n);
  void add_counts(Node& n, Condition c);
  void drop_counts(Node& n, Condition c);
  bool child_conjuncts_known(Vertex* v);
  bool all_tasks_started(const Node& n) const;
  bool all_tasks_finished(const Node& n) const;
  bool has_active_parent_task(const Node& n) const;
  void complete_tasks(Node& n, Mode mode);
  void block(Task& t, Node& on, Condition needs);
  Task* current() const { return running_.empty() ? nullptr : running_.back(); }
  Condition push_down(Node& n, Task& t, const ir::Expr& x);
  Condition push_down(Node& n, Task& t, const ir::Decl& x);

  // ---- siblings.cpp
  void finalize_named(Vertex* of, Vertex* field, Flags flags);

  // ---- unify.cpp
  bool unify(Vertex* v, Flags flags);
  void complete_arcs_only(Vertex* v);
  bool settle(Vertex* v, Node& n, Flags flags);
  void settle_arcs(Vertex* v, Node& n, Flags flags);
  bool settle_forwarded(Vertex* v, Vertex* to, Node& n, Flags flags);
  void update_scalar(Node& n) {
    if (n.scalar) set_scalar(n);
  }
  void set_scalar(Node& n);
  void validate_value(Node& n);
  void complete_all_arcs(Node& n, Flags flags);
  void complete_arc_types(Node& n, Mode mode);
  void run_post_checks(Node& n);
  void run_checks(Node& n);
  void add_child_error(Node& n, const Bottom* error);
  void set_value(Node& n, const Value* value) { n.vertex->value = value; }

  // ---- conjunct.cpp
  void schedule(Node& n, const Conjunct& c, const Origin& origin);
  void schedule_value(Node& n, const Conjunct& c, Origin origin);
  void schedule_unify(Node& n, const Conjunct& c, Origin origin);
  void schedule_alternatives(Node& n, const Conjunct& c, Origin origin);
  void schedule_struct(Node& n, Environment* env, const ir::Struct& s, Origin origin);
  void schedule_decl(Node& n, Environment* env, const ir::Struct& s, const ir::Decl& d, const Origin& origin);
  void schedule_embedding(Node& n, Environment* env, const ir::Struct& s, const ir::Expr& x, const Origin& origin);
  void schedule_comprehension(Node& n, const Conjunct& c, std::optional<bool> holds);
  void schedule_call(Node& n, const Conjunct& c, const Origin& origin);
  void schedule_vertex(Node& n, Conjunct c, Vertex* arc, Origin origin);
  void notify_later(Node& n, Vertex* v, const Origin& origin);
  Vertex* get_arc(Node& n, Label label, ArcType mode, bool* is_new);
  Vertex* insert_arc(Node& n, Label label, ArcType mode, const Conjunct& c, const Origin& origin, bool check);
  bool insert_conjunct(Vertex* v, const Conjunct& c, const Origin& origin, ArcType mode, bool check);
  void update_arc_type(Vertex* v, ArcType mode) {
    if (mode < v->arc || v->arc == ArcType::pending) change_arc_type(v, mode);
  }
  void change_arc_type(Vertex* v, ArcType mode);

  // ---- pattern.cpp
  void insert_pattern(Node& n, const Value* pattern, const Conjunct& c);
  bool keep_pattern(Node& n, const Value* pattern, const Conjunct& c);
  void add_constraint(Node& n, Vertex* arc, ArcType mode, Conjunct c, bool check);
  void constrain_arc(Node& n, Vertex* arc, ArcType mode, bool check);   // REQUIRES: the node has patterns
  bool matches(const Value* pattern, Label label);
  bool same_environment(const Environment* a, const Environment* b) const;

  // ---- value.cpp
  void insert_value(Node& n, Environment* env, const Value* v, const Origin& origin);
  void insert_disjunction(Node& n, Environment* env, const Disjunction& d, const Origin& origin);
  void insert_vertex(Node& n, Environment* env, Vertex* x, Origin origin);
  void insert_bound(Node& n, Environment* env, const Bound& x, const Origin& origin);
  void insert_validator(Node& n, Environment* env, const Validator& x, const Origin& origin);
  void insert_scalar(Node& n, const Value& x, const Origin& origin);
  void merge_bounds(Node& n, Environment* env, const Origin& origin);
  bool update_kind(Node& n, Kind kind, const Value* v, const ir::Expr* expr, const Origin& origin);
  const Value* remaining(Node& n);     // bounds, checks and kind as one value
  void add_error(Node& n, const Bottom* error);
  const Bottom* take_errors(Node& n);

  // ---- task.cpp
  const Value* validator_before(const Task& t) const;
  void do_expression(Task& t, Mode mode);
  void do_resolver(Task& t, Mode mode);
  void do_dynamic_field(Task& t, Mode mode);
  void do_pattern(Task& t);
  void do_list(Task& t, Mode mode);
  void do_list_vertex(Task& t);
  bool list_element(Task& t, const ir::Expr& x, std::uint32_t& index, bool& has_comprehension, Mode mode);
  void set_list_length(Node& n, int length, bool closed, bool has_comprehension, Pos pos);
  void update_list(Node& n, const Origin& origin, bool closed, Pos pos);

  // ---- comprehension.cpp
  using Turn = std::function<void(Environment*)>;
  const Bottom* run_comprehension(Environment* env, const ir::Comprehension& c, Vertex* at, const Turn& turn);
  struct Comprehending;
  void find_awaited(Vertex* v, Environment* env, const ir::Struct& in, Label field, std::vector<const Bottom*>& all);
  bool next_clause(Comprehending& state, Environment* env);
  void for_clause(Comprehending& state, const ir::Clause& clause);
  void try_clause(Comprehending& state, const ir::Clause& clause);
  Environment* bound_environment(std::uint32_t turn, const ir::Clause& clause);
  Environment* loop_environment(std::uint32_t turn, const ir::Clause& clause, Vertex* element);
  Vertex* for_source(const ir::Expr& x);
  void do_comprehension(Task& t);

  // ---- lookup.cpp
  Vertex* lookup(Vertex* v, Pos pos, Label label, Flags flags);
  Vertex* missing(Vertex* v, Pos pos, Label label);
  const Bottom* missing_error(Vertex* v, Pos pos, Label label, std::string_view for_string, std::string_view for_index);
  void settle_arc_type(Node* n, Vertex* arc, Node& arc_node, Flags flags, bool& pending);
  Vertex* found(Vertex* v, Pos pos, Label label, Vertex* arc, Vertex* result, Node* arc_node);

  // ---- resolve.cpp
  Vertex* resolve(const ir::Expr& x, Flags flags);
  Vertex* resolve_let(const ir::Reference& x, Flags flags);
  Vertex* resolve_import(const ir::ImportRef& x);
  Vertex* resolve_index(const ir::Index& x, Flags flags);
  Vertex* look_up_apart(Vertex* v, Pos pos, Label label, bool optional, Flags flags);
  Vertex* skip_try(bool optional, Vertex* arc);
  Vertex* operand_node(const ir::Expr& whole, const ir::Expr& x, bool scalar);
  const Value* unify_node(const ir::Expr& x, Flags flags);
  Label label_of(const ir::Expr& source, const Value* value);
  const Value* label_value(Label label);
  Environment* up(std::uint32_t count) const {
    Environment* e = env_;
    while (count-- > 0 && e) e = e->up;
    return e;
  }

  // ---- expression.cpp
  const Value* eval(const ir::Expr& x, Flags flags, Origin* origin = nullptr);
  const Value* eval_inner(const ir::Expr& x, Flags flags);
  const Value* eval_reference(const ir::Expr& x, Flags flags);
  const Value* eval_yielding(const ir::Expr& x, Flags flags, Vertex* original, Vertex* arc, Node& n);
  const Value* read(Vertex* v, const ir::Expr& x, Flags flags);
  const Value* plain(const ir::Expr& x, Flags flags);     // with defaults taken, out of its vertex
  const Value* concrete(const ir::Expr& x, ir::Op op);
  const Value* take_default(const Value* v, bool& ok);
  const Value* unwrap(const Value* v);
  const Value* eval_bound(const ir::Unary& x);
  const Value* eval_unary(const ir::Unary& x);
  const Value* eval_binary(const ir::Binary& x);
  const Value* eval_unify(const ir::Binary& x);
  bool is_below_later(const ir::Expr& x);
  const Value* eval_presence(const ir::Expr& x, ir::Op op);
  const Value* presence_of_error(const ir::Expr& x, const Bottom& b, bool equal, const Bottom* before);
  void check_again(const ir::Expr& x, bool expect_error);   // whether it is there, at the end
  const Value* eval_interpolation(const ir::Interpolation& x);
  const Value* eval_slice(const ir::Slice& x);
  std::optional<std::uint64_t> slice_index(const ir::Expr& x);
  Vertex* inline_vertex(std::initializer_list<Conjunct> conjuncts);
  bool is_presence_test(const ir::Binary& x) const;
  bool is_final_error(Vertex* v);
  bool is_final_concrete(Vertex* v);

  // ---- operator.cpp
  const Value* operate(ir::Op op, const Value* a, const Value* b, bool compare_structs);
  const Value* equality(ir::Op op, const Value* a, const Value* b, bool compare_structs);
  bool operate_true(ir::Op op, const Value* a, const Value* b);
  const Value* arithmetic(ir::Op op, const Value* a, const Value* b);
  const Value* compare_result(ir::Op op, int order);
  const Value* repeat(const Value& text, const Value& count);
  const Value* list_arithmetic(ir::Op op, const Value* a, const Value* b);
  void type_error(const Value* v, Kind kind, std::string_view as_operand);
  bool truth(const Value* v, std::string_view as);
  std::string_view text_of(const Value* v, std::string_view as);
  std::string interpolated(const Value* v);
  bool regexp_matches(const Value& pattern, std::string_view text, bool& ok);
  Decimal decimal(const Value& number) const;

  // ---- bounds.cpp
  const Value* simplify(Kind kind, const Bound& x, const Bound& y);   // null: keep both
  const Value* simplify_numbers(Kind kind, const Bound& low, const Bound& high);
  bool excludes(const Bound& b, const Value* v);
  const Bottom* check_bound(const Bound& b, const Value* v);
  bool bound_holds(const Bound& b, const Value* v);
  bool bounds_label(const Bound& b, const Value* label);

  // ---- disjunction.cpp
  void schedule_disjunction(Node& n, Hole hole);
  void do_disjunctions(Task& t);
  struct Cross;
  std::vector<Cross> cross_product(Node& n, std::vector<Cross>& cross, std::size_t hole, ArenaVector<Hole>& holes, Mode mode, bool plain);
  std::vector<Cross> flattened(std::vector<Cross>& made, bool left_drops, bool right_drops);
  void take_several(Node& n, const std::vector<Cross>& cross);
  const Bottom* take_only(Node& n, const Cross& cross);
  Vertex* chosen(Vertex& original, const Cross& left, std::size_t hole, const ArenaVector<Hole>& holes, std::size_t alternative);
  Node* do_disjunct(Node& n, const Cross& left, std::size_t hole, const ArenaVector<Hole>& holes, std::size_t alternative, Mode mode, const Bottom*& error);
  void append_disjunct(std::vector<Cross>& all, Cross x);
  bool is_checked(Node& n);
  void merge_evidence(Node& into, const Node& from);
  void finalize_disjunctions(Node& n);
  const Bottom* with_positions(const Bottom& error, std::span<const Pos> more);
  std::vector<const Bottom*> without_repeated(const std::vector<const Bottom*>& all) const;
  const Bottom* disjunction_error(Node& n, const Hole* hole);
  bool init_arcs(Vertex* v);
  const Bottom* any_error(Node& n);
  const Bottom* own_error(Node& n);
  bool equal_partial(Vertex* x, Vertex* y);

  // ---- settled.cpp
  struct Settled {
    bool known = false;       // all on the way is settled
    Vertex* at = nullptr;     // null though known: there is no such field, and none can come
  };
  Settled settled(const ir::Expr& x, const Environment* env) const;
  Settled settled_field(Vertex* of, Label label) const;
  const Value* settled_scalar(const ir::Expr& x, const Environment* env) const;
  std::optional<bool> settled_presence(const ir::Expr& x, const Environment* env) const;
  std::optional<bool> settled_truth(const ir::Expr& x, const Environment* env);
  std::optional<bool> settled_comparison(const ir::Binary& x, const Environment* env);
  std::optional<bool> settled_order(const ir::Binary& x, const Environment* env);
  std::optional<bool> settled_guards(const ir::Expr& x, const Environment* env);

  // ---- plain.cpp
  bool settle_plain(Vertex* v);
  bool is_plain(const Node& n, const ArenaVector<Hole>& holes) const;
  const Value* plain_sum(const Vertex& v);
  const Value* plain_value(const ir::Expr& x, const Environment* env) const;
  const Value* plain_choice(const ir::Disjunction& x, const Environment* env, const Value* sum);
  struct Alternative {
    const Value* value;    // a literal or type
    bool marked;
  };
  const Value* choose(std::span<const Alternative> all, const Value* sum);
  void vouch(Vertex& v);
  const Value* meet(const Value* a, const Value* b);
  bool settle_shared(Vertex* v, const Conjunct& c);
  Node* plain_disjunct(Node& n, const Hole& hole, std::size_t alternative);
  bool is_closed_around(const Vertex* v) const;

  // ---- closed.cpp
  GroupId new_group(Pos at);
  void add_evidence(Node& n, Kind kind, const Origin& origin, std::uint8_t flags);
  Origin add_reference_group(Node& n, const Vertex* v, Origin origin, bool force_ignore);
  Origin new_scope(Node& n, Origin origin, Group::Kind kind, Pos at);
  Origin embedding(Node& n, const ir::Struct& s, const ir::Expr& x, Origin origin);
  Origin split_struct(Node& n, const ir::Struct& s, Origin origin);
  void replace_group(Node& n, GroupId from, GroupId to);
  void check_typos(Node& n);
  ArenaVector<Requirement>& requirements(Node& n);
  void add_requirements(Node& n, ArenaVector<Requirement>& all);
  void filter_open(Node& n, ArenaVector<Requirement>& all, std::span<const Evidence> parent_evidence);
  GroupId parent_ellipsis(Node& n, const Requirement& r, std::span<const Evidence> evidence);
  bool has_evidence(Node& n, const ArenaVector<Requirement>& all, std::size_t i);
  bool contains(Node& n, GroupId group, GroupId child);
  bool contains_from(Node& n, GroupId group, GroupId child, GroupId start);
  const Bottom* not_allowed(Vertex* arc);

  // ---- cycle.cpp
  bool detect_cycle(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin);
  bool mark_cyclic(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin);
  bool mark_cyclic_path(Node& n, Vertex* arc, Environment* env, const ir::Expr& x, Origin& origin);
  void mark_non_cyclic(Node& n, const Origin& origin) {
    if (origin.cycle <= CycleKind::optional) n.has_non_cyclic = true;
  }
  void note_field_value(Node& n, const Origin& origin);
  bool has_ancestor(Node& n, const Vertex* arc);
  bool has_depth_cycle(const Vertex* v);
  bool leads_back(const Vertex& v);
  bool only_cyclic(const Node& n) const;
  bool report_structural_cycle(Node& n);
  void cycle_error(Node& n);
  void flush_cyclic(Node& n);
  static const Vertex* identity(const Vertex* v);
  static bool same(const Vertex* a, const Vertex* b) { return identity(a) == identity(b); }

  // ---- share.cpp
  bool share(Node& n, const Conjunct& c, Vertex* arc, const Origin& origin);
  void unshare(Node& n) {
    n.no_sharing = true;
    if (n.shared) put_in(n);
  }
  void put_in(Node& n);
  void add_shared(Node& n, const Origin& origin);
  void count_shared(Node& n);
  void finalize_sharing(Node& n);

  // ---- call.cpp, language.cpp
  const Value* call(const ir::Call& x, Flags flags);
  const Value* call_here(const ir::Call& x, Flags flags);
  const Value* call_builtin(const Builtin& b, const ir::Call* x, std::vector<const Value*>& args, bool validating, Pos pos);
  std::vector<const Value*> call_arguments(const Builtin& b, const ir::Call& x, Flags flags);
  bool is_validator(const Builtin& b, std::size_t arguments) const;
  bool is_missing(const Value* fun) const;
  bool check_argument_count(const Builtin& b, std::size_t count, Pos pos);
  const Bottom* check_arguments(const Builtin& b, const std::vector<const Value*>& args);
  const Bottom* validate_with(const Validator& v, const Value* value);
  bool is_open_argument(const Builtin& b, std::size_t i, const Value* v);
  const Value* opened(const Value* v);
  const Value* compare_by(Vertex* comparer, const Value* a, const Value* b);
  const Value* language_call(const Builtin& b, const ir::Call* x, std::span<const Value* const> args, bool validating, Pos pos);
  const Value* call_error(const ir::Call& x);
  const Value* call_len(const Value* v);
  const Value* call_close(const Value* v);
  const Value* call_and(const Value* list);
  const Value* call_or(const Value* list, const ir::Call* x, Pos pos);
  const Value* call_match_n(std::span<const Value* const> args);
  const Value* call_match_if(std::span<const Value* const> args);
  const Value* call_close_all(const Value* v, const ir::Call* x, bool reclose);
  const Bottom* check_count(const Value* bound, std::int64_t count, std::int64_t possible);
  Vertex* as_data(Vertex* v);
  const Bottom* check(const Check& c, const Value* v);

  // ---- error.cpp
  static constexpr std::size_t kMaxErrors = 200;   // kept of one combined error
  using Args = std::initializer_list<MessageArg>;
  Bottom* make_error(ErrorCode code, Pos pos, std::string_view format, Args args = {}, std::initializer_list<Pos> also = {});
  const Bottom* combine(const Value* x, const Value* y) {
    const Bottom* a = bottom_of(x);
    const Bottom* b = bottom_of(y);
    return a && b ? combined(a, b) : a ? a : b;
  }
  const Bottom* combined(const Bottom* a, const Bottom* b);
  const Vertex* error_place() const;
  void fail(const Bottom* b) { errs_ = combine(errs_, b); }
  void fail(ErrorCode code, Pos pos, std::string_view format, Args args = {}) { fail(make_error(code, pos, format, args)); }
  const Bottom* take_error() { return std::exchange(errs_, nullptr); }
  const Bottom* wrap(const Bottom* inner, ErrorCode code, Pos pos, std::string_view format, Args args = {});
  void conflict_of_scalars(Node& n, const Value& x, const Origin& origin);
  void conflict_of_kinds(Node& n, Kind kind, const Value* v, const ir::Expr* expr, const Origin& origin);
  MessageArg written_arg(const ir::Expr& x, std::string_view otherwise) const;
  void conflict(Node& n, const Value* a, const ir::Expr* ax, const Value* b, const ir::Expr* bx, Kind ka, Kind kb, GroupId group, const Origin& origin);
  MessageArg arg(const ir::Expr& x) const;
  MessageArg arg(const Value* v) const { return {.what = MessageArg::What::value, .value = v}; }
  static MessageArg arg(std::string_view text) { return {.what = MessageArg::What::text, .text = text}; }
  static MessageArg arg_kind(Kind kind) { return {.what = MessageArg::What::kind, .number = kind}; }
  static MessageArg arg_number(std::int64_t n) { return {.what = MessageArg::What::number, .number = n}; }
  MessageArg arg(Label label);
  void positions_of(const MessageArg& shown, std::vector<Pos>& all) const;
  void positions_of(const Value* v, std::vector<Pos>& all) const;
  void positions_of(const Vertex& v, std::vector<Pos>& all) const;
  std::span<const Pos> group_positions(GroupId group);

  // ---- making values
  const Value* make_bool(bool value);
  const Value* make_int(std::int64_t value, Pos pos = kNoPos);
  const Value* make_number(const Decimal& value, Kind kind);
  const Value* make_text(std::string_view text, bool bytes = false);
  const Value* make_type(Kind kind);
  Validator* make_validator(const Builtin& b, Pos pos);   // of its first parameter
  Vertex* make_vertex(Vertex* parent, Label label);
  Vertex* make_list(std::span<const Value* const> elements);
  Vertex* data_arc(Vertex* parent, Label label, const Value* value);
  void step() {
    if (++steps_ > limits_.steps) throw LimitReached{"steps"};
    if (arena_.exhausted()) throw LimitReached{"memory"};
  }
  void take_room(std::size_t bytes) const {   // for a text of that size, before it is made
    if (bytes > limits_.memory || arena_.used() > limits_.memory - bytes) throw LimitReached{"memory"};
  }
  void stop(std::string_view limit);

  // Restores the evaluation's current place when it goes.
  class Place {
   public:
    explicit Place(Evaluator& e)
        : e_(e), env_(e.env_), vertex_(e.vertex_), pos_(e.pos_), origin_(e.origin_), errs_(e.errs_) {}
    ~Place() { e_.env_ = env_; e_.vertex_ = vertex_; e_.pos_ = pos_; e_.origin_ = origin_; e_.errs_ = errs_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Evaluator& e_;
    Environment* env_;
    Vertex* vertex_;
    Pos pos_;
    Origin origin_;
    const Bottom* errs_;
  };

  const Program& program_;
  Limits limits_;
  Arena arena_;
  Labels labels_;
  Vertex* root_ = nullptr;
  Vertex* open_ = nullptr;             // nothing below it is checked for closedness
  const Bottom* limit_error_ = nullptr;
  bool leaves_optional_ = false;
  bool v0_14_ = false;
  std::uint64_t steps_ = 0;
  int nesting_ = 0;

  // where the evaluation stands
  Environment* env_ = nullptr;
  Vertex* vertex_ = nullptr;
  Pos pos_ = kNoPos;
  Origin origin_;
  const Bottom* errs_ = nullptr;
  bool is_validator_ = false;
  bool lookup_pending_parent_ = false;
  int in_detached_ = 0;
  int in_validator_ = 0;
  int eval_depth_ = 0;

  std::vector<std::pair<Pos, const void*>> validating_;   // validators at work, and on what
  std::vector<const ir::Call*> calling_;
  std::vector<Task*> running_;
  std::vector<Task*> blocked_;

  GroupId next_group_ = 0;
  std::vector<GroupId> containment_;     // by group: the one it stands in
  std::vector<Pos> group_pos_;
  std::uint32_t next_turn_ = 0;
  std::vector<Vertex*> definitions_;     // that the short way left out
  absl::flat_hash_map<std::string_view, Vertex*> imports_;
  Regexps regexps_;

  const Value* true_ = nullptr;
  const Value* false_ = nullptr;
  const Bottom* cycle_ = nullptr;        // stands for "being worked out"
  const Value* struct_marker_ = nullptr;
  Vertex* empty_ = nullptr;              // what a failed operand resolves to
};

}  // namespace oam::cue
