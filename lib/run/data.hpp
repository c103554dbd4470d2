// What stands behind a Run: the machine, and the records of its inputs.
#pragma once

#include "run/machine.hpp"
#include "run/record.hpp"

#include <type_traits>

namespace oam {

struct Run::Data {
  Data(Plan plan, RunOptions options) : machine(std::move(plan), std::move(options)) {}

  // Every input begins with this; the very first opens the run.
  void begin(Time now);
  bool command(RunSignal signal, Time now, const Decision& by);

  // One input: `act` and its record, whose payload `append` writes after it. An act that
  // answers false has changed nothing and leaves no record.
  template <class Append, class Act>
  bool input(std::string_view kind, const Append& append, const Act& act) {
    if constexpr (std::is_same_v<decltype(act()), bool>) {
      if (!act()) return false;
    } else {
      act();
    }
    machine.recorded(++seq);
    if (machine.options().journal) {
      payload.clear();
      append(payload);
      records.push_back(record_line(seq, machine.now(), kind, payload));
    }
    done.reset();
    return true;
  }

  // A decision. An event has had its say even where the state refused it: it is recorded, so that it
  // does nothing when it is delivered once more.
  template <class Act>
  bool decide(std::string_view kind, std::string_view step, std::string_view command, const Decision& by, const Act& act) {
    bool taken = false;
    const auto heard = [&] { return (taken = act()) || machine.pass_over(by, step); };
    input(kind, [&](std::string& out) { detail::append_decision(out, step, command, by); }, heard);
    return taken;
  }

  detail::Machine machine;
  bool opened = false;
  std::uint64_t seq = 0;             // of the newest record
  std::vector<std::string> records;  // not yet taken
  std::string payload;               // of the newest record: its memory is used again
  std::optional<Done> done;          // once computed, while it holds
};

}  // namespace oam
