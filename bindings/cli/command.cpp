#include "command.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

namespace oam::cli {

Command::Command(Flags given) : flags(std::move(given)) {}

void refuse(std::string_view code, std::string message, std::string hint, Diagnostics& problems) {
  Diagnostic d;
  d.code = code;
  d.message = std::move(message);
  d.hint = std::move(hint);
  problems.add(std::move(d));
}

void tell_file(const Diagnostics& found, const std::string& file, Diagnostics& problems) {
  for (Diagnostic each : found.items()) {
    if (each.where.file.empty()) each.where.file = file;
    problems.add(std::move(each));
  }
}

std::vector<Source> Command::sources() {
  std::vector<Source> all;
  for (const std::string& file : flags.files)
    for (Source& source : hosts::read_files(file, problems)) all.push_back(std::move(source));
  return all;
}

LoadOptions Command::load_options() const {
  LoadOptions options;
  options.app = flags.app;
  options.namespace_ = flags.namespace_;
  options.lenient = flags.lenient;
  options.partial = true;
  return options;
}

std::optional<Application> Command::load() {
  const std::vector<Source> all = sources();
  return problems.has_errors() ? std::nullopt : oam::load(all, problems, load_options());
}

std::vector<Application> Command::load_all() {
  const std::vector<Source> all = sources();
  return problems.has_errors() ? std::vector<Application>() : oam::load_all(all, problems, load_options());
}

// Nothing if a file cannot be read: what is missing would be told as unknown.
std::optional<Catalog> Command::catalog() {
  if (!catalog_) catalog_ = read_catalog();
  return *catalog_;
}

std::optional<Catalog> Command::read_catalog() {
  Catalog catalog = flags.no_standard ? Catalog() : Catalog::standard();
  bool complete = true;
  for (const std::string& file : flags.definitions) {
    const std::size_t errors = problems.errors();
    const std::vector<Source> files = hosts::read_files(file, problems);
    const auto definitions = problems.errors() == errors ? load_catalog(files, problems, flags.lenient) : std::nullopt;
    if (definitions) catalog = catalog.with(*definitions);
    complete = complete && definitions;
  }
  return complete ? std::optional(std::move(catalog)) : std::nullopt;
}

std::optional<Model> Command::resolve(bool preview) {
  const auto application = load();
  return application ? resolve(*application, flags.provenance || !flags.observed.empty(), preview) : std::nullopt;   // who set what changes
}

std::optional<Model> Command::resolve(const Application& application, bool provenance, bool preview) {
  const auto types = catalog();
  if (!types) return std::nullopt;
  ResolveOptions options;
  options.lenient = flags.lenient;
  options.partial = true;
  options.provenance = provenance;
  options.preview = preview;
  options.answers = answers();
  if (!flags.cluster_version.empty()) options.cluster_version = flags.cluster_version;
  return oam::resolve(application, *types, options, problems);
}

std::vector<Answer> Command::answers() {
  std::vector<Answer> all;
  if (flags.answers.empty()) return all;
  const auto documents = read(hosts::read_files(flags.answers, problems), {}, problems);
  for (std::size_t i = 0; documents && i < documents->size(); ++i) {
    const Value document = (*documents)[i];
    const auto* list = document->if_array();
    for (const boost::json::value& each : list ? *list : boost::json::array{*document}) {
      const auto* fields = each.if_object();
      const auto text = [&](const char* name) {
        const auto* found = fields ? fields->if_contains(name) : nullptr;
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
      };
      if (!fields || text("call").empty() || !fields->contains("returns")) {
        Diagnostic d;
        d.code = "wrong-type";
        d.where.file = flags.answers;
        d.message = "answers are a list of {\"component\", \"call\": \"TYPE.PATH\", \"returns\"}";
        problems.add(std::move(d));
        continue;
      }
      all.push_back({text("component"), text("call"), share(fields->at("returns"))});
    }
  }
  return all;
}

std::optional<Observed> Command::observed() {
  if (flags.observed.empty()) return Observed();
  const std::vector<Source> files = hosts::read_files(flags.observed, problems);
  return Observed::parse(files, problems);
}

std::optional<Plan> Command::plan() {
  const auto model = resolve();
  return model ? plan(*model) : std::nullopt;
}

std::optional<Plan> Command::plan(const Model& model, PlanOptions options) {
  const auto exists = options.preview ? Observed() : observed();
  for (const std::string& text : flags.ignore) IgnoreRule::parse(text, options.ignore.emplace_back());
  if (!flags.max_changes.empty()) ChangeLimit::parse(flags.max_changes, options.changes);
  if (!flags.max_deletes.empty()) ChangeLimit::parse(flags.max_deletes, options.deletes);
  if (!problems.has_errors()) return oam::plan(model, *exists, options, problems);
  oam::graph(model, problems);   // cycles are mistakes too
  return std::nullopt;
}

std::optional<Plan> Command::saved_plan(const std::string& file) {
  const std::vector<Source> files = hosts::read_files(file, problems);
  return files.size() == 1 ? Plan::parse(files[0].text, problems, files[0].name) : std::nullopt;
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
