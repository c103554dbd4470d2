// What becomes of each object: of those of the model, and of what is left of what was
// applied before. Decided one by one; the order stands in change_steps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <oam/plan.hpp>

#include "plan/leftovers.hpp"
#include "support/problems.hpp"

namespace oam::detail {

// Of an object that the model wants.
struct Fate {
  Step::Action action = Step::Action::create;
  Value object;                        // null: the model's
  std::shared_ptr<const StepChange> change;
  const InventoryEntry* stored = nullptr;   // of the Observed: as it was applied before

  bool deletes_first() const { return action == Step::Action::replace && change->replace == StepChange::Replace::delete_first; }
};

// Of one that is left. `wanted` is set of what is deleted to be made anew. Indices as of
// Changes::wanted.
struct Removal {
  InventoryEntry entry;
  Value observed, object;              // as it is; as the step names it: no more than kind and name
  Step::Action action = Step::Action::delete_;
  std::shared_ptr<const StepChange> change;
  std::uint32_t wanted = Node::kNone;
  std::uint32_t replaced_by = Node::kNone;   // what takes its place

  std::vector<Value> pods;             // of an instance: as observed, where a label of theirs may tell who leads
  bool keeps_data = false;             // a claim of an instance that goes: nobody says that it may

  bool deletes() const { return action == Step::Action::delete_; }
  std::uint32_t heir() const { return wanted != Node::kNone ? wanted : replaced_by; }   // Node::kNone: nothing comes in its place
  bool goes_first() const { return wanted != Node::kNone || (replaced_by != Node::kNone && change->replace == StepChange::Replace::delete_first); }
};

struct Changes {
  std::vector<const Resource*> wanted; // by placement, then resource: as it is wanted there; null: it is not
  std::vector<Fate> fates;             // likewise; empty: nothing was observed
  std::vector<Removal> removals;       // by key
  bool removing = false;               // the application itself goes: its document has a deletionTimestamp
  std::string_view patient;            // the garbage-collect policy that goes on after failures; empty: none

  std::vector<std::unique_ptr<Resource>> moved;   // those that a placement puts into another namespace

  bool compared() const noexcept { return !fates.empty() || !removals.empty(); }
  bool nothing_to_do() const;
  std::size_t kept() const;
  std::vector<Change> kinds() const;   // as rules of order ask
  std::string_view cluster_of(std::uint32_t wanted, const Model& model) const;   // of one that is not null
  std::vector<std::uint32_t> leaders(const Model& model, const Observed& observed) const;   // likewise: instances that lead
};

// The namespace of a topology policy takes the place of the application's.
const std::string& namespace_in(const Model& model, std::uint32_t placement, const Resource& resource);
Value object_in(const Resource& resource, const std::string& namespace_);

Changes changes_of(const Model& model, const Observed& observed, const PlanOptions& options, Diagnostics& problems);

// Of one resource alone: values of others that it reads are taken for the same.
Fate fate_of(const Model& model, const Observed& observed, const PlanOptions& options, const Resource& resource, Diagnostics& problems);

// Adds rules that leave out the fields that come at run time. What is put into a list may move its
// other elements, so lists are left out as wholes.
void ignore_fills(const Resource& resource, std::vector<IgnoreRule>& rules);

}  // namespace oam::detail
