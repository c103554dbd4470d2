// Pace: how steps are tried, how long they may take, how many at a time. A host says it
// in RunOptions, an application in policies of type `lifecycle` (docs/lifecycle.md).
//
// Plain values; safe to share between threads once made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <oam/fwd.hpp>
#include <oam/version.hpp>

namespace oam {

// How many tasks of some steps may be in flight at a time: from handed out to answered, not
// while a gate is waited for. A step is in every pool that names
// one of its keys: its id, KIND.GROUP or KIND of its object, "apply", "hook" or
// "render", "lane:NAME", "cluster:NAME", "component:NAME".
struct Pool {
  std::string name;
  std::uint32_t capacity = 1;
  std::vector<std::string> keys;

  friend bool operator==(const Pool&, const Pool&) = default;
};

// Milliseconds; 0: none.
struct Timeouts {
  Time queue = 0;        // from ready to handed out: fails
  Time start = 0;        // from handed out to the first sign of life, be it a heartbeat
  Time run = 0;          // from handed out to the outcome
  Time heartbeat = 0;    // between two signs of life
};   // of the last three: another attempt; a step of class `once` is held

// What the run does when steps of the core have failed.
enum class OnFailure : std::uint8_t {
  go_on,     // whatever does not depend on them is still done
  halt,      // nothing new is handed out
  abort,     // nor is what is in flight still wanted, see Run::unwanted()
  hold,      // the run is paused
};
OAM_API std::string_view name_of(OnFailure);

// What an application says of the pace of some of its steps. What it says wins over
// RunOptions; what it leaves open is as they have it. Times in milliseconds.
struct Pace {
  std::optional<Time> settle_timeout;                     // how long the gate may take to be met
  std::optional<Time> healthy_for, fail_after, poll;      // as in RunOptions
  std::optional<Time> attempts, backoff, backoff_most, jitter;
  std::optional<Time> queue, start, run, heartbeat;       // as in Timeouts
  std::optional<bool> approval;                           // held until it is approved
  std::optional<bool> once;                               // never done twice without asking: in a plan it is the class of the step

  bool empty() const noexcept { return *this == Pace(); }
  void take(const Pace& nearer);                          // what `nearer` says wins
  friend bool operator==(const Pace&, const Pace&) = default;
};

// The same of the whole run. A bound that a host gives too holds beside it: the smaller counts.
struct RunPace {
  Pace steps;                             // of every step that says nothing of its own
  std::uint32_t parallel = 0;             // tasks at a time; 0: any number
  std::uint32_t retry_budget = 0;         // second and later attempts in the whole run; 0: any number
  std::uint32_t failures = 0;             // of the core before `on_failure` counts; 0: as the run says
  std::optional<OnFailure> on_failure;

  bool empty() const noexcept { return *this == RunPace(); }
  friend bool operator==(const RunPace&, const RunPace&) = default;
};

}  // namespace oam
