// The short way for a whole module. A template is most often a function of its data: no
// field waits for another, each can be worked out when it is first asked for. Then there
// is nothing to schedule: conjuncts go into a vertex at once, and a reference opens what
// it names.
//
// Whatever is not that plain ends the attempt (Deviation), and the evaluation goes the long
// way from the beginning: what is wrong or not known, disjunctions of structs, validators,
// closed structs that are added to, fields that come after somebody asked for them. So
// what is worked out here is what the long way would give; tests compare the two.
#pragma once

#include <optional>
#include <vector>

#include <absl/container/inlined_vector.h>
#include <absl/functional/function_ref.h>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

// Thrown where the short way ends.
struct Deviation {};

class Direct {
 public:
  explicit Direct(Evaluator& e) : e_(e) {}

  // Works out the vertex and all below it. False: it is not plain, and no part of what was
  // made may be used.
  bool settle(Vertex* v);

 private:
  // A conjunct that goes in when the literals are in: a reference, an expression, a
  // comprehension, a field whose name is computed, a pattern.
  struct Rest {
    Conjunct conjunct;
    ir::DeclKind kind = ir::DeclKind::embed;
  };
  // A list literal that ends with `...T`.
  struct Tail {
    std::uint32_t from;
    Conjunct conjunct;
  };
  // A definition that went in: fields that it does not have are not allowed.
  struct Closing {
    GroupId group;
    bool open = false;       // it ends with `...`
  };
  // A vertex while its conjuncts go in.
  struct Opening {
    Vertex& v;
    const Value* sum = nullptr;                   // the scalar or type so far
    std::optional<Conjunct> choice = {};          // a disjunction
    bool is_top = false, is_struct = false, is_list = false, is_closed_list = false;
    bool has_computed = false;                    // a field whose name is computed
    std::uint32_t length = 0;
    int sources = 0;                              // literals that gave fields; what a comprehension gave counts twice
    absl::InlinedVector<const Value*, 2> bounds = {};
    absl::InlinedVector<Rest, 4> rests = {};
    absl::InlinedVector<Tail, 1> tails = {};
    absl::InlinedVector<Closing, 1> closings = {};
    absl::InlinedVector<const Vertex*, 2> included = {};
    absl::InlinedVector<const ir::Struct*, 2> left_out = {};   // bodies of comprehensions that had no turn
  };

  // ---- direct.cpp: from conjuncts to fields and values
  void step();
  void open(Vertex* v);
  Vertex* opened(Vertex* v);                    // what it stands for, open unless its conjuncts are just going in
  void complete(Vertex* v);
  void forget_unfinished();
  void put_off(Vertex* definition);
  bool is_literal(Vertex& v) const;
  bool share(Vertex* v);
  void put_all(Vertex* v);
  void put(Opening& o, const Conjunct& c);
  void put_rest(Opening& o, const Rest& rest);
  void put_value(Opening& o, const Conjunct& c, const Value* value);
  void put_vertex(Opening& o, const Conjunct& c, Vertex* x);
  void put_target(Opening& o, const Conjunct& c, Vertex* target);
  void put_struct(Opening& o, Environment* env, const ir::Struct& s, const Origin& origin);
  void put_decl(Opening& o, Environment* env, const ir::Decl& d, const Origin& origin);
  void put_list(Opening& o, Environment* env, const ir::List& list, const Origin& origin);
  void put_dynamic_field(Opening& o, const Conjunct& c);
  void put_pattern(Opening& o, const Conjunct& c);
  void put_comprehension(Opening& o, const Conjunct& c);
  Vertex* insert(Opening& o, Label label, ir::ArcType arc, const Conjunct& c);
  Vertex* make_arc(Opening& o, Label label, ir::ArcType arc);
  void constrain(Opening& o, Vertex* arc);
  void add(Opening& o, const Value* value);
  static bool is_order_unsure(const Opening& o);
  void decide(Opening& o);
  void decide_list(Opening& o);
  const Value* chosen(const Conjunct& c, const Value* sum);
  void check_closed(Opening& o);
  bool is_within(GroupId group, GroupId outer) const;

  // ---- direct_expression.cpp: references and expressions
  Vertex* resolve(const ir::Expr& x, Environment* env);            // null: there is no such field
  Vertex* field(Vertex* of, Label label);
  Vertex* operand(const ir::Expr& x, Environment* env);            // a struct or list; null as above
  Vertex* existing(const ir::Expr& x, Environment* env);
  Label label_of(const ir::Expr& x, Environment* env);
  const Value* eval(const ir::Expr& x, Environment* env);          // a scalar or type, or a struct or list
  const Value* taken(Vertex* v);
  const Value* scalar(const ir::Expr& x, Environment* env);
  const Value* unary(const ir::Unary& x, Environment* env);
  const Value* binary(const ir::Binary& x, Environment* env);
  const Value* bound(const ir::Unary& x);
  const Value* concrete(const ir::Expr& x, Environment* env);
  const Value* interpolation(const ir::Interpolation& x, Environment* env);
  const Value* call(const ir::Call& x, Environment* env);
  const Value* fine(const Value* result);                          // no error
  bool truth(const ir::Expr& x, Environment* env);
  bool is_there(const ir::Expr& x, Environment* env);
  Vertex* inline_vertex(const ir::Expr& x, Environment* env);

  using Turn = absl::FunctionRef<void(Environment*)>;
  bool comprehend(const ir::Comprehension& c, Environment* env, Turn turn);   // false: no turn
  bool clauses_from(const ir::Comprehension& c, std::size_t i, std::uint32_t id, Environment* env, Turn turn);
  bool for_clause(const ir::Comprehension& c, std::size_t i, std::uint32_t id, Environment* env, Turn turn);

  Evaluator& e_;
  int depth_ = 0;
  std::vector<Vertex*> opened_;
};

}  // namespace oam::cue
