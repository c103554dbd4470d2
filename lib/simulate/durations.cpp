// How long things take: what is assumed, what people say, what a journal tells.
#include <oam/simulate.hpp>

#include <oam/record.hpp>
#include "support/duration.hpp"
#include "support/json.hpp"
#include "support/problems.hpp"

#include <algorithm>
#include <array>

namespace oam {

namespace {

struct Assumption {
  std::string_view key;
  Duration duration;
};

// docs/simulate.md lists them; a test compares.
constexpr auto kAssumptions = std::to_array<Assumption>({
    {"apply", {100, 0}},
    {"hook", {1'000, 0}},
    {"render", {0, 0}},
    {"CustomResourceDefinition.apiextensions.k8s.io", {100, 2'000}},
    {"DaemonSet.apps", {100, 15'000}},
    {"Deployment.apps", {100, 10'000}},
    {"Job.batch", {100, 20'000}},
    {"PersistentVolumeClaim", {100, 5'000}},
    {"Pod", {100, 5'000}},
    {"StatefulSet.apps", {100, 30'000}},
});

// KIND.GROUP of KIND.GROUP/NAME
std::string_view kind_of(const Step& step) { return step.resource.view().substr(0, step.resource.view().find('/')); }

// The same of COMPONENT/apply/KIND.GROUP/NAME; empty if it is none.
std::string_view kind_of_id(std::string_view id) {
  constexpr std::string_view kApply = "/apply/";
  const auto begin = id.find(kApply);
  if (begin == id.npos) return {};
  const std::string_view rest = id.substr(begin + kApply.size());
  return rest.substr(0, rest.find('/'));
}

std::optional<Duration> read_duration(std::string_view text, const Duration& assumed) {
  const auto plus = text.find('+', 1);
  if (plus != text.npos) {
    const auto takes = detail::parse_duration(text.substr(0, plus)), settles = detail::parse_duration(text.substr(plus + 1));
    return takes && settles ? std::optional(Duration{*takes, *settles}) : std::nullopt;
  }
  const auto whole = detail::parse_duration(text);
  if (!whole) return std::nullopt;
  const Time takes = std::min(*whole, assumed.takes);
  return Duration{takes, *whole - takes};
}

}  // namespace

Durations::Durations() {
  for (const Assumption& assumption : kAssumptions) by_key_.emplace(assumption.key, assumption.duration);
}

Durations& Durations::set(std::string key, Duration duration) {
  by_key_[std::move(key)] = duration;
  return *this;
}

// Of a hook and a render the whole is until the answer; of an apply no more than the
// assumed part is, the rest is until its gate is met.
bool Durations::set(std::string_view words) {
  const auto equals = words.rfind('=');
  if (equals == words.npos || equals == 0) return false;
  const std::string_view key = words.substr(0, equals);
  const bool applies = key != "hook" && key != "render" && key.find("/hook/") == key.npos && !key.ends_with("/render");
  const auto duration = read_duration(words.substr(equals + 1), applies ? by_key_["apply"] : Duration{INT64_MAX, 0});
  if (duration) by_key_[std::string(key)] = *duration;
  return duration.has_value();
}

std::optional<Time> Durations::read(std::string_view text) { return detail::parse_duration(text); }

namespace {

// The first that is there counts.
std::array<std::string_view, 4> keys_of(const Step& step) {
  const std::string_view kind = kind_of(step);
  return {std::string_view(step.id), kind, kind.substr(0, kind.find('.')), name_of(step.kind)};
}

}  // namespace

Duration Durations::of(const Step& step) const {
  for (const std::string_view key : keys_of(step))
    if (const auto found = by_key_.find(key); !key.empty() && found != by_key_.end()) return found->second;
  return {};
}

bool Durations::fits(std::string_view key, const Step& step) {
  const auto keys = keys_of(step);
  return !key.empty() && std::ranges::find(keys, key) != keys.end();
}

namespace {

// The records of a run, read for how long each step took. What passed between a crash and the
// restart is nobody's time.
class History {
 public:
  void read(const Record& record) {
    if (record.kind == "resumed") lost_ += record.time - newest_;
    newest_ = record.time;
    const Time now = record.time - lost_;
    const std::string_view id = detail::text_at(record.payload, "task");
    const auto hash = id.rfind('#');
    if (hash == id.npos) return;
    Seen& seen = steps_[std::string(id.substr(0, hash))];
    const bool look = id.find('.', hash) != id.npos;
    if (record.kind == "task" && !look) seen = {now, -1, -1};
    if (record.kind != "report") return;
    const std::string_view result = detail::text_at(record.payload, "result");
    if (result != "succeeded" && result != "unchanged") return;
    if (!look) seen.answered = now;
    if (!detail::text_at(record.payload, "gate").empty() || detail::member(record.payload, "incomplete")) seen.met = -1;
    else if (seen.met < 0) seen.met = now;   // how long it must stay so is not its own
  }

  // Those that came to a good end.
  std::map<std::string, Duration> durations() const {
    std::map<std::string, Duration> all;
    for (const auto& [id, seen] : steps_)
      if (seen.answered >= 0 && seen.met >= seen.answered) all[id] = {seen.answered - seen.begun, seen.met - seen.answered};
    return all;
  }

 private:
  struct Seen {
    Time begun = 0, answered = -1, met = -1;
  };
  std::map<std::string, Seen> steps_;
  Time newest_ = 0, lost_ = 0;
};

Time median(std::vector<Time> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

}  // namespace

bool Durations::learn(std::span<const std::string> records, Diagnostics& diagnostics) {
  detail::Problems problems({}, diagnostics);
  History history;
  for (std::size_t i = 0; i < records.size(); ++i) {
    Record record;
    const LineState state = read_record(records[i], record);
    if (state == LineState::whole) history.read(record);
    else if (state != LineState::torn || i + 1 < records.size())
      problems.error("record-malformed", {}, "line " + std::to_string(i + 1) + " of the records is damaged");
  }
  if (problems.has_errors()) return false;
  std::map<std::string, std::pair<std::vector<Time>, std::vector<Time>>, std::less<>> kinds;
  for (const auto& [id, duration] : history.durations()) {
    by_key_[id] = duration;
    const std::string_view kind = kind_of_id(id);
    if (kind.empty()) continue;
    auto& [takes, settles] = kinds[std::string(kind)];
    takes.push_back(duration.takes);
    settles.push_back(duration.settles);
  }
  for (auto& [kind, times] : kinds) by_key_[kind] = {median(std::move(times.first)), median(std::move(times.second))};
  return true;
}

namespace {

bool read_result(std::string_view word, Fault& fault) {
  fault.stalls = word == "stall";
  if (fault.stalls) return true;
  for (auto result = Outcome::Result::succeeded; result < Outcome::Result::progress; result = static_cast<Outcome::Result>(static_cast<int>(result) + 1)) {
    if (name_of(result) != word) continue;
    fault.outcome.result = result;
    return true;
  }
  return false;
}

bool read_times(std::string_view text, Fault& fault) {
  fault.times = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || fault.times > 1'000'000) return false;
    fault.times = fault.times * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return !text.empty();
}

}  // namespace

std::optional<Fault> Fault::parse(std::string_view words) {
  Fault fault;
  const auto equals = words.rfind('=');
  fault.step = words.substr(0, equals);
  if (equals == words.npos) return fault;
  std::string_view result = words.substr(equals + 1);
  if (const auto star = result.find('*'); star != result.npos) {
    if (!read_times(result.substr(star + 1), fault)) return std::nullopt;
    result = result.substr(0, star);
    if (result == "stall") return std::nullopt;   // a gate is met once or never
  }
  return read_result(result, fault) ? std::optional(std::move(fault)) : std::nullopt;
}

}  // namespace oam
