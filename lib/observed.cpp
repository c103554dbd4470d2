#include <oam/observed.hpp>

#include "support/json.hpp"

#include <absl/container/flat_hash_map.h>

#include <functional>

namespace oam {

namespace {

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

// No part can hold a line break, so no two objects share a key.
std::string key(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string text;
  for (const std::string_view part : {group_of(api_version), kind, namespace_, name}) (text += part) += '\n';
  return text;
}

}  // namespace

struct Observed::Data {
  std::vector<Value> objects;
  absl::flat_hash_map<std::string, std::size_t, std::hash<std::string>> index;   // the first of its key
};

Observed::Observed(std::vector<Value> objects) {
  auto made = std::make_shared<Data>();
  std::erase(objects, nullptr);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& object = *objects[i];
    made->index.emplace(key(detail::text_at(object, "apiVersion"), detail::text_at(object, "kind"),
                            detail::text_at(object, "metadata", "namespace"), detail::text_at(object, "metadata", "name")),
                        i);
  }
  made->objects = std::move(objects);
  data = std::move(made);
}

std::span<const Value> Observed::objects() const noexcept {
  return data ? std::span<const Value>(data->objects) : std::span<const Value>();
}

Value Observed::find(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const {
  if (!data) return nullptr;
  const auto found = data->index.find(key(api_version, kind, namespace_, name));
  return found == data->index.end() ? nullptr : data->objects[found->second];
}

}  // namespace oam
