// What a compiled module is: sources, syntax trees and intermediate form, with the
// packages that it imports. Immutable once compiled, but for what evaluations tell each
// other by `experience`; shared by all of them.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "cue/ir/compile.hpp"
#include "cue/source.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue {

// What evaluations of a module tell those that come after; no result hangs on it. May be
// used from several threads.
class Experience {
 public:
  // Is the short way worth trying (direct.hpp)?
  bool is_plain() const { return in_vain_.load(std::memory_order_relaxed) < kEnough; }
  void tried(bool was_plain) {
    if (!was_plain) in_vain_.fetch_add(1, std::memory_order_relaxed);
    else if (in_vain_.load(std::memory_order_relaxed) > 0) in_vain_.store(0, std::memory_order_relaxed);
  }
  // A definition that was looked at by itself and found right. REQUIRES: it is self-contained,
  // so that it comes to the same in every evaluation
  bool is_sound(const ir::Decl* d) const {
    std::shared_lock lock(mutex_);
    return sound_.contains(d);
  }
  void add_sound(const ir::Decl* d) {
    std::unique_lock lock(mutex_);
    sound_.insert(d);
  }

 private:
  static constexpr std::uint32_t kEnough = 8;   // vain attempts, one after another
  std::atomic<std::uint32_t> in_vain_{0};
  mutable std::shared_mutex mutex_;
  absl::flat_hash_set<const ir::Decl*> sound_;
};

struct Program {
  SourceSet sources;
  Arena arena;
  Labels labels;
  std::string package;                                     // name in the files' package clause
  std::vector<const ast::File*> trees;
  std::vector<const ir::Struct*> files;
  std::map<std::string, std::vector<const ir::Struct*>, std::less<>> packages;   // by import path
  mutable Experience experience;

  const std::vector<const ir::Struct*>* find(std::string_view path) const {
    const auto it = packages.find(path);
    return it == packages.end() ? nullptr : &it->second;
  }

  // The text of an expression, as written.
  std::string_view source_text(const ast::Expr* x) const {
    return x && sources.has(x->begin) ? sources.between(x->begin, x->end) : std::string_view("expression");
  }
};

}  // namespace oam::cue
