// StateTracker: follows the objects of a plan through the life cycles that their
// definitions declare, as a host observes them. It says of each outcome whether the
// object is complete, so that a run's gate waits for the state that the definition means;
// and a change that the life cycle does not declare fails the step that saw it.
//
//   tracker.resume(run);                   // of a run that was restored: where its objects were
//   oam::Tracked host(my_host, tracker);   // drive(run, host, …) as with my_host itself
//
// Objects whose definition declares no states are left alone. One thread at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <oam/drive.hpp>
#include <oam/model.hpp>
#include <oam/run.hpp>

namespace oam {

struct StateChange {
  std::string step;
  std::string from, to;    // names of states
  bool declared = true;    // the life cycle knows this transition
};

class OAM_API StateTracker {
 public:
  StateTracker();   // follows nothing
  explicit StateTracker(const Plan& plan);     // the objects that it applies, by step; what it deletes is left alone
  explicit StateTracker(const Model& model);   // likewise, where there is no plan: by name
  StateTracker(StateTracker&&) noexcept;
  StateTracker& operator=(StateTracker&&) noexcept;
  ~StateTracker();

  // Goes on with the states that the records of a run that was restored tell of.
  void resume(const Run& run);

  // What the object that the host returned shows. The first look at an object that is not
  // created just now may find it in any state.
  void look(const Task& task, Outcome& outcome);
  std::vector<StateChange> take_changes();

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

// A host whose outcomes a tracker sees first. It may be asked from many threads if `H` may.
template <Host H>
class Tracked {
 public:
  static constexpr bool silent = SilentHost<H>;

  Tracked(H& host, StateTracker& tracker) : host_(host), tracker_(tracker) {}

  Outcome perform(const Task& task) { return seen(task, host_.perform(task)); }
  Outcome observe(const Task& task)
    requires ObservingHost<H>
  {
    return seen(task, host_.observe(task));
  }
  Outcome probe(const Task& task)
    requires ProbingHost<H>
  {
    return host_.probe(task);
  }

 private:
  Outcome seen(const Task& task, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    tracker_.look(task, outcome);
    return outcome;
  }

  H& host_;
  StateTracker& tracker_;
  std::mutex mutex_;
};

}  // namespace oam
