// Field paths: spec.containers[0].env[1].value, metadata.labels["a/b"]. As OAM
// 0.2 and KubeVela write them; we hold them as JSON pointers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/problems.hpp"

namespace oam::detail {

// The JSON pointer of a field path, or nothing if it is malformed.
std::optional<std::string> to_pointer(std::string_view field_path);

// The same; what is no field path is told, and gives an empty pointer.
std::string pointer_of(std::string_view field_path, const Place& place, Problems& problems);

}  // namespace oam::detail
