// SHA-256, by Nettle.
#pragma once

#include <nettle/sha2.h>

#include <string>
#include <string_view>

namespace oam::detail {

// In pieces; hex() ends it: 64 lower-case digits.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string hex();

 private:
  sha256_ctx state_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace oam::detail
