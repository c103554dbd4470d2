// What a YAML scalar means: to Kubernetes (YAML 1.1 as go-yaml v2 resolves it)
// and under YAML 1.2's core schema.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace oam::detail {

struct Text {   // it is text: the scalar's own
  friend bool operator==(Text, Text) = default;
};
using Scalar = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, Text>;

Scalar resolve_yaml11(std::string_view text);
Scalar resolve_yaml12(std::string_view text);

// Equal in kind and value; 8 and 8.0 count as equal.
bool same(const Scalar& a, const Scalar& b);

// Would any reader of YAML 1.1 or 1.2 take this plain text for something else?
bool may_be_misread(std::string_view text);

}  // namespace oam::detail
