// Memory: a host that is a small fake cluster. Objects are kept by group, kind,
// namespace and name and merged as a cluster would; they get a uid, revisions and
// generations; workloads become ready little by little in a time of its own,
// which passes with each task and each sleep; faults can be injected. It is its
// own Clock.
//
// Thread-safe. One that has been moved from is good for nothing.
#pragma once

#include <memory>
#include <string>

#include <oam/observed.hpp>
#include <oam/run.hpp>

namespace oam::hosts {

// What an object shows of itself once it has been as it is for so long.
struct Shown {
  std::string object;       // KIND[.GROUP]/NAME, as in the ids of steps
  std::string namespace_;   // empty: in any
  Time after = 0;           // since it was applied anew
  Value status;             // the whole of it; an observedGeneration is added where it has none
};

class OAM_API Memory {
 public:
  struct Options {
    Time ready_after = 2'000;    // from apply to ready, for kinds that have a status
    Time task_takes = 100;       // how far the clock moves with each task
  };

  Memory();
  explicit Memory(Options options);
  Memory(Memory&&) noexcept;
  Memory& operator=(Memory&&) noexcept;
  ~Memory();

  // Actions: "delete", "observe"; all others apply the object. A hook succeeds; one that
  // asks for kube/apply, read, list or delete is answered from the objects. A render task
  // is answered with oam::render().
  Outcome perform(const Task& task);
  Observed observe() const;

  // The object is there, applied at `since`: from before the host began. Where an annotation
  // says what was applied (as Observed::applied() reads it), the rest is of others and stays.
  void adopt(const Value& object, Time since);

  Time now() const noexcept;
  void sleep_until(Time until);

  // Of an object that is shown anything this takes the place of what its kind would show: of those whose
  // time has come the latest. One whose first time has not come shows no status.
  void show(Shown shown);

  // Faults. The next `times` tasks of this step come to `outcome`, and nothing is
  // applied.
  void fail(std::string step, Outcome outcome, int times = 1);
  // What this step applies never becomes ready.
  void stall(std::string step);
  // The step succeeds, but the host says nothing about the object: no outputs.
  void mute(std::string step);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace oam::hosts
