// Model: what an Application means. resolve() looks every reference up, checks
// parameters, fills in defaults, names and labels, and renders all that needs no
// template language and no running system.
//
// Immutable, cheap to copy, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/application.hpp>
#include <oam/catalog.hpp>
#include <oam/lifecycle.hpp>
#include <oam/treatment.hpp>
#include <oam/workflow.hpp>

namespace oam {

// What a provider said to a call of a template, see ProviderCall.
struct Answer {
  std::string component;           // COMPONENT, or COMPONENT@PLACEMENT
  std::string call;                // ProviderCall::name
  Value returns;
};

struct ResolveOptions {
  std::string cluster = {};        // the target cluster; empty: the host's own
  std::string cluster_version = "1.29";   // of Kubernetes, as templates see it
  bool lenient = false;            // warn where KubeVela lets pass; load's flag counts too
  bool provenance = false;         // say of every rendered field who set it: Resource::provenance
  bool preview = false;            // as objects are listed: templates see the application's namespace, wherever a topology puts them
  bool partial = false;            // hand back what can be resolved in spite of errors, to look for more of them
  std::vector<Answer> answers = {};   // to calls; one without an answer waits for the run
};

// How a value that exists only at run time gets into an object: wait for output
// `output` of resource `from`, or of a step of the workflow, and write it, or `value` if
// that is set, to `to`.
struct Fill {
  static constexpr std::uint32_t kLiteral = 0xffffffff;
  std::uint32_t from = kLiteral;   // index of a Resource; kLiteral: `value` is written
  std::uint32_t step = FlowStep::kNone;   // instead of a Resource: index in Model::flow() of a program
  std::string output;              // name of one of its outputs
  StoreOperation::Op op = StoreOperation::Op::add;
  std::string to;                  // a JSON pointer into the object
  std::string to_data;             // a JSON pointer into the JSON text that stands there
  Value value;                     // the literal
  std::string input;               // what a person calls it: the input's name
  Place place;
};

// What a resource will be asked for once it is there.
struct ResourceOutput {
  std::string name;                 // unique in the Model
  std::string pointer;              // a JSON pointer into the object as observed
  std::vector<Condition> conditions;  // none: the value must be a non-empty string, or not a string
  Place place;
};

// A field that is known once inputs of the resource's LateRendering are there.
struct UnknownField {
  std::string pointer;                 // of the field in the object, which has null there
  bool more = false;                   // an object that gets further fields
  std::vector<std::uint32_t> inputs;   // of LateRendering::inputs
};

// A question that a template puts to a provider and only a host can answer: helm, http,
// kube, config. It is put before the component is rendered.
struct ProviderCall {
  std::string name;                // in its component, TYPE.PATH: helmchart._rendered
  std::string provider, action;    // helm, render
  Value params;                    // null: known once the inputs are there
  Place place;                     // of the component or the trait
};

// What a rendering waits for: an output of another resource or of a step of the workflow,
// the answer to a call, or its own workload as it is once it runs.
struct LateInput {
  static constexpr std::uint32_t kCall = 0xffffffff;
  std::string name;                // of the input, or of the call
  std::uint32_t from = kCall;      // index of a Resource
  std::uint32_t step = FlowStep::kNone;   // instead of it: index in Model::flow() of a program
  std::string output;              // name of one of its outputs
  std::uint32_t call = kCall;      // else index into LateRendering::calls
  std::string to;                  // a JSON pointer into LateRendering::work
  Place place;
};

// A component, in one placement, of which templates read what is not known yet. `work`
// holds all that its rendering needs; once the inputs stand in it, render_late() ends it.
struct LateRendering {
  std::uint32_t component = 0;     // index in the Application
  std::string placement, replica;
  bool post = false;               // of traits of stage PostDispatch that look at their workload as it runs
  Value work;
  std::vector<LateInput> inputs;
  std::vector<ProviderCall> calls;
  std::vector<std::uint32_t> resources;   // indices, in the order in which they are rendered
};

// The objects, in the order of LateRendering::resources. Nothing, and why in `problems`, if
// it cannot be rendered. Pure.
OAM_API std::optional<std::vector<Value>> render_late(const boost::json::value& work, Diagnostics& problems);
// The parameters of one of its calls, once they can be known; null until then.
OAM_API Value call_params(const boost::json::value& work, std::string_view call, Diagnostics& problems);

// Who set a field of a rendered object.
struct Provenance {
  enum class By : std::uint8_t {
    component, trait, policy,   // the template of that type, or the object as OAM 0.2 has it
    parameter,                  // a property that the author wrote: `name` is its path
    override_,                  // a property that an override policy changed
    default_,                   // a parameter that nobody gave
    context,                    // what a template reads of its application
    input,                      // a value that comes at run time
    application,                // labels and annotations of the application
    oam,                        // names, namespaces and labels that every object gets
  };
  std::string pointer;      // of the field in the object: a scalar, an empty list or map
  By by = By::oam;
  std::string name;         // of a parameter its path, of a policy, an input or a type its name
  std::string definition;   // of parameters: the type that has them
  Span where;               // line 0: nowhere in a document
};
std::string_view text(Provenance::By by) noexcept;   // component, override, default …

// Where a topology policy puts components.
struct Placement {
  std::string policy;               // its name; empty: the application's own cluster
  std::string cluster;              // empty: the host's own; KEY=VALUE,…: those with these labels
  std::string namespace_;           // empty: as the objects say
  Place place;
};

// One object to be applied.
struct Resource {
  enum class Role : std::uint8_t { workload, auxiliary, trait, scope, store, policy };
  enum class Stage : std::uint8_t { before, with, after };   // of a trait: PreDispatch, DefaultDispatch, PostDispatch
  Role role = Role::workload;
  Stage stage = Stage::with;
  std::string component;            // the owner; "*" for what belongs to the application
  std::string trait;                // the trait's type; empty for the workload
  std::string output;               // its name among the definition's outputs
  std::string placement, policy;    // topology policy; policy that rendered it
  std::string replica;              // which copy of the component it belongs to
  std::string api_version, kind, namespace_, name;   // namespace empty: cluster-scoped
  Value object;                     // complete but for `fills` and `unknown`
  std::vector<Fill> fills;          // values written into the object itself
  std::uint32_t late = Fill::kLiteral;   // index of its LateRendering; kLiteral: all is known now
  std::vector<UnknownField> unknown;
  Treatment treatment;              // what policies say about it
  std::string managed_by;           // a trait that makes this workload itself: it is not applied
  bool control_plane = false;       // it belongs to the host's own cluster and the application's namespace, whatever the placement
  std::vector<ResourceOutput> outputs;
  std::vector<Provenance> provenance;   // if asked for: of every field, in the object's order
  Place place;
};

// An order that the author asked for, between components.
struct Requirement {
  std::uint32_t component;     // index: this one comes after
  std::uint32_t needs;         // index: this one
  Place place;
};

// A scope and the components that are in it.
struct ScopeMembers {
  std::uint32_t resource;                   // index of the scope's Resource
  std::vector<std::uint32_t> components;    // indices
  std::vector<Place> places;                // of each membership
};

class OAM_API Model {
 public:
  const Application& application() const noexcept;

  // In apply order inside each component: the workload, then its outputs, then
  // traits as listed; components in the author's order; scopes last.
  std::span<const Resource> resources() const noexcept;
  std::span<const std::uint32_t> resources_of(std::size_t component) const noexcept;  // indices
  std::span<const Requirement> requirements() const noexcept;
  std::span<const ScopeMembers> scopes() const noexcept;
  std::span<const std::uint32_t> unowned() const noexcept;   // indices: of no component of the application, but of its policies
  std::span<const Placement> placements() const noexcept;    // in the order of deployment, those of one policy together; at least one
  const Lifecycle& lifecycle() const noexcept;
  std::span<const LateRendering> late() const noexcept;
  const Housekeeping& housekeeping() const noexcept;
  Value workflow() const noexcept;   // the effective steps, written or generated: a list, as KubeVela holds them
  std::span<const FlowStep> flow() const noexcept;   // what these steps do; empty where dependsOn and data say it all
  const ResolveOptions& options() const noexcept;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

OAM_API std::optional<Model> resolve(const Application& application, const Catalog& catalog,
                                     const ResolveOptions& options, Diagnostics& problems);

}  // namespace oam
