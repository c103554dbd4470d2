#include "resolve/paces.hpp"

#include <array>

namespace oam::detail {
namespace {

struct PaceWord {
  std::string_view section, field;
  std::optional<Time> Pace::*value;
  std::int64_t least = -1;                  // of a number; else it is a length of time
};

constexpr auto kPaceWords = std::to_array<PaceWord>({
    {"gate", "timeout", &Pace::settle_timeout},
    {"gate", "healthyFor", &Pace::healthy_for},
    {"gate", "failAfter", &Pace::fail_after},
    {"gate", "poll", &Pace::poll},
    {"retry", "attempts", &Pace::attempts, 1},
    {"retry", "backoff", &Pace::backoff},
    {"retry", "backoffMost", &Pace::backoff_most},
    {"retry", "jitter", &Pace::jitter, 0},
    {"timeouts", "queue", &Pace::queue},
    {"timeouts", "start", &Pace::start},
    {"timeouts", "attempt", &Pace::run},
    {"timeouts", "heartbeat", &Pace::heartbeat},
});

constexpr std::array<std::string_view, 4> kRunFailures{"go-on", "halt", "abort", "hold"};

void read_words(const Section& inner, std::string_view section, Pace& pace) {
  std::vector<std::string_view> fields;
  for (const PaceWord& word : kPaceWords) {
    if (word.section != section) continue;
    fields.push_back(word.field);
    if (!inner.get(word.field)) continue;
    pace.*word.value = word.least < 0 ? inner.duration(word.field) : inner.number(word.field, word.least, word.least);
  }
  inner.check_fields(fields, section);
}

}  // namespace

Pace read_pace(const Section& section) {
  Pace pace;
  for (const std::string_view each : kPaceSections) {
    if (!section.get(each)) continue;
    const Section inner = section.inside(each);
    if (inner.is_object(each)) read_words(inner, each, pace);
  }
  return pace;
}

void read_run_pace(const Section& section, RunPace& pace) {
  pace.steps.take(read_pace(section));
  const auto number = [&](std::string_view field, std::uint32_t& to) {
    if (section.get(field)) to = static_cast<std::uint32_t>(section.number(field, 1, 1));
  };
  number("parallel", pace.parallel);
  number("retryBudget", pace.retry_budget);
  number("failures", pace.failures);
  if (section.get("onFailure")) pace.on_failure = static_cast<OnFailure>(section.word("onFailure", kRunFailures, 0));
}

}  // namespace oam::detail
