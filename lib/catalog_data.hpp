// What stands behind a Catalog.
#pragma once

#include <oam/catalog.hpp>

#include "support/problems.hpp"

namespace oam {

// What a CustomResourceDefinition says about a kind.
struct CustomKind {
  std::string group, plural, kind;
  std::vector<std::string> versions;
  bool namespaced = true;
};

struct Catalog::Data {
  std::vector<Definition> definitions;   // by kind, then name
  std::vector<CustomKind> kinds;
};

namespace detail {

// Does this document define something? Adds it, if so.
bool add_definition(const Documents& documents, std::uint32_t document, Catalog::Data& data, Problems& problems,
                    bool lenient);
Catalog make_catalog(Catalog::Data data);   // sorts

// The kind that PLURAL.GROUP names; null if no CRD says.
const CustomKind* find_custom_kind(const Catalog& catalog, std::string_view plural_group);
const CustomKind* find_custom_kind(const Catalog& catalog, std::string_view group, std::string_view kind);

}  // namespace detail
}  // namespace oam
