#include "support/field_path.hpp"

#include "support/json.hpp"

namespace oam::detail {
namespace {

constexpr auto npos = std::string_view::npos;

// [0], ["a/b"], [key]: the end of it, or npos.
std::size_t bracket(std::string_view path, std::size_t at, std::string& pointer) {
  const char quote = at + 1 < path.size() ? path[at + 1] : ']';
  if (quote == '"' || quote == '\'') {
    const std::size_t end = path.find(quote, at + 2);
    if (end == npos || end + 1 >= path.size() || path[end + 1] != ']') return npos;
    append_pointer(pointer, path.substr(at + 2, end - at - 2));
    return end + 2;
  }
  const std::size_t end = path.find(']', at);
  if (end == npos || end == at + 1) return npos;
  append_pointer(pointer, path.substr(at + 1, end - at - 1));
  return end + 1;
}

}  // namespace

std::optional<std::string> to_pointer(std::string_view path) {
  std::string pointer;
  bool name_due = true;   // at the start and behind a dot
  for (std::size_t i = 0; i < path.size();) {
    if (path[i] == '[') {
      i = bracket(path, i, pointer);
      if (i == npos) return std::nullopt;
      name_due = false;
    } else if (path[i] == '.') {
      if (name_due) return std::nullopt;
      name_due = true;
      ++i;
    } else {
      if (!name_due) return std::nullopt;
      const std::size_t end = std::min(path.find_first_of(".[", i), path.size());
      append_pointer(pointer, path.substr(i, end - i));
      name_due = false;
      i = end;
    }
  }
  if (name_due) return std::nullopt;
  return pointer;
}

std::string pointer_of(std::string_view field_path, const Place& place, Problems& problems) {
  const auto pointer = to_pointer(field_path);
  if (!pointer)
    problems.error("invalid-field-path", place, "\"" + std::string(field_path) + "\" is no field path")
        .expected("spec.containers[0].image");
  return pointer.value_or("");
}

}  // namespace oam::detail
