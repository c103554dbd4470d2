// oam def step: what a workflow step asks of its host, against a script of answers.
#include <iostream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

#include "def.hpp"
#include "support/json.hpp"
#include "support/problems.hpp"
#include "workflow/step_case.hpp"
#include "workflow/step_script.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;

std::optional<Documents> read_case(DefCommand& command) {
  const std::size_t errors = command.problems.errors();
  const std::vector<Source> sources = hosts::read_files(command.input, command.problems);
  auto documents = command.problems.errors() == errors ? read(sources, {}, command.problems) : std::nullopt;
  if (documents && documents->size() == 1 && (*documents)[0]->is_object()) return documents;
  if (documents) command.tell("wrong-type", command.input + " is not one object", "write {\"parameter\", \"script\": [{\"do\", \"returns\"}]}");
  return std::nullopt;
}

// The definition that the file brings, or the one that is named.
std::vector<Definition> step_definitions(DefCommand& command, const json::value& given) {
  const json::value* own = detail::member(given, "definition");
  if (!own || !own->is_object()) {
    const std::string& what = command.flags.words.at(0);
    const bool is_name = what.find('/') == what.npos && what.find('.') == what.npos;
    return command.definitions((is_name ? "workflow-step/" : "") + what);
  }
  const Source source{command.input, oam::dump(*own, Format::json)};
  const auto catalog = load_catalog({&source, 1}, command.problems);
  if (!catalog) return {};
  return {catalog->definitions().begin(), catalog->definitions().end()};
}

}  // namespace

int def_step(DefCommand& command) {
  const auto documents = read_case(command);
  if (!documents) return command.finish(false);
  const json::value& given = *(*documents)[0];
  const std::vector<Definition> found = step_definitions(command, given);
  if (found.empty()) return command.finish(false);
  const Definition& d = found.front();
  if (d.kind != Definition::Kind::workflow_step || !d.compiled) {
    command.tell("wrong-type", d.name + " is no workflow step in CUE", "name one, as in workflow-step/apply-object");
    return command.finish(false);
  }
  detail::Problems problems(*documents, command.problems);
  detail::check_step_case(given, problems);
  if (!problems.has_errors()) {
    std::vector<std::string> untaken;
    const json::value made = detail::run_script(d, given, &untaken);
    detail::check_answers_taken(given, made, untaken, problems);
    std::cout << oam::dump(made, Format::json) << '\n';
  }
  problems.flush();
  return command.finish(true);
}

}  // namespace oam::cli
