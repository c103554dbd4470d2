// Rules of order between kinds, as data in kapp's words.
#pragma once

#include <span>
#include <string_view>

#include <oam/graph.hpp>

namespace oam::detail {

// A set of objects. Placeholders in braces are filled in from each member: name,
// namespace, api-group, kind, component; of a CustomResourceDefinition crd-group, crd-kind.
struct ChangeGroup {
  std::string_view name;
  std::string_view kinds;   // KIND[.GROUP] …, or * for all
};

// "(upsert|delete) (before|after) (upserting|deleting) GROUP", for objects of `kinds`.
struct KindRule {
  std::string_view id;
  std::string_view text;
  std::string_view kinds;
  bool optional;            // dropped, with a warning, where it would close a circle
  std::string_view summary;
};

std::span<const ChangeGroup> change_groups();
std::span<const KindRule> kind_rules();

// Is it of a kind that workloads read, mount or run as?
bool serves_workloads(const Resource& r);

}  // namespace oam::detail
