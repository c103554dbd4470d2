// Memory that is given back all at once: every node of a syntax tree, of the
// intermediate form and of an evaluation lives in one.
//
// Not thread-safe while it grows; what it holds may be read from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace oam::cue {

template <class T>
class ArenaAllocator;
template <class T>
using ArenaVector = std::vector<T, ArenaAllocator<T>>;

class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t limit) : limit_(limit) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    for (auto it = owned_.rbegin(); it != owned_.rend(); ++it) it->destroy(it->object);
    while (Chunk* each = last_) {
      last_ = each->before;
      ::operator delete(each);
    }
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    T* object = ::new (raw(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
    if constexpr (!std::is_trivially_destructible_v<T> && !requires { T::kAllInArena; })
      owned_.push_back({object, [](void* p) { static_cast<T*>(p)->~T(); }});
    return object;
  }

  template <class T>
  std::span<T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* first = static_cast<T*>(raw(sizeof(T) * items.size(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }
  template <class T>
  std::span<T> copy(const std::vector<T>& items) { return copy(std::span<const T>(items)); }

  template <class T>
  std::span<T> array(std::size_t n) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(raw(sizeof(T) * n, alignof(T)));
    std::uninitialized_value_construct_n(first, n);
    return {first, n};
  }
  template <class T>
  ArenaVector<T>* list() { return ::new (raw(sizeof(ArenaVector<T>), alignof(ArenaVector<T>))) ArenaVector<T>(*this); }

  std::string_view text(std::string_view text) {
    const auto kept = copy(std::span<const char>(text.data(), text.size()));
    return {kept.data(), kept.size()};
  }

  void* raw(std::size_t size, std::size_t alignment) {
    used_ += size;
    const std::size_t gap = (0 - reinterpret_cast<std::uintptr_t>(free_)) & (alignment - 1);
    if (gap + size > static_cast<std::size_t>(end_ - free_)) return grow(size, alignment);
    std::byte* const at = free_ + gap;
    free_ = at + size;
    return at;
  }

  std::size_t used() const noexcept { return used_; }
  bool exhausted() const noexcept { return used_ > limit_; }   // callers stop with a diagnostic of theirs

 private:
  struct Owned {
    void* object;
    void (*destroy)(void*);
  };
  struct Chunk {
    Chunk* before;
  };
  static constexpr std::size_t kSmallest = 16 * 1024, kLargest = 1024 * 1024;

  void* grow(std::size_t size, std::size_t alignment) {
    const std::size_t wanted = std::max(std::clamp(used_ / 4, kSmallest, kLargest), sizeof(Chunk) + alignment + size);
    void* const chunk = ::operator new(wanted);
    last_ = ::new (chunk) Chunk{last_};
    free_ = static_cast<std::byte*>(chunk) + sizeof(Chunk);
    end_ = static_cast<std::byte*>(chunk) + wanted;
    used_ -= size;
    return raw(size, alignment);
  }

  std::byte* free_ = nullptr;   // of the last chunk, up to `end_`
  std::byte* end_ = nullptr;
  Chunk* last_ = nullptr;
  std::vector<Owned> owned_;
  std::size_t used_ = 0;
  std::size_t limit_ = static_cast<std::size_t>(-1);
};

// For containers whose memory is an arena's. What holds nothing else says so by a
// constant `kAllInArena`, and is never destroyed.
template <class T>
class ArenaAllocator {
 public:
  using value_type = T;
  ArenaAllocator(Arena& arena) : arena_(&arena) {}
  template <class U>
  ArenaAllocator(const ArenaAllocator<U>& other) : arena_(&other.arena()) {}
  T* allocate(std::size_t n) { return static_cast<T*>(arena_->raw(n * sizeof(T), alignof(T))); }
  void deallocate(T*, std::size_t) {}
  Arena& arena() const { return *arena_; }
  friend bool operator==(ArenaAllocator a, ArenaAllocator b) { return a.arena_ == b.arena_; }

 private:
  Arena* arena_;
};

// A vector that most often stays empty, and is a single pointer then.
template <class T>
class Rarely {
 public:
  ArenaVector<T>& in(Arena& arena) {   // to be changed
    if (!items_) items_ = arena.list<T>();
    return *items_;
  }
  ArenaVector<T> take(Arena& arena) { return std::exchange(in(arena), ArenaVector<T>(arena)); }
  void clear() {
    if (items_) items_->clear();
  }
  std::size_t size() const { return items_ ? items_->size() : 0; }
  bool empty() const { return size() == 0; }
  T* begin() const { return items_ ? items_->data() : nullptr; }
  T* end() const { return begin() + size(); }
  T& operator[](std::size_t i) const { return (*items_)[i]; }

 private:
  ArenaVector<T>* items_ = nullptr;
};

}  // namespace oam::cue
