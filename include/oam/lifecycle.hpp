// Lifecycle: what is to happen around the steps of an application, and which of
// them its success hangs on: hooks, lanes, rules of order. Written in policies of
// type `lifecycle` and in spec.extension.lifecycle of definitions; docs/lifecycle.md.
//
// Plain values, filled by resolve(); safe to share between threads once made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/action.hpp>
#include <oam/document.hpp>
#include <oam/pace.hpp>
#include <oam/state_machine.hpp>

namespace oam {

enum class HookPoint : std::uint8_t {
  before_create, after_create, before_update, after_update, before_delete, after_delete,
  before_healthy, after_healthy, on_failure, finally,
};
constexpr bool is_before(HookPoint p) { return p == HookPoint::before_create || p == HookPoint::before_update || p == HookPoint::before_delete; }

// What it means when a hook comes to a bad end.
enum class FailureRule : std::uint8_t { fail, ignore, hold, rollback };

// Which steps are meant. Lists are alternatives, what stands in different lists
// must hold together; nothing at all: every step.
struct Selector {
  std::vector<std::string> components, traits, kinds, lanes;
  std::vector<std::pair<std::string, std::string>> labels;

  bool empty() const noexcept { return components.empty() && traits.empty() && kinds.empty() && lanes.empty() && labels.empty(); }
};

// What becomes of the objects that a hook makes. Nothing said: they stay.
struct Retention {
  bool before = false;             // those of its last run are deleted before it runs anew
  bool on_success = false, on_failure = false;   // they are deleted when it, and those beside it, have ended
};

struct Hook {
  enum class Scope : std::uint8_t { application, component, trait, resource };   // one step for each
  enum class Class : std::uint8_t { pure, idempotent, once };                    // as Step::Class
  std::string name;
  HookPoint point = HookPoint::before_create;
  Scope scope = Scope::application;
  Selector selector;
  std::string action;              // something that the host offers
  std::string type;                // or a workflow step type of the catalogue:
  std::string text;                // its template, which asks the host for one action after another
  std::vector<Action> asks;        // the actions it may ask for
  Value properties;                // an object or null
  Class class_ = Class::once;
  std::int64_t weight = 0;         // at one point: lighter ones first, then as listed
  std::string lane;                // empty: that of what it selects
  std::string condition;           // CUE; empty: always
  std::uint32_t attempts = 0;      // 0: as the run says
  Time backoff = 0, timeout = 0;   // milliseconds; 0: as the run says, none
  Pace pace;                       // what more is said of how it is tried
  FailureRule on_failure = FailureRule::fail;
  Retention retention;
  std::vector<Value> objects;      // that it makes: apiVersion, kind, name and namespace of each
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t resource = kNone;  // index in the Model: an object that says itself that it is a hook
  Place place;
};

// A part of an application that its success does not hang on.
struct Lane {
  // What the end of a run waits for.
  enum class Join : std::uint8_t { all, core_only, core_then_deadline, quorum, detach };
  std::string name;
  Selector selector;
  Join join = Join::all;
  Time deadline = 0;               // milliseconds after the end of the core: core_then_deadline
  std::uint32_t quorum = 0;        // good ends that are enough: quorum
  Place place;
};

// A rule of order that the author wrote, in kapp's words.
struct OrderRule {
  std::string id;
  std::string text;                // upsert after upserting GROUP
  std::string group;               // instead: what it selects is in this group
  Selector selector;
  bool optional = false;           // dropped, and told, if it would close a circle
  Place place;
};

// Numbered instances of one kind: NAME-0, NAME-1, …
struct Ordinals {
  Selector selector;
  std::uint32_t partition = 0;     // lower ones are not updated
  std::uint32_t at_once = 1;       // how many may be down
  std::vector<std::uint32_t> reserved;   // numbers that nobody may have
  std::optional<std::uint32_t> leader;   // the one that is changed and deleted last
  std::pair<std::string, std::string> leader_label;   // or: a label that its object, or a pod of it, has, as observed; key empty: none
  std::uint32_t abort_threshold = 0;     // failed ones after which no further one is begun; 0: what comes after one that failed is blocked
  Place place;
};

// The pace of steps that apply objects.
struct PaceRule {
  Selector selector;
  Pace pace;
  bool by_definition = false;      // of a type: it may select nothing
  Place place;
};

// Steps of which so many may be in flight at a time.
struct PoolRule {
  std::string name;
  std::uint32_t capacity = 1;
  std::optional<Selector> selector;      // objects whose steps are in it; none: hooks alone
  std::vector<std::string> hooks;        // by name
  Place place;
};

struct Lifecycle {
  std::vector<Hook> hooks;
  std::vector<Lane> lanes;
  std::vector<OrderRule> rules;
  std::vector<Ordinals> ordinals;
  RunPace pace;                          // of the whole run
  std::vector<PaceRule> paces;           // of two that select a step the later one wins
  std::vector<PoolRule> pools;
  std::vector<std::uint32_t> skipped;    // indices in the Model: objects that say that they are not to be applied
  std::vector<std::string> without;      // ids of rules that do not count
  std::string profile = "standard";      // of the kind rules: standard, kapp, none
  bool wait_for_assumed = false;         // for references to what others own
  std::vector<StateMachine> machines;    // that definitions say
  std::vector<std::uint32_t> machine_of; // by resource: an index in `machines`, from 1; 0 or none: the default one

  StateMachine machine(std::size_t resource) const {
    const std::uint32_t own = resource < machine_of.size() ? machine_of[resource] : 0;
    return own > 0 ? machines[own - 1] : StateMachine();
  }
};

OAM_API std::string_view name_of(HookPoint);      // before-create
OAM_API std::string_view name_of(FailureRule);
OAM_API std::string_view name_of(Lane::Join);     // core-then-deadline

}  // namespace oam
