// drive(): the loop between a Run and a Host, as a header. The host says how a
// task is done; the clock says what time it is; the journal gets the records
// before the task is performed, so that a crash loses nothing.
//
// drive() owns the Run while it lasts. With `parallel` above 1 it calls
// host.perform() from that many threads at a time, and only that.
#pragma once

#include <concepts>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <oam/run.hpp>

namespace oam {

// Does what a Task says. Render tasks never reach it: drive() answers them.
template <class H>
concept Host = requires(H& host, const Task& task) {
  { host.perform(task) } -> std::convertible_to<Outcome>;
};

// Milliseconds, from any beginning; sleep_until() may return early.
template <class C>
concept Clock = requires(C& clock, Time until) {
  { clock.now() } -> std::convertible_to<Time>;
  clock.sleep_until(until);
};

// Takes std::vector<std::string> of records and makes them durable.
struct NoJournal {
  void operator()(std::vector<std::string>) const {}
};

struct DriveOptions {
  std::size_t parallel = 1;   // tasks performed at a time
};

namespace detail {

// Tasks performed on threads of their own, and their outcomes as they come in.
template <Host H>
class Workers {
 public:
  explicit Workers(H& host) : host_(host) {}
  ~Workers() {
    for (std::thread& thread : threads_) thread.join();
  }

  void start(Task task) {
    threads_.emplace_back([this, task = std::move(task)] {
      Outcome outcome = host_.perform(task);
      const std::lock_guard lock(mutex_);
      finished_.emplace_back(task.id, std::move(outcome));
      arrived_.notify_one();
    });
    ++out_;
  }

  std::size_t out() const { return out_; }

  // Waits for at least one. REQUIRES: out() > 0
  std::vector<std::pair<std::string, Outcome>> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !finished_.empty(); });
    out_ -= finished_.size();
    auto finished = std::exchange(finished_, {});
    if (out_ == 0) {   // every thread has handed its outcome in
      lock.unlock();
      for (std::thread& thread : threads_) thread.join();
      threads_.clear();
    }
    return finished;
  }

 private:
  H& host_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<std::string, Outcome>> finished_;
  std::vector<std::thread> threads_;
  std::size_t out_ = 0;
};

template <Host H, Clock C, class Journal>
Done drive_one(Run& run, H& host, C& clock, Journal& journal) {
  for (;;) {
    Next next = run.next(clock.now());
    journal(run.take_records());
    if (const auto* task = std::get_if<Task>(&next)) {
      Outcome outcome = task->kind == Step::Kind::render ? render(*task) : Outcome(host.perform(*task));
      run.report(task->id, std::move(outcome), clock.now());
    } else if (const auto* wait = std::get_if<Wait>(&next)) {
      clock.sleep_until(wait->until.value_or(clock.now()));
    } else {
      return std::get<Done>(std::move(next));
    }
  }
}

}  // namespace detail

template <Host H, Clock C, class Journal = NoJournal>
Done drive(Run& run, H& host, C& clock, DriveOptions options = {}, Journal journal = {}) {
  if (options.parallel <= 1) return detail::drive_one(run, host, clock, journal);
  detail::Workers<H> workers(host);
  const auto report_all = [&] {
    for (auto& [id, outcome] : workers.take()) run.report(id, std::move(outcome), clock.now());
  };
  for (;;) {
    if (workers.out() >= options.parallel) report_all();
    Next next = run.next(clock.now());
    journal(run.take_records());
    if (auto* task = std::get_if<Task>(&next)) {
      if (task->kind == Step::Kind::render) run.report(task->id, render(*task), clock.now());
      else workers.start(std::move(*task));
    } else if (const auto* wait = std::get_if<Wait>(&next)) {
      if (workers.out() > 0) report_all();
      else clock.sleep_until(wait->until.value_or(clock.now()));
    } else {
      return std::get<Done>(std::move(next));
    }
  }
}

}  // namespace oam
