// drive(): the loop between a Run and a Host, as a header. The host says how a
// task is done; the clock says what time it is; the journal gets the records
// before the task is performed, so that a crash loses nothing.
//
// drive() owns the Run while it lasts. With `parallel` above 1 it calls
// host.perform() from that many threads at a time, and only that.
#pragma once

#include <concepts>
#include <condition_variable>   // and the little of <chrono> that is needed
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <oam/run.hpp>

namespace oam {

// Does what a Task says. Render tasks never reach it: drive() answers them.
template <class H>
concept Host = requires(H& host, const Task& task) {
  { host.perform(task) } -> std::convertible_to<Outcome>;
};

// A host may take the tasks whose action is "observe" apart; else perform() gets
// them too.
template <class H>
concept ObservingHost = Host<H> && requires(H& host, const Task& task) {
  { host.observe(task) } -> std::convertible_to<Outcome>;
};

// A host may be able to find out what became of a task whose outcome got lost:
// succeeded (it was done), not_found (it was not: do it), unknown (who knows).
// drive() asks it about held steps before it gives up on them.
template <class H>
concept ProbingHost = Host<H> && requires(H& host, const Task& task) {
  { host.probe(task) } -> std::convertible_to<Outcome>;
};

// A host that says nothing between the beginning of a task and its outcome, as one that starts a program, has a
// `static constexpr bool silent = true` and ends what is not done when Task::timeout is over. That a task has begun is a sign
// of life, which drive() reports for it; where signs of life are asked for after that too, Task::timeout is no longer than
// until the next; and no attempt begins while an earlier one of its step is being performed.
template <class H>
concept SilentHost = Host<H> && H::silent;

// Milliseconds, from any beginning; sleep_until() may return early.
template <class C>
concept Clock = requires(C& clock, Time until) {
  { clock.now() } -> std::convertible_to<Time>;
  clock.sleep_until(until);
};

// Takes std::vector<std::string> of records and makes them durable. It may answer with
// a bool: after false nothing more is performed, and the run fails.
struct NoJournal {
  void operator()(std::vector<std::string>) const {}
};

struct DriveOptions {
  std::size_t parallel = 1;   // tasks performed at a time
};

namespace detail {

// What a host returns is its last word: after a sign of life nobody knows what became of the task.
inline Outcome last_word(Outcome outcome) {
  if (outcome.result != Outcome::Result::progress) return outcome;
  Outcome made = Outcome::unknown(outcome.message.empty() ? "a sign of life was all that came of it" : std::move(outcome.message));
  made.retry_after = outcome.retry_after;
  return made;
}

inline Time heartbeat_of(const Run& run, const Task& task) {
  const auto step = run.plan().find(task.step);
  const Pace* own = step && !run.options().ignore_pace ? run.plan().steps()[*step].more->pace.get() : nullptr;
  return own && own->heartbeat ? *own->heartbeat : run.options().timeouts.heartbeat;
}

template <Host H>
void begin_task(Run& run, Task& task, Time now) {
  if constexpr (SilentHost<H>) {
    if (task.kind == Step::Kind::render) return;
    Outcome begun;
    begun.result = Outcome::Result::progress;
    run.report(task.id, begun, now);
    const Time quiet = heartbeat_of(run, task);
    if (quiet > 0 && (task.timeout == 0 || quiet < task.timeout)) task.timeout = quiet;
  }
}

template <Host H>
Outcome perform(H& host, const Task& task) {
  if (task.kind == Step::Kind::render) return render(task);
  if constexpr (ObservingHost<H>)
    if (task.action == "observe") return last_word(host.observe(task));
  return last_word(host.perform(task));
}

// False: what is to be done next must not be done.
template <class Journal>
bool keep(Journal& journal, Run& run) {
  if constexpr (std::is_void_v<decltype(journal(run.take_records()))>) {
    journal(run.take_records());
    return true;
  } else {
    return journal(run.take_records());
  }
}

inline Done not_kept() {
  Done done;
  done.reasons.push_back("the records cannot be kept, so nothing more is done");
  return done;
}

// Asks about each held step once. True if one of them can go on.
template <Host H, Clock C>
bool probe_all(Run& run, H& host, C& clock) {
  bool any = false;
  if constexpr (ProbingHost<H>)
    for (const std::string& step : run.held()) {
      const std::optional<Task> task = run.in_doubt(step);
      if (!task) continue;   // held for another reason
      Outcome found = last_word(host.probe(*task));
      if (found.result == Outcome::Result::unknown) continue;
      run.report(task->id, std::move(found), clock.now());
      any |= run.state(step) != State::held;
    }
  return any;
}

// Threads that perform tasks, and the outcomes as they come in. What perform()
// throws, take() throws.
template <Host H>
class Workers {
 public:
  using Finished = std::vector<std::pair<std::string, Outcome>>;

  Workers(H& host, std::size_t count) : host_(host) {
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  Workers(const Workers&) = delete;
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      tasks_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void start(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    ++out_;
    changed_.notify_one();
  }

  std::size_t out() const { return out_; }

  // What has come in; waits for something, at most so long. REQUIRES: out() > 0
  Finished take(std::optional<Time> most) {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return !finished_.empty() || failure_; };
    if (most) arrived_.wait_for(lock, std::chrono::milliseconds(*most), something);
    else arrived_.wait(lock, something);
    if (failure_) std::rethrow_exception(failure_);
    out_ -= finished_.size();
    return std::exchange(finished_, {});
  }

 private:
  // Whoever performs a step looks again when it has.
  std::vector<Task>::iterator first_to_do() {
    const auto is_at_work = [this](const std::string& step) {
      for (const std::string& each : at_work_)
        if (each == step) return true;
      return false;
    };
    auto task = tasks_.begin();
    while (task != tasks_.end() && is_at_work(task->step)) ++task;
    return task;
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      auto next = tasks_.end();
      changed_.wait(lock, [&] {
        next = first_to_do();
        return closing_ || next != tasks_.end();
      });
      if (next == tasks_.end()) return;
      const Task task = std::move(*next);   // no more than threads are out, so none waits long
      tasks_.erase(next);
      if constexpr (SilentHost<H>) at_work_.push_back(task.step);
      lock.unlock();
      std::exception_ptr failure;
      Outcome outcome;
      try {
        outcome = detail::perform(host_, task);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if constexpr (SilentHost<H>) std::erase(at_work_, task.step);
      if (failure) failure_ = failure;
      else finished_.emplace_back(task.id, std::move(outcome));
      arrived_.notify_one();
    }
  }

  H& host_;
  std::mutex mutex_;
  std::condition_variable changed_, arrived_;
  std::vector<Task> tasks_;
  std::vector<std::string> at_work_;   // steps, of a silent host
  Finished finished_;
  std::exception_ptr failure_;
  bool closing_ = false;
  std::size_t out_ = 0;   // of the driving thread alone
  std::vector<std::thread> threads_;
};

template <Host H, Clock C, class Journal>
Done drive_one(Run& run, H& host, C& clock, Journal& journal) {
  bool doubt = true;   // steps may be in doubt: those of a run that was broken off, then what the host does not know
  for (;;) {
    if (std::exchange(doubt, false)) probe_all(run, host, clock);   // a lane that they are in may not wait for long
    Next next = run.next(clock.now());
    if (!keep(journal, run)) return not_kept();
    if (auto* task = std::get_if<Task>(&next)) {
      begin_task<H>(run, *task, clock.now());
      const Outcome outcome = detail::perform(host, *task);
      doubt = outcome.result == Outcome::Result::unknown;
      run.report(task->id, outcome, clock.now());   // the time after it, not before
    } else if (const auto* wait = std::get_if<Wait>(&next)) {
      clock.sleep_until(wait->until.value_or(clock.now()));
    } else if (!probe_all(run, host, clock)) {
      return std::get<Done>(std::move(next));
    }
  }
}

inline constexpr Time kMostWait = 60'000;   // that a host's clock is believed without asking again

template <Host H, Clock C, class Journal>
Done drive_many(Run& run, H& host, C& clock, Journal& journal, std::size_t parallel) {
  Workers<H> workers(host, parallel);
  bool doubt = true;   // as in drive_one()
  const auto report_all = [&](std::optional<Time> until) {
    std::optional<Time> most;
    if (until) most = *until > clock.now() ? *until - clock.now() : 1;
    if (most > kMostWait) most = kMostWait;
    for (auto& [id, outcome] : workers.take(most)) {
      doubt |= outcome.result == Outcome::Result::unknown;
      run.report(id, std::move(outcome), clock.now());
    }
  };
  for (;;) {
    while (workers.out() >= parallel) report_all({});
    if (std::exchange(doubt, false)) probe_all(run, host, clock);
    Next next = run.next(clock.now());
    if (!keep(journal, run)) return not_kept();
    if (auto* task = std::get_if<Task>(&next)) {
      begin_task<H>(run, *task, clock.now());
      workers.start(std::move(*task));
    } else if (const auto* wait = std::get_if<Wait>(&next)) {
      if (workers.out() > 0) report_all(wait->until);
      else clock.sleep_until(wait->until.value_or(clock.now()));
    } else if (workers.out() > 0) {
      report_all({});
    } else if (!probe_all(run, host, clock)) {
      return std::get<Done>(std::move(next));
    }
  }
}

}  // namespace detail

// REQUIRES: nothing in flight but what a restored run lost. `journal` is a
// callable that takes records; it is called before their task is performed.
template <Host H, Clock C, class Journal = NoJournal>
Done drive(Run& run, H& host, C& clock, DriveOptions options = {}, Journal journal = {}) {
  if (options.parallel <= 1) return detail::drive_one(run, host, clock, journal);
  return detail::drive_many(run, host, clock, journal, options.parallel);
}

}  // namespace oam
