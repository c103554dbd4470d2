// What a step says of itself.
#include <array>
#include <ostream>

#include <oam/plan.hpp>

namespace oam {

const Name& Step::core() noexcept {
  static const Name core("core");
  return core;
}

std::ostream& operator<<(std::ostream& out, const Name& name) { return out << name.view(); }

std::string_view name_of(Step::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"render", "hook", "apply"};
  return kNames[static_cast<std::size_t>(kind)];
}
std::string_view name_of(Step::Action action) {
  constexpr std::array<std::string_view, 9> kNames{"none", "create", "update", "replace", "delete", "adopt", "keep", "forget", "orphan"};
  return kNames[static_cast<std::size_t>(action)];
}
std::string_view name_of(Step::Class c) {
  constexpr std::array<std::string_view, 3> kNames{"pure", "idempotent", "once"};
  return kNames[static_cast<std::size_t>(c)];
}
std::string_view name_of(Step::Gate gate) {
  constexpr std::array<std::string_view, 3> kNames{"none", "ready", "absent"};
  return kNames[static_cast<std::size_t>(gate)];
}
std::string_view name_of(StepChange::Replace replace) {
  constexpr std::array<std::string_view, 4> kNames{"none", "in-place", "delete-first", "create-first"};
  return kNames[static_cast<std::size_t>(replace)];
}

}  // namespace oam
