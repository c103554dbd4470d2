// Exec: a host that starts a program for each task. It gets the Task as JSON on
// its standard input and writes an Outcome as JSON to its standard output; its
// standard error is ours. No shell is involved.
//
// perform() may be called from many threads at a time.
#pragma once

#include <string>

#include <oam/run.hpp>

namespace oam::hosts {

class OAM_API Exec {
 public:
  struct Options {
    Time timeout = 600'000;            // after that the program is killed: retry
    std::size_t output = 16u << 20;    // bytes of standard output: more is a failure
  };

  // A path, or a name that is looked up on PATH.
  explicit Exec(std::string program);
  Exec(std::string program, Options options);

  Outcome perform(const Task& task);

  Time now() const;                    // a steady clock
  void sleep_until(Time until);

 private:
  std::string program_;
  Options options_;
};

}  // namespace oam::hosts
