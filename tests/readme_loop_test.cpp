// The C++ example of the README, between the marks, as it stands there.
#include <gtest/gtest.h>

#include <oam/hosts/memory.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

struct Journal {
  std::vector<std::string> records;
  void append(std::vector<std::string> more) { records.insert(records.end(), more.begin(), more.end()); }
};

TEST(Readme, TheHostLoopRuns) {
  const std::vector<oam::Source> sources{{"app.yaml", boxes("web: db\ndb:")}};
  const oam::Observed observed;
  oam::hosts::Memory host;
  Journal journal;
  const auto now = [&host] { return host.now(); };
  // README begins
  oam::Diagnostics problems;
  auto catalog = oam::Catalog::standard();
  auto app     = oam::load(sources, problems);
  auto model   = oam::resolve(*app, catalog, {}, problems);
  auto plan    = oam::plan(*model, observed, {}, problems);

  oam::Run run(*plan, {.id = "shop-42", .journal = true});
  for (;;) {
    oam::Next next = run.next(now());
    journal.append(run.take_records());            // durable before the task is performed
    if (auto* task = std::get_if<oam::Task>(&next)) run.report(task->id, host.perform(*task), now());
    else if (auto* wait = std::get_if<oam::Wait>(&next)) host.sleep_until(wait->until.value_or(now()));
    else break;                                    // Done: repeats for ever
  }
  oam::Assessment state = oam::assess(*model, host.observe());
  // README ends
  EXPECT_EQ(state.health, Health::healthy) << state;
  EXPECT_TRUE(state.complete());
  EXPECT_GT(journal.records.size(), 2u);
}

}  // namespace
}  // namespace oam::tests
