#include "command.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include <oam/hosts/files.hpp>

namespace oam::cli {

Command::Command(Flags given) : flags(std::move(given)) {}

std::vector<Source> Command::sources() {
  std::vector<Source> all;
  for (const std::string& file : flags.files)
    for (Source& source : hosts::read_files(file, problems)) all.push_back(std::move(source));
  return all;
}

std::optional<Application> Command::load() {
  const std::vector<Source> all = sources();
  if (problems.has_errors()) return std::nullopt;
  LoadOptions options;
  options.app = flags.app;
  options.namespace_ = flags.namespace_;
  options.lenient = flags.lenient;
  return oam::load(all, problems, options);
}

std::optional<Model> Command::resolve() {
  const auto application = load();
  Catalog catalog = flags.no_standard ? Catalog() : Catalog::standard();
  for (const std::string& file : flags.definitions) {
    const auto definitions = load_catalog(hosts::read_files(file, problems), problems);
    if (definitions) catalog = catalog.with(*definitions);
  }
  if (!application || problems.has_errors()) return std::nullopt;
  return oam::resolve(*application, catalog, {"", flags.lenient}, problems);
}

std::optional<Plan> Command::plan() {
  const auto model = resolve();
  if (!model) return std::nullopt;
  return oam::plan(*model, {}, {}, problems);
}

bool Command::colour(int file) const {
  if (flags.colour != "auto") return flags.colour == "always";
  return isatty(file) && !std::getenv("NO_COLOR");
}

int Command::finish(bool fine) {
  std::cout.flush();
  std::cerr << problems.text(100, colour(STDERR_FILENO));
  return fine && !problems.has_errors() ? kFine : kFailed;
}

}  // namespace oam::cli
