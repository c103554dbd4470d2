#include "run/record.hpp"

#include "run/life.hpp"
#include "support/json.hpp"

#include <oam/json.hpp>

#include <algorithm>
#include <array>

namespace oam::detail {

namespace {

using boost::json::value;

constexpr auto kTurns = std::to_array<std::string_view>({"none", "next", "wait", "suspend", "skip", "done", "retry", "fail"});

// A whole number from 0 to `most`.
template <class Number>
bool read_number(const value& object, std::string_view key, Number& to, std::int64_t most = INT64_MAX) {
  const auto found = integer_at(object, key);
  if (!found || *found < 0 || *found > most) return false;
  to = static_cast<Number>(*found);
  return true;
}

}  // namespace

namespace {

// Numbers that are not what they are without being said.
struct Number {
  std::string_view key;
  std::int64_t given, silent;
};

boost::json::array strings(const std::vector<std::string>& texts) { return boost::json::array(texts.begin(), texts.end()); }

boost::json::array pools_of(const RunOptions& options) {
  boost::json::array pools;
  for (const Pool& pool : options.pools) pools.push_back(boost::json::object{{"name", pool.name}, {"capacity", pool.capacity}, {"keys", strings(pool.keys)}});
  return pools;
}

void append_limits(std::string& out, const RunOptions& o) {
  for (const Number& n : std::initializer_list<Number>{
           {"jitter", o.jitter, 0}, {"retry_budget", o.retry_budget, 0}, {"queue_timeout", o.timeouts.queue, 0}, {"start_timeout", o.timeouts.start, 0},
           {"run_timeout", o.timeouts.run, 0}, {"heartbeat_timeout", o.timeouts.heartbeat, 0}, {"healthy_for", o.healthy_for, 0},
           {"fail_after", o.fail_after, 0}, {"failures", o.failures, 1}})
    if (n.given != n.silent) out += ",\"" + std::string(n.key) + "\":" + std::to_string(n.given);
  if (o.on_failure != OnFailure::go_on) out += ",\"on_failure\":\"" + std::string(name_of(o.on_failure)) + '"';
  if (!o.pools.empty()) out += ",\"pools\":", append_json(out, pools_of(o));
  if (o.ignore_pace) out += ",\"ignore_pace\":true";
  if (!o.approvals.empty()) out += ",\"approvals\":", append_json(out, strings(o.approvals));
}

void append_adopted(std::string& out, const Machine& machine) {
  boost::json::array all;
  for (const StepIndex step : machine.adopted()) {
    boost::json::object item{{"step", machine.steps()[step].id}};
    const auto* outputs = machine.outputs(step);
    if (outputs) {
      boost::json::object values;
      boost::json::array names;
      const bool secret = machine.progress(step).secret;
      for (const auto& [name, given] : *outputs) {
        if (secret || !given) names.emplace_back(name);
        else values[name] = *given;
      }
      item[secret ? "withheld" : "outputs"] = secret ? boost::json::value(std::move(names)) : boost::json::value(std::move(values));
    }
    all.push_back(std::move(item));
  }
  if (!all.empty()) out += ",\"adopted\":", append_json(out, all);
}

}  // namespace

std::string opened_payload(const Machine& machine) {
  const Plan& plan = machine.plan();
  const RunOptions& options = machine.options();
  std::string out = "{\"version\":" + std::to_string(kRecordVersion) + ",\"plan\":";
  append_json_string(out, plan.hash());
  out += ",\"application\":";
  append_json_string(out, plan.application());
  out += ",\"run\":";
  append_json_string(out, options.id);
  out += ",\"attempts\":" + std::to_string(options.attempts);
  out += ",\"backoff\":" + std::to_string(options.backoff);
  out += ",\"backoff_most\":" + std::to_string(options.backoff_most);
  out += ",\"poll\":" + std::to_string(options.poll);
  append_limits(out, options);
  append_adopted(out, machine);
  return out + "}";
}

void append_task(std::string& out, std::string_view task) {
  out += "{\"task\":";
  append_json_string(out, task);
  out += '}';
}

void append_report(std::string& out, std::string_view task, const Verdict& verdict) {
  out += "{\"task\":";
  append_json_string(out, task);
  out += ",\"result\":\"";
  out += name_of(verdict.result);
  out += '"';
  if (verdict.gate != Verdict::Gate::met)
    out += verdict.gate == Verdict::Gate::failed ? ",\"gate\":\"failed\"" : ",\"gate\":\"pending\"";
  if (verdict.incomplete) out += ",\"incomplete\":true";
  if (verdict.turn) {
    out += ",\"turn\":\"";
    out += kTurns[static_cast<std::size_t>(*verdict.turn)];
    out += '"';
  }
  const auto text = [&](std::string_view key, std::string_view words) {
    if (words.empty()) return;
    out += ",\"" + std::string(key) + "\":";
    append_json_string(out, words);
  };
  text("message", verdict.message);
  text("revision", verdict.revision);
  if (verdict.retry_after) out += ",\"retry_after\":" + std::to_string(*verdict.retry_after);
  if (verdict.life) out += ",\"life\":", append_json(out, life_json(*verdict.life));
  if (!verdict.outputs.empty() && verdict.secret) {
    boost::json::array names;
    for (const auto& [name, given] : verdict.outputs) names.emplace_back(name);
    out += ",\"withheld\":";
    append_json(out, names);
  } else if (!verdict.outputs.empty()) {
    boost::json::object outputs;
    for (const auto& [name, given] : verdict.outputs) outputs[name] = *given;
    out += ",\"outputs\":";
    append_json(out, outputs);
  }
  if (verdict.objects && !verdict.secret) {
    out += ",\"objects\":";
    append_json(out, *verdict.objects);
  }
  out += '}';
}

void append_decision(std::string& out, std::string_view step, std::string_view command, const Decision& by) {
  out += '{';
  const auto text = [&](std::string_view key, std::string_view words) {
    if (words.empty()) return;
    out += out.back() != '{' ? ",\"" : "\"";
    out += std::string(key) + "\":";
    append_json_string(out, words);
  };
  text("step", step);
  text("command", command);
  text("actor", by.actor);
  text("reason", by.reason);
  text("event", by.event);
  text("successor", by.successor);
  out += '}';
}

namespace {

// One that may be missing.
template <class Number>
bool read_maybe(const value& payload, std::string_view key, Number& to, std::int64_t most = INT64_MAX) {
  return !member(payload, key) || read_number(payload, key, to, most);
}

std::vector<std::string> read_strings(const value& object, std::string_view key) {
  std::vector<std::string> texts;
  if (const value* list = member(object, key); list && list->is_array())
    for (const value& text : list->get_array())
      if (text.is_string()) texts.emplace_back(text.get_string());
  return texts;
}

void read_pools(const value& payload, RunOptions& options) {
  const value* list = member(payload, "pools");
  options.pools.clear();
  if (!list || !list->is_array()) return;
  for (const value& item : list->get_array()) {
    Pool pool;
    pool.name = text_at(item, "name");
    pool.keys = read_strings(item, "keys");
    read_maybe(item, "capacity", pool.capacity, UINT32_MAX);
    options.pools.push_back(std::move(pool));
  }
}

bool read_limits(const value& payload, RunOptions& o) {
  o.jitter = o.retry_budget = 0;
  o.failures = 1;
  o.timeouts = {};
  o.healthy_for = o.fail_after = 0;
  o.on_failure = OnFailure::go_on;
  const std::string_view rule = text_at(payload, "on_failure");
  for (const OnFailure known : {OnFailure::halt, OnFailure::abort, OnFailure::hold})
    if (name_of(known) == rule) o.on_failure = known;
  o.approvals = read_strings(payload, "approvals");
  o.ignore_pace = member(payload, "ignore_pace") != nullptr;
  read_pools(payload, o);
  return read_maybe(payload, "jitter", o.jitter, UINT32_MAX) && read_maybe(payload, "retry_budget", o.retry_budget, UINT32_MAX) &&
         read_maybe(payload, "queue_timeout", o.timeouts.queue) && read_maybe(payload, "start_timeout", o.timeouts.start) &&
         read_maybe(payload, "run_timeout", o.timeouts.run) && read_maybe(payload, "heartbeat_timeout", o.timeouts.heartbeat) &&
         read_maybe(payload, "healthy_for", o.healthy_for) && read_maybe(payload, "fail_after", o.fail_after) &&
         read_maybe(payload, "failures", o.failures, UINT32_MAX);
}

}  // namespace

bool read_options(const value& payload, RunOptions& options) {
  options.id = text_at(payload, "run");
  return read_number(payload, "attempts", options.attempts, UINT32_MAX) &&
         read_number(payload, "backoff", options.backoff) &&
         read_number(payload, "backoff_most", options.backoff_most) &&
         read_number(payload, "poll", options.poll) && read_limits(payload, options);
}

namespace {

void read_outputs(const value& payload, Verdict& verdict) {
  if (const value* outputs = member(payload, "outputs"); outputs && outputs->is_object())
    for (const auto& item : outputs->get_object())
      verdict.outputs[std::string(item.key().data(), item.key().size())] = share(item.value());
  if (const value* names = member(payload, "withheld"); names && names->is_array()) {
    verdict.secret = true;
    for (const value& name : names->get_array())
      if (name.is_string()) verdict.outputs[std::string(name.get_string())] = nullptr;
  }
}

}  // namespace

bool read_verdict(const value& payload, Verdict& verdict) {
  const std::string_view result = text_at(payload, "result");
  bool known = false;
  for (auto r = Outcome::Result::succeeded; r <= Outcome::Result::progress;
       r = static_cast<Outcome::Result>(static_cast<int>(r) + 1)) {
    if (name_of(r) != result) continue;
    verdict.result = r;
    known = true;
  }
  const std::string_view gate = text_at(payload, "gate");
  verdict.gate = gate == "failed"    ? Verdict::Gate::failed
                 : gate == "pending" ? Verdict::Gate::pending
                                     : Verdict::Gate::met;
  verdict.incomplete = member(payload, "incomplete") != nullptr;
  if (const auto turn = std::ranges::find(kTurns, text_at(payload, "turn")); turn != kTurns.end())
    verdict.turn = static_cast<ProgramTurn::What>(turn - kTurns.begin());
  verdict.message = text_at(payload, "message");
  verdict.revision = text_at(payload, "revision");
  verdict.retry_after = integer_at(payload, "retry_after");
  if (const value* life = member(payload, "life")) verdict.life = read_life(*life);
  read_outputs(payload, verdict);
  if (const value* objects = member(payload, "objects")) verdict.objects = share(*objects);
  return known;
}

std::optional<Command> read_command(const value& payload) { return command_named(text_at(payload, "command")); }

Decision read_decision(const value& payload) {
  const auto text = [&](std::string_view key) { return std::string(text_at(payload, key)); };
  return {.actor = text("actor"), .reason = text("reason"), .event = text("event"), .successor = text("successor")};
}

void adopt(const value& opened, Machine& machine) {
  const value* list = member(opened, "adopted");
  if (!list || !list->is_array()) return;
  for (const value& item : list->get_array()) {
    const StepIndex step = machine.find(text_at(item, "step"));
    Verdict verdict;
    read_outputs(item, verdict);
    if (step != kNoStep) machine.adopt(step, std::move(verdict));
  }
}

}  // namespace oam::detail
