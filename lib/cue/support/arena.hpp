// Memory that is given back all at once: every node of a syntax tree, of the
// intermediate form and of an evaluation lives in one.
//
// Not thread-safe while it grows; what it holds may be read from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace oam::cue {

class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t limit) : limit_(limit) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    for (auto it = owned_.rbegin(); it != owned_.rend(); ++it) it->destroy(it->object);
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    T* object = ::new (raw(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
    if constexpr (!std::is_trivially_destructible_v<T>)
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

  std::string_view text(std::string_view text) {
    const auto kept = copy(std::span<const char>(text.data(), text.size()));
    return {kept.data(), kept.size()};
  }

  void* raw(std::size_t size, std::size_t alignment) {
    used_ += size;
    return memory_.allocate(size, alignment);
  }

  std::size_t used() const noexcept { return used_; }
  bool exhausted() const noexcept { return used_ > limit_; }   // callers stop with a diagnostic of theirs

 private:
  struct Owned {
    void* object;
    void (*destroy)(void*);
  };
  std::pmr::monotonic_buffer_resource memory_{16 * 1024};
  std::vector<Owned> owned_;
  std::size_t used_ = 0;
  std::size_t limit_ = static_cast<std::size_t>(-1);
};

}  // namespace oam::cue
