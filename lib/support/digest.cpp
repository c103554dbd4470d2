#include "support/digest.hpp"

#include <sha2.h>

#include <array>

namespace oam::detail {

std::string sha256_hex(std::string_view bytes) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> text;
  return SHA256Data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), text.data());
}

}  // namespace oam::detail
