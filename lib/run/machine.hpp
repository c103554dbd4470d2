// The machine inside a Run, without its records.
//
// A step is 64 bytes of Progress and 32 of Facts. What is to do stands in a heap by plan order,
// what is due in a heap by time; both are lazy: an entry whose step has moved on
// is dropped when it comes up. A step waits with the number of its needs that
// have not ended, so an end costs one visit to each user and next() O(log n).
//
// The state is a function of the inputs and their times alone. Every input first
// advances the time, which fires what is due by then; how often next() was asked
// in between makes no difference. That is why only inputs need records.
#pragma once

#include <oam/run.hpp>

#include "run/program.hpp"
#include "run/secrets.hpp"
#include "run/step_names.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <queue>
#include <set>

namespace oam::detail {

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
  std::optional<ProgramTurn::What> turn;   // of a program: how it goes on
  std::shared_ptr<const LifeChange> life;   // of the object
  Value objects;               // of a render: what the host made, if not what we would make
};

// Why a step is held.
enum class Hold : std::uint8_t { none, doubt, approval, failure, halted };

// How the steps of the plan stand that are part of one step of the workflow.
struct FlowCount {
  std::size_t all = 0, good = 0, bad = 0, skipped = 0, late = 0, waiting = 0, held = 0;
  std::string message;
};

// What looks at a gate have said, without a break.
enum class Streak : std::uint8_t { none, good, bad };

struct Progress {
  State state = State::waiting;
  Hold hold = Hold::none;
  Streak streak = Streak::none;
  bool armed = false;          // `due` is waited for
  bool pooled = false;         // it has its places in the pools
  bool approved = false;
  bool unwanted = false;       // in flight: cancelled by itself
  bool in_flight = false;
  bool answered = false;       // the newest task has been reported
  bool unchanged = false;      // settling: it will end as no_change
  bool secret = false;         // its outputs are not to be written down
  bool late = false;           // failed: its time was over
  bool refused = false;        // the host did not do what it was asked for last: conflict, exists, …
  bool anew = false;           // of the end, under way when what it comes after began again: it will be repeated
  bool again = false;          // of the end, class once: it may have been done at an end before, and asks
  std::uint32_t attempt = 0;   // tasks handed out, looks not counted
  std::uint32_t group = 0;     // decisions to retry
  std::uint32_t tried = 0;     // attempts of this group that went wrong
  std::uint32_t look = 0;      // looks of this attempt
  StepIndex cause = kNoStep;   // blocked: the step whose failure began it
  Time due = 0;                // when to go on, or to give up; of what waits for its turn in a pause: how long it still may
  Time deadline = 0;           // of settling, or of the attempt
  Time since = 0;              // of the streak
};

inline constexpr std::uint32_t kCore = 0xffffffff;

// What is asked of a step at every turn, in half a line of the cache: a Step has seven.
struct Facts {
  std::uint32_t first_user = 0, first_reader = 0, first_input = 0;   // those of the next step end them
  StepIndex filler = kNoStep;  // the step that fills its object in: its render, else itself
  std::uint32_t lane = kCore;
  Step::Kind kind = Step::Kind::render;
  Step::Action action = Step::Action::none;
  Step::Class class_ = Step::Class::pure;
  Step::Gate gate = Step::Gate::none;
  bool hooked = false;         // a hook of the life cycle
  bool last = false;           // a hook that runs however it ends
  bool ignored = false;        // its bad end does not matter
  bool barrier = false;        // nothing to do, for anybody
  bool flow = false;           // of the workflow
  bool program = false;
  bool asks = false;           // needs an approval
  bool paced = false;          // the application says something of its pace
};

// One change of state, to become an Event when somebody asks.
struct Change {
  static constexpr std::uint32_t kSilent = 0xffffffff;
  Event::About about = Event::About::step;
  State from = State::waiting, state = State::waiting;
  RunResult result = RunResult::succeeded;
  std::uint32_t attempt = 0;
  std::uint64_t seq = 0;
  std::uint32_t number = 0;
  std::uint32_t message = kSilent;   // index in ChangeLog::messages; of an object in ChangeLog::lives
  StepIndex step = kNoStep;    // kNoStep: of the run
  StepIndex cause = kNoStep;   // blocked: by this one
  Time time = 0;
};

// Those that nobody has taken yet; few have a message.
struct ChangeLog {
  std::vector<Change> all;
  std::vector<std::string> messages;
  std::vector<std::shared_ptr<const LifeChange>> lives;

  std::vector<Event> take(const std::shared_ptr<const Event::Origin>& origin);
};

class Machine {
 public:
  Machine(Plan plan, RunOptions options);

  // Inputs. Each begins with the time, the first of all with open().
  void advance(Time now);
  void open();
  bool command(RunSignal signal, const Decision& by = {});   // to the whole run; these two: false if it is refused
  bool decide(StepIndex step, Command command, const Decision& by = {});
  bool pass_over(const Decision& by, std::string_view step);   // it was refused; true: by an event, which counts all the same
  void adopt(StepIndex step, Verdict outputs);         // before open(): it has been done
  void come_late(StepIndex step);
  void recorded(std::uint64_t seq) { input_ = seq + 1, told_ = 0; }   // what follows belongs to the next record
  void dispatch(StepIndex step);
  void answer(StepIndex step, const Verdict& verdict);
  void crash();                            // what was in flight is lost, and what was withheld
  bool is_lossy() const;                   // would crash() change anything?

  // Questions.
  StepIndex find(std::string_view id) const { return names_.find(id); }   // kNoStep
  StepIndex next_to_do();                  // kNoStep: nothing; stays to do until dispatched
  std::optional<Time> next_due();          // of a step, or the end of a lane
  Done done() const;
  bool can_dispatch(StepIndex step) const;
  Task task(StepIndex step) const;         // as last handed out
  void describe(StepIndex step, Task& task) const;           // the same into one that is empty
  bool is_as_it_was(StepIndex step) const;                   // written for the values it reads, which came out the same
  void learn_secrets(StepIndex step, const Outcome& outcome);
  Verdict judge(StepIndex step, const Outcome& outcome) const;
  std::string task_id(StepIndex step) const;

  bool takes_report(StepIndex step, std::uint32_t attempt, std::uint32_t look) const;
  bool is_in_doubt(StepIndex step) const;                    // and a host may tell what became of it
  bool hears_heartbeats() const { return heartbeats_; }
  Phase phase() const;
  bool superseded() const noexcept { return superseding_; }
  const std::string& successor() const noexcept { return successor_; }
  std::vector<StepIndex> unwanted() const;
  std::span<const StepIndex> adopted() const { return adopted_; }
  const std::map<std::string, Value, std::less<>>* outputs(StepIndex step) const;
  const LifeChange* life(StepIndex step) const;
  std::vector<Event> take_events() { return changes_.take(origin_); }

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

  struct LimitState {
    std::uint32_t threshold = 0, failed = 0, pardoned = 0;   // pardoned: failures that somebody has seen and gone on
    std::vector<StepIndex> steps;          // that are held when it has halted
    std::string_view name;
    std::vector<std::uint32_t> bad = {};   // by instance: steps of it that have failed
  };
  static constexpr std::uint32_t kNoLimit = 0xffffffff;
  struct LimitPlace {
    std::uint32_t group = kNoLimit, instance = 0;
    bool behind = false;                   // a hook after the instance: it runs though the group has halted
  };

  // machine.cpp: moving.
  bool move(StepIndex step, Signal signal);
  void note(StepIndex step, State from);
  void note_life(StepIndex step, const std::shared_ptr<const LifeChange>& life);
  void note_run(Event::About about, std::string_view message = "");
  void tell(Change change, std::string_view message = "");
  void drain();
  void close(StepIndex step);
  void meet(StepIndex step);                               // all that it needs has ended
  void prepare(StepIndex step);
  void finish(StepIndex step, Signal signal, const Verdict& verdict);
  void start_settling(StepIndex step, Signal signal, Time first_look);
  void settle(StepIndex step, const Verdict& verdict);
  void miss(StepIndex step, const Verdict& verdict);
  void try_later(StepIndex step, const Verdict& verdict);
  void doubt(StepIndex step, const Verdict& verdict);
  void judge_gate(StepIndex step, const Verdict& verdict, bool seen);
  void look_later(StepIndex step, const Verdict& verdict, Time at_most);
  void fail(StepIndex step, std::string message);
  void fail_late(StepIndex step, std::string message);      // its time is over
  void hold(StepIndex step, Hold why, std::string message);
  void land(StepIndex step);                               // in flight no more
  bool gives_up(StepIndex step) const { return (cancelling_ && !is_last(step)) || progress_[step].unwanted; }
  // What is under way: it comes to its own end where nothing new is begun (halt), and not where nobody wants it any more.
  bool breaks_off(StepIndex step) const { return (aborting_ && !is_last(step)) || progress_[step].unwanted; }
  bool goes_on(StepIndex step) const;                      // in a run that is given up
  void give_up_all();
  void act_on_failures();
  void act_on_roll_back();
  std::optional<Time> next_timer();
  RunResult result() const;
  void add_reasons(std::vector<std::string>& reasons) const;
  void add_given_up(std::vector<std::string>& reasons) const;
  void add_lanes_cut(std::vector<std::string>& reasons) const;

  // pace.cpp: when, and how many at a time.
  void wake(StepIndex step, Time due);
  void disarm(StepIndex step) { progress_[step].armed = false; }
  bool is_current(const std::pair<Time, StepIndex>& timer) const;
  void fire(StepIndex step);
  void limit(StepIndex step);                              // the time of an attempt
  void sign_of_life(StepIndex step);
  void time_out(StepIndex step);
  const HookRules* rules_of(StepIndex step) const { return facts_[step].hooked ? steps_[step].more->hook.get() : nullptr; }
  // What the application says of the step, else what holds for the run.
  Time pace_of(StepIndex step, std::optional<Time> Pace::*said, Time otherwise) const {
    const Pace* own = facts_[step].paced ? steps_[step].more->pace.get() : nullptr;
    return own && own->*said ? *(own->*said) : otherwise;
  }
  void stop_clocks();                                      // of what waits for its turn, while the run is paused
  void start_clocks();
  void adopt_pace();
  void index_pace();
  std::uint32_t attempts_of(StepIndex step) const;
  Time backoff_of(StepIndex step) const;                   // before the next attempt
  Time run_timeout_of(StepIndex step) const;
  Time healthy_for(StepIndex step) const { return pace_of(step, &Pace::healthy_for, options_.healthy_for); }
  Time fail_after(StepIndex step) const { return pace_of(step, &Pace::fail_after, options_.fail_after); }
  Time poll_of(StepIndex step) const { return std::max<Time>(pace_of(step, &Pace::poll, options_.poll), 1); }
  void index_pool(const Pool& pool);
  void index_pools();
  void put(StepIndex step);                                // to what is to do
  bool is_full(std::uint32_t pool) const;
  bool has_places(StepIndex step) const;
  void wait_for_a_place(StepIndex step);
  void pass_on(StepIndex step);
  void call_next(std::uint32_t pool);
  void take_places(StepIndex step);
  void free_places(StepIndex step);

  // hooks.cpp: hooks and lanes.
  bool is_core(StepIndex step) const { return facts_[step].lane == kCore; }
  bool is_last(StepIndex step) const { return facts_[step].last; }
  bool is_ignored(StepIndex step) const { return facts_[step].ignored; }
  bool is_left_out(StepIndex step, std::string& problem) const;
  bool is_called_for(StepIndex rescue) const;
  bool leaves_something(StepIndex hook, const HookRules& rules) const;
  bool holds(StepIndex step, std::string& problem) const;
  bool ends_badly(StepIndex step);
  void weigh_lane(StepIndex step, State from, State to);
  bool is_over(std::uint32_t lane) const;                    // the end of the run waits for it no longer
  void join_lanes();
  static std::string why_ended(const LaneJoin& lane);
  void end_lanes_due(Time due);
  void end_lane(std::uint32_t lane);
  std::optional<Time> lane_due() const;
  std::uint32_t lane_named(const std::string& name);         // in joins_
  void count_lanes();

  // instances.cpp: groups of instances that halt when too many have failed.
  bool is_halted(StepIndex step) const;                      // not begun, and its group has halted
  bool is_halted(const LimitState& group) const { return group.failed - group.pardoned >= group.threshold; }
  std::string halt_message(StepIndex step) const;
  void weigh_limit(StepIndex step, State from, State to);
  void halt_instances();
  bool has_halted() const;
  void release_instances();
  void index_limits();
  template <class Is>
  bool comes_before(StepIndex hook, const Is& is) const;
  template <class Is>
  bool comes_after(StepIndex hook, const Is& is) const;
  void index_limit(const InstanceLimit& limit);
  void count_limits();

  // command.cpp: decisions.
  bool may_react(const Decision& by, std::string_view step) const;   // once to an event, and not for ever
  void hear(const Decision& by, std::string_view step);
  bool may(StepIndex step, Command command) const;     // as it is held, whatever its state
  bool may_retry(StepIndex step) const;
  bool is_unbegun(StepIndex step) const;
  bool needs_word(StepIndex step) const { return (facts_[step].asks && !progress_[step].approved) || progress_[step].again; }
  bool carry_out(StepIndex step, Command command);
  void try_again(StepIndex step);
  bool begins_again(const User& user, bool after_begun);
  bool asks_for_roll_back(StepIndex step) const;
  void forget_roll_back(StepIndex step);                     // that it asked for
  void reopen(std::vector<StepIndex> roots);
  void count_open(StepIndex step);
  void weigh(StepIndex step);
  std::vector<StepIndex> look_again(StepIndex step);
  bool look_again_at(StepIndex from);
  std::vector<StepIndex> forgotten() const;
  bool lacks(StepIndex step) const;
  void wake_readers(StepIndex from);

  // flow.cpp: steps of the workflow.
  std::string_view flow_part(StepIndex step) const;
  boost::json::object flow_status(const FlowTask& asking) const;
  void count_flow(StepIndex step, FlowCount& count) const;
  boost::json::value flow_variables() const;
  bool feeds_flow(std::string_view output) const;
  void index_flow(const FlowTask& flow);
  void prepare_flow(StepIndex step);
  Program& load_program(StepIndex step);
  void skip_flow(StepIndex step);
  void await(StepIndex step);
  void wake_flow(StepIndex step);
  bool resume_flow(StepIndex step);
  ProgramTurn ask_program(StepIndex step, const Outcome& outcome) const;
  void take_turn(StepIndex step, const ProgramTurn& turn);
  void begin_waiting(StepIndex step);
  void pause(StepIndex step, const std::string& message);
  void revive_programs();
  bool is_program(StepIndex step) const { return facts_[step].program; }

  // ends.cpp: hooks of the end come behind all of their scope.
  void index_ends();
  std::span<const StepIndex> behind(StepIndex hook) const;   // what it comes behind through others alone
  bool is_under_way(StepIndex hook) const;
  bool may_have_been_done(StepIndex hook) const;
  bool repeat(StepIndex hook);
  void repeat_landed();

  // index.cpp: what the plan says, turned round.
  std::uint64_t number_of(StepIndex step, std::uint32_t attempt) const;   // any, always the same
  void index_steps();
  void index_users();
  void index_readers();
  template <class Item>
  std::span<const Item> own(const std::vector<Item>& all, StepIndex step, std::uint32_t Facts::* first) const {
    return std::span(all).subspan(facts_[step].*first, facts_[step + 1].*first - facts_[step].*first);
  }
  std::span<const User> users(StepIndex step) const { return own(users_, step, &Facts::first_user); }
  std::span<const Reader> readers(StepIndex from) const { return own(readers_, from, &Facts::first_reader); }   // of its outputs
  std::span<const Reader> inputs(StepIndex reader) const { return own(inputs_, reader, &Facts::first_input); }  // of a render
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
  std::string without_secrets(const std::string& text) const;

  Plan plan_;
  RunOptions options_;
  std::span<const Step> steps_;
  StepNames names_;
  std::vector<Facts> facts_;               // by step, and one that ends the last
  std::map<StepIndex, std::vector<StepIndex>> behind_;   // by hook of the end
  std::vector<User> users_;
  std::vector<Reader> readers_;            // by from
  std::vector<Reader> inputs_;             // the same by reader
  std::uint64_t seed_ = 0;                 // of the tokens
  std::vector<LaneJoin> joins_;            // by lane: the plan's, and those that it says nothing of

  mutable Secrets secrets_;                // that messages do not show
  mutable bool knows_secrets_ = false;     // those of the plan are among them

  Time now_ = 0;
  bool cancelling_ = false, aborting_ = false, paused_ = false, superseding_ = false;
  std::string successor_;                  // of a run that is superseded
  Time paused_since_ = 0;
  bool tripped_ = false;                   // `on_failure` has come to pass
  std::uint32_t core_failures_ = 0, retries_ = 0;
  std::vector<Progress> progress_;
  std::vector<std::uint32_t> open_;        // by step, while it waits: needs that have not ended
  std::array<std::size_t, kStates> count_{};
  std::size_t unended_ = 0;
  bool closed_ = false, core_closed_ = false;   // the end has been told
  std::size_t in_flight_ = 0;
  struct LaneState {
    std::size_t open = 0, good = 0;        // steps that have not ended, last hooks apart; that came to a good end
    bool taken_up = false;                 // it was over, and somebody tries a step of it again: it is waited for
  };
  std::vector<LaneState> lanes_;           // by lane
  std::size_t core_open_ = 0;              // steps of the core that have not ended, last hooks apart
  std::size_t core_bad_ = 0;               // failed and blocked ones
  bool cutting_ = false;                   // a lane is ended that has not: its steps say why
  std::optional<Time> core_end_;           // since when core_open_ is 0
  bool roll_back_ = false;                 // a hook asks for it
  std::vector<LimitState> limits_;         // groups of instances with an abort threshold
  std::vector<LimitPlace> limit_of_;       // by step; empty if there are none
  bool fresh_failures_ = false;            // of instances, not yet acted on
  using Place = std::uint64_t;             // the core first, then as in the plan
  using Places = std::priority_queue<Place, std::vector<Place>, std::greater<>>;
  Place place_of(StepIndex step) const;
  Places to_do_;
  std::vector<StepIndex> parked_;          // to do, but for the pause
  struct PoolState {
    std::uint32_t capacity = 0, used = 0;
    Places waiting;
  };
  std::vector<PoolState> pools_;
  std::vector<std::vector<std::uint32_t>> pools_of_;   // by step; empty if there are no pools
  bool heartbeats_ = false;                // some step may be given up for want of one
  using Timer = std::pair<Time, StepIndex>;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::vector<StepIndex> ended_;           // not yet told to their users
  std::vector<StepIndex> anew_;            // hooks of an end that comes once more, still under way
  std::map<StepIndex, std::string> messages_;
  std::map<StepIndex, std::map<std::string, Value, std::less<>>> outputs_;
  std::map<StepIndex, std::unique_ptr<Program>> programs_;
  std::set<std::string, std::less<>> flow_inputs_;
  std::map<StepIndex, std::shared_ptr<const LifeChange>> lives_;   // of their objects: the newest
  std::map<StepIndex, Value> rendered_;    // apply steps whose object the host made
  std::vector<StepIndex> adopted_;
  std::set<std::string, std::less<>> heard_, passed_;   // decisions, by actor and event: taken, and refused
  ChangeLog changes_;
  std::uint64_t input_ = 1;                // the record that events now belong to
  std::uint32_t told_ = 0;                 // events of it
  std::shared_ptr<const Event::Origin> origin_;
};

}  // namespace oam::detail
