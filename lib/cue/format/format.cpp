// Comments, and the joints between declarations: an empty line or none, a new table
// or the one before.
#include "cue/format/format.hpp"

#include <algorithm>

#include "cue/format/formatter.hpp"

namespace oam::cue {
namespace {

using ast::DeclKind;
using ast::ExprKind;
using ast::Place;
using Break = Layout::Break;

const ast::Field* as_field(const ast::Decl& decl) {
  return decl.kind == DeclKind::field ? &as<ast::Field>(decl) : nullptr;
}

bool is_definition(const ast::Field& field) {
  const ast::Expr& x = *field.label->x;
  if (x.kind != ExprKind::ident) return false;
  const std::string_view name = as<ast::Ident>(x).name;
  return name.starts_with('#') || name.starts_with("_#");
}

bool is_name(const ast::Expr* x, std::string_view name) {
  return x && x->kind == ExprKind::ident && as<ast::Ident>(*x).name == name;
}

// `...`, also as `[string]: _`.
bool opens_struct(const ast::Decl& decl) {
  if (decl.kind == DeclKind::ellipsis) return true;
  const ast::Field* field = as_field(decl);
  if (!field || !is_name(field->value, "_") || field->label->x->kind != ExprKind::list) return false;
  const auto elements = as<ast::List>(*field->label->x).elements;
  return elements.size() == 1 && (is_name(elements[0], "string") || is_name(elements[0], "_"));
}

bool same_group(const ast::Decl& a, const ast::Decl& b) {
  if (a.kind != DeclKind::import || b.kind != DeclKind::import) return false;
  return as<ast::Import>(a).group != kNoPos && as<ast::Import>(a).group == as<ast::Import>(b).group;
}

std::vector<std::span<ast::Decl* const>> units_of(std::span<ast::Decl* const> list) {
  std::vector<std::span<ast::Decl* const>> units;
  for (std::size_t i = 0; i < list.size();) {
    std::size_t behind = i + 1;
    while (behind < list.size() && same_group(*list[i], *list[behind])) ++behind;
    units.push_back(list.subspan(i, behind - i));
    i = behind;
  }
  return units;
}

bool is_detached(const ast::CommentGroup& group) { return group.place == Place::before && !group.doc; }

// Comments that are apart from a declaration count for the one before.
bool belongs_to_it(const ast::Decl& decl) {
  const auto detached = std::count_if(decl.comments.begin(), decl.comments.end(), is_detached);
  return has_comments(decl) && (decl.comments.empty() || detached < std::ssize(decl.comments));
}
bool stands_between(const ast::Decl* next) {
  return next && std::any_of(next->comments.begin(), next->comments.end(), is_detached);
}

std::string finish(std::string text, const FormatOptions& options) {
  if (options.spaces == 0) return text;
  std::string out;
  for (const char c : text) c == '\t' ? out.append(options.spaces, ' ') : out.append(1, c);
  return out;
}

}  // namespace

bool has_comments(const ast::Decl& decl) {
  if (!decl.comments.empty()) return true;
  if (const ast::Field* field = as_field(decl)) return !field->label->x->comments.empty();
  return decl.kind == DeclKind::let && !as<ast::Let>(decl).ident->comments.empty();
}

unsigned nesting_of(const ast::Decl& decl) {
  unsigned nesting = 0;
  for (const ast::Decl* at = &decl; as_field(*at);) {
    ++nesting;
    const ast::Expr* value = as_field(*at)->value;
    if (!value || value->kind != ExprKind::structure) return nesting;
    const auto inner = as<ast::Struct>(*value).decls;
    if (inner.size() != 1) return nesting - 1;
    at = inner[0];
  }
  return nesting;
}

Formatter::Formatter(const FormatOptions& options, Labels unquoted)
    : options_(options), unquoted_(std::move(unquoted)), out_(options.spaces > 0 ? options.spaces : 8), one_line_(options.compact) {
  out_.fixed();   // no white space at the beginning
}

std::string Formatter::take() { return finish(out_.take(), options_); }

void Formatter::block() {
  if (one_line_)
    out_.blank();
  else
    out_.line(Break::block);
}

// ---- comments

Formatter::Groups Formatter::placed(const ast::Node& node, Place place) {
  Groups groups;
  for (const ast::CommentGroup& group : node.comments)
    if (group.place == place) groups.push_back(&group);
  return groups;
}

void Formatter::before(const ast::Node& node, Groups groups) {
  for (const ast::CommentGroup* group : placed(node, Place::before)) groups.push_back(group);
  comments(groups);
}

void Formatter::after(const ast::Node& node, const Groups& rest) {
  Groups groups = placed(node, Place::after);
  groups.insert(groups.end(), rest.begin(), rest.end());
  comments(groups);
}

void Formatter::comments(const Groups& groups) {
  for (const ast::CommentGroup* group : groups) {
    if (group != groups.front()) out_.line(Break::section);
    comment(*group);
  }
}

void Formatter::comment(const ast::CommentGroup& group) {
  const bool on_line = group.trailing || group.gap == Gap::none || group.gap == Gap::blank;
  if (on_line) out_.same_line();
  if (on_line && group.gap != Gap::none) out_.blank();
  if (group.doc && !out_.empty()) out_.line();
  Gap gap = group.gap;
  for (const std::string_view line : group.lines) {
    if (!out_.empty()) out_.column();
    out_.comment(line, gap);
    out_.line();
    if (group.doc) out_.fixed();
    gap = gap == Gap::unset ? gap : Gap::newline;
  }
}

// ---- declarations

void Formatter::decls(std::span<ast::Decl* const> list, const Groups& opening, const Groups& closing) {
  const auto units = units_of(list);
  const ast::Decl* open = nullptr;
  unsigned nesting = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool last = i + 1 == units.size();
    const ast::Decl* next = last ? nullptr : units[i + 1][0];
    const bool commented = belongs_to_it(*units[i][0]) || stands_between(next) || (last && !closing.empty());
    if (i > 0) between(units[i - 1], units[i], nesting, commented);
    if (options_.simplify && opens_struct(*units[i][0])) {
      open = units[i][0];
      continue;
    }
    unit(units[i], i == 0 ? opening : Groups(), last ? closing : Groups());
    nesting = nesting_of(*units[i][0]);
    behind(last ? Unit() : units[i + 1]);
  }
  if (!open) return;
  before(*open);
  out_.token("...");
  after(*open);
  behind({});
}

void Formatter::between(const Unit& last, const Unit& next, unsigned nesting, bool commented) {
  out_.separator();
  if (!one_line_ && (nesting == 0 || nesting_of(*next[0]) != nesting)) block();
  const ast::Field* field = as_field(*last[0]);
  if (commented && (!field || is_definition(*field))) out_.line(Break::section);
}

// A struct or list next begins a table of its own.
void Formatter::behind(const Unit& next) {
  const ast::Field* field = next.empty() ? nullptr : as_field(*next[0]);
  const ast::Expr* value = field ? field->value : nullptr;
  if (value && value->kind == ExprKind::list) return block();
  if (value && value->kind == ExprKind::structure) {
    const auto& inner = as<ast::Struct>(*value);
    if ((inner.braces && inner.begin != kNoPos) || inner.decls.size() != 1) return block();
  }
  if (one_line_)
    out_.blank();
  else
    out_.line();
}

void Formatter::unit(const Unit& unit, const Groups& opening, const Groups& closing) {
  if (unit[0]->kind == DeclKind::import) {
    imports(unit, opening);
    return comments(closing);
  }
  before(*unit[0], opening);
  decl_body(*unit[0]);
  after(*unit[0], closing);
}

void Formatter::decl(const ast::Decl& decl) {
  ast::Decl* const one = const_cast<ast::Decl*>(&decl);   // only to make a span; never written
  unit({&one, 1}, {}, {});
}

void Formatter::decl_body(const ast::Decl& decl) {
  switch (decl.kind) {
    case DeclKind::field: return field(as<ast::Field>(decl));
    case DeclKind::embed: return embed(as<ast::Embed>(decl));
    case DeclKind::ellipsis: return ellipsis(decl.gap, as<ast::EllipsisDecl>(decl).type);
    case DeclKind::let: return let(as<ast::Let>(decl));
    case DeclKind::attribute: return token(as<ast::AttributeDecl>(decl).attribute.text, decl.gap);
    case DeclKind::package: return package(as<ast::Package>(decl));
    case DeclKind::import: return;   // written with their group
    case DeclKind::bad: return token("_|_", decl.gap);
  }
}

void Formatter::file(const ast::File& file) {
  before(file);
  const Groups closing = placed(file, Place::closing);
  decls(file.decls, {}, closing);
  if (file.decls.empty()) comments(closing);
  out_.end();
}

// ---- the interface

std::string format_file(const ast::File& file, const FormatOptions& options) {
  Formatter formatter(options, options.simplify ? needless_quotes(file.decls) : Labels());
  formatter.file(file);
  return formatter.take();
}

std::string format_expression(const ast::Expr& expr, const FormatOptions& options) {
  Formatter formatter(options, options.simplify ? needless_quotes(expr) : Labels());
  formatter.expr(expr);
  return formatter.take();
}

std::string format_decl(const ast::Decl& decl, const FormatOptions& options) {
  ast::Decl* const one = const_cast<ast::Decl*>(&decl);   // only to make a span; never written
  Formatter formatter(options, options.simplify ? needless_quotes({&one, 1}) : Labels());
  formatter.decl(decl);
  return formatter.take();
}

}  // namespace oam::cue
