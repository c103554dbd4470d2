#include "cue/builtin/json_scan.hpp"
#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

using View = std::string_view;

static void place(ast::Node& node, Pos pos) { node.begin = node.end = pos; }

ast::Literal* make_literal(Arena& arena, ast::ExprKind kind, View text, Pos pos) {
  auto* made = arena.make<ast::Literal>(kind);
  made->text = text;
  place(*made, pos);
  return made;
}

ast::Field* make_field(Arena& arena, View name, ast::Expr* value, Pos pos) {
  auto* label = arena.make<ast::Label>();
  label->x = make_literal(arena, ast::ExprKind::string, arena.text(quote_string(name)), pos);
  place(*label, pos);
  auto* made = arena.make<ast::Field>();
  made->label = label;
  made->value = value;
  place(*made, pos);
  return made;
}

ast::Struct* make_struct(Arena& arena, const std::vector<ast::Decl*>& decls, Pos pos) {
  auto* made = arena.make<ast::Struct>();
  made->decls = arena.copy(decls);
  place(*made, pos);
  return made;
}

ast::List* make_list(Arena& arena, const std::vector<ast::Expr*>& elements, Pos pos) {
  auto* made = arena.make<ast::List>();
  made->elements = arena.copy(elements);
  place(*made, pos);
  return made;
}

ast::Expr* make_number(Arena& arena, View text, Pos pos) {
  const bool negative = text.starts_with('-');
  ast::Literal* literal = make_literal(arena, ast::ExprKind::number, negative ? text.substr(1) : text, pos);
  if (!negative) return literal;
  auto* made = arena.make<ast::Unary>();
  made->op = ast::Op::sub;
  made->op_pos = pos;
  made->x = literal;
  place(*made, pos);
  return made;
}

ast::File* make_file(Arena& arena, ast::Expr* value) {
  auto* file = arena.make<ast::File>();
  place(*file, value->begin);
  if (value->kind == ast::ExprKind::structure) {
    file->decls = static_cast<ast::Struct*>(value)->decls;
    return file;
  }
  auto* embed = arena.make<ast::Embed>();
  embed->x = value;
  place(*embed, value->begin);
  file->decls = arena.copy(std::vector<ast::Decl*>{embed});
  return file;
}

namespace {

// Trees from tokens, one value at a time; the depth is the scanner's.
class Builder {
 public:
  Builder(Arena& arena, View text, Pos base, const std::vector<JsonToken>& tokens, std::vector<SyntaxError>& errors)
      : arena_(arena), text_(text), base_(base), tokens_(tokens), errors_(errors) {}

  ast::Expr* value() {
    const JsonToken& token = tokens_[at_++];
    const Pos pos = where(token);
    switch (token.kind) {
      case '{': return object(pos);
      case '[': return array(pos);
      case 's': return make_literal(arena_, ast::ExprKind::string, arena_.text(quote_string(string(token))), pos);
      case 'n': return make_number(arena_, token.text, pos);
      default: return make_literal(arena_, token.text == "null" ? ast::ExprKind::null : ast::ExprKind::boolean, token.text, pos);
    }
  }

 private:
  Pos where(const JsonToken& token) const { return base_ + static_cast<Pos>(token.text.data() - text_.data()); }
  std::string string(const JsonToken& token) {
    std::string out;
    if (!unquote_json(token.text, out)) errors_.push_back({where(token), "invalid string: unmatched surrogate pair"});
    return out;
  }
  ast::Expr* array(Pos pos) {
    std::vector<ast::Expr*> elements;
    while (tokens_[at_].kind != ']') {
      elements.push_back(value());
      if (tokens_[at_].kind == ',') ++at_;
    }
    ++at_;
    return make_list(arena_, elements, pos);
  }
  ast::Expr* object(Pos pos) {
    std::vector<ast::Decl*> fields;
    while (tokens_[at_].kind != '}') {
      const JsonToken& key = tokens_[at_];
      at_ += 2;
      const std::string name = string(key);
      fields.push_back(make_field(arena_, name, value(), where(key)));
      if (tokens_[at_].kind == ',') ++at_;
    }
    ++at_;
    return make_struct(arena_, fields, pos);
  }

  Arena& arena_;
  View text_;
  Pos base_;
  const std::vector<JsonToken>& tokens_;
  std::size_t at_ = 0;
  std::vector<SyntaxError>& errors_;
};

}  // namespace

std::vector<ast::Expr*> read_json_data(Arena& arena, View text, Pos base, bool stream, std::vector<SyntaxError>& errors) {
  std::vector<ast::Expr*> all;
  View rest = text;
  skip_json_space(rest);
  while (!rest.empty() || (all.empty() && !stream)) {
    std::vector<JsonToken> tokens;
    std::string error;
    if (!all.empty() && !stream) error = invalid_character(rest, "after top-level value");
    else scan_json(rest, tokens, error);
    if (!error.empty()) {
      errors.push_back({base + static_cast<Pos>(rest.data() - text.data()), std::move(error)});
      return all;
    }
    all.push_back(Builder(arena, text, base, tokens, errors).value());
    skip_json_space(rest);
  }
  return all;
}

}  // namespace oam::cue
