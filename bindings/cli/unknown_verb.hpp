// What the command line calls a verb and is none.
#pragma once

#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>

namespace oam::cli {

// Says so. False: the first word is a verb, or a flag.
inline bool is_unknown_verb(const CLI::App& app, int count, char** arguments) {
  const std::string_view word = count > 1 ? arguments[1] : "-";
  if (word.starts_with('-')) return false;
  for (const CLI::App* verb : app.get_subcommands(nullptr))
    if (verb->get_name() == word) return false;
  std::cerr << app.get_name() << ": \"" << word.substr(0, 80) << "\" is no verb; " << app.get_name() << " --help lists them\n";
  return true;
}

}  // namespace oam::cli
