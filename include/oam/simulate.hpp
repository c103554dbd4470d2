// simulate(): how a run of a plan would go, on a clock that costs no time: when
// each step would begin and end, what the time is spent on, and what a failure
// would keep from running. explore_crashes(): the same run broken off after every
// record, with every effect that was under way done or not, and resumed.
//
// Both drive a real Run; only the world is made up. Pure functions. A Simulation
// is immutable and safe to share between threads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/run.hpp>

namespace oam {

// How long a step takes, in milliseconds.
struct Duration {
  Time takes = 0;      // until the host answers
  Time settles = 0;    // then, until its gate is met; of no matter for a step without one

  friend bool operator==(const Duration&, const Duration&) = default;
};

// Durations by key, the first that is there: the step's id; KIND.GROUP, then KIND
// of its object; "apply", "hook" or "render".
class OAM_API Durations {
 public:
  Durations();                                     // the assumptions that docs/simulate.md lists
  Durations& set(std::string key, Duration duration);
  // "KEY=TIME" (until the gate is met) or "KEY=TAKES+SETTLES", Go durations. False
  // if it is neither; nothing has changed then.
  bool set(std::string_view words);
  // From the records of a run (see Run::take_records): each step as it went, and the
  // medians of each kind. Damaged ones are diagnostics, and nothing is learnt.
  bool learn(std::span<const std::string> records, Diagnostics& problems);

  Duration of(const Step& step) const;
  static bool fits(std::string_view key, const Step& step);   // may the key say how long the step takes?
  // "90s", "1h30m": a Go duration in milliseconds; nothing if it is none.
  static std::optional<Time> read(std::string_view text);

 private:
  std::map<std::string, Duration, std::less<>> by_key_;
};

// A step that goes wrong: `times` of its attempts come to `outcome`; if it
// stalls, they succeed and its gate is never met.
struct OAM_API Fault {
  std::string step;
  Outcome outcome = Outcome::failed("injected failure");
  std::uint32_t times = UINT32_MAX;
  bool stalls = false;

  // "STEP", "STEP=stall", "STEP=RESULT", "STEP=RESULT*TIMES" with a result of an Outcome.
  // Nothing if RESULT or TIMES is none.
  static std::optional<Fault> parse(std::string_view words);
};

struct SimulateOptions {
  RunOptions run = {};             // `journal` is of no matter
  Durations durations = {};
  std::vector<Fault> faults = {};  // of two of one step the later counts
};

// What became of a step. Without times: it never began.
struct SimulatedStep {
  State state = State::waiting;
  std::optional<Time> ready;       // when all it waits for had ended
  std::optional<Time> start;       // when it was handed out; later than `ready`: it waited for a free place
  std::optional<Time> end;
  std::uint32_t attempts = 0;
  Time slack = 0;                  // how much longer it may take before the end comes later
  bool critical = false;           // on the path that decides when the end comes
  std::uint32_t cause = Node::kNone;   // blocked: the step whose failure began it
  std::string message = {};        // why it has failed, is held, or was cut off with its lane
};

class OAM_API Simulation {
 public:
  const Plan& plan() const noexcept;
  std::span<const SimulatedStep> steps() const noexcept;      // as in the plan
  const Done& done() const noexcept;
  Time took() const noexcept;
  std::optional<Time> core_ready() const noexcept;            // nothing: the core lane does not come to a good end
  Time work() const noexcept;                                 // all that the steps took, one after another
  Time waited() const noexcept;                               // all that they waited for a free place
  std::size_t peak() const noexcept;                          // steps in flight at a time
  std::span<const std::uint32_t> critical_path() const noexcept;   // steps, the first to begin first

  std::string text() const;
  std::string json() const;
  std::string svg() const;     // a Gantt chart that needs nothing else
  std::string html() const;

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

// unknown-step: a fault of a step that the plan does not have.
OAM_API std::optional<Simulation> simulate(const Plan& plan, const SimulateOptions& options, Diagnostics& problems);

// What it costs when a step fails: those that never run, by step of the plan. They need it, or they are
// held or given up because of it: further instances, all others where the pace says so.
struct BlastRadius {
  std::uint32_t step = 0;
  std::vector<std::uint32_t> blocked;
  RunResult result = RunResult::failed;
  std::optional<Time> core_ready;
};

// Of every step that is handed out, the widest first; one simulation for each.
OAM_API std::optional<std::vector<BlastRadius>> blast_radii(const Plan& plan, const SimulateOptions& options, Diagnostics& problems);

struct CrashOptions {
  SimulateOptions simulate = {};
  // The record with this number is lost, as if it had never been written: the
  // later ones move up. What comes of it must show as a difference.
  std::optional<std::uint64_t> lose_record = {};
};

// One resumed run that came to another end.
struct CrashDifference {
  std::uint64_t records = 0;            // the prefix that was left
  std::vector<std::string> done;        // effects that were under way and had happened
  std::vector<std::string> lost;        // …and had not
  std::string what;
};

struct OAM_API CrashReport {
  std::uint64_t records = 0;            // of the whole run
  std::uint64_t explored = 0;           // pairs of a prefix and effects under way done or not
  std::uint64_t different = 0;
  std::uint64_t asked = 0;              // times that a step of class `once` had to be looked into
  std::uint64_t undecided = 0;          // crashes after which a program of that class waits for somebody's decision
  std::vector<CrashDifference> differences;   // the first twenty

  std::string text() const;
  std::string json() const;
};

// For each prefix of the run's records, and each of the effects that were then
// under way done or not: resumes, and compares the end. With up to three under way
// all combinations; with more all, none, and each one alone done or not done. A
// step in doubt is answered by the world as it is; a program of the workflow in doubt stays
// held, and neither it nor what waits for it is a difference.
// unknown-step; unknown-record: there is no record to lose.
OAM_API std::optional<CrashReport> explore_crashes(const Plan& plan, const CrashOptions& options, Diagnostics& problems);

}  // namespace oam
