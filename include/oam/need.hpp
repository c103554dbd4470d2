// Needs: what a step of a plan comes after.
//
// A plain value; safe to share between threads.
#pragma once

#include <atomic>
#include <initializer_list>
#include <utility>
#include <vector>

#include <oam/graph.hpp>

namespace oam {

// That a step comes after another; Plan::reason() says why.
struct Need {
  static constexpr std::uint32_t kNoReason = 0x3fffffff;
  std::uint32_t step = 0;     // index into Plan::steps(); always a smaller one
  std::uint32_t reason : 30 = kNoReason;   // index into Plan::reasons()
  Edge::Kind kind : 2 = Edge::Kind::requires_;

  Need() = default;
  Need(std::uint32_t to, Edge::Kind as = Edge::Kind::requires_, std::uint32_t why = kNoReason) : step(to), reason(why & kNoReason), kind(as) {}
};

// What a step comes after, by step; nobody changes them. Those of a plan are held together and
// stand one behind another, which costs 16 bytes a step and no memory of its own for each.
class Needs {
 public:
  // One behind another, those of many steps; deleted by the last who holds any.
  struct All {
    std::vector<Need> needs;
    std::atomic<std::uint32_t> holders = 0;
  };

  Needs() noexcept = default;
  Needs(std::vector<Need> own) {
    if (own.empty()) return;
    count_ = static_cast<std::uint32_t>(own.size());
    all_ = new All{std::move(own)};
    hold();
  }
  Needs(std::initializer_list<Need> own) : Needs(std::vector<Need>(own)) {}
  Needs(All* all, std::uint32_t first, std::uint32_t count) noexcept : all_(all), first_(first), count_(count) { hold(); }
  Needs(const Needs& other) noexcept : all_(other.all_), first_(other.first_), count_(other.count_) { hold(); }
  Needs(Needs&& other) noexcept { swap(other); }
  Needs& operator=(Needs other) noexcept { return swap(other), *this; }
  ~Needs() {
    if (all_ && all_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete all_;
  }

  const Need* begin() const noexcept { return all_ ? all_->needs.data() + first_ : nullptr; }
  const Need* end() const noexcept { return begin() + count_; }
  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }
  const Need& operator[](std::size_t index) const noexcept { return begin()[index]; }
  const Need& front() const noexcept { return *begin(); }
  const Need& back() const noexcept { return end()[-1]; }
  void push_back(const Need& need) {   // of steps made by hand: copies what there is
    std::vector<Need> all(begin(), end());
    all.push_back(need);
    *this = Needs(std::move(all));
  }

 private:
  void hold() noexcept {
    if (all_) all_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  void swap(Needs& other) noexcept {
    std::swap(all_, other.all_);
    std::swap(first_, other.first_);
    std::swap(count_, other.count_);
  }

  All* all_ = nullptr;
  std::uint32_t first_ = 0, count_ = 0;
};

}  // namespace oam
