// Records: the inputs of a Run as JSON lines with a checksum each.
#pragma once

#include "run/machine.hpp"

#include <boost/json/value.hpp>

namespace oam::detail {

struct Record {
  std::uint64_t seq = 0;
  Time time = 0;
  std::string kind;                // opened task report cancel command resumed
  boost::json::value payload;
};

// {"seq":1,"time":0,"kind":"task","payload":{…},"crc32c":123}; `payload` is JSON.
std::string record_line(std::uint64_t seq, Time time, std::string_view kind, std::string_view payload);

enum class LineState : std::uint8_t {
  whole,
  torn,      // no JSON: the end of a file that was being written
  damaged,   // JSON, but not as it was written
};
LineState read_line(std::string_view line, Record& record);

std::uint32_t crc32c(std::string_view text);

constexpr std::int64_t kRecordVersion = 1;   // what is added and may be ignored does not change it

// The payloads.
std::string opened_payload(const Plan& plan, const RunOptions& options);
std::string task_payload(std::string_view task);
std::string report_payload(std::string_view task, const Verdict& verdict);
std::string command_payload(std::string_view step, Command command);

bool read_options(const boost::json::value& payload, RunOptions& options);
bool read_verdict(const boost::json::value& payload, Verdict& verdict);
std::optional<Command> read_command(const boost::json::value& payload);

}  // namespace oam::detail
