#include <oam/record.hpp>

#include <oam/json.hpp>

#include <boost/crc.hpp>

#include <charconv>
#include <optional>

#include "support/json.hpp"

namespace oam {

namespace {

using boost::json::value;
using detail::integer_at;
using detail::member;
using detail::text_at;

constexpr std::string_view kSum = ",\"crc32c\":";

std::uint32_t crc32c(std::string_view text) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
  sum.process_bytes(text.data(), text.size());
  return sum.checksum();
}

}  // namespace

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

LineState read_record(std::string_view line, Record& record) {
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
  const auto seq = integer_at(*json, "seq"), time = integer_at(*json, "time");
  const value* payload = member(*json, "payload");
  record.kind = text_at(*json, "kind");
  if (!seq || *seq <= 0 || !time || !payload || record.kind.empty()) return LineState::damaged;
  record.seq = static_cast<std::uint64_t>(*seq);
  record.time = *time;
  record.payload = *payload;
  return LineState::whole;
}

}  // namespace oam
