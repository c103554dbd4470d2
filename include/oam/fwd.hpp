// Every public name of liboam, declared and nothing else. Include it from your
// own headers: it costs next to nothing and keeps them free of ours.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>

namespace oam {

// A shared, immutable JSON value; null where the document says nothing. Include
// <oam/json.hpp> to look inside. Safe to keep: it holds on to its document.
using Value = std::shared_ptr<const boost::json::value>;

// A point in time or a length of it, in milliseconds of the host's clock.
using Time = std::int64_t;

// Floor 1: text and what is wrong with it; names.
struct Source;
struct Span;
struct Label;
struct Diagnostic;
class Diagnostics;
struct Code;
class Name;

// Floor 2: documents, no kinds known.
struct Limits;
struct Place;
class Documents;

// Floor 3: what the author wrote, and which types exist.
enum class OnFailure : std::uint8_t;
struct Pool;
struct Timeouts;
struct Pace;
struct RunPace;
enum class HookPoint : std::uint8_t;
enum class FailureRule : std::uint8_t;
enum class Health : std::uint8_t;
struct ObjectState;
struct StateTransition;
class StateMachine;
struct Selector;
struct Hook;
struct Lane;
struct OrderRule;
struct Ordinals;
struct Lifecycle;
struct Condition;
struct Input;
struct Output;
struct Trait;
struct Component;
struct Policy;
struct WorkflowStep;
struct Workflow;
class Application;
struct Definition;
class Catalog;
struct ObservedOutputs;
struct DefinitionStatus;

// Floor 4: what it means.
struct Fill;
struct Placement;
struct Treatment;
struct Housekeeping;
struct LateRendering;
struct Resource;
class Model;

// Floor 5: what depends on what; what exists, and how it differs.
struct Node;
struct Edge;
struct Reason;
struct GraphOptions;
struct InstanceLimit;
enum class Change : std::uint8_t;
class Graph;
struct InventoryEntry;
class Observed;
struct Difference;
struct IgnoreRule;

// Floor 6: what to do.
struct HookRules;
struct LaneJoin;
struct Step;
class Plan;

// Floor 7: doing it; how it stands.
struct Task;
struct Wait;
struct Done;
struct Outcome;
struct Event;
class Run;
class Assessment;
struct ProductAssessment;
class SolutionAssessment;
struct StateChange;
class StateTracker;

}  // namespace oam
