#include <algorithm>

#include <absl/strings/escaping.h>

#include "cue/builtin/number_literal.hpp"
#include "cue/builtin/yaml_tree.hpp"
#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

using View = std::string_view;

namespace {

// Lines and columns of libyaml, in characters, as positions.
class Places {
 public:
  Places(View text, Pos base) : text_(text), base_(base), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') starts_.push_back(i + 1);
  }
  Pos at(std::size_t line, std::size_t column) const {
    std::size_t offset = line <= starts_.size() ? starts_[line - 1] : text_.size();
    for (std::size_t i = 1; i < column && offset < text_.size(); ++i) offset += width(text_[offset]);
    return base_ + static_cast<Pos>(std::min(offset, text_.size()));
  }

 private:
  static std::size_t width(char lead) {
    const auto c = static_cast<unsigned char>(lead);
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  }
  View text_;
  Pos base_;
  std::vector<std::size_t> starts_;
};

class Builder {
 public:
  Builder(Arena& arena, const Places& places, std::vector<SyntaxError>& errors)
      : arena_(arena), places_(places), errors_(errors) {}

  // Null once something is wrong.
  ast::Expr* value(const YamlNode& node) {
    if (alias_depth_ > 0 && ++alias_nodes_ > kMaxAliasNodes) return fail(node, "aliases expand to too many nodes");
    switch (node.kind) {
      case YamlNode::Kind::scalar: return scalar(node);
      case YamlNode::Kind::sequence: return sequence(node);
      case YamlNode::Kind::mapping: return mapping(node);
      case YamlNode::Kind::alias: break;
    }
    ++alias_depth_;
    ast::Expr* made = value(*node.target);
    --alias_depth_;
    return made;
  }

 private:
  struct Member {
    std::string name;
    ast::Expr* value;
    Pos pos;
  };

  Pos pos(const YamlNode& node) const { return places_.at(node.line, node.column); }
  ast::Expr* fail(const YamlNode& node, std::string what) {
    errors_.push_back({pos(node), std::move(what)});
    return nullptr;
  }

  ast::Expr* sequence(const YamlNode& node) {
    std::vector<ast::Expr*> elements;
    for (const YamlNode* child : node.children) {
      elements.push_back(value(*child));
      if (!elements.back()) return nullptr;
    }
    return make_list(arena_, elements, pos(node));
  }

  ast::Expr* mapping(const YamlNode& node) {
    std::vector<Member> members;
    if (!add(node, members, false)) return nullptr;
    std::vector<ast::Decl*> fields;
    for (const Member& each : members) fields.push_back(make_field(arena_, each.name, each.value, each.pos));
    return make_struct(arena_, fields, pos(node));
  }

  // `replace`: a merged mapping has been seen; of fields of one name the last one counts.
  bool add(const YamlNode& node, std::vector<Member>& members, bool replace) {
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const YamlNode& key = *node.children[i];
      if (is_merge(key)) {
        replace = true;
        if (!merge(*node.children[i + 1], members)) return false;
        continue;
      }
      const auto name = label(key);
      ast::Expr* made = name ? value(*node.children[i + 1]) : nullptr;
      if (!made) return false;
      const auto same = std::ranges::find(members, *name, &Member::name);
      if (replace && same != members.end()) same->value = made;
      else members.push_back({*name, made, pos(key)});
    }
    return true;
  }

  bool merge(const YamlNode& node, std::vector<Member>& members) {
    const YamlNode& source = node.kind == YamlNode::Kind::alias ? *node.target : node;
    if (&source != &node && ++alias_nodes_ > kMaxAliasNodes) return fail(node, "aliases expand to too many nodes");
    if (source.kind == YamlNode::Kind::mapping) return add(source, members, true);
    if (source.kind != YamlNode::Kind::sequence || &source != &node)
      return fail(node, "map merge requires map or sequence of maps as the value");
    return std::all_of(source.children.rbegin(), source.children.rend(), [&](YamlNode* each) { return merge(*each, members); });
  }

  std::optional<std::string> label(const YamlNode& node) {
    const YamlNode& key = node.kind == YamlNode::Kind::alias ? *node.target : node;
    const std::string tag = short_tag(key);
    if (key.kind != YamlNode::Kind::scalar) {
      fail(node, "invalid map key: " + tag);
      return std::nullopt;
    }
    if (tag == "!!null") return "null";
    if (tag == "!!bool") return is_true(key) ? "true" : "false";
    return key.value;
  }

  static bool is_true(const YamlNode& node) { return node.value == "true" || node.value == "True" || node.value == "TRUE"; }

  ast::Expr* scalar(const YamlNode& node) {
    const std::string tag = short_tag(node);
    const Pos at = pos(node);
    if (tag == "!!str" || tag == "!!timestamp" || is_old_octal(node, tag))
      return make_literal(arena_, ast::ExprKind::string, arena_.text(quote_string(node.value)), at);
    if (tag == "!!null") return make_literal(arena_, ast::ExprKind::null, "null", at);
    if (tag == "!!bool") return make_literal(arena_, ast::ExprKind::boolean, is_true(node) ? "true" : "false", at);
    if (tag == "!!int" || tag == "!!float") return number(node, tag);
    if (tag != "!!binary") return fail(node, "cannot unmarshal tag \"" + tag + "\"");
    std::string bytes;
    if (!absl::Base64Unescape(node.value, &bytes)) return fail(node, "!!binary value contains invalid base64 data");
    return make_literal(arena_, ast::ExprKind::string, arena_.text(quote_bytes(bytes)), at);
  }

  ast::Expr* number(const YamlNode& node, View tag) {
    std::string text = node.value, error;
    if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.insert(1, "o");
    const auto literal = parse_number_literal(text, error);
    const bool is_int = tag == "!!int";
    if (literal && is_int && literal->is_float) error = "not a literal number";
    if (!error.empty()) return fail(node, "cannot decode \"" + text + "\" as " + std::string(tag) + ": " + error);
    const Decimal value = literal->value.is_zero() ? literal->value.absolute() : literal->value;
    return make_number(arena_, arena_.text(value.cue_text(!is_int && literal->is_float)), pos(node));
  }

  Arena& arena_;
  const Places& places_;
  std::vector<SyntaxError>& errors_;
  std::size_t alias_depth_ = 0, alias_nodes_ = 0;
};

// ":3: what" as a place and a message.
SyntaxError stream_error(View error, const Places& places) {
  std::size_t line = 1, at = 1;
  if (error.size() > 1 && error[1] >= '0' && error[1] <= '9') {
    line = 0;
    while (error[at] >= '0' && error[at] <= '9') line = line * 10 + static_cast<std::size_t>(error[at++] - '0');
    ++at;
  }
  const View what = error.substr(std::min(at, error.size()));
  return {places.at(line, 1), std::string(what.substr(what.starts_with(' ') ? 1 : 0))};
}

}  // namespace

std::vector<ast::Expr*> read_yaml_data(Arena& arena, View text, Pos base, std::vector<SyntaxError>& errors) {
  const Places places(text, base);
  YamlReader reader(text);
  std::vector<ast::Expr*> all;
  while (const YamlNode* root = reader.next()) {
    ast::Expr* made = Builder(arena, places, errors).value(*root);
    if (!made) return all;
    all.push_back(made);
  }
  if (!reader.error().empty()) errors.push_back(stream_error(reader.error(), places));
  return all;
}

}  // namespace oam::cue
