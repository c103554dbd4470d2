#include "resolve/label_selector.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Between commas, of which those in parentheses do not count.
std::vector<std::string_view> terms_of(std::string_view text) {
  std::vector<std::string_view> all;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    all.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return all;
}

std::optional<std::string_view> label_at(const json::value& labels, std::string_view key) {
  const json::value* found = member(labels, key);
  return found && found->is_string() ? std::optional(std::string_view(found->get_string())) : std::nullopt;
}

// KEY in (A,B): the values, if the term has that sign.
std::optional<bool> is_in(std::string_view term, std::string_view sign, const json::value& labels) {
  const std::size_t at = term.find(sign);
  if (at == term.npos || !term.ends_with(')')) return std::nullopt;
  const auto label = label_at(labels, trimmed(term.substr(0, at)));
  const std::string_view inner = term.substr(at + sign.size(), term.size() - at - sign.size() - 1);
  const auto values = terms_of(inner);
  return label && std::ranges::find(values, *label) != values.end();
}

bool holds_of(std::string_view term, const json::value& labels) {
  if (term.starts_with('!') && term.find('=') == term.npos) return !label_at(labels, trimmed(term.substr(1)));
  if (const auto in = is_in(term, " notin (", labels)) return !*in;
  if (const auto in = is_in(term, " in (", labels)) return *in;
  const std::size_t equals = term.find('=');
  if (equals == term.npos) return !term.empty() && label_at(labels, term).has_value();
  const bool differs = equals > 0 && term[equals - 1] == '!';
  const std::size_t behind = term.substr(equals).starts_with("==") ? equals + 2 : equals + 1;
  const auto label = label_at(labels, trimmed(term.substr(0, differs ? equals - 1 : equals)));
  return (label == trimmed(term.substr(behind))) != differs;
}

}  // namespace

bool fits_labels(std::string_view selector, const json::value& labels) {
  return std::ranges::all_of(terms_of(selector), [&](std::string_view term) { return holds_of(term, labels); });
}

}  // namespace oam::detail
