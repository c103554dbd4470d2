// Templates rendered: patches, the part of a context that is read, and one catalogue
// for many threads.
#include <thread>

#include <gmock/gmock.h>

#include <oam/oam.hpp>

#include "render/patch.hpp"
#include "render/template.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {
// A patch of CUE on a base of CUE, as JSON; what contradicts is told behind it.
std::string patched(const std::string& base, const std::string& patch) {
  const Source source{"in.cue", "base: " + base + "\n" + patch};
  cue::Errors errors;
  const auto module = cue::Module::compile({&source, 1}, {}, errors);
  if (!module) return errors[0].text();
  cue::Instance instance(*module);
  Tree tree = to_tree(instance.lookup("base"), 1);
  PatchProblems problems;
  for (const cue::Field& each : instance.lookup("").fields())
    if (each.name == "patch") apply_patch(tree, to_tree(each.value, 2, true), markers_of(each.doc), problems);
  const auto made = to_json(tree, errors);
  std::string text = made ? to_json(*made) : "incomplete";
  for (const Conflict& each : problems.notes) text += " " + each.pointer + ": " + each.message;
  for (const Conflict& each : problems.conflicts) text += " " + each.pointer + ": " + (each.message.empty() ? each.here.value + " and " + each.there.value : each.message);
  return text;
}

TEST(Patch, UnifiesFieldsAndListsByIndex) {
  EXPECT_EQ(patched("{a: 1, l: [{b: 1}]}", "patch: {c: 2, l: [{d: 2}, 3]}"), R"({"a":1,"l":[{"b":1,"d":2},3],"c":2})");
  EXPECT_EQ(patched("{a: 1}", "patch: a: 2"), R"({"a":1} /a: 1 and 2)");
  EXPECT_THAT(patched("{l: [1, 2]}", "patch: l: [1]"), testing::HasSubstr("a list of 2 elements and a list of 1 element"));
}

TEST(Patch, MergesListsByKey) {
  EXPECT_EQ(patched("{l: [{name: \"a\", x: 1}, {name: \"b\"}]}", "patch: {\n// +patchKey=name\nl: [{name: \"b\", y: 2}, {name: \"c\"}]}"),
            R"({"l":[{"name":"a","x":1},{"name":"b","y":2},{"name":"c"}]})");
  EXPECT_EQ(patched("{l: [{name: \"a\", x: 1}]}", "// +patchKey=name\npatch: spec: l: []"), R"({"l":[{"name":"a","x":1}],"spec":{"l":[]}})");
}

TEST(Patch, ReplacesAndMergesAsAsked) {
  EXPECT_EQ(patched("{a: {x: 1}}", "patch: {\n// +patchStrategy=retainKeys\na: {y: 2}}"), R"({"a":{"y":2}})");
  EXPECT_EQ(patched("{l: [1, 2]}", "patch: {\n// +patchStrategy=replace\nl: [3]}"), R"({"l":[3]})");
  EXPECT_EQ(patched("{a: 1, b: 2}", "// +patchStrategy=jsonMergePatch\npatch: {a: null, c: 3}"), R"({"b":2,"c":3})");
  EXPECT_EQ(patched("{a: 1, l: [1, 2]}", "// +patchStrategy=jsonMergePatch\npatch: {a: {x: null, y: 3}, l: [{x: null, y: 4}]}"),
            R"({"a":{"y":3},"l":[{"y":4}]})") << "nulls remove, and stay nowhere";
  EXPECT_EQ(patched("{a: *1 | int}", "// +patchStrategy=jsonMergePatch\npatch: {b: *2 | int}"), R"({"a":1,"b":2})");
  EXPECT_EQ(patched("{a: [1]}", "// +patchStrategy=jsonPatch\npatch: {operations: [{op: \"add\", path: \"/a/-\", value: 2}]}"), R"({"a":[1,2]})");
}

TEST(Patch, LetsDefaultsGiveWay) {
  EXPECT_EQ(patched("{a: *1 | int}", "patch: a: 5"), R"({"a":5})");
  EXPECT_THAT(patched("{a: *1 | int}", "patch: a: \"x\""), testing::HasSubstr("/a"));
}

TEST(Patch, AppliesTheTypeOfFurtherElements) {
  EXPECT_EQ(patched("{l: [{a: 1}, {a: 2}]}", "patch: l: [...{b: 3}]"), R"({"l":[{"a":1,"b":3},{"a":2,"b":3}]})");
}

TEST(Patch, ReadsMarkersWithBlanksWherever) {
  for (const char* marker : {"// +patchKey=name \t", "// + patchKey=name", "// +patchKey =name", "// +patchKey= name", "//\t+patchKey=name", "//+patchKey=name\r"})
    EXPECT_EQ(patched("{l: [{name: \"a\"}, {name: \"b\"}]}", std::string("patch: {\n") + marker + "\nl: [{name: \"b\", y: 2}]}"),
              R"({"l":[{"name":"a"},{"name":"b","y":2}]})") << marker;
  EXPECT_THAT(patched("{l: [1, 2]}", "patch: {\n// +patchStrategy=replace as a whole\nl: [3]}"), testing::HasSubstr("/l")) << "two words are no strategy";
}

TEST(Patch, ReplacesByAListThatMeetsItself) {
  EXPECT_EQ(patched("{p: l: [{name: \"old\"}]}", "// +patchKey=name\npatch: {\n// +patchStrategy=retainKeys\np: {l: [{size: 1}, {name: \"a\", size: 2}]}}"),
            R"({"p":{"l":[{"name":"a","size":2}]}} l: element 0 has no name and is left out)") << "as elsewhere";
  EXPECT_EQ(patched("{p: [{name: \"old\"}]}", "// +patchKey=name\npatch: {\n// +patchStrategy=replace\np: [{l: [{size: 1}, {name: \"a\", size: 2}]}]}"),
            R"({"p":[{"l":[{"name":"a","size":2}]}]} l: element 0 has no name and is left out)");
}

TEST(Patch, KeepsNullsInAListThatTakesThePlaceOfAnObject) {
  const auto merged = [](const char* patch) { return patched("{a: {x: 1}, n: null}", std::string("// +patchStrategy=jsonMergePatch\npatch: ") + patch); };
  EXPECT_EQ(merged("{a: [{y: null, z: 1}, null]}"), R"({"a":[{"y":null,"z":1},null],"n":null})");
  EXPECT_EQ(merged("{n: [{y: null, z: 1}, null]}"), R"({"a":{"x":1},"n":[{"z":1},null]})");
  EXPECT_EQ(merged("{b: {c: null, d: e: null}, n: {f: null}}"), R"({"a":{"x":1},"n":{},"b":{"d":{}}})");
}

// What operations make of {"l": [1, 2, 3], "o": {"x": 1}, "n": null}.
std::string operated(const std::string& operations) {
  return patched("{l: [1, 2, 3], o: x: 1, n: null}", "// +patchStrategy=jsonPatch\npatch: {operations: [" + operations + "]}");
}

TEST(JsonPatch, CountsFromTheEnd) {
  constexpr char kRest[] = R"(,"o":{"x":1},"n":null})";
  EXPECT_EQ(operated(R"({op: "remove", path: "/l/-1"})"), std::string(R"({"l":[1,2])") + kRest);
  EXPECT_EQ(operated(R"({op: "add", path: "/l/-1", value: 4})"), std::string(R"({"l":[1,2,3,4])") + kRest) << "behind the last";
  EXPECT_EQ(operated(R"({op: "add", path: "/l/-4", value: 4})"), std::string(R"({"l":[4,1,2,3])") + kRest);
  EXPECT_EQ(operated(R"({op: "replace", path: "/l/-1", value: 4})"), std::string(R"({"l":[1,2,4])") + kRest);
}

TEST(JsonPatch, DoesAllOperations) {
  EXPECT_EQ(operated(R"({op: "move", from: "/l/0", path: "/l/2"}, {op: "copy", from: "/o", path: "/p"}, {op: "add", path: "/p/a~1b", value: 2})"),
            R"({"l":[2,3,1],"o":{"x":1},"n":null,"p":{"x":1,"a/b":2}})");
  EXPECT_EQ(operated(R"({op: "replace", path: "/o/x"}, {op: "replace", path: "/o/y", value: 2}, {op: "remove", path: "/l"})"), R"({"o":{"x":null,"y":2},"n":null})");
  EXPECT_EQ(operated(R"({op: "test", path: "/o", value: {x: 1}}, {op: "test", path: "/n", value: null}, {op: "test", path: "/m", value: null}, {op: "remove", path: "/l"})"),
            R"({"o":{"x":1},"n":null})");
}

TEST(JsonPatch, ReplacesAndTestsTheWhole) {
  EXPECT_EQ(operated(R"({op: "test", path: "", value: {l: [1, 2, 3], o: x: 1, n: null}}, {op: "replace", path: "", value: a: 1})"), R"({"a":1})");
  EXPECT_THAT(operated(R"({op: "test", path: "", value: {}})"), testing::EndsWith("cannot test \"\""));
}

TEST(JsonPatch, TellsWhatCannotBeDone) {
  EXPECT_THAT(operated(R"({op: "remove", path: "/m"})"), testing::HasSubstr("cannot remove \"/m\""));
  EXPECT_THAT(operated(R"({op: "add", path: "o", value: 1})"), testing::HasSubstr("\"o\": a path begins with /"));
  EXPECT_THAT(operated(R"({op: "add", path: "", value: {}})"), testing::HasSubstr("\"\": a path begins with /"));
  EXPECT_THAT(operated(R"({op: "move", from: "o", path: "/p"})"), testing::HasSubstr("from \"o\": a path begins with /"));
  for (const char* wrong : {R"({op: "replace", path: "/l/3", value: 1})", R"({op: "replace", path: "/l/-", value: 1})", R"({op: "add", path: "/l/-5", value: 1})",
                            R"({op: "add", path: "/l/x", value: 1})", R"({op: "add", path: "/m/x", value: 1})", R"({op: "add", path: "/n/x", value: 1})",
                            R"({op: "test", path: "/o/x", value: 2})", R"({op: "test", path: "/o/x"})", R"({op: "copy", from: "/m", path: "/p"})", R"({op: "swap", path: "/o"})"})
    EXPECT_THAT(operated(wrong), testing::HasSubstr(": cannot ")) << wrong;
}

TEST(Template, KnowsWhatItReads) {
  const Template named("t", "output: {n: context.name, l: context[\"appLabels\"]}");
  ASSERT_TRUE(named.module());
  EXPECT_TRUE(named.reads("name") && named.reads("appLabels"));
  EXPECT_FALSE(named.reads("components"));
  const Template whole("t", "c: context\noutput: c");
  ASSERT_TRUE(whole.module());
  EXPECT_TRUE(whole.reads("components"));
  const Template computed("t", "k: \"name\"\noutput: context[\"\\(k)\"]");
  ASSERT_TRUE(computed.module());
  EXPECT_TRUE(computed.reads("name"));
}

// A default that more than it may stand beside: {} or any map.
TEST(Render, TakesWhatAnotherAlternativeThanTheDefaultTakes) {
  const auto errors = [](const std::string& properties) {
    Diagnostics problems;
    const auto application = load(Source{"app.yaml", R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: card}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {apiVersion: "v1", kind: "ConfigMap", data: {a: parameter.a.q, c: parameter.c, d: parameter.d, e: parameter.e, j: parameter.j, l: parameter.l}}
        parameter: {
          a: *{} | {[string]: string}
          c: *{} | {...}
          d: *{x: "1"} | {[string]: string}
          e: *{} | {k: string}
          j: *[{name: "x"}] | [...{name: string, q?: int}]
          l: *[] | [...{name: string}]
          m: _m
          any?: _
          all?: [..._]
          map?: {}
        }
        _m: *{} | {in: *{} | {k: string}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components: [{name: web, type: card, properties: {)yaml" + properties + "}}]\n"}, problems);
    if (application) resolve(*application, {}, {}, problems);
    std::vector<std::string> all;
    for (const Diagnostic& each : problems.items()) all.push_back(each.message);
    return all;
  };
  using testing::ElementsAre;
  EXPECT_THAT(errors("a: {q: v}, c: {q: v}, d: {q: v}, e: {k: v}, j: [{name: x, q: 1}]"), ElementsAre());
  EXPECT_THAT(errors("a: {q: v}, e: {kk: v}"), ElementsAre("type \"card\" has no parameter \"e.kk\""));
  EXPECT_THAT(errors("a: {q: v}, m: {in: {k: v}}"), ElementsAre());
  EXPECT_THAT(errors("a: {q: v}, any: {q: {r: 1}}, all: [{q: 1}, [{r: 1}]], map: {q: {r: 1}}"), ElementsAre());   // nothing is declared of them
  EXPECT_THAT(errors("a: {q: v}, m: {im: {k: v}}"), ElementsAre("type \"card\" has no parameter \"m.im\""));
  EXPECT_THAT(errors("a: {q: v}, j: [{name: z, r: 1}], l: [{name: z, r: 1}]"), ElementsAre("type \"card\" has no parameter \"j[0].r\"", "type \"card\" has no parameter \"l[0].r\""));
}

// Its document is none of the application's: a place in it would show another text.
TEST(Render, NamesTheLineOfADefinitionFromElsewhere) {
  const Source definition{"card.yaml", "apiVersion: core.oam.dev/v1beta1\nkind: ComponentDefinition\nmetadata: {name: card}\nspec:\n"
                                       "  workload: {type: autodetects.core.oam.dev}\n"
                                       "  schematic: {cue: {template: \"output: {}\\nparameter: size: int\"}}\n"};
  Diagnostics problems;
  const auto catalog = load_catalog({&definition, 1}, problems);
  const Source source{"app.yaml", "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                                  "  - {name: web, type: card, properties: {size: x}}\n"};
  const auto application = load(source, problems);
  ASSERT_TRUE(catalog && application) << problems;
  EXPECT_FALSE(resolve(*application, *catalog, {}, problems));
  ASSERT_EQ(problems.items().size(), 1u) << problems;
  ASSERT_EQ(problems.items()[0].related.size(), 1u);
  EXPECT_EQ(problems.items()[0].related[0].text, "line 2 of the template of card");
  EXPECT_EQ(problems.items()[0].related[0].where.file, "card.yaml");
}

// Templates find themselves where a topology policy puts them; what is only listed is as KubeVela lists it.
TEST(Render, SeesThePlaceThatATopologyGives) {
  Diagnostics problems;
  const std::vector<Source> sources{{"app.yaml", R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: 'output: {apiVersion: "v1", kind: "ConfigMap", data: at: "svc.\(context.namespace).\(context.cluster)"}, parameter: {}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app}
spec:
  components:
  - {name: web, type: box}
  policies:
  - {name: one, type: topology, properties: {clusters: [east], namespace: prod}}
  - {name: two, type: topology, properties: {clusters: [north, south]}}
)yaml"}};
  const auto application = load(sources, problems);
  ASSERT_TRUE(application) << problems;
  const auto seen = [&](bool preview) {
    std::string all;
    const auto model = resolve(*application, Catalog::standard(), {.preview = preview}, problems);
    for (const Resource& r : model->resources()) all += r.placement + ": " + std::string(text_at(*r.object, "data", "at")) + '\n';
    return all;
  };
  EXPECT_EQ(seen(false), "one: svc.prod.east\ntwo: svc.default.\n");
  EXPECT_EQ(seen(true), "one: svc.default.\ntwo: svc.default.\n");
}

// As kubectl prints it; what only the cluster may say is left out.
TEST(Render, TakesAnObjectThatExistsAsItIsWanted) {
  Diagnostics problems;
  const auto application = load(Source{"app.yaml", R"yaml(apiVersion: v1
kind: Service
metadata: {name: db, uid: u, resourceVersion: "7", generation: 2, creationTimestamp: "2024-01-01T00:00:00Z", ownerReferences: [{name: x}], managedFields: [], annotations: {a: b}}
spec: {ports: [{port: 1}], clusterIP: 10.0.0.7, clusterIPs: [10.0.0.7]}
status: {loadBalancer: {}}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, clusterIPs: [None]}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components: [{name: web, type: ref-objects, properties: {objects: [{resource: service, name: db}, {resource: service, name: headless}]}}]
)yaml"}, problems);
  const auto model = application ? resolve(*application, Catalog::standard(), {}, problems) : std::nullopt;
  ASSERT_TRUE(model) << problems;
  const boost::json::value& db = *model->resources()[0].object;
  EXPECT_FALSE(db.as_object().contains("status"));
  EXPECT_EQ(to_json(db.at("spec")), "{\"ports\":[{\"port\":1}]}");
  for (const char* each : {"uid", "resourceVersion", "generation", "creationTimestamp", "ownerReferences", "managedFields"}) EXPECT_FALSE(db.at("metadata").as_object().contains(each)) << each;
  EXPECT_EQ(db.at("metadata").at("annotations").at("a"), "b");
  EXPECT_EQ(model->resources()[1].object->at("spec").at("clusterIP"), "None");
}

TEST(RenderConcurrent, OneCatalogueServesManyThreads) {
  const Source definition{"card.yaml", R"(
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: card}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {apiVersion: "example.com/v1", kind: "Card", spec: {size: parameter.size, of: context.name}}
        parameter: size: *1 | int
)"};
  Diagnostics problems;
  const auto catalog = load_catalog({&definition, 1}, problems);
  ASSERT_TRUE(catalog) << problems;
  const Source source{"app.yaml", "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                                  "  - {name: web, type: card, properties: {size: 3}}\n"};
  const auto application = load(source, problems);
  ASSERT_TRUE(application) << problems;
  std::vector<std::string> made(4);
  std::vector<std::thread> threads;
  for (std::string& each : made)
    threads.emplace_back([&] {
      Diagnostics own;
      const auto model = resolve(*application, *catalog, {}, own);
      each = model ? to_json(*model->resources()[0].object) : own.text();
    });
  for (std::thread& each : threads) each.join();
  for (const std::string& each : made) EXPECT_EQ(each, made[0]);
  EXPECT_THAT(made[0], testing::HasSubstr(R"("spec":{"size":3,"of":"web"})"));
}

}  // namespace
}  // namespace oam::detail
