// Expressions: literals, operators, calls, comprehensions.
#include <utility>

#include "cue/builtin/builtin.hpp"
#include "cue/eval/words.hpp"
#include "cue/ir/compiler.hpp"
#include "cue/parse/literal.hpp"
#include "cue/parse/parse.hpp"

namespace oam::cue::ir {

const Expr* Compiler::expr(const ast::Expr* x) {
  using K = ast::ExprKind;
  switch (x->kind) {
    case K::bad: return error(x->begin, "invalid expression");
    case K::bottom: case K::null: case K::boolean: case K::number: case K::string:
      return literal(static_cast<const ast::Literal&>(*x));
    case K::interpolation: return interpolation(static_cast<const ast::Interpolation&>(*x));
    case K::ident: return ident(static_cast<const ast::Ident&>(*x));
    case K::structure: return structure(static_cast<const ast::Struct&>(*x));
    case K::list: return list(static_cast<const ast::List&>(*x));
    case K::selector: return selector(static_cast<const ast::Selector&>(*x));
    case K::index: return index(static_cast<const ast::Index&>(*x));
    case K::slice: return slice(static_cast<const ast::Slice&>(*x));
    case K::call: return call(static_cast<const ast::Call&>(*x));
    case K::unary: return unary(static_cast<const ast::Unary&>(*x));
    case K::binary: return binary(static_cast<const ast::Binary&>(*x));
    case K::paren: return expr(static_cast<const ast::Paren&>(*x).x);
    case K::comprehension: return comprehension(static_cast<const ast::Comprehension&>(*x), false);
    case K::open: {
      if (!experiments_.explicitopen) return error(x->begin, "postfix ... operator requires @experiment(explicitopen)");
      auto* made = make<Unary>(ExprKind::open, x);
      made->x = expr(static_cast<const ast::Open&>(*x).x);
      return made;
    }
    case K::func: return type(kTop, x);
    case K::ellipsis: return error(x->begin, "... must stand at the end of a list or in a struct");
    case K::alias: return error(x->begin, "alias values not allowed in this position");
  }
  return error(x->begin, "invalid expression");
}

const Expr* Compiler::literal(const ast::Literal& x) {
  switch (x.kind) {
    case ast::ExprKind::null: return value(make_value<Value>(Tag::null, kNull, x.begin), &x);
    case ast::ExprKind::boolean: {
      auto* made = make_value<Boolean>(Tag::boolean, kBool, x.begin);
      made->value = x.text == "true";
      return value(made, &x);
    }
    case ast::ExprKind::bottom: {
      auto* made = make_value<Bottom>(Tag::bottom, kBottom, x.begin);
      made->code = ErrorCode::legacy_user;
      made->format = "explicit error (_|_ literal) in source";
      made->positions = arena_.copy(std::span<const Pos>(&x.begin, 1));
      return value(made, &x);
    }
    case ast::ExprKind::number: return number(x);
    default: return text(x);
  }
}

const Expr* Compiler::number(const ast::Literal& x) {
  const NumberText read = read_number(x.text);
  if (!read.ok()) return error(x.begin, "parse error: " + read.error);
  const auto digits = parse_digits(read.digits, 10);
  const bool in_range = read.exponent >= -Decimal::kMaxExponent && read.exponent <= Decimal::kMaxExponent;
  if (!digits || !in_range) return error(x.begin, "number out of range: " + std::string(x.text.substr(0, 40)));
  const Decimal decimal(*digits, static_cast<std::int32_t>(read.exponent));
  auto* made = make_value<Number>(Tag::number, read.is_float ? kFloat : kInt, x.begin);
  const auto small = read.is_float ? std::nullopt : decimal.to_int64();
  if (small) made->small = *small;
  else made->big = arena_.make<Decimal>(decimal);
  return value(made, &x);
}

const Expr* Compiler::text(const ast::Literal& x) {
  const Unquoted read = unquote(x.text);
  if (!read.ok()) return error(x.begin, "invalid string: " + read.error);
  auto* made = make_value<Text>(read.bytes ? Tag::bytes : Tag::string, read.bytes ? kBytes : kString, x.begin);
  made->text = arena_.text(read.value);
  return value(made, &x);
}

const Expr* Compiler::interpolation(const ast::Interpolation& x) {
  const UnquotedPieces pieces = unquote_pieces(x.texts);
  if (!pieces.ok()) return error(x.begin, "invalid interpolation: " + pieces.error);
  std::vector<const Expr*> parts;
  for (std::size_t i = 0; i < pieces.values.size(); ++i) {
    auto* piece = make_value<Text>(x.bytes ? Tag::bytes : Tag::string, x.bytes ? kBytes : kString, x.begin);
    piece->text = arena_.text(pieces.values[i]);
    parts.push_back(value(piece, nullptr));
    if (i < x.exprs.size()) parts.push_back(expr(x.exprs[i]));
  }
  auto* made = make<Interpolation>(ExprKind::interpolation, &x);
  made->parts = arena_.copy(parts);
  made->bytes = x.bytes;
  return made;
}

const Expr* Compiler::structure(const ast::Struct& x) {
  scopes_.push(1);
  auto* made = make<Struct>(ExprKind::structure, &x);
  made->explicit_open = experiments_.explicitopen;
  decls(*made, x.decls);
  report_unused(scopes_.top());
  scopes_.pop();
  return made;
}

const Expr* Compiler::list(const ast::List& x) {
  scopes_.push(1);
  auto* made = make<List>(ExprKind::list, &x);
  std::vector<const Expr*> elements;
  for (std::size_t i = 0; i < x.elements.size(); ++i) {
    const ast::Expr* each = x.elements[i];
    if (each->kind == ast::ExprKind::ellipsis && i + 1 == x.elements.size()) {
      const auto* type = static_cast<const ast::Ellipsis*>(each)->type;
      made->open = true;
      made->rest = type ? expr(type) : nullptr;
      made->rest_pos = each->begin;
    } else if (each->kind == ast::ExprKind::comprehension) {
      elements.push_back(comprehension(static_cast<const ast::Comprehension&>(*each), true));
    } else {
      elements.push_back(each->kind == ast::ExprKind::ellipsis
                             ? error(each->begin, "ellipsis must be last element in list") : expr(each));
    }
  }
  made->elements = arena_.copy(elements);
  scopes_.pop();
  return made;
}

const Expr* Compiler::unary(const ast::Unary& x) {
  switch (x.op) {
    case Op::mark: return error(x.begin, "preference mark not allowed at this position");
    case Op::logical_not: case Op::add: case Op::sub: {
      auto* made = make<Unary>(ExprKind::unary, &x);
      made->op = x.op;
      made->x = expr(x.x);
      return made;
    }
    case Op::eq:
      if (!experiments_.structcmp) return error(x.begin, "unsupported unary operator \"==\"");
      [[fallthrough]];
    default: break;
  }
  auto* made = make<Unary>(ExprKind::bound, &x);
  made->op = x.op;
  made->x = expr(x.x);
  return made;
}

// Operands that can never be concrete are mistakes that need no evaluation.
void Compiler::require_concrete(const Expr& x, Op op) {
  if (x.kind != ExprKind::value) {
    if (x.kind == ExprKind::bound)
      error(x.pos, "invalid operand ('" + std::string(op_text(op)) + "' requires concrete value)");
    return;
  }
  const Value& value = *as<ValueExpr>(x).value;
  if (is_scalar(value) || value.tag == Tag::bottom || value.tag == Tag::function) return;
  error(x.pos, "invalid operand " + kind_text(value.kind) + " ('" + std::string(op_text(op)) + "' requires concrete value)");
}

const Expr* Compiler::binary(const ast::Binary& x) {
  if (x.op == Op::disjoin) return disjunction(x);
  auto* made = make<Binary>(x.op == Op::unify ? ExprKind::unify : ExprKind::binary, &x);
  made->op = x.op;
  made->compare_structs = experiments_.structcmp;
  made->x = expr(x.x);
  made->y = expr(x.y);
  if (x.op == Op::unify) return made;
  require_concrete(*made->x, x.op);
  require_concrete(*made->y, x.op);
  return made;
}

const Expr* Compiler::disjunction(const ast::Binary& x) {
  auto* made = make<Disjunction>(ExprKind::disjunction, &x);
  std::vector<Alternative> all;
  alternatives(x, false, all, made->has_defaults);
  made->alternatives = arena_.copy(all);
  return made;
}

void Compiler::alternatives(const ast::Expr& x, bool marked, std::vector<Alternative>& all, bool& has_defaults) {
  if (x.kind == ast::ExprKind::binary) {
    const auto& binary = static_cast<const ast::Binary&>(x);
    if (binary.op == Op::disjoin) {
      alternatives(*binary.x, marked, all, has_defaults);
      alternatives(*binary.y, marked, all, has_defaults);
      return;
    }
  }
  if (x.kind == ast::ExprKind::unary && static_cast<const ast::Unary&>(x).op == Op::mark) {
    has_defaults = true;
    return alternatives(*static_cast<const ast::Unary&>(x).x, true, all, has_defaults);
  }
  all.push_back({expr(&x), marked});
}

const Expr* Compiler::call(const ast::Call& x) {
  auto* made = make<Call>(ExprKind::call, &x);
  made->fun = expr(x.fun);
  std::vector<const Expr*> args;
  for (const ast::Expr* each : x.args) args.push_back(expr(each));
  made->args = arena_.copy(args);
  return made;
}

// Constants may be whole structs, written in CUE: list.Ascending.
const Expr* Compiler::of_package(const Package& package, std::string_view name, const ast::Selector& x) {
  if (const Value* member = package_member(package, name, arena_)) return value(member, &x);
  for (const Constant& each : package.constants) {
    if (each.name != name) continue;
    std::vector<SyntaxError> errors;
    const ast::Expr* tree = parse_expression(arena_, each.literal, kElsewhere, errors);
    if (!tree) return nullptr;
    auto* made = const_cast<Expr*>(expr(tree));
    made->source = &x;   // it is shown as written
    return made;
  }
  return nullptr;
}

// `strings.Join` is known now: no package needs to be built to find it.
const Expr* Compiler::selector(const ast::Selector& x) {
  check_optional(x, x.optional);
  const Expr* from = expr(x.x);
  if (x.name->kind == ast::ExprKind::ident) refuse_beside(static_cast<const ast::Ident&>(*x.name));
  const auto name = label(*x.name);
  if (!name) return error(x.name->begin, "invalid selector");
  if (from->kind == ExprKind::import_ref) {
    if (const Package* package = find_package(as<ImportRef>(*from).path))
      if (const Expr* member = of_package(*package, around_.labels.text(*name), x)) return member;
  }
  auto* made = make<Selector>(ExprKind::selector, &x);
  made->x = from;
  made->label = *name;
  made->label_pos = x.name->begin;
  made->optional = x.optional;
  return made;
}

// The label that a literal stands for as an index; none: it is no such literal.
static Label label_of(const Expr& x, Labels& labels) {
  const Value* v = x.kind == ExprKind::value ? as<ValueExpr>(x).value : nullptr;
  if (v && v->tag == Tag::string) return labels.string(as<Text>(*v).text);
  const Number* n = v && v->tag == Tag::number && v->kind == kInt ? &as<Number>(*v) : nullptr;
  const bool fits = n && !n->big && n->small >= 0 && n->small <= kMaxIndex;
  return fits ? labels.integer(static_cast<std::uint32_t>(n->small)) : Label();
}

const Expr* Compiler::index(const ast::Index& x) {
  check_optional(x, x.optional);
  auto* made = make<Index>(ExprKind::index, &x);
  made->x = expr(x.x);
  made->index = expr(x.index);
  made->label = label_of(*made->index, around_.labels);
  made->index_pos = x.index->begin;
  made->optional = x.optional;
  return made;
}

const Expr* Compiler::slice(const ast::Slice& x) {
  auto* made = make<Slice>(ExprKind::slice, &x);
  made->x = expr(x.x);
  made->low = x.low ? expr(x.low) : nullptr;
  made->high = x.high ? expr(x.high) : nullptr;
  return made;
}

const Expr* Compiler::comprehension(const ast::Comprehension& x, bool in_list) {
  auto* made = make<Comprehension>(ExprKind::comprehension, &x);
  std::vector<const Clause*> clauses;
  std::size_t opened = 0;
  const bool tries = !x.clauses.empty() && x.clauses.back()->kind == ast::ClauseKind::try_ && !x.clauses.back()->value;
  for (const ast::Clause* each : x.clauses) {
    const Clause* compiled = clause(*each, in_list);
    clauses.push_back(compiled);
    if (compiled->kind == ClauseKind::for_ || compiled->kind == ClauseKind::let ||
        (compiled->kind == ClauseKind::try_ && compiled->x)) ++opened;
  }
  if (!clauses.empty() && clauses.front()->kind == ClauseKind::let)
    error(x.begin, "first comprehension clause must be 'if' or 'for'");
  in_try_ += tries;
  const Expr* body = expr(x.value);
  in_try_ -= tries;
  while (opened-- > 0) {
    report_unused(scopes_.top());
    scopes_.pop();
    path_.pop_back();
  }
  if (body->kind != ExprKind::structure) return body;
  made->clauses = arena_.copy(clauses);
  made->value = static_cast<const Struct*>(body);
  if (!x.fallback) return made;
  if (!experiments_.try_) return error(x.fallback->begin, "else clause requires the try experiment (language version v0.16.0 or later)");
  const Expr* fallback = expr(x.fallback);
  if (fallback->kind == ExprKind::structure) made->fallback = static_cast<const Struct*>(fallback);
  return made;
}

const Clause* Compiler::clause(const ast::Clause& x, bool in_list) {
  auto* made = arena_.make<Clause>();
  made->kind = static_cast<ClauseKind>(x.kind);
  made->pos = x.begin;
  if (x.kind == ast::ClauseKind::if_ || x.kind == ast::ClauseKind::for_) {
    made->x = expr(x.x);
    if (x.kind == ast::ClauseKind::for_) clause_scope(x, *made, !in_list);
    if (x.key && x.key->name != "_") made->key = *label(*x.key);
    if (x.value && x.value->name != "_") made->value = *label(*x.value);
    return made;
  }
  if (x.kind == ast::ClauseKind::try_ && !experiments_.try_)
    error(x.begin, "try clause requires the try experiment (language version v0.16.0 or later)");
  if (!x.value) return made;
  const bool outer = std::exchange(refers_to_variable_, false);
  in_try_ += x.kind == ast::ClauseKind::try_;
  made->x = expr(x.x);
  in_try_ -= x.kind == ast::ClauseKind::try_;
  made->value = *label(*x.value);
  const bool uses = refers_to_variable_;
  refers_to_variable_ = outer || uses;
  clause_scope(x, *made, !in_list && uses);
  return made;
}

void Compiler::clause_scope(const ast::Clause& x, const Clause&, bool is_variable) {
  Scope& scope = scopes_.push(1);
  scope.is_variable = is_variable;
  path_.emplace_back(x.kind == ast::ClauseKind::for_ ? "for[]" : "let[]");
  for (const ast::Ident* each : {x.key, x.value})
    if (each && each->name != "_")
      scope.names[each->name] = {.what = Entry::What::variable, .label = *label(*each), .pos = each->begin};
}

}  // namespace oam::cue::ir
