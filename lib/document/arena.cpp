#include "document/arena.hpp"

#include <algorithm>
#include <functional>
#include <new>

namespace oam::detail {
namespace {

constexpr std::less<const void*> kBefore;

}  // namespace

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

void Arena::close() {
  std::ranges::sort(blocks_, kBefore, &Block::begin);
  closed_ = true;
}

bool Arena::owns(const void* at) const {
  const auto behind = std::ranges::upper_bound(blocks_, at, kBefore, &Block::begin);
  return behind != blocks_.begin() && kBefore(at, behind[-1].bytes.get() + behind[-1].size);
}

}  // namespace oam::detail
