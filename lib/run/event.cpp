// Event: the attributes of a CloudEvent, its JSON, and its line in a log.
#include <oam/json.hpp>

#include "run/machine.hpp"
#include "run/origin.hpp"
#include "support/json.hpp"

#include <array>

namespace oam {

namespace {

// RFC 3339 in UTC, from milliseconds since 1970. Civil dates from day numbers,
// with years that begin in March.
std::string rfc3339(Time time) {
  constexpr Time kDay = 86'400'000;
  Time days = time / kDay, rest = time % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  days += 719'468;
  const Time era = (days >= 0 ? days : days - 146'096) / 146'097;
  const Time day_of_era = days - era * 146'097;
  const Time year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const Time day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const Time month = (5 * day_of_year + 2) / 153;
  const Time day = day_of_year - (153 * month + 2) / 5 + 1;
  const Time year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
  const auto digits = [](Time number, std::size_t width) {
    std::string text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  return digits(year, 4) + "-" + digits(month < 10 ? month + 3 : month - 9, 2) + "-" + digits(day, 2) + "T" +
         digits(rest / 3'600'000, 2) + ":" + digits(rest / 60'000 % 60, 2) + ":" + digits(rest / 1000 % 60, 2) +
         "." + digits(rest % 1000, 3) + "Z";
}

}  // namespace

namespace {

constexpr auto kStepTypes = std::to_array<std::string_view>(
    {"dev.oam.step.waiting", "dev.oam.step.ready", "dev.oam.step.held", "dev.oam.step.dispatched", "dev.oam.step.settling",
     "dev.oam.step.backoff", "dev.oam.step.unknown", "dev.oam.step.succeeded", "dev.oam.step.no_change", "dev.oam.step.skipped",
     "dev.oam.step.failed", "dev.oam.step.blocked", "dev.oam.step.cancelled"});
static_assert(kStepTypes.size() == kStates);

constexpr auto kRunTypes = std::to_array<std::string_view>(
    {"", "dev.oam.run.opened", "dev.oam.run.paused", "dev.oam.run.resumed", "dev.oam.run.cancelling", "dev.oam.run.superseded",
     "dev.oam.run.core_done", "dev.oam.step.late"});

constexpr auto kClosedTypes = std::to_array<std::string_view>(
    {"dev.oam.run.closed.succeeded", "dev.oam.run.closed.degraded", "dev.oam.run.closed.failed", "dev.oam.run.closed.cancelled",
     "dev.oam.run.closed.held", "dev.oam.run.closed.paused", "dev.oam.run.closed.superseded"});

constexpr std::uint32_t kNone = Node::kNone;

// What an operator has to look at, and what not.
std::string_view level_of(const Event& event) {
  if (event.about == Event::About::closed) return event.result == RunResult::succeeded ? "info" : event.result == RunResult::failed ? "error" : "warn";
  if (event.about == Event::About::late) return "warn";
  if (event.about == Event::About::object) return event.life && event.life->declared ? "info" : "error";
  if (event.about != Event::About::step) return "info";
  if (event.state == State::failed) return event.lane() == "core" ? "error" : "warn";
  if (event.state == State::blocked || event.state == State::held || event.state == State::backoff || event.state == State::unknown) return "warn";
  return is_end(event.state) ? "info" : "debug";
}

}  // namespace

std::span<const std::string_view> Event::types() noexcept {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> made(kStepTypes.begin(), kStepTypes.end());
    made.insert(made.end(), kRunTypes.begin() + 1, kRunTypes.end());
    made.insert(made.end(), kClosedTypes.begin(), kClosedTypes.end());
    made.insert(made.end(), {"dev.oam.object.changed", "dev.oam.object.undeclared"});
    return made;
  }();
  return all;
}

std::span<const std::string_view> Event::attributes() noexcept {
  static constexpr auto kAll = std::to_array<std::string_view>(
      {"id", "source", "specversion", "type", "subject", "time", "datacontenttype", "run", "planhash", "seq", "attempt", "lane", "cause"});
  return kAll;
}

std::string Event::id() const { return (origin ? origin->run : "") + '/' + std::to_string(seq) + '.' + std::to_string(number); }

std::string Event::source() const { return "/oam/" + (origin ? std::string(origin->plan.application()) : std::string()); }

std::string_view Event::type() const noexcept {
  if (about == About::object) return life && life->declared ? "dev.oam.object.changed" : "dev.oam.object.undeclared";
  if (about == About::step) return kStepTypes[static_cast<std::size_t>(state)];
  if (about == About::closed) return kClosedTypes[static_cast<std::size_t>(result)];
  return kRunTypes[static_cast<std::size_t>(about)];
}

std::string_view Event::step() const noexcept { return origin && step_index != kNone ? std::string_view(origin->plan.steps()[step_index].id) : ""; }
std::string_view Event::lane() const noexcept { return origin && step_index != kNone ? std::string_view(origin->plan.steps()[step_index].lane) : ""; }
std::string_view Event::cause() const noexcept { return origin && cause_index != kNone ? std::string_view(origin->plan.steps()[cause_index].id) : ""; }

std::optional<std::string> Event::attribute(std::string_view name) const {
  const auto text = [](std::string_view given) { return given.empty() ? std::nullopt : std::optional(std::string(given)); };
  if (name == "id") return id();
  if (name == "source") return source();
  if (name == "specversion") return "1.0";
  if (name == "type") return text(type());
  if (name == "subject") return text(step());
  if (name == "time") return rfc3339(time);
  if (name == "datacontenttype") return "application/json";
  if (name == "run") return text(origin ? std::string_view(origin->run) : "");
  if (name == "planhash") return text(origin ? origin->plan.hash() : "");
  if (name == "seq") return std::to_string(seq);
  if (name == "attempt") return attempt > 0 ? std::optional(std::to_string(attempt)) : std::nullopt;
  if (name == "lane") return text(lane());
  if (name == "cause") return text(cause());
  return std::nullopt;
}

namespace {

void append(std::string& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":";
  detail::append_json_string(out, text);
}

void append(std::string& out, std::string_view key, std::uint64_t number) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":" + std::to_string(number);
}

}  // namespace

std::string Event::json() const {
  std::string out = "{";
  append(out, "specversion", "1.0");
  append(out, "id", id());
  append(out, "source", source());
  append(out, "type", type());
  append(out, "subject", step());
  append(out, "time", rfc3339(time));
  append(out, "datacontenttype", "application/json");
  append(out, "run", origin ? std::string_view(origin->run) : "");
  append(out, "planhash", origin ? origin->plan.hash() : "");
  append(out, "seq", seq);
  if (attempt > 0) append(out, "attempt", attempt);
  append(out, "lane", lane());
  append(out, "cause", cause());
  out += ",\"data\":{";
  if (about == About::step) append(out, "from", name_of(from)), append(out, "state", name_of(state));
  if (life) {
    append(out, "life", life->life), append(out, "from", life->from), append(out, "state", life->to);
    append(out, "object", origin && step_index != kNone ? std::string_view(origin->plan.steps()[step_index].resource) : "");
  }
  if (about == About::closed) append(out, "result", name_of(result));
  append(out, "message", message);
  return out + "}}";
}

std::string Event::log() const {
  std::string out = "{";
  append(out, "time", rfc3339(time));
  append(out, "level", level_of(*this));
  append(out, "msg", type().substr(std::string_view("dev.oam.").size()));
  append(out, "run", origin ? std::string_view(origin->run) : "");
  append(out, "step", step());
  if (attempt > 0) append(out, "attempt", attempt);
  append(out, "cause", cause());
  append(out, "detail", life ? life->from + " -> " + life->to : message);
  append(out, "event", id());
  return out + '}';
}

namespace detail {

std::vector<Event> ChangeLog::take(const std::shared_ptr<const Event::Origin>& origin) {
  std::vector<Event> events;
  events.reserve(all.size());
  for (const Change& change : all) {
    Event& event = events.emplace_back();
    event.about = change.about;
    event.from = change.from;
    event.state = change.state;
    event.result = change.result;
    event.time = change.time;
    event.seq = change.seq;
    event.number = change.number;
    event.attempt = change.attempt;
    if (change.about == Event::About::object) event.life = std::move(lives[change.message]);
    else if (change.message != Change::kSilent) event.message = std::move(messages[change.message]);
    event.step_index = change.step;
    event.cause_index = change.cause;
    event.origin = origin;
  }
  all.clear();
  messages.clear();
  lives.clear();
  return events;
}

}  // namespace detail
}  // namespace oam
