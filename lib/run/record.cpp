// A record is written once and checked as bytes: the checksum stands last in the
// line and covers all before it, so a line that was cut short is no JSON any
// more, and one that was changed has the wrong sum.
#include "run/record.hpp"

#include "support/json.hpp"

#include <oam/json.hpp>

#include <boost/crc.hpp>

#include <array>
#include <charconv>

namespace oam::detail {

namespace {

using boost::json::value;

constexpr std::string_view kSum = ",\"crc32c\":";
constexpr auto kCommands = std::to_array<std::string_view>({"retry", "skip", "accept"});

std::optional<std::int64_t> number(const value& object, std::string_view key) {
  const value* found = member(object, key);
  if (!found || !found->is_int64()) return std::nullopt;
  return found->get_int64();
}

// A whole number from 0 to `most`.
template <class Number>
bool read_number(const value& object, std::string_view key, Number& to, std::int64_t most = INT64_MAX) {
  const auto found = number(object, key);
  if (!found || *found < 0 || *found > most) return false;
  to = static_cast<Number>(*found);
  return true;
}

}  // namespace

std::uint32_t crc32c(std::string_view text) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
  sum.process_bytes(text.data(), text.size());
  return sum.checksum();
}

std::string record_line(std::uint64_t seq, Time time, std::string_view kind, std::string_view payload) {
  std::string line;
  line.reserve(payload.size() + 96);
  line += "{\"seq\":";
  line += std::to_string(seq);
  line += ",\"time\":";
  line += std::to_string(time);
  line += ",\"kind\":\"";
  line += kind;
  line += "\",\"payload\":";
  line += payload;
  const std::uint32_t sum = crc32c(line);
  line += kSum;
  line += std::to_string(sum);
  line += '}';
  return line;
}

LineState read_line(std::string_view line, Record& record) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  Diagnostics problems;
  const auto json = parse_json(line, problems, "record");
  if (!json || !json->is_object()) return LineState::torn;
  const auto at = line.rfind(kSum);
  if (at == std::string_view::npos) return LineState::damaged;
  std::uint32_t sum = 0;
  const std::string_view digits = line.substr(at + kSum.size(), line.size() - at - kSum.size() - 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sum);
  if (error != std::errc() || end != digits.data() + digits.size()) return LineState::damaged;
  if (sum != crc32c(line.substr(0, at))) return LineState::damaged;
  const auto seq = number(*json, "seq"), time = number(*json, "time");
  const value* payload = member(*json, "payload");
  record.kind = text_at(*json, "kind");
  if (!seq || *seq <= 0 || !time || !payload || record.kind.empty()) return LineState::damaged;
  record.seq = static_cast<std::uint64_t>(*seq);
  record.time = *time;
  record.payload = *payload;
  return LineState::whole;
}

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
  verdict.retry_after = number(payload, "retry_after");
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
