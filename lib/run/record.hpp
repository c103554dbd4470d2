// The payloads of records: the inputs of a Run as JSON.
#pragma once

#include "run/machine.hpp"

#include <oam/record.hpp>

#include <boost/json/value.hpp>

namespace oam::detail {

constexpr std::int64_t kRecordVersion = 1;   // what is added and may be ignored does not change it

std::string opened_payload(const Machine& machine);
void append_task(std::string& out, std::string_view task);
void append_report(std::string& out, std::string_view task, const Verdict& verdict);
void append_decision(std::string& out, std::string_view step, std::string_view command, const Decision& by);   // without a step: of the run

bool read_options(const boost::json::value& payload, RunOptions& options);
bool read_verdict(const boost::json::value& payload, Verdict& verdict);
std::optional<Command> read_command(const boost::json::value& payload);
Decision read_decision(const boost::json::value& payload);
void adopt(const boost::json::value& opened, Machine& machine);   // what the run before this one had done

}  // namespace oam::detail
