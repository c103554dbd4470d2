#include "cue/load.hpp"

#include <algorithm>

#include "cue/parse/parse.hpp"

namespace oam::cue {

namespace {
class Loader {
 public:
  Loader(Program& program, std::span<const PackageText> packages, std::vector<LoadError>& errors)
      : program_(program), packages_(packages), errors_(errors) {}

  std::vector<const ast::File*> parse(std::span<const SourceText> files) {
    std::vector<const ast::File*> trees;
    for (const SourceText& each : files) {
      std::vector<SyntaxError> wrong;
      const Pos base = program_.sources.add(each.name, each.text);
      const std::string_view text = program_.sources.text(program_.sources.size() - 1);
      const ast::File* tree = parse_file(program_.arena, text, base, wrong);
      for (SyntaxError& error : wrong) errors_.push_back({error.pos, {}, std::move(error.message), {}});
      if (tree && wrong.empty()) trees.push_back(tree);
    }
    return trees;
  }

  std::vector<const ir::Struct*> compile(std::span<const ast::File* const> trees, std::string_view package) {
    std::vector<ir::CompileError> wrong;
    const ir::Surroundings around{program_.arena, program_.labels, package,
                                  [this](std::string_view path) { return known(path); }};
    auto made = ir::compile_files(trees, around, wrong);
    for (ir::CompileError& each : wrong)
      errors_.push_back({each.pos, std::move(each.path), std::move(each.message), std::move(each.hint)});
    return made;
  }

  // Packages are compiled once, before what imports them; a ring of imports ends here.
  bool known(std::string_view path) {
    if (program_.find(path)) return true;
    const auto it = std::ranges::find(packages_, path, &PackageText::path);
    if (it == packages_.end()) return false;
    program_.packages[std::string(path)];
    const auto trees = parse(it->files);
    auto files = compile(trees, path);
    program_.packages[std::string(path)] = std::move(files);
    return true;
  }

 private:
  Program& program_;
  std::span<const PackageText> packages_;
  std::vector<LoadError>& errors_;
};
}  // namespace

std::unique_ptr<Program> load_program(std::vector<SourceText> files, std::vector<PackageText> packages,
                                      std::vector<LoadError>& errors) {
  auto program = std::make_unique<Program>();
  Loader loader(*program, packages, errors);
  program->trees = loader.parse(files);
  if (!program->trees.empty()) program->package = program->trees[0]->package;
  if (errors.empty()) program->files = loader.compile(program->trees, program->package.empty() ? "_" : ":" + program->package);
  std::ranges::stable_sort(errors, {}, &LoadError::pos);
  return program;
}

}  // namespace oam::cue
