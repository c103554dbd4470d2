#include <oam/pace.hpp>

#include "pace_data.hpp"

namespace oam {

void Pace::take(const Pace& nearer) {
  for (const detail::PaceField& field : detail::kPaceFields)
    if (nearer.*field.value) this->*field.value = nearer.*field.value;
  if (nearer.approval) approval = nearer.approval;
  if (nearer.once) once = nearer.once;
}

std::string_view name_of(OnFailure rule) {
  constexpr std::array<std::string_view, 4> kNames{"go_on", "halt", "abort", "hold"};
  return kNames[static_cast<std::size_t>(rule)];
}

}  // namespace oam
