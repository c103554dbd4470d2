// Scoped: sets a variable for as long as it lives.
#pragma once

#include <utility>

namespace oam::cue {

template <class T>
class Scoped {
 public:
  Scoped(T& variable, T value) : variable_(variable), saved_(std::exchange(variable, value)) {}
  ~Scoped() { variable_ = saved_; }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;

 private:
  T& variable_;
  T saved_;
};

}  // namespace oam::cue
