// Where the events of a run go: files, programs, and back into the run.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <oam/subscription.hpp>

#include "command.hpp"

namespace oam::cli {

// A file with a line for each event, once, however often the run is resumed.
class EventFile {
 public:
  EventFile() = default;
  // `key`: where a line has the id of its event. A torn last line is cut off; what holds anything but such lines is refused.
  EventFile(std::string path, std::string_view key, Diagnostics& problems);

  const std::string& path() const noexcept { return path_; }
  bool tells(const std::string& id) { return !path_.empty() && told_.insert(id).second; }   // not yet

 private:
  std::string path_;                     // empty: nobody asked for it
  std::set<std::string> told_;           // ids that stand in it
};

// Events are appended to files. Subscriptions with a sink exec:PROGRAM get one on the program's standard
// input, file:FILE appends it; oam:… is a command to the run.
class EventFiles {
 public:
  static std::optional<EventFiles> open(Command& command, const Plan& plan);   // nothing: told
  bool take(Run& run, const std::vector<Event>& events, Time now);   // true: the run was made to do something
  bool decides() const;   // does an event decide anything of the run?
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  void append(const std::string& path, const std::string& line);
  void deliver(const Subscription& subscription, const Event& event);

  EventFile events_, log_;
  std::vector<Subscription> subscriptions_;
  std::string trouble_;
};

}  // namespace oam::cli
