// Definitions read from CUE files, and the standard catalogue.
#include <cstdlib>
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

// As `kubectl get -o yaml` prints them.
TEST(Catalog, TakesAListOfDefinitions) {
  Diagnostics problems;
  const Source source{"all.yaml", R"(apiVersion: v1
kind: List
items:
- {apiVersion: core.oam.dev/v1beta1, kind: TraitDefinition, metadata: {name: tune}, spec: {stage: Later, schematic: {cue: {template: "patch: {}"}}}}
- {apiVersion: core.oam.dev/v1beta1, kind: ComponentDefinition, metadata: {name: box}, spec: {workload: {type: deployments.apps}}}
)"};
  const auto catalog = load_catalog({&source, 1}, problems, true);
  ASSERT_TRUE(catalog) << problems;
  EXPECT_EQ(catalog->size(), 2u);
  EXPECT_EQ(problems.items()[0].where.line, 4u);   // a warning of the stage
  EXPECT_FALSE(load_catalog({&source, 1}, problems));
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

std::string definition(std::string_view name, std::string_view more, std::string_view spec = "") {
  return "apiVersion: core.oam.dev/v1beta1\nkind: ComponentDefinition\nmetadata: {name: " + std::string(name) + std::string(more) +
         "}\nspec: {workload: {type: autodetects.core.oam.dev}" + std::string(spec) + "}\n---\n";
}

std::string revision(std::string_view name, std::string_view template_text) {
  return "apiVersion: core.oam.dev/v1beta1\nkind: DefinitionRevision\nmetadata: {name: " + std::string(name) +
         "}\nspec:\n  revision: 1\n  definitionType: Component\n  componentDefinition:\n    metadata: {name: rig}\n"
         "    spec: {workload: {type: autodetects.core.oam.dev}, schematic: {cue: {template: '" + std::string(template_text) + "'}}}\n---\n";
}

std::optional<Catalog> read_yaml(std::string text, Diagnostics& problems) {
  const Source source{"all.yaml", std::move(text)};
  return load_catalog({&source, 1}, problems);
}

TEST(Catalog, FindsARevisionByItsNumberAndByItsVersion) {
  Diagnostics problems;
  const auto all = read_yaml(definition("rig", "", ", version: 1.10.0") + revision("rig-v1", "output: a: 1") +
                             revision("rig-v1.2.0", "output: a: 2") + revision("rig-v1.9.3", "output: a: 3"), problems);
  ASSERT_TRUE(all) << problems;
  const auto found = [&](std::string_view name) -> std::string {
    const Definition* d = all->find(Definition::Kind::component, name);
    return d ? d->revision + '/' + d->version : "none";
  };
  EXPECT_EQ(found("rig"), "/1.10.0");
  EXPECT_EQ(found("rig@v1"), "1/");            // the revision of that name, not the newest below it
  EXPECT_EQ(found("rig@v1.2"), "1.2.0/");
  EXPECT_EQ(found("rig@v1.9"), "1.9.3/");
  EXPECT_EQ(found("rig@v1.10"), "/1.10.0");
  EXPECT_EQ(found("rig@v1.1"), "none");
  EXPECT_EQ(found("rig@v2"), "none");
  EXPECT_EQ(found("rig@1.10.0"), "none");      // a version begins with v
}

TEST(Catalog, PrefersTheDefinitionOfTheNamespace) {
  Diagnostics problems;
  const auto all = read_yaml(definition("rig", ", namespace: vela-system") + definition("rig", ", namespace: shop") + definition("rig", ", namespace: a"), problems);
  ASSERT_TRUE(all) << problems;
  const auto found = [](const Catalog& catalog, std::string_view namespace_) { return catalog.find(Definition::Kind::component, "rig", namespace_)->namespace_; };
  EXPECT_EQ(found(*all, "shop"), "shop");
  EXPECT_EQ(found(*all, "other"), "vela-system");
  const auto later = read_yaml(definition("rig", ", namespace: late"), problems);
  EXPECT_EQ(found(all->with(*later), "shop"), "late");   // what is given later wins
}

TEST(Catalog, TellsWhatIsWrongWithARevision) {
  Diagnostics problems;
  EXPECT_FALSE(read_yaml(revision("rig", "output: {}"), problems));
  EXPECT_THAT(problems.text(), HasSubstr("no type can name the revision \"rig\""));
  Diagnostics empty;
  EXPECT_FALSE(read_yaml("apiVersion: core.oam.dev/v1beta1\nkind: DefinitionRevision\nmetadata: {name: rig-v1}\nspec: {componentDefinition: {}}\n", empty));
  EXPECT_THAT(empty.text(), HasSubstr("needs the definition that it keeps"));
}

TEST(StandardCatalog, HasEveryTypeThatKubeVelaShips) {
  std::set<std::string> names;
  for (const Definition& d : Catalog::standard().definitions()) names.insert(d.name);
  EXPECT_EQ(names.size(), 91u);
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela/definitions";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  for (const auto& file : fs::directory_iterator(folder)) EXPECT_TRUE(names.contains(file.path().stem())) << file.path();
}

// A definition's parameters, seen through what they take.
struct Probe {
  const cue::Module& module;
  std::set<std::string> found;   // PATH TYPES = DEFAULT

  // What becomes of `value` at a path, "[]" being the first element of a list.
  cue::View put(const std::vector<std::string>& path, boost::json::value value) const {
    cue::Instance instance(module);
    instance.fill("context", {{"name", "n"}, {"namespace", "ns"}});
    for (auto each = path.rbegin(); each != path.rend(); ++each) {
      boost::json::value outer;
      if (*each == "[]") outer.emplace_array().push_back(std::move(value));
      else outer.emplace_object()[*each] = std::move(value);
      value = std::move(outer);
    }
    instance.fill("parameter", value);
    cue::View view = instance.lookup("parameter");
    for (const std::string& each : path) view = view.field(each == "[]" ? "0" : '"' + each + '"');
    return view;
  }

  bool takes(const std::vector<std::string>& path, boost::json::value value) const {
    const cue::View view = put(path, std::move(value));
    return view.exists() && view.kind() != "_|_";
  }

  void look(const std::vector<std::string>& path) {
    std::string name;
    for (const std::string& each : path) name += each + '.';
    for (const cue::Field& each : put(path, boost::json::object()).fields()) {
      if (each.hidden || each.definition) continue;
      auto below = path;
      below.push_back(each.name);
      const bool object = takes(below, boost::json::object()), list = takes(below, boost::json::array());
      std::string types = object ? " struct" : list ? " list" : "";
      const std::pair<const char*, boost::json::value> scalars[] = {{" text", "x"}, {" int", 7}, {" number", 0.5}, {" bool", true}, {" null", nullptr}};
      for (const auto& [type, value] : scalars)
        if (takes(below, value)) types += type;
      cue::Errors ignored;
      const auto value = each.optional ? std::nullopt : each.value.to_json(ignored);
      found.insert(name + each.name + (each.optional ? "?" : "") + types + (value && !value->is_object() ? " = " + detail::to_json(*value) : ""));
      if (list) below.push_back("[]");
      if (object || list) look(below);
    }
  }
};

std::set<std::string> parameters(const Definition& d) {
  Probe probe{*d.compiled->module(), {}};
  probe.look({});
  return probe.found;
}

TEST(StandardCatalog, HasTheParametersThatKubeVelaShips) {
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela/definitions";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  for (const auto& file : fs::directory_iterator(folder)) {
    Diagnostics problems;
    const Source source{file.path().filename(), slurp(file.path())};
    const auto shipped = load_catalog({&source, 1}, problems);
    ASSERT_TRUE(shipped) << problems;
    const Definition& theirs = shipped->definitions().front();
    const Definition* ours = Catalog::standard().find(theirs.kind, theirs.name);
    ASSERT_TRUE(ours) << theirs.name;
    EXPECT_EQ(parameters(*ours), parameters(theirs)) << theirs.name;
    for (const char* part : {"annotations", "labels"}) {
      std::set<std::string> names[2];
      for (int i = 0; i < 2; ++i)
        if (const auto* pairs = detail::member(*(i ? ours->document : theirs.document), "metadata", part))
          for (const auto& [key, value] : pairs->get_object())
            if (key != "definition.oam.dev/description" && key != "definition.oam.dev/alias") names[i].insert(std::string(key) + '=' + detail::to_json(value));
      EXPECT_EQ(names[1], names[0]) << theirs.name;
    }
    auto spec = [](const Definition& d) {
      boost::json::object made = detail::member(*d.document, "spec")->get_object();
      made.erase("schematic");
      made.erase("status");
      return made;
    };
    EXPECT_EQ(spec(*ours), spec(theirs)) << theirs.name;
    for (const char* program : {"customStatus", "healthPolicy"})
      EXPECT_EQ(detail::member(*ours->document, "spec", "status", program) != nullptr, detail::member(*theirs.document, "spec", "status", program) != nullptr) << theirs.name << ' ' << program;
  }
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
      if (!each.definition && !each.hidden) {
        EXPECT_THAT(each.doc, HasSubstr("+usage=")) << d.name << " parameter " << each.name;
      }
  }
}

// docs/catalog.md, from its first heading of a kind on.
std::string tables() {
  const std::pair<Definition::Kind, const char*> kinds[] = {{Definition::Kind::component, "Components"}, {Definition::Kind::trait, "Traits"},
                                                            {Definition::Kind::policy, "Policies"}, {Definition::Kind::workflow_step, "Workflow steps"}};
  std::string made;
  for (const auto& [kind, title] : kinds) {
    made += "## " + std::string(title) + "\n\n| type | what | parameters |\n|---|---|---|\n";
    for (const Definition& d : Catalog::standard().definitions()) {
      if (d.kind != kind) continue;
      std::string parameters;
      cue::Instance instance(*d.compiled->module());
      for (const cue::Field& each : instance.lookup("parameter").fields())
        if (!each.hidden && !each.definition) parameters += (parameters.empty() ? "`" : ", `") + each.name + (each.optional ? "?`" : "`");
      made += "| `" + d.name + "` | " + std::string(text_at(*d.document, "metadata", "annotations", "definition.oam.dev/description")) + " | " + parameters + " |\n";
    }
    made += '\n';
  }
  made.pop_back();
  return made;
}

// OAM_CATALOG_WRITE=1 renews the tables.
TEST(StandardCatalog, StandsInTheDocs) {
  const char* path = OAM_SOURCE_DIR "/docs/catalog.md";
  const std::string text = slurp(path), head = text.substr(0, text.find("## Components"));
  if (std::getenv("OAM_CATALOG_WRITE")) std::ofstream(path, std::ios::binary) << head << tables();
  else EXPECT_EQ(text, head + tables());
}

}  // namespace
}  // namespace oam
