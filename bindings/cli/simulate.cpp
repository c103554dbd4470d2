// oam simulate: what a run would be like, and whether it survives every crash.
#include <algorithm>
#include <iostream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>
#include <oam/simulate.hpp>

#include "command.hpp"
#include "idle.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {

bool wrong_call(const std::string& flag, const std::string& value, std::string_view expected) {
  std::cerr << "oam: " << flag << " \"" << value << "\" is not " << expected << '\n';
  return false;
}

bool read_faults(const Flags& flags, SimulateOptions& options) {
  for (const std::string& words : flags.fail) {
    auto fault = Fault::parse(words);
    if (!fault) return wrong_call("--fail", words, "STEP, STEP=RESULT or STEP=RESULT*TIMES with a result of an outcome, or stall");
    options.faults.push_back(std::move(*fault));
  }
  return true;
}

bool read_durations(const Flags& flags, SimulateOptions& options) {
  for (const std::string& words : flags.durations)
    if (!options.durations.set(words)) return wrong_call("--duration", words, "KEY=TIME or KEY=TAKES+SETTLES, such as Deployment.apps=40s");
  return true;
}

// The journals of earlier runs; what --duration says wins over them.
bool learn(Command& command, SimulateOptions& options) {
  for (const std::string& path : command.flags.history) {
    for (const Source& file : hosts::read_files(path, command.problems)) {
      std::vector<std::string> lines;
      for (std::size_t at = 0; at < file.text.size();) {
        const auto end = std::min(file.text.find('\n', at), file.text.size());
        lines.push_back(file.text.substr(at, end - at));
        at = end + 1;
      }
      Diagnostics found;
      options.durations.learn(lines, found);
      tell_file(found, file.name, command.problems);
    }
  }
  return !command.problems.has_errors();
}

// What is said of the time that steps take and is about none of this plan, a slip perhaps, is told.
void tell_idle_times(const Flags& flags, const Plan& plan, const Durations& assumed, const Durations& learnt) {
  for (const std::string& words : flags.durations) {
    const std::string key = words.substr(0, words.rfind('='));
    if (std::ranges::none_of(plan.steps(), [&](const Step& step) { return Durations::fits(key, step); })) std::cerr << "oam: --duration " << words << " has no effect: the plan has no step \"" << key << "\", nor one of that kind\n";
  }
  const auto same = [&](const Step& step) { return assumed.of(step) == learnt.of(step); };
  if (!flags.history.empty() && std::ranges::all_of(plan.steps(), same)) std::cerr << "oam: --history has no effect: no step of the plan takes another time by it\n";
}

boost::json::array ids(const Plan& plan, const std::vector<std::uint32_t>& steps) {
  boost::json::array out;
  for (const std::uint32_t step : steps) out.emplace_back(std::string(plan.steps()[step].id));
  return out;
}

int print_radii(Command& command, const Plan& plan, const SimulateOptions& options) {
  const auto radii = blast_radii(plan, options, command.problems);
  if (!radii) return command.finish(false);
  boost::json::array all;
  for (const BlastRadius& radius : *radii) {
    const Name& id = plan.steps()[radius.step].id;
    if (command.json()) {
      all.push_back(boost::json::object{{"step", id}, {"result", name_of(radius.result)}, {"core_ready", radius.core_ready ? boost::json::value(*radius.core_ready) : boost::json::value()}, {"blocked", ids(plan, radius.blocked)}});
      continue;
    }
    const std::string count = std::to_string(radius.blocked.size());
    std::cout << std::string(count.size() < 6 ? 6 - count.size() : 0, ' ') << count << "  " << detail::visible(id) << (radius.core_ready ? "   the core is ready all the same" : "") << '\n';
  }
  if (command.json()) std::cout << oam::dump(all, Format::json) << '\n';
  else std::cout << "steps that never run if this one fails\n";
  return command.finish(true);
}

int explore(Command& command, const Plan& plan, SimulateOptions options) {
  if (!command.flags.parallel_given) options.run.parallel = 1;   // as `oam run` does
  const auto report = explore_crashes(plan, {std::move(options), command.flags.lose_record}, command.problems);
  if (!report) return command.finish(false);
  std::cout << (command.json() ? report->json() + '\n' : report->text());
  return command.finish(report->different == 0);
}

}  // namespace

namespace {

std::string cell(std::string text) { return text.append(text.size() < 12 ? 12 - text.size() : 1, ' '); }

template <class From, class With, class Is>
void print_table(std::string_view title, std::size_t rows, std::size_t columns, const Is& shows) {
  std::cout << cell(std::string(title));
  for (std::size_t k = 0; k < columns; ++k)
    if (shows(static_cast<With>(k))) std::cout << cell(std::string(name_of(static_cast<With>(k))));
  std::cout << '\n';
  for (std::size_t i = 0; i < rows; ++i) {
    std::cout << cell(std::string(name_of(static_cast<From>(i))));
    for (std::size_t k = 0; k < columns; ++k) {
      if (!shows(static_cast<With>(k))) continue;
      const auto to = transition(static_cast<From>(i), static_cast<With>(k));
      std::cout << cell(to ? std::string(name_of(*to)) : "-");
    }
    std::cout << '\n';
  }
}

}  // namespace

int commands(Command& command) {
  if (command.json()) return std::cout << command_table() << '\n', kFine;
  print_table<State, Signal>("step", kStates, kSignals, is_command);
  std::cout << '\n';
  print_table<Phase, RunSignal>("run", kPhases, kRunSignals, [](RunSignal) { return true; });
  std::cout << "\nA step whose need came to a bad end is not retried. In a run that is given up (cancelled, superseded, halted,\n"
               "to be rolled back) skip and accept settle their step and begin nothing. Of one that is to be rolled back only\n"
               "the hook that asks for it is retried, or a hook of its end; of one that is superseded nothing is, and once that\n"
               "has ended nothing is decided.\n";
  return kFine;
}

int simulate(Command& command) {
  const Flags& flags = command.flags;
  SimulateOptions options;
  options.run = flags.run;
  options.run.id = "simulated";
  options.run.parallel = flags.parallel_given ? flags.parallel : 0;
  if (flags.files.empty() && flags.plan.empty()) return std::cerr << "oam: simulate needs documents (-f FILE) or a plan (--plan FILE)\n", kWrongCall;
  const bool pictures = flags.format == "html" || flags.format == "svg";
  if (pictures && (flags.crashes || flags.fail_each)) return std::cerr << "oam: --format " << flags.format << " is of the run itself, not of --crashes or --fail-each\n", kWrongCall;
  if (!read_faults(flags, options)) return kWrongCall;
  const Durations assumed = options.durations;
  if (!learn(command, options)) return command.finish(false);
  const Durations learnt = options.durations;
  if (!read_durations(flags, options)) return kWrongCall;
  const auto plan = command.plan_to_run();
  if (!plan) return command.finish(false);
  tell_idle_times(flags, *plan, assumed, learnt);
  tell_idle_pools(*plan, options.run);
  tell_idle_faults(*plan, options);
  if (flags.crashes) return explore(command, *plan, std::move(options));
  if (flags.fail_each) return print_radii(command, *plan, options);
  const auto simulation = oam::simulate(*plan, options, command.problems);
  if (!simulation) return command.finish(false);
  std::cout << (command.json() ? simulation->json() + '\n' : flags.format == "html" ? simulation->html() : flags.format == "svg" ? simulation->svg() : simulation->text());
  return command.finish(true);
}

}  // namespace oam::cli
