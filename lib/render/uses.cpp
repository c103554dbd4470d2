#include "render/uses.hpp"

namespace oam::detail {

namespace {

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '#'; }

// The label of `.a`, `."a"` or `["a"]` at the front; empty: none of them, or one that is
// known only when it is evaluated, as ["\(x)"].
std::string_view label_at(std::string_view text) {
  if (text.starts_with("[\"") || text.starts_with(".\"")) {
    text.remove_prefix(2);
    const std::string_view label = text.substr(0, text.find('"'));
    return label.find('\\') == label.npos ? label : std::string_view();
  }
  if (!text.starts_with('.')) return {};
  std::size_t end = 1;
  while (end < text.size() && is_name(text[end])) ++end;
  return text.substr(1, end - 1);
}

bool declares(std::string_view behind) {
  const std::size_t at = behind.find_first_not_of(" \t");
  if (at == behind.npos) return false;
  behind.remove_prefix(at);
  return behind.starts_with(':') || behind.starts_with("?:") || behind.starts_with("!:");
}

}  // namespace

void find_uses(std::string_view text, std::string_view name, Uses& uses) {
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::string_view behind = text.substr(at + name.size());
    if ((at > 0 && (is_name(text[at - 1]) || text[at - 1] == '.')) || (!behind.empty() && is_name(behind[0]))) continue;
    if (const std::string_view label = label_at(behind); !label.empty()) uses.fields.emplace(label);
    else if (!declares(behind) || (at > 0 && text[at - 1] == '=')) uses.whole = true;   // X=name: … is used as X
  }
}

}  // namespace oam::detail
