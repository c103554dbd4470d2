#include "support/digest.hpp"

#include <array>

namespace oam::detail {

Sha256::Sha256() { SHA256Init(&state_); }

void Sha256::add(std::string_view bytes) {
  SHA256Update(&state_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string Sha256::hex() {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> text;
  return SHA256End(&state_, text.data());
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

}  // namespace oam::detail
