#include "cue/builtin/toml_tree.hpp"

#include <algorithm>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace oam::cue {
namespace {

constexpr int kMaxDepth = 500;

// Offsets of what the parser tells by line and column, which count code points.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }
  std::size_t offset(const toml::source_position& at) const {
    if (at.line == 0 || at.line > lines_.size()) return 0;
    std::size_t i = lines_[at.line - 1];
    for (auto column = at.column; column > 1 && i < text_.size() && text_[i] != '\n'; --column)
      do ++i;
      while (i < text_.size() && (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80);
    return i;
  }
  std::string_view text(const toml::source_region& region) const {
    const std::size_t begin = offset(region.begin), end = offset(region.end);
    return text_.substr(begin, end > begin ? end - begin : 0);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_{0};
};

class Converting {
 public:
  Converting(const Places& places, TomlError& error) : places_(places), error_(error) {}

  bool node(const toml::node& from, TomlNode& into, int depth) {
    into.at = places_.offset(from.source().begin);
    if (depth > kMaxDepth) return fail(into.at, "nesting is too deep");
    if (const toml::table* table = from.as_table()) return children(*table, into, depth);
    if (const toml::array* array = from.as_array()) {
      into.kind = TomlNode::Kind::array;
      for (const toml::node& each : *array)
        if (!node(each, into.children.emplace_back(), depth + 1)) return false;
      return true;
    }
    return scalar(from, into);
  }

 private:
  bool fail(std::size_t at, std::string message) {
    error_ = {at, std::move(message)};
    return false;
  }

  bool children(const toml::table& from, TomlNode& into, int depth) {
    for (const auto& [key, value] : from) {
      TomlNode& made = into.children.emplace_back();
      made.key = std::string(key.str());
      made.key_at = places_.offset(key.source().begin);
      if (!node(value, made, depth + 1)) return false;
    }
    std::ranges::stable_sort(into.children, {}, &TomlNode::key_at);   // the parser's tables are sorted by name
    return true;
  }

  bool scalar(const toml::node& from, TomlNode& into) {
    if (const auto* string = from.as_string()) {
      into.kind = TomlNode::Kind::string;
      into.text = string->get();
      return true;
    }
    if (const auto* boolean = from.as_boolean()) {
      into.kind = TomlNode::Kind::boolean;
      into.text = boolean->get() ? "true" : "false";
      return true;
    }
    const std::string_view written = places_.text(from.source());
    into.text = std::string(written.substr(0, written.find_last_not_of(" \t\r\n") + 1));
    into.kind = from.is_number() ? TomlNode::Kind::number : TomlNode::Kind::string;
    if (!from.is_number()) return true;
    if (const auto* integer = from.as_integer()) into.text = std::to_string(integer->get());
    else std::erase(into.text, '_');
    if (into.text.starts_with('+')) into.text.erase(0, 1);
    const std::string_view digits = std::string_view(into.text).substr(into.text.starts_with('-') ? 1 : 0);
    if (digits == "inf" || digits == "nan") return fail(into.at, "illegal number start \"" + std::string(digits) + "\"");
    return true;
  }

  const Places& places_;
  TomlError& error_;
};

// Takes deep trees apart from the top: the parser's own way would recurse.
void dismantle(toml::table root) {
  std::vector<toml::table> tables;
  std::vector<toml::array> arrays;
  const auto take = [&](toml::node& node) {
    if (toml::table* table = node.as_table()) tables.push_back(std::move(*table));
    else if (toml::array* array = node.as_array()) arrays.push_back(std::move(*array));
  };
  tables.push_back(std::move(root));
  while (!tables.empty() || !arrays.empty()) {
    if (!tables.empty()) {
      toml::table one = std::move(tables.back());
      tables.pop_back();
      for (auto&& [key, value] : one) take(value);
    } else {
      toml::array one = std::move(arrays.back());
      arrays.pop_back();
      for (toml::node& each : one) take(each);
    }
  }
}

// "Error while parsing key-value pair: expected …" without what it was doing.
std::string reason(std::string_view text) {
  constexpr std::string_view kDoing = "Error while parsing ";
  if (text.starts_with(kDoing) && text.find(": ") != text.npos) text.remove_prefix(text.find(": ") + 2);
  return std::string(text);
}

}  // namespace

std::optional<TomlNode> read_toml(std::string_view text, TomlError& error) {
  const Places places(text);
  toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    error = {places.offset(parsed.error().source().begin), reason(parsed.error().description())};
    return std::nullopt;
  }
  TomlNode root;
  const bool fine = Converting(places, error).node(parsed.table(), root, 0);
  dismantle(std::move(parsed).table());
  return fine ? std::optional(std::move(root)) : std::nullopt;
}

}  // namespace oam::cue
