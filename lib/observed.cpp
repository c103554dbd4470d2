#include <oam/observed.hpp>

#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam {

struct Observed::Data {
  std::vector<Value> objects;
};

Observed::Observed(std::vector<Value> objects) : data(std::make_shared<const Data>(Data{std::move(objects)})) {}

std::span<const Value> Observed::objects() const noexcept {
  return data ? std::span<const Value>(data->objects) : std::span<const Value>();
}

Value Observed::find(std::string_view api_version, std::string_view kind, std::string_view namespace_, std::string_view name) const {
  for (const Value& object : objects()) {
    const bool same = detail::text_at(*object, "kind") == kind && detail::text_at(*object, "metadata", "name") == name &&
                      detail::text_at(*object, "metadata", "namespace") == namespace_;
    if (same && detail::group_of(detail::text_at(*object, "apiVersion")) == detail::group_of(api_version)) return object;
  }
  return nullptr;
}

}  // namespace oam
