#include "cue_session.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"
#include "cue_embed.hpp"
#include "cue_module.hpp"

namespace oam::cli {

namespace fs = std::filesystem;
namespace ast = cue::ast;
namespace ir = cue::ir;

CueSession::CueSession(const CueOptions& options, CueTags& tags) : options_(options), tags_(tags), loader_(find_cue_package) {
  loader_.refuse_unused_imports();
  loader_.prepare([this](ast::File& tree, const std::string& name) { embed_files(loader_, tree, name, true); });
}

bool CueSession::tell_loading() {
  if (loader_.errors().empty()) return true;
  CueReport report(loader_.program());
  for (const cue::LoadError& each : loader_.errors()) report.add(each);
  std::cerr << report.text();
  return false;
}

std::vector<const ir::Struct*> CueSession::compile_files(const std::vector<const ast::File*>& files) {
  return loader_.compile(files, cue::Loader::hidden_package(loader_.program().package));
}

void CueSession::tell(const cue::Bottom& error) {
  CueReport report(loader_.program());
  report.add(*evaluator_, error);
  std::cerr << report.text();
}

bool CueSession::limits_hold() {
  const cue::Bottom* b = evaluator_->limit_error();
  if (b) tell(*b);
  return !b;
}

bool CueSession::load(const CueInstance& instance) {
  std::string excluded;
  std::vector<const ast::File*> trees;
  for (const cue::SourceText& each : instance.files) {
    ast::File* tree = loader_.parse(each);
    if (!tree) continue;
    if (const auto why = tags_.excluded(*tree, each.name)) {
      excluded += "    " + *why + "\n";
      continue;
    }
    embed_files(loader_, *tree, each.name, !instance.folder.empty());
    tags_.inject(loader_, *tree);
    trees.push_back(tree);
  }
  if (!tell_loading()) return false;
  if (trees.empty() && !excluded.empty()) {
    std::cerr << "build constraints exclude all CUE files in " << (instance.folder.empty() ? "." : instance.folder) << ":\n" << excluded;
    return false;
  }
  for (const ast::File* each : trees)
    if (!each->package.empty()) loader_.program().package = each->package;
  if (loader_.program().package.empty()) loader_.program().package = options_.value("package");
  for (const ir::Struct* each : compile_files(trees)) loader_.program().files.push_back(each);
  loader_.program().trees.insert(loader_.program().trees.end(), trees.begin(), trees.end());
  return tell_loading();
}

// What a document says of itself that the reference would take as a schema; empty: it is data.
static std::string schema_language(const ast::Expr& x) {
  if (x.kind != ast::ExprKind::structure) return "";
  const auto text = [&](std::string_view name) -> std::string {
    for (const ast::Decl* d : static_cast<const ast::Struct&>(x).decls) {
      const auto& field = *static_cast<const ast::Field*>(d);   // data has nothing else
      if (field.label->x->kind != ast::ExprKind::string || !field.value) continue;
      if (cue::unquote(static_cast<const ast::Literal&>(*field.label->x).text).value != name) continue;
      return field.value->kind == ast::ExprKind::string ? cue::unquote(static_cast<const ast::Literal&>(*field.value).text).value : "-";
    }
    return "";
  };
  if (text("$schema").find("://json-schema.org/") != std::string::npos) return "jsonschema";
  return text("openapi").starts_with("3.") && !text("info").empty() ? "openapi" : "";
}

bool CueSession::is_data(const CueData& data, std::span<ast::Expr* const> values) {
  const std::string language = data.by_name && values.size() == 1 ? schema_language(*values[0]) : "";
  if (language.empty()) return true;
  std::cerr << "unsupported encoding \"" << language << "\": " << data.source.name << '\n';
  return false;
}

bool CueSession::read(const std::vector<CueData>& data) {
  for (const CueData& each : data) {
    const std::size_t before = loader_.errors().size();
    const std::vector<ast::Expr*> values = loader_.read(each.source, each.format);
    for (std::size_t i = before; i < loader_.errors().size(); ++i)
      if (each.format == cue::DataFormat::json || each.format == cue::DataFormat::json_stream)
        loader_.errors()[i].message = "invalid JSON for file \"" + each.source.name + "\": " + loader_.errors()[i].message;
    if (!is_data(each, values)) return false;
    for (std::size_t i = 0; i < values.size(); ++i) documents_.push_back({values[i], each.source.name, i, values.size()});
  }
  const bool nothing = documents_.empty() && loader_.program().files.empty() && !data.empty() && data[0].format == cue::DataFormat::yaml;
  if (nothing && loader_.errors().empty())
    documents_.push_back({cue::make_literal(loader_.program().arena, ast::ExprKind::null, "null", cue::kNoPos), data[0].source.name, 0, 1});
  return tell_loading();
}

// The data with what is known of it beside, for labels under --with-context.
ast::Expr* CueSession::context(const Document& d) {
  cue::Arena& arena = loader_.program().arena;
  const auto number = [&](std::size_t n) { return cue::make_number(arena, arena.text(std::to_string(n)), d.value->begin); };
  ast::Expr* name = cue::make_literal(arena, ast::ExprKind::string, arena.text(cue::quote_string(d.file == "-" ? d.file : fs::absolute(d.file).lexically_normal().string())), d.value->begin);
  return cue::make_struct(arena, {cue::make_field(arena, "data", d.value, d.value->begin), cue::make_field(arena, "filename", name, d.value->begin),
                                  cue::make_field(arena, "index", number(d.index), d.value->begin),
                                  cue::make_field(arena, "recordCount", number(d.count), d.value->begin)}, d.value->begin);
}

// The parts of one --path: an expression, or labels with a colon behind each.
bool CueSession::path_labels(const std::string& flag, std::vector<std::string>& texts, std::vector<bool>& fixed) {
  const std::size_t errors = loader_.errors().size();
  if (loader_.parse_expression("--path", flag)) {
    texts.push_back(flag);
    fixed.push_back(false);
    return true;
  }
  loader_.errors().resize(errors);
  const ast::File* file = loader_.parse({"--path", flag + "_"});
  if (!file || file->decls.size() != 1) return tell_loading();
  for (const ast::Decl* d = file->decls[0]; d && d->kind == ast::DeclKind::field;) {
    const auto& field = static_cast<const ast::Field&>(*d);
    const ast::Expr& label = *field.label->x;
    const bool name = label.kind == ast::ExprKind::ident;
    texts.push_back(name ? std::string(static_cast<const ast::Ident&>(label).name) : std::string(loader_.program().source_text(&label)));
    fixed.push_back(name);
    const bool more = field.value->kind == ast::ExprKind::structure && static_cast<const ast::Struct*>(field.value)->decls.size() == 1;
    d = more ? static_cast<const ast::Struct*>(field.value)->decls[0] : nullptr;
  }
  return true;
}

bool CueSession::labels_of(const Document& d, std::vector<Label>& labels) {
  ast::Expr* scope = options_.is_on("with-context") ? context(d) : d.value;
  const Document scoped{scope, d.file, d.index, d.count};
  const auto compiled = compile_data({&scoped, 1});
  begin();
  evaluator_->guarded([&] { value_ = data_value(compiled); });
  return tell_loading() && limits_hold() && labels_here(labels);
}

// Of what the root is now.
bool CueSession::labels_here(std::vector<Label>& labels) {
  std::vector<std::string> texts;
  std::vector<bool> fixed;
  for (const std::string& each : options_.all("path"))
    if (!path_labels(each, texts, fixed)) return false;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (fixed[i]) labels.push_back({texts[i], true});
    else if (!add_label(texts[i], labels)) return false;
  }
  return true;
}

// As it is told: without white space between its parts.
static std::string squeezed(const std::string& text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\' && i + 1 < text.size()) out += text[i++];
    else if (text[i] == '"') quoted = !quoted;
    if (quoted || text[i] != ' ') out += text[i];
  }
  return out;
}

bool CueSession::add_label(const std::string& text, std::vector<Label>& labels) {
  cue::Vertex* v = evaluate(text, "--path");
  if (!v) return false;
  const ast::Expr* written = loader_.parse_expression("--path", text);
  while (written && written->kind == ast::ExprKind::paren) written = static_cast<const ast::Paren*>(written)->x;
  const auto* both = written && written->kind == ast::ExprKind::binary ? static_cast<const ast::Binary*>(written) : nullptr;
  const cue::Value* value = cue::base_value(*cue::deref(evaluator_->default_of(v)));
  const bool is_string = value && value->tag == cue::Tag::string;
  if (is_string && both && (both->op == ast::Op::disjoin || both->op == ast::Op::unify)) {
    std::cerr << "expression is not a valid label: " << squeezed(text) << '\n';
    return false;
  }
  if (!is_string) {
    const cue::Bottom* b = cue::bottom_of(v);
    std::cerr << "error evaluating label " << squeezed(text) << ": " << (b ? evaluator_->message(*b) : evaluator_->describe(v)) << '\n';
    return false;
  }
  labels.push_back({std::string(cue::as<cue::Text>(*value).text), false});
  return true;
}

bool CueSession::place_value(cue::Vertex*& value) {
  std::vector<Label> labels;
  if (!labels_here(labels)) return false;
  cue::Arena& arena = evaluator_->arena();
  for (auto it = labels.rbegin(); it != labels.rend(); ++it) {
    auto* inner = arena.make<ir::ValueExpr>();
    inner->kind = ir::ExprKind::value;
    inner->value = value;
    auto* decl = arena.make<ir::Decl>();
    decl->kind = ir::DeclKind::field;
    decl->arc = ir::ArcType::member;
    decl->label = it->identifier ? evaluator_->labels().identifier(it->text, cue::Loader::hidden_package(package()))
                                 : evaluator_->labels().string(it->text);
    decl->value = inner;
    auto* around = arena.make<ir::Struct>();
    around->kind = ir::ExprKind::structure;
    around->decls = arena.copy(std::vector<const ir::Decl*>{decl});
    evaluator_->guarded([&] { value = evaluator_->evaluate_expression(*around, nullptr); });
    if (!limits_hold()) return false;
  }
  return true;
}

ast::Field* CueSession::field(const Label& label, ast::Expr* value) {
  cue::Arena& arena = loader_.program().arena;
  ast::Field* made = cue::make_field(arena, label.text, value, value->begin);
  if (!label.identifier) return made;
  auto* name = arena.make<ast::Ident>();
  name->name = arena.text(label.text);
  name->begin = name->end = value->begin;
  made->label->x = name;
  return made;
}

// Each file makes one value.
bool CueSession::place() {
  if (!options_.is_on("list") && options_.all("path").empty()) return true;
  std::vector<Document> placed;
  for (std::size_t first = 0, behind; first < documents_.size(); first = behind) {
    for (behind = first + 1; behind < documents_.size() && documents_[behind].file == documents_[first].file;) ++behind;
    if (!place_file(std::span(documents_).subspan(first, behind - first), placed)) return false;
  }
  documents_ = std::move(placed);
  value_ = nullptr;
  evaluator_.reset();
  return true;
}

bool CueSession::place_file(std::span<const Document> documents, std::vector<Document>& placed) {
  const bool list = options_.is_on("list");
  cue::Arena& arena = loader_.program().arena;
  std::vector<std::pair<std::vector<Label>, std::vector<ast::Expr*>>> groups;   // documents by label
  for (const Document& each : documents) {
    std::vector<Label> labels;
    if (!options_.all("path").empty() && !labels_of(each, labels)) {
      if (each.value->kind == ast::ExprKind::null) continue;
      return false;
    }
    const auto same = std::ranges::find(groups, labels, [](const auto& g) { return g.first; });
    if (list && same != groups.end()) same->second.push_back(each.value);
    else groups.push_back({labels, {each.value}});
  }
  std::vector<ast::Decl*> fields;   // of one struct, so that they come in the order of the data
  for (auto& [labels, values] : groups) {
    ast::Expr* value = list ? cue::make_list(arena, values, values[0]->begin) : values[0];
    for (std::size_t i = labels.size(); i > 1; --i) value = cue::make_struct(arena, {field(labels[i - 1], value)}, value->begin);
    if (labels.empty()) placed.push_back({value, documents[0].file, 0, 1});
    else fields.push_back(field(labels[0], value));
  }
  if (!fields.empty()) placed.push_back({cue::make_struct(arena, fields, fields[0]->begin), documents[0].file, 0, 1});
  return true;
}

void CueSession::begin() {
  value_ = nullptr;
  evaluator_ = std::make_unique<cue::Evaluator>(loader_.program(), cue::Limits{});
}

// Before an evaluation begins: it puts labels of its own on top of the program's.
std::vector<const ir::Struct*> CueSession::compile_data(std::span<const Document> documents) {
  std::vector<const ir::Struct*> all;
  for (const Document& each : documents)
    for (const ir::Struct* made : compile_files({cue::make_file(loader_.program().arena, each.value)})) all.push_back(made);
  return all;
}

// All as one value; null: there are none.
cue::Vertex* CueSession::data_value(std::span<const ir::Struct* const> documents) {
  const ir::Expr* all = nullptr;
  for (const ir::Struct* each : documents) all = all ? both(*all, *each) : each;
  return all && loader_.errors().empty() ? evaluator_->evaluate_expression(*all, nullptr) : nullptr;
}

const ir::Expr* CueSession::both(const ir::Expr& x, const ir::Expr& y) {
  auto* made = evaluator_->arena().make<ir::Binary>();
  made->kind = ir::ExprKind::unify;
  made->op = ast::Op::unify;
  made->x = &x;
  made->y = &y;
  return made;
}

// Files of data are in the order of their names.
bool CueSession::start_merged() {
  std::ranges::stable_sort(documents_, {}, &Document::file);
  const auto documents = compile_data(documents_);
  begin();
  const bool files = !loader_.program().files.empty();
  const bool partial = documents_.empty() && options_.is_on("partial") && options_.has("expression");
  evaluator_->guarded([&] {
    cue::Vertex* data = data_value(documents);
    if (!partial) evaluator_->finalize(evaluator_->root());
    if (data) value_ = files ? evaluator_->unify_values(data, evaluator_->root()) : data;
  });
  return tell_loading() && limits_hold();
}

// Against every schema of -d, which sees the fields of the files; else against these.
bool CueSession::start_document(std::size_t document) {
  const auto documents = compile_data(std::span(documents_).subspan(document, 1));
  begin();
  evaluator_->guarded([&] { evaluator_->finalize(evaluator_->root()); });
  std::vector<cue::Vertex*> schemas;
  for (const std::string& each : options_.all("schema")) {
    schemas.push_back(limits_hold() ? evaluate(each, "--schema") : nullptr);
    if (!schemas.back() || !check(schemas.back(), {})) return false;
  }
  if (schemas.empty()) schemas.push_back(evaluator_->root());
  evaluator_->guarded([&] {
    cue::Vertex* value = data_value(documents);
    for (cue::Vertex* each : schemas)
      if (value) value = evaluator_->unify_values(value, each);
    value_ = value;
  });
  return tell_loading() && limits_hold();
}

const ir::Expr* CueSession::compile(const std::string& text, std::string name) {
  const ast::Expr* x = loader_.parse_expression(std::move(name), text);
  if (!x) {
    tell_loading();
    return nullptr;
  }
  std::vector<cue::Label> scope;
  const cue::Vertex* root = cue::deref(this->root());
  for (const cue::Vertex* each : root->arcs)
    if (!each->label.is_let() && !each->label.is_integer()) scope.push_back(each->label);
  if (options_.is_on("partial")) file_labels(scope);
  const ir::Expr* made = loader_.compile_expression(*x, evaluator_->labels(), scope);
  if (!made) tell_loading();
  return made;
}

// The fields that the files declare, where the root is not evaluated.
void CueSession::file_labels(std::vector<cue::Label>& scope) const {
  for (const ir::Struct* file : loader_.program().files)
    for (const ir::Decl* each : file->decls)
      if (each->kind == ir::DeclKind::field) scope.push_back(each->label);
}

cue::Vertex* CueSession::evaluate(const std::string& text, std::string name) {
  const ir::Expr* x = compile(text, std::move(name));
  cue::Vertex* v = nullptr;
  if (x) evaluator_->guarded([&] { v = evaluator_->evaluate_expression(*x, root()); });
  return x && limits_hold() ? v : nullptr;
}

bool CueSession::values(std::vector<Shown>& all) {
  if (!options_.has("expression")) {
    all.push_back({"", root()});
    return true;
  }
  for (const std::string& each : options_.all("expression")) {
    cue::Vertex* v = nullptr;
    const ir::Expr* x = compile(each, "--expression");
    if (x) evaluator_->guarded([&] { v = evaluator_->evaluate_open(*x, root()); });
    if (!v || !limits_hold()) return false;
    all.push_back({each, v});
  }
  return true;
}

// What an expression only refers to is told by its own name.
static cue::Vertex* referred(cue::Vertex* v) {
  const bool names = !v->parent && v->value && v->value->tag == cue::Tag::vertex;
  return names ? const_cast<cue::Vertex*>(static_cast<const cue::Vertex*>(v->value)) : v;
}

bool CueSession::check(cue::Vertex* v, cue::Strictness how, bool aloud) {
  const cue::Bottom* b = nullptr;
  how.all_errors = true;
  evaluator_->guarded([&] { b = evaluator_->validate(referred(v), how); });
  if (!limits_hold()) return false;
  if (b && aloud) tell(*b);
  return !b;
}

}  // namespace oam::cli
