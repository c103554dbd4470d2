// Where a step calls actions, and which call comes next.
#pragma once

#include <optional>
#include <set>
#include <string>

#include <oam/cue/instance.hpp>

namespace oam::detail {

struct FoundCall {
  std::string path;      // as cue::Instance::fill() takes it: l.1
  std::string shown;     // as people write it: l[1]
  std::string label;     // of the field itself
  std::string provider, name;
  cue::View value;
};

// The first call that is not among `done` (by path). Fields come in their order, those
// with @step(n) first and by n; what stands in a field comes before the field itself;
// definitions are not run, and nothing in a label with '#'.
std::optional<FoundCall> next_call(const cue::View& root, const std::set<std::string, std::less<>>& done);

}  // namespace oam::detail
