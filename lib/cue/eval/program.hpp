// What a compiled module is: sources, syntax trees and intermediate form, with the
// packages that it imports. Immutable once compiled; shared by all evaluations.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cue/ir/compile.hpp"
#include "cue/source.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue {

struct Program {
  SourceSet sources;
  Arena arena;
  Labels labels;
  std::string package;                                     // name in the files' package clause
  std::vector<const ast::File*> trees;
  std::vector<const ir::Struct*> files;
  std::map<std::string, std::vector<const ir::Struct*>, std::less<>> packages;   // by import path

  const std::vector<const ir::Struct*>* find(std::string_view path) const {
    const auto it = packages.find(path);
    return it == packages.end() ? nullptr : &it->second;
  }

  // The text of an expression, as written.
  std::string_view source_text(const ast::Expr* x) const {
    return x && x->begin != kNoPos ? sources.between(x->begin, x->end) : std::string_view("expression");
  }
};

}  // namespace oam::cue
