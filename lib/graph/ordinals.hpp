// Numbered instances by their names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace oam::detail {

// NAME-7: NAME and 7; nothing if it does not end in a number as Kubernetes writes it.
std::optional<std::pair<std::string, std::uint32_t>> numbered(const std::string& name);

}  // namespace oam::detail
