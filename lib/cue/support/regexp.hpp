// Regular expressions by RE2, whose syntax is CUE's. Each pattern is compiled once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace oam::cue {

class Regexps {
 public:
  Regexps();
  ~Regexps();
  // Does the pattern match somewhere in the text? Nothing: the pattern is wrong, `problem` says how.
  std::optional<bool> search(std::string_view pattern, std::string_view text, std::string& problem);

 private:
  struct Cache;
  std::unique_ptr<Cache> cache_;
};

}  // namespace oam::cue
