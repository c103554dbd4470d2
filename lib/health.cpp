#include <oam/health.hpp>

#include <array>

namespace oam {

std::string_view name_of(Health health) {
  constexpr std::array<std::string_view, 6> kNames{"Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"};
  return kNames[static_cast<std::size_t>(health)];
}

}  // namespace oam
