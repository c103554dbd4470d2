#include "cue/builtin/toml_write.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "cue/builtin/json_scan.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

struct Item {
  char kind = '{';                // as JsonToken's; 'v': true or false
  std::string key, text;
  std::vector<Item> children;

  bool is_null() const { return kind == 'v' && text == "null"; }
  bool is_table() const { return kind == '{'; }
  bool is_tables() const { return kind == '[' && !children.empty() && std::ranges::all_of(children, &Item::is_table); }
};

// The depth is the scanner's.
class Reading {
 public:
  explicit Reading(const std::vector<JsonToken>& tokens) : tokens_(tokens) {}

  bool item(Item& into) {
    const JsonToken& token = tokens_[at_++];
    into.kind = token.kind;
    into.text = std::string(token.text);
    if (token.kind == 's') return unquote(token, into.text);
    if (token.kind == '{' || token.kind == '[') return children(into);
    if (token.kind != 'n') into.kind = 'v';
    return true;
  }

 private:
  static bool unquote(const JsonToken& token, std::string& into) {
    into.clear();
    return unquote_json(token.text, into);
  }
  bool children(Item& into) {
    while (tokens_[at_].kind != '}' && tokens_[at_].kind != ']') {
      Item& made = into.children.emplace_back();
      if (into.kind == '{') {
        if (!unquote(tokens_[at_], made.key)) return false;
        at_ += 2;
      }
      if (!item(made)) return false;
      if (made.is_null()) {
        if (into.kind == '[') return false;
        into.children.pop_back();   // a field that is null is left out
      }
      if (tokens_[at_].kind == ',') ++at_;
    }
    ++at_;
    if (into.kind == '{') std::ranges::stable_sort(into.children, {}, &Item::key);
    return true;
  }

  const std::vector<JsonToken>& tokens_;
  std::size_t at_ = 0;
};

class Writing {
 public:
  // Values first, then tables.
  void table(const Item& t, const std::string& path) {
    for (const Item& each : t.children)
      if (!each.is_table() && !each.is_tables()) out += key(each.key) + " = " + inline_value(each) + "\n";
    bool first = true;
    for (const Item& each : t.children) {
      if (!each.is_table() && !each.is_tables()) continue;
      const std::string name = path.empty() ? key(each.key) : path + "." + key(each.key);
      if (each.is_table()) header(each, name, "[" + name + "]\n", first, t);
      else
        for (const Item& element : each.children) header(element, name, "[[" + name + "]]\n", first, t);
    }
  }
  std::string inline_value(const Item& x) {
    switch (x.kind) {
      case 's': return string(x.text);
      case 'n': return number(x.text);
      case '[': return "[" + joined(x, false) + "]";
      case '{': return "{" + joined(x, true) + "}";
      default: return x.text;
    }
  }
  std::string out;

 private:
  // An empty line between tables, but not right below the header of the outer one.
  void header(const Item& t, const std::string& name, const std::string& line, bool& first, const Item& outer) {
    const bool has_values = std::ranges::any_of(outer.children, [](const Item& x) { return !x.is_table() && !x.is_tables(); });
    if (!out.empty() && (!first || has_values)) out += "\n";
    first = false;
    out += line;
    table(t, name);
  }

  std::string joined(const Item& x, bool named) {
    std::string all;
    for (const Item& each : x.children)
      all += (all.empty() ? "" : ", ") + (named ? key(each.key) + " = " : std::string()) + inline_value(each);
    return all;
  }
  static bool is_bare(View text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
  }
  static std::string key(View text) { return is_bare(text) ? std::string(text) : string(text); }

  static std::string string(View text) {
    const bool plain = std::ranges::all_of(text, [](char c) { return c != '\'' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
    if (plain) return "'" + std::string(text) + "'";
    std::string made = "\"";
    for (const char c : text) made += escaped(c);
    return made + "\"";
  }
  static std::string escaped(char c) {
    static constexpr View kNamed = "\b\t\n\f\r\"\\", kLetters = "btnfr\"\\";
    if (const std::size_t i = kNamed.find(c); i != kNamed.npos) return {'\\', kLetters[i]};
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) return {c};
    static constexpr View kHex = "0123456789abcdef";
    return std::string("\\u00") + kHex[static_cast<unsigned char>(c) >> 4] + kHex[c & 15];
  }

  static std::string number(View text) {
    const bool is_int = text.find_first_of(".eE") == text.npos;
    std::int64_t whole = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (is_int && read.ec == std::errc()) return std::string(text);
    if (is_int) return "'" + std::string(text) + "'";   // TOML has no such integers
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    char digits[512];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed);
    std::string made(digits, end.ptr);
    return made.find('.') == made.npos ? made + ".0" : made;
  }
};

}  // namespace

std::optional<std::string> write_toml(View json, std::string& error) {
  std::vector<JsonToken> tokens;
  if (!scan_json(json, tokens, error)) return std::nullopt;
  Item root;
  const bool read = Reading(tokens).item(root);
  if (!read || root.is_null()) {
    error = read ? "toml: cannot encode a nil interface" : "toml: encoding a nil interface is not supported";
    return std::nullopt;
  }
  Writing writing;
  if (root.is_table()) writing.table(root, "");
  else writing.out = writing.inline_value(root);
  return std::move(writing.out);
}

}  // namespace oam::cue
