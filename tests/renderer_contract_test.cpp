// What every renderer owes: parameters in, named and labelled objects out, the same
// ones each time, a mistake told where the author made it. One suite for all.
#include <thread>

#include <gmock/gmock.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "render/jsonnet.hpp"
#include "support/json.hpp"

namespace oam {
namespace {
using detail::find_pointer;
using detail::text_at;

// One and the same component in a renderer's language.
struct Language {
  friend std::ostream& operator<<(std::ostream& out, const Language& l) { return out << l.name; }
  const char* name;
  const char* definition;       // of the component type, or of the 0.2 component
  const char* application;      // with SIZE
  const char* mistake;          // the same, with a mistake of the author
  const char* expected_code;
};

constexpr char kDefinition[] = "apiVersion: core.oam.dev/v1beta1\nkind: ComponentDefinition\nmetadata: {name: rig}\nspec:\n";
constexpr char kApplication[] = R"(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: web
    type: rig
    properties: )";

std::string with_size(std::string text, const std::string& size) {
  const std::size_t at = text.find("SIZE");
  return at == text.npos ? text : text.replace(at, 4, size);
}

const Language kLanguages[] = {
    {"cue", R"(  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {apiVersion: "demo.example.org/v1", kind: "Rig", spec: size: parameter.size}
        parameter: size: int
)", "{size: SIZE}", "{size: much}", "invalid-parameter"},
    {"jsonnet", R"(  workload: {type: autodetects.core.oam.dev}
  schematic:
    jsonnet:
      template: |
        local parameter = std.extVar('parameter');
        assert std.isNumber(parameter.size) : 'size is no number';
        {output: {apiVersion: 'demo.example.org/v1', kind: 'Rig', spec: {size: parameter.size}}}
)", "{size: SIZE}", "{size: much}", "template-error"},
    {"definition_ref", R"(  workload: {definition: {apiVersion: demo.example.org/v1, kind: Rig}}
)", "{spec: {size: SIZE}}", "[SIZE]", "wrong-type"},
    {"field_paths", nullptr, nullptr, nullptr, "missing-parameter"},
};

std::string old_documents(const std::string& value) {
  return R"(apiVersion: core.oam.dev/v1alpha2
kind: Component
metadata: {name: web}
spec:
  workload: {apiVersion: demo.example.org/v1, kind: Rig, spec: {size: 0}}
  parameters:
  - {name: size, required: true, fieldPaths: [spec.size]}
---
apiVersion: core.oam.dev/v1alpha2
kind: WorkloadDefinition
metadata: {name: rigs.demo.example.org}
spec: {definitionRef: {name: rigs.demo.example.org}}
---
apiVersion: core.oam.dev/v1alpha2
kind: ApplicationConfiguration
metadata: {name: shop}
spec:
  components:
  - componentName: web
    parameterValues: [)" + value + "]\n";
}

std::string documents(const Language& language, const std::string& size, bool wrong = false) {
  if (!language.definition) return old_documents(wrong ? "" : "{name: size, value: " + size + "}");
  return std::string(kDefinition) + language.definition + "---\n" + kApplication + with_size(wrong ? language.mistake : language.application, size) + '\n';
}

std::optional<Model> render(const std::string& text, Diagnostics& problems) {
  const auto app = load(Source{"shop.yaml", text}, problems);
  return app ? resolve(*app, Catalog(), {}, problems) : std::nullopt;
}

class Renderer : public testing::TestWithParam<Language> {
 protected:
  void SetUp() override {
    if (std::string_view(GetParam().name) == "jsonnet" && !detail::has_jsonnet()) GTEST_SKIP() << "built without Jsonnet";
  }
};

TEST_P(Renderer, MakesTheObjectOfItsParameters) {
  for (const char* size : {"1", "70000"}) {
    Diagnostics problems;
    const auto model = render(documents(GetParam(), size), problems);
    ASSERT_TRUE(model) << problems;
    ASSERT_EQ(model->resources().size(), 1u);
    const auto& object = *model->resources()[0].object;
    EXPECT_EQ(text_at(object, "apiVersion"), "demo.example.org/v1");
    EXPECT_EQ(text_at(object, "kind"), "Rig");
    EXPECT_EQ(detail::to_json(*find_pointer(object, "/spec")), "{\"size\":" + std::string(size) + "}");
  }
}

TEST_P(Renderer, LeavesNamesAndLabelsToTheModel) {
  Diagnostics problems;
  const auto model = render(documents(GetParam(), "1"), problems);
  ASSERT_TRUE(model) << problems;
  const Resource& r = model->resources()[0];
  EXPECT_EQ(r.role, Resource::Role::workload);
  EXPECT_EQ(text_at(*r.object, "metadata", "name"), "web");
  EXPECT_EQ(text_at(*r.object, "metadata", "labels", "app.oam.dev/component"), "web");
}

TEST_P(Renderer, ConcurrentlyMakesTheSameBytes) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", documents(GetParam(), "1")}, problems);
  ASSERT_TRUE(app) << problems;
  std::vector<std::string> made(4);
  std::vector<std::thread> threads;
  for (std::string& each : made)
    threads.emplace_back([&each, &app] {
      Diagnostics own;
      if (const auto model = resolve(*app, Catalog(), {}, own)) each = detail::to_json(*model->resources()[0].object);
    });
  for (std::thread& each : threads) each.join();
  EXPECT_THAT(made, testing::Each(made[0]));
  EXPECT_FALSE(made[0].empty());
}

TEST_P(Renderer, TellsAMistakeAtItsPlace) {
  Diagnostics problems;
  EXPECT_FALSE(render(documents(GetParam(), "1", true), problems));
  ASSERT_TRUE(problems.has_errors());
  const Diagnostic& first = *std::ranges::find(problems.items(), Severity::error, &Diagnostic::severity);
  EXPECT_EQ(first.code, GetParam().expected_code) << problems;
  EXPECT_EQ(first.where.file, "shop.yaml");
  EXPECT_GT(first.where.line, 10u) << problems;
}

// What templates can do beside: traits that patch, further objects, a word of their own.
struct Templates {
  const char* name;
  const char* component;
  const char* trait;
};

constexpr Templates kTemplates[] = {
    {"cue", R"(cue: {template: "output: {apiVersion: \"v1\", kind: \"Rig\", spec: {of: context.appName, parts: [{n: 1}]}}\noutputs: side: {apiVersion: \"v1\", kind: \"Side\"}"})",
     R"(cue: {template: "patch: spec: {size: parameter.size, parts: [{m: 2}]}\npatchOutputs: side: spec: seen: context.output.spec.of\noutputs: more: {apiVersion: \"v1\", kind: \"More\"}\nparameter: size: int\nerrs: [if parameter.size > 9 {\"too big\"}]"})"},
    {"jsonnet", R"(jsonnet: {template: "{output: {apiVersion: 'v1', kind: 'Rig', spec: {of: std.extVar('context').appName, parts: [{n: 1}]}}, outputs: {side: {apiVersion: 'v1', kind: 'Side'}}}"})",
     R"(jsonnet: {template: "local p = std.extVar('parameter'), c = std.extVar('context'); {patch: {spec: {size: p.size, parts: [{m: 2}]}}, patchOutputs: {side: {spec: {seen: c.output.spec.of}}}, outputs: {more: {apiVersion: 'v1', kind: 'More'}}, errs: if p.size > 9 then ['too big'] else []}"})"},
};

std::string traits_documents(const Templates& language, const std::string& size) {
  return std::string(kDefinition) + "  workload: {type: autodetects.core.oam.dev}\n  schematic:\n    " + language.component +
         "\n---\napiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: tune}\nspec:\n  schematic:\n    " + language.trait +
         "\n---\n" + kApplication + "{}\n    traits: [{type: tune, properties: {size: " + size + "}}]\n";
}

class TemplateRenderer : public testing::TestWithParam<Templates> {
 protected:
  void SetUp() override {
    if (std::string_view(GetParam().name) == "jsonnet" && !detail::has_jsonnet()) GTEST_SKIP() << "built without Jsonnet";
  }
};

TEST_P(TemplateRenderer, PatchesAndAddsObjects) {
  Diagnostics problems;
  const auto model = render(traits_documents(GetParam(), "3"), problems);
  ASSERT_TRUE(model) << problems;
  ASSERT_EQ(model->resources().size(), 3u);
  const auto spec = [&](std::size_t i) { return detail::to_json(*find_pointer(*model->resources()[i].object, "/spec")); };
  EXPECT_EQ(spec(0), R"({"of":"shop","parts":[{"n":1,"m":2}],"size":3})");
  EXPECT_EQ(spec(1), R"({"seen":"shop"})");
  EXPECT_EQ(model->resources()[2].output, "more");
  EXPECT_EQ(model->resources()[2].trait, "tune");
}

TEST_P(TemplateRenderer, HasAWordOfItsOwn) {
  Diagnostics problems;
  EXPECT_FALSE(render(traits_documents(GetParam(), "10"), problems));
  ASSERT_EQ(problems.errors(), 1u) << problems;
  EXPECT_EQ(problems.items()[0].code, "template-refuses");
  EXPECT_EQ(problems.items()[0].message, "too big");
}

INSTANTIATE_TEST_SUITE_P(All, TemplateRenderer, testing::ValuesIn(kTemplates), [](const auto& info) { return std::string(info.param.name); });

// The error of a Jsonnet program; no text may crash or hang the library.
std::string jsonnet_error(const std::string& text) {
  std::string error;
  EXPECT_FALSE(detail::evaluate_jsonnet("t", text, boost::json::object(), boost::json::object(), error));
  return error;
}

TEST(Jsonnet, ReachesNothingAndNestsWithinBounds) {
  if (!detail::has_jsonnet()) GTEST_SKIP() << "built without Jsonnet";
  EXPECT_THAT(jsonnet_error("import '/etc/passwd'"), testing::HasSubstr("nothing can be imported"));
  EXPECT_THAT(jsonnet_error("importstr 'a'"), testing::HasSubstr("nothing can be imported"));
  EXPECT_THAT(jsonnet_error("std.extVar('HOME')"), testing::HasSubstr("HOME"));
  EXPECT_THAT(jsonnet_error("{a: self}"), testing::HasSubstr("max stack frames exceeded"));
  EXPECT_THAT(jsonnet_error("local f(x) = f(x + 1) + 1; f(0)"), testing::HasSubstr("max stack frames exceeded"));
  EXPECT_THAT(jsonnet_error(std::string(10'000, '[')), testing::HasSubstr("nests too deeply"));
  EXPECT_THAT(jsonnet_error(std::string(10'000, '!') + "true"), testing::HasSubstr("nests too deeply"));
  EXPECT_THAT(jsonnet_error(std::string(20'000, ' ')), testing::HasSubstr("longer than 16 KiB"));
}

// What comes at run time cannot be left open in it.
TEST(Jsonnet, TakesNoInputs) {
  if (!detail::has_jsonnet()) GTEST_SKIP() << "built without Jsonnet";
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: note}
spec:
  workload: {definition: {apiVersion: v1, kind: ConfigMap}}
  schematic: {jsonnet: {template: "{output: {apiVersion: 'v1', kind: 'ConfigMap', data: {mode: std.extVar('parameter').mode}}}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: more}
spec: {schematic: {jsonnet: {template: "{patch: {data: {more: std.extVar('parameter').more}}}"}}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: Service, metadata: {name: db}}]}
    outputs: [{name: ip, valueFrom: output.spec.clusterIP}]
  - {name: a, type: note, inputs: [{from: ip, parameterKey: mode}]}
  - name: b
    type: note
    properties: {mode: x}
    inputs: [{from: ip, parameterKey: "traits[0].properties.more"}]
    traits: [{type: more}]
)yaml"}, problems);
  ASSERT_TRUE(app) << problems;
  EXPECT_FALSE(resolve(*app, Catalog::standard(), {}, problems));
  ASSERT_EQ(problems.errors(), 2u) << problems;
  EXPECT_EQ(problems.items()[0].code, "late-rendering");
  EXPECT_EQ(problems.items()[0].pointer, "/spec/components/1/inputs/0/parameterKey");
  EXPECT_EQ(problems.items()[1].pointer, "/spec/components/2/inputs/0/parameterKey");
}

INSTANTIATE_TEST_SUITE_P(All, Renderer, testing::ValuesIn(kLanguages), [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace oam
