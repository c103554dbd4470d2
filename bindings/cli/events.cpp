#include "events.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

#include "sink.hpp"
#include "support/duration.hpp"
#include "support/spell.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {

constexpr std::string_view kExec = "exec:", kFile = "file:", kOam = "oam:";
constexpr auto kExecFields = std::to_array<std::string_view>({"timeout"});   // of its config

// How long the program of a sink may take for one event. Nothing: what is said is no such time.
std::optional<Time> limit_of(const Subscription& subscription) {
  constexpr Time kLimit = 10'000;
  const auto said = subscription.config.find("timeout");
  if (said == subscription.config.end()) return kLimit;
  const auto time = detail::parse_duration(said->second);
  return time && *time > 0 ? time : std::nullopt;
}

// What is wrong with the subscriptions, for this program and for the plan.
class Checker {
 public:
  Checker(const Plan& plan, Command& command) : plan_(plan), command_(command) {}

  void check(const Subscription& given) {
    const std::string_view sink = given.sink;
    if (sink.starts_with(kOam)) return check_step(given);
    if (!sink.starts_with(kExec) && !sink.starts_with(kFile)) return wrong(given, "nobody serves the sink \"" + given.sink + '"', "exec:PROGRAM, file:FILE or oam:COMMAND");
    if (sink == kExec || sink == kFile) wrong(given, "the sink \"" + given.sink + "\" names nothing", sink == kExec ? "exec:PROGRAM" : "file:FILE");
    check_config(given, sink.starts_with(kExec) ? std::span<const std::string_view>(kExecFields) : std::span<const std::string_view>());
  }

 private:
  void wrong(const Subscription& given, const std::string& message, std::string hint, std::string_view code = "subscription-malformed") {
    refuse(code, "subscription " + given.id + ": " + message, std::move(hint), command_.problems);
  }

  // A plan that is to be turned round has other steps.
  void check_step(const Subscription& given) {
    const auto step = given.config.find("step");
    if (step != given.config.end() && !command_.flags.roll_back && !plan_.find(step->second))
      wrong(given, "the plan has no step \"" + step->second + '"', "oam plan lists the steps", "unknown-step");
  }

  void check_config(const Subscription& given, std::span<const std::string_view> known) {
    for (const auto& [name, ignored] : given.config)
      if (std::ranges::find(known, name) == known.end())
        wrong(given, "the config of the sink \"" + given.sink + "\" has no field \"" + name + '"', detail::did_you_mean(name, known));
    if (!known.empty() && !limit_of(given)) wrong(given, '"' + given.config.at("timeout") + "\" is no time that a program may take", "such as 30s, 2m or 500ms");
  }

  const Plan& plan_;
  Command& command_;
};

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
    Checker checker(plan, command);
    for (const Subscription& each : files.subscriptions_) checker.check(each);
  }
  files.events_ = EventFile(command.flags.events, "id", command.problems);
  files.log_ = EventFile(command.flags.log, "event", command.problems);
  return files;
}

std::string EventFiles::unused(const std::string& run) const {
  std::string id = run;
  for (std::size_t number = 2; events_.holds(id) || log_.holds(id); ++number) id = run + '.' + std::to_string(number);
  return id;
}

void EventFiles::fail(const std::string& sink, const std::string& why) {
  if (std::ranges::find(troubles_, sink, &Trouble::sink) == troubles_.end()) troubles_.push_back({sink, why});
}

void EventFiles::append(const std::string& sink, const std::string& path, const std::string& line) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << line << '\n';
  if (!file.flush()) fail(sink, '"' + path + "\" cannot be written");
}

void EventFiles::deliver(const Subscription& subscription, const Event& event) {
  const std::string_view sink = subscription.sink;
  const std::string name = "subscription " + subscription.id;
  if (sink.starts_with(kFile)) append(name, std::string(sink.substr(kFile.size())), event.json());
  if (!sink.starts_with(kExec)) return;
  const std::string program(sink.substr(kExec.size()));
  const std::string why = give(program, event.json() + '\n', limit_of(subscription).value());
  if (!why.empty()) fail(name, program + " did not take event " + event.id() + ": " + why);
}

bool EventFiles::complain() const {
  for (const Trouble& each : troubles_) std::cerr << "oam: " << detail::visible(each.sink + ": " + each.why) << '\n';
  return !troubles_.empty();
}

bool EventFiles::decides() const {
  return std::ranges::any_of(subscriptions_, [](const Subscription& each) { return each.sink.starts_with(kOam); });
}

bool EventFiles::take(Run& run, const std::vector<Event>& events, Time now) {
  for (const Event& event : events) {
    if (log_.tells(event.id())) append("--log", log_.path(), event.log());
    if (events_.tells(event.id())) append("--events", events_.path(), event.json());
    for (const Subscription& subscription : subscriptions_)
      if (subscription.wants(event)) deliver(subscription, event);
  }
  return react(run, subscriptions_, events, now) > 0;
}

}  // namespace oam::cli
