// A text, loaded and evaluated, as the exporters show it.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "cue/eval/evaluator.hpp"
#include "cue/export/json.hpp"
#include "cue/export/syntax.hpp"
#include "cue/export/yaml.hpp"
#include "cue/load.hpp"

namespace oam::cue {

class Evaluated {
 public:
  explicit Evaluated(std::string text) : Evaluated(std::vector<SourceText>{{"in.cue", std::move(text)}}) {}
  explicit Evaluated(std::vector<SourceText> files) {
    std::vector<LoadError> errors;
    program_ = load_program(std::move(files), {}, errors);
    for (const LoadError& each : errors) ADD_FAILURE() << each.message;
    evaluator_ = std::make_unique<Evaluator>(*program_, Limits{});
    evaluator_->guarded([this] { evaluator_->finalize(root()); });
  }

  Vertex* root() { return evaluator_->root(); }
  Evaluator& evaluator() { return *evaluator_; }
  std::string json(int indent = 0) { return text(json_text(*evaluator_, root(), error_, indent)); }
  std::string yaml() { return text(yaml_text(*evaluator_, root(), error_)); }
  std::string eval() { return cue(SyntaxOptions::eval()); }
  std::string def() { return cue(SyntaxOptions::def()); }
  std::string cue(const SyntaxOptions& options) { return cue_text(*evaluator_, root(), options); }

 private:
  std::string text(const std::optional<std::string>& text) { return text ? *text : "error: " + evaluator_->message(*error_); }

  std::unique_ptr<Program> program_;
  std::unique_ptr<Evaluator> evaluator_;
  const Bottom* error_ = nullptr;
};

}  // namespace oam::cue
