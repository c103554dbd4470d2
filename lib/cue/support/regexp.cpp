#include "cue/support/regexp.hpp"

#include <absl/container/flat_hash_map.h>
#include <re2/re2.h>

namespace oam::cue {

struct Regexps::Cache {
  absl::flat_hash_map<std::string, std::unique_ptr<RE2>> compiled;
};

Regexps::Regexps() = default;
Regexps::~Regexps() = default;

std::optional<bool> Regexps::search(std::string_view pattern, std::string_view text, std::string& problem) {
  if (!cache_) cache_ = std::make_unique<Cache>();
  auto& slot = cache_->compiled[std::string(pattern)];
  if (!slot) {
    RE2::Options options;
    options.set_log_errors(false);
    slot = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  }
  if (!slot->ok()) {
    problem = slot->error();
    return std::nullopt;
  }
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *slot);
}

}  // namespace oam::cue
