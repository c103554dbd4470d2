// For tests of programs that embed liboam: a clock that costs no time, a host
// that does as it is told and remembers what it was asked, and trace(), a whole
// run as text that reads like a story. No test framework in it.
//
// Not thread-safe, but for FakeHost::perform().
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/drive.hpp>

namespace oam::testing {

// Time that passes when somebody sleeps.
class VirtualClock {
 public:
  explicit VirtualClock(Time start = 0) : now_(start) {}
  Time now() const { return now_; }
  void sleep_until(Time until) { now_ = until > now_ ? until : now_ + 1; }

 private:
  Time now_;
};

// Answers each step with the outcomes scripted for it, in turn; then, and for
// steps without a script, with `otherwise`.
class FakeHost {
 public:
  FakeHost& script(std::string step, Outcome outcome) {
    scripts_[std::move(step)].push_back(std::move(outcome));
    return *this;
  }
  FakeHost& otherwise(Outcome outcome) {
    otherwise_ = std::move(outcome);
    return *this;
  }

  Outcome perform(const Task& task) {
    const std::lock_guard lock(mutex_);
    performed_.push_back(task.step);
    const auto found = scripts_.find(task.step);
    if (found == scripts_.end() || found->second.empty()) return otherwise_;
    Outcome outcome = std::move(found->second.front());
    found->second.pop_front();
    return outcome;
  }

  // The steps in the order in which they were asked for, repeats included.
  const std::vector<std::string>& performed() const { return performed_; }

  // How often a step was asked for.
  std::size_t count(std::string_view step) const {
    std::size_t n = 0;
    for (const std::string& name : performed_) n += name == step;
    return n;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::deque<Outcome>> scripts_;
  Outcome otherwise_ = Outcome::succeeded();
  std::vector<std::string> performed_;
};

// Drives the run to its end; one line for each thing that happened:
//
//      0ms  start   db/apply/Service/db  try 1
//      0ms  report  db/apply/Service/db  succeeded
//      0ms  done    succeeded
template <Host H>
std::string trace(Run& run, H& host, VirtualClock clock = VirtualClock()) {
  std::string out;
  const auto line = [&](std::string_view what, const std::string& rest) {
    const std::string time = std::to_string(clock.now()) + "ms";
    out.append(time.size() < 7 ? 7 - time.size() : 0, ' ').append(time).append("  ");
    out.append(what).append(8 - what.size(), ' ').append(rest) += '\n';
  };
  for (;;) {
    Next next = run.next(clock.now());
    if (auto* task = std::get_if<Task>(&next)) {
      line("start", task->step + "  try " + std::to_string(task->attempt));
      Outcome outcome = task->kind == Step::Kind::render ? render(*task) : Outcome(host.perform(*task));
      line("report", task->step + "  " + std::string(name_of(outcome.result)) + (outcome.message.empty() ? "" : ": " + outcome.message));
      run.report(task->id, std::move(outcome), clock.now());
    } else if (const auto* wait = std::get_if<Wait>(&next)) {
      line("wait", "until " + std::to_string(wait->until.value_or(clock.now())) + "ms");
      clock.sleep_until(wait->until.value_or(clock.now()));
    } else {
      const Done& done = std::get<Done>(next);
      for (const std::string& reason : done.reasons) line("because", reason);
      line("done", std::string(name_of(done.result)));
      return out;
    }
  }
}

}  // namespace oam::testing
