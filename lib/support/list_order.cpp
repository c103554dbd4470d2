#include "support/list_order.hpp"

#include <algorithm>
#include <vector>

#include "support/json.hpp"

namespace oam::detail {

namespace {

// The names in $(NAME); $$ stands for a dollar.
std::vector<std::string_view> references(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = text.find('$'); at < text.size(); at = text.find('$', at)) {
    const std::size_t end = text.substr(at).starts_with("$(") ? text.find(')', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      at += text.substr(at).starts_with("$$") ? 2 : 1;
      continue;
    }
    names.push_back(text.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  return names;
}

bool is_before(std::string_view first, std::string_view second, std::span<const std::string> order) {
  return std::ranges::find(order, first) < std::ranges::find(order, second);
}

bool contains(std::span<const std::string> order, std::string_view name) { return std::ranges::find(order, name) != order.end(); }

}  // namespace

bool is_order_changed(std::string_view field, const boost::json::array& list, std::span<const std::string> wanted, std::span<const std::string> there) {
  if (std::ranges::equal(wanted, there)) return false;
  if (field == "initContainers") return true;
  if (field != "env") return false;
  for (const boost::json::value& variable : list) {
    const std::string_view name = text_at(variable, "name");
    for (const std::string_view other : references(text_at(variable, "value")))
      if (contains(wanted, name) && contains(wanted, other) && is_before(other, name, wanted) != is_before(other, name, there)) return true;
  }
  return false;
}

}  // namespace oam::detail
