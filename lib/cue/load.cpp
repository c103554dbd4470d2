#include "cue/load.hpp"

#include <algorithm>

#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"
#include "cue/parse/parse.hpp"

namespace oam::cue {

Loader::Loader(FindPackage find) : program_(std::make_unique<Program>()), find_(std::move(find)) {}

Loader::Found Loader::find_among(std::span<const PackageText> packages, std::string_view path) {
  const auto it = std::ranges::find(packages, path, &PackageText::path);
  if (it == packages.end()) return {{}, "cannot find package \"" + std::string(path) + "\""};
  return {*it, {}};
}

std::string Loader::hidden_package(std::string_view name) {
  return name.empty() ? "_" : ":" + std::string(name);
}

std::pair<std::string_view, Pos> Loader::add(std::string name, std::string text) {
  const Pos base = program_->sources.add(std::move(name), std::move(text));
  return {program_->sources.text(program_->sources.size() - 1), base};
}

void Loader::wrong(std::vector<SyntaxError>& syntax) {
  for (SyntaxError& error : syntax) errors_.push_back({error.pos, {}, std::move(error.message), {}});
}

ast::File* Loader::parse(const SourceText& file) {
  std::vector<SyntaxError> syntax;
  const auto [text, base] = add(file.name, file.text);
  const ast::File* tree = parse_file(program_->arena, text, base, syntax);
  wrong(syntax);
  return syntax.empty() ? const_cast<ast::File*>(tree) : nullptr;   // it is ours until it is compiled
}

std::vector<ast::Expr*> Loader::read(const SourceText& file, DataFormat format) {
  const auto [text, base] = add(file.name, file.text);
  std::vector<SyntaxError> syntax;
  std::vector<ast::Expr*> values;
  if (format == DataFormat::yaml) values = read_yaml_data(program_->arena, text, base, syntax);
  else if (format == DataFormat::toml) values = read_toml_data(program_->arena, text, base, syntax);
  else if (format == DataFormat::binary) values.push_back(make_literal(program_->arena, ast::ExprKind::string, program_->arena.text(quote_bytes(text)), base));
  else if (format != DataFormat::text) values = read_json_data(program_->arena, text, base, format == DataFormat::json_stream, syntax);
  else values.push_back(make_literal(program_->arena, ast::ExprKind::string, program_->arena.text(quote_string(text)), base));
  wrong(syntax);
  return values;
}

const ast::Expr* Loader::parse_expression(std::string name, std::string written) {
  const auto [text, base] = add(std::move(name), std::move(written));
  std::vector<SyntaxError> syntax;
  const ast::Expr* x = cue::parse_expression(program_->arena, text, base, syntax);
  wrong(syntax);
  return x;
}

// Of a package or expression.
void Loader::keep(std::vector<ir::CompileError>& found) {
  for (ir::CompileError& each : found) {
    if (each.earlier != kNoPos) {
      const Location at = program_->sources.locate(each.earlier);
      const std::string folder = at.file.starts_with('/') || at.file.starts_with('.') ? "" : "./";
      each.message += "\n\tprevious declaration at " + folder + std::string(at.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    }
    errors_.push_back({each.pos, std::move(each.path), std::move(each.message), std::move(each.hint)});
  }
}

std::vector<const ir::Struct*> Loader::compile(std::span<const ast::File* const> trees, std::string_view package) {
  std::vector<ir::CompileError> found;
  const ir::Surroundings around{program_->arena, program_->labels, package,
                                [this](std::string_view path) { return missing(path); }, {}, strict_imports_};
  auto made = ir::compile_files(trees, around, found);
  keep(found);
  return made;
}

const ir::Expr* Loader::compile_expression(const ast::Expr& x, Labels& labels, std::span<const Label> scope) {
  std::vector<ir::CompileError> found;
  const std::string package = hidden_package(program_->package);
  const ir::Surroundings around{program_->arena, labels, package, [this](std::string_view path) { return missing(path); }, scope};
  const ir::Expr* made = ir::compile_expression(x, {}, around, found);
  keep(found);
  return found.empty() ? made : nullptr;
}

// Why a package is not there; empty: it is. Packages are compiled once, before what
// imports them; a ring of imports ends here.
std::string Loader::missing(std::string_view path) {
  if (program_->find(path)) return "";
  const Found found = find_ ? find_(path) : find_among({}, path);
  if (!found.error.empty()) return found.error;
  program_->packages[std::string(path)];
  std::vector<const ast::File*> trees;
  for (const SourceText& each : found.package.files)
    if (ast::File* tree = parse(each)) {
      if (prepare_) prepare_(*tree, each.name);
      trees.push_back(tree);
    }
  auto files = compile(trees, path);
  program_->packages[std::string(path)] = std::move(files);
  return "";
}

std::unique_ptr<Program> load_program(std::vector<SourceText> files, std::vector<PackageText> packages,
                                      std::vector<LoadError>& errors) {
  Loader loader([&](std::string_view path) { return Loader::find_among(packages, path); });
  Program& program = loader.program();
  for (const SourceText& each : files)
    if (const ast::File* tree = loader.parse(each)) program.trees.push_back(tree);
  if (!program.trees.empty()) program.package = program.trees[0]->package;
  if (loader.errors().empty()) program.files = loader.compile(program.trees, Loader::hidden_package(program.package));
  errors = std::move(loader.errors());
  std::ranges::stable_sort(errors, {}, &LoadError::pos);
  return loader.take();
}

}  // namespace oam::cue
