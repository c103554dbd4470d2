// A made-up world that a Run is driven in, and the loop that does it. Time passes
// only when everybody waits; answers come in the order of their times.
#pragma once

#include <oam/simulate.hpp>

#include "run/step_names.hpp"
#include "support/problems.hpp"

namespace oam::detail {

// Says that the plan has no such step, and which is near.
void tell_unknown_step(const Plan& plan, std::string_view step, Problems& problems);

// What has been done in the world. It is copied for each crash.
struct Effects {
  std::vector<std::uint32_t> times;    // by step: how often its effect happened
  std::vector<Time> since;             // the first time
  std::vector<std::uint32_t> heard;    // faults that the run has heard of
  std::vector<Value> objects;          // as applied last
};

class World {
 public:
  World(const Plan& plan, const SimulateOptions& options);
  bool check(Diagnostics& problems) const;    // every fault is of a step

  Time takes(StepIndex step, const Task& task) const;
  void perform(StepIndex step, const Task& task, Time now);         // the effect, if there is to be one
  Outcome answer(StepIndex step, const Task& task, Time now);       // after perform()
  Outcome look(StepIndex step, Time now) const;                     // into a step in doubt

  const Plan& plan() const noexcept { return scene_->plan; }
  const StepNames& names() const noexcept { return scene_->names; }
  Effects effects;

 private:
  const Fault* fault(StepIndex step) const;   // null: none
  bool goes_wrong(StepIndex step) const;
  bool stalls(StepIndex step) const;
  Outcome as_it_is(StepIndex step, Time now) const;

  // What does not change.
  struct Scene {
    Scene(const Plan& plan, const SimulateOptions& options);
    Plan plan;
    StepNames names;
    std::vector<Duration> durations;
    std::vector<Fault> faults;
    std::vector<std::uint32_t> fault;  // by step, an index into them; kNone: it goes well
  };
  std::shared_ptr<const Scene> scene_;
};

// Of a step that is under way when a simulation ends.
constexpr std::string_view kNeverAnswered = "waits for an answer that never comes in a simulation";

// A task that was handed out.
struct Flight {
  Time until = 0;
  std::uint64_t number = 0;            // ties in the order in which they were handed out
  StepIndex step = 0;
  Task task;
};

class Drive {
 public:
  Drive(Run& run, World& world, Time now) : run_(run), world_(world), now_(now) {}

  // One question to the run, or one answer to it. False at the end.
  bool step();
  Time now() const noexcept { return now_; }
  const Done& done() const noexcept { return done_; }
  std::size_t peak() const noexcept { return peak_; }
  std::uint64_t asked() const noexcept { return asked_; }   // looks into steps in doubt

  // Of the newest step().
  StepIndex handed_out() const noexcept { return handed_out_; }   // kNone: nothing was
  StepIndex answered() const noexcept { return answered_; }

 private:
  bool ask();
  bool answer();
  bool look_into_held();
  bool is_stuck();
  bool asks_for_ever(StepIndex step) const;
  Done as_it_stands() const;

  Run& run_;
  World& world_;
  Time now_;
  std::uint64_t count_ = 0, asked_ = 0;
  std::size_t peak_ = 0;
  StepIndex handed_out_ = Node::kNone, answered_ = Node::kNone;
  std::vector<Flight> flights_;        // a heap, the first to be answered in front
  bool asking_ = true;                 // the run may have more to do
  bool doubt_ = true;                  // steps may be in doubt that nobody has looked into: first of all those of a run that was broken off
  std::optional<Time> wake_;
  std::size_t quiet_ = 0;              // answers and waits since an attempt was handed out or the states were noted
  std::vector<State> noted_;
  Done done_;
};

}  // namespace oam::detail
