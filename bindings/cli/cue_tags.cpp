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

void CueTags::inject(cue::Loader& loader, ast::File& file) { inject_decls(loader, file.decls); }

void CueTags::inject_decls(cue::Loader& loader, std::span<ast::Decl* const> decls) {
  for (ast::Decl* each : decls)
    if (each->kind == ast::DeclKind::field) inject_field(loader, *static_cast<ast::Field*>(each));
}

void CueTags::inject_field(cue::Loader& loader, ast::Field& field) {
  if (field.value && field.value->kind == ast::ExprKind::structure) inject_decls(loader, static_cast<ast::Struct*>(field.value)->decls);
  for (const ast::Attribute& each : field.attributes)
    if (const auto body = attribute(each.text, "tag")) inject_value(loader, field, *body);
}

// @tag(name, short=a|b, type=int)
void CueTags::inject_value(cue::Loader& loader, ast::Field& field, std::string_view body) {
  const auto all = parts(body);
  std::string_view type = "string", shorts;
  for (const std::string_view each : all) {
    if (each.starts_with("type=")) type = each.substr(5);
    if (each.starts_with("short=")) shorts = each.substr(6);
  }
  for (Tag& tag : tags_) {
    std::string value = tag.value;
    if (tag.has_value ? tag.name != all[0] : ("|" + std::string(shorts) + "|").find("|" + tag.name + "|") == std::string::npos) continue;
    if (!tag.has_value) value = tag.name;
    tag.used = true;
    cue::Arena& arena = loader.program().arena;
    ast::Expr* made = nullptr;
    if (type == "string") made = cue::make_literal(arena, ast::ExprKind::string, arena.text(cue::quote_string(value)), cue::kNoPos);
    else if (type == "bool") made = cue::make_literal(arena, ast::ExprKind::boolean, arena.text(value), cue::kNoPos);
    else made = cue::make_number(arena, arena.text(value), cue::kNoPos);
    if (type == "bool" ? value != "true" && value != "false" : type != "string" && !cue::read_number(value.substr(value.starts_with('-'))).ok()) {
      loader.errors().push_back({field.begin, {}, "invalid " + std::string(type) + " value \"" + value + "\" for tag \"" + std::string(all[0]) + "\"", {}});
      return;
    }
    auto* both = arena.make<ast::Binary>();
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
