// What stands before the declarations: experiments, package, imports.
#include "cue/parse/characters.hpp"
#include "cue/parse/literal.hpp"
#include "cue/parse/parser.hpp"

namespace oam::cue {
namespace {

bool is_definition(std::string_view name) { return name.starts_with("#") || name.starts_with("_#"); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

// The body of "@experiment(body)"; nothing if it is another attribute.
std::string_view experiment_list(std::string_view attribute) {
  constexpr std::string_view head = "@experiment(";
  if (!attribute.starts_with(head)) return {};
  attribute.remove_prefix(head.size());
  return attribute.substr(0, attribute.rfind(')'));
}

bool is_import_path(std::string_view path) {
  path = path.substr(0, path.rfind(':'));
  for (std::size_t i = 0; i < path.size();) {
    const Decoded d = decode(path, i);
    const bool forbidden = d.character < 0x80 && std::string_view("!\"#$%&'()*,:;<=>?[\\]^{|}`").find(path[i]) != path.npos;
    if (forbidden || !is_printable(d.character) || is_space(d.character) || d.character == kReplacement) return false;
    i += static_cast<std::size_t>(d.width);
  }
  return !path.empty();
}

}  // namespace

const ast::File* Parser::file() {
  advance();
  if (errors_.size() > 0) {   // likely no CUE at all
    errors_.sort();
    return nullptr;
  }
  auto* node = start<ast::File>();
  const bool fit = preamble(*node);
  if (fit) {
    declarations();
    expect(Tok::end);
    node->decls = gather(decls_, 0);
    Comments rest;
    take_rest(rest, ast::Place::closing);
    attach(*node, rest);
    finish(node);
  }
  errors_.sort();
  return fit ? node : nullptr;
}

bool Parser::preamble(ast::File& file) {
  while (at(Tok::attribute)) decls_.push_back(declaration());
  if (!read_experiments(file)) return false;
  if (at(Tok::identifier) && token_.text == "package") package_clause(file);
  while (at(Tok::attribute)) decls_.push_back(declaration());
  while (at(Tok::identifier) && token_.text == "import") import_decls();
  return true;
}

bool Parser::read_experiments(ast::File& file) {
  for (const ast::Decl* decl : decls_) {
    std::string_view list = experiment_list(static_cast<const ast::AttributeDecl*>(decl)->attribute.text);
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view name = trimmed(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
      if (set_experiment(name)) continue;
      error(token_.begin, joined("parsing experiments for version \"v0.17.1\": unknown experiment \"", name, "\""));
      return false;
    }
  }
  file.experiments = experiments_;
  return true;
}

bool Parser::set_experiment(std::string_view name) {
  if (name == "aliasv2")
    experiments_.aliasv2 = true;
  else if (name == "explicitopen")
    experiments_.explicitopen = true;
  else if (name == "try")
    experiments_.try_ = true;
  else if (name == "shortcircuit")
    experiments_.shortcircuit = true;
  else   // these have become the rule
    return name == "structcmp" || name == "testing" || name == "accepted_";
  return true;
}

void Parser::package_clause(ast::File& file) {
  Comments comments = take_comments();
  auto* node = start<ast::Package>();
  advance();
  node->name = identifier();
  if (is_definition(node->name->name)) error(token_.begin, joined("invalid package name ", node->name->name));
  file.package = node->name->name;
  finish(node);
  comma_or_end();
  take_trailing(comments);
  attach(*node, comments);
  decls_.push_back(node);
}

void Parser::comma_or_end() {
  if (accept(Tok::comma) || at_any({Tok::rparen, Tok::rbrace, Tok::end})) return;
  expected("','");
  skip_to_comma();
}

// `import "path"` or `import ("path", …)`; the latter's comments go to its members.
void Parser::import_decls() {
  auto* keyword = start<ast::Import>();
  keyword->group_gap = token_.gap;
  Comments comments = take_comments();
  advance();
  if (!at(Tok::lparen)) return decls_.push_back(import_spec(*keyword, std::move(comments)));
  keyword->group = here();
  advance();
  ast::Import* last = nullptr;
  while (!at_any({Tok::rparen, Tok::end})) {
    const Comments inner = take_comments();
    comments.insert(comments.end(), inner.begin(), inner.end());
    auto* node = start<ast::Import>();
    node->group = keyword->group;
    node->group_gap = keyword->group_gap;
    last = import_spec(*node, std::exchange(comments, {}));
    decls_.push_back(last);
  }
  if (last) last->close_gap = token_.gap;
  expect(Tok::rparen);
  comma_or_end();
}

ast::Import* Parser::import_spec(ast::Import& node, Comments comments) {
  if (at(Tok::identifier)) {
    node.name = declared_identifier();
    if (is_definition(node.name->name)) error(token_.begin, "cannot import package as definition identifier");
  }
  const Token path = token_;
  node.path_pos = here();
  if (expect(Tok::string)) {
    const Unquoted read = unquote(path.text);
    node.path = arena_.text(read.value);
    node.text = path.text;
    if (!read.ok() || !is_import_path(read.value)) error(path.begin, joined("invalid import path: ", path.text));
  }
  finish(&node);
  comma_or_end();
  take_trailing(comments);
  attach(node, comments);
  return &node;
}

}  // namespace oam::cue
