// Names that are said again: one text for all who hold it.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <oam/name.hpp>

namespace oam::detail {

class Names {
 public:
  const Name& operator()(std::string_view text) {
    const absl::string_view key(text.data(), text.size());
    if (const auto known = all_.find(key); known != all_.end()) return known->second;
    const Name made(text);
    return all_.emplace(absl::string_view(made.view().data(), made.size()), made).first->second;   // its letters stay where they are
  }

 private:
  absl::flat_hash_map<absl::string_view, Name> all_;
};

}  // namespace oam::detail
