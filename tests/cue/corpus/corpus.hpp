// The conformance corpus: cases, their checks, and what came of them. A case is a
// folder `in/` and a `case.json`; each runs in a process of its own, so that a crash or
// a hang is a failure like another.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace oam::cue::corpus {

struct Case {
  std::string category, name;
  std::filesystem::path input;          // the folder with its files
  boost::json::array checks;

  std::string id() const { return category + "/" + name; }
};

struct Verdict {
  bool passed = false;
  bool words_differ = false;            // passed, but a message reads otherwise
  bool asks = true;                     // false: the check does not say what is expected, and does not count
  std::string note;                     // what was expected, and what came
};

// Cases of a category whose id contains `only`, by name.
std::vector<Case> read_cases(const std::filesystem::path& corpus, const std::string& category, const std::string& only);

// One verdict a check.
std::vector<Verdict> run_checks(const Case& c);

// The same in a process of its own, ended after so many seconds.
std::vector<Verdict> run_isolated(const Case& c, int seconds);

std::string read_text(const std::filesystem::path& file);

// A text of a JSON member, empty where there is none.
std::string text_of(const boost::json::object& o, std::string_view name);

}  // namespace oam::cue::corpus
