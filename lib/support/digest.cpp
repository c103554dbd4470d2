#include "support/digest.hpp"

#include <array>

namespace oam::detail {

Sha256::Sha256() { sha256_init(&state_); }

void Sha256::add(std::string_view bytes) { sha256_update(&state_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())); }

std::string Sha256::hex() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> bytes;
  sha256_digest(&state_, bytes.size(), bytes.data());
  std::string text;
  for (const std::uint8_t byte : bytes) text.append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

}  // namespace oam::detail
