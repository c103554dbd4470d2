// All dependency graphs of up to four components, with every way in which tasks
// can end, against an oracle so simple that it is obviously right.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include <oam/testing.hpp>

#include "support/document.hpp"

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

}  // namespace
}  // namespace oam::tests
