// Fields and the other declarations.
#include <algorithm>

#include "cue/format/formatter.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {
namespace {

using ast::Constraint;
using ast::DeclKind;
using ast::ExprKind;
using ast::Place;
using Break = Layout::Break;
using Kind = Layout::Kind;

bool is_regular(const ast::Label& label) {
  const ast::Expr& x = *label.x;
  if (x.kind != ExprKind::ident) return true;
  const std::string_view name = as<ast::Ident>(x).name;
  return !name.starts_with('#') && !name.starts_with('_');
}

ast::Gap first_gap_of(const ast::Decl& decl) {
  if (decl.gap != ast::Gap::unset) return decl.gap;
  if (decl.kind == DeclKind::field) return first_gap(*as<ast::Field>(decl).label->x);
  return decl.kind == DeclKind::embed ? first_gap(*as<ast::Embed>(decl).x) : decl.gap;
}

}  // namespace

// An exporter that keeps a part of a parsed tree does not say so in the nodes around.
ast::Gap first_gap(const ast::Expr& x) {
  if (x.gap != ast::Gap::unset) return x.gap;
  switch (x.kind) {
    case ExprKind::comprehension: return as<ast::Comprehension>(x).clauses[0]->gap;
    case ExprKind::structure: {
      const auto decls = as<ast::Struct>(x).decls;
      return decls.empty() ? x.gap : first_gap_of(*decls[0]);
    }
    case ExprKind::binary: return first_gap(*as<ast::Binary>(x).x);
    case ExprKind::selector: return first_gap(*as<ast::Selector>(x).x);
    case ExprKind::index: return first_gap(*as<ast::Index>(x).x);
    case ExprKind::slice: return first_gap(*as<ast::Slice>(x).x);
    case ExprKind::call: return first_gap(*as<ast::Call>(x).fun);
    case ExprKind::open: return first_gap(*as<ast::Open>(x).x);
    case ExprKind::alias: return as<ast::Alias>(x).ident->gap;
    default: return x.gap;
  }
}

// It is likely to end on another line.
bool Formatter::needs_lines(const ast::Expr& value) const {
  switch (value.kind) {
    case ExprKind::structure: return !options_.short_structs || !(as<ast::Struct>(value).decls.empty() || is_short(as<ast::Struct>(value)));
    case ExprKind::list: return !options_.short_structs || argument_needs_lines(value);
    case ExprKind::string: return as<ast::Literal>(value).text.find('\n') != std::string_view::npos;
    case ExprKind::paren: return needs_lines(*as<ast::Paren>(value).x);
    case ExprKind::unary: return needs_lines(*as<ast::Unary>(value).x);
    case ExprKind::open: return needs_lines(*as<ast::Open>(value).x);
    case ExprKind::index: return needs_lines(*as<ast::Index>(value).x);
    case ExprKind::selector: return needs_lines(*as<ast::Selector>(value).x);
    case ExprKind::binary: return needs_lines(*as<ast::Binary>(value).x) || needs_lines(*as<ast::Binary>(value).y);
    case ExprKind::call: return std::ranges::any_of(as<ast::Call>(value).args, [this](const ast::Expr* each) { return argument_needs_lines(*each); });
    default: return false;
  }
}

bool Formatter::argument_needs_lines(const ast::Expr& x) const {
  if (!options_.short_structs || x.kind != ExprKind::list) return needs_lines(x);
  return std::ranges::any_of(as<ast::List>(x).elements, [this](const ast::Expr* each) { return argument_needs_lines(*each); });
}

// The field of `a: b: c` behind the first colon, if the tree is to be written so.
const ast::Field* Formatter::chained(const ast::Field& field) const {
  if (field.label->begin == kNoPos && !options_.short_structs && !(options_.simplify && is_regular(*field.label))) return nullptr;
  if (!field.value || field.value->kind != ExprKind::structure || !field.attributes.empty()) return nullptr;
  const auto& value = as<ast::Struct>(*field.value);
  const bool written = value.braces && value.begin != kNoPos;
  if (value.decls.size() != 1 || (written && (!options_.simplify || has_comments(field)))) return nullptr;
  if (value.decls[0]->kind != DeclKind::field || has_comments(*value.decls[0])) return nullptr;
  const auto& inner = as<ast::Field>(*value.decls[0]);
  return inner.attributes.empty() ? &inner : nullptr;
}

void Formatter::chain(const ast::Field& inner) {
  const bool own_line = !options_.simplify && inner.label->gap >= Gap::newline;
  if (own_line)
    out_.indent().line(Break::block);
  else
    out_.blank().fixed();
  decl(inner);
  if (own_line) out_.close_level();
}

void Formatter::field(const ast::Field& field) {
  label(*field.label);
  if (field.label->postfix_alias) postfix_alias(*field.label);
  if (field.constraint != Constraint::none) out_.token(field.constraint == Constraint::optional ? "?" : "!");
  out_.tight().fixed().token(":");
  if (const ast::Field* inner = chained(field)) return chain(*inner);
  const bool lines = !options_.compact && field.value && needs_lines(*field.value);
  field_value(field, !lines && !out_.brace_on_line());
  if (lines) out_.line(Break::block);
}

void Formatter::field_value(const ast::Field& field, bool column) {
  const auto tab = [&](bool wanted) { wanted ? out_.column() : out_.blank(); };
  tab(column);
  if (field.value && (field.value->kind == ExprKind::list || field.value->kind == ExprKind::structure)) {
    expr(*field.value);
  } else if (field.value) {
    out_.indent();
    expr(*field.value);
    out_.close_level();
  }
  for (const ast::Attribute& attribute : field.attributes) {
    tab(column && &attribute == &field.attributes.front());
    out_.token(attribute.text);
  }
}

void Formatter::label(const ast::Label& label) {
  if (label.alias) {
    ident(*label.alias);
    token("=", label.equal_gap);
  }
  label_text(label);
}

void Formatter::label_text(const ast::Label& label) {
  const ast::Expr& x = *label.x;
  if (x.kind == ExprKind::ident && as<ast::Ident>(x).name == "try") return token("\"try\"", x.gap);   // else a clause
  if (x.kind != ExprKind::string) return expr(x);
  const std::string_view text = as<ast::Literal>(x).text;
  before(x);
  if (unquoted_.contains(&label))
    token(unquote(text).value, x.gap);
  else if (text.starts_with('#') || text.starts_with("\"\"\""))
    token(quote_string(unquote(text).value), x.gap);
  else
    token(text, x.gap);
  after(x);
}

void Formatter::postfix_alias(const ast::Label& label) {
  out_.token("~");
  out_.tight().token("(");
  if (label.postfix_key) {
    out_.tight().fixed();
    ident(*label.postfix_key);
    out_.token(",");
  }
  out_.tight().fixed();
  ident(*label.postfix_alias);
  out_.tight().token(")");
}

void Formatter::let(const ast::Let& let) {
  if (may_break(kept(let.gap))) out_.line(Break::block);
  out_.token("let", kept(let.gap), Kind::word);
  out_.blank().fixed();
  expr(*let.ident);
  out_.blank().fixed().token("=");
  out_.blank();
  expr(*let.x);
  out_.separator();
}

void Formatter::embed(const ast::Embed& embed) {
  if (may_break(kept(first_gap(*embed.x)))) out_.line(Break::block);
  if (embed.x->kind == ExprKind::comprehension) {
    before(*embed.x);
    comprehension(as<ast::Comprehension>(*embed.x));
    return after(*embed.x);
  }
  expr(*embed.x);
  out_.line();
}

void Formatter::package(const ast::Package& package) {
  token("package", package.gap);
  out_.blank();
  ident(*package.name);
  out_.line(Break::section).fixed();
}

// The comments above a group's parenthesis are the first import's, too.
void Formatter::imports(const Unit& unit, const Groups& opening) {
  const auto& first = as<ast::Import>(*unit[0]);
  const auto& last = as<ast::Import>(*unit.back());
  const bool grouped = first.group != kNoPos;
  Groups above = opening, inside;
  for (const ast::CommentGroup* group : placed(first, Place::before))
    (grouped && group->pos > first.group ? inside : above).push_back(group);
  comments(above);
  token("import", first.group_gap);
  out_.blank();
  if (grouped) {
    out_.token("(");
    out_.line().indent();
  }
  for (const ast::Decl* import : unit)
    import_spec(as<ast::Import>(*import), import == unit[0] ? inside : placed(*import, Place::before));
  if (grouped) {
    out_.dedent().line();
    token(")", last.close_gap);
    out_.line();
  }
  out_.line(Break::section).fixed();
}

void Formatter::import_spec(const ast::Import& import, const Groups& first) {
  comments(first);
  const Gap gap = import.group != kNoPos ? import.gap : Gap::unset;
  if (import.name) {
    token(import.name->name, gap);
    out_.blank();
  }
  token(import.text.empty() ? quote_string(import.path) : import.text, import.name ? Gap::unset : gap);
  out_.line();
  after(import);
}

}  // namespace oam::cue
