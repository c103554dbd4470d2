#include <gtest/gtest.h>

#include <oam/hosts/exec.hpp>
#include <oam/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

namespace oam {
namespace {

// A program that lives as long as the test.
class Program {
 public:
  explicit Program(const std::string& body) : path_(testing::TempDir() + "oam-host-" + std::to_string(getpid())) {
    std::ofstream(path_) << "#!/bin/sh\n" << body << '\n';
    chmod(path_.c_str(), S_IRWXU);
  }
  Program(const Program&) = delete;
  ~Program() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Task task(std::size_t bytes = 10) {
  Task made;
  made.id = made.step = "web/apply/ConfigMap/web";
  made.action = "create";
  made.object = share({{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "web"}}}, {"data", {{"text", std::string(bytes, 'x')}}}});
  return made;
}

TEST(ExecHost, TakesTheOutcomeOfItsProgram) {
  const Program program("grep -q '\"action\":\"create\"' && echo '{\"result\": \"succeeded\", \"revision\": \"7\"}'");
  const Outcome outcome = hosts::Exec(program.path()).perform(task());
  EXPECT_EQ(outcome.result, Outcome::Result::succeeded) << outcome.message;
  EXPECT_EQ(outcome.revision, "7");
}

// More than a pipe holds; SIGPIPE would end this test.
TEST(ExecHost, OutlivesAProgramThatDoesNotRead) {
  std::signal(SIGPIPE, SIG_DFL);
  const Program program("exec <&-; echo '{\"result\": \"succeeded\"}'");
  const Outcome outcome = hosts::Exec(program.path()).perform(task(1u << 20));
  EXPECT_EQ(outcome.result, Outcome::Result::succeeded) << outcome.message;
  EXPECT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
}

TEST(ExecHost, SaysHowItsProgramEnded) {
  const Program program("echo no space left >&2; exit 3");
  const Outcome outcome = hosts::Exec(program.path()).perform(task());
  EXPECT_EQ(outcome.result, Outcome::Result::failed);
  EXPECT_EQ(outcome.message, program.path() + ": it exited with 3: no space left");
}

TEST(ExecHost, KnowsNothingOfAProgramThatIsLate) {
  const Program program("sleep 60");
  hosts::Exec::Options options;
  options.timeout = 50;
  const Outcome outcome = hosts::Exec(program.path(), options).perform(task());
  EXPECT_EQ(outcome.result, Outcome::Result::unknown);
  EXPECT_EQ(outcome.message, program.path() + ": it did not answer in time");
}

// An object of the same kind and name may still be another one.
TEST(ExecHost, TakesNoOtherObjectForThatOfTheStep) {
  const auto said = [](const std::string& version, const std::string& space) {
    const Program program("echo '{\"result\": \"succeeded\", \"object\": {\"apiVersion\": \"" + version + "\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"web\", \"namespace\": \"" + space + "\"}}}'");
    Task asked = task();
    asked.kind = Step::Kind::apply;
    asked.target.namespace_ = "shop";
    const Outcome outcome = hosts::Exec(program.path()).perform(asked);
    return outcome.result == Outcome::Result::succeeded ? "" : outcome.message.substr(program.path().size());
  };
  EXPECT_EQ(said("v1", "shop"), "");
  EXPECT_EQ(said("v1", ""), "");
  EXPECT_EQ(said("v1", "other"), ": its object is ConfigMap web in other, not ConfigMap web in shop");
  EXPECT_EQ(said("example.com/v1", "shop"), ": its object is example.com/v1 ConfigMap web, not v1 ConfigMap web");
}

}  // namespace
}  // namespace oam
