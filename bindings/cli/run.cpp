#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <type_traits>

#include <oam/drive.hpp>
#include <oam/hosts/exec.hpp>
#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>

#include "command.hpp"

namespace oam::cli {
namespace {

std::atomic<bool> interrupted = false;
constexpr std::uint32_t kMany = 64;   // programs at a time, where any number may run

// One asks the run to end; another, a moment later, ends the program: `timeout`
// and its like send the same one twice.
void on_interrupt(int) {
  static std::time_t first = 0;
  if (interrupted.exchange(true) && std::time(nullptr) > first + 1) std::_Exit(kFailed);
  if (first == 0) first = std::time(nullptr);
}

// 00:02.4
std::string clock_text(Time since) {
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld.%lld", static_cast<long long>(since / 60'000),
                static_cast<long long>(since / 1'000 % 60), static_cast<long long>(since / 100 % 10));
  return text;
}

// What a program says may hold anything: a line stays a line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

// Tells what the run decided: one line a change.
class Teller {
 public:
  Teller(bool json, Time start) : json_(json), start_(start) {}

  void tell(const std::vector<Event>& events) const {
    for (const Event& e : events) {
      if (json_ || e.step.empty()) continue;
      std::string line = clock_text(e.time - start_) + "  " + e.step;
      line.append(line.size() < 46 ? 46 - line.size() : 1, ' ').append(e.type.substr(e.type.rfind('.') + 1));
      if (e.attempt > 1) line += "   attempt " + std::to_string(e.attempt);
      if (!e.message.empty()) line += "   " + one_line(e.message);
      std::cout << line << '\n';
    }
    std::cout.flush();
  }

 private:
  bool json_;
  Time start_;
};

// The host's clock, awake soon after an interrupt; it is asked before each task,
// so a run that is interrupted starts no more.
template <class AnyHost>
class Alarm {
 public:
  Alarm(Run& run, AnyHost& host) : run_(run), host_(host) {}

  Time now() {
    if (interrupted && !std::exchange(cancelled_, true)) run_.cancel(host_.now());
    return host_.now();
  }
  void sleep_until(Time until) {
    constexpr Time kSlice = 200;
    host_.sleep_until(cancelled_ ? until : std::min(until, host_.now() + kSlice));
  }

 private:
  Run& run_;
  AnyHost& host_;
  bool cancelled_ = false;
};

template <class AnyHost>
Done carry_out(Run& run, AnyHost& host, const Teller& teller, std::uint32_t parallel) {
  Alarm clock(run, host);
  Done done = drive(run, host, clock, {parallel}, [&](const std::vector<std::string>&) { teller.tell(run.take_events()); });
  teller.tell(run.take_events());
  return done;
}

std::string counts(const Done& done) {
  std::string out;
  const auto add = [&](std::size_t n, std::string_view what) {
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + ' ' + std::string(what);
  };
  add(done.succeeded, "succeeded");
  add(done.failed, "failed");
  add(done.blocked, "blocked");
  add(done.skipped, "skipped");
  add(done.cancelled, "cancelled");
  add(done.held, "held");
  return out;
}

void summarize(const Run& run, const Done& done, Time took, bool json) {
  if (json) {
    boost::json::object out{{"run", run.id()}, {"plan", run.plan().hash()}, {"ok", done.ok}, {"result", name_of(done.result)},
                            {"succeeded", done.succeeded}, {"failed", done.failed}, {"blocked", done.blocked},
                            {"skipped", done.skipped}, {"cancelled", done.cancelled}, {"held", done.held}, {"milliseconds", took}};
    boost::json::object states;
    for (const Step& s : run.plan().steps()) states[s.id] = name_of(run.state(s.id));
    out["steps"] = std::move(states);
    out["reasons"] = boost::json::array(done.reasons.begin(), done.reasons.end());
    std::cout << oam::dump(out, Format::json) << '\n';
    return;
  }
  std::cout << '\n' << run.plan().application() << ' ' << name_of(done.result) << ": " << run.plan().steps().size() << " steps, "
            << counts(done) << "; took " << clock_text(took) << '\n';
}

template <class AnyHost>
int run_on(AnyHost host, const Plan& plan, Command& command) {
  RunOptions options;
  options.id = std::string(plan.application()) + '-' + std::string(plan.hash().substr(0, 8));
  options.parallel = command.flags.parallel;
  Run run(plan, options);
  const Time start = host.now();
  const bool many = std::is_same_v<AnyHost, hosts::Exec>;   // the clock of the cluster in memory goes by turns
  const std::uint32_t wanted = command.flags.parallel == 0 ? kMany : command.flags.parallel;
  const Done done = carry_out(run, host, Teller(command.json(), start), many ? std::min(wanted, kMany) : 1);
  summarize(run, done, host.now() - start, command.json());
  for (const std::string& reason : done.reasons) std::cerr << "oam: " << one_line(reason) << '\n';
  for (const std::string& step : run.held()) std::cerr << "held: " << step << '\n';
  return command.finish(done.ok);
}

}  // namespace

int run(Command& command) {
  const std::string& host = command.flags.host;
  const bool exec = host.starts_with("exec:");
  if (host != "memory" && (!exec || host.size() == 5)) {
    std::cerr << "oam: there is no host \"" << host << "\": memory, or exec:PROGRAM\n";
    return kWrongCall;
  }
  const auto plan = command.plan();
  if (!plan) return command.finish(false);
  std::signal(SIGINT, on_interrupt);
  return exec ? run_on(hosts::Exec(host.substr(5)), *plan, command) : run_on(hosts::Memory(hosts::Memory::Options()), *plan, command);
}

}  // namespace oam::cli
