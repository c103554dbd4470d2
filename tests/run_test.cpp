#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/testing.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

using testing::FakeHost;
using testing::VirtualClock;

Plan chain() { return *Path(boxes("web: db\ndb:\nalone:")).plan; }
const std::string kDb = "db/apply/ConfigMap/db", kWeb = "web/apply/ConfigMap/web", kAlone = "alone/apply/ConfigMap/alone";

Done drive_all(Run& run, FakeHost& host) {
  VirtualClock clock;
  return drive(run, host, clock);
}

TEST(Run, TellsItsStory) {
  oam::Run run(*Path(boxes("web: db\ndb:")).plan, {.id = "r"});
  FakeHost host;
  host.script(kDb, Outcome::retry("not yet"));
  EXPECT_EQ(testing::trace(run, host),
            "    0ms  start   db/apply/ConfigMap/db  try 1\n"
            "    0ms  report  db/apply/ConfigMap/db  retry: not yet\n"
            "    0ms  wait    until 1000ms\n"
            " 1000ms  start   db/apply/ConfigMap/db  try 2\n"
            " 1000ms  report  db/apply/ConfigMap/db  succeeded\n"
            " 1000ms  start   web/apply/ConfigMap/web  try 1\n"
            " 1000ms  report  web/apply/ConfigMap/web  succeeded\n"
            " 1000ms  done    succeeded\n");
}

TEST(Run, AFailureBlocksWhatNeedsItAndNothingElse) {
  oam::Run run(chain());
  FakeHost host;
  host.script(kDb, Outcome::failed("quota"));
  const Done done = drive_all(run, host);
  EXPECT_FALSE(done.ok);
  EXPECT_EQ(run.state(kDb), State::failed);
  EXPECT_EQ(run.state(kWeb), State::blocked);
  EXPECT_EQ(run.state(kAlone), State::succeeded);
  ASSERT_EQ(done.reasons.size(), 1u);
  EXPECT_NE(done.reasons[0].find("quota"), std::string::npos);
}

TEST(Run, DoneRepeats) {
  oam::Run run(chain());
  FakeHost host;
  drive_all(run, host);
  EXPECT_TRUE(std::holds_alternative<Done>(run.next(0)));
  EXPECT_TRUE(std::holds_alternative<Done>(run.next(99)));
}

TEST(Run, KnowsItsReports) {
  oam::Run run(chain());
  const Task task = std::get<Task>(run.next(0));
  EXPECT_EQ(run.report("nobody", Outcome::succeeded(), 0), Report::unknown_task);
  EXPECT_EQ(run.report(task.id, Outcome::succeeded(), 0), Report::accepted);
  EXPECT_EQ(run.report(task.id, Outcome::succeeded(), 0), Report::duplicate);
}

TEST(Run, CancelStartsNothingNew) {
  oam::Run run(chain());
  const Task task = std::get<Task>(run.next(0));
  run.cancel(1);
  EXPECT_TRUE(std::holds_alternative<Wait>(run.next(1)));
  run.report(task.id, Outcome::succeeded(), 2);
  const Next next = run.next(2);
  ASSERT_TRUE(std::holds_alternative<Done>(next));
  EXPECT_EQ(std::get<Done>(next).result, RunResult::cancelled);
}

TEST(Run, WaitSaysUntilWhenWhereNothingIsInFlight) {
  oam::Run run(*Path(boxes("a:")).plan);
  const Task task = std::get<Task>(run.next(0));
  run.report(task.id, Outcome::retry("x"), 5);
  const Next next = run.next(5);
  ASSERT_TRUE(std::holds_alternative<Wait>(next));
  EXPECT_EQ(std::get<Wait>(next).until, 1'005);
}

// db has an output that web reads.
std::string data_application() {
  std::string text = boxes("web:\ndb:");
  text.replace(text.find("  - name: db"), 12, "    inputs: [{from: ip, parameterKey: \"objects[0].data.ip\"}]\n"
                                              "  - name: db\n    outputs: [{name: ip, valueFrom: output.data.ip}]");
  return text;
}

TEST(Run, ValuesFlowFromOutputsToInputs) {
  oam::Run run(*Path(data_application()).plan);
  FakeHost host;
  Outcome with = Outcome::succeeded();
  with.outputs = share({{"ip", "10.0.0.7"}});
  host.script(kDb, with);
  Value applied;
  struct Watch {
    FakeHost& host;
    Value& applied;
    Outcome perform(const Task& task) {
      if (task.step == kWeb) applied = task.object;
      return host.perform(task);
    }
  } watch{host, applied};
  VirtualClock clock;
  const Done done = drive(run, watch, clock);
  EXPECT_TRUE(done.ok) << (done.reasons.empty() ? "" : done.reasons[0]);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->at("data").at("ip").as_string(), "10.0.0.7");
}

TEST(Run, AnOutputThatNeverComesIsNamed) {
  oam::Run run(*Path(data_application()).plan);
  FakeHost host;
  const Done done = drive_all(run, host);
  EXPECT_FALSE(done.ok);
  ASSERT_FALSE(done.reasons.empty());
  EXPECT_NE(done.reasons[0].find("web waits for input \"ip\""), std::string::npos) << done.reasons[0];
}

TEST(Run, AnObjectIsAskedForAgainUntilTheOutputIsThere) {
  oam::Run run(*Path(data_application()).plan);
  FakeHost host;
  const auto object = [](const char* json) { Diagnostics p; return share(*parse_json(json, p)); };
  host.script(kDb, Outcome::succeeded(object(R"({"kind":"ConfigMap"})")));
  host.script(kDb, Outcome::succeeded(object(R"({"kind":"ConfigMap","data":{"ip":"1"}})")));
  EXPECT_TRUE(drive_all(run, host).ok);
  EXPECT_EQ(host.count(kDb), 2u);
}

// Every prefix of every record list leads to the same end, whether what was in
// flight had been done or not.
TEST(Restore, FromEveryPrefixToTheSameEnd) {
  for (const std::string& text : {boxes("web: db\ndb:\nalone:"), boxes("a:\nb: a\nc: a\nd: b c")}) {
    const Plan plan = *Path(text).plan;
    std::vector<std::string> records;
    oam::Run whole(plan, {.id = "r", .journal = true});
    FakeHost host;
    VirtualClock clock;
    drive(whole, host, clock, {}, [&](std::vector<std::string> more) { records.insert(records.end(), more.begin(), more.end()); });
    for (std::size_t n = 0; n <= records.size(); ++n) {
      Diagnostics problems;
      auto run = oam::Run::restore(plan, "", std::span(records).first(n), 0, problems, {.id = "r", .journal = true});
      ASSERT_TRUE(run) << problems;
      FakeHost again;
      VirtualClock later;
      EXPECT_TRUE(drive(*run, again, later).ok) << n;
      for (const Step& s : plan.steps()) EXPECT_EQ(run->state(s.id), whole.state(s.id)) << s.id << " after " << n;
    }
  }
}

TEST(Restore, DropsATornRecordAndRefusesAGap) {
  const Plan plan = chain();
  oam::Run run(plan, {.id = "r", .journal = true});
  FakeHost host;
  std::vector<std::string> records;
  VirtualClock clock;
  drive(run, host, clock, {}, [&](std::vector<std::string> more) { records.insert(records.end(), more.begin(), more.end()); });
  ASSERT_GT(records.size(), 3u);
  std::vector<std::string> torn(records.begin(), records.begin() + 3);
  torn.back().resize(torn.back().size() / 2);
  Diagnostics problems;
  EXPECT_TRUE(oam::Run::restore(plan, "", torn, 0, problems, {.id = "r"})) << problems;
  std::vector<std::string> gap = records;
  gap.erase(gap.begin() + 1);
  EXPECT_FALSE(oam::Run::restore(plan, "", gap, 0, problems, {.id = "r"}));
  EXPECT_FALSE(oam::Run::restore(*Path(boxes("x:")).plan, "", records, 0, problems, {.id = "r"}));
}

TEST(Restore, FromACheckpointAtEveryPoint) {
  const Plan plan = chain();
  oam::Run run(plan, {.id = "r", .journal = true});
  FakeHost host;
  for (Next next = run.next(0); !std::holds_alternative<Done>(next); next = run.next(0)) {
    const auto* task = std::get_if<Task>(&next);
    ASSERT_TRUE(task);
    Diagnostics problems;
    auto copy = oam::Run::restore(plan, run.save(), {}, 0, problems, {.id = "r"});
    ASSERT_TRUE(copy) << problems;
    FakeHost again;
    EXPECT_TRUE(drive_all(*copy, again).ok);
    run.report(task->id, host.perform(*task), 0);
  }
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

}  // namespace
}  // namespace oam::tests
