#include "cue/support/regexp.hpp"

#include <absl/container/flat_hash_map.h>
#include <re2/re2.h>

#include "cue/builtin/pattern.hpp"

namespace oam::cue {

struct Regexps::Cache {
  struct Compiled {
    std::shared_ptr<const RE2> pattern;   // null: it is none
    std::string problem;
  };
  absl::flat_hash_map<std::string, Compiled> compiled;
};

Regexps::Regexps() = default;
Regexps::~Regexps() = default;

std::optional<bool> Regexps::search(std::string_view pattern, std::string_view text, std::string& problem) {
  if (!cache_) cache_ = std::make_unique<Cache>();
  const auto [it, added] = cache_->compiled.try_emplace(std::string(pattern));
  auto& [compiled, why] = it->second;
  if (added) compiled = compile_pattern(pattern, why);
  if (!compiled) {
    problem = why;
    return std::nullopt;
  }
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled);
}

}  // namespace oam::cue
