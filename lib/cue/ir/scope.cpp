#include "cue/ir/scope.hpp"

#include <iterator>

namespace oam::cue::ir {

std::optional<Found> Scopes::find(std::string_view name) {
  std::uint32_t up = 0;
  const std::size_t hash = decltype(Scope::names)::hasher()(name);
  for (std::size_t i = all_.size(); i-- > 0;) {
    Scope& scope = all_[i];
    if (const auto it = scope.field_names.find(name, hash); it != scope.field_names.end())
      return Found{&it->second, i, up, true};
    if (const auto it = scope.names.find(name, hash); it != scope.names.end()) return Found{&it->second, i, up, false};
    up += scope.up;
  }
  return std::nullopt;
}

std::uint32_t Scopes::total_up() const {
  std::uint32_t up = 0;
  for (const Scope& scope : all_) up += scope.up;
  return up;
}

std::vector<Scope> Scopes::cut(std::size_t depth) {
  const auto first = all_.begin() + static_cast<std::ptrdiff_t>(depth) + 1;
  std::vector<Scope> rest(std::make_move_iterator(first), std::make_move_iterator(all_.end()));
  all_.erase(first, all_.end());
  return rest;
}

void Scopes::restore(std::vector<Scope> rest) {
  all_.insert(all_.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
}

}  // namespace oam::cue::ir
