// Builtins of the language that work on the evaluation itself.
#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"

namespace oam::cue {

namespace {
constexpr Kind kMeasured[] = {kStruct | kBytes | kString | kList};
constexpr Kind kOneString[] = {kString};
constexpr Kind kOneStruct[] = {kStruct};
constexpr Kind kOneList[] = {kList};
constexpr Kind kOne[] = {kTop};
constexpr Kind kMatchN[] = {kTop, kInt, kList};
constexpr Kind kFour[] = {kTop, kTop, kTop, kTop};

enum Index { kError, kLen, kClose, kAnd, kOr, kMatchNIndex, kMatchIf, kCloseAll, kReclose, kTestExperiment };
constexpr Builtin kLanguage[] = {
    {"", "error", kOneString, kBottom},
    {"", "len", kMeasured, kInt},
    {"", "close", kOneStruct, kStruct},
    {"", "and", kOneList, kInt},
    {"", "or", kOneList, kInt, nullptr, true},
    {"", "matchN", kMatchN, kBool, nullptr, true},
    {"", "matchIf", kFour, kBool, nullptr, true},
    {"", "__closeAll", kOne, kTop},
    {"", "__reclose", kOne, kTop},
    {"", "__test_experiment", kOne, kTop},
};
}  // namespace

const Builtin* find_language_builtin(std::string_view name, bool underscored) {
  for (const Builtin& each : kLanguage) {
    const bool only_underscored = each.name.starts_with("__");
    if ((only_underscored ? each.name.substr(2) : each.name) == name && (!only_underscored || underscored)) return &each;
  }
  const Package* arithmetic = find_package("");
  return arithmetic ? find_builtin(*arithmetic, name) : nullptr;
}

const Value* Evaluator::language_call(const Builtin& b, const ir::Call* x, std::span<const Value* const> args, bool validating, Pos pos) {
  switch (static_cast<Index>(&b - kLanguage)) {
    case kLen: return call_len(args[0]);
    case kClose: return call_close(args[0]);
    case kAnd: return call_and(args[0]);
    case kOr: return call_or(args[0], x, pos);
    case kMatchNIndex: case kMatchIf:
      if (!validating)
        return make_error(ErrorCode::eval, pos, "error in call to {}: {} is a validator and should not be used as a function", {arg(b.name), arg(b.name)});
      return &b == &kLanguage[kMatchIf] ? call_match_if(args) : call_match_n(args);
    case kCloseAll: return call_close_all(args[0], x, false);
    case kReclose: return call_close_all(args[0], x, true);
    case kTestExperiment: return args[0];
    case kError: break;
  }
  return nullptr;
}

// error("…"): what is not concrete in the message is shown as it is written.
const Value* Evaluator::call_error(const ir::Call& x) {
  if (x.args[0]->kind != ir::ExprKind::interpolation) {
    const std::string text = interpolated(plain(*x.args[0], {.needs = known::scalar, .mode = Mode::finalize}));
    if (errs_ && is_later(*errs_)) return nullptr;
    return combine(make_error(ErrorCode::user, x.pos, "{}", {arg(arena_.text(text))}), take_error());
  }
  std::string text;
  std::vector<Pos> places = {x.pos};
  for (const ir::Expr* each : ir::as<ir::Interpolation>(*x.args[0]).parts) {
    const Bottom* before = take_error();
    const Value* v = plain(*each, {.needs = known::scalar, .mode = Mode::finalize});
    const bool failed = take_error() || !v || is_bottom(v);
    errs_ = before;
    constexpr Kind kPlain = kNumber | kString | kBytes | kBool;
    if (!failed && is_concrete(v) && (v->kind & kPlain)) {
      text += interpolated(v);
      continue;
    }
    text += failed ? std::string(program_.source_text(each->source)) : describe(v);
    failed ? places.push_back(each->pos) : positions_of(v, places);
  }
  Bottom* made = make_error(ErrorCode::user, x.pos, "{}", {arg(arena_.text(text))});
  made->positions = arena_.copy(places);
  return made;
}

const Value* Evaluator::call_len(const Value* v) {
  if (Vertex* x = to_vertex(v)) {
    x = deref(x);
    if (is_list(*x)) return make_int(static_cast<std::int64_t>(elements(x).size()), pos_);
    if (x->value && x->value->tag == Tag::struct_marker) {
      std::int64_t count = 0;
      for (std::size_t i = 0; i < x->arcs.size(); ++i) count += x->arcs[i]->label.is_regular() && is_defined(x->arcs[i]);
      return make_int(count, pos_);
    }
    v = base_value(*x);
  }
  if (v && (v->tag == Tag::string || v->tag == Tag::bytes)) return make_int(static_cast<std::int64_t>(as<Text>(*v).text.size()), pos_);
  return make_error(ErrorCode::incomplete, pos_, "error in call to len: incomplete argument {} (type {})", {arg(v), arg_kind(kind_of(v))});
}

const Value* Evaluator::call_close(const Value* value) {
  Vertex* s = to_vertex(default_of(value));
  if (!s) return make_error(ErrorCode::eval, pos_, "error in call to close: struct argument must be concrete");
  Vertex* v = nullptr;
  if (s->conjuncts.empty() || s->is_data) {
    v = arena_.make<Vertex>(*s);
    v->node = nullptr;
  } else {
    v = inline_vertex({});
    v->conjuncts = s->conjuncts;
    v->choices = s->choices;
  }
  v->closed_once = !s->is_disjunct;
  v->said_closed = s->is_disjunct;
  complete_arcs_only(v);
  return v;
}

// Helpers of the explicitopen experiment: only of literals that are written under it.
const Value* Evaluator::call_close_all(const Value* value, const ir::Call* x, bool reclose) {
  const std::string_view name = reclose ? "__reclose" : "__closeAll";
  const auto wrong = [&](std::string_view why) {
    return make_error(ErrorCode::eval, pos_, "error in call to {}: {}", {arg(name), arg(why)});
  };
  const ir::Expr* literal = x->args[0];
  const bool closes = reclose && literal->kind == ir::ExprKind::call;
  if (closes) {
    const ir::Expr* fun = ir::as<ir::Call>(*literal).fun;
    const Value* f = fun->kind == ir::ExprKind::value ? ir::as<ir::ValueExpr>(*fun).value : nullptr;
    if (!f || f->tag != Tag::function || as<FunctionValue>(*f).builtin != &kLanguage[kClose])
      return wrong("argument must be a struct or list literal, or a close() call");
    literal = ir::as<ir::Call>(*literal).args.empty() ? literal : ir::as<ir::Call>(*literal).args[0];
  } else if (literal->kind != ir::ExprKind::structure && literal->kind != ir::ExprKind::list) {
    return wrong("argument must be a struct or list literal");
  }
  if (literal->kind == ir::ExprKind::structure && !ir::as<ir::Struct>(*literal).explicit_open)
    return wrong("may only be used when explicitopen is enabled");
  Vertex* v = to_vertex(value);
  if (!v) return value;
  if (!reclose) v->closed_recursive = true;
  else if (v->node && v->node->embed_closedness == 2) {
    v->closed_recursive = true;
    if (closes) v->closed_once = false;   // all levels include the one that close() is for
  } else if (v->node && v->node->embed_closedness == 1) v->closed_once = true;
  return v;
}

const Value* Evaluator::call_and(const Value* list) {
  std::vector<const Value*> all;
  Kind kind = kTop;
  for (Vertex* each : elements(to_vertex(list))) {
    all.push_back(each);
    kind &= kind_of(each);
  }
  if (all.empty()) return make_type(kTop);
  auto* made = arena_.make<Conjunction>();
  made->tag = Tag::conjunction;
  made->kind = kind;
  made->pos = pos_;
  made->members = arena_.copy(all);
  return made;
}

const Value* Evaluator::call_or(const Value* list, const ir::Call* x, Pos pos) {
  bool ok = true;
  Vertex* v = to_vertex(take_default(list, ok));
  if (!ok) return nullptr;
  if (!v || !is_list(*deref(v))) {
    type_error(list, kList, {});
    return nullptr;
  }
  std::vector<ir::Alternative> all;
  for (Vertex* each : elements(v)) all.push_back({as_expr(each), false});
  if (all.empty()) return make_error(ErrorCode::incomplete, pos, "error in call to or: empty list in call to or");
  auto* made = arena_.make<ir::Disjunction>();
  made->kind = ir::ExprKind::disjunction;
  made->pos = pos;
  made->source = x ? x->source : nullptr;
  made->alternatives = arena_.copy(all);
  Vertex* result = make_vertex(nullptr, {});
  result->conjuncts.push_back({nullptr, made, nullptr, origin_});
  unify(result, {.needs = known::all, .mode = Mode::finalize, .check_typos = true});
  return result;
}

// A value without what was open, optional or closed about it.
Vertex* Evaluator::as_data(Vertex* v) {
  finalize(v);
  v = default_of(v);
  Vertex* made = arena_.make<Vertex>(*v);
  made->node = nullptr;
  made->status = Status::finalized;
  made->is_data = true;
  made->closed_recursive = made->closed_once = false;
  made->drop_arcs([&](Vertex* arc) { return !arc->label.is_regular() || !is_defined(arc); });
  for (Vertex*& arc : made->arcs) {
    Vertex* below = as_data(arc);
    if (below == arc || below->label != arc->label) below->label = arc->label;
    below->arc = ArcType::member;
    below->parent = made;
    arc = below;
  }
  return made;
}

const Value* Evaluator::call_match_n(std::span<const Value* const> args) {
  const Value* self = is_vertex(args[0]) ? as_data(to_vertex(args[0])) : args[0];
  if (bottom_of(self)) return make_bool(false);
  if (origin_.is_cyclic()) return make_error(ErrorCode::structural_cycle, pos_, "structural cycle");
  Vertex* list = to_vertex(args[2]);
  if (!list) {
    type_error(args[2], kList, {});
    return nullptr;
  }
  finalize(list);
  std::int64_t count = 0, possible = 0;
  std::vector<const Bottom*> errors;
  for (Vertex* each : elements(default_of(list))) {
    Vertex* v = unify_values(self, each);
    const Bottom* error = validate(v, {.final = true, .report_incomplete = true});
    if (!error) {
      ++count;
      continue;
    }
    errors.push_back(error);
    possible += error->code >= ErrorCode::incomplete;
  }
  const Bottom* wrong = check_count(args[1], count, count + possible);
  return wrong ? static_cast<const Value*>(wrong) : true_;
}

const Bottom* Evaluator::check_count(const Value* bound, std::int64_t count, std::int64_t possible) {
  const Value* b = unwrap(default_of(bound));
  const Value* reached = make_int(count);
  Vertex* both = unify_values(b, reached);
  if (!bottom_of(both)) return nullptr;
  Bottom* error = make_error(ErrorCode::eval, pos_, "{} matched, expected {}", {arg_number(count), arg(b)});
  bool may_come = b->tag != Tag::number && b->tag != Tag::bound;
  if (b->tag == Tag::number && !as<Number>(*b).big) may_come = as<Number>(*b).small > count && as<Number>(*b).small <= possible;
  if (b->tag == Tag::bound)
    for (std::int64_t n = count; n <= possible && !may_come; ++n) may_come = bound_holds(as<Bound>(*b), make_int(n));
  if (may_come) error->code = ErrorCode::incomplete;
  return error;
}

const Value* Evaluator::call_match_if(std::span<const Value* const> args) {
  const Value* self = is_vertex(args[0]) ? as_data(to_vertex(args[0])) : args[0];
  if (bottom_of(self)) return make_bool(false);
  if (origin_.is_cyclic()) return make_error(ErrorCode::structural_cycle, pos_, "structural cycle");
  constexpr Strictness kFinal{.final = true, .report_incomplete = true};
  const bool holds = !validate(unify_values(self, args[1]), kFinal);
  const Bottom* error = validate(unify_values(self, args[holds ? 2 : 3]), kFinal);
  return error ? static_cast<const Value*>(error) : true_;
}

}  // namespace oam::cue
