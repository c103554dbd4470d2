// Our ways with JSON beside Boost's: exact numbers, pointers, one writer.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oam::detail {

// RFC 6901. "a/b" becomes "/a~1b".
void append_pointer(std::string& pointer, std::string_view token);
void append_pointer(std::string& pointer, std::size_t index);
std::string join_pointer(std::string_view base, std::string_view token);
std::string join_pointer(std::string_view base, std::size_t index);
std::vector<std::string> split_pointer(std::string_view pointer);

// Null if it leads nowhere.
const boost::json::value* find_pointer(const boost::json::value& root, std::string_view pointer);

// Does the token of a pointer count elements of a list?
bool is_index(std::string_view token);
// Something stands at the pointer then: lists where a token is a number, as env[0].value has it.
void make_room(boost::json::value& root, std::string_view pointer);

// A number as everybody reads it: shortest that reads back equal; a double
// always shows that it is one (5.0, 1e+21, never 5E0).
void append_number(std::string& out, double value);
void append_json_string(std::string& out, std::string_view text);

// `indent` 0: one line. `sorted`: keys in byte order, for canonical bytes.
void append_json(std::string& out, const boost::json::value& value, int indent = 0, bool sorted = false);
std::string to_json(const boost::json::value& value, int indent = 0, bool sorted = false);

// A field of an object, or null: `member(v, "metadata", "name")`.
inline const boost::json::value* member(const boost::json::value& value, std::string_view key) {
  return value.is_object() ? value.get_object().if_contains({key.data(), key.size()}) : nullptr;
}
template <class... More>
const boost::json::value* member(const boost::json::value& value, std::string_view key, More... more) {
  const boost::json::value* found = member(value, key);
  return found ? member(*found, more...) : nullptr;
}
// The text of a string field; empty if it is missing or no string.
template <class... Keys>
std::string_view text_at(const boost::json::value& value, Keys... keys) {
  const boost::json::value* found = member(value, keys...);
  if (!found || !found->is_string()) return {};
  const auto& text = found->get_string();
  return {text.data(), text.size()};
}
// A field that is a whole number.
template <class... Keys>
std::optional<std::int64_t> integer_at(const boost::json::value& value, Keys... keys) {
  const boost::json::value* found = member(value, keys...);
  return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

}  // namespace oam::detail
