// Kill the host at any byte and the run resumes to the same end, with no `once`
// step done twice without asking.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/run.hpp>
#include <oam/testing.hpp>

#include <map>
#include <set>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Records = std::vector<std::string>;

RunOptions options() { return {.id = "r", .journal = true, .attempts = 2, .backoff = 10}; }

// A world that outlives the host: what was done in it stays done.
struct World {
  std::map<std::string, int> effects;
  std::set<std::string> decided;   // once steps somebody asked to do again
  int busy = 0;                    // attempts of "busy" that go wrong first

  Outcome perform(const Task& task) {
    if (task.kind == Step::Kind::render) return render(task);
    ++effects[task.step];
    if (task.step == "bad") return Outcome::failed("no");
    if (task.step == "busy" && busy-- > 0) return Outcome::retry("busy");
    if (task.step == "source") return Outcome::succeeded(json(R"({"status": {"key": "k1"}})"));
    return Outcome::succeeded();
  }
};

// Goes on to the end; a held step is looked into: done if the world says so.
std::string finish(Run& run, World& world, Time now = 0) {
  for (int i = 0; i < 1'000; ++i) {
    Next next = run.next(now);
    if (auto* task = std::get_if<Task>(&next)) {
      run.report(task->id, world.perform(*task), now);
    } else if (auto* wait = std::get_if<Wait>(&next)) {
      now = wait->until.value_or(now);
    } else if (std::get<Done>(next).result == RunResult::held) {
      for (const std::string& step : run.held())
        run.decide(step, world.effects[step] > 0 ? Command::accept : Command::retry, now);
    } else {
      break;
    }
  }
  std::string states;
  for (const Step& step : run.plan().steps()) states += step.id + " " + std::string(name_of(run.state(step.id))) + "\n";
  return states;
}

Outcome answer(Outcome::Result result) {
  Outcome outcome;
  outcome.result = result;
  return outcome;
}

std::optional<Run> restored(const Plan& plan, const Records& records, std::string_view checkpoint = "", Time now = 0) {
  Diagnostics problems;
  auto run = Run::restore(plan, checkpoint, records, now, problems, {.journal = true});
  EXPECT_FALSE(problems.has_errors()) << problems.text();
  return run;
}

// One run as it went: its records, and what save() said after each input.
struct Story {
  Records records;
  std::vector<std::string> saves;   // saves[i]: with i records
  std::string end;
};

Story tell(const Plan& plan) {
  Story story;
  World world;
  world.busy = 1;
  oam::Run run(plan, options());
  Time now = 0;
  const auto keep = [&] {
    for (std::string& record : run.take_records()) story.records.push_back(std::move(record));
    story.saves.resize(story.records.size() + 1);
    story.saves.back() = run.save();
  };
  keep();
  for (;;) {
    Next next = run.next(now);
    keep();
    if (auto* task = std::get_if<Task>(&next)) run.report(task->id, world.perform(*task), ++now);
    else if (auto* wait = std::get_if<Wait>(&next)) now = wait->until.value_or(now);
    else break;
    keep();
  }
  story.end = finish(run, world, now);
  return story;
}

struct Restore : ::testing::TestWithParam<std::string> {
  Plan plan() const { return GetParam() == "passing" ? passing_plan() : tests::plan(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Plans, Restore,
                         ::testing::Values("", "a", "a b<-a", "once:m a<-m", "a once:m<-a once:n<-m b<-n", "busy b<-busy",
                                           "bad b<-bad c", "render:r a<-r barrier:x<-a b<-x", "a b c<-a,b once:d<-~c",
                                           "extra:bad a<-^bad", "passing"));

// The host dies after each record: with the task of the last one done, or not.
TEST_P(Restore, ComesToTheSameEndFromEveryPrefix) {
  const Story story = tell(plan());
  for (std::size_t length = 0; length <= story.records.size(); ++length) {
    for (const bool performed : {false, true}) {
      const Records prefix(story.records.begin(), story.records.begin() + static_cast<std::ptrdiff_t>(length));
      World world;
      std::string in_flight;
      for (const std::string& record : prefix) {   // the world as the records know it
        const Value read = json(record);
        const std::string task(read->at("payload").as_object().contains("task") ? read->at("payload").at("task").as_string().c_str() : "");
        if (read->at("kind") == "task") in_flight = task.substr(0, task.rfind('#'));
        if (read->at("kind") == "report") ++world.effects[in_flight], in_flight.clear();
      }
      if (performed && in_flight.empty()) continue;
      if (performed) ++world.effects[in_flight];
      auto run = restored(plan(), prefix);
      ASSERT_TRUE(run);
      EXPECT_EQ(finish(*run, world), story.end) << length << " records, performed " << performed;
      for (const Step& step : run->plan().steps())
        EXPECT_TRUE(step.class_ != Step::Class::once || world.effects[step.id] <= 1) << step.id;
    }
  }
}

// Where nothing is in flight, a restored run is the run itself.
TEST_P(Restore, IsTheSameRun) {
  const Story story = tell(plan());
  for (std::size_t length = 1; length <= story.records.size(); ++length) {
    if (story.saves[length].empty()) continue;   // two records came at once
    if (story.saves[length].find("\"in_flight\":true") != std::string::npos) continue;
    const Records prefix(story.records.begin(), story.records.begin() + static_cast<std::ptrdiff_t>(length));
    auto run = restored(plan(), prefix);
    ASSERT_TRUE(run);
    EXPECT_TRUE(run->take_records().empty());
    EXPECT_EQ(run->save(), story.saves[length]) << length;
  }
}

// From every checkpoint with what came later as from all the records.
TEST_P(Restore, NeedsOnlyWhatIsLaterThanTheCheckpoint) {
  const Story story = tell(plan());
  const auto whole = restored(plan(), story.records);
  for (std::size_t at = 1; at < story.saves.size(); ++at) {
    if (story.saves[at].empty()) continue;   // two records came at once
    const Records later(story.records.begin() + static_cast<std::ptrdiff_t>(at), story.records.end());
    EXPECT_EQ(restored(plan(), later, story.saves[at])->save(), whole->save()) << at;
    EXPECT_EQ(restored(plan(), story.records, story.saves[at])->save(), whole->save()) << at;
  }
}

// A second crash: the journal goes on over the restart, and replays to the byte.
TEST_P(Restore, SurvivesASecondCrash) {
  const Story story = tell(plan());
  for (std::size_t length = 1; length <= story.records.size(); ++length) {
    Records journal(story.records.begin(), story.records.begin() + static_cast<std::ptrdiff_t>(length));
    auto run = restored(plan(), journal, "", 1'000);
    ASSERT_TRUE(run);
    World world;
    for (const Step& step : run->plan().steps()) world.effects[step.id] = step.class_ == Step::Class::once;
    finish(*run, world, 1'000);
    std::ranges::move(run->take_records(), std::back_inserter(journal));
    auto again = restored(plan(), journal);
    again->next(2'000), run->next(2'000);   // the time of a question is not recorded
    EXPECT_EQ(again->save(), run->save()) << length;
  }
}

TEST_P(Restore, DropsATornLastRecordAtAnyByte) {
  const Story story = tell(plan());
  Records torn(story.records.begin(), story.records.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, story.records.size())));
  const Records whole(torn.begin(), torn.end() - 1);
  const std::string last = torn.back();
  const std::string expected = whole.empty() ? "" : restored(plan(), whole)->save();
  for (std::size_t bytes = 0; bytes < last.size(); ++bytes) {
    torn.back() = last.substr(0, bytes);
    auto run = restored(plan(), torn);
    ASSERT_TRUE(run) << bytes;
    EXPECT_TRUE(whole.empty() || run->save() == expected) << bytes;
  }
}

// What must not be believed.

std::string refused(const Plan& plan, const Records& records, std::string_view checkpoint = "") {
  Diagnostics problems;
  EXPECT_FALSE(Run::restore(plan, checkpoint, records, 0, problems));
  return problems.empty() ? "" : std::string(problems.items()[0].code);
}

TEST(RestoreRefuses, AGap) {
  Records records = tell(plan("a b")).records;
  records.erase(records.begin() + 2);
  EXPECT_EQ(refused(plan("a b"), records), "record-gap");
  records.erase(records.begin());
  EXPECT_EQ(refused(plan("a b"), records), "record-gap");
}

TEST(RestoreRefuses, AnotherPlan) {
  EXPECT_EQ(refused(plan("a c"), tell(plan("a b")).records), "plan-changed");
  EXPECT_EQ(refused(plan("a c"), {}, tell(plan("a b")).saves.back()), "plan-changed");
}

TEST(RestoreRefuses, AChangedByte) {
  const Records records = tell(plan("a b")).records;
  for (std::size_t i = 0; i + 1 < records.size(); ++i)
    for (std::size_t byte = 0; byte < records[i].size(); ++byte) {
      Records damaged = records;
      damaged[i][byte] ^= 1;
      EXPECT_EQ(refused(plan("a b"), damaged), "record-malformed") << i << " " << byte;
    }
}

TEST(RestoreRefuses, ALastRecordThatWasChangedNotTorn) {
  Records records = tell(plan("a")).records;
  records.back().replace(records.back().find("succeeded"), 9, "cancelled");
  EXPECT_EQ(refused(plan("a"), records), "record-malformed");
}

TEST(RestoreRefuses, RubbishForACheckpoint) {
  for (const char* text : {"{}", "[]", "null", "{", "{\"opened\":{}}"}) EXPECT_NE(refused(plan("a"), {}, text), "") << text;
}

TEST(Restore, WithNothingIsAFreshRun) {
  auto run = restored(plan("a"), {});
  ASSERT_TRUE(run);
  EXPECT_TRUE(std::holds_alternative<Task>(run->next(0)));
}

TEST(Restore, HoldsWhatMayHaveHappened) {
  oam::Run run(plan("once:m"), options());
  run.next(0);
  auto again = restored(plan("once:m"), run.take_records());
  EXPECT_THAT(again->held(), ElementsAre("m"));
  EXPECT_THAT(std::get<Done>(again->next(0)).reasons, ElementsAre(HasSubstr("interrupted")));
}

// Nobody wants it any more, but it may have been done.
TEST(Restore, HoldsWhatMayHaveHappenedInARunThatIsGivenUp) {
  for (const bool by_halt : {false, true}) {
    oam::Run run(plan("a once:m c<-m"), {.id = "r", .journal = true, .on_failure = by_halt ? OnFailure::halt : OnFailure::go_on});
    run.next(0), run.next(0);
    if (by_halt) run.report("a#1", Outcome::failed("no"), 0);
    else run.cancel(0);
    const Records records = run.take_records();
    const auto again = [&] { return restored(plan("a once:m c<-m"), records); };
    auto replayed = again(), saved = restored(plan("a once:m c<-m"), {}, run.save());
    for (auto* each : {&replayed, &saved}) {
      ASSERT_TRUE(*each);
      EXPECT_EQ((*each)->state("m"), State::held);
      EXPECT_THAT(std::get<Done>((*each)->next(0)).reasons, ::testing::Contains(HasSubstr("m is held for a decision (accept, retry or skip): it was under way")));
    }
    auto done = again(), lost = again(), told = again(), asked = again();
    EXPECT_TRUE(done->decide("m", Command::accept, 0));
    EXPECT_EQ(done->state("m"), State::succeeded);
    EXPECT_EQ(done->state("c"), State::cancelled);
    EXPECT_EQ(lost->report("m#1", answer(Outcome::Result::not_found), 0), Report::accepted);
    EXPECT_EQ(lost->state("m"), State::cancelled);       // it is not begun once more
    EXPECT_EQ(told->report("m#1", Outcome::succeeded(), 0), Report::accepted);
    EXPECT_EQ(told->state("m"), State::succeeded);
    asked->cancel(0);                                    // nor does that tell what became of it
    EXPECT_EQ(asked->state("m"), State::held);
    EXPECT_TRUE(asked->decide("m", Command::cancel, 0));
    EXPECT_EQ(asked->state("m"), State::cancelled);
  }
}

TEST(Restore, GivesTheSameTokenAgain) {
  oam::Run run(plan("a"), options());
  const Task before = std::get<Task>(run.next(0));
  const Task after = std::get<Task>(restored(plan("a"), run.take_records())->next(0));
  EXPECT_EQ(after.token, before.token);
  EXPECT_NE(after.id, before.id);
}

TEST(Restore, RepeatsTheIdsOfEvents) {
  oam::Run run(plan("a"), options());
  run.next(0);
  run.report("a#1", Outcome::succeeded(), 0);
  std::vector<std::string> before, after;
  for (const Event& event : run.take_events()) before.push_back(event.id() + std::string(event.type()));
  for (const Event& event : restored(plan("a"), run.take_records())->take_events()) after.push_back(event.id() + std::string(event.type()));
  EXPECT_EQ(before, after);
}

// The key comes out of a Secret: no record and no checkpoint holds it, so after a
// crash the Secret is looked at once more before anything is made of it.
TEST(Restore, HoldsNoSecretAndLooksForItAgain) {
  Plan secret = passing_plan("/data/key");
  std::vector<Step> steps(secret.steps().begin(), secret.steps().end());
  const Value object = json(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aHVudGVyMg=="}})");
  steps[0].object = object;
  secret = make_plan(steps, "secret");
  for (const std::size_t stop : {2u, 3u, 4u, 5u}) {   // reports before the crash: source, render, sink
    oam::Run run(secret, options());
    Records records;
    for (std::size_t i = 0; i < stop; ++i) {
      const Next next = run.next(0);
      const auto* task = std::get_if<Task>(&next);
      if (!task) break;
      std::ranges::move(run.take_records(), std::back_inserter(records));
      if (i + 1 < stop) run.report(task->id, task->kind == Step::Kind::render ? render(*task) : Outcome::succeeded(task->step == "source" ? object : nullptr), 0);
    }
    std::ranges::move(run.take_records(), std::back_inserter(records));
    for (const std::string& record : records) EXPECT_EQ(record.find("aHVudGVyMg"), record.npos) << record;
    EXPECT_EQ(run.save().find("aHVudGVyMg"), std::string::npos);
    for (const std::string& checkpoint : {std::string(), run.save()}) {
      auto again = restored(secret, checkpoint.empty() ? records : Records(), checkpoint);
      ASSERT_TRUE(again);
      std::string asked;
      for (Time now = 0; now < 100'000; now += 1'000) {
        const Next next = again->next(now);
        if (std::holds_alternative<Done>(next)) break;
        const auto* task = std::get_if<Task>(&next);
        if (!task) continue;
        asked += task->action + " " + task->step + "; ";
        EXPECT_TRUE(task->step != "sink" || task->object->at("spec").at("key") == "aHVudGVyMg==");
        again->report(task->id, task->kind == Step::Kind::render ? render(*task) : Outcome::succeeded(task->step == "source" ? object : nullptr), now);
      }
      EXPECT_EQ(again->state("sink"), State::succeeded) << asked << stop;
      EXPECT_EQ(stop > 1 && stop < 4, asked.find("observe source") != asked.npos) << stop << asked;
    }
  }
}

// Neither what the plan holds nor what a host has shown comes back in what a host says, of whatever step.
TEST(Restore, HoldsNoSecretThatAHostTells) {
  Step own = make_step("own"), other = make_step("other");
  own.object = json(R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aHVudGVyMg=="}})");
  const Plan plan = make_plan({own, other}, "telling");
  oam::Run run(plan, options());
  run.next(0);
  run.next(0);
  Outcome seen = Outcome::failed("hunter2, aHVudGVyMg==, sesame and opened");
  seen.object = json(R"({"kind": "Secret", "stringData": {"door": "sesame"}})");
  seen.revision = "sesame";
  run.report("own#1", seen, 0);
  run.report("other#1", Outcome::failed("hunter2 and sesame, not hunter1"), 0);
  std::string all = run.save();
  for (const std::string& record : run.take_records()) all += record;
  for (const Event& event : run.take_events()) all += event.json();
  for (const char* secret : {"hunter2", "aHVudGVyMg", "sesame"}) EXPECT_EQ(all.find(secret), all.npos) << secret;
  EXPECT_THAT(all, HasSubstr("(secret), (secret), (secret) and opened"));
  EXPECT_THAT(all, HasSubstr("(secret) and (secret), not hunter1"));
}

TEST(Restore, TakesThePlanInAnotherOrder) {
  const Plan ab = make_plan({make_step("a"), make_step("b")}, "same");
  const Plan ba = make_plan({make_step("b"), make_step("a")}, "same");
  oam::Run run(ab, options());
  run.next(0);
  run.report("a#1", Outcome::succeeded(), 0);
  EXPECT_EQ(std::get<Task>(restored(ba, run.take_records())->next(0)).step, "b");
  EXPECT_EQ(std::get<Task>(restored(ba, {}, run.save())->next(0)).step, "b");
}

}  // namespace
}  // namespace oam::tests
