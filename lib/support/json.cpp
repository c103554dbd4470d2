#include "support/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <absl/container/inlined_vector.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

namespace oam::detail {
namespace json = boost::json;

void append_pointer(std::string& pointer, std::string_view token) {
  pointer += '/';
  if (std::ranges::none_of(token, [](char c) { return c == '~' || c == '/'; })) {
    pointer.append(token);
    return;
  }
  for (char c : token) {
    if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
}

void append_pointer(std::string& pointer, std::size_t index) {
  pointer += '/';
  pointer += std::to_string(index);
}

std::string join_pointer(std::string_view base, std::string_view token) {
  std::string pointer(base);
  append_pointer(pointer, token);
  return pointer;
}

std::string join_pointer(std::string_view base, std::size_t index) {
  std::string pointer(base);
  append_pointer(pointer, index);
  return pointer;
}

std::vector<std::string> split_pointer(std::string_view pointer) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') { tokens.emplace_back(); continue; }
    if (tokens.empty()) tokens.emplace_back();
    const bool escaped = pointer[i] == '~' && i + 1 < pointer.size();
    tokens.back() += !escaped ? pointer[i] : pointer[++i] == '1' ? '/' : '~';
  }
  return tokens;
}

namespace {

std::optional<std::size_t> list_index(std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return index;
}

}  // namespace

const json::value* find_pointer(const json::value& root, std::string_view pointer) {
  const json::value* at = &root;
  for (const std::string& token : split_pointer(pointer)) {
    if (at->is_object()) {
      at = at->get_object().if_contains({token.data(), token.size()});
    } else if (at->is_array()) {
      const auto index = list_index(token);
      at = index && *index < at->get_array().size() ? &at->get_array()[*index] : nullptr;
    } else {
      at = nullptr;
    }
    if (!at) return nullptr;
  }
  return at;
}

bool is_index(std::string_view token) { return !token.empty() && token.size() < 6 && token.find_first_not_of("0123456789") == token.npos; }

void make_room(json::value& root, std::string_view pointer) {
  constexpr std::size_t kLongest = 10'000;
  json::value* at = &root;
  for (const std::string& token : split_pointer(pointer)) {
    const bool number = is_index(token);
    if (at->is_null()) *at = number ? json::value(json::array()) : json::value(json::object());
    if (at->is_object()) {
      at = &at->get_object()[token];
    } else if (at->is_array() && number && std::stoul(token) < kLongest) {
      json::array& list = at->get_array();
      if (list.size() <= std::stoul(token)) list.resize(std::stoul(token) + 1);
      at = &list[std::stoul(token)];
    } else {
      return;   // what stands there is told by the schema
    }
  }
}

void append_number(std::string& out, double value) {
  std::array<char, 40> buffer;
  const double size = value < 0 ? -value : value;
  const auto form = value != 0 && (size < 1e-6 || size >= 1e21) ? std::chars_format::scientific
                                                                 : std::chars_format::fixed;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = std::min(text.find('e'), text.size());
  out += text.substr(0, e);
  if (text.find('.') == text.npos) out += ".0";   // YAML 1.1 knows a float by its point
  out += text.substr(e);
}

namespace {

// Eight bytes that need no escape?
bool are_plain(const char* at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, 8);
  const auto below = [](std::uint64_t b, std::uint64_t most) { return (b - kOnes * most) & ~b & kHighs; };
  return (below(bytes, 0x20) | below(bytes ^ kOnes * '"', 1) | below(bytes ^ kOnes * '\\', 1) | below(bytes ^ kOnes * 0x7f, 1)) == 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;   // where what needs no escape begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i + 8 <= text.size() && are_plain(text.data() + i)) i += 8;
    if (i == text.size()) break;
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[static_cast<unsigned char>(c) >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, plain).append(1, '"');
}

namespace {

// Writes a value; recursion is as deep as the value, and documents are bounded.
class Writer {
 public:
  Writer(std::string& out, int indent, bool sorted) : out_(out), indent_(indent), sorted_(sorted) {}

  void write(const json::value& value, int depth) {
    switch (value.kind()) {
      case json::kind::null: out_ += "null"; break;
      case json::kind::bool_: out_ += value.get_bool() ? "true" : "false"; break;
      case json::kind::int64: out_ += std::to_string(value.get_int64()); break;
      case json::kind::uint64: out_ += std::to_string(value.get_uint64()); break;
      case json::kind::double_: append_number(out_, value.get_double()); break;
      case json::kind::string: append_json_string(out_, value.get_string()); break;
      case json::kind::array: list(value.get_array(), depth); break;
      case json::kind::object: map(value.get_object(), depth); break;
    }
  }

 private:
  void list(const json::array& items, int depth) {
    out_ += '[';
    bool first = true;
    for (const json::value& item : items) {
      separate(first, depth + 1);
      write(item, depth + 1);
    }
    close(']', items.empty(), depth);
  }

  void map(const json::object& fields, int depth) {
    out_ += '{';
    bool first = true;
    for (const json::key_value_pair* field : ordered(fields)) {
      separate(first, depth + 1);
      append_json_string(out_, field->key());
      out_ += indent_ > 0 ? ": " : ":";
      write(field->value(), depth + 1);
    }
    close('}', fields.empty(), depth);
  }

  using Fields = absl::InlinedVector<const json::key_value_pair*, 16>;

  Fields ordered(const json::object& fields) const {
    Fields all;
    all.reserve(fields.size());
    for (const auto& field : fields) all.push_back(&field);
    if (sorted_ && all.size() > 1) std::ranges::sort(all, {}, [](const auto* field) { return std::string_view(field->key()); });
    return all;
  }

  void separate(bool& first, int depth) {
    if (!first) out_ += ',';
    first = false;
    line(depth);
  }

  void close(char bracket, bool empty, int depth) {
    if (!empty) line(depth);
    out_ += bracket;
  }

  void line(int depth) {
    if (indent_ <= 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * depth), ' ');
  }

  std::string& out_;
  int indent_;
  bool sorted_;
};

}  // namespace

void append_json(std::string& out, const json::value& value, int indent, bool sorted) {
  Writer(out, indent, sorted).write(value, 0);
}

std::string to_json(const json::value& value, int indent, bool sorted) {
  std::string out;
  append_json(out, value, indent, sorted);
  return out;
}

}  // namespace oam::detail
