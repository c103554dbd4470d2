#include "events.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

namespace oam::cli {
namespace {

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

EventFile::EventFile(std::string path, std::string_view key, Diagnostics& problems) : path_(std::move(path)) {
  if (!std::filesystem::is_regular_file(path_)) return;   // new, or a stream
  std::ifstream file(path_, std::ios::binary);
  std::string line;
  off_t whole = 0;
  for (std::uint32_t number = 1; std::getline(file, line); ++number) {
    Diagnostics ignored;
    const auto event = parse_json(line, ignored);
    const bool torn = file.eof();
    const auto* id = event && event->is_object() ? event->get_object().if_contains(key) : nullptr;
    if (torn ? !line.starts_with('{') : !id || !id->is_string()) {
      refuse("file-unreadable", '"' + path_ + "\" is no file of events: line " + std::to_string(number) + " is none", "events and logs are appended to files of their own", problems);
      return;
    }
    if (torn) break;
    whole += static_cast<off_t>(line.size()) + 1;
    told_.emplace(id->get_string());
  }
  if (file.eof() && !line.empty() && truncate(path_.c_str(), whole) != 0) std::perror(path_.c_str());
}

std::optional<EventFiles> EventFiles::open(Command& command, const Plan& plan) {
  EventFiles files;
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
  files.events_ = EventFile(command.flags.events, "id", command.problems);
  files.log_ = EventFile(command.flags.log, "event", command.problems);
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

bool EventFiles::decides() const {
  return std::ranges::any_of(subscriptions_, [](const Subscription& each) { return each.sink.starts_with("oam:"); });
}

bool EventFiles::take(Run& run, const std::vector<Event>& events, Time now) {
  for (const Event& event : events) {
    if (log_.tells(event.id())) append(log_.path(), event.log());
    if (events_.tells(event.id())) append(events_.path(), event.json());
    for (const Subscription& subscription : subscriptions_)
      if (subscription.wants(event)) deliver(subscription, event);
  }
  return react(run, subscriptions_, events, now) > 0;
}

}  // namespace oam::cli
