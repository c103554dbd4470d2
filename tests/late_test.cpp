// Values that templates read and that are known only at run time.
#include <cstdlib>
#include <map>
#include <sstream>

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include <oam/json.hpp>
#include <oam/oam.hpp>

namespace oam {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kDefinitions[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: store}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: "output: {apiVersion: \"v1\", kind: \"Service\", spec: port: 5432}"}}
---
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: app}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {
          apiVersion: "apps/v1"
          kind: "Deployment"
          spec: {
            replicas: parameter.replicas
            host: parameter.host
            url: "tcp://\(parameter.host):1"
            if parameter.host != _|_ {has: true}
            if parameter.host == "db" {local: true}
            for i, e in parameter.env {"env-\(i)": e.value}
          }
        }
        outputs: note: {
          apiVersion: "v1"
          kind: "ConfigMap"
          data: host: parameter.host
        }
        parameter: {
          replicas: *1 | int
          host: *"localhost" | string
          env: *[] | [...{value: string}]
        }
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: mark}
spec:
  schematic:
    cue:
      template: |
        patch: metadata: labels: seen: context.output.spec.url
        patch: spec: size: parameter.size
        parameter: {size: int}
---
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: fetched}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        import "vela/http"
        import "vela/base64"
        _page: http.#Get & {$params: url: parameter.url}
        _coded: base64.#Encode & {$params: _page.$returns.body}
        output: {
          apiVersion: "v1"
          kind: "ConfigMap"
          data: {
            body: _page.$returns.body
            coded: _coded.$returns
          }
        }
        parameter: {url: string}
---
)yaml";

constexpr char kShop[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: store
    outputs: [{name: where, valueFrom: output.status.ip}]
  - name: web
    type: app
    properties: {replicas: 2, env: [{value: a}, {}]}
    inputs:
    - {from: where, parameterKey: host}
    - {from: where, parameterKey: "env[1].value"}
)yaml";

Model model_of(const std::string& text, std::vector<Answer> answers = {}) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", kDefinitions + text}, problems);
  const auto model = app ? resolve(*app, {}, {.answers = std::move(answers)}, problems) : std::nullopt;
  EXPECT_TRUE(model) << problems.text();
  if (!model) std::exit(1);
  return *model;
}

const Resource& resource(const Model& model, std::string_view kind) {
  for (const Resource& r : model.resources())
    if (r.kind == kind) return r;
  ADD_FAILURE() << "there is no " << kind;
  return model.resources()[0];
}

std::vector<std::string> unknown(const Resource& r) {
  std::vector<std::string> all;
  for (const UnknownField& each : r.unknown) all.push_back(each.pointer + (each.more ? "/…" : ""));
  return all;
}

TEST(Late, AnInputIsUnknownWhereTheTemplateUsesIt) {
  const Model model = model_of(kShop);
  const Resource& web = resource(model, "Deployment");
  EXPECT_THAT(unknown(web), ElementsAre("/spec/…", "/spec/host", "/spec/url", "/spec/env-1"));
  const auto& spec = web.object->at("spec");
  EXPECT_EQ(spec.at("replicas"), 2);
  EXPECT_EQ(spec.at("env-0"), "a");
  EXPECT_EQ(spec.at("has"), true);   // it is there, though nobody knows what it is
  EXPECT_FALSE(spec.as_object().contains("local"));
}

TEST(Late, ThePlanSaysAfterWhichStep) {
  Diagnostics problems;
  const auto made = plan(model_of(kShop), {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  EXPECT_THAT(made->json(), HasSubstr("\"host\":\"(known after db/apply/Service/db)\""));
  EXPECT_THAT(made->text(), HasSubstr("needs where"));
  const auto again = Plan::parse(made->json(), problems);
  ASSERT_TRUE(again) << problems.text();
  EXPECT_EQ(again->hash(), made->hash());
  EXPECT_EQ(again->json(), made->json());
}

// Nor of a component that it has nothing to do with.
TEST(Late, APlanMeansTheSameInAnotherOrderOfComponents) {
  const std::string text = kShop, web = text.substr(text.find("  - name: web")), more = "  - {name: more, type: store}\n";
  const std::string head = text.substr(0, text.find("  - name: db")), db = text.substr(head.size(), text.size() - head.size() - web.size());
  const auto made = [](const std::string& components) {
    Diagnostics problems;
    return plan(model_of(components), {}, {}, problems);
  };
  EXPECT_EQ(made(head + web + db + more)->hash(), made(head + db + more + web)->hash());
  const auto with = made(text + more), without = made(text);
  EXPECT_EQ(*with->steps()[*with->find("web/render")].object, *without->steps()[*without->find("web/render")].object);
}

// Does every task; `answer` says what came of it.
template <class F>
std::map<std::string, Value> carry_out(const Plan& plan, F&& answer) {
  std::map<std::string, Value> applied;
  Run run(plan, {.id = "r"});
  for (Time now = 0;; ++now) {
    const Next next = run.next(now);
    if (const auto* task = std::get_if<Task>(&next)) {
      if (task->kind == Step::Kind::apply) applied[task->step] = task->object;
      run.report(task->id, task->kind == Step::Kind::render ? render(*task) : answer(*task), now);
    } else if (const auto* done = std::get_if<Done>(&next)) {
      EXPECT_TRUE(done->ok) << testing::PrintToString(done->reasons);
      return applied;
    } else {
      ADD_FAILURE() << "nothing to do";
      return applied;
    }
  }
}

TEST(Late, RenderingEndsWhenTheValueIsThere) {
  Diagnostics problems;
  const auto made = plan(model_of(kShop), {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  const auto again = Plan::parse(made->json(), problems);   // without its catalogue
  const auto applied = carry_out(*again, [](const Task& task) {
    boost::json::value object = *task.object;
    if (task.step == "db/apply/Service/db") object.as_object()["status"] = {{"ip", "10.0.0.7"}};
    else object.as_object()["status"] = {{"readyReplicas", 2}, {"updatedReplicas", 2}, {"availableReplicas", 2}, {"replicas", 2}};
    return Outcome::succeeded(share(std::move(object)));
  });
  const auto& spec = applied.at("web/apply/Deployment.apps/web")->at("spec");
  EXPECT_EQ(spec.at("host"), "10.0.0.7");
  EXPECT_EQ(spec.at("url"), "tcp://10.0.0.7:1");
  EXPECT_EQ(spec.at("env-1"), "10.0.0.7");
  EXPECT_FALSE(spec.as_object().contains("local"));
}

TEST(Late, TraitsSeeWhatIsNotKnown) {
  const Model model = model_of(std::string(kShop) + "    traits: [{type: mark, properties: {size: 3}}]\n");
  const Resource& web = resource(model, "Deployment");
  EXPECT_THAT(unknown(web), testing::Contains("/metadata/labels/seen"));
  EXPECT_EQ(web.object->at("spec").at("size"), 3);
}

constexpr char kMarked[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: one}
spec: {schematic: {cue: {template: "patch: metadata: labels: one: parameter.v\nparameter: v: *\"-\" | string"}}}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: two}
spec: {schematic: {cue: {template: "patch: metadata: labels: two: parameter.v\nparameter: v: *\"-\" | string"}}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - {name: db, type: store, outputs: [{name: where, valueFrom: output.status.ip}]}
  - name: web
    type: app
    traits: [{type: mark, properties: {size: 1}}, {type: one}]
    inputs: [{from: where, parameterKey: "traits[1].properties.v"}, {from: where, parameterKey: "traits[2].properties.v"}]
  policies:
  - {name: less, type: override, properties: {components: [{name: web, traits: [{type: mark, disable: true}, {type: two}]}]}}
)yaml";

TEST(Late, TraitsAreCountedAsTheApplicationHasThem) {
  EXPECT_THAT(unknown(resource(model_of(kMarked), "Deployment")), ElementsAre("/metadata/labels/one", "/metadata/labels/two"));
}

TEST(Late, AnInputOfATraitThatIsTakenAwayIsTold) {
  std::string text = kDefinitions + std::string(kMarked);
  text.replace(text.find("traits[1].properties.v"), 22, "traits[0].properties.size");
  Diagnostics problems;
  const auto model = resolve(*load(Source{"shop.yaml", text}, problems), {}, {}, problems);
  ASSERT_TRUE(model) << problems;
  ASSERT_EQ(problems.total(), 1u) << problems;
  EXPECT_EQ(problems.items()[0].code, "invalid-field-path");
  EXPECT_EQ(problems.items()[0].message, "\"traits[0].properties.size\" leads to no property: an override takes that trait of component \"web\" away");
  EXPECT_TRUE(resource(*model, "Deployment").fills.empty());
}

constexpr char kFetch[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: page
    type: fetched
    properties: {url: "http://a.example/"}
)yaml";

TEST(Late, ACallIsAnsweredByTheHostBeforeTheRender) {
  Diagnostics problems;
  const Model model = model_of(kFetch);
  EXPECT_THAT(unknown(resource(model, "ConfigMap")), ElementsAre("/data/body", "/data/coded"));
  const auto made = plan(model, {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  std::vector<std::string> asked;
  const auto applied = carry_out(*made, [&](const Task& task) {
    if (task.kind != Step::Kind::hook) return Outcome::succeeded();
    asked.push_back(task.step + ' ' + task.action + ' ' + std::string(task.object->at("url").as_string()));
    Outcome outcome = Outcome::succeeded();
    outcome.outputs = share({{"$returns", {{"statusCode", 200}, {"body", "hello"}}}});
    return outcome;
  });
  EXPECT_THAT(asked, ElementsAre("page/hook/fetched._page http/do http://a.example/"));
  EXPECT_EQ(applied.at("page/apply/ConfigMap/page")->at("data"), (boost::json::object{{"body", "hello"}, {"coded", "aGVsbG8="}}));
}

TEST(Late, ARenderingThatEndsLaterKnowsAllTraits) {
  const std::string plain = "apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: boxes.example.org}\nspec: {definitionRef: {name: boxes.example.org}}\n---\n";
  Diagnostics problems;
  const auto made = plan(model_of(plain + kShop + "    traits: [{type: boxes.example.org, properties: {apiVersion: example.org/v1, kind: Box}}]\n"), {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  const auto applied = carry_out(*made, [](const Task& task) {
    boost::json::value object = *task.object;
    object.as_object()["status"] = {{"ip", "10.0.0.7"}, {"readyReplicas", 2}, {"updatedReplicas", 2}, {"availableReplicas", 2}, {"replicas", 2}};
    return Outcome::succeeded(share(std::move(object)));
  });
  EXPECT_EQ(applied.at("web/apply/Deployment.apps/web")->at("spec").at("host"), "10.0.0.7");
}

TEST(Late, ATraitLooksAtItsWorkloadAsItRuns) {
  Diagnostics problems;
  const Model model = model_of(R"yaml(apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: record}
spec:
  stage: PostDispatch
  schematic:
    cue:
      template: |
        outputs: record: {
          apiVersion: "v1"
          kind: "ConfigMap"
          metadata: name: "record"
          data: {ip: context.output.status.ip, port: "\(context.output.spec.port)", of: context.output.metadata.name, uid: context.output.metadata.uid}
        }
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - {name: db, type: store, traits: [{type: record}]}
)yaml");
  EXPECT_THAT(unknown(resource(model, "ConfigMap")), ElementsAre("/data/ip", "/data/uid"));
  const auto made = plan(model, {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  const auto applied = carry_out(*made, [](const Task& task) {
    boost::json::value object = *task.object;
    object.as_object()["status"] = {{"ip", "10.0.0.7"}};
    object.at("metadata").as_object()["uid"] = "u7";
    return Outcome::succeeded(share(std::move(object)));
  });
  EXPECT_EQ(applied.at("db/apply/ConfigMap/record")->at("data"), (boost::json::object{{"ip", "10.0.0.7"}, {"port", "5432"}, {"of", "db"}, {"uid", "u7"}}));
}

TEST(Late, AnAnswerBeforehandLeavesNothingOpen) {
  const Model model = model_of(kFetch, {{"page", "fetched._page", share({{"statusCode", 200}, {"body", "hello"}})}});
  EXPECT_TRUE(model.late().empty());
  EXPECT_EQ(resource(model, "ConfigMap").object->at("data").at("coded"), "aGVsbG8=");
}

TEST(Late, AnAnswerThatNothingAsksForIsTold) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", kDefinitions + std::string(kFetch)}, problems);
  resolve(*app, {}, {.answers = {{"page", "fetched._pag", share({{"body", "hello"}})}, {"pages", "fetched._page", share({{"body", "hello"}})}}}, problems);
  ASSERT_EQ(problems.warnings(), 2u) << problems;
  EXPECT_EQ(problems.items()[0].code, "unused-answer");
  EXPECT_EQ(problems.items()[0].hint, "did you mean \"page\"?");
  EXPECT_EQ(problems.items()[1].hint, "did you mean \"fetched._page\"?");
}

// What `of` makes of the parameters {host: unknown, late: unknown}, as a component; `trait` may
// patch it, and gets them as well.
Model made_by(const std::string& of, const std::string& trait = "patch: {}") {
  const auto definition = [](const std::string& kind, const std::string& name, const std::string& text) {
    std::string made = "apiVersion: core.oam.dev/v1beta1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n" +
                       (kind == "TraitDefinition" ? "" : "  workload: {type: autodetects.core.oam.dev}\n") + "  schematic:\n    cue:\n      template: |\n";
    std::istringstream lines(text + "\nparameter: {host?: string, late?: bool, port?: int}");
    for (std::string line; std::getline(lines, line);) made += "        " + line + '\n';
    return made + "---\n";
  };
  return model_of(definition("ComponentDefinition", "made", of) + definition("TraitDefinition", "patches", trait) +
                  "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n"
                  "  - {name: db, type: store, outputs: [{name: where, valueFrom: output.status.ip}]}\n"
                  "  - name: web\n    type: made\n    traits: [{type: patches}]\n    inputs:\n"
                  "    - {from: where, parameterKey: host}\n    - {from: where, parameterKey: late}\n    - {from: where, parameterKey: port}\n"
                  "    - {from: where, parameterKey: \"traits[0].properties.late\"}\n");
}

constexpr char kObject[] = "output: {apiVersion: \"v1\", kind: \"ConfigMap\", data: size: *1 | int}\n";

TEST(Late, NoDefaultTakesThePlaceOfWhatIsNotKnown) {
  const Model model = made_by("import \"strconv\"\noutput: {apiVersion: \"v1\", kind: \"ConfigMap\", data: {\n"
                              "  a: *parameter.host | \"none\"\n  b: (*parameter.host | \"none\") + \"x\"\n  c: *\"known\" | string\n"
                              "  _text: \"port-\" + strconv.FormatInt(parameter.port, 10)\n  d: *_text | string\n}}");
  const Resource& made = resource(model, "ConfigMap");
  EXPECT_THAT(unknown(made), ElementsAre("/data/a", "/data/b", "/data/d"));
  EXPECT_EQ(made.object->at("data").at("c"), "known");
}

TEST(Late, AStepThatBringsTwoValuesIsNamedOnce) {
  Diagnostics problems;
  const auto made = plan(made_by("output: {apiVersion: \"v1\", kind: \"ConfigMap\", data: both: \"\\(parameter.host):\\(parameter.port)\"}"), {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  EXPECT_THAT(made->json(), HasSubstr("\"both\":\"(known after db/apply/Service/db)\""));
}

TEST(Late, ObjectsThatMayComeStandForThemselves) {
  const Model outer = made_by(std::string(kObject) + "if parameter.late {outputs: more: {apiVersion: \"v1\", kind: \"Secret\"}}");
  EXPECT_EQ(resource(outer, "List").output, "…");
  const Model of_trait = made_by(kObject, "if parameter.late {outputs: more: {apiVersion: \"v1\", kind: \"Secret\"}}");
  EXPECT_EQ(resource(of_trait, "List").trait, "patches");
  const Model neither = made_by(std::string(kObject) + "if parameter.late {_more: 1}");
  EXPECT_TRUE(std::ranges::none_of(neither.resources(), [](const Resource& r) { return r.kind == "List"; }));
}

TEST(Late, AnObjectMayHangOnAnAnswer) {
  const Model model = made_by("import \"vela/kube\"\nread: kube.#Read & {$params: value: {apiVersion: \"v1\", kind: \"Secret\", metadata: name: \"s\"}}\n" +
                              std::string(kObject) + "if read.$returns.value.data.on {outputs: more: {apiVersion: \"v1\", kind: \"Secret\"}}");
  EXPECT_EQ(resource(model, "List").output, "…");
}

// The default gives way to what the patch may say.
TEST(Late, APatchThatMayComeLeavesItsObjectOpen) {
  for (const char* patch : {"if parameter.late {patch: data: size: 2}", "patch: {if parameter.late {data: size: 2}}"}) {
    const Model model = made_by(kObject, patch);
    EXPECT_THAT(unknown(resource(model, "ConfigMap")), ElementsAre("/…", "/data/size")) << patch;
  }
  const Model of_output = made_by(std::string(kObject) + "outputs: more: {apiVersion: \"v1\", kind: \"Secret\"}", "if parameter.late {patchOutputs: more: data: x: \"y\"}");
  EXPECT_THAT(unknown(resource(of_output, "ConfigMap")), ElementsAre());
  EXPECT_THAT(unknown(resource(of_output, "Secret")), ElementsAre("/…"));
}

constexpr char kParts[] = R"(output: {apiVersion: "v1", kind: "ConfigMap", metadata: labels: a: "b", spec: {host: parameter.host, parts: [{name: "a", x: 1}, {name: "b", x: 2}]}}
)";

// What a patch leaves open of it; its last line closes a struct.
std::vector<std::string> open_after(const std::string& patch, const std::string& of = kParts) { return unknown(resource(made_by(of, patch), "ConfigMap")); }

TEST(Late, AListWaitsForTheKeysByWhichItIsMerged) {
  const auto by_name = [](const std::string& parts) { return "patch: spec: {\n  // +patchKey=name\n  parts: " + parts + "\n}"; };
  EXPECT_THAT(open_after(by_name("[{name: context.output.spec.host, x: 3}]")), ElementsAre("/spec/host", "/spec/parts"));
  EXPECT_THAT(open_after(by_name("[{if context.output.spec.host == \"a\" {name: \"a\"}}]")), ElementsAre("/spec/host", "/spec/parts"));
  const std::string own = R"(output: {apiVersion: "v1", kind: "ConfigMap", spec: parts: [{name: parameter.host, x: 1}, {name: "b"}]})";
  EXPECT_THAT(open_after(by_name("[{name: \"b\", y: 1}]"), own), ElementsAre("/spec/parts"));
  EXPECT_THAT(open_after(by_name("[]"), own), ElementsAre("/spec/parts/0/name")) << "nothing meets anything";
  EXPECT_THAT(open_after("patch: {\n  // +patchKey=name\n  more: [{name: context.output.spec.host}]\n}"), ElementsAre("/spec/host", "/more/0/name")) << "likewise";
  EXPECT_THAT(open_after(by_name("[{name: \"a\", y: context.output.spec.host}]")), ElementsAre("/spec/host", "/spec/parts/0/y"));
  const std::string may_come = R"(output: {apiVersion: "v1", kind: "ConfigMap", spec: {x: 1, if parameter.late {parts: [{name: "a"}]}}})";
  EXPECT_THAT(open_after(by_name("[{name: \"b\"}]"), may_come), ElementsAre("/spec/…", "/spec/parts"));
}

constexpr char kPart[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: parts}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic: {cue: {template: 'output: {apiVersion: "v1", kind: "ConfigMap", spec: parts: [{name: "a", x: 1}, {name: "b", x: 2}]}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: part}
spec: {schematic: {cue: {template: "patch: spec: {\n// +patchKey=name\nparts: [{name: parameter.name, y: 3}]\n}\nparameter: name: string"}}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - {name: db, type: store, outputs: [{name: where, valueFrom: output.status.ip}]}
  - {name: web, type: parts, traits: [{type: part}], inputs: [{from: where, parameterKey: "traits[0].properties.name"}]}
)yaml";

TEST(Late, WhatComesIsMergedByItsKey) {
  Diagnostics problems;
  const auto made = plan(model_of(kPart), {}, {}, problems);
  ASSERT_TRUE(made) << problems.text();
  for (const auto& [host, parts] : {std::pair("b", R"([{"name":"a","x":1},{"name":"b","x":2,"y":3}])"), std::pair("c", R"([{"name":"a","x":1},{"name":"b","x":2},{"name":"c","y":3}])")}) {
    const auto applied = carry_out(*made, [&](const Task& task) {
      boost::json::value object = *task.object;
      if (task.step == "db/apply/Service/db") object.as_object()["status"] = {{"ip", host}};
      return Outcome::succeeded(share(std::move(object)));
    });
    EXPECT_EQ(applied.at("web/apply/ConfigMap/web")->at("spec").at("parts"), boost::json::parse(parts));
  }
}

TEST(Late, APatchOfJsonLeavesOpenWhatIsNotKnown) {
  const auto after = [](const std::string& operations) { return open_after("// +patchStrategy=jsonPatch\npatch: {operations: [" + operations + "]}"); };
  EXPECT_THAT(after(R"({op: "move", from: "/spec/host", path: "/to"})"), ElementsAre("/to"));
  EXPECT_THAT(after(R"({op: "add", path: "/to", value: [context.output.spec.host]})"), ElementsAre("/spec/host", "/to/0"));
  EXPECT_THAT(after(R"({op: "test", path: "/spec/host", value: "a"}, {op: "add", path: "/spec/host/x", value: 1})"), ElementsAre("/spec/host"));
  EXPECT_THAT(after(R"({op: "replace", path: "/spec/host", value: "a"})"), ElementsAre());
  for (const char* part : {"op", "path"})
    EXPECT_THAT(after(std::string("{") + part + ": context.output.spec.host, " + (part[0] == 'o' ? "path: \"/x\"" : "op: \"add\"") + ", value: 1}"),
                ElementsAre("/…", "/metadata/…", "/metadata/labels", "/spec")) << part;
  EXPECT_THAT(open_after("// +patchStrategy=jsonPatch\npatch: {operations: context.output.spec.host}"), testing::Contains("/spec"));
  EXPECT_THAT(open_after("// +patchStrategy=jsonMergePatch\npatch: {spec: {host: null, parts: context.output.spec.host}}"), ElementsAre("/spec/parts"));
  EXPECT_THAT(open_after("// +patchStrategy=jsonMergePatch\npatch: {spec: {host: {x: 1}}}"), ElementsAre("/spec/host")) << "it may be an object";
}

}  // namespace
}  // namespace oam
