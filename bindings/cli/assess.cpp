// oam assess and oam diff: what is wanted beside what was observed.
#include <iostream>

#include "command.hpp"

namespace oam::cli {
namespace {

AssessOptions options_of(Command& command) {
  AssessOptions options;
  if (const auto catalog = command.catalog()) options.catalog = *catalog;
  for (const std::string& text : command.flags.ignore) IgnoreRule::parse(text, options.ignore.emplace_back());
  return options;
}

int show(Command& command, const auto& state) {
  std::cout << (command.json() ? state.json() : state.text());
  return command.finish(true);
}

}  // namespace

int assess(Command& command) {
  std::vector<Model> models;
  const std::vector<Application> applications = command.load_all();
  for (const Application& each : applications)
    if (auto model = command.resolve(each)) models.push_back(std::move(*model));
  const auto observed = command.observed();
  if (models.empty() || !observed || command.problems.has_errors()) return command.finish(false);
  const AssessOptions options = options_of(command);
  if (models.size() == 1 && command.flags.solution.empty()) return show(command, oam::assess(models.front(), *observed, options, command.problems));
  SolutionAssessment state = oam::assess(std::span<const Model>(models), *observed, options, command.problems);
  state.name = command.flags.solution;
  return show(command, state);
}

int diff(Command& command) {
  const auto model = command.resolve();
  const auto observed = command.observed();
  if (!model || !observed || command.problems.has_errors()) return command.finish(false), 2;
  const Assessment state = oam::assess(*model, *observed, options_of(command), command.problems);
  std::cout << (command.json() ? state.json() : state.diff());
  return command.finish(true) != kFine ? 2 : state.as_wanted() ? 0 : 1;
}

}  // namespace oam::cli
