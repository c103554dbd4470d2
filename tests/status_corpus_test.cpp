// What KubeVela says of observed objects: the same verdict, message and details here, but
// for the listed exceptions. OAM_STATUS_ONLY=ID-PREFIX and OAM_STATUS_VERBOSE=1 show what
// differs; OAM_STATUS_WRITE=FILE appends failures in the form of the list.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "support/corpus.hpp"
#include "support/json.hpp"

namespace oam::tests {
namespace {
namespace json = boost::json;
namespace fs = std::filesystem;

// Cases, by how their files begin; judged by KubeVela's definitions, or by those of our catalogue.
struct Group {
  const char* files;
  bool ours = false;
};

std::optional<Definition> definition_of(const json::value& given, const Group& group) {
  if (given.is_object()) {
    const Catalog own = catalog_of({{"definition.json", detail::to_json(given)}});
    return own.size() == 0 ? std::nullopt : std::optional(own.definitions().front());
  }
  const std::string_view name(given.as_string());
  const bool trait = name.starts_with("trait/");
  const auto kind = trait ? Definition::Kind::trait : Definition::Kind::component;
  const Definition* found = (group.ours ? Catalog::standard() : shipped()).find(kind, name.substr(name.find('/') + 1));
  return found ? std::optional(*found) : std::nullopt;
}

Value part(const json::value& row, std::string_view name) {
  const json::value* found = detail::member(row, name);
  return found ? std::make_shared<const json::value>(*found) : nullptr;
}

// A case without a context is of the component "comp" of "app".
Value context_of(const json::value& row) {
  if (Value given = part(row, "context")) return given;
  return std::make_shared<const json::value>(json::object{{"name", "comp"}, {"appName", "app"}, {"appRevision", "app-v1"}});
}

json::value as_json(const DefinitionStatus& status) {
  json::object made{{"healthy", status.healthy}, {"message", status.message}, {"details", nullptr}};
  if (!status.details) return made;
  json::object& details = made["details"].emplace_object();
  for (const auto& [name, text] : *status.details) details[name] = text;
  return made;
}

// Empty if the case agrees.
std::string disagreement(const json::value& row, const Group& group) {
  const auto definition = definition_of(row.at("definition"), group);
  if (!definition) return "no such definition";
  Diagnostics problems;
  const auto status = assess_definition(*definition, {part(row, "parameter"), context_of(row), part(row, "output"), part(row, "outputs")}, problems);
  json::object expect = row.at("expect").as_object();
  if (!expect.contains("healthy")) return status ? "a verdict, where there is none" : "";
  expect.erase("error");
  if (!status) return "no verdict: " + problems.text();
  const json::value got = as_json(*status);
  return got == json::value(expect) ? "" : detail::to_json(got) + " instead of " + detail::to_json(expect) + '\n' + problems.text();
}

std::string first_line(const std::string& text) { return text.substr(0, std::min<std::size_t>(text.find('\n'), 150)); }

class StatusCorpus : public testing::TestWithParam<Group> {};

TEST_P(StatusCorpus, AgreesWithKubeVela) {
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela-status";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  const auto known = known_failures("status_known_failures.txt");
  const char* only = std::getenv("OAM_STATUS_ONLY");
  std::size_t passed = 0, total = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with(GetParam().files)) continue;
    std::istringstream rows(slurp(file.path()));
    for (std::string line; std::getline(rows, line);) {
      Diagnostics problems;
      const json::value row = parse_json(line, problems).value();
      const std::string id = (GetParam().ours ? "ours/" : "") + std::string(row.at("id").as_string());
      if (only && !id.starts_with(only)) continue;
      const std::string why = disagreement(row, GetParam());
      ++total;
      passed += why.empty();
      EXPECT_EQ(!why.empty(), known.contains(id)) << id << (why.empty() ? " agrees now: take it off the list" : " " + first_line(why));
      if (why.empty()) continue;
      if (std::getenv("OAM_STATUS_VERBOSE")) std::cout << id << ": " << why << '\n';
      if (const char* list = std::getenv("OAM_STATUS_WRITE")) std::ofstream(list, std::ios::app) << id << "  " << first_line(why) << '\n';
    }
  }
  std::printf("%-12s verdicts%s %4zu of %4zu  %5.1f %%\n", GetParam().files, GetParam().ours ? " by our definitions" : "", passed, total,
              total ? 100.0 * static_cast<double>(passed) / static_cast<double>(total) : 100.0);
}

INSTANTIATE_TEST_SUITE_P(Groups, StatusCorpus, testing::Values(Group{"component-"}, Group{"trait-"}, Group{"own-"}, Group{"component-", true}, Group{"trait-", true}),
                         [](const auto& info) {
                           std::string name = info.param.files;
                           std::erase(name, '-');
                           return name + (info.param.ours ? "ByOurs" : "");
                         });

}  // namespace
}  // namespace oam::tests
