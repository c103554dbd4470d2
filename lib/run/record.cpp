#include "run/record.hpp"

#include "support/json.hpp"

#include <oam/json.hpp>

#include <array>

namespace oam::detail {

namespace {

using boost::json::value;

constexpr auto kCommands = std::to_array<std::string_view>({"retry", "skip", "accept"});

// A whole number from 0 to `most`.
template <class Number>
bool read_number(const value& object, std::string_view key, Number& to, std::int64_t most = INT64_MAX) {
  const auto found = integer_at(object, key);
  if (!found || *found < 0 || *found > most) return false;
  to = static_cast<Number>(*found);
  return true;
}

}  // namespace

std::string opened_payload(const Plan& plan, const RunOptions& options) {
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
  return out + "}";
}

std::string task_payload(std::string_view task) {
  std::string out = "{\"task\":";
  append_json_string(out, task);
  return out + "}";
}

std::string report_payload(std::string_view task, const Verdict& verdict) {
  std::string out = "{\"task\":";
  append_json_string(out, task);
  out += ",\"result\":\"";
  out += name_of(verdict.result);
  out += '"';
  if (verdict.gate != Verdict::Gate::met)
    out += verdict.gate == Verdict::Gate::failed ? ",\"gate\":\"failed\"" : ",\"gate\":\"pending\"";
  if (verdict.incomplete) out += ",\"incomplete\":true";
  const auto text = [&](std::string_view key, std::string_view words) {
    if (words.empty()) return;
    out += ",\"" + std::string(key) + "\":";
    append_json_string(out, words);
  };
  text("message", verdict.message);
  text("revision", verdict.revision);
  if (verdict.retry_after) out += ",\"retry_after\":" + std::to_string(*verdict.retry_after);
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
  return out + "}";
}

std::string command_payload(std::string_view step, Command command) {
  std::string out = "{\"step\":";
  append_json_string(out, step);
  out += ",\"command\":\"";
  out += kCommands[static_cast<std::size_t>(command)];
  return out + "\"}";
}

bool read_options(const value& payload, RunOptions& options) {
  options.id = text_at(payload, "run");
  return read_number(payload, "attempts", options.attempts, UINT32_MAX) &&
         read_number(payload, "backoff", options.backoff) &&
         read_number(payload, "backoff_most", options.backoff_most) &&
         read_number(payload, "poll", options.poll);
}

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
  verdict.message = text_at(payload, "message");
  verdict.revision = text_at(payload, "revision");
  verdict.retry_after = integer_at(payload, "retry_after");
  if (const value* outputs = member(payload, "outputs"); outputs && outputs->is_object())
    for (const auto& item : outputs->get_object())
      verdict.outputs[std::string(item.key().data(), item.key().size())] = share(item.value());
  if (const value* names = member(payload, "withheld"); names && names->is_array()) {
    verdict.secret = true;
    for (const value& name : names->get_array())
      if (name.is_string()) verdict.outputs[std::string(name.get_string())] = nullptr;
  }
  if (const value* objects = member(payload, "objects")) verdict.objects = share(*objects);
  return known;
}

std::optional<Command> read_command(const value& payload) {
  const std::string_view name = text_at(payload, "command");
  for (std::size_t i = 0; i < kCommands.size(); ++i)
    if (kCommands[i] == name) return static_cast<Command>(i);
  return std::nullopt;
}

}  // namespace oam::detail
