// From syntax trees to the intermediate form: names are resolved, literals read,
// disjunctions and shorthands flattened. All mistakes are told at once.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cue/ir/ir.hpp"
#include "cue/source.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue::ir {

struct CompileError {
  Pos pos = kNoPos;
  std::string path;      // the field that holds it: "a.b"
  std::string message;
  std::string hint;
  Pos earlier = kNoPos;  // what was declared before
};

// What the compiler asks of its surroundings.
struct Surroundings {
  Arena& arena;
  Labels& labels;
  std::string_view package;                          // hidden fields belong to it
  // Is there a package of this path, other than the standard library's?
  std::function<std::string(std::string_view path)> missing;   // why there is no such package; empty: there is
  std::span<const Label> scope = {};                 // fields that an expression may name, one scope up
  bool strict_imports = false;                       // one that nothing uses is an error
};

// The files of one package, each a struct at the root.
std::vector<const Struct*> compile_files(std::span<const ast::File* const> files, const Surroundings& around,
                                         std::vector<CompileError>& errors);

// An expression that sees the fields of `around.scope`, one scope up.
const Expr* compile_expression(const ast::Expr& expr, const ast::Experiments& experiments,
                               const Surroundings& around, std::vector<CompileError>& errors);

}  // namespace oam::cue::ir
