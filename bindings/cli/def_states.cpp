#include <algorithm>
#include <iostream>

#include <oam/state_machine.hpp>

#include "def.hpp"

namespace oam::cli {
namespace {

std::string followers(const StateMachine& machine, std::uint32_t state) {
  std::string out;
  for (const StateTransition& t : machine.transitions())
    if (t.from == state) out += (out.empty() ? "" : ", ") + machine.states()[t.to].name;
  return out;
}

void print_states(const Definition& d, const StateMachine& machine) {
  std::size_t width = 0;
  for (const ObjectState& s : machine.states()) width = std::max(width, s.name.size());
  const auto padded = [](std::string text, std::size_t to) { return text + std::string(to > text.size() ? to - text.size() : 0, ' '); };
  std::cout << name_of(d.kind) << ' ' << d.name << ": " << machine.states().size() << " states"
            << (machine.name() == "standard" ? ", those of every object" : "") << "\n\n";
  for (std::uint32_t i = 0; i < machine.states().size(); ++i) {
    const ObjectState& s = machine.states()[i];
    const std::string what = s.complete ? "complete" : s.final ? "final" : std::string(oam::name_of(s.health));
    std::cout << "   " << padded(s.name, width + 3) << padded(what, 14) << "-> " << followers(machine, i) << '\n';
    if (!s.condition.empty()) std::cout << "   " << std::string(width + 3, ' ') << "if " << s.condition << '\n';
  }
}

}  // namespace

int def_states(DefCommand& command) {
  const std::vector<Definition> found = command.definitions(command.flags.words.at(0));
  if (found.empty()) return command.finish(false);
  const StateMachine machine = state_machine_of(found.front(), command.problems);
  if (command.problems.has_errors()) return command.finish(false);
  if (command.flags.format == "dot") std::cout << machine.dot();
  else if (command.json()) std::cout << machine.json();
  else print_states(found.front(), machine);
  return command.finish(true);
}

}  // namespace oam::cli
