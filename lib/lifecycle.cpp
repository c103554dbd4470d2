#include <oam/lifecycle.hpp>

#include <array>

namespace oam {

std::string_view name_of(HookPoint point) {
  constexpr std::array<std::string_view, 10> kNames{"before-create", "after-create",   "before-update", "after-update", "before-delete",
                                                    "after-delete",  "before-healthy", "after-healthy", "on-failure",   "finally"};
  return kNames[static_cast<std::size_t>(point)];
}

std::string_view name_of(FailureRule rule) {
  constexpr std::array<std::string_view, 4> kNames{"fail", "ignore", "hold", "rollback"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::string_view name_of(Lane::Join join) {
  constexpr std::array<std::string_view, 5> kNames{"all", "core-only", "core-then-deadline", "quorum", "detach"};
  return kNames[static_cast<std::size_t>(join)];
}

}  // namespace oam
