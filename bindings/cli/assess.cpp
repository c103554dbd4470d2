// oam assess and oam diff: what is wanted beside what was observed.
#include <iostream>

#include "command.hpp"

namespace oam::cli {
namespace {

// Nothing if a mistake was told.
std::optional<Assessment> assessed(Command& command) {
  const auto model = command.resolve();
  const auto observed = command.observed();
  if (!model || !observed || command.problems.has_errors()) return std::nullopt;
  AssessOptions options;
  if (const auto catalog = command.catalog()) options.catalog = *catalog;
  for (const std::string& text : command.flags.ignore) IgnoreRule::parse(text, options.ignore.emplace_back());
  return oam::assess(*model, *observed, options, command.problems);
}

}  // namespace

int assess(Command& command) {
  const auto state = assessed(command);
  if (!state) return command.finish(false);
  std::cout << (command.json() ? state->json() : state->text());
  return command.finish(true);
}

int diff(Command& command) {
  const auto state = assessed(command);
  if (!state) return command.finish(false), 2;
  std::cout << (command.json() ? state->json() : state->diff());
  return command.finish(true) != kFine ? 2 : state->as_wanted() ? 0 : 1;
}

}  // namespace oam::cli
