// From texts to a Program: parsed, resolved, with the packages it imports.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cue/eval/program.hpp"

namespace oam::cue {

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

}  // namespace oam::cue
