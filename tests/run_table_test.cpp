#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include <oam/run_table.hpp>

namespace oam::tests {
namespace {

std::string diagram() {
  std::string out = "stateDiagram-v2\n";
  for (const Transition& row : kTransitions)
    out += "  " + std::string(name_of(row.from)) + " --> " + std::string(name_of(row.to)) + ": " + std::string(name_of(row.signal)) + '\n';
  return out;
}

TEST(RunTable, TheDocsShowIt) {
  std::ifstream file(OAM_SOURCE_DIR "/docs/run.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(text.find(diagram()), std::string::npos) << "docs/run.md should hold\n" << diagram();
}

TEST(RunTable, AGoodEndStays) {
  EXPECT_FALSE(transition(State::succeeded, Signal::cancel));
  EXPECT_FALSE(transition(State::succeeded, Signal::fail));
}

}  // namespace
}  // namespace oam::tests
