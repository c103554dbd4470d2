// What is known about kinds without asking anybody: the core kinds of OAM 0.2,
// which Kubernetes kinds stand outside namespaces, which plural a kind may have.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <oam/catalog.hpp>

namespace oam::detail {

std::string_view group_of(std::string_view api_version);   // "" for v1

struct CoreKind {
  std::string_view plural_group, api_version, kind;
  Definition::Kind role;
  std::string_view workload_ref_path;   // of a scope: workload_refs_path
};
const CoreKind* find_core_kind(std::string_view api_version, std::string_view kind);
const CoreKind* find_core_kind(std::string_view plural_group);

// A CustomResourceDefinition of the catalogue says it, or what is known of Kubernetes' own kinds.
bool is_namespaced(const Catalog& catalog, std::string_view api_version, std::string_view kind);

// The definition of an object's kind: by CRD name, given or guessed. Null if there is none.
const Definition* definition_for(const Catalog& catalog, Definition::Kind kind, const boost::json::value& object);

// The CRD names a kind may have: foos.example.com, foo.example.com, …
std::vector<std::string> plural_groups(std::string_view api_version, std::string_view kind);

}  // namespace oam::detail
