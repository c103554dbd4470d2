// What stands behind a Run: the machine, and the records of its inputs.
#pragma once

#include "run/machine.hpp"
#include "run/record.hpp"

namespace oam {

struct Run::Data {
  Data(Plan plan, RunOptions options) : machine(std::move(plan), std::move(options)) {}

  // Every input begins with this; the very first opens the run.
  void begin(Time now);
  void record(std::string_view kind, std::string_view payload);
  bool journals() const { return machine.options().journal; }

  detail::Machine machine;
  bool opened = false;
  std::uint64_t seq = 0;             // of the newest record
  std::vector<std::string> records;  // not yet taken
  std::optional<Done> done;          // once computed, while it holds
};

}  // namespace oam
