#include <gtest/gtest.h>

#include <oam/testing.hpp>

#include <thread>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

using testing::FakeHost;
using testing::VirtualClock;

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

}  // namespace
}  // namespace oam::tests
