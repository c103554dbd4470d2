#include "document/arena.hpp"

#include <algorithm>
#include <functional>
#include <new>

namespace oam::detail {

void* Arena::do_allocate(std::size_t bytes, std::size_t align) {
  if (closed_) return ::operator new(bytes, std::align_val_t(align));
  if (void* at = take(bytes, align)) return at;
  constexpr std::size_t kFirst = 4096, kLargest = 1 << 20;
  const std::size_t size = std::max(bytes + align, blocks_.empty() ? kFirst : std::min(2 * blocks_.back().size, kLargest));
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  used_ = 0;
  return take(bytes, align);
}

void Arena::do_deallocate(void* at, std::size_t, std::size_t align) {
  if (closed_ && !owns(at)) ::operator delete(at, std::align_val_t(align));
}

void* Arena::take(std::size_t bytes, std::size_t align) {
  if (blocks_.empty()) return nullptr;
  Block& block = blocks_.back();
  void* at = block.bytes.get() + used_;
  std::size_t room = block.size - used_;
  if (!std::align(align, bytes, at, room)) return nullptr;
  used_ = block.size - room + bytes;
  return at;
}

bool Arena::owns(const void* at) const {
  constexpr std::less_equal<> no_later;
  return std::ranges::any_of(blocks_, [&](const Block& each) {
    const std::byte* const begin = each.bytes.get();
    return no_later(static_cast<const void*>(begin), at) && !no_later(static_cast<const void*>(begin + each.size), at);
  });
}

}  // namespace oam::detail
