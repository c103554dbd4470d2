// SHA-256, by libmd.
#pragma once

#include <string>
#include <string_view>

namespace oam::detail {

std::string sha256_hex(std::string_view bytes);   // 64 lower-case digits

}  // namespace oam::detail
