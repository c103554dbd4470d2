// What a compiled module is: sources, syntax trees and intermediate form, with the
// packages that it imports. Immutable once compiled, but for what evaluations tell each
// other by `sound`; shared by all of them.
#pragma once

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

// Definitions that were looked at by themselves and found right: what is self-contained
// comes to the same in every evaluation. May be used from several threads.
class SoundDefinitions {
 public:
  bool contains(const ir::Decl* d) const {
    std::shared_lock lock(mutex_);
    return all_.contains(d);
  }
  void add(const ir::Decl* d) {
    std::unique_lock lock(mutex_);
    all_.insert(d);
  }

 private:
  mutable std::shared_mutex mutex_;
  absl::flat_hash_set<const ir::Decl*> all_;
};

struct Program {
  SourceSet sources;
  Arena arena;
  Labels labels;
  std::string package;                                     // name in the files' package clause
  std::vector<const ast::File*> trees;
  std::vector<const ir::Struct*> files;
  std::map<std::string, std::vector<const ir::Struct*>, std::less<>> packages;   // by import path
  mutable SoundDefinitions sound;

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
