// Definitions read from CUE files, and the standard catalogue.
#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "catalog/standard.hpp"
#include "document/definition_file.hpp"
#include "render/template.hpp"
#include "support/json.hpp"

namespace oam {
namespace {
namespace fs = std::filesystem;
using detail::text_at;
using testing::HasSubstr;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr char kFile[] = R"(import "strings"

"my-trait": {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Shouts."
	attributes: {
		appliesToWorkloads: ["deployments.apps"]
		podDisruptive: true
		status: healthPolicy: #"""
			isHealth: true
			"""#
	}
}
template: {
	patch: metadata: annotations: said: strings.ToUpper(parameter.what)
	parameter: {
		what: string
	}
}
)";

std::optional<Catalog> read_one(std::string text, Diagnostics& problems) {
  const Source source{"my.cue", std::move(text)};
  return load_catalog({&source, 1}, problems);
}

TEST(CatalogFile, BecomesTheDefinitionThatTheYamlFormWouldBe) {
  Diagnostics problems;
  const auto catalog = read_one(kFile, problems);
  ASSERT_TRUE(catalog) << problems;
  const Definition* d = catalog->find(Definition::Kind::trait, "my-trait");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->renderer, Definition::Renderer::cue);
  EXPECT_EQ(d->applies_to_workloads, std::vector<std::string>{"deployments.apps"});
  EXPECT_EQ(text_at(*d->document, "kind"), "TraitDefinition");
  EXPECT_EQ(text_at(*d->document, "metadata", "annotations", "definition.oam.dev/description"), "Shouts.");
  EXPECT_EQ(text_at(*d->document, "metadata", "labels", "custom.definition.oam.dev/ui-hidden"), "true");
  EXPECT_EQ(text_at(*d->document, "spec", "status", "healthPolicy"), "isHealth: true");
  EXPECT_EQ(text_at(*d->document, "spec", "schematic", "cue", "template"),
            "import \"strings\"\npatch: metadata: annotations: said: strings.ToUpper(parameter.what)\nparameter: {\n\twhat: string\n}\n");
}

TEST(CatalogFile, KeepsThePlacesOfTheTemplate) {
  const std::string text = detail::template_of(kFile);
  EXPECT_EQ(text.size(), std::string_view(kFile).size());
  EXPECT_EQ(text.find("strings.ToUpper"), std::string_view(kFile).find("strings.ToUpper"));
  EXPECT_EQ(text.find("my-trait"), text.npos);
}

TEST(CatalogFile, EvaluatesWhatIsNoPlainData) {
  Diagnostics problems;
  const auto catalog = read_one("kind: *\"policy\" | string\n", problems);
  EXPECT_FALSE(catalog);
  const auto other = read_one("p: {type: \"pol\" + \"icy\", description: \"d\"}\ntemplate: parameter: {}\n", problems);
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->find(Definition::Kind::policy, "p"));
}

TEST(CatalogFile, TellsWhereItIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"a: {type: \"trait\"}\n", "there is no template"},
      {"template: {}\n", "no field describes the definition"},
      {"a: {type: \"trait\"}\nb: {}\ntemplate: {}\n", "my.cue:2:1"},
      {"a: {type: \"tarit\"}\ntemplate: {}\n", "type is \"tarit\""},
      {"a: {type: \"trait\"}\ntemplate: {\n", "my.cue:"},
      {"a: {type: \"trait\", attributes: appliesToWorkload: []}\ntemplate: {}\n", "my.cue:1:32"},
  };
  for (const auto& [text, what] : cases) {
    Diagnostics problems;
    EXPECT_FALSE(read_one(text, problems)) << text;
    EXPECT_THAT(problems.text(), HasSubstr(what));
  }
}

TEST(StandardCatalog, HasEveryTypeThatKubeVelaShips) {
  std::set<std::string> names;
  for (const Definition& d : Catalog::standard().definitions()) names.insert(d.name);
  EXPECT_EQ(names.size(), 91u);
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela/definitions";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  for (const auto& file : fs::directory_iterator(folder)) EXPECT_TRUE(names.contains(file.path().stem())) << file.path();
}

TEST(StandardCatalog, ItsFilesReadAloneAsTheyDoInTheLibrary) {
  for (const detail::StandardFile& file : detail::standard_files()) {
    Diagnostics problems;
    const Source source{std::string(file.name), std::string(file.text)};
    const auto alone = load_catalog({&source, 1}, problems);
    ASSERT_TRUE(alone) << problems;
    const Definition& d = alone->definitions().front();
    EXPECT_EQ(d.name + ".cue", file.name);
    const Definition* same = Catalog::standard().find(d.kind, d.name);
    ASSERT_TRUE(same) << d.name;
    EXPECT_EQ(*same->document, *d.document) << d.name;
  }
}

TEST(StandardCatalog, EveryTemplateCompilesAndDescribesItsParameters) {
  for (const Definition& d : Catalog::standard().definitions()) {
    const cue::Module* module = d.compiled->module();
    ASSERT_TRUE(module) << d.name << ": " << d.compiled->errors().front().text();
    EXPECT_FALSE(text_at(*d.document, "metadata", "annotations", "definition.oam.dev/description").empty()) << d.name;
    cue::Instance instance(*module);
    for (const cue::Field& each : instance.lookup("parameter").fields())
      if (!each.definition && !each.hidden) EXPECT_THAT(each.doc, HasSubstr("+usage=")) << d.name << " parameter " << each.name;
  }
}

}  // namespace
}  // namespace oam
