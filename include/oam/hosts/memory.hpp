// Memory: a host that is a small fake cluster. Objects are kept by group, kind,
// namespace and name; they get revisions; workloads become ready after a while of
// its own, virtual time; faults can be injected. It is its own Clock.
//
// Not thread-safe, but for perform().
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <oam/observed.hpp>
#include <oam/run.hpp>

namespace oam::hosts {

class OAM_API Memory {
 public:
  struct Options {
    Time ready_after = 2'000;    // from apply to ready, for kinds that have a status
    Time task_takes = 100;       // how far the clock moves with each task
  };

  Memory();
  explicit Memory(Options options);

  Outcome perform(const Task& task);
  Observed observe() const;

  Time now() const noexcept { return now_; }
  void sleep_until(Time until) { now_ = until > now_ ? until : now_ + 1; }

  // The next `times` tasks of this step come to `outcome`.
  void fail(std::string step, Outcome outcome, int times = 1);
  // Objects applied by this step never become ready.
  void stall(std::string step);

 private:
  struct Object {
    Value value;              // as it was applied last
    Time applied = 0;
    std::int64_t revision = 0;
    bool stalled = false;
  };
  struct Fault {
    Outcome outcome;
    int times = 0;
  };

  Outcome apply(const Task& task);
  Value as_it_is(const Object& object, std::size_t number) const;

  Options options_;
  mutable std::mutex mutex_;
  Time now_ = 0;
  std::int64_t revision_ = 0;
  std::map<std::string, Object> objects_;
  std::map<std::string, Fault> faults_;
  std::map<std::string, bool> stalls_;
};

}  // namespace oam::hosts
