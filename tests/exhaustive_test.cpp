// All dependency graphs of up to four components, with every way in which tasks
// can end, against an oracle so simple that it is obviously right.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include <oam/testing.hpp>

#include "support/document.hpp"
#include "support/naive_run.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

std::string name(int i) { return std::string(1, static_cast<char>('a' + i)); }
std::string step(int i) { return name(i) + "/apply/ConfigMap/" + name(i); }

// Bit (i, j) with j < i: component i needs component j.
std::string graph_of(int count, int bits) {
  std::string lines;
  for (int i = 0, bit = 0; i < count; ++i) {
    lines += (i ? "\n" : "") + name(i) + ":";
    for (int j = 0; j < i; ++j, ++bit)
      if (bits >> bit & 1) lines += ' ' + name(j);
  }
  return lines;
}

// What must become of each: failed if its own outcome says so and it was reached.
std::map<std::string, State> oracle(int count, int bits, int failing) {
  std::map<std::string, State> states;
  for (int i = 0, bit = 0; i < count; ++i) {
    bool blocked = false;
    for (int j = 0; j < i; ++j, ++bit) blocked |= (bits >> bit & 1) && states[step(j)] != State::succeeded;
    states[step(i)] = blocked ? State::blocked : failing >> i & 1 ? State::failed : State::succeeded;
  }
  return states;
}

void check(const Plan& plan, int count, int bits, int failing, int retrying) {
  testing::FakeHost host;
  for (int i = 0; i < count; ++i) {
    if (retrying >> i & 1) host.script(step(i), Outcome::retry("again"));
    if (failing >> i & 1) host.script(step(i), Outcome::failed("no"));
  }
  oam::Run run(plan);
  testing::VirtualClock clock;
  const Done done = drive(run, host, clock);
  const auto expected = oracle(count, bits, failing);
  std::size_t performed = 0;
  for (int i = 0; i < count; ++i) {
    const State state = expected.at(step(i));
    ASSERT_EQ(run.state(step(i)), state) << graph_of(count, bits) << " failing " << failing << " retrying " << retrying << " at " << name(i);
    const std::size_t times = state == State::blocked ? 0 : 1 + (retrying >> i & 1);
    ASSERT_EQ(host.count(step(i)), times) << name(i);
    performed += times;
  }
  ASSERT_EQ(host.performed().size(), performed);
  ASSERT_EQ(done.ok, failing == 0);
}

TEST(Exhaustive, EveryGraphOfFourAndEveryOutcome) {
  for (int count = 1; count <= 4; ++count)
    for (int bits = 0; bits < 1 << (count * (count - 1) / 2); ++bits) {
      const Path path(boxes(graph_of(count, bits)));
      ASSERT_TRUE(path.plan);
      for (int failing = 0; failing < 1 << count; ++failing)
        for (const int retrying : {0, 1, (1 << count) - 1}) check(*path.plan, count, bits, failing, retrying);
    }
}

// The machine by itself: every graph with edges of both kinds, every script of
// outcomes, and a crash after every input.

using Result = Outcome::Result;
const std::vector<Script> kFewScripts = {{}, {Result::failed}, {Result::retry}};
const std::vector<Script> kAllScripts = {
    {}, {Result::failed}, {Result::unknown}, {Result::retry}, {Result::retry, Result::failed},
    {Result::retry, Result::retry}, {Result::retry, Result::retry, Result::failed}, {Result::retry, Result::retry, Result::retry}};
// Plans of so many steps get all scripts; a sanitizer sees nothing in the larger ones that it does not see in these.
#ifdef __SANITIZE_ADDRESS__
constexpr int kAllUpTo = 2;
#else
constexpr int kAllUpTo = 3;
#endif
const std::vector<Script>& scripts_for(int count) { return count <= kAllUpTo ? kAllScripts : kFewScripts; }
const RunOptions kOptions = {.id = "r", .journal = true, .attempts = 3, .backoff = 10};

// Of so many edge kinds for each pair: none, requires, after, wants. Odd steps are hooks
// that must not be done twice; the last is what `last` says.
Plan graph_of_kinds(int count, int code, int kinds = 3, const std::string& last = "") {
  constexpr const char* kMarks[] = {"", "", "^", "~"};
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += (i + 1 == count && !last.empty() ? " " + last : i % 2 ? " once:" : " ") + name(i);
    bool first = true;
    for (int j = 0; j < i; ++j, code /= kinds) {
      if (code % kinds == 0) continue;
      text += (std::exchange(first, false) ? "<-" : ",") + std::string(kMarks[code % kinds]) + name(j);
    }
  }
  return tests::plan(text);
}

Outcome outcome_of(Result result) {
  Outcome outcome;
  outcome.result = result;
  return outcome;
}

// A run and the host that performs its script.
struct Scripted {
  oam::Run run;
  const std::vector<Script>& scripts;
  Time now = 0;
  std::string log = {};
  std::vector<std::size_t> tries = std::vector<std::size_t>(scripts.size(), 0);

  // One question and its answer; false at the end.
  bool step() {
    Next next = run.next(now);
    if (auto* task = std::get_if<Task>(&next)) {
      log += task->id + " ";
      const auto i = static_cast<std::size_t>(*run.plan().find(task->step));
      const Result result = tries[i] < scripts[i].size() ? scripts[i][tries[i]] : Result::succeeded;
      ++tries[i];
      EXPECT_EQ(run.report(task->id, outcome_of(result), now), Report::accepted);
      const bool held = run.state(task->step) == State::held;   // there any report is news
      EXPECT_TRUE(held || run.report(task->id, outcome_of(Result::failed), now) == Report::duplicate);
      return true;
    }
    if (auto* wait = std::get_if<Wait>(&next)) {
      EXPECT_GT(wait->until.value_or(-1), now);   // nothing is in flight, so it must say when
      now = wait->until.value_or(INT64_MAX);
      return wait->until.has_value();
    }
    return false;
  }
};

template <class Check>
void for_all(int count, const std::vector<Script>& choices, const Check& check, int kinds = 3, const std::string& last = "") {
  int graphs = 1, products = 1;
  for (int i = 0; i < count * (count - 1) / 2; ++i) graphs *= kinds;
  for (int i = 0; i < count; ++i) products *= static_cast<int>(choices.size());
  for (int graph = 0; graph < graphs; ++graph) {
    const Plan plan = graph_of_kinds(count, graph, kinds, last);
    for (int product = 0; product < products; ++product) {
      std::vector<Script> scripts;
      for (int i = 0, rest = product; i < count; ++i, rest /= static_cast<int>(choices.size()))
        scripts.push_back(choices[static_cast<std::size_t>(rest) % choices.size()]);
      check(plan, scripts);
      if (::testing::Test::HasFailure()) FAIL() << plan.hash() << ", script " << product;
    }
  }
}

void compare_with_naive(const Plan& plan, const std::vector<Script>& scripts) {
  NaiveRun naive{plan, scripts, kOptions};
  while (naive.step()) {}
  Scripted scripted{oam::Run(plan, kOptions), scripts};
  while (scripted.step()) {}
  EXPECT_EQ(scripted.log, naive.log);
  for (std::size_t i = 0; i < plan.steps().size(); ++i) EXPECT_EQ(scripted.run.state(plan.steps()[i].id), naive.states[i]);
  const std::string end = scripted.run.save();
  scripted.run.next(scripted.now);
  EXPECT_EQ(scripted.run.save(), end);   // Done repeats, and changes nothing
}

TEST(Exhaustive, TheMachineDoesWhatTheNaiveOneDoes) {
  for (int count = 1; count <= 3; ++count) for_all(count, scripts_for(count), compare_with_naive);
  for_all(4, kFewScripts, compare_with_naive);
}

// Hooks that run only if something failed, whatever happened, or ask when they fail.
TEST(Exhaustive, HooksDoWhatTheNaiveOnesDo) {
  for (const char* last : {"", "rescue:", "last:", "hold:"})
    for (int count = 1; count <= 3; ++count) for_all(count, scripts_for(count), compare_with_naive, 4, last);
}

// Save and restore after every input: nothing is lost, nothing is done twice.
TEST(Exhaustive, TheMachineIsTheSameAfterEveryRestore) {
  const std::vector<Script> choices = {{}, {Result::failed}, {Result::retry}, {Result::unknown}};
  for_all(3, choices, [](const Plan& plan, const std::vector<Script>& scripts) {
    Scripted whole{oam::Run(plan, kOptions), scripts};
    Scripted broken{oam::Run(plan, kOptions), scripts};
    std::vector<std::string> records;
    for (bool by_checkpoint = false; broken.step(); by_checkpoint = !by_checkpoint) {
      whole.step();
      std::ranges::move(broken.run.take_records(), std::back_inserter(records));
      Diagnostics problems;
      auto again = by_checkpoint ? oam::Run::restore(plan, broken.run.save(), {}, broken.now, problems, kOptions)
                                 : oam::Run::restore(plan, "", records, broken.now, problems, kOptions);
      ASSERT_TRUE(again) << problems;
      broken.run = std::move(*again);
    }
    EXPECT_EQ(broken.log, whole.log);
    whole.step();
    EXPECT_EQ(broken.run.save(), whole.run.save());
  });
}

}  // namespace
}  // namespace oam::tests
