// Build tags: @if(…) leaves files out, @tag(…) gives fields their values.
#include <algorithm>

#include "cue.hpp"
#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cli {
namespace {

namespace ast = cue::ast;

// The body of "@name(body)", if it is called so.
std::optional<std::string_view> attribute(std::string_view text, std::string_view name) {
  if (!text.starts_with("@") || !text.substr(1).starts_with(name)) return std::nullopt;
  text.remove_prefix(1 + name.size());
  if (!text.starts_with("(") || !text.ends_with(")")) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
constexpr std::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};

// The parts of an attribute between commas.
std::vector<std::string_view> parts(std::string_view body) {
  std::vector<std::string_view> all;
  for (;;) {
    const std::size_t comma = body.find(',');
    all.push_back(trimmed(body.substr(0, comma)));
    if (comma == body.npos) return all;
    body.remove_prefix(comma + 1);
  }
}

bool holds(const ast::Expr& x, const std::function<bool(std::string_view)>& is_set) {
  switch (x.kind) {
    case ast::ExprKind::paren: return holds(*static_cast<const ast::Paren&>(x).x, is_set);
    case ast::ExprKind::ident: return is_set(static_cast<const ast::Ident&>(x).name);
    case ast::ExprKind::unary: return !holds(*static_cast<const ast::Unary&>(x).x, is_set);
    case ast::ExprKind::binary: {
      const auto& both = static_cast<const ast::Binary&>(x);
      const bool left = holds(*both.x, is_set), right = holds(*both.y, is_set);
      return both.op == ast::Op::land ? left && right : left || right;
    }
    default: return false;
  }
}

}  // namespace

CueTags::CueTags(const std::vector<std::string>& tags) {
  for (const std::string& each : tags) {
    const std::size_t equals = each.find('=');
    const bool has = equals != each.npos;
    tags_.push_back({each.substr(0, equals), has ? each.substr(equals + 1) : "", has, false});
  }
}

std::optional<std::string> CueTags::excluded(const ast::File& file, std::string_view name) {
  for (const ast::Decl* each : file.decls) {
    if (each->kind != ast::DeclKind::attribute) continue;
    const std::string_view text = static_cast<const ast::AttributeDecl*>(each)->attribute.text;
    if (attribute(text, "ignore")) return std::string(name) + ": @ignore attribute";
    const auto condition = attribute(text, "if");
    if (!condition) continue;
    cue::Loader loader(nullptr);
    const ast::Expr* x = loader.parse_expression("@if", std::string(*condition));
    const auto is_set = [&](std::string_view tag) {
      const auto it = std::ranges::find_if(tags_, [&](const Tag& t) { return t.name == tag && !t.has_value; });
      if (it != tags_.end()) it->used = true;
      return it != tags_.end();
    };
    if (!x || !holds(*x, is_set)) return std::string(name) + ": @if(" + std::string(*condition) + ") did not match";
  }
  return std::nullopt;
}

void CueTags::inject(cue::Loader& loader, ast::File& file) { visit_decls(loader, file.decls, {}); }

// `where`: what it stands in that takes no tags; empty: nothing.
void CueTags::visit_decls(cue::Loader& loader, std::span<ast::Decl* const> decls, std::string_view where) {
  for (ast::Decl* each : decls) {
    if (each->kind == ast::DeclKind::field) visit_field(loader, *static_cast<ast::Field*>(each), where);
    else if (each->kind == ast::DeclKind::embed) visit(loader, static_cast<ast::Embed*>(each)->x, where);
    else if (each->kind == ast::DeclKind::let) visit(loader, static_cast<ast::Let*>(each)->x, where);
  }
}

void CueTags::visit_field(cue::Loader& loader, ast::Field& field, std::string_view where) {
  const ast::ExprKind label = field.label->x->kind;
  const bool is_fixed = label != ast::ExprKind::list && label != ast::ExprKind::paren && label != ast::ExprKind::interpolation;
  if (where.empty() && (!is_fixed || field.constraint != ast::Constraint::none)) where = "field constraint";
  visit(loader, field.value, where);
  for (const ast::Attribute& each : field.attributes) {
    const auto body = attribute(each.text, "tag");
    if (!body) continue;
    if (where.empty()) inject_value(loader, field, *body, each.pos);
    else loader.errors().push_back({each.pos, {}, "@tag not allowed within " + std::string(where), {}});
  }
}

void CueTags::visit(cue::Loader& loader, ast::Expr* x, std::string_view where) {
  if (!x) return;
  const auto inside = [&](std::string_view what) { return where.empty() ? what : where; };
  switch (x->kind) {
    case ast::ExprKind::structure: return visit_decls(loader, static_cast<ast::Struct*>(x)->decls, where);
    case ast::ExprKind::list:
      for (ast::Expr* each : static_cast<ast::List*>(x)->elements) visit(loader, each, inside("lists"));
      return;
    case ast::ExprKind::comprehension: return visit(loader, static_cast<ast::Comprehension*>(x)->value, inside("comprehension"));
    case ast::ExprKind::paren: return visit(loader, static_cast<ast::Paren*>(x)->x, where);
    case ast::ExprKind::alias: return visit(loader, static_cast<ast::Alias*>(x)->x, where);
    case ast::ExprKind::unary: return visit(loader, static_cast<ast::Unary*>(x)->x, where);
    case ast::ExprKind::binary:
      visit(loader, static_cast<ast::Binary*>(x)->x, where);
      return visit(loader, static_cast<ast::Binary*>(x)->y, where);
    default: return;
  }
}

// What a value on the command line is as that type; else an error in the reference's words.
ast::Expr* CueTags::typed(cue::Loader& loader, std::string_view type, const std::string& value, std::string_view name) {
  cue::Arena& arena = loader.program().arena;
  const auto fail = [&](const std::string& what) -> ast::Expr* {
    loader.errors().push_back({cue::kNoPos, {}, what, {}});
    return nullptr;
  };
  const std::string quoted = cue::quote_string(value), of = " for injection tag \"" + std::string(name) + "\"";
  if (type == "string") return cue::make_literal(arena, ast::ExprKind::string, arena.text(quoted), cue::kNoPos);
  if (type == "bool") {
    for (const bool truth : {true, false})
      for (const std::string_view each : truth ? kTrue : kFalse)
        if (trimmed(value) == each) return cue::make_literal(arena, ast::ExprKind::boolean, truth ? "true" : "false", cue::kNoPos);
    return fail("invalid boolean " + quoted + of);
  }
  const auto number = cue::read_number(std::string_view(value).substr(value.starts_with('-')));
  if (!number.ok()) return fail("invalid number" + of + ": " + number.error);
  if (type == "int" && number.is_float) return fail("invalid int " + quoted + of);
  return cue::make_number(arena, arena.text(value), cue::kNoPos);
}

// @tag(name, short=a|b, type=int)
void CueTags::inject_value(cue::Loader& loader, ast::Field& field, std::string_view body, cue::Pos at) {
  const auto all = parts(body);
  std::string_view type = "string", shorts;
  for (const std::string_view each : all) {
    if (each.starts_with("type=")) type = each.substr(5);
    if (each.starts_with("short=")) shorts = each.substr(6);
  }
  if (type != "string" && type != "int" && type != "number" && type != "bool")
    return loader.errors().push_back({at, {}, "invalid type " + cue::quote_string(type), {}});
  for (Tag& tag : tags_) {
    if (tag.has_value ? tag.name != all[0] : ("|" + std::string(shorts) + "|").find("|" + tag.name + "|") == std::string::npos) continue;
    tag.used = true;
    ast::Expr* made = typed(loader, type, tag.has_value ? tag.value : tag.name, all[0]);
    if (!made) return;
    auto* both = loader.program().arena.make<ast::Binary>();
    both->op = ast::Op::unify;
    both->x = field.value;
    both->y = made;
    both->begin = field.value->begin;
    both->end = field.value->end;
    field.value = both;
  }
}

std::string CueTags::unused() const {
  for (const Tag& each : tags_)
    if (!each.used) return each.has_value ? "no tag for \"" + each.name + "\"" : "tag \"" + each.name + "\" not used in any file";
  return "";
}

}  // namespace oam::cli
