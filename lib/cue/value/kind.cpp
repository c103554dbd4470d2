#include "cue/value/kind.hpp"

#include <string_view>
#include <utility>

namespace oam::cue {

std::string kind_text(Kind kind) {
  if (kind == kBottom) return "_|_";
  if (kind == kTop) return "_";
  static constexpr std::pair<Kind, std::string_view> kNames[] = {
      {kNull, "null"},     {kBool, "bool"},   {kInt, "int"},   {kFloat, "float"}, {kString, "string"},
      {kBytes, "bytes"}, {kFunc, "func"},   {kList, "list"}, {kStruct, "struct"}};
  for (const auto& [bits, name] : kNames)
    if (kind == bits) return std::string(name);
  std::string text;
  int parts = 0;
  const bool number = (kind & kNumber) == kNumber;   // comes last
  if (number) kind = static_cast<Kind>(kind & ~kNumber);
  for (const auto& [bits, name] : kNames) {
    if ((kind & bits) != bits) continue;
    kind = static_cast<Kind>(kind & ~bits);
    text.append(parts++ ? "|" : "").append(name);
  }
  if (number) text.append(parts++ ? "|" : "").append("number");
  return parts > 1 ? "(" + text + ")" : text;
}

}  // namespace oam::cue
