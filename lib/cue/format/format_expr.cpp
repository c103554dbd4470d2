#include <algorithm>

#include "cue/format/formatter.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

using ast::ClauseKind;
using ast::ExprKind;
using ast::Op;
using ast::Place;
using Break = Layout::Break;
using Kind = Layout::Kind;

constexpr int kUnary = 8, kPrimary = 9;   // how strongly they bind; operators: 1 to 7

struct OpText {
  std::string_view text;
  int precedence;
};

OpText describe(Op op) {
  switch (op) {
    case Op::disjoin: return {"|", 1};
    case Op::unify: return {"&", 2};
    case Op::lor: return {"||", 3};
    case Op::land: return {"&&", 4};
    case Op::eq: return {"==", 5};
    case Op::ne: return {"!=", 5};
    case Op::lt: return {"<", 5};
    case Op::le: return {"<=", 5};
    case Op::gt: return {">", 5};
    case Op::ge: return {">=", 5};
    case Op::match: return {"=~", 5};
    case Op::not_match: return {"!~", 5};
    case Op::add: return {"+", 6};
    case Op::sub: return {"-", 6};
    case Op::mul: return {"*", 7};
    case Op::div: return {"/", 7};
    case Op::logical_not: return {"!", kUnary};
    case Op::mark: return {"*", kUnary};
    case Op::none: break;
  }
  return {"", 0};
}

Kind kind_of(Op op) {
  switch (op) {
    case Op::add: return Kind::plus;
    case Op::sub: return Kind::minus;
    case Op::div: return Kind::slash;
    case Op::lt: return Kind::less;
    case Op::gt: return Kind::greater;
    case Op::logical_not: return Kind::bang;
    default: return Kind::other;
  }
}

const ast::Binary* as_binary(const ast::Expr& x) { return x.kind == ExprKind::binary ? &as<ast::Binary>(x) : nullptr; }

int precedence_of(const ast::Expr& x) {
  const ast::Binary* binary = as_binary(x);
  return binary ? describe(binary->op).precedence : 0;
}

// The operators of an expression, but for those in brackets.
struct Operators {
  bool sums = false, products = false;
  int clash = 0;   // a sign behind an operator that it would melt into binds so strongly

  // The operator and what is right of it.
  void add_right(const ast::Binary& x) {
    const int precedence = describe(x.op).precedence;
    sums = sums || precedence == 6;
    products = products || precedence == 7;
    if (precedence_of(*x.y) > precedence) add(*as_binary(*x.y));
    if (x.y->kind != ExprKind::unary) return;
    const Op sign = as<ast::Unary>(*x.y).op;
    if (x.op == Op::div && sign == Op::mark) clash = 8;
    if (x.op == sign && (sign == Op::add || sign == Op::sub)) clash = std::max(clash, 6);
  }
  void add(const ast::Binary& x) {
    for (const ast::Binary* at = &x; at;) {
      add_right(*at);
      at = precedence_of(*at->x) >= describe(at->op).precedence ? as_binary(*at->x) : nullptr;
    }
  }

  // Those that bind less than this have blanks around them. Where sums and products
  // mix the products go without; in brackets of brackets both do.
  int blanks_below(int depth) const {
    if (clash > 0) return clash + 1;
    if (depth > 1) return 6;
    return sums && products ? 7 : 8;
  }
};

// `a + b + c` from the last operator to the first.
std::vector<const ast::Binary*> chain_of(const ast::Binary& x) {
  std::vector<const ast::Binary*> chain = {&x};
  while (precedence_of(*chain.back()->x) == describe(x.op).precedence) chain.push_back(as_binary(*chain.back()->x));
  return chain;
}

// The last line end of a multi-line literal and the indent of its closing quotes.
std::string_view closing_indent(std::string_view literal) {
  const std::size_t hashes = std::min(literal.find_first_not_of('#'), literal.size());
  const std::string_view rest = literal.substr(hashes);
  if (!rest.starts_with("\"\"\"") && !rest.starts_with("'''")) return {};
  const std::size_t end = literal.size() - std::min(literal.size(), hashes + 3);
  const std::size_t line = literal.rfind('\n', end);
  return line == literal.npos ? std::string_view() : literal.substr(line, end - line);
}

std::string without_returns(std::string_view literal) {
  std::string text(literal);
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  return text;
}

// A multi-line literal, its lines indented with so many tabs; any other as it is.
std::string with_tabs(std::string_view literal, unsigned tabs) {
  const std::string_view indent = closing_indent(literal);
  if (indent.empty()) return std::string(literal);
  std::string text = without_returns(literal);
  const std::string from(indent), to = "\n" + std::string(tabs, '\t');
  if (from == to) return text;
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

// With digits on both sides of the point, and a small e.
std::string plain_number(std::string_view literal) {
  std::string text(literal);
  const std::size_t point = text.find('.');
  if (point == 0) text.insert(0, "0");
  if (const std::size_t at = text.find('.'); at != text.npos && (at + 1 == text.size() || text[at + 1] > '9')) text.insert(at + 1, "0");
  const std::size_t e = text.find('E');
  if (e != text.npos && (point != text.npos || e + 1 < text.size()))
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return text;
}

}  // namespace

void Formatter::expr_in(const ast::Expr& expr, int least, int depth) {
  before(expr);
  expr_body(expr, least, depth);
  after(expr);
}

void Formatter::expr_body(const ast::Expr& x, int least, int depth) {
  switch (x.kind) {
    case ExprKind::bad: case ExprKind::func: return token("_|_", x.gap);
    case ExprKind::bottom: case ExprKind::null: case ExprKind::boolean: case ExprKind::number: case ExprKind::string:
      return literal(as<ast::Literal>(x));
    case ExprKind::interpolation: return interpolation(as<ast::Interpolation>(x), depth);
    case ExprKind::ident: return ident(as<ast::Ident>(x));
    case ExprKind::structure: return structure(as<ast::Struct>(x));
    case ExprKind::list: return list(as<ast::List>(x));
    case ExprKind::ellipsis: return ellipsis(x.gap, as<ast::Ellipsis>(x).type);
    case ExprKind::selector: return selector(as<ast::Selector>(x), depth);
    case ExprKind::index: return index(as<ast::Index>(x), depth);
    case ExprKind::slice: return slice(as<ast::Slice>(x), depth);
    case ExprKind::call: return call(as<ast::Call>(x), depth);
    case ExprKind::unary: return unary(as<ast::Unary>(x), least, depth);
    case ExprKind::binary: return binary(as<ast::Binary>(x), least, depth);
    case ExprKind::paren: return paren(as<ast::Paren>(x), depth);
    case ExprKind::comprehension: return comprehension(as<ast::Comprehension>(x));
    case ExprKind::alias: return alias(as<ast::Alias>(x));
    case ExprKind::open:
      expr_in(*as<ast::Open>(x).x, kPrimary, depth);
      return out_.token("...");
  }
}

void Formatter::ident(const ast::Ident& ident) {
  token(ident.name, ident.gap);
  optional_mark(ident.optional);
}

void Formatter::optional_mark(bool optional) {
  if (optional) out_.token("?");
}

void Formatter::literal(const ast::Literal& literal) {
  if (literal.kind == ExprKind::number) {
    const bool integer = literal.text.find_first_of(".eE") == literal.text.npos;
    return out_.token(plain_number(literal.text), kept(literal.gap), integer ? Kind::integer : Kind::other);
  }
  out_.arrive(kept(literal.gap));
  if (literal.kind == ExprKind::string && out_.depth() < 6)
    out_.token(with_tabs(literal.text, out_.depth() + 1));
  else
    out_.token(literal.text);
}

// On one line but for multi-line strings. There the expression stands on lines of its
// own, or neither its beginning nor its end does.
void Formatter::interpolation(const ast::Interpolation& x, int depth) {
  const std::size_t hashes = std::min(x.texts[0].find_first_not_of('#'), x.texts[0].size());
  const std::string first = without_returns(x.texts[0]), open = "\\" + std::string(hashes, '#') + "(";
  const std::string_view behind = std::string_view(first).substr(hashes);
  const bool multi_line = behind.starts_with("\"\"\"\n") || behind.starts_with("'''\n");
  token(first + open, x.gap);
  const bool outer = std::exchange(flat_, flat_ || !multi_line);
  for (std::size_t i = 0; i < x.exprs.size(); ++i) {
    const Gap gap = x.close_gaps.empty() ? Gap::unset : x.close_gaps[i];
    const bool begins = x.exprs[i]->gap >= Gap::newline, ends = gap >= Gap::newline;
    if (multi_line && ends && !begins) out_.line().fixed();
    expr_in(*x.exprs[i], 0, depth + 1);
    if (multi_line && begins && !ends) out_.line().fixed();
    token(")" + without_returns(x.texts[i + 1]) + (i + 1 < x.exprs.size() ? open : ""), gap);
  }
  flat_ = outer;
}

// One field, and nothing in it that wants lines of its own.
bool is_short(const ast::Struct& x) {
  if (x.decls.size() != 1 || !x.comments.empty() || has_comments(*x.decls[0])) return false;
  const ast::Decl& decl = *x.decls[0];
  if (decl.kind == ast::DeclKind::ellipsis) return true;
  const ast::Expr* inner = decl.kind == ast::DeclKind::field ? as<ast::Field>(decl).value : decl.kind == ast::DeclKind::embed ? as<ast::Embed>(decl).x : nullptr;
  if (!inner || inner->kind == ExprKind::comprehension) return false;
  return inner->kind != ExprKind::structure || as<ast::Struct>(*inner).decls.empty() || is_short(as<ast::Struct>(*inner));
}

// Made up, of a struct whose first comment an empty line kept from another.
static bool begins_apart(const ast::Struct& x) {
  if (x.decls.empty() || x.close_gap != ast::Gap::unset) return false;
  const auto& all = x.decls[0]->comments;
  return !all.empty() && all[0].place == Place::before && all[0].gap == ast::Gap::section;
}

void Formatter::structure(const ast::Struct& x) {
  const bool outer = one_line_, is_one_line = options_.compact || (options_.short_structs && !std::exchange(is_block_, false) && is_short(x));
  one_line_ = outer || is_one_line || (x.one_line && x.decls.size() <= 1);
  const Groups opening = placed(x, Place::opening), closing = placed(x, Place::closing);
  token("{", x.braces ? x.gap : Gap::unset);
  const unsigned breaks = out_.breaks();
  out_.note_brace();
  out_.tight().indent();
  if (x.decls.empty() && opening.empty() && closing.empty())
    out_.blank().fixed();
  else
    block();
  if (!is_one_line && !x.decls.empty() && (kept(x.close_gap) == Gap::unset || kept(x.decls[0]->gap) == Gap::unset)) out_.line().fixed();
  if (begins_apart(x)) out_.line(Layout::Break::section);
  decls(x.decls, opening, closing);
  if (x.decls.empty()) {
    comments(opening);
    comments(closing);
  }
  out_.dedent().tight();
  if (out_.breaks() != breaks) {
    out_.line();
    if (out_.last() != Kind::closing) out_.fixed();
  }
  out_.token("}", kept(x.close_gap), Kind::closing);
  one_line_ = outer;
}

void Formatter::list(const ast::List& x) {
  const Groups opening = placed(x, Place::opening), closing = placed(x, Place::closing);
  token("[", x.gap);
  out_.tight().indent();
  if (x.elements.empty() && opening.empty() && closing.empty()) out_.blank().fixed();
  for (const ast::Expr* element : x.elements) {
    const bool first = element == x.elements.front(), last = element == x.elements.back();
    if (x.bare && !first) out_.separator();
    before(*element, first ? opening : Groups());
    expr_body(*element, 0, 1);
    if (!x.bare) out_.comma().blank();
    after(*element, last ? closing : Groups());
  }
  out_.closing_comma().tight();
  if (x.elements.empty()) {
    comments(opening);
    comments(closing);
  }
  out_.dedent().tight().token("]", kept(x.close_gap), Kind::closing);
}

void Formatter::ellipsis(Gap gap, const ast::Expr* type) {
  token("...", gap);
  const bool top = type && type->kind == ExprKind::ident && as<ast::Ident>(*type).name == "_";
  if (type && !top) expr(*type);
}

void Formatter::selector(const ast::Selector& x, int depth) {
  expr_in(*x.x, kPrimary, depth);
  out_.token(".");
  if (kept(x.name->gap) >= Gap::newline) {
    out_.indent().line(Break::block);
    expr(*x.name);
    out_.dedent();
  } else {
    out_.tight();
    expr(*x.name);
  }
  optional_mark(x.optional);
}

void Formatter::index(const ast::Index& x, int depth) {
  expr_in(*x.x, kPrimary, 1);
  token("[", x.open_gap);
  expr_in(*x.index, 0, depth + 1);
  out_.token("]", kept(x.close_gap), Kind::closing);
  optional_mark(x.optional);
}

void Formatter::slice(const ast::Slice& x, int depth) {
  expr_in(*x.x, kPrimary, 1);
  token("[", x.open_gap);
  const bool blanks = depth <= 1 && x.low && x.high && (as_binary(*x.low) || as_binary(*x.high));
  if (x.low) expr_in(*x.low, 0, depth + 1);
  if (blanks) out_.blank();
  out_.token(":");
  if (blanks) out_.blank();
  if (x.high) expr_in(*x.high, 0, depth + 1);
  out_.token("]", kept(x.close_gap), Kind::closing);
}

void Formatter::call(const ast::Call& x, int depth) {
  if (x.args.size() > 1) ++depth;
  const Groups opening = placed(x, Place::opening), closing = placed(x, Place::closing);
  expr_in(*x.fun, kPrimary, depth);
  token("(", x.open_gap);
  for (const ast::Expr* argument : x.args) {
    before(*argument, argument == x.args.front() ? opening : Groups());
    expr_body(*argument, 0, depth);
    out_.comma().blank();
    after(*argument, argument == x.args.back() ? closing : Groups());
  }
  if (x.args.empty()) {
    comments(opening);
    comments(closing);
  }
  out_.closing_comma().tight();
  token(")", x.close_gap);
}

void Formatter::unary(const ast::Unary& x, int least, int depth) {
  if (least > kUnary) return in_parens(x, depth);
  out_.token(describe(x.op).text, kept(x.gap), kind_of(x.op));
  out_.fixed();
  expr_in(*x.x, kUnary, depth);
}

void Formatter::in_parens(const ast::Expr& x, int depth) {
  out_.token("(");
  out_.fixed();
  expr_in(x, 0, depth);
  out_.token(")");
}

void Formatter::binary(const ast::Binary& x, int least, int depth) {
  const int precedence = describe(x.op).precedence;
  if (precedence < least) return in_parens(x, std::max(depth - 1, 1));
  const std::vector<const ast::Binary*> chain = chain_of(x);
  for (const ast::Binary* link : chain)
    if (link != &x) before(*link);
  const ast::Expr& first = *chain.back()->x;
  Operators found;
  if (precedence_of(first) > precedence) found.add(*as_binary(first));
  expr_in(first, precedence, depth + 1);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    found.add_right(**link);
    right_side(**link, precedence < found.blanks_below(depth), depth);
    if (*link != &x) after(**link);
  }
}

void Formatter::right_side(const ast::Binary& x, bool blanks, int depth) {
  const auto [text, precedence] = describe(x.op);
  out_.fixed();
  if (blanks) out_.blank();
  out_.token(text, Gap::unset, kind_of(x.op));
  if (kept(first_gap(*x.y)) >= Gap::newline) {
    out_.line(Break::block);
  } else {
    out_.fixed();
    if (blanks) out_.blank();
  }
  expr_in(*x.y, precedence + 1, depth + 1);
}

void Formatter::paren(const ast::Paren& x, int depth) {
  if (x.x->kind == ExprKind::paren) return expr_in(*x.x, 0, depth);   // one pair says it
  token("(", x.gap);
  comments(placed(x, Place::opening));
  expr_in(*x.x, 0, std::max(depth - 1, 1));
  comments(placed(x, Place::closing));
  token(")", x.close_gap);
}

void Formatter::alias(const ast::Alias& x) {
  ident(*x.ident);
  token("=", x.equal_gap);
  expr(*x.x);
}

void Formatter::comprehension(const ast::Comprehension& x) {
  for (const ast::Clause* clause : x.clauses) {
    before(*clause);
    if (clause != x.clauses.front()) out_.blank();
    this->clause(*clause);
    after(*clause);
  }
  out_.blank().fixed();
  is_block_ = true;
  expr(*x.value);
  if (!x.fallback) return;
  const bool guard = x.clauses.size() == 1 && x.clauses[0]->kind != ClauseKind::for_;
  out_.blank().token(guard ? "else" : "otherwise", Gap::unset, Kind::word);
  out_.blank();
  is_block_ = true;
  expr(*x.fallback);
}

void Formatter::clause(const ast::Clause& clause) {
  switch (clause.kind) {
    case ClauseKind::for_:
      token("for", clause.gap);
      out_.blank().indent();
      if (clause.key) {
        expr(*clause.key);
        out_.token(",");
        out_.blank();
      }
      expr(*clause.value);
      out_.blank().token("in");
      out_.blank();
      expr(*clause.x);
      return out_.close_level();
    case ClauseKind::if_:
      token("if", clause.gap);
      out_.blank().indent();
      expr(*clause.x);
      return out_.close_level();
    case ClauseKind::let:
      out_.token("let", kept(clause.gap), Kind::word);
      return assignment(clause);
    case ClauseKind::try_:
      out_.token("try", kept(clause.gap), Kind::word);
      return clause.value ? assignment(clause) : void();
  }
}

void Formatter::assignment(const ast::Clause& clause) {
  out_.blank().fixed().indent();
  expr(*clause.value);
  out_.blank().fixed().token("=");
  out_.blank();
  expr(*clause.x);
  out_.close_level();
}

}  // namespace oam::cue
