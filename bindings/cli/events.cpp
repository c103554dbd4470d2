#include "events.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

namespace oam::cli {
namespace {

// Ids of the events in a file; a torn last line of them is cut off. What holds anything else is left alone.
std::set<std::string> ids_in(const std::string& path, Diagnostics& problems) {
  std::set<std::string> ids;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  off_t whole = 0;
  for (std::uint32_t number = 1; std::getline(file, line); ++number) {
    Diagnostics ignored;
    const auto event = parse_json(line, ignored);
    const bool torn = file.eof();
    if (torn ? !line.starts_with('{') : !event || !event->is_object()) {
      refuse("file-unreadable", '"' + path + "\" is no file of events: line " + std::to_string(number) + " is none", "events are appended to a file of their own", problems);
      return ids;
    }
    if (torn) break;
    whole += static_cast<off_t>(line.size()) + 1;
    if (const auto* id = event->get_object().if_contains("id"); id && id->is_string()) ids.emplace(id->get_string());
  }
  if (file.eof() && !line.empty() && truncate(path.c_str(), whole) != 0) std::perror(path.c_str());
  return ids;
}

// The program reads one event from its standard input. False: it could not be told.
bool give(const std::string& program, const std::string& text) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    dup2(ends[0], STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);   // standard output is the run's own
    close(ends[0]);
    close(ends[1]);
    execlp(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[0]);
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = write(ends[1], text.data() + at, text.size() - at);
    if (n <= 0) break;   // it does not read: what it does says the rest
    at += static_cast<std::size_t>(n);
  }
  close(ends[1]);
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Of what this program serves, and of steps that the plan has; one that is to be turned round has others.
void check(const Subscription& given, const Plan& plan, Command& command) {
  const auto wrong = [&](std::string_view code, const std::string& message, std::string hint) {
    refuse(code, "subscription " + given.id + ": " + message, std::move(hint), command.problems);
  };
  const bool commands = given.sink.starts_with("oam:");
  if (!commands && !given.sink.starts_with("exec:") && !given.sink.starts_with("file:"))
    wrong("subscription-malformed", "nobody serves the sink \"" + given.sink + '"', "exec:PROGRAM, file:FILE or oam:COMMAND");
  const auto step = given.config.find("step");
  if (commands && step != given.config.end() && !command.flags.roll_back && !plan.find(step->second))
    wrong("unknown-step", "the plan has no step \"" + step->second + '"', "oam plan lists the steps");
}

}  // namespace

std::optional<EventFiles> EventFiles::open(Command& command, const Plan& plan) {
  EventFiles files;
  files.events_ = command.flags.events;
  files.log_ = command.flags.log;
  std::vector<Source> sources;
  for (const std::string& path : command.flags.subscribe)
    for (Source& source : hosts::read_files(path, command.problems)) sources.push_back(std::move(source));
  if (command.problems.has_errors()) return std::nullopt;
  if (!sources.empty()) {
    auto subscriptions = Subscription::parse(sources, command.problems);
    if (!subscriptions) return std::nullopt;
    files.subscriptions_ = std::move(*subscriptions);
    for (const Subscription& each : files.subscriptions_) check(each, plan, command);
  }
  if (!files.events_.empty()) files.told_ = ids_in(files.events_, command.problems);
  return files;
}

void EventFiles::append(const std::string& path, const std::string& line) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << line << '\n';
  if (!file.flush() && trouble_.empty()) trouble_ = "\"" + path + "\" cannot be written";
}

void EventFiles::deliver(const Subscription& subscription, const Event& event) {
  const std::string& sink = subscription.sink;
  if (sink.starts_with("file:")) append(sink.substr(5), event.json());
  else if (sink.starts_with("exec:") && !give(sink.substr(5), event.json() + '\n') && trouble_.empty())
    trouble_ = "subscription " + subscription.id + ": " + sink.substr(5) + " did not take event " + event.id();
}

bool EventFiles::take(Run& run, const std::vector<Event>& events, Time now) {
  for (const Event& event : events) {
    if (!log_.empty()) append(log_, event.log());
    if (!events_.empty() && told_.insert(event.id()).second) append(events_, event.json());
    for (const Subscription& subscription : subscriptions_)
      if (subscription.wants(event)) deliver(subscription, event);
  }
  return react(run, subscriptions_, events, now) > 0;
}

}  // namespace oam::cli
