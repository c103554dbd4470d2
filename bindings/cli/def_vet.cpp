// oam def vet: every mistake in files of definitions.
#include <iostream>

#include <oam/hosts/files.hpp>

#include "def.hpp"
#include "render/vet.hpp"
#include "resolve/lifecycle.hpp"

namespace oam::cli {
namespace {

// How many definitions there were.
std::size_t vet_file(DefCommand& command, const std::string& file) {
  const std::size_t errors = command.problems.errors();
  const std::vector<Source> sources = hosts::read_files(file, command.problems);
  const auto catalog = command.problems.errors() == errors ? load_catalog(sources, command.problems) : std::nullopt;
  Diagnostics told;   // reading once more says the same again
  const auto documents = catalog ? read(sources, {}, told) : std::nullopt;
  if (!documents) return 0;
  detail::Problems problems(*documents, command.problems);
  for (const Definition& each : catalog->definitions()) {
    detail::vet_definition(each, problems);
    detail::vet_lifecycle(each, *catalog, problems);
  }
  return catalog->size();
}

}  // namespace

int def_vet(DefCommand& command) {
  std::size_t count = 0;
  for (const std::string& file : command.flags.words) count += vet_file(command, file);
  const bool fine = !command.problems.has_errors();
  if (command.json()) {
    std::cout << command.problems.json();
    return fine ? kFine : kFailed;
  }
  if (command.problems.empty()) std::cout << count << (count == 1 ? " definition" : " definitions") << ": no mistake found\n";
  return command.finish(fine);
}

}  // namespace oam::cli
