// Of one observation about several applications: what may be left of each.
#pragma once

#include <span>
#include <vector>

#include <oam/assess.hpp>

namespace oam::detail {

// For each of the applications, of each cluster: what bears its labels; of what was applied before and bears
// none, what names its component, or else nobody's, which the first one gets.
std::vector<Observed> shares_of(std::span<const Model> applications, const Observed& observed);

// As assess(), with extras out of this share alone.
Assessment assess_among(const Model& model, const Observed& observed, const Observed& share, const AssessOptions& options, Diagnostics& problems);

}  // namespace oam::detail
