// What objects show of themselves in the cluster in memory, as --statuses FILE says.
#include "statuses.hpp"

#include <algorithm>
#include <iostream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>
#include <oam/simulate.hpp>

#include "support/json.hpp"

namespace oam::cli {
namespace {

// Nothing, and why told, if it is none.
std::optional<hosts::Shown> read_one(const boost::json::value& item, Command& command) {
  const std::string_view after = detail::text_at(item, "after");
  const auto* status = detail::member(item, "status");
  const std::optional<Time> time = after.empty() ? Time{0} : Durations::read(after);
  hosts::Shown made{std::string(detail::text_at(item, "object")), std::string(detail::text_at(item, "namespace")), time.value_or(0), status ? share(*status) : nullptr};
  std::string_view wrong;
  for (const auto& field : item.is_object() ? item.get_object() : boost::json::object())
    if (const std::string_view key = field.key(); key != "object" && key != "namespace" && key != "after" && key != "status") wrong = "unknown field";
  if (made.object.find('/') == made.object.npos || !status || !status->is_object()) wrong = "missing field";
  if (!time || (after.empty() && detail::member(item, "after"))) wrong = "no time";
  if (wrong.empty()) return made;
  Diagnostic d;
  d.code = "wrong-type";
  d.where.file = command.flags.statuses;
  d.message = std::string(wrong) + ": " + detail::to_json(item).substr(0, 80);
  d.expected = "a list of {\"object\": \"KIND[.GROUP]/NAME\", \"namespace\"?, \"after\"?: \"5s\", \"status\": {…}}";
  command.problems.add(std::move(d));
  return std::nullopt;
}

}  // namespace

std::vector<hosts::Shown> read_statuses(const Plan& plan, Command& command) {
  std::vector<hosts::Shown> all;
  if (command.flags.statuses.empty()) return all;
  const auto documents = read(hosts::read_files(command.flags.statuses, command.problems), {}, command.problems);
  for (std::size_t i = 0; documents && i < documents->size(); ++i) {
    const Value document = (*documents)[i];
    const auto* list = document->if_array();
    for (const boost::json::value& each : list ? *list : boost::json::array{*document})
      if (auto one = read_one(each, command)) all.push_back(std::move(*one));
  }
  for (const hosts::Shown& each : all)   // a slip, perhaps; a step of the workflow may make it
    if (std::ranges::none_of(plan.steps(), [&](const Step& step) { return step.resource == each.object; }))
      std::cerr << "oam: --statuses tells of " << each.object << ", which no step of the plan applies\n";
  return all;
}

}  // namespace oam::cli
