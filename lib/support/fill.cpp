#include "support/fill.hpp"

#include <algorithm>
#include <charconv>

#include <oam/json.hpp>

#include "support/json.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;

// The step from a value to its child, made if it is missing; null if it cannot be.
json::value* step_into(json::value& at, const std::string& token) {
  if (at.is_null()) at = json::object();
  if (at.is_object()) return &at.get_object()[token];
  if (!at.is_array()) return nullptr;
  json::array& list = at.get_array();
  std::size_t index = list.size();
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (token != "-" && (error != std::errc() || end != token.data() + token.size())) return nullptr;
  if (token == "-" || index >= list.size()) return &list.emplace_back(nullptr);
  return &list[index];
}

bool remove_at(json::value& object, std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  if (slash == pointer.npos) return false;
  auto* parent = const_cast<json::value*>(find_pointer(object, pointer.substr(0, slash)));
  if (!parent) return true;
  const std::string token = split_pointer(pointer.substr(slash)).front();
  if (parent->is_object()) parent->get_object().erase(token);
  else if (parent->is_array())
    if (auto* item = find_pointer(*parent, pointer.substr(slash)))
      parent->get_array().erase(parent->get_array().begin() + (item - parent->get_array().data()));
  return true;
}

std::string text_form(const json::value* value) {
  if (!value || value->is_null()) return "";
  return value->is_string() ? std::string(value->get_string()) : to_json(*value);
}

// A change inside JSON text that stands in a field.
bool write_inside(json::value& object, const Fill& fill, json::value value) {
  const json::value* held = find_pointer(object, fill.to);
  Diagnostics ignored;
  auto inner = held && held->is_string() && !held->get_string().empty()
                   ? parse_json(std::string(held->get_string()), ignored) : std::optional<json::value>(json::object());
  if (!inner) return false;
  const bool done = fill.op == StoreOperation::Op::remove ? remove_at(*inner, fill.to_data)
                                                          : write_at(*inner, fill.to_data, std::move(value));
  return done && write_at(object, fill.to, json::value(to_json(*inner)));
}

}  // namespace

bool write_at(json::value& object, std::string_view pointer, json::value value) {
  json::value* at = &object;
  for (const std::string& token : split_pointer(pointer))
    if (at = step_into(*at, token); !at) return false;
  *at = std::move(value);
  return true;
}

bool condition_holds(const Condition& condition, const json::value& object, const json::value* value) {
  const json::value* left = condition.field_path.empty() ? value : find_pointer(object, condition.field_path);
  if (condition.op == Condition::Op::not_empty) return !text_form(left).empty();
  const std::string right = condition.value_from.empty() ? condition.value : text_form(find_pointer(object, condition.value_from));
  return (text_form(left) == right) == (condition.op == Condition::Op::equal);
}

bool apply_fill(json::value& object, const Fill& fill, const json::value* input) {
  if (!input && fill.value) input = fill.value.get();
  if (!input && fill.op != StoreOperation::Op::remove) return false;
  if (!fill.to_data.empty()) return write_inside(object, fill, input ? *input : json::value());
  if (fill.op == StoreOperation::Op::remove) return remove_at(object, fill.to);
  auto* target = const_cast<json::value*>(find_pointer(object, fill.to));
  const bool append = fill.from != Fill::kLiteral && !fill.value && target && target->is_array() && !input->is_array();
  if (!append) return write_at(object, fill.to, *input);
  target->get_array().push_back(*input);
  return true;
}

}  // namespace oam::detail
