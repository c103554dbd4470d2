// What is wrong with CUE, as the reference tells it: the message behind its path, then
// every place that has a part in it, indented.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cue/eval/evaluator.hpp"
#include "cue/load.hpp"

namespace oam::cli {

class CueReport {
 public:
  explicit CueReport(const cue::Program& program) : program_(program) {}

  void add(cue::Evaluator& e, const cue::Bottom& error);
  void add(const cue::LoadError& error);

  bool empty() const { return issues_.empty(); }
  std::string text();   // sorted, each once

 private:
  struct Issue {
    std::string path, message;
    cue::Pos first = cue::kNoPos;          // the primary place; kNoPos: all are alike
    std::vector<cue::Pos> places;          // in the order in which they are shown
  };
  bool before(const Issue& a, const Issue& b) const;
  int compare(cue::Pos a, cue::Pos b) const;
  std::vector<cue::Pos> sorted(std::span<const cue::Pos> places) const;   // each once

  const cue::Program& program_;
  std::vector<Issue> issues_;
};

}  // namespace oam::cli
