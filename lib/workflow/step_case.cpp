#include "workflow/step_case.hpp"

#include <algorithm>
#include <vector>

#include <oam/json.hpp>

#include "resolve/section.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// "id", "about" and "expect" are those of a collection of cases.
constexpr std::string_view kCaseFields[] = {"definition", "parameter", "context", "script", "rounds", "phase", "inputs", "outputs",
                                            "if",         "status",    "vars",    "id",     "about",  "expect"};
constexpr bool kWarns = true;   // a collection of cases may say more of them
constexpr std::string_view kRoundFields[] = {"script", "phase"};
constexpr std::string_view kAnswerFields[] = {"do", "path", "returns", "error", "wait", "pending", "healthy", "live"};
constexpr std::string_view kCaseInputFields[] = {"from", "parameterKey"};
constexpr std::string_view kCaseOutputFields[] = {"name", "valueFrom"};

void check_script(const Section& of) {
  of.each("script", [](const Section& answer) { answer.check_fields(kAnswerFields, "an answer", kWarns); });
}

// The actions that were asked for.
void add_asked(const json::value& round, std::vector<std::string_view>& asked) {
  for (const json::value& each : round.at("actions").get_array()) asked.push_back(text_at(each, "do"));
}

}  // namespace

void check_step_case(const json::value& given, Problems& problems) {
  const Section whole(problems, given, {0, ""});
  whole.check_fields(kCaseFields, "a case", kWarns);
  check_script(whole);
  whole.each("rounds", [](const Section& round) {
    round.check_fields(kRoundFields, "a round", kWarns);
    check_script(round);
  });
  whole.each("inputs", [](const Section& input) { input.check_fields(kCaseInputFields, "an input", kWarns); });
  whole.each("outputs", [](const Section& output) { output.check_fields(kCaseOutputFields, "an output", kWarns); });
}

void check_answers_taken(const json::value& given, const json::value& made, std::span<const std::string> untaken, Problems& problems) {
  std::vector<std::string_view> asked;
  add_asked(made, asked);
  if (const json::value* rounds = member(made, "rounds"))
    for (const json::value& each : rounds->get_array()) add_asked(each, asked);
  for (const std::string& pointer : untaken) {
    const std::string name(text_at(*find_pointer(given, pointer), "do"));
    problems.warning("unused-answer", {0, pointer}, "an answer is given to \"" + name + "\", which the step does not ask" + (std::ranges::find(asked, name) == asked.end() ? "" : " there, or not so often"))
        .hint(did_you_mean(name, asked));
  }
}

}  // namespace oam::detail
