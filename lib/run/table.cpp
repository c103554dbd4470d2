// The table of commands as JSON: what people may decide, in every state.
#include <oam/document.hpp>
#include <oam/json.hpp>
#include <oam/run.hpp>

namespace oam {

std::string command_table() {
  boost::json::array steps, runs;
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    boost::json::object commands;
    for (std::size_t k = 0; k < kSignals; ++k)
      if (const auto signal = static_cast<Signal>(k); is_command(signal))
        if (const auto to = transition(state, signal)) commands[name_of(signal)] = name_of(*to);
    const std::string_view end = !is_end(state) ? "" : is_bad_end(state) ? "bad" : "good";
    steps.push_back(boost::json::object{{"state", name_of(state)}, {"end", end.empty() ? boost::json::value() : boost::json::value(end)}, {"commands", std::move(commands)}});
  }
  for (std::size_t i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    boost::json::object commands;
    for (std::size_t k = 0; k < kRunSignals; ++k)
      if (const auto to = transition(phase, static_cast<RunSignal>(k))) commands[name_of(static_cast<RunSignal>(k))] = name_of(*to);
    runs.push_back(boost::json::object{{"phase", name_of(phase)}, {"commands", std::move(commands)}});
  }
  return dump(boost::json::object{{"steps", std::move(steps)}, {"runs", std::move(runs)}}, Format::json);
}

}  // namespace oam
