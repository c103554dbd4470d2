#include <oam/treatment.hpp>

#include <array>

namespace oam {

bool ResourceSelector::empty() const noexcept {
  return component_names.empty() && component_types.empty() && oam_types.empty() && trait_types.empty() && resource_types.empty() &&
         resource_names.empty();
}

std::string_view name_of(Treatment::Affects affects) {
  constexpr std::array<std::string_view, 3> kNames{"always", "onUpdate", "onStateKeep"};
  return kNames[static_cast<std::size_t>(affects)];
}
std::string_view name_of(Treatment::Collect collect) {
  constexpr std::array<std::string_view, 3> kNames{"onAppUpdate", "onAppDelete", "never"};
  return kNames[static_cast<std::size_t>(collect)];
}
std::string_view name_of(Treatment::Propagation propagation) {
  constexpr std::array<std::string_view, 2> kNames{"cascading", "orphan"};
  return kNames[static_cast<std::size_t>(propagation)];
}
std::string_view name_of(Treatment::Update update) {
  constexpr std::array<std::string_view, 2> kNames{"patch", "replace"};
  return kNames[static_cast<std::size_t>(update)];
}

}  // namespace oam
