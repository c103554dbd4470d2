// How a text of CUE uses a name, without a parser: no use is missed, some may be none
// (in a comment, of another thing of that name).
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace oam::detail {

struct Uses {
  bool whole = false;                         // as a value of its own: each of its fields may count
  std::set<std::string, std::less<>> fields;  // x.a x["a"]
};

void find_uses(std::string_view text, std::string_view name, Uses& uses);

}  // namespace oam::detail
