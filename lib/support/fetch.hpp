// Memory that is read soon: it is on its way into the cache while other work is done.
#pragma once

#include <cstddef>

namespace oam::detail {

// Inlined always: the compiler takes a function that only fetches for one that does nothing.
[[gnu::always_inline]] inline void fetch(const void* from, std::size_t bytes = 1) {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < bytes + kLine - 1; at += kLine) __builtin_prefetch(static_cast<const char*>(from) + at);
}

}  // namespace oam::detail
