// Health: how something stands, in one word.
#pragma once

#include <cstdint>
#include <string_view>

#include <oam/fwd.hpp>
#include <oam/version.hpp>

namespace oam {

// From best to worst; a whole is as its worst part.
enum class Health : std::uint8_t { healthy, suspended, progressing, missing, degraded, unknown };

OAM_API std::string_view name_of(Health);   // Healthy

}  // namespace oam
