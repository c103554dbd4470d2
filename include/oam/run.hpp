// Run: carries out a Plan without touching the world. Ask it what to do with
// next(); do it; tell it what happened with report(). It never blocks, reads no
// clock and starts no thread: the time is an argument, waiting is a returned Wait.
//
// What must be remembered is returned before what must be done: with `.journal`
// take_records() after next() and make them durable before performing the task;
// restore() then goes on from any prefix of them.
//
// Not thread-safe: use one Run from one thread at a time. Move-only. The tasks
// it hands out may be performed on many threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <oam/pace.hpp>
#include <oam/plan.hpp>
#include <oam/run_table.hpp>

namespace oam {

// What the plan says of the pace of its steps (Step::pace, Plan::pace()) wins over these.
struct RunOptions {
  std::string id = {};             // of this run, and of no other of its plan: tokens and the ids of events are made of it; empty: the plan's hash, shortened
  bool journal = false;            // keep records for take_records()
  std::uint32_t attempts = 3;      // of a step that asks for a retry
  Time backoff = 1'000;            // before the second attempt; doubles
  Time backoff_most = 60'000;
  Time poll = 1'000;               // between two looks at a gate; doubles up to backoff_most
  std::uint32_t parallel = 0;      // tasks at a time; 0: any number
  std::uint32_t jitter = 0;        // percent that a back-off may be longer; the same whenever it is replayed
  std::uint32_t retry_budget = 0;  // second and later attempts in the whole run; 0: any number
  Timeouts timeouts = {};
  Time healthy_for = 0;            // a gate must be met so long
  Time fail_after = 0;             // and bad so long before it fails the step
  std::uint32_t failures = 1;      // of the core before `on_failure` counts
  OnFailure on_failure = OnFailure::go_on;
  std::vector<Pool> pools = {};
  std::vector<std::string> approvals = {};   // ids of steps that are held until they are approved
  bool ignore_pace = false;        // what the plan says of its pace does not count
};

// Does the key of a pool name the step (docs/run.md)?
OAM_API bool fits_pool(std::string_view key, const Step& step);

// Do this now, then report. `action` is the step's, or "observe": say how the
// object now is (it was applied, and its gate is not yet met). A render task
// (one that had to wait for values) is answered with oam::render(task); its
// object is the work to do:
//
//   {"objects": [{"step": "web/apply/Deployment.apps/web",   // whose object it is
//                 "base": {…},                               // complete but for the fills
//                 "fills": [{"op": "add", "to": "/spec/host", "to_data": "", "value": "db:5432",
//                            "late": true, "input": "host"}]}]}
//
// and the outcome's `outputs` are the complete objects by step.
struct OAM_API Task {
  std::string run;
  std::string id;               // of this attempt: STEP#ATTEMPT; of a look STEP#ATTEMPT.LOOK
  std::string step;
  Step::Kind kind = Step::Kind::apply;
  std::string action;
  std::uint32_t attempt = 1;
  std::string token;            // stable over the attempts of one step in one run
  Time timeout = 0;             // milliseconds, after which the run gives the attempt up; 0: never
  Target target;
  Value object;                 // with every value filled in; null for a hook; of a
                                // render the bases, fills and values it works on
  std::shared_ptr<const StepChange> expects;   // what the plan found: a host may hold its write to it; null: nothing was observed

  std::string json() const;     // one line
};

// Nothing to do before `until`, or before a task in flight is reported. `until`
// is set whenever nothing is in flight.
struct Wait {
  std::optional<Time> until;
  std::size_t in_flight = 0;
};

enum class RunResult : std::uint8_t { succeeded, degraded, failed, cancelled, held, paused, superseded };

// The end; repeats for ever.
struct Done {
  bool ok = false;
  RunResult result = RunResult::failed;
  bool roll_back = false;             // a hook failed whose rule is rollback: run the inverse plan
  std::size_t succeeded = 0, failed = 0, blocked = 0, skipped = 0, cancelled = 0, held = 0;
  std::vector<std::string> reasons;   // a sentence for each root of a failure, in plan order
};

using Next = std::variant<Task, Wait, Done>;

// An object came to another state of its life (docs/lifecycle.md); a StateTracker sees it.
struct LifeChange {
  std::string life;           // the name of its state machine
  std::string from, to;       // states of it
  bool declared = true;       // the machine has this transition
};

// What happened to a task, as the host tells it.
struct OAM_API Outcome {
  enum class Result : std::uint8_t {
    succeeded, unchanged, retry, failed, conflict, not_found, exists, rejected, cancelled, unknown,
    progress,                 // a heartbeat: still at it
  };
  Result result = Result::succeeded;
  Value outputs;              // an object: values by name; wins over what `object` says
  Value object;               // as it now is; the gate is judged by it
  std::optional<bool> ready;  // the host's own word on the gate: wins over what `object` says
  bool degraded = false;      // of what is not ready: nor will it be by itself, so fail_after counts
  std::string revision;
  std::string message;
  std::optional<Time> retry_after;   // milliseconds from now: of a retry, or of the next look at a gate that is not met
  std::optional<LifeChange> life;    // of the object; becomes an event

  static Outcome succeeded(Value object = nullptr);
  static Outcome unchanged(Value object = nullptr);
  static Outcome retry(std::string message, std::optional<Time> after = {});
  static Outcome failed(std::string message);
  static Outcome cancelled(std::string message = "");
  static Outcome unknown(std::string message);

  // {"result", "outputs"?, "object"?, "ready"?, "degraded"?, "revision"?, "message"?, "retry_after"?,
  // "life"?: {"life", "from", "to", "declared"?}}
  static std::optional<Outcome> parse(std::string_view json, Diagnostics& problems);
  std::string json() const;
};

enum class Report : std::uint8_t { accepted, duplicate, late, unknown_task };

// A decision about a step; kTransitions says which state takes which.
enum class Command : std::uint8_t { retry, skip, accept, approve, cancel };
OAM_API std::string_view name_of(Command);
OAM_API std::optional<Command> command_named(std::string_view name);

// Who decided, and why; kept in the records. With an `event` the decision counts once for
// this actor, however often the event is delivered, and also if it found nothing to do.
struct Decision {
  std::string actor = {};
  std::string reason = {};
  std::string event = {};
  std::string successor = {};   // of supersede(): who takes over, in words of the host
};

// Something the run decided: that a step came to another state, or what became of the
// run; or that it was told: that the object of a step came to another state of its life. A CloudEvent. The same inputs give the same events, with the same ids, so what
// is delivered twice can be told.
class OAM_API Event {
 public:
  enum class About : std::uint8_t { step, opened, paused, resumed, cancelling, superseded, core_done, late, closed, object };
  About about = About::step;
  State from = State::waiting, state = State::waiting;   // of the step
  RunResult result = RunResult::succeeded;               // closed
  Time time = 0;
  std::uint64_t seq = 0;         // of the record it belongs to
  std::uint32_t number = 0;      // among the events of that record
  std::uint32_t attempt = 0;
  std::string message;
  std::shared_ptr<const LifeChange> life;                // object: what became of that of the step

  std::string id() const;                          // RUN/SEQ.NUMBER
  std::string source() const;                      // /oam/APPLICATION
  std::string_view type() const noexcept;          // dev.oam.step.succeeded, dev.oam.run.closed.failed
  std::string_view step() const noexcept;          // empty: about the run
  std::string_view lane() const noexcept;
  std::string_view cause() const noexcept;         // of a blocked step: the one whose failure began it

  // By the name that it has in CloudEvents: id, source, type, specversion, subject,
  // time, datacontenttype, and the extensions run, planhash, seq, attempt, lane, cause.
  // Nothing: the event does not have it.
  std::optional<std::string> attribute(std::string_view name) const;
  static std::span<const std::string_view> types() noexcept;        // every type that there is
  static std::span<const std::string_view> attributes() noexcept;   // every name; an event may lack some of them
  std::string json() const;      // CloudEvents 1.0, structured mode, one line
  std::string log() const;       // the same as a line of a log: {"time", "level", "msg", …}

  struct Origin;
  std::shared_ptr<const Origin> origin = {};       // for the library itself, as the next two
  std::uint32_t step_index = 0xffffffff, cause_index = 0xffffffff;
};

class OAM_API Run {
 public:
  explicit Run(Plan plan, RunOptions options = {});
  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;
  ~Run();

  Next next(Time now);
  Report report(std::string_view task, const Outcome& outcome, Time now);

  // Nothing new is handed out until resume(); what is in flight goes on. resume() also releases the
  // instances of groups that have come to their abort threshold. These three: false if the
  // phase of the run refuses it.
  bool pause(Time now, const Decision& by = {});
  bool resume(Time now, const Decision& by = {});
  // No new tasks; what is in flight is still to be reported.
  bool cancel(Time now, const Decision& by = {});
  // The same, because another plan takes over; see succeed(). A run that has ended may be superseded too.
  // Nothing is begun in it from then on, whatever is decided, and once it has ended nothing is decided.
  bool supersede(Time now, const Decision& by = {});
  // False if the state of the step refuses it; nothing has changed then.
  bool decide(std::string_view step, Command command, Time now, const Decision& by = {});

  const Plan& plan() const noexcept;
  std::string_view id() const noexcept;
  const RunOptions& options() const noexcept;           // as it was opened, with what the plan says of the pace of all
  Time now() const noexcept;                            // the newest time it was told
  std::uint64_t records() const noexcept;               // the number of the newest record
  Phase phase() const noexcept;
  bool superseded() const noexcept;
  std::string_view successor() const noexcept;          // who has taken over, if that was said
  State state(std::string_view step) const;             // REQUIRES: a step of the plan
  std::vector<std::string> held() const;                // steps that wait for a decision
  std::vector<std::string> halted() const;              // those of them whose group of instances has halted: resume() is one

  // By step: did a host do it, or may it have? Not what it has refused. What a roll-back undoes: inverse(plan, begun).
  std::vector<bool> begun() const;

  // The newest task of a step, a look at it apart; nothing if none was ever handed out.
  std::optional<Task> task(std::string_view step) const;

  // The newest change of state of the step's object that was reported; nothing: none was.
  std::optional<LifeChange> life(std::string_view step) const;

  // Tasks in flight whose outcome nobody waits for any more: a host may break them off
  // and report `cancelled`, or whatever became of them.
  std::vector<std::string> unwanted() const;

  // The task behind a step that is held in doubt. A host that can find out what became of it may
  // simply report it: succeeded (it was done), not_found (it was not: do it).
  std::optional<Task> in_doubt(std::string_view step) const;

  // JSON lines {seq, time, kind, payload, crc32c}: the inputs since the last call.
  std::vector<std::string> take_records();
  std::vector<Event> take_events();

  // A checkpoint: restore() from it needs only later records.
  std::string save() const;

  // The run of another plan that goes on where `old` stopped: a step that is the same in both,
  // with all it needs, and came to a good end there counts as done, with its outputs.
  // REQUIRES: `old` has nothing in flight
  static Run succeed(const Run& old, Plan plan, RunOptions options = {});

  // `checkpoint` may be empty, `records` too. A torn last record is dropped.
  // Refuses another plan's records, a gap, a wrong checksum. Tasks that were in
  // flight are taken for lost: they are handed out again, or held if their class
  // is `once`; that is an input too, so take_records() as ever. The options are
  // those of the opened run, but for `journal` and `parallel`.
  static std::optional<Run> restore(Plan plan, std::string_view checkpoint,
                                    std::span<const std::string> records, Time now,
                                    Diagnostics& problems, RunOptions options = {});

  struct Data;                        // for the library itself

 private:
  explicit Run(std::unique_ptr<Data>);
  std::unique_ptr<Data> data_;
};

// Does a render task: pure, needs nothing but the task.
OAM_API Outcome render(const Task& task);

OAM_API std::string_view name_of(Outcome::Result);
OAM_API std::string_view name_of(RunResult);

// Which command which state takes and where it leads, for steps and for whole runs:
// {"steps": [{"state", "end", "commands": {COMMAND: STATE}}], "runs": [{"phase", "commands": {COMMAND: PHASE}}]}
OAM_API std::string command_table();

}  // namespace oam
