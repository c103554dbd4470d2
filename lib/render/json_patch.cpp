#include "render/json_patch.hpp"

#include <charconv>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

struct Operation {
  std::string_view name, path, from;
  const json::value* value;
};

// The container of what a pointer names, and its last token.
json::value* parent_of(json::value& root, std::string_view pointer, std::string& last) {
  std::vector<std::string> tokens = split_pointer(pointer);
  if (tokens.empty()) return nullptr;
  last = std::move(tokens.back());
  std::string up;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) append_pointer(up, tokens[i]);
  return const_cast<json::value*>(find_pointer(root, up));   // within a value of ours
}

bool index_of(std::string_view token, std::size_t size, std::size_t& index) {
  if (token == "-") return index = size, true;
  const bool from_end = token.starts_with('-');   // -1 is the last, as the library that Kubernetes uses has it
  if (from_end) token.remove_prefix(1);
  const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
  if (read.ec != std::errc() || read.ptr != token.data() + token.size() || index > size) return false;
  if (from_end) index = size - index;
  return true;
}

bool add(json::value& root, std::string_view pointer, const json::value& value) {
  if (pointer.empty()) return root = value, true;
  std::string last;
  json::value* parent = parent_of(root, pointer, last);
  if (parent && parent->is_object()) return parent->get_object()[last] = value, true;
  std::size_t index = 0;
  if (!parent || !parent->is_array() || !index_of(last, parent->get_array().size(), index)) return false;
  parent->get_array().insert(parent->get_array().begin() + static_cast<std::ptrdiff_t>(index), value);
  return true;
}

bool remove(json::value& root, std::string_view pointer) {
  std::string last;
  json::value* parent = parent_of(root, pointer, last);
  if (parent && parent->is_object()) return parent->get_object().erase(last) > 0;
  std::size_t index = 0;
  if (!parent || !parent->is_array() || !index_of(last, parent->get_array().size(), index) || index == parent->get_array().size()) return false;
  parent->get_array().erase(parent->get_array().begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

bool replace(json::value& root, std::string_view pointer, const json::value& value) {
  if (json::value* there = const_cast<json::value*>(find_pointer(root, pointer))) return *there = value, true;
  return add(root, pointer, value);
}

bool perform(json::value& root, const Operation& o) {
  if (o.name == "remove") return remove(root, o.path);
  if (o.name == "add" || o.name == "replace" || o.name == "test") {
    static const json::value null;
    if (o.name == "add") return add(root, o.path, o.value ? *o.value : null);
    if (!o.value) return false;
    if (o.name == "replace") return replace(root, o.path, *o.value);
    const json::value* there = find_pointer(root, o.path);
    return there && *there == *o.value;
  }
  const json::value* from = find_pointer(root, o.from);
  if (!from) return false;
  const json::value moved = *from;
  if (o.name == "copy") return add(root, o.path, moved);
  return o.name == "move" && remove(root, o.from) && add(root, o.path, moved);
}

}  // namespace

bool json_patch(json::value& target, const json::value& operations, std::string& why) {
  if (!operations.is_array()) return why = "a jsonPatch needs a list of operations", false;
  for (const json::value& each : operations.get_array()) {
    const Operation o{text_at(each, "op"), text_at(each, "path"), text_at(each, "from"), member(each, "value")};
    if (perform(target, o)) continue;
    why = "cannot " + std::string(o.name.empty() ? "do an operation without op" : o.name) + " \"" + std::string(o.path) + '"';
    return false;
  }
  return true;
}

}  // namespace oam::detail
