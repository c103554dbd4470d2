// Rare: what few of many have. It costs one that has none of it a pointer.
//
// A plain value.
#pragma once

#include <memory>

namespace oam {

template <class More>
class Rare {
 public:
  Rare() noexcept = default;
  Rare(const Rare& other) : held_(other.held_ ? std::make_unique<More>(*other.held_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept { return held_.swap(other.held_), *this; }

  const More& operator*() const noexcept { return held_ ? *held_ : nothing(); }
  const More* operator->() const noexcept { return &**this; }
  More& edit() { return held_ ? *held_ : *(held_ = std::make_unique<More>()); }

 private:
  static const More& nothing() noexcept {
    static const More none;
    return none;
  }
  std::unique_ptr<More> held_;
};

}  // namespace oam
