#include "document/definition_file.hpp"

#include <algorithm>
#include <array>

#include <oam/cue/instance.hpp>
#include <oam/json.hpp>

#include "cue/parse/literal.hpp"
#include "cue/parse/parse.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;
namespace ast = cue::ast;

namespace {

constexpr std::string_view kPrefix = "definition.oam.dev/", kUserPrefix = "custom.definition.oam.dev/";

constexpr auto kKinds = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"component", "ComponentDefinition"}, {"trait", "TraitDefinition"}, {"policy", "PolicyDefinition"},
    {"workflow-step", "WorkflowStepDefinition"}, {"workload", "WorkloadDefinition"}, {"scope", "ScopeDefinition"}});

// Both ends of a stretch of the text.
struct Range {
  std::size_t begin = 0, end = 0;
};

constexpr cue::Pos kBase = 1;
std::size_t offset(cue::Pos pos) { return pos - kBase; }
Range range(const ast::Node& node) { return {offset(node.begin), offset(node.end)}; }

// The name of a plain label; empty for one that is computed.
std::string name_of(const ast::Label& label) {
  if (label.x->kind == ast::ExprKind::ident) return std::string(static_cast<const ast::Ident*>(label.x)->name);
  if (label.x->kind != ast::ExprKind::string) return {};
  return cue::unquote(static_cast<const ast::Literal*>(label.x)->text).value;
}

// The file, taken apart.
struct Parts {
  std::vector<Range> imports;
  const ast::Field* about = nullptr;      // the field that describes it
  const ast::Field* body = nullptr;       // `template`
};

struct Mistake {
  std::size_t at = 0;
  std::string message;
};

const ast::Struct* body_of(const ast::Field& field) {
  return field.value && field.value->kind == ast::ExprKind::structure ? static_cast<const ast::Struct*>(field.value) : nullptr;
}

// What is inside of a struct, without its braces.
Range inside(const ast::Struct& body) {
  Range all = range(body);
  if (body.braces) ++all.begin, --all.end;
  return all;
}

void take(const ast::Decl& decl, Parts& parts, std::vector<Mistake>& wrong) {
  if (decl.kind == ast::DeclKind::import) return parts.imports.push_back(range(decl));
  if (decl.kind == ast::DeclKind::package || decl.kind == ast::DeclKind::attribute) return;
  const std::size_t at = offset(decl.begin);
  const auto* field = decl.kind == ast::DeclKind::field ? static_cast<const ast::Field*>(&decl) : nullptr;
  const std::string name = field ? name_of(*field->label) : "";
  if (name.empty()) return wrong.push_back({at, "a definition file holds imports, one field that describes the definition, and template"});
  const ast::Field*& place = name == "template" ? parts.body : parts.about;
  if (place) return wrong.push_back({at, name == "template" ? "template stands here twice" : "\"" + name + "\" would be a second definition: a file holds one"});
  place = field;
}

Parts take_apart(const ast::File& file, std::vector<Mistake>& wrong) {
  Parts parts;
  for (const ast::Decl* each : file.decls) take(*each, parts, wrong);
  const std::size_t end = offset(file.end);
  if (!parts.about && wrong.empty()) wrong.push_back({end, "no field describes the definition: name: {type: \"component\", …}"});
  if (!parts.body && wrong.empty()) wrong.push_back({end, "there is no template"});
  if (parts.body && !body_of(*parts.body)) wrong.push_back({offset(parts.body->begin), "template is not a struct that is written here"});
  return parts;
}

std::string blanked(std::string_view text, std::span<const Range> kept) {
  std::string made(text);
  for (char& c : made)
    if (c != '\n' && c != '\r' && c != '\t') c = ' ';
  for (const Range& each : kept) made.replace(each.begin, each.end - each.begin, text.substr(each.begin, each.end - each.begin));
  return made;
}

// Imports that stand in one pair of brackets are one stretch of the text.
std::vector<Range> import_ranges(std::string_view text, const Parts& parts) {
  std::vector<Range> all;
  if (parts.imports.empty()) return all;
  const std::size_t first = text.rfind("import", parts.imports.front().begin);
  std::size_t end = parts.imports.back().end;
  const std::size_t next = text.find_first_not_of(" \t\r\n,", end);
  if (next != text.npos && text[next] == ')') end = next + 1;
  all.push_back({first == text.npos ? parts.imports.front().begin : std::min(first, parts.imports.front().begin), end});
  return all;
}

// One level of indentation less, and no empty lines around.
std::string dedented(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with('\t')) line.remove_prefix(1);
    if (line.find_first_not_of(" \t\r") == line.npos) line = {};
    if (!made.empty() || !line.empty()) (made += line) += '\n';
  }
  while (made.ends_with("\n\n")) made.pop_back();
  return made;
}

// The template alone: its imports, then what is inside of it.
std::string template_text(std::string_view text, const Parts& parts, const Range& body) {
  std::string made;
  for (const Range& each : import_ranges(text, parts)) (made += text.substr(each.begin, each.end - each.begin)) += '\n';
  return made + dedented(text.substr(body.begin, body.end - body.begin));
}

cue::Error error_at(const Source& file, std::string_view text, std::size_t at, std::string message) {
  at = std::min(at, text.size());
  const std::size_t line_begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const auto line = static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
  const std::size_t line_end = text.find('\n', at);
  return {"syntax", std::move(message), {}, {{file.name, line, static_cast<std::uint32_t>(at - line_begin + 1)}},
          std::string(text.substr(line_begin, line_end == text.npos ? text.npos : line_end - line_begin)), {}};
}

// Labels and annotations of the author's have a prefix of their own.
void add_pairs(const json::value* pairs, json::object& into) {
  if (!pairs || !pairs->is_object()) return;
  for (const auto& [key, value] : pairs->get_object()) {
    const std::string_view name(key);
    into[name.find('/') == name.npos ? std::string(kUserPrefix) + std::string(name) : std::string(name)] = value;
  }
}

json::value document(std::string_view kind, std::string_view name, const json::value& about, std::string text) {
  json::object annotations, labels, spec;
  for (const char* each : {"alias", "description"})
    if (const json::value* said = member(about, each)) annotations[std::string(kPrefix) + each] = *said;
  add_pairs(member(about, "annotations"), annotations);
  add_pairs(member(about, "labels"), labels);
  if (const json::value* attributes = member(about, "attributes"); attributes && attributes->is_object()) spec = attributes->get_object();
  if (const std::string_view version = text_at(about, "version"); !version.empty()) spec["version"] = version;
  spec["schematic"] = {{"cue", {{"template", std::move(text)}}}};
  json::object metadata;
  if (!annotations.empty()) metadata["annotations"] = std::move(annotations);
  if (!labels.empty()) metadata["labels"] = std::move(labels);
  metadata["name"] = name;
  return {{"apiVersion", "core.oam.dev/v1beta1"}, {"kind", kind}, {"metadata", std::move(metadata)}, {"spec", std::move(spec)}};
}

// What stands there as plain data; nothing where evaluation is needed.
std::optional<json::value> plain(const ast::Expr& x) {
  using enum ast::ExprKind;
  if (x.kind == string) return json::value(cue::unquote(static_cast<const ast::Literal&>(x).text).value);
  if (x.kind == boolean) return json::value(static_cast<const ast::Literal&>(x).text == "true");
  if (x.kind == list) {
    json::array all;
    for (const ast::Expr* each : static_cast<const ast::List&>(x).elements) {
      auto value = plain(*each);
      if (!value) return std::nullopt;
      all.push_back(std::move(*value));
    }
    return all;
  }
  if (x.kind != structure) return std::nullopt;
  json::object made;
  for (const ast::Decl* each : static_cast<const ast::Struct&>(x).decls) {
    if (each->kind != ast::DeclKind::field) return std::nullopt;
    const auto& field = static_cast<const ast::Field&>(*each);
    const std::string name = name_of(*field.label);
    auto value = name.empty() || field.constraint != ast::Constraint::none || made.contains(name) ? std::nullopt : plain(*field.value);
    if (!value) return std::nullopt;
    made.emplace(name, std::move(*value));
  }
  return made;
}

std::optional<json::value> evaluated(const Source& file, const ast::Field& about, cue::Errors& errors) {
  const Range range_of_about = range(about);
  const Source part{file.name, blanked(file.text, {&range_of_about, 1})};
  const auto module = cue::Module::compile({&part, 1}, {}, errors);
  if (!module) return std::nullopt;
  cue::Instance instance(*module);
  return instance.lookup(cue::quote_label(name_of(*about.label))).to_json(errors);
}

// What stands beside `attributes` and is none of its own.
void check_about(const Source& file, const ast::Field& about, cue::Errors& errors) {
  static const std::vector<std::string_view> kFields{"alias", "annotations", "attributes", "description", "labels", "type", "version"};
  const ast::Struct* body = body_of(about);
  for (const ast::Decl* each : body ? body->decls : std::span<ast::Decl* const>()) {
    const std::string name = each->kind == ast::DeclKind::field ? name_of(*static_cast<const ast::Field&>(*each).label) : "";
    if (name.empty() || std::ranges::find(kFields, name) != kFields.end()) continue;
    errors.push_back(error_at(file, file.text, offset(each->begin), "what describes a definition has no field \"" + name + '"'));
    errors.back().code = "unknown-field";
    errors.back().hint = did_you_mean(name, kFields);
  }
}

std::optional<json::value> described(const Source& file, const ast::Field& field, std::string template_text, cue::Errors& errors) {
  auto about = plain(*field.value);
  if (!about) about = evaluated(file, field, errors);
  if (!about) return std::nullopt;
  const std::string_view type = text_at(*about, "type");
  const auto kind = std::ranges::find(kKinds, type, [](const auto& each) { return each.first; });
  check_about(file, field, errors);
  if (kind != kKinds.end()) return document(kind->second, name_of(*field.label), *about, std::move(template_text));
  errors.push_back(error_at(file, file.text, offset(field.begin), "type is " + (type.empty() ? "missing" : '"' + std::string(type) + '"') +
                                                                     ": it is component, trait, policy, workflow-step or workload"));
  return std::nullopt;
}

void add_parts(const ast::Expr& value, const std::string& pointer, std::vector<DefinitionPart>& all) {
  if (value.kind == ast::ExprKind::list) {
    std::size_t i = 0;
    for (const ast::Expr* each : static_cast<const ast::List&>(value).elements) {
      const Range r = range(*each);
      all.push_back({join_pointer(pointer, i++), r.begin, r.end, r.begin, r.end});
    }
  }
  if (value.kind != ast::ExprKind::structure) return;
  for (const ast::Decl* each : static_cast<const ast::Struct&>(value).decls) {
    if (each->kind != ast::DeclKind::field) continue;
    const auto& field = static_cast<const ast::Field&>(*each);
    const Range key = range(*field.label), r = range(*field.value);
    const std::string name = name_of(*field.label);
    const std::string next = pointer == "/about" && name != "attributes" ? name == "type" ? "/kind" : join_pointer("/metadata", name)
                             : pointer == "/about" ? "/spec" : join_pointer(pointer, name);
    all.push_back({next, key.begin, key.end, r.begin, r.end});
    add_parts(*field.value, next, all);
  }
}

}  // namespace

std::optional<json::value> read_definition(const Source& file, cue::Errors& errors) {
  cue::Arena arena;
  std::vector<cue::SyntaxError> syntax;
  const ast::File* tree = cue::parse_file(arena, file.text, kBase, syntax);
  for (const cue::SyntaxError& each : syntax) errors.push_back(error_at(file, file.text, each.pos == cue::kNoPos ? 0 : offset(each.pos), each.message));
  if (!tree || !syntax.empty()) return std::nullopt;
  std::vector<Mistake> wrong;
  const Parts parts = take_apart(*tree, wrong);
  for (const Mistake& each : wrong) errors.push_back(error_at(file, file.text, each.at, each.message));
  if (!wrong.empty()) return std::nullopt;
  return described(file, *parts.about, template_text(file.text, parts, inside(*body_of(*parts.body))), errors);
}

std::optional<json::value> read_trusted_definition(const Source& file, cue::Errors& errors) {
  constexpr std::string_view kBody = "\ntemplate: {\n";
  const std::string_view text = file.text;
  const std::size_t body = text.find(kBody), end = text.rfind('}');
  if (body == text.npos) return std::nullopt;
  cue::Arena arena;
  std::vector<cue::SyntaxError> syntax;
  std::vector<Mistake> wrong;
  const ast::File* tree = cue::parse_file(arena, text.substr(0, body), kBase, syntax);
  if (!tree || !syntax.empty()) return std::nullopt;
  const Parts parts = take_apart(*tree, wrong);
  return parts.about ? described(file, *parts.about, template_text(text, parts, {body + kBody.size(), end}), errors) : std::nullopt;
}

std::string template_of(std::string_view text) {
  cue::Arena arena;
  std::vector<cue::SyntaxError> syntax;
  const ast::File* tree = cue::parse_file(arena, text, kBase, syntax);
  std::vector<Mistake> wrong;
  if (!tree || !syntax.empty()) return std::string(text);
  const Parts parts = take_apart(*tree, wrong);
  if (!wrong.empty()) return std::string(text);
  std::vector<Range> kept = import_ranges(text, parts);
  kept.push_back(inside(*body_of(*parts.body)));
  return blanked(text, kept);
}

std::vector<DefinitionPart> definition_parts(std::string_view text) {
  std::vector<DefinitionPart> all;
  cue::Arena arena;
  std::vector<cue::SyntaxError> syntax;
  const ast::File* tree = cue::parse_file(arena, text, kBase, syntax);
  std::vector<Mistake> wrong;
  if (!tree || !syntax.empty()) return all;
  const Parts parts = take_apart(*tree, wrong);
  if (!parts.about) return all;
  const Range key = range(*parts.about->label);
  for (const char* each : {"", "/metadata", "/metadata/name"}) all.push_back({each, key.begin, key.end, key.begin, key.end});
  add_parts(*parts.about->value, "/about", all);
  if (!parts.body) return all;
  const Range label = range(*parts.body->label), body = range(*parts.body->value);
  all.push_back({"/spec/schematic", label.begin, label.end, body.begin, body.end});
  return all;
}

}  // namespace oam::detail
