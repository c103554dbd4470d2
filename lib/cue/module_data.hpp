// What a Module holds, and errors of the engine as those of the interface.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cue/eval/evaluator.hpp"
#include "cue/load.hpp"

#include <oam/cue/module.hpp>

namespace oam::cue {

struct Module::Data {
  std::unique_ptr<const Program> program;
  mutable std::once_flag hashed;
  mutable std::string hash;            // made when somebody asks
  // Kept for instances that compile expressions: these need a program of their own.
  std::vector<SourceText> files;
  std::vector<PackageText> imports;
};

void add_error(const Program& program, const LoadError& error, Errors& errors);
void add_error(const Program& program, Evaluator& e, const Bottom& error, Errors& errors);

}  // namespace oam::cue
