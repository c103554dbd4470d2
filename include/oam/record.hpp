// Record: one line of what a run keeps, for hosts that store the lines themselves.
// {"seq":1,"time":0,"kind":"task","payload":{…},"crc32c":123}: the checksum (CRC-32C,
// RFC 3720) stands last and covers all before it, so a line that was cut short is no
// JSON any more, and one that was changed has the wrong sum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include <oam/fwd.hpp>
#include <oam/version.hpp>

namespace oam {

struct Record {
  std::uint64_t seq = 0;
  Time time = 0;
  std::string kind;                // opened task report cancel command resumed checkpoint
  boost::json::value payload;
};

enum class LineState : std::uint8_t {
  whole,
  torn,      // no JSON: the end of a file that was being written
  damaged,   // JSON, but not as it was written
};
OAM_API LineState read_record(std::string_view line, Record& record);

// Without a newline. `payload` is JSON.
OAM_API std::string record_line(std::uint64_t seq, Time time, std::string_view kind, std::string_view payload);

}  // namespace oam
