// Catalog: which component, trait, policy and step types exist, what they accept
// and what they render. standard() is built in; load_catalog() reads definitions;
// later ones win over earlier ones, and those that stand beside an application
// over all.
//
// Immutable; safe to use from many threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/document.hpp>

namespace oam {

namespace detail {
class Template;
struct StatusPrograms;
}

// One X-definition, of v1beta1 or v1alpha2.
struct Definition {
  enum class Kind : std::uint8_t { component, workload, trait, policy, workflow_step, scope };
  // What turns properties into objects.
  enum class Renderer : std::uint8_t {
    none,            // nothing is rendered
    objects,         // properties.objects are the resources (k8s-objects)
    definition_ref,  // properties are the object
    cue,
    jsonnet,
    unsupported,     // a schematic that no longer exists: helm, kube, terraform
  };
  Kind kind = Kind::component;
  std::string name, namespace_, version, api_version;
  std::string revision;                             // of a DefinitionRevision: what stands behind NAME-v
  std::string definition_ref;                       // PLURAL.GROUP of what it renders
  std::string workload_type, workload_api_version, workload_kind;
  std::vector<std::string> applies_to_workloads, conflicts_with;
  std::string workload_ref_path;                    // where a trait names its workload
  bool revision_enabled = false;
  bool allow_component_overlap = true;              // scope
  std::string workload_refs_path;                   // scope
  Renderer renderer = Renderer::none;
  std::string schematic;                            // the name of an unsupported one
  Value document;                                   // the whole definition
  Place place;
  std::shared_ptr<const detail::Template> compiled;      // for the library itself
  std::shared_ptr<const detail::StatusPrograms> status;   // likewise
};

class OAM_API Catalog {
 public:
  static Catalog standard();   // the types that liboam brings itself
  Catalog() = default;         // no types at all

  std::size_t size() const noexcept;
  std::span<const Definition> definitions() const noexcept;   // by kind, then name, then revision

  // Null if there is none. NAME@vVERSION is the DefinitionRevision NAME-vVERSION or,
  // without one, the newest definition whose version is VERSION or begins with it.
  // Of several, the one in `namespace_`, then one without a namespace, one in
  // vela-system, any (KubeVela: lookup of definitions).
  const Definition* find(Definition::Kind kind, std::string_view name, std::string_view namespace_ = {}) const;

  // Both; what stands in `other` wins, whatever its namespace.
  Catalog with(const Catalog& other) const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

// Reads definitions and their revisions, of v1beta1 and v1alpha2, and CustomResourceDefinitions;
// other documents are reported. `lenient` as LoadOptions::lenient.
OAM_API std::optional<Catalog> load_catalog(std::span<const Source> sources, Diagnostics& problems, bool lenient = false);

}  // namespace oam
