#include <gtest/gtest.h>

#include <oam/testing.hpp>

#include <atomic>
#include <new>
#include <thread>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using testing::FakeHost;
using testing::VirtualClock;

TEST(Drive, JournalsBeforeItPerforms) {
  struct Watching {
    std::size_t written = 0;
    std::vector<std::size_t> written_before;
    Outcome perform(const Task&) {
      written_before.push_back(written);
      return Outcome::succeeded();
    }
  } host;
  oam::Run run(tests::plan("a b"), {.id = "r", .journal = true});
  VirtualClock clock;
  drive(run, host, clock, {}, [&](std::vector<std::string> records) { host.written += records.size(); });
  EXPECT_EQ(host.written_before, (std::vector<std::size_t>{2, 4}));   // opened, task; report, task
}

TEST(Drive, GivesAHostItsObservationsApart) {
  struct Apart {
    std::vector<std::string> performed, observed;
    Outcome perform(const Task& task) {
      performed.push_back(task.id);
      return Outcome::succeeded(json("{}"));
    }
    Outcome observe(const Task& task) {
      observed.push_back(task.id);
      return Outcome::succeeded(json(R"({"status": {"key": "k1"}})"));
    }
  } host;
  oam::Run run(passing_plan());
  VirtualClock clock;
  EXPECT_TRUE(drive(run, host, clock).ok);
  EXPECT_EQ(host.performed, (std::vector<std::string>{"source#1", "sink#1"}));
  EXPECT_EQ(host.observed, (std::vector<std::string>{"source#1.1"}));
}

// Nothing more can come of it: the run must not wait.
TEST(Drive, TakesASignOfLifeThatIsReturnedForUnknown) {
  struct Busy {
    int performed = 0;
    Outcome perform(const Task&) {
      Outcome outcome;
      outcome.result = Outcome::Result::progress;
      return performed++ == 0 ? outcome : Outcome::succeeded();
    }
  };
  for (const std::size_t parallel : {1, 3}) {
    Busy host;
    VirtualClock clock;
    oam::Run run(tests::plan("a"));
    EXPECT_TRUE(drive(run, host, clock, {parallel}).ok);
    EXPECT_EQ(host.performed, 2);
    Step once = make_step("a");
    once.class_ = Step::Class::once;
    oam::Run held(make_plan({once}));
    host.performed = 0;
    EXPECT_EQ(drive(held, host, clock, {parallel}).result, RunResult::held);
  }
}

TEST(Drive, AsksAHostThatCanFindOut) {
  struct Probing {
    Outcome::Result truth;
    int performed = 0;
    Outcome perform(const Task&) { return performed++ == 0 ? Outcome::unknown("lost") : Outcome::succeeded(); }
    Outcome probe(const Task&) const {
      Outcome outcome;
      outcome.result = truth;
      return outcome;
    }
  };
  const auto result = [](Probing host, int performed) {
    oam::Run run(tests::plan("once:m"));
    VirtualClock clock;
    const Done done = drive(run, host, clock);
    EXPECT_EQ(host.performed, performed);
    return done.result;
  };
  EXPECT_EQ(result({Outcome::Result::succeeded}, 1), RunResult::succeeded);
  EXPECT_EQ(result({Outcome::Result::not_found}, 2), RunResult::succeeded);
  EXPECT_EQ(result({Outcome::Result::unknown}, 1), RunResult::held);
  EXPECT_EQ(result({Outcome::Result::retry}, 1), RunResult::held);
}

// Before anything else is waited for: a lane that the step is in may be over by then.
TEST(Drive, AsksAboutADoubtAtOnce) {
  struct Slow {
    VirtualClock& clock;
    std::string told;
    Outcome perform(const Task& task) {
      told += task.step + ' ';
      if (task.step == "m") return Outcome::unknown("lost");
      Outcome outcome = Outcome::succeeded();
      outcome.ready = clock.now() >= 5'000;
      return outcome;
    }
    Outcome probe(const Task& task) {
      told += task.step + "? ";
      return Outcome::succeeded();
    }
  };
  std::vector<Step> steps{tests::step_of("once:m"), tests::make_step("web")};
  steps[1].gate = Step::Gate::ready;
  oam::Run run(tests::make_plan(steps));
  VirtualClock clock;
  Slow host{clock, ""};
  EXPECT_EQ(drive(run, host, clock).result, RunResult::succeeded);
  EXPECT_TRUE(host.told.starts_with("m m? web ")) << host.told;
}

TEST(ConcurrentDrive, PerformsOnSeveralThreads) {
  std::string lines;
  for (int i = 0; i < 40; ++i) lines += (i ? "\n" : "") + ("c" + std::to_string(i)) + ":" + (i > 4 ? " c" + std::to_string(i / 2) : "");
  oam::Run run(*Path(boxes(lines)).plan);
  FakeHost host;
  VirtualClock clock;
  EXPECT_TRUE(drive(run, host, clock, {.parallel = 4}).ok);
  EXPECT_EQ(host.performed().size(), 40u);
}

TEST(ConcurrentValues, AreSharedBetweenThreads) {
  Path path(boxes("web: db\ndb:"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([plan = *path.plan, model = *path.model] {
      Diagnostics problems;
      EXPECT_EQ(oam::plan(model, {}, {}, problems)->hash(), plan.hash());
      oam::Run run(plan);
      FakeHost host;
      VirtualClock clock;
      EXPECT_TRUE(drive(run, host, clock).ok);
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(ConcurrentDrive, NeverHasMoreOutThanItMay) {
  struct Counting {
    std::atomic<int> out = 0, most = 0;
    Outcome perform(const Task&) {
      const int now = ++out;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {}
      std::this_thread::yield();
      --out;
      return Outcome::succeeded();
    }
  } host;
  std::string text;
  for (int i = 0; i < 300; ++i) text += " s" + std::to_string(i);
  oam::Run run(tests::plan(text));
  VirtualClock clock;
  EXPECT_TRUE(drive(run, host, clock, {.parallel = 3}).ok);
  EXPECT_LE(host.most, 3);
}

TEST(ConcurrentDrive, ComesToTheEndThatOneThreadComesTo) {
  for (const std::size_t parallel : {1u, 4u}) {
    oam::Run run(tests::plan("a b<-a c<-a d<-b,c e<-^b"), {.id = "r", .attempts = 2, .backoff = 1});
    FakeHost host;
    host.script("b", Outcome::retry("")).script("b", Outcome::retry("")).script("c", Outcome::retry(""));
    VirtualClock clock;
    const Done done = drive(run, host, clock, {.parallel = parallel});
    EXPECT_EQ(done.reasons, std::vector<std::string>{"b failed: no success (2 attempts); 1 step waits for it"});
    EXPECT_EQ(done.succeeded, 3u);
  }
}

// It starts programs, say: what they take goes by on the clock.
struct Silent {
  static constexpr bool silent = true;
  VirtualClock& clock;
  Time takes;
  std::vector<Time> timeouts = {};
  Outcome perform(const Task& task) {
    timeouts.push_back(task.timeout);
    clock.sleep_until(clock.now() + (task.timeout > 0 ? std::min(takes, task.timeout + 1) : takes));
    return Outcome::succeeded();
  }
};

TEST(SilentHost, GivesASignOfLifeWhenItBegins) {
  VirtualClock clock;
  Silent host{clock, 3'000};
  oam::Run run(tests::plan("a"), {.id = "r", .timeouts = {.start = 1'000}});
  EXPECT_TRUE(drive(run, host, clock).ok);
  EXPECT_EQ(host.timeouts, (std::vector<Time>{0}));
}

TEST(SilentHost, EndsWhatIsSilentForTooLong) {
  VirtualClock clock;
  Silent host{clock, 3'000};
  oam::Run run(tests::plan("a"), {.id = "r", .attempts = 2, .timeouts = {.run = 9'000, .heartbeat = 1'000}});
  EXPECT_EQ(drive(run, host, clock).reasons, std::vector<std::string>{"a failed: no sign of life (2 attempts)"});
  EXPECT_EQ(host.timeouts, (std::vector<Time>{1'000, 1'000}));
}

// Breaks off late what has been given up.
struct Late {
  static constexpr bool silent = true;
  std::atomic<int> out = 0, most = 0;
  Outcome perform(const Task& task) {
    if (task.step != "a") return Outcome::succeeded();
    most = std::max<int>(most, ++out);
    std::this_thread::sleep_for(std::chrono::milliseconds(task.attempt == 1 ? 80 : 1));
    --out;
    return Outcome::succeeded();
  }
};

TEST(SilentHost, PerformsAStepOnceAtATime) {
  Late host;
  struct Steady {
    Time now() const { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
    void sleep_until(Time until) { std::this_thread::sleep_for(std::chrono::milliseconds(std::max<Time>(until - now(), 0))); }
  } clock;
  oam::Run run(tests::plan("a b"), {.id = "r", .attempts = 50, .backoff = 1, .timeouts = {.run = 20}});
  drive(run, host, clock, {.parallel = 4});
  EXPECT_EQ(host.most, 1);
}

TEST(ConcurrentDrive, PassesOnWhatAHostThrows) {
  struct Throwing {
    Outcome perform(const Task&) { throw std::bad_alloc(); }
  } host;
  oam::Run run(tests::plan("a b c"));
  VirtualClock clock;
  EXPECT_THROW(drive(run, host, clock, {.parallel = 2}), std::bad_alloc);
}

}  // namespace
}  // namespace oam::tests
