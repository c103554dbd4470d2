// Exec: a host that starts a program for each task. It gets the Task as JSON on
// its standard input and writes an Outcome as JSON to its standard output; what it
// writes to its standard error is passed on, and its end becomes the message of an
// outcome that went wrong without one. No shell is involved.
//
// perform() may be called from many threads at a time.
#pragma once

#include <string>
#include <utility>

#include <oam/run.hpp>

namespace oam::hosts {

class OAM_API Exec {
 public:
  static constexpr bool silent = true;   // a program says nothing before its outcome, see SilentHost

  struct Options {
    Time timeout = 600'000;            // after that, or after Task::timeout, the program is killed, and all it started: unknown
    std::size_t output = 16u << 20;    // bytes of standard output: more is a failure
    bool probe = false;                // the program answers tasks whose action is "probe"
  };

  // A path, or a name that is looked up on PATH.
  explicit Exec(std::string program);
  Exec(std::string program, Options options);

  Outcome perform(const Task& task);
  // The same task with the action "probe": what became of it? Without Options::probe
  // nobody is asked: unknown, as if the program gives no outcome.
  Outcome probe(const Task& task);

  Time now() const;                    // since 1970; steady while the host lives
  void sleep_until(Time until);

 private:
  std::pair<Outcome, bool> ask(const Task& task);   // whether the program itself said it

  std::string program_;
  Options options_;
  Time offset_;                        // from the steady clock to 1970
};

}  // namespace oam::hosts
