// Observed: what exists now, and what was applied before, as told by the host.
//
// Immutable, cheap to copy, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <oam/document.hpp>

namespace oam {

class OAM_API Observed {
 public:
  Observed() = default;                               // nothing exists
  explicit Observed(std::vector<Value> objects);      // complete objects, with status

  bool empty() const noexcept { return objects().empty(); }
  std::span<const Value> objects() const noexcept;

  // Null if it does not exist. `api_version` without its version part counts:
  // apps/v1 finds apps/v1beta1.
  Value find(std::string_view api_version, std::string_view kind, std::string_view namespace_,
             std::string_view name) const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

}  // namespace oam
