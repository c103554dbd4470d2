#include <gtest/gtest.h>

#include <oam/run_table.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace oam::tests {
namespace {

// The laws that cannot be broken without breaking the build stand beside the
// table as static_asserts; here is what they do not say.

TEST(RunTable, RefusesWhatHasNoRow) {
  EXPECT_EQ(transition(State::waiting, Signal::needs_met), State::ready);
  EXPECT_EQ(transition(State::waiting, Signal::dispatch), std::nullopt);
  EXPECT_EQ(transition(State::succeeded, Signal::cancel), std::nullopt);
}

TEST(RunTable, ReachesEveryStateFromWaiting) {
  std::set<State> reached{State::waiting};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const Transition& row : kTransitions)
      if (reached.contains(row.from)) reached.insert(row.to);
  }
  EXPECT_EQ(reached.size(), kStates);
}

TEST(RunTable, UsesEverySignal) {
  std::set<Signal> used;
  for (const Transition& row : kTransitions) used.insert(row.signal);
  EXPECT_EQ(used.size(), kSignals);
}

TEST(RunTable, LeadsToAGoodEndFromEveryState) {
  for (std::size_t i = 0; i < kStates; ++i) {
    std::set<State> reached{static_cast<State>(i)};
    for (std::size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const Transition& row : kTransitions)
        if (reached.contains(row.from)) reached.insert(row.to);
    }
    EXPECT_TRUE(std::ranges::any_of(reached, [](State s) { return is_end(s) && !is_bad_end(s); }))
        << name_of(static_cast<State>(i));
  }
}

// A bad end is left by a decision alone; nothing else may undo a failure.
TEST(RunTable, LeavesABadEndOnlyByDecision) {
  for (const Transition& row : kTransitions) {
    if (!is_bad_end(row.from)) continue;
    EXPECT_TRUE(is_command(row.signal) || row.signal == Signal::reopen || row.signal == Signal::repeat) << name_of(row.from);   // what follows from one
  }
}

std::string diagram() {
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> waiting\n";
  for (const Transition& row : kTransitions)
    text += "  " + std::string(name_of(row.from)) + " --> " + std::string(name_of(row.to)) + ": " +
            std::string(name_of(row.signal)) + "\n";
  return text + "```\n";
}

TEST(RunTable, IsTheDiagramInTheDocs) {
  std::ifstream file(OAM_SOURCE_DIR "/docs/run.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(diagram()), std::string::npos) << "docs/run.md should hold:\n" << diagram();
}

}  // namespace
}  // namespace oam::tests
