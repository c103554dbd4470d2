// Calls of builtins.
#include <algorithm>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"
#include "cue/export/json.hpp"

namespace oam::cue {

static std::string qualified(const Builtin& b) {
  if (b.package.empty()) return std::string(b.name);
  return std::string(b.package) + "." + std::string(b.name);
}

// The evaluator's side of a call; builtin.hpp says what each of these is for.
class EvalCall final : public Call {
 public:
  EvalCall(Evaluator& e, const Builtin& b, std::span<const Value* const> args, bool validating, Pos pos)
      : Call(e.arena_, b, args), e_(e), validating_(validating), pos_(pos) {}

  std::vector<const Value*> elements(const Value& list) override {
    std::vector<const Value*> all;
    if (Vertex* v = settled(list))
      for (Vertex* each : e_.elements(v)) {
        e_.finalize(deref(each));
        all.push_back(with_kind(each));
      }
    return all;
  }
  std::vector<Named> fields(const Value& structure) override {
    std::vector<Named> all;
    if (Vertex* v = settled(structure))
      for (Vertex* arc : v->arcs)
        if (arc->label.is_string() && e_.is_defined(arc)) all.push_back({e_.labels_.text(arc->label), with_kind(arc)});
    return all;
  }
  bool is_closed(const Value& value) override {
    Vertex* v = to_vertex(&value);
    if (!v) return false;
    e_.finalize(v);
    v = deref(to_vertex(e_.chosen_of(v)));
    if (e_.is_list(*v)) return e_.is_closed_list(*v);
    return e_.is_closed_struct(*v) && !v->has_ellipsis && !v->patterns;
  }
  const Value* resolve(const Value& value) override {
    if (Vertex* v = to_vertex(&value)) {
      e_.finalize(v);
      e_.finalize(deref(v));
    }
    const Value* chosen = e_.default_of(&value);
    const Value* inner = e_.unwrap(chosen);
    if (!inner) inner = chosen;
    return is_vertex(inner) ? with_kind(to_vertex(inner)) : inner;
  }
  const Value* make_list(std::span<const Value* const> elements) override { return e_.make_list(elements); }
  const Value* make_struct(std::span<const Named> fields) override {
    Vertex* v = e_.make_vertex(nullptr, {});
    v->is_dynamic = true;
    v->value = e_.struct_marker_;
    v->kind = kStruct;
    v->status = Status::finalized;
    for (const Named& each : fields) v->arcs.push_back(e_.data_arc(v, e_.labels_.string(each.name), each.value));
    return v;
  }

  const Value* fail(std::string message) override { return keep(error(ErrorCode::eval, message)); }
  const Value* incomplete(std::string message) override { return keep(error(ErrorCode::incomplete, message)); }
  const Value* fail_because(const Value& cause, bool mendable = true) override {
    const auto& inner = as<Bottom>(cause);
    const ErrorCode code = mendable || inner.code < ErrorCode::incomplete ? inner.code : ErrorCode::eval;
    if (validating_) return keep(e_.wrap(&inner, code, pos_, "", {}));
    return keep(e_.wrap(&inner, code, pos_, "error in call to {}", {Evaluator::arg(e_.arena_.text(qualified(builtin_)))}));
  }
  const Value* reject(std::string message) override {
    return keep(e_.make_error(ErrorCode::eval, pos_, "{}", {Evaluator::arg(e_.arena_.text(message))}));
  }
  const Value* refuse(std::string message, bool mendable) override {
    if (!validating_) return e_.make_bool(false);
    return e_.make_error(mendable ? ErrorCode::incomplete : ErrorCode::eval, pos_, "{}", {Evaluator::arg(e_.arena_.text(message))});
  }

  // As elements are: 5 and 5.0 differ.
  bool equal(const Value& a, const Value& b) override {
    return e_.kind_of(&a) == e_.kind_of(&b) && e_.equal(&a, &b, false, true);
  }
  const Value* unify(const Value& a, const Value& b) override {
    Vertex* v = e_.unify_values(&a, &b);
    if (const Bottom* error = e_.validate(v, {})) return error;
    return v;
  }
  bool subsumes(const Value& general, const Value& special) override {
    Vertex* both = e_.unify_values(&general, &special);
    return !e_.validate(both, {.final = true}) && e_.equal(both, &special, false, true);
  }
  std::optional<bool> less(const Value& comparer, const Value& a, const Value& b) override {
    const Value* result = e_.compare_by(to_vertex(&comparer), &a, &b);
    if (result && result->tag == Tag::boolean) return as<Boolean>(*result).value;
    if (is_bottom(result)) fail_because(*result);
    else fail("less field is not a boolean");
    return std::nullopt;
  }
  bool has_field(const Value& structure, std::string_view name) override {
    Vertex* v = settled(structure);
    return v && v->find(e_.labels_.string(name));
  }
  std::size_t constraint_fields(const Value& structure) override {
    Vertex* v = settled(structure);
    return v ? static_cast<std::size_t>(std::ranges::count_if(v->arcs, [](const Vertex* arc) {
      return arc->label.is_regular() && (arc->arc == ArcType::optional || arc->arc == ArcType::required);
    })) : 0;
  }
  const Value* validate(const Value& value, Require require) override {
    Vertex* v = to_vertex(&value);
    if (!v) return is_bottom(&value) ? &value : require == Require::concrete && !e_.is_concrete(&value)
        ? e_.make_error(ErrorCode::incomplete, pos_, "incomplete value {}", {e_.arg(&value)}) : nullptr;
    e_.finalize(v);
    return e_.validate(v, {.concrete = require == Require::concrete, .final = require != Require::nothing,
                           .report_incomplete = require != Require::nothing, .all_errors = true});
  }
  std::optional<std::string> to_json(const Value& value) override {
    if (Vertex* v = to_vertex(&value)) e_.finalize(v);
    const Bottom* error = nullptr;
    auto text = json_text(e_, &value, error);
    if (!text && error) fail_because(*error);
    return text;
  }
  std::string to_cue(const Value& value) override { return e_.describe(&value); }

 private:
  // Functions look at the kind of what they get.
  const Vertex* with_kind(Vertex* v) {
    v->kind = e_.kind_of(v);
    return v;
  }
  const Value* keep(const Value* failure) {
    failed(failure);
    return failure;
  }
  // A validator's caller says which it is.
  Bottom* error(ErrorCode code, const std::string& message) {
    if (validating_) return e_.make_error(code, pos_, "{}", {Evaluator::arg(e_.arena_.text(message))});
    return e_.make_error(code, pos_, "error in call to {}: {}",
                         {Evaluator::arg(e_.arena_.text(qualified(builtin_))), Evaluator::arg(e_.arena_.text(message))});
  }
  Vertex* settled(const Value& value) {
    Vertex* v = to_vertex(&value);
    if (!v) return nullptr;
    e_.finalize(v);
    return e_.default_of(v);
  }
  Evaluator& e_;
  bool validating_;
  Pos pos_;
};

// `less` of a comparer {x, y, less} with x and y filled in.
const Value* Evaluator::compare_by(Vertex* comparer, const Value* a, const Value* b) {
  if (!comparer) return nullptr;
  Vertex* v = inline_vertex({});
  v->conjuncts = comparer->conjuncts;
  if (v->conjuncts.empty()) v->conjuncts.push_back({nullptr, as_expr(comparer), nullptr, {}});
  Node& n = *node(v);
  const auto put = [&](std::string_view name, const Value* value) {
    insert_arc(n, labels_.string(name), ArcType::member, {nullptr, as_expr(value), nullptr, {}}, {}, false);
  };
  put("x", a);
  put("y", b);
  finalize(v);
  Vertex* less = deref(v)->find(labels_.string("less"));
  if (!less) return bottom_of(v);
  return unwrap(default_of(static_cast<const Value*>(less)));
}

bool Evaluator::is_validator(const Builtin& b, std::size_t arguments) const {
  return b.optional == 0 && arguments + 1 == b.params.size() && (b.result & ~kBool) == 0;
}

bool Evaluator::check_argument_count(const Builtin& b, std::size_t count, Pos pos) {
  const std::size_t most = b.params.size();
  if (count <= most && count + b.optional >= most) return true;
  fail(ErrorCode::eval, pos, count > most ? "too many arguments in call to {} (have {}, want {})" : "not enough arguments in call to {} (have {}, want {})",
       {arg(arena_.text(qualified(b))), arg_number(static_cast<std::int64_t>(count)), arg_number(static_cast<std::int64_t>(most))});
  return false;
}

const Bottom* Evaluator::check_arguments(const Builtin& b, const std::vector<const Value*>& args) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (const Bottom* error = bottom_of(args[i])) return error;
    const Kind kind = kind_of(args[i]);
    if (b.params[i] & kind) continue;
    std::vector<Pos> at;
    positions_of(args[i], at);
    return make_error(ErrorCode::eval, at.empty() ? pos_ : at[0], "cannot use {} (type {}) as {} in argument {} to {}",
                      {arg(args[i]), arg_kind(kind), arg_kind(b.params[i]), arg_number(static_cast<std::int64_t>(i + 1)), arg(arena_.text(qualified(b)))});
  }
  return nullptr;
}

std::vector<const Value*> Evaluator::call_arguments(const Builtin& b, const ir::Call& x, Flags flags) {
  std::vector<const Value*> args;
  const std::size_t first = is_validator(b, x.args.size()) ? 1 : 0;   // what is validated comes before
  const Bottom* errors = take_error();
  for (const ir::Expr* each : x.args) {
    Flags how = flags;
    if (!b.raw) how.needs |= known::field_set | known::scalar | known::disjunction;
    const Value* v = b.raw ? opened(eval(*each, how)) : plain(*each, how);
    if (!v && !errs_) v = make_error(ErrorCode::incomplete, each->pos, "argument {} to function {} is incomplete",
                                     {arg(*each), arg(arena_.text(qualified(b)))});
    if (is_bottom(v)) errs_ = combine(errs_, v);
    else if (v && !b.raw && !is_concrete(v) && !is_open_argument(b, first + args.size(), v))
      errs_ = combine(errs_, make_error(ErrorCode::incomplete, each->pos, "non-concrete value {} in argument to {}",
                                        {arg(v), arg(arena_.text(qualified(b)))}));
    if (v) args.push_back(v);
    errors = combine(errors, take_error());
  }
  errs_ = errors;
  return args;
}

// A concrete scalar out of its vertex; all else as it is.
const Value* Evaluator::opened(const Value* v) {
  if (!is_vertex(v)) return v;
  const Value* inner = unwrap(default_of(v));
  return inner && is_scalar(*inner) ? inner : v;
}

// Wrong in kind already: that is told rather than that it is not concrete.
bool Evaluator::is_open_argument(const Builtin& b, std::size_t i, const Value* v) {
  const bool for_close = b.package.empty() && b.params[0] == kStruct;   // says so itself
  return i >= b.params.size() || !(b.params[i] & kind_of(v)) || b.params[i] == kTop || for_close;
}

// A call that is nested in itself so often feeds itself.
static constexpr std::ptrdiff_t kMaxSelfCalls = 50;

const Value* Evaluator::call(const ir::Call& x, Flags flags) {
  if (std::ranges::count(calling_, &x) >= kMaxSelfCalls) return make_error(ErrorCode::structural_cycle, x.pos, "structural cycle");
  struct Calling {
    std::vector<const ir::Call*>& all;
    ~Calling() { all.pop_back(); }
  } calling{calling_};
  calling_.push_back(&x);
  return call_here(x, flags);
}

// Is what one would call not there?
bool Evaluator::is_missing(const Value* fun) const {
  const Bottom* error = errs_ ? errs_ : bottom_of(fun);
  return error && error->code == ErrorCode::incomplete && !is_later(*error);
}

const Value* Evaluator::call_here(const ir::Call& x, Flags flags) {
  const Value* fun = plain(*x.fun, {.needs = known::scalar, .mode = Mode::yield});
  if (fun && fun->tag == Tag::validator && as<Validator>(*fun).called)
    return make_error(ErrorCode::eval, x.pos, "cannot call previously called validator {}", {arg(*x.fun)});
  if (fun && fun->tag == Tag::validator) {
    auto* made = arena_.make<FunctionValue>();
    made->tag = Tag::function;
    made->builtin = as<Validator>(*fun).builtin;
    fun = made;
  }
  if (!fun || fun->tag != Tag::function) {
    if (is_missing(fun)) {   // `strings.Foo`: nothing that comes later makes it a function
      take_error();
      return make_error(ErrorCode::eval, x.fun->pos, "cannot call non-function {} (type _|_)", {arg(*x.fun)});
    }
    if (errs_ || is_bottom(fun)) return fun;
    const Kind kind = kind_of(fun);
    const bool open = fun && !is_concrete(fun) && (kind & kFunc);
    return make_error(open ? ErrorCode::incomplete : ErrorCode::eval, x.fun->pos,
                      open ? "cannot call non-concrete value {} (type {})" : "cannot call non-function {} (type {})",
                      {arg(*x.fun), arg_kind(kind)});
  }
  const Builtin& b = *as<FunctionValue>(*fun).builtin;
  if (b.name == "error" && b.package.empty()) return check_argument_count(b, x.args.size(), x.pos) ? call_error(x) : nullptr;
  const Origin before = origin_;
  origin_.from_definition = origin_.from_embed = false;
  std::vector<const Value*> args = call_arguments(b, x, flags);
  origin_ = before;
  if (errs_) return nullptr;
  if (is_validator(b, args.size())) {
    Validator* made = make_validator(b, x.pos);
    made->args = arena_.copy(args);
    made->called = true;
    return made;
  }
  return call_builtin(b, &x, args, false, x.pos);
}

const Value* Evaluator::call_builtin(const Builtin& b, const ir::Call* x, std::vector<const Value*>& args, bool validating, Pos pos) {
  if (!check_argument_count(b, args.size(), pos)) return nullptr;
  if (const Bottom* error = check_arguments(b, args)) return error;
  Scoped<bool> as_validator(is_validator_, validating);
  Scoped<Pos> at(pos_, pos);
  step();
  if (!b.call) return language_call(b, x, args, validating, pos);
  for (const Value* each : args)
    if (Vertex* v = to_vertex(each)) v->kind = kind_of(v);
  EvalCall call(*this, b, args, validating, pos);
  const Value* result = b.call(call);
  return result ? result : call.failure();
}

// What a value was written as: the same through copies and data.
static const void* written_as(const Value* value) {
  for (;;) {
    const Vertex* v = to_vertex(value);
    if (!v) return value;
    v = deref(const_cast<Vertex*>(v));
    if (v->value && is_scalar(*v->value)) return v->value;
    if (v->conjuncts.empty()) return v;
    const ir::Expr* x = v->conjuncts[0].expr;
    if (x->kind != ir::ExprKind::value) return x;
    value = ir::as<ir::ValueExpr>(*x).value;
  }
}

// Whether a text that is no address at all is simply not one of the kind.
static bool tests_address(const Builtin& b) {
  return b.package == "net" && b.result == kBool && (b.name.ends_with("IP") || b.name.starts_with("IPv"));
}

// Null: the value satisfies the validator.
const Bottom* Evaluator::validate_with(const Validator& v, const Value* value) {
  const Builtin& b = *v.builtin;
  const std::pair<Pos, const void*> asked{v.pos, written_as(value)};
  if (v.pos != kNoPos && std::ranges::find(validating_, asked) != validating_.end())   // it asks itself
    return make_error(ErrorCode::structural_cycle, v.pos, "structural cycle");
  struct Asking {
    std::vector<std::pair<Pos, const void*>>& all;
    ~Asking() { all.pop_back(); }
  } asking{validating_};
  validating_.push_back(asked);
  std::vector<const Value*> args{b.raw ? opened(value) : unwrap(chosen_of(value))};
  if (!args[0]) args[0] = value;
  args.insert(args.end(), v.args.begin(), v.args.end());
  const Value* result = call_builtin(b, nullptr, args, true, v.pos);
  if (!result) return take_error();
  if (result->tag == Tag::boolean && as<Boolean>(*result).value) return nullptr;
  if (const Bottom* error = bottom_of(args[0])) return error;
  const Bottom* inner = is_bottom(result) && !tests_address(b) ? static_cast<const Bottom*>(result) : nullptr;
  const MessageArg what = b.raw || v.args.empty() ? arg(arena_.text(qualified(b))) : arg(static_cast<const Value*>(&v));
  const ErrorCode code = inner ? inner->code : ErrorCode::eval;
  constexpr std::string_view kFormat = "invalid value {} (does not satisfy {})";
  const Bottom* error = inner ? wrap(inner, code, v.pos, kFormat, {arg(value), what}) : make_error(code, v.pos, kFormat, {arg(value), what});
  std::vector<Pos> at(error->positions.begin(), error->positions.end());
  positions_of(value, at);
  for (const Value* each : v.args)
    if (each && each->pos != kNoPos && std::ranges::find(at, each->pos) == at.end()) at.push_back(each->pos);
  const_cast<Bottom*>(error)->positions = arena_.copy(at);
  return error;
}

const Bottom* Evaluator::check(const Check& c, const Value* v) {
  Scoped<const Bottom*> errors(errs_, nullptr);
  Scoped<Environment*> in(env_, c.env);
  Scoped<Origin> from(origin_, c.origin);
  if (c.value->tag == Tag::bound) return check_bound(as<Bound>(*c.value), v);
  return validate_with(as<Validator>(*c.value), v);
}

}  // namespace oam::cue
