// Review: what one asks of a plan before it is carried out, as pure functions. Does it
// still hold? How does it differ from another? A part of it; its inverse.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <oam/plan.hpp>

namespace oam {

struct StaleStep {
  std::string step;
  std::vector<std::string> why;       // sentences
};

// What of a saved plan does not hold any more. The other steps are as good as they were.
struct OAM_API Staleness {
  std::string application;
  std::size_t steps = 0;              // of the plan
  std::vector<StaleStep> stale;       // in its order
  std::vector<std::string> waiting;   // steps that are good and come after stale ones
  std::vector<std::string> lacking;   // steps of the plan as it would be made now that it does not have
  bool observed = false, wanted = false;   // was it compared with what is there, and with a fresh plan?

  bool holds() const noexcept { return stale.empty() && lacking.empty(); }
  std::string text() const;
  std::string json() const;
};

// A step is stale if what it found is not so any more, by what is observed now; and, with
// `fresh` (the plan as it would be made now), if that has another step in its place.
// Renders, barriers and objects that are kept cannot be stale by themselves.
OAM_API Staleness check(const Plan& saved, const Observed& now, const Plan* fresh = nullptr);

struct StepDifference {
  enum class Kind : std::uint8_t { added, removed, changed };
  Kind kind = Kind::changed;
  std::string step;
  std::vector<std::string> what;         // of a changed one: action: create, was update; comes after STEP
  std::vector<Difference> fields;        // of its object: desired is after, observed before
};

// How one plan differs from another: as a whole, and step by step.
struct OAM_API PlanDifference {
  std::string before, after;             // hashes
  std::vector<std::string> run;          // what holds for all of it: pace: at most 4 at a time, was none; pool db: with STEP
  std::vector<StepDifference> steps;     // by id

  bool same() const noexcept { return run.empty() && steps.empty(); }
  std::string text() const;
  std::string json() const;
};
OAM_API PlanDifference difference(const Plan& before, const Plan& after);

// A part of a plan: steps by name, with what they need (up), what needs them (down), or
// both; without others, and what cannot be without those.
struct Part {
  enum class Reach : std::uint8_t { up, down, both };
  std::vector<std::string> targets = {};   // ids of steps, names of components, or KIND[.GROUP]/NAME; empty: all
  std::vector<std::string> exclude = {};   // likewise
  Reach reach = Reach::up;
};

// The plan says that it is incomplete. A name that is no step's is a diagnostic, a value
// that only a step outside the part has, too.
OAM_API std::optional<Plan> part_of(const Plan& plan, const Part& part, Diagnostics& problems);

struct Irreversible {
  std::string step, why;
};

// What undoes a plan, once it has been carried out: its steps turned round.
struct OAM_API Inverse {
  Plan plan;
  std::vector<Irreversible> without;     // steps of the forward plan that it does not undo, or not wholly

  std::string text(bool colour = false) const;
  std::string json() const;              // the plan's, and "without_inverse": [{"step", "why"}]
};

// Both plans are carried out in thought: what does not come back as it was is told. With `begun`, by
// step, it undoes no more than those.
OAM_API Inverse inverse(const Plan& plan, const std::vector<bool>& begun = {});

OAM_API std::string_view name_of(StepDifference::Kind);

}  // namespace oam
