// Every action has a name, a place in the packages, a schema and a line in the docs.
// OAM_ACTIONS_WRITE=1 renews docs/schemas/actions.schema.json.
#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <oam/action.hpp>
#include <oam/json.hpp>

#include "render/packages.hpp"
#include "render/parameters.hpp"
#include "support/corpus.hpp"

namespace oam {
namespace {
namespace json = boost::json;

std::string text_of(const cue::View& of, const char* field) {
  cue::Errors errors;
  const auto value = of.field(field).exists() ? of.field(field).to_json(errors) : std::nullopt;
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The definitions of all packages by PROVIDER/NAME; of several the first.
std::map<std::string, cue::View> calls_of_packages() {
  std::map<std::string, cue::View> all;
  for (const cue::Import& each : detail::template_packages()) {
    cue::Errors errors;
    const auto module = cue::Module::compile(each.files, {}, errors);
    EXPECT_TRUE(module) << each.path;
    cue::Instance instance(*module);
    for (const cue::Field& field : instance.lookup("").fields())
      if (const std::string name = text_of(field.value, "#do"); !name.empty())
        all.emplace(text_of(field.value, "#provider") + '/' + name, field.value);
  }
  return all;
}

std::string title(const ActionName& name) { return std::string(name.provider) + '/' + std::string(name.name); }

json::value schema_of(const cue::View& of) {
  if (!of.exists()) return {{"type", "object"}};
  json::value schema = detail::json_schema(of);
  schema.as_object().stable_erase("$schema");   // it stands once, for all
  return schema;
}

std::string schemas() {
  const auto calls = calls_of_packages();
  json::object defs;
  for (std::size_t i = 0; reaches_host(static_cast<Action>(i)); ++i) {
    const ActionName& name = name_of(static_cast<Action>(i));
    const auto found = calls.find(title(name));
    if (found == calls.end()) continue;
    defs[title(name)] = {{"params", schema_of(found->second.field("$params"))}, {"returns", schema_of(found->second.field("$returns"))}};
  }
  const json::object whole{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                           {"title", "Actions of workflow steps: by PROVIDER/NAME what the host is given and what it answers"},
                           {"$defs", std::move(defs)}};
  return dump(whole, Format::json) + '\n';
}

TEST(Action, EveryCallOfThePackagesHasOne) {
  for (const auto& [name, view] : calls_of_packages()) {
    const std::size_t slash = name.find('/');
    EXPECT_TRUE(find_action(name.substr(0, slash), name.substr(slash + 1))) << name;
  }
}

TEST(Action, EveryNameStandsInAPackage) {
  const auto calls = calls_of_packages();
  for (const ActionName& each : action_names()) EXPECT_TRUE(calls.contains(title(each))) << title(each);
}

TEST(Action, OlderNamesAreTheSameAction) {
  EXPECT_EQ(find_action("op", "apply")->action, Action::kube_apply);
  EXPECT_TRUE(find_action("op", "apply")->flat);
  EXPECT_EQ(name_of(Action::kube_apply).provider, "kube");
  EXPECT_FALSE(reaches_host(Action::wait));
  EXPECT_EQ(find_action("kube", "nope"), nullptr);
}

TEST(Action, SchemasStandInTheDocs) {
  const char* path = OAM_SOURCE_DIR "/docs/schemas/actions.schema.json";
  if (std::getenv("OAM_ACTIONS_WRITE")) std::ofstream(path, std::ios::binary) << schemas();
  else EXPECT_EQ(tests::slurp(path), schemas());
}

TEST(Action, EachIsInTheTableOfTheDocs) {
  const std::string docs = tests::slurp(OAM_SOURCE_DIR "/docs/workflow.md");
  for (std::size_t i = 0; reaches_host(static_cast<Action>(i)); ++i) {
    const std::string name = title(name_of(static_cast<Action>(i)));
    EXPECT_NE(docs.find("| `" + name + "` |"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace oam
