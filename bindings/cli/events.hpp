// Where the events of a run go: files, programs, and back into the run.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <oam/subscription.hpp>

#include "command.hpp"

namespace oam::cli {

// Events are appended to files, those of --events each once, however often the run is
// resumed. Subscriptions with a sink exec:PROGRAM get one on the program's standard
// input, file:FILE appends it; oam:… is a command to the run.
class EventFiles {
 public:
  static std::optional<EventFiles> open(Command& command, const Plan& plan);   // nothing: told
  bool take(Run& run, const std::vector<Event>& events, Time now);   // true: the run was made to do something
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  void append(const std::string& path, const std::string& line);
  void deliver(const Subscription& subscription, const Event& event);

  std::string events_, log_;
  std::set<std::string> told_;           // ids that stand in the file
  std::vector<Subscription> subscriptions_;
  std::string trouble_;
};

}  // namespace oam::cli
