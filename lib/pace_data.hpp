// The fields of a Pace as data: by the name that plans have for them.
#pragma once

#include <array>
#include <string_view>

#include <oam/pace.hpp>

namespace oam::detail {

struct PaceField {
  std::string_view name;                      // in the JSON of a plan
  std::optional<Time> Pace::*value;
  std::string_view before, after = {};        // the words around the value in its text
  bool is_number = false;                     // no time
};

inline constexpr auto kPaceFields = std::to_array<PaceField>({
    {"settle_timeout", &Pace::settle_timeout, "gate met within "},
    {"healthy_for", &Pace::healthy_for, "gate met for "},
    {"fail_after", &Pace::fail_after, "fails when bad for "},
    {"poll", &Pace::poll, "looked at every "},
    {"attempts", &Pace::attempts, "", " attempts", true},
    {"backoff", &Pace::backoff, "back-off "},
    {"backoff_most", &Pace::backoff_most, "back-off at most "},
    {"jitter", &Pace::jitter, "", " % jitter", true},
    {"queue_timeout", &Pace::queue, "handed out within "},
    {"start_timeout", &Pace::start, "sign of life within "},
    {"run_timeout", &Pace::run, "outcome within "},
    {"heartbeat_timeout", &Pace::heartbeat, "signs of life every "},
});

}  // namespace oam::detail
