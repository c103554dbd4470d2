#include "document/before.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "document/documents.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

Documents with_document(const Documents& documents, std::uint32_t index, json::value value, std::string name) {
  auto data = std::make_shared<Documents::Data>(*documents.data);
  data->before = documents;
  data->sources.push_back({std::move(name), to_json(value, 2)});
  data->entries[index] = {static_cast<std::uint32_t>(data->sources.size() - 1), 0, {}, share(std::move(value))};
  return Documents{std::move(data)};
}

namespace {

// Elements of lists are told apart by their names, or else by their types.
std::string_view identity(const json::value& element) {
  const std::string_view name = text_at(element, "name");
  return name.empty() ? text_at(element, "type") : name;
}

std::optional<std::size_t> index_before(const json::array& now, const json::array& before, std::size_t index) {
  const std::string_view own = identity(now[index]);
  if (own.empty()) return now.size() == before.size() ? std::optional(index) : std::nullopt;
  const auto found = std::ranges::find(before, own, identity);
  return found == before.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - before.begin()));
}

}  // namespace

std::optional<Place> place_before(const Documents& documents, const Place& place) {
  if (!documents.data || !documents.data->before.data || place.document >= documents.size()) return std::nullopt;
  const json::value *now = documents[place.document].get(), *before = documents.data->before[place.document].get();
  std::string pointer;
  bool lost = false;   // what is nowhere now: where it would be
  for (const std::string& token : split_pointer(place.pointer)) {
    std::string label = token;
    const json::value* next = lost ? nullptr : find_pointer(*now, join_pointer("", token));
    if (next && now->is_array()) {
      const auto index = before->is_array() ? index_before(now->get_array(), before->get_array(), static_cast<std::size_t>(next - now->get_array().data())) : std::nullopt;
      if (!index) return std::nullopt;
      label = std::to_string(*index);
    }
    const json::value* there = lost ? nullptr : find_pointer(*before, join_pointer("", label));
    if ((next == nullptr) != (there == nullptr)) return std::nullopt;
    append_pointer(pointer, std::string_view(label));
    lost = next == nullptr;
    if (!lost) now = next, before = there;
  }
  const bool same = now == before || *now == *before || (now->is_object() && before->is_object());
  return same ? std::optional(Place{place.document, pointer}) : std::nullopt;
}

}  // namespace oam::detail
