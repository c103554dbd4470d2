// The machine inside a Run, without its records.
//
// A step is 64 bytes of Progress. What is to do stands in a heap by plan order,
// what is due in a heap by time; both are lazy: an entry whose step has moved on
// is dropped when it comes up. A step waits with the number of its needs that
// have not ended, so an end costs one visit to each user and next() O(log n).
//
// The state is a function of the inputs and their times alone. Every input first
// advances the time, which fires what is due by then; how often next() was asked
// in between makes no difference. That is why only inputs need records.
#pragma once

#include <oam/run.hpp>

#include <absl/container/flat_hash_map.h>

#include <array>
#include <functional>
#include <map>
#include <queue>

namespace oam::detail {

using StepIndex = std::uint32_t;
inline constexpr StepIndex kNoStep = 0xffffffff;

// What an Outcome means to the run, once its object has been looked at. The
// object itself is not kept: it may hold secrets, and is not needed again.
struct Verdict {
  Outcome::Result result = Outcome::Result::succeeded;
  enum class Gate : std::uint8_t { met, pending, failed } gate = Gate::met;
  bool incomplete = false;     // an output somebody needs is not there yet
  std::string message;         // the host's, or why the gate is not met
  std::string revision;
  std::optional<Time> retry_after;
  std::map<std::string, Value, std::less<>> outputs;   // those that somebody needs; null: withheld
  bool secret = false;         // values of a Secret: records name them and no more
  Value objects;               // of a render: what the host made, if not what we would make
};

struct Progress {
  State state = State::waiting;
  bool in_flight = false;
  bool answered = false;       // the newest task has been reported
  bool unchanged = false;      // settling: it will end as no_change
  bool secret = false;         // its outputs are not to be written down
  std::uint32_t attempt = 0;   // tasks handed out, looks not counted
  std::uint32_t group = 0;     // decisions to retry
  std::uint32_t tried = 0;     // attempts of this group that went wrong
  std::uint32_t look = 0;      // looks of this attempt
  std::uint32_t open = 0;      // waiting: needs that have not ended
  StepIndex cause = kNoStep;   // blocked: the step whose failure began it
  Time due = 0;                // backoff, settling: when to go on
  Time deadline = 0;           // settling
};

// One change of state, to become an Event when somebody asks.
struct Change {
  StepIndex step;              // kNoStep: of the run
  State state;
  RunResult result;            // of the run
  std::uint32_t attempt;
  Time time;
  StepIndex cause;             // blocked: by this one
  std::string message;
};

class Machine {
 public:
  Machine(Plan plan, RunOptions options);

  // Inputs. Each begins with the time, the first of all with open().
  void advance(Time now);
  void open();
  void cancel();
  bool decide(StepIndex step, Command command);
  void dispatch(StepIndex step);
  void answer(StepIndex step, const Verdict& verdict);
  void crash();                            // what was in flight is lost, and what was withheld
  bool is_lossy() const;                   // would crash() change anything?

  // Questions.
  StepIndex find(std::string_view id) const;
  StepIndex next_to_do();                  // kNoStep: nothing; stays to do until dispatched
  std::optional<Time> next_due();          // of a step, or the end of a lane
  Done done() const;
  bool can_dispatch(StepIndex step) const;
  Task task(StepIndex step) const;         // as last handed out
  Verdict judge(StepIndex step, const Outcome& outcome) const;
  std::string task_id(StepIndex step) const;

  bool takes_report(StepIndex step, std::uint32_t attempt, std::uint32_t look) const;
  std::vector<Event> take_events();

  const Plan& plan() const noexcept { return plan_; }
  const RunOptions& options() const noexcept { return options_; }
  Time now() const noexcept { return now_; }
  std::size_t in_flight() const noexcept { return in_flight_; }
  std::span<const Step> steps() const noexcept { return steps_; }
  const Progress& progress(StepIndex step) const { return progress_[step]; }

 private:
  friend class Checkpoint;                 // save and restore see everything

  struct User {
    StepIndex step;
    bool hard;                             // failure propagates
  };
  // Whoever waits for a value of `from`: the render that fills it in.
  struct Reader {
    StepIndex from, reader, applied;       // applied: the step with the input
    std::uint32_t input;                   // index into its inputs
  };

  // machine.cpp: moving.
  bool move(StepIndex step, Signal signal);
  void note(StepIndex step);
  void drain();
  void close(StepIndex step);
  void prepare(StepIndex step);
  void finish(StepIndex step, Signal signal, const Verdict& verdict);
  void start_settling(StepIndex step, Signal signal, Time first_look);
  void settle(StepIndex step, const Verdict& verdict);
  void miss(StepIndex step, const Verdict& verdict);
  void try_later(StepIndex step, const Verdict& verdict);
  void doubt(StepIndex step, const Verdict& verdict);
  void fail(StepIndex step, std::string message);
  void hold(StepIndex step, std::string message);
  void wake(StepIndex step, Time due);
  std::optional<Time> next_timer();
  bool is_current(const std::pair<Time, StepIndex>& timer) const;
  RunResult result() const;
  void add_reasons(std::vector<std::string>& reasons) const;

  // hooks.cpp: hooks and lanes.
  bool is_last(StepIndex step) const;                        // a hook that runs however it ends
  bool is_ignored(StepIndex step) const;                     // its bad end does not matter
  bool is_left_out(StepIndex step, std::string& problem) const;
  bool holds(StepIndex step, std::string& problem) const;
  bool ends_badly(StepIndex step);
  void time_out(StepIndex step);
  void weigh_lane(StepIndex step, State from, State to);
  void join_lanes();
  void end_lanes_due(Time due);
  void end_lane(std::uint32_t lane);
  std::optional<Time> lane_due() const;
  void index_lanes();
  void count_lanes();

  // command.cpp: decisions.
  void begin_nothing();
  void reopen(std::vector<StepIndex> roots);
  void count_open(StepIndex step);
  void weigh(StepIndex step);
  std::vector<StepIndex> look_again(StepIndex step);
  bool look_again_at(StepIndex from);
  std::vector<StepIndex> forgotten() const;
  bool lacks(StepIndex step) const;
  void wake_readers(StepIndex from);

  // index.cpp: what the plan says, turned round.
  void index_users();
  void index_readers();
  std::span<const User> users(StepIndex step) const;
  std::span<const Reader> readers(StepIndex from) const;            // of its outputs
  std::span<const Reader> inputs(StepIndex reader) const;           // of a render
  std::string missing(StepIndex reader) const;

  // values.cpp: outputs in, objects out.
  const Value* output(StepIndex from, std::string_view name) const;   // null: never came; to null: withheld
  Value render_work(StepIndex step) const;
  boost::json::value work_on(StepIndex applied) const;
  Verdict judge_render(StepIndex step, const Outcome& outcome, Verdict verdict) const;
  void keep_rendered(StepIndex step, const Verdict& verdict);
  Value object(StepIndex step) const;
  void judge_object(StepIndex step, const boost::json::value& object, Verdict& verdict) const;
  bool reads_secrets(StepIndex applied) const;
  std::string without_secrets(StepIndex step, std::string text) const;

  Plan plan_;
  RunOptions options_;
  std::span<const Step> steps_;
  absl::flat_hash_map<std::string_view, StepIndex, std::hash<std::string_view>> by_id_;
  std::vector<std::uint32_t> first_user_;
  std::vector<User> users_;
  std::vector<Reader> readers_;            // by from
  std::vector<Reader> inputs_;             // the same by reader
  std::uint64_t seed_ = 0;                 // of the tokens
  static constexpr std::uint32_t kCore = 0xffffffff;
  std::vector<std::uint32_t> lane_of_;     // by step
  std::vector<LaneJoin> joins_;            // by lane: the plan's, and those that it says nothing of

  Time now_ = 0;
  bool cancelling_ = false;
  std::vector<Progress> progress_;
  std::array<std::size_t, kStates> count_{};
  std::size_t unended_ = 0;
  bool closed_ = false;                    // the end has been told
  std::size_t in_flight_ = 0;
  struct LaneState {
    std::size_t open = 0, good = 0;        // steps that have not ended; that came to a good end
  };
  std::vector<LaneState> lanes_;           // by lane
  std::size_t core_open_ = 0;              // steps of the core that have not ended, last hooks apart
  std::size_t core_bad_ = 0;               // failed and blocked ones
  std::optional<Time> core_end_;           // since when core_open_ is 0
  bool roll_back_ = false;                 // a hook asks for it
  std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>> to_do_;
  using Timer = std::pair<Time, StepIndex>;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::vector<StepIndex> ended_;           // not yet told to their users
  std::map<StepIndex, std::string> messages_;
  std::map<StepIndex, std::map<std::string, Value, std::less<>>> outputs_;
  std::map<StepIndex, Value> rendered_;    // apply steps whose object the host made
  std::vector<Change> changes_;            // not yet taken
  std::uint64_t changes_taken_ = 0;
};

}  // namespace oam::detail
