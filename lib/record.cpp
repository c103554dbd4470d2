#include <oam/record.hpp>

#include <oam/json.hpp>

#include <array>
#include <charconv>
#include <concepts>
#include <cstring>

#include "support/json.hpp"

namespace oam {

namespace {

using boost::json::value;

constexpr std::string_view kSum = ",\"crc32c\":";

// Eight bytes at a time: kTables[k] is what a byte means k bytes further on.
constexpr auto kTables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ (sum & 1 ? 0x82F63B78u : 0);
    tables[0][byte] = sum;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte) tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}();

std::uint32_t crc32c(std::string_view text) {
  std::uint32_t sum = 0xFFFFFFFFu;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    sum ^= byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
    sum = kTables[7][sum & 0xff] ^ kTables[6][sum >> 8 & 0xff] ^ kTables[5][sum >> 16 & 0xff] ^ kTables[4][sum >> 24] ^
          kTables[3][byte(at + 4)] ^ kTables[2][byte(at + 5)] ^ kTables[1][byte(at + 6)] ^ kTables[0][byte(at + 7)];
  }
  for (; at < text.size(); ++at) sum = (sum >> 8) ^ kTables[0][(sum ^ byte(at)) & 0xff];
  return ~sum;
}

// Takes words and numbers off the front of a text.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : rest_(text) {}

  bool word(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  template <class Number>
  bool number(Number& to) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), to);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  std::string_view until(char stop) {
    const std::string_view found = rest_.substr(0, rest_.find(stop));
    rest_.remove_prefix(found.size());
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// An object of plain texts, which nearly all records hold, without a parser.
bool read_texts(std::string_view payload, value& to) {
  Cutter cutter(payload);
  boost::json::object texts;
  for (std::string_view before = "{\""; cutter.word(before); before = ",\"") {
    const std::string_view key = cutter.until('"');
    if (!cutter.word("\":\"")) return false;
    const std::string_view text = cutter.until('"');
    if (!cutter.word("\"") || key.find('\\') != key.npos || text.find('\\') != text.npos) return false;
    texts.emplace(key, text);
  }
  if (texts.empty() || cutter.rest() != "}") return false;
  to = std::move(texts);
  return true;
}

// A line as record_line() writes it, its sum right. Nothing is believed before the sum is.
bool read_written(std::string_view line, Record& record) {
  const auto at = line.rfind(kSum);
  if (at == line.npos) return false;
  std::uint32_t sum = 0;
  Cutter tail(line.substr(at + kSum.size())), head(line.substr(0, at));
  if (!tail.number(sum) || tail.rest() != "}" || sum != crc32c(head.rest())) return false;
  if (!head.word("{\"seq\":") || !head.number(record.seq) || record.seq == 0 || !head.word(",\"time\":") || !head.number(record.time) || !head.word(",\"kind\":\"")) return false;
  record.kind = head.until('"');
  if (record.kind.empty() || !head.word("\",\"payload\":")) return false;
  if (read_texts(head.rest(), record.payload)) return true;
  Diagnostics problems;
  auto payload = parse_json(head.rest(), problems, "record");
  if (payload) record.payload = std::move(*payload);
  return payload.has_value();
}

}  // namespace

namespace {

// Writes one piece behind another into memory that has room for all.
class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}

  Pen& operator<<(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  template <std::integral Number>
  Pen& operator<<(Number number) {
    at_ = std::to_chars(at_, at_ + kDigits, number).ptr;
    return *this;
  }
  std::size_t since(const char* begin) const { return static_cast<std::size_t>(at_ - begin); }

  static constexpr std::size_t kDigits = 20;

 private:
  char* at_;
};

}  // namespace

std::string record_line(std::uint64_t seq, Time time, std::string_view kind, std::string_view payload) {
  std::string line(kind.size() + payload.size() + 48 + kSum.size() + 3 * Pen::kDigits, '\0');
  Pen pen(line.data());
  pen << "{\"seq\":" << seq << ",\"time\":" << time << ",\"kind\":\"" << kind << "\",\"payload\":" << payload;
  const std::uint32_t sum = crc32c({line.data(), pen.since(line.data())});
  pen << kSum << sum << "}";
  line.resize(pen.since(line.data()));
  return line;
}

LineState read_record(std::string_view line, Record& record) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (read_written(line, record)) return LineState::whole;
  Diagnostics problems;
  return parse_json(line, problems, "record") ? LineState::damaged : LineState::torn;
}

}  // namespace oam
