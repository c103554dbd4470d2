#include "def.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

#include "support/json.hpp"
#include "support/problems.hpp"
#include "support/spell.hpp"
#include "unknown_verb.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;

struct KindName {
  std::string_view name;
  Definition::Kind kind;
};
constexpr KindName kKinds[] = {
    {"component", Definition::Kind::component}, {"trait", Definition::Kind::trait},
    {"policy", Definition::Kind::policy}, {"workflow-step", Definition::Kind::workflow_step},
    {"workload", Definition::Kind::workload}, {"scope", Definition::Kind::scope}};

}  // namespace

std::string_view name_of(Definition::Kind kind) {
  for (const KindName& each : kKinds)
    if (each.kind == kind) return each.name;
  return "definition";
}

void DefCommand::tell(std::string_view code, std::string message, std::string hint) {
  Diagnostic d;
  d.code = code;
  d.message = std::move(message);
  d.hint = std::move(hint);
  problems.add(std::move(d));
}

std::vector<Definition> DefCommand::definitions(const std::string& what) {
  if (what == "-" || std::filesystem::exists(what)) {
    const std::size_t errors = problems.errors();
    const std::vector<Source> files = hosts::read_files(what, problems);
    const auto own = problems.errors() == errors ? load_catalog(files, problems) : std::nullopt;
    if (!own) return {};
    if (own->size() == 0) tell("unknown-type", "there is no definition in " + what, "");
    return {own->definitions().begin(), own->definitions().end()};
  }
  const auto all = catalog();
  if (!all) return {};
  const std::size_t slash = what.find('/');
  const std::string kind = slash == what.npos ? "" : what.substr(0, slash), wanted = what.substr(slash == what.npos ? 0 : slash + 1);
  std::vector<Definition> found;
  for (const KindName& each : kKinds)
    if (kind.empty() || kind == each.name)
      if (const Definition* d = all->find(each.kind, wanted)) found.push_back(*d);
  if (found.empty()) tell("unknown-type", "there is no definition \"" + what + '"', "give its file with -d, or name it KIND/NAME, as in trait/scaler");
  if (found.size() <= 1) return found;
  std::string names;
  for (const Definition& each : found) names += (names.empty() ? "" : ", ") + std::string(name_of(each.kind)) + '/' + each.name;
  tell("unknown-type", "several definitions are named \"" + what + '"', "say which: " + names);
  return {};
}

namespace {

void tell_unread(DefCommand& command, const Documents& documents) {
  static const std::vector<std::string_view> kParts{"context", "output", "outputs", "parameter"};
  detail::Problems problems(documents, command.problems);
  for (const auto& each : documents[0]->get_object()) {
    const std::string_view key = each.key();
    if (std::ranges::find(kParts, key) == kParts.end())
      problems.warning("unknown-field", {0, detail::join_pointer("", key)}, "what was observed has no field \"" + std::string(key) + '"').key().hint(detail::did_you_mean(key, kParts));
  }
}

// The file of `oam def status --input`.
std::optional<ObservedOutputs> read_input(DefCommand& command) {
  const std::size_t errors = command.problems.errors();
  const std::vector<Source> sources = hosts::read_files(command.input, command.problems);
  const auto documents = command.problems.errors() == errors ? read(sources, {}, command.problems) : std::nullopt;
  if (!documents) return std::nullopt;
  if (documents->size() != 1 || !(*documents)[0]->is_object()) {
    command.tell("wrong-type", command.input + " is not one object", "write {\"parameter\", \"context\", \"output\", \"outputs\"}");
    return std::nullopt;
  }
  const json::object& all = (*documents)[0]->get_object();
  tell_unread(command, *documents);
  const auto part = [&](const char* name) { return all.contains(name) ? share(all.at(name)) : nullptr; };
  ObservedOutputs made{part("parameter"), part("context"), part("output"), part("outputs")};
  json::object context{{"name", command.name}, {"appName", command.app_name}, {"appRevision", command.app_name + "-v1"}};
  if (made.context && made.context->is_object())
    for (const auto& field : made.context->get_object()) context[field.key()] = field.value();
  made.context = share(std::move(context));
  return made;
}

void print_status(const DefinitionStatus& status) {
  std::cout << (status.healthy ? "healthy" : "unhealthy") << '\n';
  std::string message = status.message;
  while (message.ends_with('\n')) message.pop_back();
  if (!message.empty()) std::cout << message << '\n';
  if (!status.details) return;
  for (const auto& [name, text] : *status.details) std::cout << name << ": " << text << '\n';
}

json::object as_json(const DefinitionStatus& status) {
  json::object made{{"healthy", status.healthy}, {"message", status.message}, {"details", nullptr}};
  if (!status.details) return made;
  json::object& details = made["details"].emplace_object();
  for (const auto& [name, text] : *status.details) details[name] = text;
  return made;
}

}  // namespace

int def_status(DefCommand& command) {
  const std::vector<Definition> found = command.definitions(command.flags.words.at(0));
  const auto observed = found.empty() ? std::nullopt : read_input(command);
  const auto status = observed ? assess_definition(found.front(), *observed, command.problems) : std::nullopt;
  if (!status) return command.finish(false);
  // What a script reads is JSON; people have a terminal, or ask for text.
  if (command.flags.format == "text") print_status(*status);
  else std::cout << oam::dump(as_json(*status), Format::json) << '\n';
  return command.finish(true);
}

namespace {

using DefVerb = int (*)(DefCommand&);

struct Entry {
  std::string_view name, about, what, example;
  DefVerb verb;
};
constexpr Entry kVerbs[] = {
    {"status", "Say whether observed objects are healthy, as a definition judges", "KIND/NAME", "oam def status component/webservice -d defs --input observed.json", def_status},
    {"vet", "Find every mistake in definitions", "FILE", "oam def vet defs/box.yaml", def_vet},
    {"show", "Show the parameters of a definition as a table", "TYPE | FILE", "oam def show trait/scaler -d defs", def_show},
    {"schema", "Print the JSON Schema of a definition's parameters", "TYPE | FILE", "oam def schema component/webservice -d defs", def_schema},
    {"states", "Show the states that an object of a definition goes through", "TYPE | FILE", "oam def states component/card -d defs --format dot", def_states},
    {"step", "Evaluate a workflow step against scripted answers", "NAME", "oam def step apply-object --input case.json", def_step},
    {"test", "Compare what definitions render with the folders beside them", "DIR", "oam def test defs/box", def_test},
};

void add_flags(CLI::App& verb, const Entry& entry, DefCommand& command) {
  Flags& flags = command.flags;
  CLI::Option* what = verb.add_option("what", flags.words, "What is meant")->type_name(std::string(entry.what))->required();
  if (entry.name == "status" || entry.name == "states" || entry.name == "step") what->expected(1);
  verb.add_option("-d,--definitions", flags.definitions, "A file or folder of definitions (repeatable; later ones win)")
      ->type_name("FILE")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  verb.add_flag("--no-standard", flags.no_standard, "Leave the standard catalogue out");
  if (entry.name == "states") verb.add_option("--format", flags.format, "text, json or dot")->check(CLI::IsMember({"text", "json", "dot"}));
  else verb.add_option("--format", flags.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  verb.add_option("--color", flags.colour, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  if (entry.name == "status") {
    verb.add_option("--input", command.input, "{\"parameter\",\"context\",\"output\",\"outputs\"} as observed; - for standard input")->type_name("FILE")->required();
    flags.format = "json";
  }
  if (entry.name == "step")
    verb.add_option("--input", command.input, "{\"parameter\", \"script\": [{\"do\", \"returns\"}], …}; - for standard input")->type_name("FILE")->required();
  if (entry.name == "test") verb.add_flag("--update", command.update, "Write what is rendered as what is expected");
}

}  // namespace

int run_def(int count, char** arguments) {
  CLI::App app{"oam def looks at definitions: their parameters, mistakes and health."};
  app.name("oam def");
  app.require_subcommand(1);
  std::vector<DefCommand> commands;
  commands.reserve(std::size(kVerbs));
  int chosen = -1;
  for (std::size_t i = 0; i < std::size(kVerbs); ++i) {
    const Entry& entry = kVerbs[i];
    CLI::App* verb = app.add_subcommand(std::string(entry.name), std::string(entry.about));
    verb->footer("Example: " + std::string(entry.example));
    add_flags(*verb, entry, commands.emplace_back(Flags()));
    verb->callback([&chosen, i] { chosen = static_cast<int>(i); });
  }
  if (is_unknown_verb(app, count, arguments)) return kWrongCall;
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == 0;
    app.exit(error, std::cout, std::cerr);
    return asked ? kFine : kWrongCall;
  }
  return kVerbs[chosen].verb(commands[static_cast<std::size_t>(chosen)]);
}

}  // namespace oam::cli
