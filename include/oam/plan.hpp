// Plan: what to do, in which order, each step with its reasons. A plan is an
// artifact: canonical bytes, a hash that only its meaning changes, JSON both
// ways. It runs without the model or the catalogue it was made from.
//
// Immutable, cheap to copy, safe to share between threads.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/difference.hpp>
#include <oam/graph.hpp>
#include <oam/name.hpp>
#include <oam/need.hpp>
#include <oam/observed.hpp>

namespace oam {

// The most objects that one plan may touch.
struct ChangeLimit {
  std::uint32_t most = 0xffffffff;
  bool percent = false;           // of all objects of the application, wanted or there

  // N or N%. False if that is not what the text is.
  static OAM_API bool parse(std::string_view text, ChangeLimit& limit);
};

struct PlanOptions {
  Time settle_timeout = 60'000;   // how long a gate or an output may take to be met
  bool preview = false;           // to look at, not to run: a workflow that is not carried out yet is no error
  GraphOptions order = {};        // rules that do not count
  std::vector<IgnoreRule> ignore = {};   // differences that are no change
  ChangeLimit changes = {};       // objects that are made, changed or deleted; more: change-limit
  ChangeLimit deletes = {};       // objects that are deleted, to be made anew too
};

struct Target {
  Name cluster;               // empty: the host's own
  Name namespace_;            // empty: cluster-scoped

  friend bool operator==(const Target&, const Target&) = default;
};

// A value that the step publishes when it has succeeded.
struct StepOutput {
  std::string name;
  std::string pointer;        // into the object as it then is
  std::vector<Condition> conditions;
};

// How a value of another step gets into the object of this one, see Fill: `from`
// is here a step. The render step that an apply needs carries the `data` needs
// and fills the values in.
struct StepInput {
  std::uint32_t from = Fill::kLiteral;   // index into Plan::steps()
  Fill fill;
};

// How a hook is tried, and what its end means.
struct HookRules {
  HookPoint point = HookPoint::before_create;
  std::string condition;           // CUE, on {context: {name, namespace, component, status}}; empty: always
  std::uint32_t attempts = 0;      // 0: as the run says
  Time backoff = 0, timeout = 0;   // milliseconds; 0: as the run says, none
  FailureRule on_failure = FailureRule::fail;

  // Of the delete of what a hook made: the step of that hook, and the ends of it after which
  // there is something to do.
  std::string cleans = {};
  bool if_succeeded = false, if_failed = false;

  friend bool operator==(const HookRules&, const HookRules&) = default;
};

// What a hook of the workflow is: a template that asks its host (StepProgram), somebody's
// word that is waited for, or a condition that what comes behind it is skipped without.
struct FlowTask {
  std::string name, type;          // of the step of the workflow
  std::string condition;           // CUE; empty: none
  Time timeout = 0;                // milliseconds from its first task; 0: none
  std::vector<std::pair<std::string, std::string>> inputs, outputs;   // from and parameter key; name and value from
  std::string text;                // the template; empty: it is no program
  std::vector<Action> asks;        // what it may ask of the host: tasks with the action PROVIDER/NAME
  Value context;                   // what the template reads of its application
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;   // that the condition asks for, and the steps in each
  bool waits = false;              // it is held until somebody accepts it, or for `duration`
  Time duration = 0;
};

// What the end of a run waits for, of a lane that is not the core.
struct LaneJoin {
  std::string name;
  Lane::Join join = Lane::Join::all;
  Time deadline = 0;
  std::uint32_t quorum = 0;
};

// A field that a step changes, and who set it: a trait, a parameter, a policy …
struct FieldChange {
  Difference difference;
  std::string by;             // as Provenance tells it: trait scaler; empty: not known
  Span where;                 // line 0: not known
};

// What a step found and makes of it, in a plan against what was observed.
struct StepChange {
  // create_first: another object takes the place of the old one, which goes when the
  // new one is ready; delete_first: the old one goes before; in_place: all of it is
  // written anew, what the cluster has added too.
  enum class Replace : std::uint8_t { none, in_place, delete_first, create_first };
  Replace replace = Replace::none;
  std::string why;            // it was applied before and is wanted no more
  std::vector<FieldChange> fields;

  // What must still hold when the step is done: whether the object is there, the same
  // one, with the same content. `digest` leaves out status and what a cluster sets
  // itself; `revision` is for a host whose writes can be held to it.
  bool exists = false;
  std::string uid, revision, digest;

  Value before;               // as it was applied, else as it was observed; null: it was not there
};

// A field of an object that is known once its render is done.
struct StepUnknown {
  std::string pointer;        // of the field, null in the object
  bool more = false;          // an object that gets further fields
  std::vector<std::uint32_t> after;   // indices into Plan::steps(): what it waits for
};

// What few steps have.
struct StepMore {
  std::string does;              // of a hook: what the host is asked for; Step::object are its properties
  std::shared_ptr<const HookRules> hook;   // of a hook of the life cycle
  std::shared_ptr<const FlowTask> flow;    // of a hook of the workflow
  std::string part_of;           // the step of the workflow that it is, or is part of; empty: none
  std::vector<StepInput> inputs;        // of an apply: empty if all is known now
  std::vector<StepUnknown> unknown;     // of an apply whose render ends at run time
  std::vector<StepOutput> outputs;      // of an apply or a call
  std::shared_ptr<const Pace> pace;     // what the application says of how it is tried; null: nothing
};

// Ids: COMPONENT/render, COMPONENT/render/Kind.group/NAME (a trait that waits for
// data of its own), COMPONENT/apply/Kind[.group]/[NAMESPACE.]NAME,
// COMPONENT/hook/NAME; COMPONENT is "*" for the application. NAMESPACE stands
// where it is not the application's. Of a placement COMPONENT@PLACEMENT: the name
// of the topology policy, with .CLUSTER if it names several. What is deleted to be
// made anew has the id of its apply and /delete. Stable under edits elsewhere.
struct Step {
  enum class Kind : std::uint8_t { render, hook, apply };
  enum class Action : std::uint8_t {
    none, create, update, replace, delete_, adopt, keep, forget, orphan,
  };
  enum class Class : std::uint8_t { pure, idempotent, once };
  enum class Gate : std::uint8_t { none, ready, absent };

  Name id;
  Name component;
  Name resource;                 // KIND[.GROUP]/NAME; empty for a render of a component
  Name lane = core();
  Target target;
  Value object;                  // of an apply: complete but for `inputs` and `unknown`; of a render that ends
                                 // at run time {"work", "call"?, "steps"}: what it needs, and whose objects it makes
  Needs needs;
  std::shared_ptr<const StepChange> change;   // null: nothing was observed
  Rare<StepMore> more;
  Time settle_timeout = 0;
  std::uint32_t render = Node::kNone;   // of an apply: the step that completes its object
  Kind kind = Kind::render;
  Action action = Action::none;
  Class class_ = Class::pure;
  Gate gate = Gate::none;

  static OAM_API const Name& core() noexcept;
};

class OAM_API Plan {
 public:
  std::string_view application() const noexcept;
  std::span<const Step> steps() const noexcept;   // dependencies first, ties in the author's order
  bool empty() const noexcept { return steps().empty(); }
  std::size_t kept() const noexcept;              // objects that are as they should be
  std::string_view incomplete() const noexcept;   // why this is a part of a plan alone; empty: it is whole
  const Graph& graph() const;                     // made on first use; empty for a plan that was not made by plan()
  std::optional<std::uint32_t> find(std::string_view id) const;
  std::span<const LaneJoin> lanes() const noexcept;   // those that are not the core, by name
  std::span<const InstanceLimit> limits() const noexcept;
  std::span<const Pool> pools() const noexcept;       // their keys are ids of steps
  const RunPace& pace() const noexcept;

  // Why: rule and words. Line and column of a reason cost a scan of its source,
  // places() answers for all of reasons() with one; a zero line: no place.
  std::span<const Reason> reasons() const noexcept;
  const Reason& reason(const Need& need) const noexcept;
  Span where(const Need& need) const;
  std::vector<Span> places() const;

  // The object of a step that has one, with `(known after STEP)` in the places that
  // are not known yet.
  boost::json::value shown(const Step& step) const;

  // SHA-256, hex, over bytes(): nothing but meaning changes it. Made on first use.
  std::string_view hash() const;
  std::string bytes() const;     // canonical: steps by id, keys sorted, no places
  std::string json() const;      // the contract's shape, and what parse() needs
  std::string text(bool colour = false) const;

  // `name` is what the text goes by in diagnostics, usually its file.
  static std::optional<Plan> parse(std::string_view json, Diagnostics& problems, std::string_view name = "plan");

  // In words: what the step is, what it waits for and why; what waits for it.
  // Why `after` comes after `before`: a shortest path with the rule of each edge.
  // A name that is no step is a diagnostic with the nearest one.
  std::optional<std::string> explain(std::string_view step, Diagnostics& problems) const;
  std::optional<std::string> explain(std::string_view after, std::string_view before,
                                     Diagnostics& problems) const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

OAM_API std::ostream& operator<<(std::ostream&, const Plan&);

OAM_API std::optional<Plan> plan(const Model& model, const Observed& observed,
                                 const PlanOptions& options, Diagnostics& problems);

OAM_API std::string_view name_of(Step::Kind);
OAM_API std::string_view name_of(Step::Action);   // "delete" for delete_
OAM_API std::string_view name_of(Step::Class);
OAM_API std::string_view name_of(Step::Gate);
OAM_API std::string_view name_of(StepChange::Replace);   // "delete-first" for delete_first
OAM_API std::string_view name_of(Edge::Kind);     // "requires" for requires_

}  // namespace oam
