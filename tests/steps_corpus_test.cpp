// Workflow steps against what KubeVela's engine asked of its host: the same calls with
// equal parameters in the same order, the same phase, the same outputs. Twice: with the
// definitions that KubeVela ships, and with ours of the same names.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <oam/json.hpp>

#include "support/corpus.hpp"
#include "support/json.hpp"
#include "workflow/step_case.hpp"
#include "workflow/step_script.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

struct Group {
  const char* name;
  bool own_definitions;   // those of the cases, not the shipped ones
  bool standard;          // ours in the place of the shipped ones
};
void PrintTo(const Group& group, std::ostream* out) { *out << group.name; }

// Numbers by value: 5.0 is 5.
json::value plain(const json::value& value) {
  if (value.is_double()) {
    const double number = value.get_double();
    if (number == static_cast<double>(static_cast<std::int64_t>(number))) return static_cast<std::int64_t>(number);
  }
  if (value.is_array()) {
    json::array all;
    for (const json::value& each : value.get_array()) all.push_back(plain(each));
    return all;
  }
  if (!value.is_object()) return value;
  json::object all;
  for (const auto& [key, each] : value.get_object()) all[key] = plain(each);
  return all;
}

json::value part(const json::value& of, std::string_view name) {
  const json::value* found = detail::member(of, name);
  return found ? *found : json::value();
}

// What counts of one evaluation.
json::object essence(const json::value& round) {
  json::array actions;
  const json::value all = part(round, "actions");
  for (const json::value& each : all.as_array())
    actions.push_back(json::object{{"provider", part(each, "provider")}, {"do", part(each, "do")}, {"params", plain(part(each, "params"))}});
  return {{"actions", std::move(actions)}, {"phase", part(round, "phase")}, {"outputs", plain(part(round, "outputs"))}};
}

json::array essences(const json::value& expectation) {
  json::array all{essence(expectation)};
  if (const json::value* rounds = detail::member(expectation, "rounds"))
    for (const json::value& each : rounds->get_array()) all.push_back(essence(each));
  return all;
}

std::optional<Definition> definition_of(const json::value& row, const Group& group) {
  const json::value& named = row.at("definition");
  if (named.is_string()) {
    static const Catalog standard = Catalog::standard();
    const Definition* found = (group.standard ? standard : shipped()).find(Definition::Kind::workflow_step, named.get_string());
    return found ? std::optional(*found) : std::nullopt;
  }
  const Catalog own = catalog_of({{"definition.json", dump(named, Format::json)}});
  return own.size() == 1 ? std::optional(own.definitions()[0]) : std::nullopt;
}

// Empty if the case agrees.
std::string disagreement(const json::value& row, const Group& group) {
  const auto definition = definition_of(row, group);
  if (!definition || !definition->compiled) return "no such definition";
  const json::value got = detail::run_script(*definition, row);
  const json::array expected = essences(row.at("expect")), found = essences(got);
  if (expected == found) return {};
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (const char* field : {"phase", "actions", "outputs"})
      if (i >= found.size() || expected[i].at(field) != found[i].at(field))
        return std::string(field) + " of round " + std::to_string(i) + ": " + detail::to_json(found[i].at(field)) + " instead of " +
               detail::to_json(expected[i].at(field)) + " (" + std::string(detail::text_at(got, "message")) + ')';
  return "other rounds";
}

class StepsCorpus : public testing::TestWithParam<Group> {};

TEST_P(StepsCorpus, AgreesWithKubeVela) {
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela-steps";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  const Group& group = GetParam();
  const auto known = known_failures("steps_known_failures.txt");
  const char* only = std::getenv("OAM_STEPS_ONLY");
  std::size_t passed = 0, total = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    std::istringstream rows(slurp(file.path()));
    for (std::string line; std::getline(rows, line);) {
      Diagnostics problems;
      const json::value row = parse_json(line, problems).value();
      const std::string id(row.at("id").as_string());
      if ((only && !id.starts_with(only)) || row.at("definition").is_object() != group.own_definitions) continue;
      {
        detail::Problems told({}, problems);
        detail::check_step_case(row, told);
      }
      EXPECT_TRUE(problems.empty()) << id << ": " << problems;
      const std::string why = disagreement(row, group);
      const std::string listed = (group.standard ? "standard/" : "") + id;
      ++total;
      passed += why.empty();
      EXPECT_EQ(!why.empty(), known.contains(listed)) << listed << (why.empty() ? " agrees now: take it off the list" : ' ' + why.substr(0, 400));
      if (why.empty()) continue;
      if (std::getenv("OAM_STEPS_VERBOSE")) std::cout << listed << ": " << why << '\n';
      if (const char* list = std::getenv("OAM_STEPS_WRITE")) std::ofstream(list, std::ios::app) << listed << "  " << why.substr(0, 150) << '\n';
    }
  }
  std::printf("%-16s steps %4zu of %4zu  %5.1f %%\n", group.name, passed, total,
              total ? 100.0 * static_cast<double>(passed) / static_cast<double>(total) : 100.0);
}

INSTANTIATE_TEST_SUITE_P(Groups, StepsCorpus,
                         testing::Values(Group{"shipped", false, false}, Group{"standard", false, true}, Group{"own", true, false}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace oam::tests
