// Where the scanner and the parser put what is wrong with a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cue/source.hpp"

namespace oam::cue {

template <class... Parts>
std::string joined(const Parts&... parts) {
  std::string out;
  (out.append(parts), ...);
  return out;
}

class Errors {
 public:
  Errors(std::string_view text, Pos base, std::vector<SyntaxError>& list)
      : text_(text), base_(base), list_(list), first_(list.size()) {}

  // Hostile texts may have an error in every byte: no more than so many are kept.
  static constexpr std::size_t kMost = 100;

  std::size_t size() const { return list_.size() - first_; }
  void add(std::size_t offset, std::string message) {
    last_ = offset;
    if (size() < kMost) list_.push_back({base_ + static_cast<Pos>(offset), std::move(message)});
  }

  // Whether the last error stands on the line of this place: then another one
  // there is likely a consequence of it.
  bool last_is_on_line(std::size_t offset) const {
    if (size() == 0) return false;
    const auto [from, to] = std::minmax(offset, last_);
    std::string_view between = text_.substr(from, to - from);
    if (to == text_.size() && between.ends_with('\n')) between.remove_suffix(1);   // the end is on the last line
    return between.find('\n') == std::string_view::npos;
  }

  // By place, each once.
  void sort() {
    const auto begin = list_.begin() + static_cast<std::ptrdiff_t>(first_);
    std::stable_sort(begin, list_.end(), [](const SyntaxError& a, const SyntaxError& b) {
      return std::pair(a.pos, std::string_view(a.message)) < std::pair(b.pos, std::string_view(b.message));
    });
    const auto same = [](const SyntaxError& a, const SyntaxError& b) { return a.pos == b.pos && a.message == b.message; };
    list_.erase(std::unique(begin, list_.end(), same), list_.end());
  }

 private:
  std::string_view text_;
  Pos base_;
  std::vector<SyntaxError>& list_;
  std::size_t first_;
  std::size_t last_ = 0;
};

}  // namespace oam::cue
