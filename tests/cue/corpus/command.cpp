#include "corpus/command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <regex>

#include <boost/json/array.hpp>

namespace oam::cue::corpus {

namespace fs = std::filesystem;
namespace js = boost::json;

namespace {

struct Output {
  int code = 0;
  std::string out, error;
};

[[noreturn]] void become(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& out, const fs::path& error) {
  std::vector<char*> raw;
  for (const std::string& each : arguments) raw.push_back(const_cast<char*>(each.c_str()));
  raw.push_back(nullptr);
  const int files[] = {::open("/dev/null", O_RDONLY), ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600),
                       ::open(error.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600)};
  for (int i = 0; i < 3; ++i) ::dup2(files[i], i);
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  ::execv(raw[0], raw.data());
  ::_exit(127);
}

Output call(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& scratch) {
  const pid_t child = ::fork();
  if (child == 0) become(arguments, folder, scratch / "stdout", scratch / "stderr");
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(scratch / "stdout"), read_text(scratch / "stderr")};
}

// Go's regular expressions, as far as ECMAScript writes them alike.
bool matches(std::string pattern, const std::string& text) {
  if (pattern.starts_with("(?s)") || pattern.starts_with("(?m)")) pattern.erase(0, 4);
  try {
    return std::regex_search(text, std::regex(pattern, std::regex::ECMAScript | std::regex::multiline));
  } catch (const std::regex_error&) {
    return false;
  }
}

// Empty if the stream is as expected: exactly, or by regular expressions, each [mark,
// text], where the mark "!" says that it must not match and another is a flag of grep.
std::string difference(const js::object& check, const std::string& name, const std::string& got) {
  if (check.contains(name) && text_of(check, name) != got)
    return name + " expected:\n" + text_of(check, name) + name + " got:\n" + got;
  const js::value* patterns = check.if_contains(name + "_re");
  if (!patterns) return "";
  for (const js::value& each : patterns->as_array()) {
    const bool wanted = !(each.at(0).is_string() && each.at(0).as_string() == "!");
    const std::string pattern(each.at(1).as_string());
    if (pattern.starts_with("-count")) continue;   // how often, of a pattern that the case does not keep
    if (matches(pattern, got) != wanted)
      return name + (wanted ? " expected to match: " : " expected not to match: ") + pattern + "\n" + name + " got:\n" + got;
  }
  return "";
}

}  // namespace

Verdict run_command(const Case& c, const js::object& check) {
  static const std::string program = OAM_PROGRAM;
  if (program.empty()) return {.note = "no program"};
  char scratch_name[] = "/tmp/oam-cue-XXXXXX";
  if (!::mkdtemp(scratch_name)) return {.note = "no scratch folder"};
  const fs::path scratch(scratch_name);
  fs::copy(c.input, scratch / "in", fs::copy_options::recursive);
  std::vector<std::string> arguments{program, "cue"};
  std::string line = "oam cue";
  for (const js::value& each : check.at("argv").as_array()) {
    arguments.emplace_back(each.as_string());
    line += " " + arguments.back();
  }
  const Output got = call(arguments, scratch / "in", scratch);
  fs::remove_all(scratch);
  const bool failed = got.code != 0, should_fail = check.at("fail").as_bool();
  if (failed != should_fail)
    return {.note = line + "\nexit code " + std::to_string(got.code) + "\n" + got.error + "\nexpected:\n" + text_of(check, "stdout") + text_of(check, "stderr")};
  const std::string out = difference(check, "stdout", got.out), error = difference(check, "stderr", got.error);
  return {.passed = out.empty(), .words_differ = !error.empty(), .asks = true, .note = line + "\n" + out + error};
}

}  // namespace oam::cue::corpus
