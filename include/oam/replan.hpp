// Replan: a plan made from the one of before, where little has changed since.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <oam/plan.hpp>

namespace oam {

struct PlanChange {
  std::vector<std::uint32_t> components;   // indices in the Application: whose objects may be others now, as wanted or as observed
};

// The same plan, to the byte, as plan(model, observed, options): `previous` is that of the
// model and the observation before, by the same options. It costs as much as what changed
// is large, where only values in objects are others: images, replicas of no ordinals, data.
// What gives objects other names, references, labels or order, or brings or takes steps, is
// planned anew as a whole. Give `previous` away (std::move): a copy costs what a plan of
// its size costs.
OAM_API std::optional<Plan> replan(Plan previous, const Model& model, const Observed& observed, const PlanChange& change,
                                   const PlanOptions& options, Diagnostics& problems);

}  // namespace oam
