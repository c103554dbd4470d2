// From texts to a Program: parsed, resolved, with the packages it imports.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cue/eval/program.hpp"

namespace oam::cue {

namespace ir {
struct CompileError;
}

struct SourceText {
  std::string name;
  std::string text;
};
struct PackageText {
  std::string path;                  // as in an import
  std::vector<SourceText> files;
};

struct LoadError {
  Pos pos = kNoPos;
  std::string path;
  std::string message;
  std::string hint;
};

// Always a program, to locate errors in; fit to be evaluated if there are none.
std::unique_ptr<Program> load_program(std::vector<SourceText> files, std::vector<PackageText> packages,
                                      std::vector<LoadError>& errors);

enum class DataFormat : std::uint8_t { json, json_stream, yaml, toml, text, binary };

// The same step by step, for who mixes CUE with data or looks at the trees in between.
// What is added lives as long as the program.
class Loader {
 public:
  struct Found {
    PackageText package;
    std::string error;               // why it is not there; empty: it is
  };
  using FindPackage = std::function<Found(std::string_view path)>;
  static Found find_among(std::span<const PackageText> packages, std::string_view path);

  explicit Loader(FindPackage find);

  // What is done to each file of an imported package before it is compiled.
  void prepare(std::function<void(ast::File& tree, const std::string& name)> how) { prepare_ = std::move(how); }

  void refuse_unused_imports() { strict_imports_ = true; }

  ast::File* parse(const SourceText& file);   // null: errors() says why
  std::vector<ast::Expr*> read(const SourceText& file, DataFormat format);
  const ast::Expr* parse_expression(std::string name, std::string text);   // null: errors() says why
  std::vector<const ir::Struct*> compile(std::span<const ast::File* const> trees, std::string_view package);
  // An expression that sees the fields of `scope`. Null: errors() says why.
  const ir::Expr* compile_expression(const ast::Expr& x, Labels& labels, std::span<const Label> scope);

  Program& program() { return *program_; }
  const Program& program() const { return *program_; }
  std::unique_ptr<Program> take() { return std::move(program_); }
  std::vector<LoadError>& errors() { return errors_; }

  // To whom hidden fields belong, by the name in the package clause.
  static std::string hidden_package(std::string_view name);

 private:
  std::pair<std::string_view, Pos> add(std::string name, std::string text);
  void keep(std::vector<ir::CompileError>& found);
  void wrong(std::vector<SyntaxError>& syntax);
  std::string missing(std::string_view path);

  std::unique_ptr<Program> program_;
  FindPackage find_;
  bool strict_imports_ = false;
  std::function<void(ast::File&, const std::string&)> prepare_;
  std::vector<LoadError> errors_;
};

}  // namespace oam::cue
