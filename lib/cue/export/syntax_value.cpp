// Evaluated values as syntax.
#include <algorithm>
#include <optional>

#include "cue/builtin/builtin.hpp"
#include "cue/export/exporter.hpp"
#include "cue/export/order.hpp"
#include "cue/ir/ranges.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

using ast::Op;

Exporter::X Exporter::value(const Value* v, std::span<const Conjunct> from) {
  e_.count_output(make_.used());
  if (o_.take_defaults && v) v = e_.default_of(v);
  if (!v) return make_.ident("_");
  switch (v->tag) {
    case Tag::vertex: return vertex(to_vertex(v));
    case Tag::bottom: return bottom(static_cast<const Bottom&>(*v));
    case Tag::bound: return bound(as<Bound>(*v));
    case Tag::validator: return validator(as<Validator>(*v));
    case Tag::conjunction: return conjunction(as<Conjunction>(*v));
    case Tag::disjunction: return disjunction(as<Disjunction>(*v));
    case Tag::function: return function(*as<FunctionValue>(*v).builtin);
    case Tag::struct_marker: return make_.structure({});
    case Tag::list_marker: return make_.list({});
    default: return scalar(*v, from);
  }
}

// A literal that is not the value of a field keeps its spelling.
static const ast::Literal* literal_of(std::span<const Conjunct> from) {
  for (const Conjunct& c : from) {
    if (c.decl || !c.expr->source) continue;
    const ast::ExprKind kind = c.expr->source->kind;
    if (kind >= ast::ExprKind::null && kind <= ast::ExprKind::string) return static_cast<const ast::Literal*>(c.expr->source);
  }
  return nullptr;
}

Exporter::X Exporter::scalar(const Value& v, std::span<const Conjunct> from) {
  const ast::Literal* written = literal_of(from);
  switch (v.tag) {
    case Tag::null: return make_.literal(ast::ExprKind::null, "null");
    case Tag::boolean: return make_.literal(ast::ExprKind::boolean, as<Boolean>(v).value ? "true" : "false");
    case Tag::number: return written ? make_.literal(written->kind, written->text) : number(as<Number>(v));
    case Tag::string: case Tag::bytes: return written ? make_.literal(written->kind, written->text) : text(as<Text>(v));
    default: break;
  }
  if (v.kind == kTop) return make_.ident("_");
  return make_.ident(make_.keep(kind_text(v.kind)));
}

Exporter::X Exporter::number(const Number& v) {
  std::string digits = v.big ? v.big->text() : std::to_string(v.small);
  if (!v.is_int() && digits.find_first_of("eE.") == digits.npos) digits += '.';
  return make_.literal(ast::ExprKind::number, digits);
}

Exporter::X Exporter::text(const Text& v) {
  const bool bytes = v.tag == Tag::bytes;
  const bool lines = v.text.find('\n') != v.text.npos;
  return make_.literal(ast::ExprKind::string, lines ? quote_lines(v.text, depth_, bytes) : bytes ? quote_bytes(v.text) : quote_string(v.text));
}

static Op bound_op(BoundOp op) {
  switch (op) {
    case BoundOp::eq: return Op::eq;
    case BoundOp::ne: return Op::ne;
    case BoundOp::lt: return Op::lt;
    case BoundOp::le: return Op::le;
    case BoundOp::gt: return Op::gt;
    case BoundOp::ge: return Op::ge;
    case BoundOp::match: return Op::match;
    case BoundOp::not_match: return Op::not_match;
  }
  return Op::none;
}

Exporter::X Exporter::bound(const Bound& v) { return make_.unary(bound_op(v.op), value(v.limit)); }

Exporter::X Exporter::function(const Builtin& b) {
  if (b.package.empty()) return make_.ident(b.name);
  return make_.select(make_.ident(import_name(b.package)), make_.ident(b.name));
}

Exporter::X Exporter::validator(const Validator& v) {
  std::vector<X> args;
  for (const Value* each : v.args) args.push_back(value(each));
  return make_.call(function(*v.builtin), args);
}

// How many errors are told for it, each with its places.
static std::size_t count(const Bottom& v) {
  if (v.causes.empty() || (!v.format.empty() && v.causes.size() == 1)) return 1;
  std::size_t all = v.format.empty() ? 0 : 1;
  for (const Bottom* each : v.causes) all += count(*each);
  return all;
}

Exporter::X Exporter::bottom(const Bottom& v) {
  auto* made = make_.literal(ast::ExprKind::bottom, "_|_");
  const Bottom* first = &v;
  while (first->format.empty() && !first->causes.empty()) first = first->causes[0];
  const std::string where = first->node ? e_.path(first->node) : "";
  std::string line = "// " + where + (where.empty() ? "" : ": ") + e_.message(*first);
  if (const std::size_t all = count(v); all > 1) line += " (and " + std::to_string(all - 1) + " more errors)";
  std::ranges::replace(line, '\n', ' ');
  make_.comment(*made, line);
  return made;
}

namespace {

// The order in which operands of `&` are shown: types, literals, bounds and the rest.
int rank(const Value& v) {
  if (v.tag == Tag::type) return v.kind == kTop ? 0 : 1;
  if (is_scalar(v)) return 10;
  if (v.tag == Tag::bound) return 20;
  return v.tag == Tag::vertex ? 100 : 25;
}

// Bounds on both sides say with `int` or `uint` what the type is.
struct Interval {
  bool is_int = false;
  const Bound* low = nullptr;
  const Bound* high = nullptr;

  bool add(const Value& v) {
    if (v.tag == Tag::type && (v.kind & (kScalar)) == kInt) return is_int = true;
    const Number* limit = ir::numeric_limit(&v);
    if (!limit) return false;
    const auto& b = as<Bound>(v);
    if (b.kind == kInt) is_int = true;
    const bool lower = b.op == BoundOp::gt || b.op == BoundOp::ge;
    if (!lower && b.op != BoundOp::lt && b.op != BoundOp::le) return false;
    const Bound*& side = lower ? low : high;
    if (!side || better(b, *side, lower)) side = &b;
    return true;
  }
  static bool better(const Bound& a, const Bound& b, bool lower) {
    const int order = compare(ir::decimal_of(as<Number>(*a.limit)), ir::decimal_of(as<Number>(*b.limit)));
    return lower ? order > 0 : order < 0;
  }
};

}  // namespace

Exporter::X Exporter::conjunction(const Conjunction& v) {
  if (v.members.empty()) return make_.ident("_");
  if (v.members.size() == 1) return value(v.members[0]);
  if (const std::string_view name = ir::range_name(v); !name.empty()) return make_.ident(name);
  Interval interval;
  std::vector<const Value*> rest;
  for (const Value* each : v.members)
    if (!interval.add(*each)) rest.push_back(each);
  X all = nullptr;
  if (interval.low && interval.high) {
    if (interval.is_int) {
      const int sign = compare(ir::decimal_of(as<Number>(*interval.low->limit)), Decimal());
      all = make_.ident(sign < 0 ? "int" : "uint");
      if (sign == 0 && interval.low->op == BoundOp::ge) interval.low = nullptr;
    }
    if (interval.low) all = make_.binary(Op::unify, all, bound(*interval.low));
    all = make_.binary(Op::unify, all, bound(*interval.high));
  } else {
    rest.assign(v.members.begin(), v.members.end());
  }
  std::ranges::stable_sort(rest, [](const Value* a, const Value* b) {
    if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
    return a->pos != kNoPos && b->pos != kNoPos && a->pos < b->pos;
  });
  for (const Value* each : rest) all = make_.binary(Op::unify, all, value(each));
  return all;
}

Exporter::X Exporter::disjunction(const Disjunction& v) {
  std::vector<X> all;
  for (std::size_t i = 0; i < v.members.size(); ++i) {
    X each = value(v.members[i]);
    all.push_back(i < v.defaults ? make_.unary(Op::mark, each) : each);
  }
  return make_.chain(Op::disjoin, all);
}

static bool is_used_let(const ast::Decl* d) {
  return d->kind == ast::DeclKind::let && static_cast<const ast::Let*>(d)->ident;
}

Exporter::X Exporter::vertex(Vertex* v) {
  if (std::ranges::find(open_, v) != open_.end()) return make_.ident("_");   // it leads back to itself
  open_.push_back(v);
  X made = nullptr;
  bool needs_lets = false;
  {
    Level level(*this, v);
    for (const Conjunct& c : v->conjuncts) mark_lets(*c.expr);
    made = vertex_value(v, level);
    needs_lets = made != level.made && std::ranges::any_of(level.scope.decls, is_used_let);
  }
  open_.pop_back();
  return needs_lets ? merge(v, v->conjuncts) : made;
}

Exporter::X Exporter::vertex_value(Vertex* v, Level& level) {
  Vertex* shown = deref(v);
  const Value* value_of = shown->value;
  const Attributes attributes = o_.attributes ? declared_attributes(*shown) : Attributes();
  if (!value_of) return as_conjuncts(v);
  if (const Bottom* b = bottom_of(value_of)) {
    if (v->arc == ArcType::optional) return as_conjuncts(v);
    if (o_.errors && b->child && shown->child_errors) {   // of a field here, not of what is referred to
      const bool is_list = !shown->arcs.empty() && shown->arcs[0]->label.is_integer();
      return is_list && !shows_arcs(*shown) && attributes.empty() ? list(shown) : structure(shown, level, attributes);
    }
    const bool incomplete = b->code >= ErrorCode::incomplete;
    return incomplete && !v->conjuncts.empty() ? as_conjuncts(v) : bottom(*b);
  }
  if (value_of->tag == Tag::struct_marker) return structure(shown, level, attributes);
  if (shows_arcs(*shown) || !attributes.empty()) return structure(shown, level, attributes);
  if (value_of->tag == Tag::list_marker) return list(shown);
  return value(value_of, shown->conjuncts);
}

static int rank(const ir::Expr& x) {
  switch (x.kind) {
    case ir::ExprKind::value: return rank(*ir::as<ir::ValueExpr>(x).value);
    case ir::ExprKind::field_ref: return 2;
    case ir::ExprKind::structure: case ir::ExprKind::list: return 500;
    case ir::ExprKind::comprehension: return 100;
    default: return 25;
  }
}

bool goes_before(const ir::Expr& a, const ir::Expr& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a.pos != kNoPos && b.pos != kNoPos && a.pos < b.pos;
}

Exporter::X Exporter::as_conjuncts(Vertex* v) {
  Conjuncts all(v->conjuncts.begin(), v->conjuncts.end());
  std::ranges::stable_sort(all, [](const Conjunct& a, const Conjunct& b) { return goes_before(*a.expr, *b.expr); });
  absl::flat_hash_set<const ir::Expr*> seen;
  std::vector<X> operands;
  for (const Conjunct& c : all)
    if (seen.insert(c.expr).second) operands.push_back(expr(c.env, *c.expr));
  X made = make_.chain(Op::unify, operands);
  return made ? made : make_.ident("_");
}

Exporter::X Exporter::list(Vertex* v) {
  std::vector<X> all;
  for (Vertex* each : v->arcs) {
    if (!each->label.is_integer()) continue;
    X element = vertex(each);
    if (o_.docs) document(*element, docs_of(*each));
    all.push_back(element);
  }
  const bool open = v->value && v->value->tag == Tag::list_marker && as<ListMarker>(*v->value).open;
  if (open && !o_.take_defaults) {
    auto* rest = make_.make<ast::Ellipsis>();
    rest->type = ellipsis_type(v);
    all.push_back(rest);
  }
  return make_.list(all);
}

Exporter::X Exporter::ellipsis_type(Vertex* v) {
  X all = nullptr;
  for (const Conjunct& c : v->conjuncts) {
    if (c.expr->kind != ir::ExprKind::list || !ir::as<ir::List>(*c.expr).rest) continue;
    Vertex* type = evaluate(inside(c.env, v), *ir::as<ir::List>(*c.expr).rest);
    if (e_.kind_of(type) != kTop) all = make_.binary(Op::unify, all, value(type));
  }
  return all;
}

// Hidden fields of imported packages are not ours to show.
static bool is_main_package(std::string_view package) { return package == "_" || package.starts_with(':'); }

bool Exporter::shows(Label label, bool regular) const {
  switch (label.kind()) {
    case LabelKind::string: return regular;
    case LabelKind::definition: return o_.definitions;
    case LabelKind::hidden: case LabelKind::hidden_definition:
      return o_.hidden && is_main_package(e_.labels().package(label));
    default: return false;
  }
}

bool Exporter::shows_arcs(const Vertex& v) const {
  return std::ranges::any_of(v.arcs, [this](const Vertex* arc) {
    return (arc->label.is_definition() && o_.definitions) || (arc->label.is_hidden() && o_.hidden);
  });
}

ast::Struct* Exporter::finish(Scope& scope) {
  std::erase_if(scope.decls, [](const ast::Decl* d) { return d->kind == ast::DeclKind::let && !is_used_let(d); });
  return make_.structure(scope.decls);
}

Exporter::X Exporter::structure(Vertex* v, Level& level, const Attributes& attributes) {
  Scope& into = level.scope;
  const bool is_list = std::ranges::any_of(v->arcs, [](const Vertex* arc) { return arc->label.is_integer(); }) ||
                       e_.is_list(*v);
  const bool failed = is_bottom(v->value);
  const bool regular = failed || v->value->tag == Tag::struct_marker;
  if (!regular && !is_list) {
    X scalar = value(v->value);
    scalar->gap = ast::Gap::none;   // no empty line before it, even if it is the first in a file
    into.decls.push_back(make_.embed(scalar));
  }
  for (const ast::Attribute& each : attributes) into.decls.push_back(make_.attribute(each));
  Arcs space;
  for (Vertex* arc : ordered_fields(e_, v, space))
    if (shows(arc->label, regular)) field(arc, into);
  if (is_list) into.decls.push_back(make_.embed(list(v)));
  return level.made = finish(into);
}

void Exporter::field(Vertex* arc, Scope& into) {
  if (arc->arc == ArcType::pending || arc->arc == ArcType::not_present) return;
  if (arc->arc == ArcType::optional && !o_.optional) return;
  ast::Field* made = make_.field(label(arc->label), nullptr, arc->arc);
  fields_[arc] = made;
  into.decls.push_back(made);
  Vertex* shown = deref(arc);
  made->value = shown->arc == arc->arc || shown == arc ? vertex(shown) : vertex(arc);
  if (o_.attributes) made->attributes = make_.span(attributes_of(arc->conjuncts));
  if (o_.docs) document(*made, docs_of(*arc));
}

}  // namespace oam::cue
