// Outcome, Task and Event as text, and their names.
#include <oam/json.hpp>
#include <oam/run.hpp>

#include "run/life.hpp"
#include "support/json.hpp"
#include "support/problems.hpp"
#include "support/spell.hpp"

#include <algorithm>
#include <array>

namespace oam {

namespace {

constexpr auto kResults = std::to_array<std::string_view>({
    "succeeded", "unchanged", "retry", "failed", "conflict", "not_found", "exists", "rejected",
    "cancelled", "unknown", "progress"});

constexpr auto kRunResults = std::to_array<std::string_view>(
    {"succeeded", "degraded", "failed", "cancelled", "held", "paused", "superseded"});
constexpr auto kCommands = std::to_array<std::string_view>({"retry", "skip", "accept", "approve", "cancel"});

void append_field(std::string& out, std::string_view key, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":";
  detail::append_json_string(out, text);
}

void append_field(std::string& out, std::string_view key, const Value& value) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":";
  if (value) detail::append_json(out, *value);
  else out += "null";
}

void append_field(std::string& out, std::string_view key, std::int64_t number) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += key;
  out += "\":" + std::to_string(number);
}

bool is_something(const Value& value) { return value && !value->is_null(); }

// Reads the fields of an Outcome; says what is wrong with each.
class Reader {
 public:
  Reader(const boost::json::object& fields, detail::Problems& problems) : fields_(fields), problems_(problems) {}

  void text(const char* key, std::string& to) const {
    const auto* found = fields_.if_contains(key);
    if (!found || found->is_null()) return;
    if (found->is_string()) to = std::string(found->get_string());
    else wrong(key, "a string");
  }

  void result(Outcome& outcome) const {
    std::string name;
    text("result", name);
    const auto found = std::ranges::find(kResults, name);
    if (found != kResults.end()) {
      outcome.result = static_cast<Outcome::Result>(found - kResults.begin());
      return;
    }
    problems_.error("outcome-malformed", {}, name.empty() ? "the outcome has no \"result\"" : "unknown result \"" + name + "\"")
        .expected("succeeded, unchanged, retry, failed, conflict, not_found, exists, rejected, cancelled, "
                  "unknown or progress")
        .hint(detail::did_you_mean(name, kResults));
  }

  void retry_after(Outcome& outcome) const {
    const auto* found = fields_.if_contains("retry_after");
    if (!found || found->is_null()) return;
    if (found->is_int64() && found->get_int64() >= 0) outcome.retry_after = found->get_int64();
    else if (found->is_number()) problems_.error("outcome-malformed", {}, "\"retry_after\" of the outcome cannot be " + detail::to_json(*found)).expected(kMilliseconds);
    else wrong("retry_after", kMilliseconds);
  }

  template <class To>
  void flag(const char* key, To& to) const {
    const auto* found = fields_.if_contains(key);
    if (!found || found->is_null()) return;
    if (found->is_bool()) to = found->get_bool();
    else wrong(key, "true or false");
  }

  void outputs(Outcome& outcome) const {
    const auto* found = fields_.if_contains("outputs");
    if (!found || found->is_null()) return;
    if (found->is_object()) outcome.outputs = share(*found);
    else wrong("outputs", "an object: values by name");
  }

  void object(Outcome& outcome) const {
    const auto* found = fields_.if_contains("object");
    if (!found || found->is_null()) return;
    if (found->is_object()) outcome.object = share(*found);
    else wrong("object", "the object as it now is");
  }

  void life(Outcome& outcome) const {
    const auto* found = fields_.if_contains("life");
    if (!found || found->is_null()) return;
    if (const auto read = detail::read_life(*found)) outcome.life = *read;
    else wrong("life", "{\"life\", \"from\", \"to\", \"declared\"}: the state machine of the object, and two of its states");
  }

  void unknown_fields() const {
    static constexpr auto kKnown = std::to_array<std::string_view>(
        {"result", "outputs", "object", "ready", "degraded", "revision", "message", "retry_after", "life"});
    for (const auto& field : fields_) {
      const std::string_view key(field.key().data(), field.key().size());
      if (std::ranges::find(kKnown, key) != kKnown.end()) continue;
      problems_.warning("outcome-malformed", {}, "an outcome has no field \"" + std::string(key) + "\"")
          .hint(detail::did_you_mean(key, kKnown));
    }
  }

 private:
  static constexpr const char* kMilliseconds = "whole milliseconds, 0 or more";

  void wrong(std::string_view key, std::string expected) const {
    problems_.error("outcome-malformed", {}, "\"" + std::string(key) + "\" of the outcome has the wrong type")
        .expected(std::move(expected));
  }

  const boost::json::object& fields_;
  detail::Problems& problems_;
};

}  // namespace

std::string_view name_of(Outcome::Result result) { return kResults[static_cast<std::size_t>(result)]; }
std::string_view name_of(RunResult result) { return kRunResults[static_cast<std::size_t>(result)]; }
std::string_view name_of(Command command) { return kCommands[static_cast<std::size_t>(command)]; }

std::optional<Command> command_named(std::string_view name) {
  const auto found = std::ranges::find(kCommands, name);
  if (found == kCommands.end()) return std::nullopt;
  return static_cast<Command>(found - kCommands.begin());
}

namespace {

Outcome make(Outcome::Result result, std::string message, Value object = nullptr) {
  Outcome outcome;
  outcome.result = result;
  outcome.message = std::move(message);
  outcome.object = std::move(object);
  return outcome;
}

}  // namespace

Outcome Outcome::succeeded(Value object) { return make(Result::succeeded, "", std::move(object)); }
Outcome Outcome::unchanged(Value object) { return make(Result::unchanged, "", std::move(object)); }
Outcome Outcome::failed(std::string message) { return make(Result::failed, std::move(message)); }
Outcome Outcome::cancelled(std::string message) { return make(Result::cancelled, std::move(message)); }
Outcome Outcome::unknown(std::string message) { return make(Result::unknown, std::move(message)); }

Outcome Outcome::retry(std::string message, std::optional<Time> after) {
  Outcome outcome = make(Result::retry, std::move(message));
  outcome.retry_after = after;
  return outcome;
}

namespace detail {

boost::json::object life_json(const LifeChange& change) {
  boost::json::object out{{"life", change.life}, {"from", change.from}, {"to", change.to}};
  if (!change.declared) out["declared"] = false;
  return out;
}

std::shared_ptr<const LifeChange> read_life(const boost::json::value& value) {
  LifeChange change{std::string(text_at(value, "life")), std::string(text_at(value, "from")), std::string(text_at(value, "to"))};
  const boost::json::value* declared = member(value, "declared");
  if (change.from.empty() || change.to.empty() || (declared && !declared->is_bool())) return nullptr;
  change.declared = !declared || declared->get_bool();
  return std::make_shared<LifeChange>(std::move(change));
}

}  // namespace detail

std::optional<Outcome> Outcome::parse(std::string_view json, Diagnostics& problems) {
  const auto value = parse_json(json, problems, "outcome");
  if (!value) return std::nullopt;
  detail::Problems found({}, problems);
  if (!value->is_object()) {
    found.error("outcome-malformed", {}, "the outcome is no object").expected("{\"result\": \"succeeded\"}");
    return std::nullopt;
  }
  const boost::json::object& fields = value->get_object();
  Outcome outcome;
  const Reader reader(fields, found);
  reader.result(outcome);
  reader.text("message", outcome.message);
  reader.text("revision", outcome.revision);
  reader.retry_after(outcome);
  reader.flag("ready", outcome.ready);
  reader.flag("degraded", outcome.degraded);
  reader.outputs(outcome);
  reader.object(outcome);
  reader.life(outcome);
  reader.unknown_fields();
  if (found.has_errors()) return std::nullopt;
  return outcome;
}

std::string Outcome::json() const {
  std::string out = "{";
  append_field(out, "result", name_of(result));
  if (is_something(outputs)) append_field(out, "outputs", outputs);
  if (is_something(object)) append_field(out, "object", object);
  if (ready) out += *ready ? ",\"ready\":true" : ",\"ready\":false";
  if (degraded) out += ",\"degraded\":true";
  if (!revision.empty()) append_field(out, "revision", revision);
  if (!message.empty()) append_field(out, "message", message);
  if (retry_after) append_field(out, "retry_after", *retry_after);
  if (life) out += ",\"life\":", detail::append_json(out, detail::life_json(*life));
  return out + "}";
}

std::string Task::json() const {
  std::string out = "{";
  append_field(out, "run", run);
  append_field(out, "id", id);
  append_field(out, "step", step);
  append_field(out, "kind", name_of(kind));
  append_field(out, "action", action);
  append_field(out, "attempt", attempt);
  append_field(out, "token", token);
  if (timeout > 0) append_field(out, "timeout", timeout);
  out += ",\"target\":{";
  append_field(out, "cluster", target.cluster);
  append_field(out, "namespace", target.namespace_);
  out += '}';
  append_field(out, "object", object);
  if (expects) {
    out += ",\"expects\":{\"exists\":" + std::string(expects->exists ? "true" : "false");
    if (!expects->uid.empty()) append_field(out, "uid", expects->uid);
    if (!expects->revision.empty()) append_field(out, "revision", expects->revision);
    out += '}';
  }
  return out + "}";
}

}  // namespace oam
