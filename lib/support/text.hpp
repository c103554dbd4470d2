// Lines and columns of a text, and safe pieces of it to show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oam::detail {

// Where each line of a text begins. A line ends with \n, \r\n or \r.
class Lines {
 public:
  explicit Lines(std::string_view text);

  struct Position {
    std::uint32_t line, column;   // from 1; column in code points
  };
  Position position(std::size_t offset) const;
  std::string excerpt(std::uint32_t line) const;   // without its break, at most kExcerpt bytes
  std::size_t begin(std::uint32_t line) const;
  std::size_t count() const noexcept { return begins_.size(); }

  static constexpr std::size_t kExcerpt = 4'000;

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

// The number of code points; a stray byte counts as one.
std::size_t columns(std::string_view text);

// 1 step; 2 steps
inline std::string plural(std::size_t count, std::string_view one) { return std::to_string(count) + ' ' + std::string(one) + (count == 1 ? "" : "s"); }

// Does it hold what a terminal obeys, or breaks a line at?
bool has_controls(std::string_view text);

// A piece of a line: control characters as \x1b.
std::string visible(std::string_view text);

// The byte offset of the first byte that is not UTF-8, or npos.
std::size_t invalid_utf8(std::string_view text);

bool is_object_name(std::string_view name);   // of Kubernetes: an RFC 1123 subdomain
bool is_namespace(std::string_view name);     // an RFC 1123 label

}  // namespace oam::detail
