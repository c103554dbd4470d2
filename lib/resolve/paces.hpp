// How steps are tried, as a life cycle writes it: gate, retry, timeouts.
#pragma once

#include <oam/lifecycle.hpp>

#include "resolve/section.hpp"

namespace oam::detail {

inline constexpr std::string_view kPaceSections[] = {"gate", "retry", "timeouts"};

// What stands in `gate`, `retry` and `timeouts` of the section.
Pace read_pace(const Section& section);

// Of the whole run, beside those: parallel, retryBudget, failures, onFailure. What is said wins over what `pace` has.
void read_run_pace(const Section& section, RunPace& pace);

}  // namespace oam::detail
