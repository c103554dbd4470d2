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
  bool holds(const std::string& run) const {
    const auto first = told_.lower_bound(run + '/');
    return first != told_.end() && first->starts_with(run + '/');
  }
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
  std::string unused(const std::string& run) const;   // that id, or with a number behind it the first that no event in the files has
  bool complain() const;   // names each sink that has failed, with its first trouble; true: there was one

 private:
  struct Trouble {
    std::string sink, why;
  };
  void fail(const std::string& sink, const std::string& why);
  void append(const std::string& sink, const std::string& path, const std::string& line);
  void deliver(const Subscription& subscription, const Event& event);

  EventFile events_, log_;
  std::vector<Subscription> subscriptions_;
  std::vector<Trouble> troubles_;   // the first of each sink
};

}  // namespace oam::cli
