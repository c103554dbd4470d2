// Did you mean …?
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace oam::detail {

// The candidate nearest to `word`, if it is near enough to be a slip of the
// finger (edit distance with transpositions at most a third of its length).
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// `did you mean "image"?`, or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace oam::detail
