// The journal of a run as a file: what is in it after a call, what is refused, and
// that a run goes on from any of its bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <boost/json/serialize.hpp>

#include <oam/hosts/journal.hpp>
#include <oam/record.hpp>
#include <oam/testing.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using hosts::Journal;

// A file of its own for each test, gone after it.
struct JournalFile : ::testing::Test {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
      ("oam-journal-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + std::to_string(::getpid()));
  Diagnostics problems;

  JournalFile() { std::filesystem::remove(path); }
  ~JournalFile() override { std::filesystem::remove(path); }

  std::string text() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }

  // Carries the plan out from what the journal holds; the state of every step. The records
  // of so many calls are written at a time, for those who are in a hurry.
  std::string finish(const Plan& plan, std::size_t calls = 1) {
    auto journal = Journal::open(path, problems);
    auto run = journal ? journal->run(plan, {.id = "r"}, 0, problems) : std::nullopt;
    if (!run) return "";
    testing::FakeHost host;
    testing::VirtualClock clock(run->now());
    std::vector<std::string> kept;
    drive(*run, host, clock, {}, [&](std::vector<std::string> records) {
      std::ranges::move(records, std::back_inserter(kept));
      return kept.size() < calls || journal->append(std::exchange(kept, {}), *run);
    });
    journal->append(kept);
    std::string states;
    for (const Step& step : plan.steps()) states += step.id + " " + std::string(name_of(run->state(step.id))) + "\n";
    return states;
  }
  std::string refusal(const Plan& plan) {
    auto journal = Journal::open(path, problems);
    if (journal) journal->run(plan, {}, 0, problems);
    return problems.empty() ? "" : std::string(problems.items()[0].code);
  }
};

TEST_F(JournalFile, HoldsALineForEachRecord) {
  finish(plan("a b<-a"));
  EXPECT_EQ(std::ranges::count(text(), '\n'), 5);   // opened, and a task and a report for each
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

// From every byte of it: what is not torn stays as it was, and the end is the same.
TEST_F(JournalFile, GoesOnFromAnyByte) {
  const Plan all = plan("a b");
  const std::string end = finish(all), whole = text();
  for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
    write(whole.substr(0, bytes));
    EXPECT_EQ(finish(all), end) << bytes << problems;
    const auto kept = bytes == 0 || whole[bytes - 1] == '\n' ? bytes : whole.rfind('\n', bytes - 1) + 1;
    EXPECT_TRUE(text().starts_with(whole.substr(0, kept))) << bytes;
  }
}

// Where no task was in flight, the rest of the records is the same too.
TEST_F(JournalFile, WritesTheSameRecordsAgain) {
  const Plan all = plan("a b<-a c<-a");
  finish(all);
  const std::string whole = text();
  for (std::size_t at = 0; at < whole.size(); at = whole.find('\n', at) + 1) {
    const std::string prefix = whole.substr(0, at);
    const auto last = prefix.rfind("\"kind\":\"");
    if (last != prefix.npos && prefix.compare(last, 13, "\"kind\":\"task\"") == 0) continue;
    write(prefix);
    finish(all);
    EXPECT_EQ(text(), whole) << at;
  }
}

TEST_F(JournalFile, RefusesASecondWriter) {
  const auto first = Journal::open(path, problems);
  ASSERT_TRUE(first);
  EXPECT_EQ(refusal(plan("a")), "journal-locked");
}

TEST_F(JournalFile, RefusesAnotherPlanAndANewerVersion) {
  finish(plan("a"));
  const std::string whole = text();
  EXPECT_EQ(refusal(plan("b")), "plan-changed");
  problems = {};
  Record opened;
  ASSERT_EQ(read_record(whole.substr(0, whole.find('\n')), opened), LineState::whole);
  opened.payload.as_object()["version"] = 2;
  write(record_line(opened.seq, opened.time, opened.kind, serialize(opened.payload)) + '\n');
  EXPECT_EQ(refusal(plan("a")), "record-version");
}

TEST_F(JournalFile, DoesNotTouchWhatIsNoJournal) {
  write("apiVersion: v1");
  EXPECT_EQ(refusal(plan("a")), "record-malformed");
  EXPECT_EQ(text(), "apiVersion: v1");
}

TEST_F(JournalFile, RefusesDamage) {
  finish(plan("a b"));
  std::string whole = text();
  whole[whole.find("\"task\":\"a#1\"") + 8] = 'b';
  write(whole);
  EXPECT_EQ(refusal(plan("a b")), "record-malformed");
}

// What was being written when the program died is cut off, whatever has become of it: what is written later stands behind whole records.
TEST_F(JournalFile, CutsATornEndOff) {
  const Plan all = plan("a b<-a c<-b");
  const std::string end = finish(all), whole = text();
  const std::size_t at = whole.find('\n', whole.find("\"kind\":\"report\"")) + 1;
  const std::string begin = whole.substr(0, at), half = whole.substr(at, 30);
  using namespace std::string_literals;
  for (const std::string& torn : {"hello\n"s, half, half + "\n", half + "\0\0\0"s, half + "\0\0\n"s, "\0\0\0\n"s, "   \n  "s, "\n"s}) {
    write(begin + torn);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(finish(all), end) << torn << problems;
    EXPECT_EQ(text(), whole) << torn;
  }
}

// A whole JSON value that is no record, or two lines of anything: nobody was writing that.
TEST_F(JournalFile, LeavesDamageAtItsEndAsItIs) {
  const Plan all = plan("a b");
  finish(all);
  const std::string whole = text();
  for (const std::string damage : {"{}\n", "[1]\n", "12\n", "12", "{\"seq\":9}", "one\ntwo\n"}) {
    write(whole + damage);
    for (int i = 0; i < 2; ++i) {
      problems = {};
      EXPECT_EQ(refusal(all), "record-malformed") << damage;
      EXPECT_EQ(problems.items()[0].message, "line 6 of the journal is damaged");
    }
    EXPECT_EQ(text(), whole + damage);
  }
  auto journal = Journal::open(path, problems);
  ASSERT_TRUE(journal);
  EXPECT_FALSE(journal->run(all, {}, 0, problems));
  EXPECT_FALSE(journal->append(std::vector<std::string>{"{}"}));
}

// A long one is read from its newest checkpoint on.
TEST_F(JournalFile, HasCheckpointsWhenItIsLong) {
  std::string steps;
  for (int i = 0; i < 6'000; ++i) steps += " s" + std::to_string(i);
  const Plan all = plan(steps);
  const std::string end = finish(all, 500);
  const std::string whole = text();
  const auto at = whole.rfind("\"kind\":\"checkpoint\"");
  ASSERT_NE(at, whole.npos);
  const auto line = whole.rfind('\n', at) + 1;
  write(std::string(whole.substr(0, 40)) + '\n' + whole.substr(line));   // what stands before it is not read
  EXPECT_EQ(finish(all, 500), end) << problems;
  write(whole.substr(0, whole.find('\n', at) + 1));
  EXPECT_EQ(finish(all, 500), end) << problems;
  std::string damaged = whole;                         // the second line behind it
  const auto second = whole.find('\n', whole.find('\n', at) + 1) + 1;
  damaged[second + 12] ^= 1;
  write(damaged);
  EXPECT_EQ(refusal(all), "record-malformed");
  EXPECT_EQ(problems.items()[0].message, "line " + std::to_string(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(second), '\n') + 1) + " of the journal is damaged");
}

}  // namespace
}  // namespace oam::tests
