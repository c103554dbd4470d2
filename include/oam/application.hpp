// Application: what the author wrote. load() reads v1beta1 Applications and the
// 0.2 form (ApplicationConfiguration with its Components) into one shape, with
// everything that stood beside them; ApplicationBuilder makes the same in code.
// Nothing is resolved here: see model.hpp.
//
// An Application is immutable, cheap to copy and safe to share between threads.
// What its accessors return stays valid while any copy lives.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/document.hpp>

namespace oam {

struct LoadOptions {
  std::string app;           // which application, where there are several: NAME or NAMESPACE/NAME; empty: the only one
  std::string namespace_ = "default";  // for an application that names none
  bool lenient = false;      // warn where KubeVela lets pass (docs/document.md lists it)
  bool partial = false;      // hand back what can be read in spite of errors, to look for more of them
  Limits limits;
};

// When a value counts: `field_path` (in the object that `value_from` of the
// owner names) compared with `value` or with another field.
struct Condition {
  enum class Op : std::uint8_t { equal, not_equal, not_empty };
  Op op = Op::not_empty;
  std::string field_path;        // empty: the value itself
  std::string value;
  std::string value_from;        // a field path, instead of `value`
  Place place;
};

// One step of a 0.2 output or input store: a change to an object that carries
// data from one component to another.
struct StoreOperation {
  enum class Op : std::uint8_t { add, remove, replace };
  Op op = Op::add;
  std::string to_field_path;     // in the object that is changed
  std::string to_data_path;      // inside the JSON text that stands there
  std::string value;             // JSON text
  std::string value_from;        // a field path, instead of `value`
  std::vector<Condition> conditions;
  Place place;
};

struct Store {
  std::string api_version, kind, namespace_, name;
  std::vector<StoreOperation> operations;
  Place place;
};

// A value that others may read once the resource is there.
struct Output {
  std::string name;
  std::string value_from;        // v1beta1: a CUE expression; 0.2: empty
  std::string field_path;        // 0.2: a path into the object
  std::vector<Condition> conditions;
  std::optional<Store> store;
  Place place;
};

// A value of another component that this one needs.
struct Input {
  std::string from;                          // the name of an Output
  std::string parameter_key;                 // v1beta1
  std::vector<std::string> to_field_paths;   // 0.2
  std::vector<Condition> conditions;
  std::optional<Store> store;
  Place place;
};

struct Trait {
  std::string type;       // v1beta1; of a 0.2 trait the kind of its object, in lower case
  Value properties;       // an object or null
  Value object;           // 0.2: the trait as it is applied; else null
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  Place place;
};

// A name together with where it was written.
struct Reference {
  std::string name;
  Place place;
};

struct Scope {
  std::string type;                  // v1beta1; of a 0.2 scope its kind, in lower case
  std::string api_version, kind;     // 0.2
  std::string name;
  Place place;
};

// A 0.2 parameter: a value that is written to field paths of the workload.
struct Parameter {
  std::string name, description;
  std::vector<std::string> field_paths;
  bool required = false;
  Value value;               // given by the ApplicationConfiguration; null if not
  Place place;               // where it is declared
  Place value_place;         // where its value is given
};

struct Component {
  std::string name;
  std::string type;          // NAME or NAME@VERSION; of a 0.2 component the kind of its workload, in lower case
  Value properties;          // an object or null
  Value workload;            // 0.2: the workload as written, parameters not yet filled in; else null
  std::string revision;      // 0.2: revisionName
  std::string external_revision;
  std::string replica_key;             // which of its copies it is, where a replication policy makes several
  std::vector<Parameter> parameters;   // 0.2
  std::vector<Reference> depends_on;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Trait> traits;
  std::vector<Scope> scopes;
  Place place;
  Place workload_place;      // 0.2: `spec.workload` of the Component document
};

struct Policy {
  std::string name, type;
  Value properties;
  Place place;
};

struct WorkflowStep {
  std::string name, type, alias, if_, timeout, mode;
  std::vector<Reference> depends_on;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  Value properties;
  std::vector<WorkflowStep> sub_steps;   // one level
  Place place;
};

struct Workflow {
  std::string ref;
  std::string mode = "StepByStep";
  std::string sub_mode = "DAG";
  std::vector<WorkflowStep> steps;
  Place place;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

class OAM_API Application {
 public:
  std::string_view name() const noexcept;
  std::string_view namespace_() const noexcept;
  std::string_view api_version() const noexcept;   // core.oam.dev/v1beta1 or …/v1alpha2
  const Pairs& labels() const noexcept;
  const Pairs& annotations() const noexcept;
  std::span<const Component> components() const noexcept;   // in the author's order
  std::span<const Policy> policies() const noexcept;
  const Workflow* workflow() const noexcept;                // null: none was written
  bool lenient() const noexcept;

  // Everything that was read, the application itself included.
  const Documents& documents() const noexcept;

  // The application as a v1beta1 document; what a 0.2 application says beyond
  // that is listed by lost().
  std::string dump(Format format) const;
  std::vector<std::string> lost() const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

// Reads the one application of `sources` and everything beside it, and checks
// what can be checked without knowing the types: fields, names, duplicates,
// references, timeouts.
OAM_API std::optional<Application> load(std::span<const Source> sources, Diagnostics& problems,
                                        const LoadOptions& options = {});
OAM_API std::optional<Application> load(const Source& source, Diagnostics& problems,
                                        const LoadOptions& options = {});
// The same of every application of `sources`, in their order; none if one cannot be read.
OAM_API std::vector<Application> load_all(std::span<const Source> sources, Diagnostics& problems,
                                          const LoadOptions& options = {});

// Makes an Application in code, checked as if it had been read:
//
//   auto app = oam::ApplicationBuilder("shop")
//                  .component("db", "k8s-objects", R"({"objects": []})")
//                  .component("web", "webservice", R"({"image": "nginx"})")
//                  .depends_on("db")
//                  .trait("scaler", R"({"replicas": 3})")
//                  .build(problems);
//
// trait(), depends_on(), input() and output() belong to the component named
// last. Properties are JSON text; a mistake in them is a diagnostic of build().
class OAM_API ApplicationBuilder {
 public:
  explicit ApplicationBuilder(std::string name);
  ApplicationBuilder& namespace_(std::string value);
  ApplicationBuilder& label(std::string key, std::string value);
  ApplicationBuilder& annotation(std::string key, std::string value);
  ApplicationBuilder& component(std::string name, std::string type, std::string properties = "");
  ApplicationBuilder& depends_on(std::string component);
  ApplicationBuilder& input(std::string from, std::string parameter_key);
  ApplicationBuilder& output(std::string name, std::string value_from);
  ApplicationBuilder& trait(std::string type, std::string properties = "");
  ApplicationBuilder& scope(std::string type, std::string name);
  ApplicationBuilder& policy(std::string name, std::string type, std::string properties = "");
  ApplicationBuilder& step(std::string name, std::string type, std::string properties = "");

  // The document that build() reads: YAML text of a v1beta1 Application.
  std::string text() const;
  std::optional<Application> build(Diagnostics& problems, const LoadOptions& options = {}) const;

 private:
  struct Part { std::string kind, name, type, properties; };
  std::string name_, space_;
  Pairs labels_, annotations_;
  std::vector<Part> parts_;   // in the order of the calls
};

}  // namespace oam
